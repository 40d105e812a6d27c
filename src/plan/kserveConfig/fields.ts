/** What KServe reads a field as. A quantity and an image are texts. */
export type FieldType = 'text' | 'boolean' | 'integer' | 'texts' | 'map' | 'quantity' | 'image'

type Fields = Readonly<Record<string, FieldType>>

const resources: Fields = {
  cpuRequest: 'quantity',
  cpuLimit: 'quantity',
  memoryRequest: 'quantity',
  memoryLimit: 'quantity',
}
const container: Fields = { image: 'image', ...resources }
const below = (name: string, fields: Fields): Fields => ({
  [name]: 'map',
  ...Object.fromEntries(Object.entries(fields).map(([field, type]) => [`${name}/${field}`, type])),
})
const allTexts = (...names: readonly string[]): Fields => Object.fromEntries(names.map((name) => [name, 'text']))

/**
 * The fields that KServe reads of each key of inferenceservice-config; it ignores others without a word. Nested ones are
 * `headers/propagate`. Source: facts/kserve.md, inferenceservice-config; types: KServe's pkg/apis/serving/v1beta1/configmap.go,
 * pkg/webhook/admission/pod and pkg/credentials. What a key without fields holds, only a payload tells.
 */
export const kserveConfigFields: ReadonlyMap<string, Fields> = new Map<string, Fields>(
  Object.entries({
    deploy: { defaultDeploymentMode: 'text' },
    ingress: {
      ...allTexts(
        'kserveIngressGateway',
        'ingressGateway',
        'knativeLocalGatewayService',
        'localGateway',
        'localGatewayService',
        'ingressDomain',
        'ingressClassName',
        'domainTemplate',
        'urlScheme',
        'pathTemplate',
      ),
      enableGatewayApi: 'boolean',
      additionalIngressDomains: 'texts',
      disableIstioVirtualHost: 'boolean',
      disableIngressCreation: 'boolean',
    },
    storageInitializer: {
      ...container,
      cpuModelcar: 'quantity',
      memoryModelcar: 'quantity',
      enableModelcar: 'boolean',
      uidModelcar: 'integer',
      ...allTexts('caBundleConfigMapName', 'caBundleVolumeMountPath'),
      enableDirectPvcVolumeMount: 'boolean',
    },
    logger: { ...container, ...allTexts('defaultUrl', 'caBundle', 'caCertFile'), tlsSkipVerify: 'boolean' },
    batcher: { ...container, ...allTexts('maxBatchSize', 'maxLatency') },
    agent: container,
    router: {
      ...container,
      ...below('headers', { propagate: 'texts' }),
      imagePullPolicy: 'text',
      imagePullSecrets: 'texts',
    },
    inferenceService: {
      serviceAnnotationDisallowedList: 'texts',
      serviceLabelDisallowedList: 'texts',
      ...below('resource', resources),
    },
    security: { autoMountServiceAccountToken: 'boolean' },
    service: { serviceClusterIPNone: 'boolean' },
    metricsAggregator: allTexts('enableMetricAggregation', 'enablePrometheusScraping'),
    localModel: {
      enabled: 'boolean',
      jobNamespace: 'text',
      defaultJobImage: 'image',
      fsGroup: 'integer',
      jobTTLSecondsAfterFinished: 'integer',
      reconcilationFrequencyInSecs: 'integer',
      disableVolumeManagement: 'boolean',
    },
    multiNode: { customGPUResourceTypeList: 'texts' },
    oauthProxy: { ...container, oauthProxyImage: 'image', kubeRbacProxyImage: 'image', upstreamTimeoutSeconds: 'text' },
    // The image is without its tag there, which is a field of its own.
    explainers: below('art', allTexts('image', 'defaultImageVersion')),
    credentials: {
      ...allTexts('storageSpecSecretName', 'storageSecretNameAnnotation'),
      ...below('gcs', allTexts('gcsCredentialFileName')),
      ...below(
        's3',
        allTexts(
          's3AccessKeyIDName',
          's3SecretAccessKeyName',
          's3Endpoint',
          's3UseHttps',
          's3Region',
          's3VerifySSL',
          's3UseVirtualBucket',
          's3UseAccelerate',
          's3UseAnonymousCredential',
          's3CABundle',
        ),
      ),
    },
    opentelemetryCollector: {},
    autoscaler: {},
  } satisfies Record<string, Fields>),
)

/** Keys whose containers KServe adds to pods: without all four quantities it admits no pod. Source: facts/kserve.md. */
export const keysWithContainer: readonly string[] = ['storageInitializer', 'logger', 'batcher', 'agent']

/** Keys that cannot be taken away. */
export const requiredKeys: readonly string[] = ['deploy', 'ingress', ...keysWithContainer]
