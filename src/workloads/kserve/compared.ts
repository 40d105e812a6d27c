import { configRead, resourceName, workloadReads } from '../../kubernetes/clusterReads.ts'
import type { Compared, FieldRule } from '../../kubernetes/compared.ts'

type Fields = Readonly<Record<string, FieldRule>>

const under = (path: string, fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([field, rule]) => [field === '' ? path : `${path}.${field}`, rule]))

/** The handlers of a probe: a second one would be refused by the API server when the pod is made. */
const probe: Fields = {
  '': { owned: ['exec', 'grpc', 'httpGet', 'tcpSocket'] },
  'httpGet.scheme': { default: 'HTTP' },
}

/** A container of the bundle's own. */
const container: Fields = {
  '': {
    owned: [
      ...['image', 'command', 'args', 'env', 'envFrom', 'volumeMounts', 'workingDir', 'lifecycle', 'securityContext'],
      ...['readinessProbe', 'livenessProbe', 'startupProbe', 'resources'],
    ],
  },
  env: { by: ['name'] },
  'env.[]': { owned: true },
  'env.[].value': { hidden: true },
  ports: { by: ['containerPort'] },
  'ports.[].protocol': { default: 'TCP' },
  resources: { owned: ['limits', 'requests'] },
  // KServe's webhook gives a model the processor and memory of inferenceservice-config where it has none.
  'resources.limits': { owned: true, added: ['cpu', 'memory'] },
  'resources.requests': { owned: true, added: ['cpu', 'memory'] },
  'resources.limits.*': { value: 'quantity' },
  'resources.requests.*': { value: 'quantity' },
  volumeMounts: { by: ['mountPath'] },
  'volumeMounts.[]': { owned: true, added: ['recursiveReadOnly'] },
  ...under('readinessProbe', probe),
  ...under('livenessProbe', probe),
  ...under('startupProbe', probe),
}

/** What a pod has beside its containers, where the bundle writes it down. */
const podFields: readonly string[] = [
  ...['nodeSelector', 'tolerations', 'affinity', 'volumes', 'imagePullSecrets', 'serviceAccountName'],
  ...['initContainers', 'hostNetwork', 'hostIPC', 'hostPID', 'runtimeClassName', 'securityContext'],
]
const pod: Fields = {
  nodeSelector: { owned: true },
  tolerations: { set: true },
  volumes: { by: ['name'] },
  'volumes.[]': { owned: true },
  'volumes.[].emptyDir.sizeLimit': { value: 'quantity' },
  imagePullSecrets: { by: ['name'] },
  containers: { by: ['name'] },
  ...under('containers.[]', container),
  initContainers: { by: ['name'] },
  ...under('initContainers.[]', container),
}

/** A Service behind a Route. Source of the defaults: OpenShift's pkg/route/apis/route/v1/defaults.go. */
const target: Fields = { kind: { default: 'Service' }, weight: { default: 100 } }

/**
 * What is compared while a workload of KServe's runs: everything that edge writes, and of what it writes alone also that nothing
 * more is there. What others add is no difference: KServe's webhook (pkg/apis/serving/v1beta1/inference_service_defaults.go:
 * processor, memory, `automountServiceAccountToken`, labels and annotations of its own, MLServer's variables), the CRDs'
 * defaults (`protocol`, an empty `name`), the router.
 */
export const compared: Compared = {
  Namespace: { resource: resourceName(workloadReads.namespace), fields: {} },
  ConfigMap: {
    resource: resourceName(configRead),
    fields: {
      data: { owned: true, added: ['_example'] },
      'data.*': { value: 'json' },
    },
  },
  ServingRuntime: {
    resource: resourceName(workloadReads.runtimes),
    fields: {
      spec: { owned: [...podFields, 'disabled', 'multiModel', 'workerSpec'] },
      'spec.protocolVersions': { set: true },
      'spec.supportedModelFormats.[]': { owned: true },
      ...under('spec', pod),
      'spec.workerSpec': { owned: podFields },
      ...under('spec.workerSpec', pod),
    },
  },
  InferenceService: {
    resource: resourceName(workloadReads.services),
    fields: {
      metadata: { owned: ['annotations', 'labels'] },
      'metadata.annotations': {
        owned: [
          ...['serving.kserve.io/autoscalerClass', 'serving.kserve.io/enable-prometheus-scraping'],
          ...['prometheus.io/*', 'security.opendatahub.io/*'],
        ],
      },
      'metadata.labels': { owned: ['networking.kserve.io/visibility'] },
      spec: { owned: ['transformer', 'explainer'] },
      'spec.predictor': {
        owned: [
          ...podFields,
          ...['containers', 'workerSpec', 'logger', 'batcher', 'canaryTrafficPercent', 'containerConcurrency'],
          ...['timeout', 'scaleTarget', 'scaleMetric', 'labels', 'annotations'],
        ],
      },
      'spec.predictor.minReplicas': { default: 1 },
      'spec.predictor.deploymentStrategy': { owned: true },
      ...under('spec.predictor', pod),
      'spec.predictor.model.modelFormat': { owned: true },
      ...under('spec.predictor.model', {
        ...container,
        '': { owned: [...(container['']?.owned as readonly string[]), 'storage', 'storageUris'] },
        env: { by: ['name'], added: ['MLSERVER_MODEL_NAME', 'MLSERVER_MODEL_URI', 'PROTOCOL_VERSION'] },
      }),
    },
  },
  // Of its pods what tells yesterday's from today's; all else of them is KServe's.
  Deployment: {
    resource: resourceName(workloadReads.deployments),
    fields: { 'spec.template.spec.containers': { by: ['name'], added: true } },
  },
  Route: {
    resource: resourceName(workloadReads.routes),
    fields: {
      metadata: { owned: ['annotations'] },
      'metadata.annotations': { owned: ['haproxy.router.openshift.io/*'] },
      spec: { owned: ['path', 'tls', 'alternateBackends'] },
      'spec.tls': { owned: true },
      'spec.tls.key': { hidden: true },
      'spec.wildcardPolicy': { default: 'None' },
      ...under('spec.to', target),
      'spec.alternateBackends': { by: ['name'] },
      ...under('spec.alternateBackends.[]', target),
    },
  },
  NetworkPolicy: { resource: resourceName(workloadReads.policies), fields: { spec: { strict: true } } },
  Role: { resource: resourceName(workloadReads.roles), fields: { rules: { strict: true } } },
  RoleBinding: {
    resource: resourceName(workloadReads.bindings),
    fields: { roleRef: { strict: true }, subjects: { strict: true } },
  },
}

/** Arguments whose value is nobody's business, by the name of their flag. */
export const secretArgument = '^--?[^= ]*(key|token|secret|password|passphrase|credentials?)(=|$)'
