/** An object as the bundle wants it, a live one, and what is said of the two. */
export interface Row {
  readonly name: string
  /** `KIND/NAME`. */
  readonly key: string
  readonly wants: Readonly<Record<string, unknown>>
  /** Absent where it is not there. */
  readonly is?: Readonly<Record<string, unknown>>
  readonly says?: readonly string[]
}

type Json = Readonly<Record<string, unknown>>
const merged = (value: unknown, change: unknown): unknown => {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change
  const base = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(change)])].map((key) => [
      key,
      Object.hasOwn(change, key) ? merged(base[key], (change as Json)[key]) : base[key],
    ]),
  )
}

const service: Json = {
  metadata: {
    annotations: {
      'serving.kserve.io/deploymentMode': 'RawDeployment',
      'serving.kserve.io/autoscalerClass': 'none',
      'prometheus.io/scrape': 'true',
    },
    labels: { team: 'line 3' },
  },
  spec: {
    predictor: {
      minReplicas: 1,
      maxReplicas: 1,
      deploymentStrategy: { type: 'Recreate' },
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
      volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '2048Mi' } }],
      model: {
        modelFormat: { name: 'vLLM' },
        runtime: 'vllm-cuda-runtime',
        storageUri: 'oci://quay.io/org/granite:v2',
        args: ['--max-model-len=4096', '--dtype', 'half'],
        env: [
          { name: 'A', value: '' },
          { name: 'B', value: 'geheim' },
          { name: 'HF', valueFrom: { secretKeyRef: { name: 'hf', key: 'token' } } },
        ],
        resources: { requests: { cpu: '1000m', memory: '1.5Gi' }, limits: { memory: '2Gi', 'nvidia.com/gpu': '1' } },
        volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
        readinessProbe: { httpGet: { path: '/v1/models', port: 8080 }, periodSeconds: 5 },
      },
    },
  },
}

/**
 * The same as it is in a cluster once KServe's webhook had it (InferenceServiceDefaulter, which writes the whole object anew from
 * its Go types) and the API server keeps it. Made by hand from KServe's source, not recorded from a cluster.
 */
const servedService: Json = {
  apiVersion: 'serving.kserve.io/v1beta1',
  kind: 'InferenceService',
  metadata: {
    name: 'm',
    namespace: 'ai',
    uid: '5f7f6a0e-8f0c-4d09-bb0a-6a9d2a1f7f0e',
    generation: 3,
    resourceVersion: '4711',
    creationTimestamp: '2026-01-01T00:00:00Z',
    finalizers: ['inferenceservice.finalizers'],
    managedFields: [{ manager: 'kubectl-client-side-apply', operation: 'Apply' }],
    annotations: {
      'serving.kserve.io/deploymentMode': 'RawDeployment',
      'serving.kserve.io/autoscalerClass': 'none',
      'prometheus.io/scrape': 'true',
      'internal.serving.kserve.io/x': 'y',
      'somebody/notes': 'seen',
    },
    labels: { team: 'line 3', modelClass: 'x', 'serving.kserve.io/servingRuntime': 'x' },
  },
  spec: {
    predictor: {
      automountServiceAccountToken: false,
      minReplicas: 1,
      maxReplicas: 1,
      deploymentStrategy: { type: 'Recreate' },
      tolerations: [{ effect: 'NoSchedule', key: 'nvidia.com/gpu', operator: 'Exists' }],
      volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '2Gi' } }],
      model: {
        name: '',
        modelFormat: { name: 'vLLM' },
        runtime: 'vllm-cuda-runtime',
        storageUri: 'oci://quay.io/org/granite:v2',
        args: ['--max-model-len=4096', '--dtype', 'half'],
        env: [
          { name: 'A' },
          { name: 'B', value: 'geheim' },
          { name: 'HF', valueFrom: { secretKeyRef: { name: 'hf', key: 'token' } } },
          { name: 'MLSERVER_MODEL_NAME', value: 'm' },
        ],
        resources: {
          requests: { cpu: '1', memory: '1536Mi' },
          limits: { cpu: '1', memory: '2Gi', 'nvidia.com/gpu': 1 },
        },
        volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
        readinessProbe: { httpGet: { path: '/v1/models', port: 8080, scheme: 'HTTP' }, periodSeconds: 5 },
      },
    },
  },
  status: { observedGeneration: 3, conditions: [{ type: 'Ready', status: 'True' }], url: 'http://m.ai.example.com' },
}

