import Type, { type Static, type TSchema } from 'typebox'

/**
 * The spec file, `edge.yaml`, as JSON Schema and as a type. This file is read at build time only: the build
 * compiles it to standalone code (`virtual:spec-validator`) and to the text that `edge schema` prints.
 *
 * `title` is the noun phrase that error messages use ("must be {title}"); `description` is what editors show.
 * No `anyOf`: where a field takes two forms, the keywords of each form apply to their own JSON type only, so that an
 * error names the one thing that is wrong.
 */

const definitions: Record<string, TSchema> = {}

/**
 * A part of the schema with rules of its own: they are compiled to a function, once for all places that use it, and V8 compiles
 * that only when a spec has such a part.
 */
const define = <S extends TSchema>(name: string, schema: S) => {
  definitions[name] = schema
  return Type.Unsafe<Static<S>>({ $ref: `#/definitions/${name}` })
}

/** Sources of a pod's volumes that a model may use. */
const volumeSources = [
  'configMap',
  'secret',
  'emptyDir',
  'persistentVolumeClaim',
  'projected',
  'downwardAPI',
  'csi',
  'hostPath',
] as const

const strict = { additionalProperties: false } as const

const dnsLabelPattern = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
const hostPattern = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$'

/** Annotations for editors; an empty object where the field's parent says enough. */
const described = (description?: string) => (description === undefined ? {} : { description })

const dnsLabel = (description?: string) =>
  Type.String({
    pattern: dnsLabelPattern,
    maxLength: 63,
    title: 'a DNS label: lower-case letters, digits and hyphens, at most 63 characters',
    ...described(description),
  })

const hostName = (description?: string) =>
  Type.String({
    pattern: hostPattern,
    maxLength: 253,
    title: 'a host name: labels of lower-case letters, digits and hyphens, joined by dots',
    ...described(description),
  })

const text = (description?: string) =>
  Type.String({ minLength: 1, title: 'a text that is not empty', ...described(description) })

const yesOrNo = (description: string) => Type.Boolean({ title: 'true or false', description })

/** A field of two forms: its value has the type `T`, its JSON type is one of `type`. */
const either = <T>(type: string[], title: string, rest: Record<string, unknown>) =>
  Type.Unsafe<T>({ type, title, ...rest })

/** A field that may also be null, which means its default. */
const nullable = <S extends TSchema>(schema: S) => {
  const { type, ...rest } = schema as unknown as { type: string }
  return Type.Unsafe<Static<S> | null>({ ...rest, type: [type, 'null'] })
}

/** A map with keys of the user's own. (Type.Record would match keys by `^.*$`, which lets a key with a newline through.) */
const mapOf = <S extends TSchema>(schema: S, rest: Record<string, unknown> = {}) =>
  Type.Unsafe<Record<string, Static<S>>>({ type: 'object', additionalProperties: schema, ...rest })

const stringMap = (description: string) => mapOf(Type.String(), { title: 'a map of texts', description })

const anyObject = (title: string, description?: string) =>
  Type.Unsafe<Record<string, unknown>>({ type: 'object', title, ...described(description) })

const jsonPatch = (description?: string) =>
  Type.Array(anyObject('an operation of a JSON patch (RFC 6902)'), {
    title: 'a list of JSON patch operations',
    ...described(description),
  })

/** A key in a Secret or a ConfigMap. */
const secretKey = () =>
  Type.String({
    pattern: '^[-._a-zA-Z0-9]+$',
    maxLength: 253,
    title: 'a key of letters, digits, dots, hyphens and underscores',
  })

/** A key of a Secret or a ConfigMap, as in a container. */
const keyRef = (kind: string) =>
  Type.Object(
    { name: hostName(`Name of the ${kind}.`), key: secretKey(), optional: Type.Optional(Type.Boolean()) },
    { ...strict, title: '{name, key}' },
  )

