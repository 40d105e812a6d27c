import type { Fault, FakeObject } from '../../tools/fakeApiServer.ts'
import { someDigest } from '../../tools/spec.ts'
import { bareId, changed, condition, put, warning } from './device.ts'

/** A state of a device, and what the checks must say of it. */
export interface Row {
  readonly name: string
  /** Makes the device of one on which all is well. */
  readonly device?: (objects: readonly FakeObject[]) => readonly FakeObject[]
  readonly absentGroups?: readonly string[]
  readonly faults?: readonly Fault[]
  readonly pageSize?: number
  readonly timeoutSeconds?: number
  readonly models?: readonly string[]
  /** Each check that is neither good nor left out, and its cause. */
  readonly bad?: readonly (readonly [id: string, subject: string, cause: string])[]
  readonly verdict?: 'fail' | 'unreachable'
  /** Checks that are left out, `ID SUBJECT`. */
  readonly skipped?: readonly string[]
  /** What came with the first that is bad, or parts of it. */
  readonly came?: string | readonly string[]
}

export const otherDigest = `sha256:${'e'.repeat(64)}`
const yesterday = `registry.example.com/models/resnet:0@${otherDigest}`
const pod = 'resnet-predictor-6d5f8c9b7-x2x4v'
const predictor = 'resnet-predictor'

const change =
  (kind: string, name: string, path: readonly (string | number)[], value: unknown) =>
  (objects: readonly FakeObject[]) =>
    changed(objects, kind, name, (object) => put(object, path, value))
const gone = (kind: string, name: string) => (objects: readonly FakeObject[]) =>
  changed(objects, kind, name, () => undefined)
const all =
  (...changes: readonly NonNullable<Row['device']>[]) =>
  (objects: readonly FakeObject[]) =>
    changes.reduce((before, one) => one(before), objects)
const add =
  (...more: readonly FakeObject[]) =>
  (objects: readonly FakeObject[]) => [...objects, ...more]