const m = 'InferenceService/m'
const change = (name: string, differs: unknown, ...says: readonly string[]): Row => ({
  name,
  key: m,
  wants: service,
  is: merged(servedService, differs) as Json,
  says: says.map((line) => `InferenceService m, ${line}`),
})
const predictor = (differs: unknown) => ({ spec: { predictor: differs } })
const model = (differs: unknown) => predictor({ model: differs })
const { env, args } = (servedService['spec'] as { predictor: { model: { env: Json[]; args: string[] } } }).predictor
  .model

const services: readonly Row[] = [
  change('an InferenceService as KServe and the API server keep it', {}),
  { name: 'none', key: m, wants: service, says: ['InferenceService m is not there'] },
  {
    name: 'one that is being deleted',
    key: m,
    wants: service,
    is: merged(servedService, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }) as Json,
    says: ['InferenceService m is being deleted'],
  },
  {
    name: 'one that KServe did not carry out yet',
    key: m,
    wants: service,
    is: merged(servedService, { metadata: { generation: 4 } }) as Json,
    says: ['InferenceService m: its last change is not taken up yet'],
  },
  change(
    "yesterday's model",
    model({ storageUri: 'oci://quay.io/org/granite:v1' }),
    'spec.predictor.model.storageUri: expected oci://quay.io/org/granite:v2, found oci://quay.io/org/granite:v1',
  ),
  change(
    'another argument',
    model({ args: ['--max-model-len=8192', '--dtype', 'half'] }),
    'spec.predictor.model.args: expected ["--max-model-len=4096"], found ["--max-model-len=8192"]',
  ),
  change(
    'one argument more',
    model({ args: [...args, '--x'] }),
    'spec.predictor.model.args: expected nothing, found ["--x"]',
  ),
  change(
    'no arguments',
    model({ args: null }),
    'spec.predictor.model.args: expected ["--max-model-len=4096","--dtype","half"], found nothing',
  ),
  change(
    'arguments in another order',
    model({ args: ['half', '--max-model-len=4096', '--dtype'] }),
    'spec.predictor.model.args: expected ["--max-model-len=4096","--dtype","half"], found ["half","--max-model-len=4096","--dtype"]',
  ),
  change(
    'an API key in the arguments: not shown',
    model({ args: [...args, '--api-key=geheim', '--hf-token', 'geheim', '--max-num-batched-tokens=9', '--key'] }),
    'spec.predictor.model.args: expected nothing, found ["--api-key=(not shown)","--hf-token","(not shown)","--max-num-batched-tokens=9","--key"]',
  ),
  change(
    'another command, and none in the bundle',
    model({ command: ['sh', '-c', 'x'] }),
    'spec.predictor.model.command: expected nothing, found ["sh","-c","x"]',
  ),
  change(
    'another value of a variable: not shown',
    model({ env: env.map((one) => (one['name'] === 'B' ? { name: 'B', value: 'anders' } : one)) }),
    'spec.predictor.model.env[B].value: expected (not shown), found (not shown)',
  ),
  change(
    'a variable that is left over, one that is missing, one from elsewhere',
    model({ env: [env[0], { name: 'HF', value: 'x' }, { name: 'OLD', value: 'geheim' }] }),
    'spec.predictor.model.env[B]: expected {"name":"B","value":"(not shown)"}, found nothing',
    'spec.predictor.model.env[HF].value: expected nothing, found (not shown)',
    'spec.predictor.model.env[HF].valueFrom: expected {"secretKeyRef":{"key":"token","name":"hf"}}, found nothing',
    'spec.predictor.model.env[OLD]: expected nothing, found {"name":"OLD","value":"(not shown)"}',
  ),
  change('variables in another order', model({ env: [...env].reverse() })),
  change(
    'less memory, and a device that is left over',
    model({ resources: { limits: { memory: '1Gi', 'amd.com/gpu': '1' } } }),
    'spec.predictor.model.resources.limits[amd.com/gpu]: expected nothing, found 1',
    'spec.predictor.model.resources.limits.memory: expected 2Gi, found 1Gi',
  ),
  change(
    'quantities that are none',
    model({ resources: { limits: { memory: 'much' }, requests: { cpu: -1 } } }),
    'spec.predictor.model.resources.limits.memory: expected 2Gi, found much',
    'spec.predictor.model.resources.requests.cpu: expected 1000m, found -1',
  ),
  change(
    'quantities in other words',
    model({ resources: { limits: { memory: 2147483648 }, requests: { cpu: '1e0' } } }),
  ),
  change(
    'another probe: of both handlers one is left over',
    model({ readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 10, timeoutSeconds: 1 } }),
    'spec.predictor.model.readinessProbe.periodSeconds: expected 5, found 10',
    'spec.predictor.model.readinessProbe.tcpSocket: expected nothing, found {"port":8080}',
  ),
  change('defaults of a probe', model({ readinessProbe: { timeoutSeconds: 1, failureThreshold: 3 } })),
  change(
    'a probe that asks by TLS',
    model({ readinessProbe: { httpGet: { scheme: 'HTTPS' } } }),
    'spec.predictor.model.readinessProbe.httpGet.scheme: expected HTTP, found HTTPS',
  ),
  change(
    'replicas',
    predictor({ minReplicas: null, maxReplicas: 2 }),
    'spec.predictor.maxReplicas: expected 1, found 2',
  ),
  change(
    'another strategy, with what belongs to it',
    predictor({ deploymentStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } }),
    'spec.predictor.deploymentStrategy.rollingUpdate: expected nothing, found {"maxSurge":1}',
    'spec.predictor.deploymentStrategy.type: expected Recreate, found RollingUpdate',
  ),
  change(
    'left over in the pod: tolerations, a node selector, a volume, a mount, an account, pull secrets',
    predictor({
      tolerations: [
        { key: 'amd.com/gpu', operator: 'Exists' },
        { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
      ],
      nodeSelector: { gpu: 'yes' },
      serviceAccountName: 'x',
      imagePullSecrets: [{ name: 'pull' }],
      volumes: [
        { name: 'old', emptyDir: {} },
        { name: 'shm', hostPath: { path: '/dev/shm' }, emptyDir: { medium: 'Memory', sizeLimit: '2Gi' } },
      ],
      model: {
        volumeMounts: [
          { name: 'shm', mountPath: '/dev/shm', readOnly: true },
          { name: 'old', mountPath: '/old' },
        ],
      },
    }),
    'spec.predictor.imagePullSecrets[pull]: expected nothing, found {"name":"pull"}',
    'spec.predictor.model.volumeMounts[/dev/shm].readOnly: expected nothing, found true',
    'spec.predictor.model.volumeMounts[/old]: expected nothing, found {"mountPath":"/old","name":"old"}',
    'spec.predictor.nodeSelector.gpu: expected nothing, found yes',
    'spec.predictor.serviceAccountName: expected nothing, found x',
    'spec.predictor.tolerations: expected nothing, found [{"key":"amd.com/gpu","operator":"Exists"}]',
    'spec.predictor.volumes[old]: expected nothing, found {"emptyDir":{},"name":"old"}',
    'spec.predictor.volumes[shm].hostPath: expected nothing, found {"path":"/dev/shm"}',
  ),
  change(
    'another kind of volume',
    predictor({ volumes: [{ name: 'shm', emptyDir: { sizeLimit: '1Gi' } }] }),
    'spec.predictor.volumes[shm].emptyDir.medium: expected Memory, found nothing',
    'spec.predictor.volumes[shm].emptyDir.sizeLimit: expected 2048Mi, found 1Gi',
  ),
  change(
    'a sidecar, a transformer, a logger that somebody added',
    {
      spec: {
        transformer: { containers: [{ name: 'x' }] },
        predictor: { logger: { mode: 'all' }, containers: [{ name: 'y' }] },
      },
    },
    'spec.predictor.containers[y]: expected nothing, found {"name":"y"}',
    'spec.predictor.logger: expected nothing, found {"mode":"all"}',
    'spec.transformer: expected nothing, found {"containers":[{"name":"x"}]}',
  ),
  change(
    'annotations: another value, one that is left over, one that is missing',
    {
      metadata: {
        annotations: {
          'serving.kserve.io/autoscalerClass': 'hpa',
          'prometheus.io/scrape': null,
          'prometheus.io/port': '9091',
        },
      },
    },
    'metadata.annotations[prometheus.io/port]: expected nothing, found 9091',
    'metadata.annotations[prometheus.io/scrape]: expected true, found nothing',
    'metadata.annotations[serving.kserve.io/autoscalerClass]: expected none, found hpa',
  ),
  change(
    'a label that makes KServe wait, and another value of the own',
    { metadata: { labels: { 'networking.kserve.io/visibility': 'exposed', team: 'line 4' } } },
    'metadata.labels[networking.kserve.io/visibility]: expected nothing, found exposed',
    'metadata.labels.team: expected line 3, found line 4',
  ),
  change(
    'texts that would move a cursor',
    model({ storageUri: 'oci://x\u001b[2J\n\u202egnp\u2028\u007f é日本', runtime: ' ' }),
    'spec.predictor.model.runtime: expected vllm-cuda-runtime, found " "',
    'spec.predictor.model.storageUri: expected oci://quay.io/org/granite:v2, found "oci://x\\u001b[2J\\n?gnp?\\u007f é日本"',
  ),
  change(
    'a text without end',
    model({ runtime: 'é'.repeat(1000) }),
    `spec.predictor.model.runtime: expected vllm-cuda-runtime, found "${'é'.repeat(299)} …`,
  ),
  change(
    'fields of other types',
    predictor({ model: { args: '--a', env: { A: 1 }, resources: [7], storageUri: 7 }, minReplicas: '1', volumes: 'x' }),
    'spec.predictor.minReplicas: expected 1, found "1"',
    'spec.predictor.model.args: expected ["--max-model-len=4096","--dtype","half"], found --a',
    'spec.predictor.model.env: expected [{"name":"A","value":"(not shown)"},{"name":"B","value":"(not shown)"},{"name":"HF","valueFrom":{"secretKeyRef":{"key":"token","name":"hf"}}}], found {"A":1}',
    'spec.predictor.model.resources: expected {"limits":{"memory":"2Gi","nvidia.com/gpu":"1"},"requests":{"cpu":"1000m","memory":"1.5Gi"}}, found [7]',
    'spec.predictor.model.storageUri: expected oci://quay.io/org/granite:v2, found 7',
    'spec.predictor.volumes: expected [{"emptyDir":{"medium":"Memory","sizeLimit":"2048Mi"},"name":"shm"}], found x',
  ),
  {
    name: 'no spec at all',
    key: m,
    wants: { spec: { predictor: { minReplicas: 1 } } },
    is: { metadata: { name: 'm' } },
    says: ['InferenceService m, spec: expected {"predictor":{"minReplicas":1}}, found nothing'],
  },
]