const env = Type.Array(
  Type.Object(
    {
      name: Type.String({ pattern: '^[-._a-zA-Z][-._a-zA-Z0-9]*$', title: "an environment variable's name" }),
      value: Type.Optional(Type.String({ title: 'a text (quote numbers and true or false)' })),
      valueFrom: Type.Optional(
        Type.Object(
          {
            secretKeyRef: Type.Optional(keyRef('Secret')),
            configMapKeyRef: Type.Optional(keyRef('ConfigMap')),
            fieldRef: Type.Optional(
              Type.Object(
                { fieldPath: text(), apiVersion: Type.Optional(text()) },
                { ...strict, title: '{fieldPath}' },
              ),
            ),
            resourceFieldRef: Type.Optional(
              Type.Object(
                { resource: text(), containerName: Type.Optional(text()), divisor: Type.Optional(text()) },
                { ...strict, title: '{resource}' },
              ),
            ),
          },
          {
            ...strict,
            minProperties: 1,
            maxProperties: 1,
            title: 'one of secretKeyRef, configMapKeyRef, fieldRef and resourceFieldRef',
            description: 'As in a container.',
          },
        ),
      ),
    },
    { ...strict, title: '{name, value} or {name, valueFrom}' },
  ),
  { title: 'a list of {name, value}', description: 'Environment variables, as in a container.' },
)

const quantities = Type.Record(
  Type.String(),
  either<string | number>(['string', 'number'], 'a quantity such as 500m, 4 or 8Gi', {}),
  { title: 'a map of quantities' },
)

const resources = Type.Object(
  { requests: Type.Optional(quantities), limits: Type.Optional(quantities) },
  { ...strict, title: '{requests, limits}', description: 'Requests and limits, as in a container.' },
)

/** A volume and its one mount; the source has the key that it has in a pod. */
const volume = Type.Object(
  {
    name: dnsLabel(),
    mountPath: Type.String({ pattern: '^/[^:]*$', title: 'an absolute path without a colon' }),
    readOnly: Type.Optional(Type.Boolean()),
    subPath: Type.Optional(Type.String()),
    ...Object.fromEntries(volumeSources.map((source) => [source, Type.Optional(anyObject(`a ${source} as in a pod`))])),
  },
  { ...strict, title: 'a volume: {name, mountPath, and one source such as configMap or emptyDir}' },
)

/** What a toleration takes, as in a pod. */
const toleration = Type.Object(
  {
    key: Type.Optional(Type.String()),
    operator: Type.Optional(Type.Unsafe<'Exists' | 'Equal'>({ enum: ['Exists', 'Equal'] })),
    value: Type.Optional(Type.String()),
    effect: Type.Optional(
      Type.Unsafe<'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'>({
        enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
      }),
    ),
    tolerationSeconds: Type.Optional(Type.Integer()),
  },
  { ...strict, title: 'a toleration as in a pod' },
)

export interface AcceleratorObject {
  readonly identifier: string
  readonly count?: number
  readonly tolerations?: readonly Static<typeof toleration>[]
  readonly nodeSelector?: Readonly<Record<string, string>>
}

export const acceleratorNames = ['none', 'nvidia', 'amd', 'gaudi'] as const
export type AcceleratorName = (typeof acceleratorNames)[number]

const accelerator = either<AcceleratorName | AcceleratorObject>(
  ['string', 'object'],
  'none, nvidia, amd, gaudi, or {identifier, count, tolerations, nodeSelector}',
  {
    description: 'The device that the model runs on. Default: none.',
    if: { type: 'string' },
    then: { enum: acceleratorNames },
    ...strict,
    required: ['identifier'],
    properties: {
      identifier: {
        type: 'string',
        pattern: '^[a-z0-9.-]+/[A-Za-z0-9._-]+$',
        title: 'a resource name such as nvidia.com/gpu',
      },
      count: { type: 'integer', minimum: 1, title: 'a whole number, 1 or more' },
      tolerations: { type: 'array', items: toleration },
      nodeSelector: { type: 'object', additionalProperties: { type: 'string' } },
    },
  },
)

const replicas = either<number | { readonly min: number; readonly max: number }>(
  ['integer', 'object'],
  'a whole number, 1 or more, or {min, max}',
  {
    description: 'How many pods serve the model. Default: 1.',
    minimum: 1,
    maximum: 10_000,
    ...strict,
    required: ['min', 'max'],
    properties: {
      min: { type: 'integer', minimum: 1, maximum: 10_000, title: 'a whole number, 1 or more' },
      max: { type: 'integer', minimum: 1, maximum: 10_000, title: 'a whole number, 1 or more' },
    },
  },
)

const format = either<string | { readonly name: string; readonly version?: string }>(
  ['string', 'object'],
  'a format name or {name, version}',
  {
    description: 'The model format, as the runtime names it: openvino_ir, onnx, vLLM, … See `edge runtimes`.',
    minLength: 1,
    ...strict,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, title: 'a text that is not empty' },
      version: { type: 'string', minLength: 1, title: 'a text (quote it: "1")' },
    },
  },
)

export const tlsModes = ['edge', 'reencrypt', 'passthrough', 'none'] as const
export type TlsMode = (typeof tlsModes)[number]

