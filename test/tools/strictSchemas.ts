import type { AnySchemaObject } from 'ajv'

const text = { type: 'string', minLength: 1 }
const texts = { type: 'array', items: text, minItems: 1 }
const textMap = { type: 'object', additionalProperties: { type: 'string' } }
const port = { type: ['integer', 'string'], minimum: 1, maximum: 65535, minLength: 1 }

/** An object that has these fields and no other. */
const strict = (
  properties: Readonly<Record<string, AnySchemaObject>>,
  required: readonly string[] = [],
): AnySchemaObject => ({ type: 'object', properties, required, additionalProperties: false })
const list = (items: AnySchemaObject, minItems = 1): AnySchemaObject => ({ type: 'array', items, minItems })

/** What of metadata belongs into a manifest: nothing that a cluster writes. */
export const metadataSchema = strict({ name: text, namespace: text, labels: textMap, annotations: textMap }, ['name'])

const object = (
  apiVersion: string,
  kind: string,
  fields: Readonly<Record<string, AnySchemaObject>>,
  required = Object.keys(fields),
): [string, AnySchemaObject] => [
  kind,
  strict({ apiVersion: { const: apiVersion }, kind: { const: kind }, metadata: metadataSchema, ...fields }, [
    'apiVersion',
    'kind',
    'metadata',
    ...required,
  ]),
]

/** github.com/openshift/api, route/v1/types.go; the rules of TLS: openshift/library-go, pkg/route/validation. */
const backend = strict(
  { kind: { const: 'Service' }, name: text, weight: { type: 'integer', minimum: 0, maximum: 256 } },
  ['kind', 'name'],
)
const certificates = {
  certificate: text,
  key: text,
  caCertificate: text,
  externalCertificate: strict({ name: text }, ['name']),
}
const tls = strict(
  {
    termination: { enum: ['edge', 'reencrypt', 'passthrough'] },
    insecureEdgeTerminationPolicy: { enum: ['Allow', 'Disable', 'None', 'Redirect'] },
    ...certificates,
    destinationCACertificate: text,
  },
  ['termination'],
)
const refuse = (fields: readonly string[]) => ({ properties: Object.fromEntries(fields.map((name) => [name, false])) })
const terminates = (...ways: string[]) => ({ properties: { termination: { enum: ways } } })
const route = {
  ...strict(
    {
      host: {
        type: 'string',
        maxLength: 253,
        pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$',
      },
      path: { type: 'string', pattern: '^/' },
      to: backend,
      alternateBackends: { ...list(backend), maxItems: 3 },
      port: strict({ targetPort: port }, ['targetPort']),
      tls: {
        ...tls,
        allOf: [
          {
            if: terminates('passthrough'),
            then: {
              ...refuse(Object.keys(certificates)),
              allOf: [{ properties: { insecureEdgeTerminationPolicy: { enum: ['Disable', 'None', 'Redirect'] } } }],
            },
          },
          { if: terminates('edge', 'passthrough'), then: refuse(['destinationCACertificate']) },
          { if: { required: ['externalCertificate'] }, then: refuse(['certificate', 'key']) },
        ],
      },
      wildcardPolicy: { enum: ['None', 'Subdomain'] },
    },
    ['host', 'to', 'port'],
  ),
  // A router that does not end TLS sees no path.
  if: { required: ['tls'], properties: { tls: terminates('passthrough') } },
  then: refuse(['path']),
}

/** k8s.io/api networking/v1. A rule without `from` admits everyone: edge writes none. */
const expression = strict({ key: text, operator: { enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'] }, values: texts }, [
  'key',
  'operator',
])
const selector = strict({ matchLabels: textMap, matchExpressions: list(expression) })
const peer = {
  ...strict({
    podSelector: selector,
    namespaceSelector: selector,
    ipBlock: strict({ cidr: text, except: texts }, ['cidr']),
  }),
  minProperties: 1,
}
const policyPort = strict({
  protocol: { enum: ['TCP', 'UDP', 'SCTP'] },
  port,
  endPort: { type: 'integer', minimum: 1, maximum: 65535 },
})
const networkPolicy = strict(
  {
    podSelector: selector,
    policyTypes: list({ enum: ['Ingress', 'Egress'] }),
    ingress: list(strict({ from: list(peer), ports: list(policyPort) }, ['from']), 0),
  },
  ['podSelector', 'policyTypes'],
)

/** k8s.io/api rbac/v1. */
const rbac = 'rbac.authorization.k8s.io'
const rule = strict(
  {
    apiGroups: { type: 'array', items: { type: 'string' }, minItems: 1 },
    resources: texts,
    resourceNames: texts,
    verbs: texts,
  },
  ['apiGroups', 'resources', 'verbs'],
)
const subject = {
  ...strict(
    { kind: { enum: ['ServiceAccount', 'User', 'Group'] }, name: text, namespace: text, apiGroup: { type: 'string' } },
    ['kind', 'name'],
  ),
  if: { properties: { kind: { const: 'ServiceAccount' } } },
  then: { required: ['namespace'], properties: { apiGroup: { const: '' } } },
  else: { properties: { apiGroup: { const: rbac }, namespace: false } },
}
const roleRef = strict({ apiGroup: { const: rbac }, kind: { enum: ['Role', 'ClusterRole'] }, name: text }, [
  'apiGroup',
  'kind',
  'name',
])

/** sigs.k8s.io/kustomize/api types/kustomization.go: the fields that edge uses. */
const patch = {
  ...strict({
    patch: text,
    path: text,
    target: strict({ group: text, version: text, kind: text, name: text, namespace: text }),
  }),
  minProperties: 1,
}
const kustomization = strict(
  {
    apiVersion: { const: 'kustomize.config.k8s.io/v1beta1' },
    kind: { const: 'Kustomization' },
    namespace: text,
    resources: texts,
    patches: list(patch),
  },
  ['apiVersion', 'kind', 'resources'],
)

/** Written by hand after the API's types, and strict, since no payload has a schema of these: kind → schema. */
export const strictSchemas: ReadonlyMap<string, AnySchemaObject> = new Map([
  object('v1', 'Namespace', {}),
  object('v1', 'ConfigMap', { data: textMap, binaryData: textMap, immutable: { type: 'boolean' } }, []),
  object('networking.k8s.io/v1', 'NetworkPolicy', { spec: networkPolicy }),
  object(`${rbac}/v1`, 'Role', { rules: list(rule) }),
  object(`${rbac}/v1`, 'RoleBinding', { roleRef, subjects: list(subject) }),
  object('route.openshift.io/v1', 'Route', { spec: route }),
  ['Kustomization', kustomization],
])