const runtime: Json = {
  metadata: { annotations: { 'openshift.io/display-name': 'OVMS' } },
  spec: {
    supportedModelFormats: [
      { name: 'onnx', version: '1' },
      { name: 'openvino_ir', version: 'opset13', autoSelect: true },
    ],
    protocolVersions: ['v2', 'grpc-v2'],
    multiModel: false,
    containers: [
      {
        name: 'kserve-container',
        image: 'quay.io/org/ovms:v2',
        args: ['--model_name={{.Name}}', '--port=8001'],
        ports: [{ containerPort: 8888, protocol: 'TCP' }, { containerPort: 9000 }],
        resources: {},
      },
    ],
  },
}
const container = { ...((runtime['spec'] as { containers: Json[] }).containers[0] as Json) }
const ofRuntime = (name: string, differs: Json, ...says: readonly string[]): Row => ({
  name,
  key: 'ServingRuntime/ovms',
  wants: runtime,
  is: merged(runtime, { metadata: { name: 'ovms', generation: 1 }, ...differs }) as Json,
  says: says.map((line) => `ServingRuntime ovms, ${line}`),
})
const inRuntime = (differs: Json) => ({ spec: { containers: [{ ...container, ...differs }] } })

const runtimes: readonly Row[] = [
  ofRuntime('a ServingRuntime with the defaults of its CRD', {
    spec: {
      multiModel: null,
      protocolVersions: ['grpc-v2', 'v2'],
      containers: [
        {
          ...container,
          ports: [
            { containerPort: 9000, protocol: 'TCP' },
            { containerPort: 8888, protocol: 'TCP' },
          ],
        },
      ],
    },
  }),
  ofRuntime(
    'another image',
    inRuntime({ image: 'quay.io/org/ovms:v1' }),
    'spec.containers[kserve-container].image: expected quay.io/org/ovms:v2, found quay.io/org/ovms:v1',
  ),
  ofRuntime(
    'arguments, ports, and what is left over of a container',
    inRuntime({
      args: ['--port=8001'],
      ports: [{ containerPort: 8888 }],
      env: [{ name: 'X', value: 'y' }],
      resources: { limits: { cpu: '1', 'nvidia.com/gpu': '1' } },
    }),
    'spec.containers[kserve-container].args: expected ["--model_name={{.Name}}"], found nothing',
    'spec.containers[kserve-container].env[X]: expected nothing, found {"name":"X","value":"(not shown)"}',
    'spec.containers[kserve-container].ports[9000]: expected {"containerPort":9000}, found nothing',
    'spec.containers[kserve-container].resources.limits[nvidia.com/gpu]: expected nothing, found 1',
  ),
  ofRuntime(
    'a second container, a format less, and disabled',
    {
      spec: {
        disabled: true,
        supportedModelFormats: [{ name: 'onnx', version: '1' }],
        containers: [container, { name: 'x', image: 'y' }],
      },
    },
    'spec.containers[x]: expected nothing, found {"image":"y","name":"x"}',
    'spec.disabled: expected nothing, found true',
    'spec.supportedModelFormats: expected [{"name":"onnx","version":"1"},{"autoSelect":true,"name":"openvino_ir","version":"opset13"}], found [{"name":"onnx","version":"1"}]',
  ),
  ofRuntime(
    'containers of one name: compared in their order',
    { spec: { containers: [container, container] } },
    `spec.containers: expected ${JSON.stringify([{ args: container['args'], image: container['image'], name: container['name'], ports: [{ containerPort: 8888, protocol: 'TCP' }, { containerPort: 9000 }], resources: {} }])}, found ${JSON.stringify([1, 2].map(() => ({ args: container['args'], image: container['image'], name: container['name'], ports: [{ containerPort: 8888, protocol: 'TCP' }, { containerPort: 9000 }], resources: {} }))).slice(0, 300)} …`,
  ),
]

