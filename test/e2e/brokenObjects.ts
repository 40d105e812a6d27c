interface Some {
  kind: string
  [field: string]: unknown
}

const named = (name: string) => ({ name })

/** One valid object of each kind that edge emits. */
export const goodObjects = {
  InferenceService: {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: {
      name: 'vision',
      namespace: 'ai',
      labels: { 'app.kubernetes.io/part-of': 'edge' },
      annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' },
    },
    spec: {
      predictor: {
        minReplicas: 1,
        nodeSelector: { 'kubernetes.io/arch': 'amd64' },
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }],
        volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } }],
        model: {
          modelFormat: { name: 'onnx' },
          storageUri: 'oci://example.com/m',
          args: ['--a'],
          env: [{ name: 'A', value: '' }],
          resources: { limits: { cpu: 2, memory: '1Gi' } },
          readinessProbe: { httpGet: { path: '/', port: 8888 } },
        },
      },
    },
  },
  ServingRuntime: {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: named('ovms'),
    spec: {
      supportedModelFormats: [{ name: 'onnx', version: '1', autoSelect: true }],
      containers: [{ name: 'kserve-container', image: 'example.com/i', ports: [{ containerPort: 8888 }] }],
    },
  },
  Route: {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: named('vision'),
    spec: {
      host: 'vision.example.com',
      path: '/v1',
      to: { kind: 'Service', name: 'a', weight: 256 },
      alternateBackends: [{ kind: 'Service', name: 'b', weight: 0 }],
      port: { targetPort: 'http' },
      tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect', externalCertificate: named('tls') },
      wildcardPolicy: 'None',
    },
  },
  Namespace: { apiVersion: 'v1', kind: 'Namespace', metadata: named('ai') },
  ConfigMap: { apiVersion: 'v1', kind: 'ConfigMap', metadata: named('texts'), data: { _free: '' } },
  NetworkPolicy: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: named('policy'),
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { 'network.openshift.io/policy-group': 'ingress' } } },
            { podSelector: {} },
          ],
        },
      ],
    },
  },
  Role: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: named('reads:tls'),
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
  },
  RoleBinding: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: named('reads:tls'),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reads:tls' },
    subjects: [{ kind: 'ServiceAccount', name: 'router', namespace: 'openshift-ingress' }],
  },
  Kustomization: {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: 'ai',
    resources: ['a.yaml'],
    patches: [{ patch: 'kind: Route' }],
  },
} satisfies Readonly<Record<string, Some>>

type Kind = keyof typeof goodObjects

/** Puts a value where a JSON pointer says; `undefined` takes the field away. */
const set = (pointer: string, value?: unknown) => (object: unknown) => {
  const [last = '', ...above] = pointer
    .slice(1)
    .split('/')
    .reverse()
    .map((step) => step.replaceAll('~1', '/'))
  const parent = above.reverse().reduce((place, step) => (place as Record<string, unknown>)[step], object) as Record<
    string,
    unknown
  >
  if (value === undefined) Reflect.deleteProperty(parent, last)
  else parent[last] = value
}

const broken = (kind: Kind, what: string, change: (object: unknown) => void, ...errors: readonly string[]) => ({
  kind,
  what,
  change,
  errors,
})
const unknown = (kind: Kind, pointer: string, value: unknown = 'x') =>
  broken(kind, `unknown field ${pointer}`, set(pointer, value), `${pointer}: unknown field`)

const predictor = '/spec/predictor'
const from = '/spec/ingress/0/from'
const backend = { kind: 'Service', name: 'c', weight: 1 }