export interface ExposeObject {
  readonly host?: string | null
  readonly tls?: TlsMode
  readonly allowFrom?: readonly string[]
  readonly timeout?: string | null
  readonly certificateSecret?: string | null
}

const expose = either<boolean | ExposeObject>(['boolean', 'object'], 'true, false or {host, tls, …}', {
  description: 'The Route in front of the model. false: no Route.',
  ...strict,
  properties: {
    host: nullable(hostName('Default: MODEL-predictor-NAMESPACE.apps.BASEDOMAIN.')),
    tls: { enum: tlsModes, title: 'edge, reencrypt, passthrough or none', description: 'Default: edge.' },
    allowFrom: { type: 'array', items: { type: 'string' }, description: 'CIDRs that may call the model.' },
    timeout: {
      type: ['string', 'null'],
      title: 'a duration such as 30s or 5m',
      description: 'Default: 30s, 300s for generative servers.',
    },
    certificateSecret: nullable(hostName('A TLS Secret for the host.')),
  },
})

/** A question to a server of the Open Inference Protocol. */
const infer = define(
  'infer',
  Type.Object(
    {
      image: Type.Optional(text('A picture beside the spec, sent as a binary tensor; the server decodes it.')),
      input: Type.Optional(text('With image: name of the input. Default: "0".')),
      inputs: Type.Optional(
        Type.Array(
          Type.Object(
            {
              name: text(),
              shape: Type.Array(Type.Integer({ minimum: 0 })),
              datatype: Type.String({ pattern: '^[A-Z]+[0-9]*$', title: 'a datatype such as FP32, INT64 or BYTES' }),
              data: Type.Array(Type.Unknown()),
            },
            { ...strict, title: 'a tensor: {name, shape, datatype, data}' },
          ),
          { minItems: 1, title: 'a list of tensors: {name, shape, datatype, data}', description: 'Tensors, as JSON.' },
        ),
      ),
      model: Type.Optional(
        text(
          "The model's name in the path, where the server has another one (Triton: the folder). Default: the model's name.",
        ),
      ),
      output: Type.Optional(text('Name of the output that is looked at. Default: any.')),
      argmax: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 10_000_000,
          title: 'an index, 0 or more',
          description: 'Index of the largest value.',
        }),
      ),
      shape: Type.Optional(
        Type.Array(Type.Integer({ minimum: 0 }), {
          title: 'a list of whole numbers',
          description: "The output's shape.",
        }),
      ),
      values: Type.Optional(
        Type.Array(Type.Number(), { minItems: 1, title: 'a list of numbers', description: "The output's values." }),
      ),
      tolerance: Type.Optional(
        Type.Number({
          minimum: 0,
          title: 'a number, 0 or more',
          description: 'How far values may be from those given. Default: 0.001.',
        }),
      ),
    },
    { ...strict, title: '{image or inputs, argmax, shape or values}' },
  ),
)

/** A prompt to a generative server. */
const complete = define(
  'complete',
  Type.Object(
    {
      prompt: text('What is asked.'),
      contains: Type.Optional(text('A text that the answer has in it.')),
      maxTokens: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 4096,
          title: 'a whole number from 1 to 4096',
          description: 'Longest answer. Default: 16.',
        }),
      ),
      model: Type.Optional(
        text("The model's name in the request, where the server has another one (Caikit: the folder)."),
      ),
    },
    { ...strict, title: '{prompt, contains, maxTokens}' },
  ),
)

/** A request of the user's own. */
const request = define(
  'request',
  Type.Object(
    {
      method: Type.Optional(
        Type.Unsafe<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>({
          enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
          description: 'Default: POST with a body, else GET.',
        }),
      ),
      path: Type.String({ pattern: '^/', title: 'a path that begins with a slash', description: 'Path and query.' }),
      headers: Type.Optional(mapOf(Type.String(), { title: 'a map of texts', description: 'Header lines.' })),
      body: Type.Optional(
        either<string | Readonly<Record<string, unknown>> | readonly unknown[]>(
          ['string', 'object', 'array'],
          'a text, or a map or list that is sent as JSON',
          { description: 'A text, or a map or list that is sent as JSON.' },
        ),
      ),
      bodyFile: Type.Optional(text('A file beside the spec, sent as it is.')),
      expect: Type.Optional(
        Type.Object(
          {
            status: Type.Optional(
              Type.Integer({ minimum: 100, maximum: 599, title: 'an HTTP status', description: 'Default: 200.' }),
            ),
            contains: Type.Optional(text('A text that the answer has in it.')),
            json: Type.Optional(
              mapOf(Type.Unknown(), {
                title: 'a map of JSON pointers and values',
                description: 'JSON pointer into the answer → the value there.',
              }),
            ),
          },
          { ...strict, title: '{status, contains, json}' },
        ),
      ),
    },
    { ...strict, title: '{method, path, headers, body, expect}' },
  ),
)