const route: Json = {
  metadata: { annotations: { 'haproxy.router.openshift.io/timeout': '300s' } },
  spec: {
    host: 'm.apps.example.com',
    to: { kind: 'Service', name: 'm-predictor', weight: 90 },
    alternateBackends: [{ kind: 'Service', name: 'n-predictor', weight: 0 }],
    port: { targetPort: 8080 },
    tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
    wildcardPolicy: 'None',
  },
}
const ofRoute = (name: string, differs: Json, ...says: readonly string[]): Row => ({
  name,
  key: 'Route/m',
  wants: route,
  is: merged(merged(route, { metadata: { name: 'm' }, status: { ingress: [] } }), differs) as Json,
  says: says.map((line) => `Route m, ${line}`),
})
const plainRoute: Json = { metadata: {}, spec: { host: 'm', to: { name: 'm-predictor' }, port: { targetPort: 8080 } } }

const routes: readonly Row[] = [
  ofRoute('a Route', { metadata: { annotations: { 'openshift.io/host.generated': 'false' } } }),
  ofRoute(
    'another host, port, weight and termination',
    {
      spec: {
        host: 'm.apps.elsewhere.example.com',
        port: { targetPort: '8080' },
        alternateBackends: [{ kind: 'Service', name: 'n-predictor', weight: 10 }],
        tls: { termination: 'passthrough', insecureEdgeTerminationPolicy: null },
      },
    },
    'spec.alternateBackends[n-predictor].weight: expected 0, found 10',
    'spec.host: expected m.apps.example.com, found m.apps.elsewhere.example.com',
    'spec.port.targetPort: expected 8080, found "8080"',
    'spec.tls.insecureEdgeTerminationPolicy: expected Redirect, found nothing',
    'spec.tls.termination: expected edge, found passthrough',
  ),
  ofRoute(
    'a certificate that somebody put in: the key is not shown',
    { spec: { tls: { certificate: 'C', key: 'K' } } },
    'spec.tls.certificate: expected nothing, found C',
    'spec.tls.key: expected nothing, found (not shown)',
  ),
  ofRoute(
    'an allow-list that is left over, and no timeout',
    {
      metadata: {
        annotations: {
          'haproxy.router.openshift.io/ip_allowlist': '192.0.2.0/24',
          'haproxy.router.openshift.io/timeout': null,
        },
      },
    },
    'metadata.annotations[haproxy.router.openshift.io/ip_allowlist]: expected nothing, found 192.0.2.0/24',
    'metadata.annotations[haproxy.router.openshift.io/timeout]: expected 300s, found nothing',
  ),
  {
    name: "the router's defaults",
    key: 'Route/m',
    wants: plainRoute,
    is: merged(plainRoute, { spec: { to: { kind: 'Service', weight: 100 }, wildcardPolicy: 'None' } }) as Json,
  },
  {
    name: 'what a plain Route has not',
    key: 'Route/m',
    wants: plainRoute,
    is: merged(plainRoute, {
      metadata: { annotations: { 'haproxy.router.openshift.io/rewrite-target': '/' } },
      spec: { path: '/x', tls: { termination: 'edge' }, to: { weight: 5 }, alternateBackends: [{ name: 'n' }] },
    }) as Json,
    says: [
      'Route m, metadata.annotations[haproxy.router.openshift.io/rewrite-target]: expected nothing, found /',
      'Route m, spec.alternateBackends[n]: expected nothing, found {"name":"n"}',
      'Route m, spec.path: expected nothing, found /x',
      'Route m, spec.tls.termination: expected nothing, found edge',
      'Route m, spec.to.weight: expected 100, found 5',
    ],
  },
]