/** A good object with one mistake, and all that has to be said of it. */
export const brokenObjects = [
  unknown('InferenceService', `${predictor}/minReplica`, 1),
  unknown('InferenceService', `${predictor}/tolerations/0/efect`),
  unknown('InferenceService', `${predictor}/model/runtimes`),
  unknown('InferenceService', `${predictor}/model/readinessProbe/httpGet/ports`),
  unknown('InferenceService', '/status', {}),
  unknown('InferenceService', '/metadata/label', {}),
  broken('InferenceService', 'no spec', set('/spec'), ": must have required property 'spec'"),
  broken(
    'InferenceService',
    'another version',
    set('/apiVersion', 'serving.kserve.io/v1alpha1'),
    '/apiVersion: must be equal to constant',
  ),
  broken(
    'InferenceService',
    'args as a text',
    set(`${predictor}/model/args`, '--a'),
    `${predictor}/model/args: must be array`,
  ),
  broken(
    'InferenceService',
    'replicas as a text',
    set(`${predictor}/minReplicas`, '1'),
    `${predictor}/minReplicas: must be integer`,
  ),
  broken(
    'InferenceService',
    'a period beyond int32',
    set(`${predictor}/model/readinessProbe/periodSeconds`, 2 ** 31),
    `${predictor}/model/readinessProbe/periodSeconds: must match format "int32"`,
  ),
  broken(
    'InferenceService',
    'a value of env as a number',
    set(`${predictor}/model/env/0/value`, 1),
    `${predictor}/model/env/0/value: must be string`,
  ),
  broken(
    'InferenceService',
    'a toleration of a fraction of a second',
    set(`${predictor}/tolerations/0/tolerationSeconds`, 0.5),
    `${predictor}/tolerations/0/tolerationSeconds: must be integer`,
    `${predictor}/tolerations/0/tolerationSeconds: must match format "int64"`,
  ),
  broken(
    'InferenceService',
    'a fraction of a cpu as a number',
    set(`${predictor}/model/resources/limits/cpu`, 0.5),
    `${predictor}/model/resources/limits/cpu: must be integer,string`,
  ),
  broken(
    'InferenceService',
    'a number as a node label',
    set(`${predictor}/nodeSelector/kubernetes.io~1arch`, 64),
    `${predictor}/nodeSelector/kubernetes.io~1arch: must be string`,
  ),
  broken(
    'InferenceService',
    'null',
    set(`${predictor}/model/storageUri`, null),
    `${predictor}/model/storageUri: must be string`,
    `${predictor}/model/storageUri: is null`,
  ),
  broken(
    'InferenceService',
    'an upper-case name',
    set('/metadata/name', 'Vision'),
    '/metadata/name: no name of a InferenceService: "Vision"',
  ),
  broken(
    'InferenceService',
    'a name of digits',
    set('/metadata/name', '7'),
    '/metadata/name: no name of a InferenceService: "7"',
  ),
  broken(
    'InferenceService',
    'a label with a space',
    set('/metadata/labels/a', 'b c'),
    '/metadata/labels/a: no value of a label: b c',
  ),
  broken(
    'InferenceService',
    'a label of 64 characters',
    set('/metadata/labels/a', 'b'.repeat(64)),
    `/metadata/labels/a: no value of a label: ${'b'.repeat(64)}`,
  ),
  broken(
    'InferenceService',
    'a key of an annotation with a space',
    set('/metadata/annotations/a b', ''),
    '/metadata/annotations/a b: no key of annotations',
  ),
  broken('ServingRuntime', 'no containers', set('/spec/containers'), "/spec: must have required property 'containers'"),
  broken(
    'ServingRuntime',
    'a container without a name',
    set('/spec/containers/0/name'),
    "/spec/containers/0: must have required property 'name'",
  ),
  broken(
    'ServingRuntime',
    'a version as a number',
    set('/spec/supportedModelFormats/0/version', 1),
    '/spec/supportedModelFormats/0/version: must be string',
  ),
  unknown('ServingRuntime', '/spec/supportedModelFormat', []),
  unknown('ServingRuntime', '/spec/containers/0/volumeMount', []),
  unknown('Route', '/spec/hostname'),
  unknown('Route', '/spec/tls/externalCertificate/namespace'),
  broken('Route', 'a weight of 257', set('/spec/to/weight', 257), '/spec/to/weight: must be <= 256'),
  broken(
    'Route',
    'four alternate backends',
    set('/spec/alternateBackends', [backend, backend, backend, backend]),
    '/spec/alternateBackends: must NOT have more than 3 items',
  ),
  broken(
    'Route',
    'a termination that there is not',
    set('/spec/tls/termination', 'Edge'),
    '/spec/tls/termination: must be equal to one of the allowed values edge, reencrypt, passthrough',
  ),
  broken(
    'Route',
    'a path that a router cannot see',
    set('/spec/tls', { termination: 'passthrough' }),
    '/spec/path: must not stand here',
  ),
  broken('Route', 'two certificates', set('/spec/tls/certificate', 'x'), '/spec/tls/certificate: must not stand here'),
  broken(
    'Route',
    'a CA of a server that is not asked for its certificate',
    set('/spec/tls/destinationCACertificate', 'x'),
    '/spec/tls/destinationCACertificate: must not stand here',
  ),
  unknown('Namespace', '/spec', {}),
  broken(
    'Namespace',
    'a name with a dot',
    set('/metadata/name', 'a.b'),
    '/metadata/name: no name of a Namespace: "a.b"',
  ),
  broken('ConfigMap', 'a number as a value', set('/data/a', 1), '/data/a: must be string'),
  broken(
    'NetworkPolicy',
    '_from',
    set('/spec/ingress/0', { _from: [{ podSelector: {} }] }),
    "/spec/ingress/0: must have required property 'from'",
    '/spec/ingress/0/_from: unknown field',
    '/spec/ingress/0/_from: a key that starts with _',
  ),
  broken(
    'NetworkPolicy',
    'from nobody, which is everybody',
    set(from, []),
    `${from}: must NOT have fewer than 1 items`,
  ),
  unknown('NetworkPolicy', `${from}/0/podSelectors`, {}),
  broken('Role', 'no verbs', set('/rules/0/verbs', []), '/rules/0/verbs: must NOT have fewer than 1 items'),
  broken(
    'RoleBinding',
    'an account without a namespace',
    set('/subjects/0/namespace'),
    "/subjects/0: must have required property 'namespace'",
  ),
  broken(
    'Kustomization',
    'a resource that is none',
    set('/resources/0', { path: 'a.yaml' }),
    '/resources/0: must be string',
  ),
  unknown('Kustomization', '/patchesStrategicMerge', []),
]