/** The fields of a model beside its name; a site may change each of them. */
const modelFields = {
  source: define(
    'source',
    text(
      'Where the model is: oci://REGISTRY/REPOSITORY:TAG or @sha256:DIGEST, a ModelCar image; or a file beside the spec with one: oci-archive:PATH, docker-archive:PATH.',
    ),
  ),
  format: define('format', format),
  runtime: Type.Optional(
    define(
      'runtime',
      nullable(text('Name of the ServingRuntime. Default: the one runtime that fits format and accelerator.')),
    ),
  ),
  accelerator: Type.Optional(define('accelerator', accelerator)),
  args: Type.Optional(
    define(
      'args',
      Type.Array(Type.String({ title: 'a text (quote numbers and true or false)' }), {
        title: 'a list of texts',
        description: "Arguments, appended to the runtime's.",
      }),
    ),
  ),
  env: Type.Optional(define('env', env)),
  resources: Type.Optional(define('resources', resources)),
  replicas: Type.Optional(define('replicas', replicas)),
  strategy: Type.Optional(
    define(
      'strategy',
      Type.Unsafe<'Recreate' | 'RollingUpdate'>({
        enum: ['Recreate', 'RollingUpdate'],
        title: 'Recreate or RollingUpdate',
        description: 'Default: Recreate with an accelerator, else RollingUpdate.',
      }),
    ),
  ),
  imagePullSecrets: Type.Optional(
    define(
      'imagePullSecrets',
      Type.Array(hostName(), {
        title: 'a list of Secret names',
        description: 'Names of Secrets for private registries.',
      }),
    ),
  ),
  displayName: Type.Optional(define('displayName', nullable(text('A name for people.')))),
  labels: Type.Optional(define('labels', stringMap('Labels of the InferenceService and its pods.'))),
  annotations: Type.Optional(define('annotations', stringMap('Annotations of the InferenceService.'))),
  readiness: Type.Optional(
    define(
      'readiness',
      nullable(
        anyObject(
          'a readinessProbe as in a container',
          "A container's readinessProbe. Default: one that asks the server for the model, where it can.",
        ),
      ),
    ),
  ),
  shm: Type.Optional(
    define(
      'shm',
      nullable(text('Size of a memory-backed /dev/shm. Default: 2Gi and more with tensor parallel vLLM or SGLang.')),
    ),
  ),
  volumes: Type.Optional(
    define(
      'volumes',
      Type.Array(volume, {
        title: 'a list of volumes',
        description: 'Volumes with their mounts: {name, mountPath, configMap: {…}}.',
      }),
    ),
  ),
  serviceAccountName: Type.Optional(define('serviceAccountName', nullable(hostName('ServiceAccount of the pods.')))),
  servedName: Type.Optional(
    define(
      'servedName',
      nullable(
        Type.String({
          pattern: '^[A-Za-z0-9][A-Za-z0-9._/:-]*$',
          title: 'a name of letters, digits, dots, hyphens, underscores, slashes and colons',
          description: "vLLM, SGLang: the name that clients send, if not the model's name.",
        }),
      ),
    ),
  ),
  patch: Type.Optional(define('patch', jsonPatch('JSON patch on the InferenceService, for what has no field.'))),
  metrics: Type.Optional(
    define(
      'metrics',
      Type.Boolean({ title: 'true or false', description: 'prometheus.io/scrape on the pods. Default: true.' }),
    ),
  ),
  expose: Type.Optional(define('expose', expose)),
  auth: Type.Optional(
    define(
      'auth',
      Type.Object(
        {
          apiKeySecret: Type.Object(
            { name: hostName('Name of the Secret.'), key: secretKey() },
            { ...strict, title: '{name, key}' },
          ),
        },
        { ...strict, title: '{apiKeySecret: {name, key}}', description: 'vLLM only: an API key from a Secret.' },
      ),
    ),
  ),
  probes: Type.Optional(
    define(
      'probes',
      Type.Array(
        Type.Object(
          {
            infer: Type.Optional(infer),
            complete: Type.Optional(complete),
            chat: Type.Optional(complete),
            request: Type.Optional(request),
          },
          {
            ...strict,
            minProperties: 1,
            maxProperties: 1,
            title: 'one of {infer: …}, {complete: …}, {chat: …} and {request: …}',
          },
        ),
        {
          title: 'a list of probes',
          description:
            'Known questions with their known answers; readiness, name, counters and the unknown-model check always run as well.',
        },
      ),
    ),
  ),
}