const policy: Json = {
  metadata: {},
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
}
const ofPolicy = (name: string, spec: Json, ...says: readonly string[]): Row => ({
  name,
  key: 'NetworkPolicy/p',
  wants: policy,
  is: merged(policy, { spec }) as Json,
  says: says.map((line) => `NetworkPolicy p, ${line}`),
})
const role: Json = {
  metadata: {},
  rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['cert'], verbs: ['get', 'list', 'watch'] }],
}
const binding: Json = {
  metadata: {},
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
  subjects: [{ kind: 'ServiceAccount', name: 'router', namespace: 'openshift-ingress' }],
}
const config = (data: Json): Json => ({ metadata: { namespace: 'redhat-ods-applications' }, data })
const ofConfig = (name: string, data: Json, ...says: readonly string[]): Row => ({
  name,
  key: 'ConfigMap/c',
  wants: config({
    deploy: '{"defaultDeploymentMode": "RawDeployment"}',
    ingress: '{"a": 1, "b": [1, {"c": ""}]}',
    security: '{"auto": false}',
  }),
  is: config({
    deploy: '{"defaultDeploymentMode":"RawDeployment"}',
    ingress: '{"b":[1,{"c":""}],"a":1}',
    security: '{ "auto": false }',
    _example: 'x',
    ...data,
  }),
  says: says.map((line) => `ConfigMap c, ${line}`),
})