const noneAvailable = all(
  change('Deployment', predictor, ['status', 'availableReplicas'], undefined),
  change(
    'Deployment',
    predictor,
    ['status', 'conditions'],
    [condition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.')],
  ),
)
const unavailable = all(
  noneAvailable,
  change(
    'InferenceService',
    'resnet',
    ['status', 'conditions'],
    [
      condition(
        'PredictorReady',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
      ),
      condition('Ready', 'False', 'MinimumReplicasUnavailable'),
    ],
  ),
)
const pending = (status: object) => all(unavailable, change('Pod', pod, ['status'], { phase: 'Pending', ...status }))
const waits = (name: string, reason: string, message: string) =>
  pending({
    containerStatuses: [{ name, image: '', imageID: '', restartCount: 3, state: { waiting: { reason, message } } }],
  })
const config = (key: string, text: string | undefined) =>
  change('ConfigMap', 'inferenceservice-config', ['data', key], text)

const inside = (model: string, ...ids: readonly string[]) => ids.map((id) => `CLUSTER-${id} ${model}`)
const ofModels = ['resnet', 'granite'].flatMap((model) => inside(model, 'SERVICE', 'READY', 'DEPLOYMENT', 'IMAGES'))
const ofNamespace = [
  'CLUSTER-OBJECT networkpolicy/router-and-namespace',
  'CLUSTER-OBJECT role/router-reads-granite-tls',
  'CLUSTER-OBJECT rolebinding/router-reads-granite-tls',
  ...['kserve-ovms', 'vllm-cuda-runtime'].map((name) => `CLUSTER-RUNTIME ${name}`),
  ...ofModels,
  ...['assistant', 'granite-predictor', 'resnet-predictor'].map((name) => `CLUSTER-ROUTE ${name}`),
]
const everything = ['CLUSTER-CONFIG inferenceservice-config', ...ofNamespace]
const notRunning = [['CLUSTER-READY', 'resnet', 'service-not-ready']] as const
const notPod = inside('resnet', 'IMAGES')
const namespaceBad = (cause: string) => [['CLUSTER-NAMESPACE', 'ai', cause]] as const

/** The states that the checks inside a cluster are held to. */
export const rows: readonly Row[] = [
  // Good
  { name: 'all is well' },
  { name: 'one model alone', models: ['resnet'], device: gone('InferenceService', 'granite') },
  { name: 'lists of many pages', pageSize: 1 },
  {
    name: 'pages that expire once: the list is begun again',
    pageSize: 1,
    faults: [{ path: '/pods', does: 'expired', times: 1 }],
  },
  { name: 'too many requests, once', faults: [{ path: '/routes', does: 'too-many', times: 1 }] },
  { name: 'an error of etcd, twice', faults: [{ path: '/namespaces/ai', does: 'error', times: 2 }] },
  { name: 'a connection that is reset, once', faults: [{ path: '/pods', does: 'reset', times: 1 }] },
  { name: 'an answer that is cut, once', faults: [{ path: '/deployments', does: 'cut-body', times: 1 }] },
  { name: 'a slow answer', faults: [{ path: '/inferenceservices', does: 'slow' }] },
  {
    name: 'the configuration, written down in another way',
    device: config('deploy', '{"defaultDeploymentMode":   "RawDeployment"}'),
  },
  { name: 'a comment in the configuration', device: config('_example', 'x') },
  {
    name: 'an imageID that has the digest',
    device: (objects) =>
      changed(objects, 'Pod', pod, (object) =>
        put(
          object,
          ['status', 'containerStatuses', 0, 'imageID'],
          (object['spec'] as { containers: { image: string }[] }).containers[0]?.image,
        ),
      ),
  },
  {
    name: 'a pod of before, which ends',
    device: add({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'old',
        namespace: 'ai',
        labels: { 'serving.kserve.io/inferenceservice': 'resnet' },
        deletionTimestamp: '2026-01-01T00:00:00Z',
      },
      spec: { containers: [{ name: 'kserve-container', image: yesterday }] },
      status: { phase: 'Running' },
    }),
  },

  // Not applied, or something else
  {
    name: 'no namespace',
    device: gone('Namespace', 'ai'),
    bad: namespaceBad('namespace-missing'),
    skipped: ofNamespace,
    came: '404: namespaces "ai" not found',
  },
  {
    name: 'a namespace that is being deleted',
    device: change('Namespace', 'ai', ['status', 'phase'], 'Terminating'),
    bad: namespaceBad('namespace-ending'),
    skipped: ofNamespace,
  },
  {
    name: 'no KServe',
    absentGroups: ['serving.kserve.io'],
    bad: [
      ['CLUSTER-RUNTIME', 'kserve-ovms', 'kserve-missing'],
      ['CLUSTER-RUNTIME', 'vllm-cuda-runtime', 'kserve-missing'],
      ['CLUSTER-SERVICE', 'resnet', 'kserve-missing'],
      ['CLUSTER-SERVICE', 'granite', 'kserve-missing'],
    ],
    skipped: ['CLUSTER-READY resnet', 'CLUSTER-READY granite'],
    came: '404: 404 page not found',
  },
  {
    name: 'no Routes',
    absentGroups: ['route.openshift.io'],
    models: ['resnet'],
    bad: [['CLUSTER-ROUTE', 'resnet-predictor', 'routes-unknown']],
  },
  {
    name: 'no ServingRuntime',
    device: gone('ServingRuntime', 'kserve-ovms'),
    bad: [['CLUSTER-RUNTIME', 'kserve-ovms', 'runtime-missing']],
  },
  {
    name: 'another image in the ServingRuntime',
    device: change('ServingRuntime', 'kserve-ovms', ['spec', 'containers', 0, 'image'], 'quay.io/modh/ovms:old'),
    bad: [['CLUSTER-RUNTIME', 'kserve-ovms', 'runtime-other']],
    came: [
      'ServingRuntime kserve-ovms, spec.containers[kserve-container].image: expected quay.io/modh/openvino_model_server@sha256:',
      ', found quay.io/modh/ovms:old\n',
    ],
  },
  {
    name: 'no InferenceService',
    device: gone('InferenceService', 'resnet'),
    bad: [['CLUSTER-SERVICE', 'resnet', 'service-missing']],
    skipped: inside('resnet', 'READY', 'DEPLOYMENT', 'IMAGES'),
  },
  {
    name: "yesterday's model",
    device: change('InferenceService', 'resnet', ['spec', 'predictor', 'model', 'storageUri'], `oci://${yesterday}`),
    bad: [['CLUSTER-SERVICE', 'resnet', 'service-other']],
    came: `InferenceService resnet, spec.predictor.model.storageUri: expected oci://registry.example.com/models/resnet@${someDigest}, found oci://${yesterday}`,
  },
  {
    name: 'another runtime',
    device: change('InferenceService', 'resnet', ['spec', 'predictor', 'model', 'runtime'], 'vllm-cuda-runtime'),
    bad: [['CLUSTER-SERVICE', 'resnet', 'service-other']],
    came: 'InferenceService resnet, spec.predictor.model.runtime: expected kserve-ovms, found vllm-cuda-runtime',
  },
  {
    name: 'an argument that somebody added',
    device: change('InferenceService', 'resnet', ['spec', 'predictor', 'model', 'args'], ['--nireq=4', '--api-key=x']),
    bad: [['CLUSTER-SERVICE', 'resnet', 'service-other']],
    came: 'InferenceService resnet, spec.predictor.model.args: expected nothing, found ["--nireq=4","--api-key=(not shown)"]',
  },
  {
    name: 'a change that KServe did not carry out',
    device: change('InferenceService', 'resnet', ['metadata', 'generation'], 2),
    bad: [['CLUSTER-READY', 'resnet', 'service-behind']],
    came: ['InferenceService resnet: its last change is not taken up yet'],
  },
  {
    name: 'a NetworkPolicy that admits everyone',
    device: change('NetworkPolicy', 'router-and-namespace', ['spec', 'ingress'], [{}]),
    bad: [['CLUSTER-OBJECT', 'networkpolicy/router-and-namespace', 'object-other']],
    came: ['NetworkPolicy router-and-namespace, spec.ingress[0].from: expected [{', '}], found nothing'],
  },
  {
    name: 'no NetworkPolicy, and a Role that allows more',
    device: all(
      gone('NetworkPolicy', 'router-and-namespace'),
      change('Role', 'router-reads-granite-tls', ['rules', 0, 'verbs'], ['*']),
    ),
    bad: [
      ['CLUSTER-OBJECT', 'networkpolicy/router-and-namespace', 'object-missing'],
      ['CLUSTER-OBJECT', 'role/router-reads-granite-tls', 'object-other'],
    ],
    came: 'NetworkPolicy router-and-namespace is not there',
  },
  {
    name: 'KServe did not look yet',
    device: change('InferenceService', 'resnet', ['status'], undefined),
    bad: [['CLUSTER-READY', 'resnet', 'service-not-seen']],
    came: 'no condition Ready',
  },
  {
    name: 'conditions in words',
    device: all(
      change(
        'InferenceService',
        'resnet',
        ['status', 'conditions'],
        [
          condition('IngressReady', 'True'),
          condition('PredictorReady', 'Unknown', 'Deploying', 'still at it'),
          condition('Ready', 'False'),
          condition('Stopped', 'False'),
        ],
      ),
      change('InferenceService', 'resnet', ['status', 'modelStatus'], {
        lastFailureInfo: { reason: 'ModelLoadFailed', message: 'no such file' },
      }),
    ),
    bad: notRunning,
    came: 'PredictorReady is Unknown (Deploying): still at it\nReady is False\nthe model: ModelLoadFailed: no such file',
  },

  // Pods
  {
    name: 'no Deployment',
    device: all(gone('Deployment', predictor), gone('Pod', pod)),
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'deployment-missing']],
    skipped: notPod,
  },
  {
    name: "yesterday's Deployment",
    device: change(
      'Deployment',
      predictor,
      ['spec', 'template', 'spec', 'containers', 0, 'image'],
      'quay.io/modh/ovms:old',
    ),
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'deployment-behind']],
    came: ['Deployment resnet-predictor, spec.template.spec.containers[kserve-container].image: expected '],
  },
  {
    name: 'too few pods, and nothing says why',
    device: noneAvailable,
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'deployment-unavailable']],
    came: [
      '0 available, 1 of the newest version, 1 in all',
      'Available is False (MinimumReplicasUnavailable): Deployment does not have minimum availability.',
    ],
  },
  {
    name: 'an image that cannot be pulled',
    device: all(
      waits('kserve-container', 'ImagePullBackOff', 'Back-off pulling image "x"'),
      add(
        warning('Pod', pod, 'Failed', 'Failed to pull image "x": no route to host', { count: 7 }),
        warning('Pod', 'other', 'Failed', 'of nobody'),
        { ...warning('Pod', pod, 'Scheduled', 'normal'), type: 'Normal' },
      ),
    ),
    bad: [...notRunning, ['CLUSTER-DEPLOYMENT', 'resnet', 'image-not-pulled']],
    skipped: notPod,
  },
  {
    name: 'no GPU is free',
    device: all(
      noneAvailable,
      change('Pod', pod, ['status'], {
        phase: 'Pending',
        conditions: [
          condition(
            'PodScheduled',
            'False',
            'Unschedulable',
            '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.',
          ),
        ],
      }),
      add(
        warning('Pod', pod, 'FailedScheduling', '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.', {
          count: 12,
        }),
      ),
    ),
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'unschedulable']],
    skipped: notPod,
    came: [
      `pod ${pod} has no node: Unschedulable: 0/1 nodes are available: 1 Insufficient nvidia.com/gpu.`,
      `pod ${pod}, 12 times FailedScheduling: 0/1 nodes are available: 1 Insufficient nvidia.com/gpu.`,
    ],
  },
  {
    name: 'pods that are refused',
    device: all(
      noneAvailable,
      gone('Pod', pod),
      add(
        warning('ReplicaSet', 'resnet-predictor-6d5f8c9b7', 'FailedCreate', 'exceeded quota', {
          series: { count: 9, lastObservedTime: '2026-01-02T00:00:00.000000Z' },
          count: undefined,
          lastTimestamp: null,
        }),
      ),
    ),
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'pod-not-made']],
    skipped: notPod,
    came: ['ReplicaSet resnet-predictor-6d5f8c9b7, 9 times FailedCreate: exceeded quota'],
  },
  {
    name: 'pods that are refused, the warnings gone',
    device: all(
      gone('Pod', pod),
      change('Deployment', predictor, ['status'], {
        observedGeneration: 2,
        conditions: [condition('ReplicaFailure', 'True', 'FailedCreate', 'forbidden by SCC')],
      }),
    ),
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'pod-not-made']],
    skipped: notPod,
    came: ['ReplicaFailure is True (FailedCreate): forbidden by SCC'],
  },
  {
    name: 'a server that crashes',
    device: all(
      noneAvailable,
      change('Pod', pod, ['status', 'containerStatuses', 0], {
        name: 'kserve-container',
        imageID: bareId,
        restartCount: 5,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 2m40s' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      }),
    ),
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'pod-crashes']],
    came: [
      `pod ${pod}, container kserve-container waits: CrashLoopBackOff: back-off 2m40s`,
      'ended with 1 (Error), 5 restarts',
    ],
  },
  {
    name: 'a server without enough memory',
    device: all(
      noneAvailable,
      change('Pod', pod, ['status', 'containerStatuses', 0], {
        name: 'kserve-container',
        imageID: bareId,
        restartCount: 5,
        state: { waiting: { reason: 'CrashLoopBackOff', message: '' } },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      }),
    ),
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'pod-out-of-memory']],
  },
  {
    name: 'a Secret that is missing',
    device: waits('kserve-container', 'CreateContainerConfigError', 'secret "hf" not found'),
    bad: [...notRunning, ['CLUSTER-DEPLOYMENT', 'resnet', 'pod-not-started']],
    skipped: notPod,
  },
  {
    name: 'a rollout that does not end',
    device: all(
      change('Deployment', predictor, ['status', 'updatedReplicas'], 0),
      change('Deployment', predictor, ['status', 'replicas'], 1),
    ),
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'rollout-unfinished']],
    came: ['1 available, 0 of the newest version, 1 in all'],
  },
  {
    name: 'a Deployment that nobody looked at since',
    device: change('Deployment', predictor, ['metadata', 'generation'], 3),
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'rollout-unfinished']],
  },
  {
    name: 'a pod with another image',
    device: change('Pod', pod, ['spec', 'containers', 0, 'image'], 'quay.io/modh/ovms:old'),
    bad: [['CLUSTER-IMAGES', 'resnet', 'pod-other-image']],
    came: `pod ${pod}, container kserve-container: quay.io/modh/ovms:old`,
  },
  {
    name: "a pod with yesterday's model",
    device: change('Pod', pod, ['spec', 'containers', 1, 'image'], yesterday),
    bad: [['CLUSTER-IMAGES', 'resnet', 'pod-other-image']],
    came: `pod ${pod}, container modelcar: ${yesterday}`,
  },
  {
    name: 'a pod whose image has another digest',
    device: change('Pod', pod, ['status', 'containerStatuses', 0, 'imageID'], `quay.io/modh/ovms@${otherDigest}`),
    bad: [['CLUSTER-IMAGES', 'resnet', 'pod-other-digest']],
    came: `pod ${pod}, container kserve-container runs quay.io/modh/ovms@${otherDigest}`,
  },
  {
    name: 'a pod without a ModelCar',
    device: change('Pod', pod, ['spec', 'initContainers'], []),
    bad: [['CLUSTER-IMAGES', 'resnet', 'pod-other-image']],
    came: `pod ${pod} has no container modelcar-init`,
  },

  // Routes
  { name: 'no Route', device: gone('Route', predictor), bad: [['CLUSTER-ROUTE', predictor, 'route-missing']] },
  {
    name: "another site's host",
    device: change('Route', predictor, ['spec', 'host'], 'resnet.apps.elsewhere.example.com'),
    bad: [['CLUSTER-ROUTE', predictor, 'route-other']],
    came: 'Route resnet-predictor, spec.host: expected resnet-predictor-ai.apps.example.com, found resnet.apps.elsewhere.example.com',
  },
  {
    name: 'another port',
    device: change('Route', predictor, ['spec', 'port', 'targetPort'], 'http'),
    bad: [['CLUSTER-ROUTE', predictor, 'route-other']],
    came: 'Route resnet-predictor, spec.port.targetPort: expected 8888, found http',
  },
  {
    name: 'a Route without TLS, and with an allow-list that is left over',
    device: all(
      change('Route', predictor, ['spec', 'tls'], undefined),
      change('Route', predictor, ['metadata', 'annotations'], { 'haproxy.router.openshift.io/ip_allowlist': '::1' }),
    ),
    bad: [['CLUSTER-ROUTE', predictor, 'route-other']],
    came:
      'Route resnet-predictor, metadata.annotations[haproxy.router.openshift.io/ip_allowlist]: expected nothing, found ::1\n' +
      'Route resnet-predictor, spec.tls: expected {"insecureEdgeTerminationPolicy":"Redirect","termination":"edge"}, found nothing',
  },
  {
    name: 'a Route that is not admitted',
    device: change(
      'Route',
      predictor,
      ['status', 'ingress', 0, 'conditions'],
      [condition('Admitted', 'False', 'HostAlreadyClaimed', 'route other/x already exposes it')],
    ),
    bad: [['CLUSTER-ROUTE', predictor, 'route-not-admitted']],
    came: 'Admitted is False (HostAlreadyClaimed): route other/x already exposes it',
  },
  {
    name: 'a Route that no router looked at',
    device: change('Route', predictor, ['status'], {}),
    bad: [['CLUSTER-ROUTE', predictor, 'route-not-seen']],
  },

  // Configuration
  {
    name: 'configuration that drifted',
    device: all(
      config(
        'ingress',
        '{"ingressGateway":"knative-serving/knative-ingress-gateway","ingressService":"istio-ingressgateway.istio-system.svc.cluster.local","extra":[1]}',
      ),
      config('security', undefined),
      config('more', 'no JSON'),
    ),
    bad: [['CLUSTER-CONFIG', 'inferenceservice-config', 'config-drift']],
    came: [
      'data.ingress.ingressDomain: expected apps.plant.example.com, found nothing\n',
      'data.ingress.extra: expected nothing, found [1]\n',
      'data.security: expected {"autoMountServiceAccountToken":false}, found nothing\n',
      'data.more: expected nothing, found no JSON',
    ],
  },
  {
    name: 'no configuration',
    device: gone('ConfigMap', 'inferenceservice-config'),
    bad: [['CLUSTER-CONFIG', 'inferenceservice-config', 'config-missing']],
  },

  // Nothing to go by
  {
    name: 'an API server that hangs',
    faults: [{ path: '/namespaces/ai', does: 'hang' }],
    timeoutSeconds: 0.5,
    verdict: 'unreachable',
    bad: namespaceBad('api-no-answer'),
    skipped: everything,
    came: 'no answer within 0.5 s',
  },
  {
    name: 'an answer without end',
    faults: [{ path: '/namespaces/ai', does: 'slow-body' }],
    timeoutSeconds: 0.5,
    verdict: 'unreachable',
    bad: namespaceBad('api-no-answer'),
    skipped: everything,
  },
  {
    name: 'connections that are reset, always',
    faults: [{ path: '/namespaces/ai', does: 'reset' }],
    verdict: 'unreachable',
    bad: namespaceBad('api-connection-cut'),
    skipped: everything,
  },
  {
    name: 'a page of another server',
    faults: [{ path: '/namespaces/ai', does: 'html' }],
    verdict: 'unreachable',
    bad: namespaceBad('api-unexpected'),
    skipped: everything,
  },
  {
    name: 'a redirect',
    faults: [{ path: '/namespaces/ai', does: 'redirect' }],
    verdict: 'unreachable',
    bad: namespaceBad('api-unexpected'),
    skipped: everything,
  },
  {
    name: 'an API server that shuts down',
    faults: [{ path: '/namespaces/ai', does: 'unavailable' }],
    timeoutSeconds: 1,
    verdict: 'unreachable',
    bad: namespaceBad('api-overloaded'),
    skipped: everything,
    came: '503: apiserver is shutting down',
  },
  {
    name: 'one list that hangs',
    faults: [{ path: '/routes', does: 'hang' }],
    timeoutSeconds: 0.5,
    models: ['resnet'],
    verdict: 'unreachable',
    bad: [['CLUSTER-ROUTE', predictor, 'api-no-answer']],
  },
  {
    name: 'too many requests, for an hour: nobody waits',
    faults: [{ path: '/pods', does: 'too-many-for-long' }],
    models: ['resnet'],
    verdict: 'unreachable',
    bad: [['CLUSTER-IMAGES', 'resnet', 'api-overloaded']],
    came: '429: too many requests, please try again later',
  },
  {
    name: 'half a list',
    faults: [{ path: '/deployments', does: 'not-json' }],
    models: ['resnet'],
    verdict: 'unreachable',
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'api-unexpected']],
  },
  {
    name: 'something that is no list',
    faults: [{ path: '/deployments', does: 'no-list' }],
    models: ['resnet'],
    verdict: 'unreachable',
    bad: [['CLUSTER-DEPLOYMENT', 'resnet', 'api-unexpected']],
  },
  {
    name: 'pages that expire, always',
    faults: [{ path: '/pods', does: 'expired' }],
    models: ['resnet'],
    verdict: 'unreachable',
    bad: [['CLUSTER-IMAGES', 'resnet', 'api-list-expired']],
  },
]