const model = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
      maxLength: 48,
      title:
        "a model's name: lower-case letters, digits and hyphens, a letter first, at most 48 characters (KServe labels pods isvc.NAME-predictor, 63 at most)",
      description: 'Name of the InferenceService, and the name that clients send.',
    }),
    ...modelFields,
  },
  { ...strict, title: 'a model: {name, source, format, …}' },
)

/** What a site changes of a model: fields as in the model, null to leave the model out. A model that only the site has names source and format. */
const siteModel = nullable(
  Type.Object(
    {
      ...modelFields,
      source: Type.Optional(modelFields.source),
      format: Type.Optional(modelFields.format),
      argsReplace: Type.Optional(
        Type.Array(Type.String({ title: 'a text (quote numbers and true or false)' }), {
          title: 'a list of texts',
          description: "In place of the model's args.",
        }),
      ),
    },
    { ...strict, title: 'what differs for the model, or null to leave it out' },
  ),
)

const bootc = Type.Object(
  {
    from: Type.Optional(text('Base image of the bootc image. Default: registry.redhat.io/rhel9/rhel-bootc:9.6.')),
    install: Type.Optional(
      yesOrNo('Whether the RPMs of MicroShift are installed. false: the base has them. Default: true.'),
    ),
    packages: Type.Optional(Type.Array(text('An RPM.'), { title: 'a list of packages', description: 'More RPMs.' })),
    embed: Type.Optional(
      Type.Object(
        {
          core: Type.Optional(yesOrNo("MicroShift's own images. Default: true.")),
          kserve: Type.Optional(
            Type.Unsafe<'needed' | 'all'>({
              enum: ['needed', 'all'],
              title: 'needed or all',
              description: "needed: KServe's controller. all: all images of KServe. Default: needed.",
            }),
          ),
          runtimes: Type.Optional(yesOrNo('The images of the ServingRuntimes in use. Default: true.')),
          models: Type.Optional(yesOrNo('The models. Default: true.')),
        },
        {
          ...strict,
          title: '{core, kserve, runtimes, models}',
          description: 'Which images travel in the bootc image.',
        },
      ),
    ),
    greenboot: Type.Optional(yesOrNo('Whether the device checks its health after an update. Default: true.')),
    sites: Type.Optional(
      text(
        'none: the base; NAME: that site; all: every overlay travels in the image, the device picks its own. Default: none.',
      ),
    ),
    siteFallback: Type.Optional(
      text("For a device of no known site, with sites: all: base, none, or a site's name. Default: base."),
    ),
  },
  { ...strict, title: '{from, install, embed, …}', description: 'The image build.' },
)