const others: readonly Row[] = [
  ofPolicy('a NetworkPolicy', {}),
  ofPolicy(
    'one that admits more',
    {
      ingress: [{ from: [] }, {}],
      policyTypes: ['Egress', 'Ingress'],
      egress: [{}],
      podSelector: { matchLabels: { a: 'b' } },
    },
    'spec.egress: expected nothing, found [{}]',
    'spec.ingress: expected [{"from":[{"namespaceSelector":{"matchLabels":{"network.openshift.io/policy-group":"ingress"}}},{"podSelector":{}}]}], found [{"from":[]},{}]',
    'spec.podSelector.matchLabels: expected nothing, found {"a":"b"}',
    'spec.policyTypes: expected nothing, found ["Egress"]',
  ),
  ofPolicy(
    'one whose peers are others',
    {
      ingress: [
        { from: [{ namespaceSelector: { matchLabels: { a: 'b' } } }, { podSelector: {}, ipBlock: { cidr: '::/0' } }] },
      ],
    },
    'spec.ingress[0].from[0].namespaceSelector.matchLabels.a: expected nothing, found b',
    'spec.ingress[0].from[0].namespaceSelector.matchLabels[network.openshift.io/policy-group]: expected ingress, found nothing',
    'spec.ingress[0].from[1].ipBlock: expected nothing, found {"cidr":"::/0"}',
  ),
  { name: 'a Role', key: 'Role/r', wants: role, is: role },
  {
    name: 'a Role that allows more',
    key: 'Role/r',
    wants: role,
    is: { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }] },
    says: [
      'Role r, rules[0].resourceNames: expected ["cert"], found nothing',
      'Role r, rules[0].verbs: expected ["get","list","watch"], found ["*"]',
    ],
  },
  { name: 'a RoleBinding', key: 'RoleBinding/r', wants: binding, is: binding },
  {
    name: 'a RoleBinding for others',
    key: 'RoleBinding/r',
    wants: binding,
    is: merged(binding, {
      roleRef: { name: 's' },
      subjects: [{ kind: 'ServiceAccount', name: 'router', namespace: 'x' }],
    }) as Json,
    says: [
      'RoleBinding r, roleRef.name: expected r, found s',
      'RoleBinding r, subjects[0].namespace: expected openshift-ingress, found x',
    ],
  },
  { name: 'a namespace', key: 'Namespace/n', wants: { metadata: {} }, is: { metadata: { name: 'n' } } },
  { name: 'no namespace', key: 'Namespace/n', wants: { metadata: {} }, says: ['Namespace n is not there'] },
  ofConfig("KServe's configuration in other words", {}),
  ofConfig(
    "KServe's configuration that drifted",
    { ingress: '{"a": "1", "b": [1, {"c": "x"}], "new": {"y": true}}', deploy: null, security: '{}', more: 'no JSON' },
    'data.deploy: expected {"defaultDeploymentMode":"RawDeployment"}, found nothing',
    'data.ingress.a: expected 1, found "1"',
    'data.ingress.b[1].c: expected "", found x',
    'data.ingress.new: expected nothing, found {"y":true}',
    'data.more: expected nothing, found no JSON',
    'data.security.auto: expected false, found nothing',
  ),
  {
    name: 'a Deployment, with what KServe adds',
    key: 'Deployment/d',
    wants: { spec: { template: { spec: { containers: [{ name: 'kserve-container', image: 'a:2' }] } } } },
    is: {
      metadata: { generation: 2 },
      spec: {
        replicas: 1,
        template: {
          spec: {
            containers: [
              { name: 'modelcar', image: 'm' },
              { name: 'kserve-container', image: 'a:2', args: ['x'] },
            ],
          },
        },
      },
      status: { observedGeneration: 2 },
    },
  },
  {
    name: "yesterday's Deployment",
    key: 'Deployment/d',
    wants: {
      spec: {
        template: {
          metadata: { annotations: { 'internal.serving.kserve.io/storage-initializer-sourceuri': 'oci://m:2' } },
          spec: { containers: [{ name: 'kserve-container', image: 'a:2' }] },
        },
      },
    },
    is: {
      metadata: { generation: 3 },
      spec: {
        template: {
          metadata: { annotations: { 'internal.serving.kserve.io/storage-initializer-sourceuri': 'oci://m:1' } },
          spec: { containers: [{ name: 'kserve-container', image: 'a:1' }] },
        },
      },
      status: { observedGeneration: 2 },
    },
    says: [
      'Deployment d, spec.template.metadata.annotations[internal.serving.kserve.io/storage-initializer-sourceuri]: expected oci://m:2, found oci://m:1',
      'Deployment d, spec.template.spec.containers[kserve-container].image: expected a:2, found a:1',
      'Deployment d: its last change is not taken up yet',
    ],
  },
]

/** What the device's check and `edge verify --kubeconfig` must say, both, word for word. */
export const rows: readonly Row[] = [...services, ...runtimes, ...routes, ...others]