export const specSchema = Type.Object(
  {
    apiVersion: Type.Unsafe<'edge.microshift.dev/v1alpha1'>({
      enum: ['edge.microshift.dev/v1alpha1'],
      title: 'edge.microshift.dev/v1alpha1',
    }),
    kind: Type.Unsafe<'EdgeBundle'>({ enum: ['EdgeBundle'], title: 'EdgeBundle' }),
    metadata: Type.Object(
      { name: dnsLabel('Name of the bundle; names the manifest directories.') },
      { ...strict, title: '{name}' },
    ),
    spec: Type.Optional(
      Type.Object(
        {
          payload: Type.Optional(
            either<string | { readonly path: string }>(
              ['string', 'object'],
              'a release such as "4.20.0" (quoted) or {path: DIR}',
              {
                description:
                  'An embedded release (default: the newest), or {path: DIR}: a tree as the RPMs install it.',
                minLength: 1,
                ...strict,
                required: ['path'],
                properties: { path: { type: 'string', minLength: 1, title: 'a directory' } },
              },
            ),
          ),
          namespace: Type.Optional(dnsLabel('Namespace of the workload, made by the bundle. Default: metadata.name.')),
          baseDomain: Type.Optional(hostName("The device's dns.baseDomain. Default: example.com.")),
          images: Type.Optional(
            mapOf(text('An image reference.'), {
              title: 'a map of image references',
              description:
                'Placeholder or reference → reference: for keys that the release-info lacks, and for mirrors.',
            }),
          ),
          runtimes: Type.Optional(
            Type.Array(text('A file.'), {
              title: 'a list of files',
              description: "ServingRuntimes of the user's own: files beside the spec.",
            }),
          ),
          runtimePatches: Type.Optional(
            mapOf(jsonPatch(), { description: 'JSON patches on the copied ServingRuntimes.' }),
          ),
          extraImages: Type.Optional(
            Type.Array(text('An image reference.'), {
              title: 'a list of image references',
              description: 'Also embedded and listed.',
            }),
          ),
          extraManifests: Type.Optional(
            Type.Array(text('A file or folder.'), {
              description: 'Files or folders beside the spec, applied with the models.',
            }),
          ),
          secrets: Type.Optional(
            define(
              'secrets',
              Type.Array(
                Type.Object(
                  { name: hostName(), key: secretKey(), deviceFile: text() },
                  { ...strict, title: '{name, key, deviceFile}' },
                ),
                {
                  description: 'Secrets that the device makes from files of its own.',
                },
              ),
            ),
          ),
          mirrors: Type.Optional(stringMap('Registry or repository → where a device finds it.')),
          models: Type.Optional(Type.Array(model, { title: 'a list of models', description: 'The models to serve.' })),
          endpoints: Type.Optional(
            define(
              'endpoints',
              Type.Array(
                Type.Object(
                  {
                    name: dnsLabel(),
                    to: mapOf(Type.Integer({ minimum: 0 })),
                    expose: Type.Optional(modelFields.expose),
                  },
                  { ...strict, title: '{name, to}' },
                ),
                { description: 'Stable names in front of models.' },
              ),
            ),
          ),
          kserve: Type.Optional(
            define(
              'kserve',
              Type.Object(
                {
                  config: Type.Optional(
                    anyObject('a JSON merge patch per key', 'JSON merge patch per key of inferenceservice-config.'),
                  ),
                },
                { ...strict, title: '{config}' },
              ),
            ),
          ),
          bootc: Type.Optional(define('bootc', bootc)),
          device: Type.Optional(
            define(
              'device',
              Type.Object(
                {
                  cpu: Type.Optional(either<string | number>(['string', 'number'], 'a quantity', {})),
                  memory: Type.Optional(either<string | number>(['string', 'number'], 'a quantity', {})),
                  storage: Type.Optional(either<string | number>(['string', 'number'], 'a quantity', {})),
                  accelerators: Type.Optional(mapOf(Type.Integer({ minimum: 0 }))),
                },
                { ...strict, description: 'What a device has.' },
              ),
            ),
          ),
          sites: Type.Optional(
            define(
              'sites',
              Type.Array(
                Type.Object(
                  {
                    name: dnsLabel(),
                    baseDomain: Type.Optional(hostName()),
                    models: Type.Optional(
                      mapOf(siteModel, {
                        title: 'a map of model names',
                        description:
                          'What differs, by model. args are appended, argsReplace replaces them; null leaves the model out.',
                      }),
                    ),
                  },
                  { ...strict, title: '{name, …}' },
                ),
                { description: 'Overlays: what differs from place to place.' },
              ),
            ),
          ),
          fleet: Type.Optional(anyObject('{flightctl, ansible, argocd, job}', 'What to emit beside the bundle.')),
          validate: Type.Optional(
            define(
              'validate',
              Type.Object(
                {
                  ignore: Type.Optional(
                    Type.Array(
                      Type.Object(
                        { id: text('Code of a warning.'), reason: text('Why it does not matter here.') },
                        { ...strict, title: '{id, reason}' },
                      ),
                      {
                        description: 'Warnings that are known and accepted.',
                      },
                    ),
                  ),
                },
                { ...strict, title: '{ignore}' },
              ),
            ),
          ),
        },
        { ...strict, title: 'the fields of the bundle' },
      ),
    ),
  },
  {
    ...strict,
    definitions,
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'an EdgeBundle',
    description: 'Spec file of edge: AI models on MicroShift.',
  },
)

/** A spec that the schema accepts. */
export type SpecFile = Static<typeof specSchema>
export type SpecBody = NonNullable<SpecFile['spec']>
export type ModelSpec = NonNullable<SpecBody['models']>[number]
export type SiteSpec = NonNullable<SpecBody['sites']>[number]
export type EndpointSpec = NonNullable<SpecBody['endpoints']>[number]
export type SiteModelSpec = NonNullable<Static<typeof siteModel>>
