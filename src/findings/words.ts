import { type Because, inWords } from './because.ts'
import type { PatchProblem, Shape } from '../kubernetes/patchProblem.ts'
import type { ReferenceProblem } from '../oci/reference.ts'
import { didYouMean, orList } from './near.ts'

/**
 * Every kind of problem, its severity and its words, in one place. `message` says what is wrong, in one sentence without
 * a full stop; `help` says what to do. Codes are names that users put into `spec.validate.ignore`: never rename one.
 */
interface Words<A> {
  readonly severity: 'error' | 'warning'
  readonly message: (args: A) => string
  readonly help?: (args: A) => string | undefined
}

const error = <A>(message: (args: A) => string, help?: (args: A) => string | undefined): Words<A> => ({
  severity: 'error',
  message,
  ...(help && { help }),
})
const warning = <A>(message: (args: A) => string, help?: (args: A) => string | undefined): Words<A> => ({
  severity: 'warning',
  message,
  ...(help && { help }),
})

/** A value as it is shown in a sentence: quoted, shortened, a list or map by its kind alone. */
export const shown = (value: unknown): string => {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'a map'
  const text = JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 117)}…` : text
}

/** An image as somebody asks for it. */
interface ImageArgs {
  readonly image: string
  /** Who asks: `model granite`, `runtime kserve-ovms, container kserve-container`. */
  readonly by: string
  /** Whether spec.images put it there already. */
  readonly replaced?: boolean
  /** Whether it stands in an object that stays as it is: spec.images has no say there. */
  readonly literal?: boolean
}

/** What a value should be: as the schema's title says, one of those that are known, or what no schema can say. */
export type ExpectedValue = { readonly title: string } | { readonly longestName: number } | 'one-of' | 'gateway'

/** What a value of KServe's configuration may have to be, in words. */
const kserveTypes = {
  text: 'a text',
  image: 'an image reference',
  quantity: 'a quantity as a text',
  boolean: 'a boolean',
  integer: 'a whole number',
  number: 'a number',
  texts: 'a list of texts',
  list: 'a list',
  map: 'a map of fields',
  anything: 'anything',
} as const
export type KserveType = keyof typeof kserveTypes

export interface Candidate {
  readonly runtime: string
  readonly why: Because
}

const ownedArgumentWords = {
  port: 'the Route, the probes and the Service follow the port of the ServingRuntime; change it with runtimePatches',
  model: 'KServe puts the model there',
  key: 'every `ps` shows it; use auth',
  'bare-key':
    'every `ps` shows it, and the server takes it in no other way; restrict who may call with expose.allowFrom',
  name: "clients send the InferenceService's name",
} as const

const unresolvedWords = {
  missing: 'nothing in extraManifests has that path',
  folder: 'it is a folder',
  'no-kustomization': 'the folder has no kustomization',
  'too-many': 'with it there are more folders than any kustomization takes',
  loop: 'it leads back to itself',
  'no-yaml': 'it is no valid YAML',
} as const

/** Why what a kustomization of the user's names cannot be taken. */
export type UnresolvedReason = keyof typeof unresolvedWords

/** Why a source cannot be served: of another kind than an image, of a kind that KServe here does not know, or not written as one. */
export type SourceProblem = 'modelcar' | 'oci-native' | 'docker' | 'oci-spelling' | 'no-scheme'

const sourceHelp = (source: string, why: SourceProblem): string => {
  switch (why) {
    case 'modelcar':
      return 'MicroShift supports models as OCI images alone: pack it as a ModelCar and write oci://REGISTRY/REPOSITORY:TAG'
    case 'oci-native':
      return 'KServe in this payload does not know oci+native: write oci://'
    case 'docker':
      return 'write oci:// for an image in a registry'
    case 'oci-spelling':
      return 'write oci:// in lower case, with two slashes'
    case 'no-scheme':
      return `for an image in a registry write oci://${source}`
  }
}

/** Why the user may not set them. */
const ownedKeyWords = {
  'serving.kserve.io/deploymentMode': 'MicroShift knows RawDeployment alone, and edge sets it',
  'serving.kserve.io/autoscalerClass': 'it follows from replicas',
  'serving.kserve.io/enable-prometheus-scraping': 'it moves the metrics to a port that no server here has; use metrics',
  'prometheus.io/scrape': 'use metrics',
  'security.opendatahub.io/enable-auth': 'it needs a token review that MicroShift lacks; use auth for vLLM',
  'networking.kserve.io/visibility': 'KServe would wait for a Route that nobody makes; use expose',
  'openshift.io/display-name': 'use displayName',
} as const

const shapeWords: Readonly<Record<Shape, string>> = {
  map: 'a map',
  list: 'a list',
  text: 'a text',
  texts: 'a list of texts',
  number: 'a whole number',
  containers: 'a list of containers, each with a name and fields as in a pod',
  variables: 'a list of {name, value}',
  'named-maps': 'a list of maps with a name',
  ports: 'a list of ports with containerPort',
  quantities: 'a map of quantities',
}

const patchProblemWords = (problem: PatchProblem): string => {
  switch (problem.is) {
    case 'identity':
      return 'it changes apiVersion, kind or name'
    case 'nothing-left':
      return 'nothing is left of it'
    case 'too-large':
      return 'it makes more of it than any object holds'
    case 'undoes-itself':
      return 'what follows from its result (the strategy, the readiness probe) is not what it was applied to: set strategy and readiness'
    case 'owned':
      return `it changes ${problem.field}: set ${problem.set}`
    case 'key-taken':
      return 'it takes the API key away, and the model would be open to everyone'
    case 'missing':
      return `it takes ${problem.field} away`
    case 'shape':
      return `${problem.field} is not ${shapeWords[problem.expected]}`
    case 'malformed':
      return inWords(problem.why)
    case 'not-applicable':
      return problem.text
  }
}

export const words = {
  // The file as a file
  'yaml-syntax': error(({ reason }: { reason: string }) => `this is no valid YAML: ${reason}`),
  'yaml-documents': error(
    ({ count }: { count: number }) =>
      count === 0 ? 'the file is empty' : `the file holds ${count} YAML documents, one is expected`,
    () => 'start with `edge generate --example ovms-resnet50`, or see the examples in the package',
  ),

  // The schema
  'unknown-field': error(
    ({ field, parent }: { field: string; parent: string; known: readonly string[] }) =>
      `unknown field ${shown(field)} in ${parent || 'the spec file'}`,
    ({ field, known }) => didYouMean(field, known) ?? `known fields: ${known.join(', ')}`,
  ),
  'missing-field': error(
    ({ field, parent }: { field: string; parent: string }) => `${parent || 'the spec file'} needs the field "${field}"`,
    ({ field }) => (field === 'format' ? '`edge runtimes` lists the formats' : undefined),
  ),
  'wrong-type': error(
    ({ value, expected }: { value: unknown; expected: string; allowed: readonly string[] }) =>
      `${shown(value)} is not ${expected}`,
    ({ value, allowed }) => wrongTypeHelp(value, allowed),
  ),
  'bad-value': error(
    ({ value, expected, known }: { value: unknown; expected: ExpectedValue; known: readonly string[] }) =>
      `${shown(value)} is not ${expectedValue(expected, known)}`,
    ({ value, known }) => (typeof value === 'string' ? didYouMean(value, known) : undefined),
  ),
  'not-supported-yet': error(
    ({ field, scheme }: { field: string; scheme?: string }) =>
      `"${field}${scheme === undefined ? '' : `: ${scheme}:`}" is not supported yet by this version of edge`,
    () => 'remove it: nothing is accepted and then ignored',
  ),

  // Names
  'duplicate-model': error(
    ({ name }: { name: string; first: string }) => `there is a model "${name}" already`,
    ({ first }) => `the first one is at ${first}: give each model a name of its own`,
  ),
  'reserved-namespace': error(
    ({ namespace, why }: { namespace: string; why: Because }) =>
      `the workload cannot live in the namespace "${namespace}": ${inWords(why)}`,
    () => 'set spec.namespace to a namespace of its own, such as ai-demo',
  ),
  'host-label-too-long': error(
    ({ label, length }: { label: string; length: number }) =>
      `the model's host would begin with "${label}", a label of ${length} characters, and 63 is the limit`,
    () => 'shorten the name of the model or the namespace, or set expose.host',
  ),
  'host-too-long': error(
    ({ host }: { host: string }) => `the host "${host}" is longer than 253 characters`,
    () => 'shorten spec.baseDomain, or set expose.host',
  ),
  'duplicate-host': error(
    ({ host, first }: { host: string; first: string }) => `the host "${host}" is the host of "${first}" already`,
    () => 'the router serves one Route for a host: give each its own',
  ),

  // Probes
  'probe-file': error(
    ({ path, why }: { path: string; why: Because }) => `the file ${shown(path)} cannot be used: ${inWords(why)}`,
    () => 'give a file beside the spec',
  ),
  'probe-picture': warning(
    ({ path, begins }: { path: string; begins: string }) =>
      `${shown(path)} begins with ${shown(begins)}, which is no picture that OpenCV reads`,
    () => 'give a JPEG, PNG, BMP, TIFF or WebP file (one that is kept by git-lfs must be fetched first)',
  ),
  'probe-server': error(
    ({ field, server, http }: { field: string; server: string; answers: readonly string[]; http: boolean }) =>
      http
        ? `a server of the kind "${server}" has no answer to "${field}"`
        : `the runtime serves gRPC, and probes ask by HTTP`,
    ({ answers, http }) =>
      !http
        ? undefined
        : answers.length === 0
          ? 'ask a request: {method, path, headers, body, expect}'
          : `ask ${orList(answers)}, or a request`,
  ),
  'probe-none': warning(
    ({ http }: { http: boolean }) =>
      http
        ? 'edge knows no question for the server of this model: nothing will prove that it serves'
        : 'the runtime serves gRPC, and probes ask by HTTP: nothing will prove that it serves',
    ({ http }) => (http ? 'give one: probes: [{request: {path: /…, expect: {…}}}]' : undefined),
  ),
  'probe-no-input': error(
    (_: object) => 'nothing is given to infer',
    () => 'give image, or inputs: [{name, shape, datatype, data}]',
  ),
  'probe-shape': error(
    ({ shape, size, count }: { shape: readonly number[]; size: number; count: number }) =>
      `the shape [${shape.join(', ')}] has ${size} ${size === 1 ? 'value' : 'values'}, and data has ${count}`,
  ),
  'probe-two': error(
    ({ fields }: { fields: readonly string[] }) => `${fields.join(' and ')} are both given`,
    () => 'give one',
  ),
  'probe-needs': error(
    ({ field, needs }: { field: string; needs: string }) => `"${field}" says nothing without "${needs}"`,
    ({ field, needs }) => `give ${needs}, or leave ${field} out`,
  ),
  'probe-header': error(
    ({ name, why }: { name: string; why: Because }) => `a probe cannot send the header ${shown(name)}: ${inWords(why)}`,
  ),
  'probe-path': error(
    ({ path }: { path: string }) => `the path ${shown(path)} has a #, which no request carries`,
    () => 'write %23 for a # in a path',
  ),
  'probe-get-body': error(
    (_: object) => 'a GET has no body',
    () => 'leave method out, and it is POST',
  ),
  'probe-pointer': error(
    ({ text }: { text: string }) => `${shown(text)} is no JSON pointer`,
    () => 'as in /outputs/0/name',
  ),
  'probe-script-name': error(
    ({ name }: { name: string }) => `a model cannot be named "${name}": probes/${name}.sh is the script for all models`,
    () => 'give it another name',
  ),

  // References and sources
  'bad-reference': error(
    ({ text, problem }: { text: string; problem: ReferenceProblem }) =>
      `${shown(text)} is no image reference: ${referenceProblem(problem)}`,
    ({ problem }) => referenceHelp(problem),
  ),
  'source-scheme': error(
    ({ source }: { source: string; why: SourceProblem }) =>
      `the source ${shown(source)} cannot be served on MicroShift`,
    ({ source, why }) => sourceHelp(source, why),
  ),
  'source-archive': error(
    ({ transport, path, why }: { transport: string; path: string; why: Because; images?: readonly string[] }) =>
      `the ${transport} ${shown(path)} cannot be used: ${inWords(why)}`,
    ({ transport, path, images }) =>
      images === undefined || images.length === 0
        ? `give a file beside the spec, as \`skopeo copy docker://IMAGE ${transport}:FILE\` writes it`
        : `name one of them: ${images
            .slice(0, 10)
            .map((image) => `${transport}:${path}:${image}`)
            .join(', ')}`,
  ),
  'image-latest': error(
    ({ image, by }: ImageArgs) =>
      `${by} asks for ${image}, and an image tagged latest, or without a tag, is pulled at each start: one on the device would not be used`,
    ({ image, replaced, literal }) =>
      `name a digest or another tag, ${replaced === true || literal === true ? 'here' : `here or in spec.images: {"${image}": REFERENCE}`}`,
  ),
  'image-without-digest': warning(
    ({ image, by }: ImageArgs) =>
      `${by} asks for ${image}, a tag without a digest: what it names can change between two builds`,
    ({ image, replaced, literal }) =>
      `name a digest, ${replaced === true || literal === true ? 'here' : `here or in spec.images: {"${image}": REFERENCE@sha256:…}`}`,
  ),
  'image-placeholder': error(
    ({ image, by }: ImageArgs & { known: readonly string[] }) =>
      `${by} asks for the image "${image}", for which the release-info has no reference`,
    ({ image, known }) =>
      `set spec.images: {${image}: REFERENCE}; ${didYouMean(image, known) ?? `the release-info has ${known.join(', ')}`}`,
  ),
  'extra-remote': warning(
    ({ address }: { address: string }) =>
      `the kustomization takes ${shown(address)} from the network at each start of MicroShift, and its images are in no list`,
    () => 'keep a copy of it beside the spec',
  ),
  'extra-unresolved': error(
    ({ path, why }: { path: string; why: UnresolvedReason }) =>
      `the kustomization takes ${shown(path)}, and kustomize would stop there: ${unresolvedWords[why]}`,
    () => 'correct it, or add the file or folder to extraManifests',
  ),
  'extra-kustomize-feature': error(
    ({ feature }: { feature: string }) =>
      `the kustomization uses ${feature}: edge cannot follow what that makes of images, and one on the device could be missing`,
    () => 'write the result down (`kubectl kustomize DIR`) and name that file in extraManifests, or drop it',
  ),
  'extra-storage-uri': warning(
    ({ object, source }: { object: string; source: string }) =>
      `${object} takes its model from ${shown(source)}, from the network at each start`,
    () => 'MicroShift supports models as OCI images alone: storageUri: oci://REFERENCE',
  ),
  'extra-no-namespace': warning(
    ({ object }: { object: string }) => `${object} names no namespace: it lands in "default"`,
    () => 'give it metadata.namespace, or its folder a kustomization.yaml with namespace',
  ),
  'extra-namespace-unmade': warning(
    ({ object, namespace }: { object: string; namespace: string }) =>
      `${object} lives in the namespace ${shown(namespace)}, which nothing in this bundle makes: until it is there MicroShift retries for ten minutes and then gives up`,
    () => 'add the Namespace to extraManifests, or use that of the workload',
  ),
  'image-pull-always': error(
    ({ image, by }: ImageArgs) =>
      `${by} asks for ${image} with imagePullPolicy Always: it is pulled at each start, and one on the device would not be used`,
    () =>
      'set imagePullPolicy: IfNotPresent, or leave it out: with a digest, or a tag other than latest, that is the default',
  ),
  'image-added-unknown': error(
    ({ key, for: wanted, by }: { key: string; for: string; by: string }) =>
      `KServe adds the image "${key}" to the pods of ${by}, for ${wanted}, and neither the release-info nor spec.kserve.config names it`,
    ({ key }) =>
      key === 'kserve-storage-initializer'
        ? 'MicroShift supports models as OCI images alone: storageUri: oci://REFERENCE'
        : `take ${key === 'kserve-agent' ? 'logger and batcher' : 'it'} away: the pod would wait for an image that no device has`,
  ),
  'image-override-unused': warning(
    ({ key }: { key: string; known: readonly string[]; controller: boolean }) =>
      `nothing in this bundle asks for the image ${shown(key)}`,
    ({ key, known, controller }) =>
      controller
        ? "KServe's controller is asked for by the payload's own manifest, which a bundle does not change: let the device find the image by a mirror (/etc/containers/registries.conf.d)"
        : `${didYouMean(key, known) ?? `it asks for: ${known.join(', ') || 'no image'}`}${key.includes('/') ? '' : '; each key is a whole placeholder or reference'}`,
  ),

  // The payload
  'payload-unknown': error(
    ({ release }: { release: string; known: readonly string[] }) => `there is no embedded payload "${release}"`,
    ({ release, known }) =>
      `${didYouMean(release, known) ?? `embedded: ${known.join(', ')}`}; for another release give its tree: {path: DIR}, or --payload DIR`,
  ),
  'payload-path': error(
    ({ path }: { path: string }) => `the payload ${shown(path)} is no directory`,
    () => 'give a tree as the RPMs install it ("/" on a build host): it has usr/share/microshift/release',
  ),
  'payload-no-release-info': error(
    ({ where, tried }: { where: string; tried: readonly string[] }) =>
      `${where} holds no release-info of microshift-ai-model-serving (${tried.length === 0 ? 'no *.json in usr/share/microshift/release' : `none of ${tried.join(', ')} names the image kserve-controller`})`,
    () =>
      'the tree is the one that the RPMs microshift-ai-model-serving and microshift-ai-model-serving-release-info install ("/" on a build host)',
  ),
  'payload-release-info-ambiguous': error(
    ({ files }: { files: readonly string[] }) => `more than one file could be the release-info: ${files.join(', ')}`,
    () => 'leave the one of the release that the device runs',
  ),
  'payload-bad-release-info': error(({ why }: { why: Because }) => `the release-info cannot be used: ${inWords(why)}`),
  'payload-no-runtimes': error(
    ({ where }: { where: string }) => `${where} holds no ServingRuntime below usr/lib/microshift/manifests.d`,
    () => 'install microshift-ai-model-serving into it as well, not only its release-info',
  ),
  'payload-no-kserve': warning(
    ({ where }: { where: string }) =>
      `${where} holds no KServe: no ConfigMap inferenceservice-config below usr/lib/microshift/manifests.d`,
  ),
  'payload-bad-base': warning(
    ({ base }: { base: string }) =>
      `the release base ${shown(base)} is no version: KServe is taken for one older than 2.25`,
  ),

  // Runtimes
  'runtime-malformed': error(({ why }: { why: Because }) => `this ServingRuntime cannot be used: ${inWords(why)}`),
  'runtime-cluster-scoped': error(
    ({ name }: { name: string }) => `"${name}" is a ClusterServingRuntime, and KServe on MicroShift ignores those`,
    () => 'make it a ServingRuntime: edge copies it into the namespace of the workload',
  ),
  'runtime-file-empty': error(({ path }: { path: string }) => `${path} holds no ServingRuntime`),
  'runtime-path': error(
    ({ path, why }: { path: string; why: Because }) => `the file ${shown(path)} cannot be read: ${inWords(why)}`,
    () => 'runtimes are files beside the spec, or in folders below it',
  ),
  'runtime-twice': error(
    ({ name, first }: { name: string; first: string }) => `a ServingRuntime "${name}" stands in ${first} already`,
  ),
  'runtime-replaces-payload': warning(
    ({ name, from }: { name: string; from: string }) =>
      `the ServingRuntime "${name}" takes the place of the payload's own (${from})`,
  ),
  'runtime-file-unused': warning(
    ({ path }: { path: string }) => `no model uses a ServingRuntime of ${path}: it is left out of the bundle`,
  ),
  'runtime-unknown': error(
    ({ runtime }: { runtime: string; known: readonly string[] }) => `there is no ServingRuntime "${runtime}"`,
    ({ runtime, known }) => didYouMean(runtime, known) ?? `there are: ${known.join(', ')}`,
  ),
  'runtime-unfit': error(
    ({ runtime, why }: { runtime: string; why: Because }) =>
      `the ServingRuntime "${runtime}" cannot serve this model: ${inWords(why)}`,
    () => '`edge runtimes` shows what each can serve',
  ),
  'runtime-none-fits': error(
    ({
      format,
      accelerator,
    }: {
      format: string
      accelerator: string
      candidates: readonly Candidate[]
      formats: readonly string[]
    }) =>
      `no ServingRuntime fits the format ${format}${accelerator === 'none' ? '' : ` and the accelerator ${accelerator}`}`,
    ({ format, candidates, formats }) =>
      [
        formats.includes(format) ? undefined : didYouMean(format, formats),
        ...candidates.map(({ runtime, why }) => `${runtime}: ${inWords(why)}`),
      ]
        .filter((line) => line !== undefined)
        .join('\n'),
  ),
  'runtime-several-fit': error(
    ({
      format,
      accelerator,
      fitting,
    }: {
      format: string
      accelerator: string
      fitting: readonly string[]
      candidates: readonly Candidate[]
    }) =>
      `more than one ServingRuntime fits the format ${format}${accelerator === 'none' ? '' : ` and the accelerator ${accelerator}`}: ${orList(fitting)}`,
    ({ candidates }) =>
      [
        'set runtime, or an accelerator that leaves one',
        ...candidates.map(({ runtime, why }) => `${runtime}: ${inWords(why)}`),
      ].join('\n'),
  ),
  'runtime-no-kserve-container': error(
    ({ runtime }: { runtime: string }) =>
      `the ServingRuntime "${runtime}" has no container named kserve-container, and KServe refuses such a runtime`,
  ),
  'modelcar-link-lost': warning(
    ({ base }: { base: string }) =>
      `with release base ${base} a ModelCar does not come back after its container restarts: the link to the model is made with \`ln -s\` (kserve PR 4274)`,
    () => 'use a MicroShift release with base 2.20 or newer (4.20, or 4.19.8 and later)',
  ),

  // The model
  'template-in-value': error(
    ({ field }: { value: string; field: string }) =>
      `KServe expands Go templates in ${field}, and this is none that it knows`,
    ({ value }) =>
      `${shown(value)}: only {{.Name}}, {{.Namespace}}, {{.Labels.KEY}} and {{.Annotations.KEY}} work; put a chat template into a file of the ModelCar`,
  ),
  'text-lost': error(
    ({ value }: { value: string }) =>
      `${shown(value)} would not reach the cluster as it is: kustomize fails on it, or changes it`,
    () =>
      'leave out control characters beyond tab and newline, the separators U+0085, U+2028 and U+2029, noncharacters, half surrogates, and a tab at the start of a text of several lines',
  ),
  'env-two-values': error(
    ({ name }: { name: string }) => `the environment variable ${name} needs exactly one of value and valueFrom`,
  ),
  'duplicate-env': error(({ name }: { name: string }) => `the environment variable ${name} is set twice`),
  'bad-resource-name': error(
    ({ resource }: { resource: string; known: readonly string[] }) => `there is no resource "${resource}"`,
    ({ resource, known }) =>
      didYouMean(resource, known) ?? `resources: ${known.join(', ')}, or a device such as nvidia.com/gpu`,
  ),
  'odd-quantity': error(
    ({ resource, value }: { resource: string; value: string }) =>
      `${value} of ${resource} is ${resource === 'cpu' ? 'more than any device has' : 'less than a mebibyte'}`,
    ({ resource }) => (resource === 'cpu' ? 'cores: 4, or 500m' : 'bytes need a unit: 512Mi, 8Gi'),
  ),
  'argument-owned': error(
    ({ argument, why }: { argument: string; why: keyof typeof ownedArgumentWords }) =>
      `the argument ${argument} cannot be set here: ${ownedArgumentWords[why]}`,
  ),
  'server-loopback': warning(
    ({ server }: { server: string; argument: string }) =>
      `${server} listens on 127.0.0.1 alone unless it is told otherwise: neither the kubelet nor the router would reach it`,
    ({ argument }) => `add "${argument}=0.0.0.0" to the arguments of the runtime, or to args`,
  ),
  'argument-space': error(
    ({ argument }: { argument: string }) =>
      `${shown(argument)} is one argument with a space in it, and the server knows none of that name`,
    ({ argument }) => `write ${shown(argument.replace(/\s+/, '='))}, or two items`,
  ),
  'accelerator-missing': warning(
    ({ runtime, recommended }: { runtime: string; recommended: readonly string[] }) =>
      `the ServingRuntime "${runtime}" wants ${orList(recommended)}, and the pod asks for none`,
    () => 'set accelerator',
  ),
  'accelerator-idle': warning(
    ({ count, used, server }: { count: number; used: number; server: string; argument: string }) =>
      `the pod asks for ${count} accelerators, and ${server} uses ${used === 1 ? 'one unless it is told otherwise' : `${used} with its arguments`}`,
    ({ count, used, argument }) =>
      used === 1 ? `add "${argument}=${count}" to args` : `ask for ${used}, or let the sizes in args make ${count}`,
  ),
  'accelerator-short': error(
    ({ count, used, server }: { count: number; used: number; server: string; argument: string }) =>
      `the arguments of ${server} spread the model over ${used} accelerators, and the pod asks for ${count}: the server would not start`,
    ({ used, argument }) => `set accelerator: {identifier: …, count: ${used}}, or a smaller ${argument}`,
  ),
  'base-domain-apps': warning(
    ({ baseDomain }: { baseDomain: string }) =>
      `hosts become MODEL-predictor-NAMESPACE.apps.${baseDomain}: baseDomain is the device's dns.baseDomain, without "apps."`,
  ),
  'host-certificate': warning(
    ({ host, baseDomain }: { host: string; baseDomain: string }) =>
      `the router's default certificate does not cover ${host}: it is for *.apps.${baseDomain}`,
    () => 'set expose.certificateSecret, or have clients trust what they get',
  ),
  'bad-quantity': error(
    ({ value }: { value: unknown }) => `${shown(value)} is no quantity`,
    () => 'write it as Kubernetes does: 500m, 4, 1.5, 512Mi, 8Gi',
  ),
  'request-above-limit': error(
    ({ resource, request, limit }: { resource: string; request: string; limit: string }) =>
      `the request of ${resource}, ${request}, is more than its limit, ${limit}`,
  ),
  'accelerator-in-resources': error(
    ({ resource }: { resource: string }) => `${resource} is set by accelerator already`,
    () => 'give the number as accelerator: {identifier, count}, or leave accelerator out',
  ),
  'accelerator-unused': warning(
    ({ runtime, recommended }: { runtime: string; accelerator: string; recommended: readonly string[] }) =>
      recommended.length === 0
        ? `the ServingRuntime "${runtime}" recommends no accelerator`
        : `the ServingRuntime "${runtime}" recommends ${orList(recommended)}`,
    ({ accelerator }) => `the pod will ask for ${accelerator} all the same: see that its server uses it`,
  ),
  'replicas-order': error(({ min, max }: { min: number; max: number }) => `min ${min} is more than max ${max}`),
  'replicas-never-scale': warning(
    ({ min, max }: { min: number; max: number }) =>
      `this stays at ${min} replicas and never goes to ${max}: MicroShift has no metrics-server`,
    () => 'give a number, or install a metrics-server',
  ),
  'bad-label': error(
    ({ text, expected, field }: { text: string; expected: 'key' | 'value'; field: 'labels' | 'annotations' }) =>
      `${shown(text)} is not ${
        expected === 'key'
          ? `a key of ${field}: an optional DNS name and a slash, then letters, digits, hyphens, dots and underscores, 63 at most`
          : "a label's value: letters, digits, hyphens, dots and underscores, 63 at most"
      }`,
  ),
  'owned-key': error(
    ({ key }: { key: keyof typeof ownedKeyWords }) => `${key} cannot be set here: ${ownedKeyWords[key]}`,
  ),
  'route-not-http': warning(
    ({ port, name }: { port: number; name: string }) =>
      `port ${port} is named ${name}: it speaks gRPC without TLS, which the router does not pass on`,
    () => 'set expose: false and call the Service from inside the cluster, or choose a runtime with an HTTP port',
  ),
  'route-without-tls': error(
    ({ mode }: { mode: string; runtime: string }) =>
      `tls: ${mode} needs a server that speaks TLS itself, and this one does not: every request would get 503`,
    ({ runtime }) =>
      `use tls: edge (the router speaks TLS, the pod HTTP), or give ${runtime} its certificate (vLLM: --ssl-certfile and --ssl-keyfile)`,
  ),
  'route-server-tls': error(
    ({ mode }: { mode: string }) =>
      `the server speaks TLS, and with tls: ${mode} the router speaks HTTP to it: every request would get 502`,
    () => 'use tls: reencrypt or passthrough',
  ),
  'route-timeout': error(
    ({ value }: { value: string }) => `${shown(value)} is no duration that the router reads: it would use 30s`,
    () => 'one number and one unit: 45s, 5m, 1h (1m30s is 90s)',
  ),
  'route-network': error(
    ({ value }: { value: string; why: Because }) =>
      `${shown(value)} is no address or network, and the router admits everyone when its list has such an entry`,
    ({ why }) => inWords(why),
  ),
  'certificate-router-old': error(
    ({ release }: { release: string }) =>
      `the router of MicroShift ${release} does not read certificateSecret (externalCertificate is known from 4.20 on)`,
    () => "leave it out: the router's default certificate covers *.apps.BASEDOMAIN",
  ),
  'certificate-router-unknown': warning(
    (_: object) =>
      'certificateSecret needs a router of MicroShift 4.20 or newer, and the payload does not say which MicroShift it is for',
  ),
  'certificate-without-edge': error(
    ({ mode }: { mode: string }) => `certificateSecret is of no use with tls: ${mode}`,
    () => 'use tls: edge or reencrypt',
  ),
  'auth-not-vllm': error(
    ({ runtime, known }: { runtime: string; known: readonly string[] }) =>
      `the server of ${runtime} takes no API key from a Secret: auth works with ${orList(known)} alone`,
    () => 'leave auth out, and restrict who may call the model with expose.allowFrom',
  ),
  'auth-passthrough': error(
    (_: object) => 'with an API key the Route must lead to /v1 alone, and a passthrough Route has no path',
    () => 'use tls: edge or reencrypt',
  ),
  'served-name-not-vllm': error(
    ({ runtime }: { runtime: string; known: readonly string[] }) =>
      `the server of ${runtime} serves a model under the model's own name`,
    ({ known }) => `servedName works with ${orList(known)} alone: leave it out`,
  ),
  'volume-source': error(
    ({ name, kinds }: { name: string; kinds: readonly string[] }) =>
      `the volume ${name} needs exactly one source, it has ${kinds.join(' and ') || 'none'}`,
  ),
  'volume-host-path': error(
    ({ name }: { name: string }) =>
      `the volume ${name} is a hostPath, and the pods' security context constraint (restricted-v2) admits none`,
    () => 'put the files into a ConfigMap, a Secret, a PersistentVolumeClaim or the ModelCar',
  ),
  'volume-taken': error(
    ({ name }: { name: string }) => `${shown(name)} is taken: by another volume, by shm or by KServe`,
  ),
  'patch-fails': error(
    ({ name, problem }: { name: string; problem: PatchProblem }) =>
      `this operation cannot be applied to ${name}: ${patchProblemWords(problem)}`,
  ),
  'endpoint-unknown-model': error(
    ({ model }: { model: string; known: readonly string[] }) => `there is no model "${model}"`,
    ({ model, known }) => didYouMean(model, known) ?? `models: ${known.join(', ')}`,
  ),
  'endpoint-members': error(
    ({ count }: { count: number }) => `an endpoint leads to 1 to 4 models, this one to ${count}`,
  ),
  'endpoint-weights': error((_: object) => 'weights are from 0 to 256, and one at least is more than 0'),
  'endpoint-names-differ': error(
    ({ names }: { names: readonly string[] }) =>
      `clients send one name to an endpoint, and these models serve ${names.map(shown).join(' and ')}: some requests would get 404`,
    () =>
      'give them one name with servedName, where the server knows that (an OVMS model is always served under its own name)',
  ),
  'endpoint-ports-differ': error(
    ({ ports }: { ports: readonly number[] }) =>
      `the models of an endpoint need one port, these have ${ports.join(' and ')}`,
    () => 'put models of one server behind an endpoint',
  ),
  'endpoint-key-differs': error(
    (_: object) => 'some models of this endpoint ask for an API key and some do not, or for another one',
    () => 'give all of them the same auth',
  ),
  'endpoint-not-exposed': error(
    (_: object) => 'an endpoint is its Route, and expose: false makes none',
    () => 'leave the endpoint out',
  ),
  'duplicate-endpoint': error(
    ({ name }: { name: string }) => `there is an endpoint "${name}" already, or a model whose Route has that name`,
  ),
  'site-unknown-model': error(
    ({ name }: { name: string; known: readonly string[] }) => `there is no model "${name}" that this site could change`,
    ({ name, known }) =>
      `${didYouMean(name, known) ?? `models: ${known.join(', ') || 'none'}`}; a model that only this site has needs source and format`,
  ),
  'duplicate-site': error(({ name }: { name: string }) => `there is a site "${name}" already`),
  'extra-manifest': error(
    ({ path, why }: { path: string; why: Because }) => `the manifest ${shown(path)} cannot be used: ${inWords(why)}`,
    () => 'extraManifests are YAML files, or folders of them, beside the spec',
  ),
  'secret-path': error(
    ({ path }: { path: string }) => `${shown(path)} is no absolute path of a file on the device`,
    () => 'from the root, without .., backslashes and control characters: /etc/edge/vllm.key',
  ),
  'api-key-written-out': error(
    ({ name }: { name: string }) =>
      `${name} holds an API key, written out: everybody who has the spec or the bundle reads it`,
    () =>
      'auth: {apiKeySecret: {name: SECRET, key: KEY}} takes it from a Secret, and spec.secrets makes that of a file on the device',
  ),
  'secret-written-out': warning(
    ({ name }: { name: string }) =>
      `${shown(name)} seems to hold a secret, written out: everybody who has the spec or the bundle reads it`,
    ({ name }) =>
      name.startsWith('-') || name.startsWith('argument ')
        ? 'give it in env, with valueFrom: {secretKeyRef: {name: SECRET, key: KEY}}; spec.secrets makes the Secret of a file on the device'
        : 'valueFrom: {secretKeyRef: {name: SECRET, key: KEY}} takes it from a Secret, and spec.secrets makes that of a file on the device; if it is none, accept it in validate.ignore',
  ),

  // The image build
  'bootc-unknown-site': error(
    ({ name }: { name: string; known: readonly string[]; words: readonly string[] }) => `there is no site "${name}"`,
    ({ name, known, words }) =>
      didYouMean(name, [...words, ...known]) ??
      `${orList(words)}, or a site: ${known.slice(0, 20).join(', ') || 'the spec has none'}`,
  ),
  'bootc-ambiguous-site': error(
    ({ name, field }: { name: string; field: string }) =>
      `"${name}" is a word of bootc.${field}, and a site of this spec as well: it does not say which is meant`,
    () => 'give the site another name',
  ),
  'bootc-fallback-unused': error(
    ({ fallback }: { fallback: string }) =>
      `siteFallback ${shown(fallback)} would change nothing: only with sites: all a device picks its site`,
    () => 'set sites: all, or leave siteFallback out',
  ),
  'bootc-package': error(
    ({ name }: { name: string }) =>
      `${shown(name)} is no package: a name, with a version, release or architecture behind it if wanted (letters, digits and . _ + - ~ ^ :)`,
  ),
  'bad-mirror': error(
    ({ text, problem }: { text: string; problem?: ReferenceProblem }) =>
      `${shown(text)} is no registry or repository: ${problem === undefined ? 'it has a tag or a digest' : referenceProblem(problem)}`,
    ({ problem }) =>
      problem?.kind === 'scheme'
        ? 'write it without the scheme'
        : 'write REGISTRY[:PORT] or REGISTRY[:PORT]/REPOSITORY on both sides: {registry.redhat.io: mirror.local:5000/rh}',
  ),

  // KServe's configuration
  'kserve-config-no-kserve': error(
    ({ where }: { where: string }) => `${where} holds no KServe whose configuration could be changed`,
    () => "give a payload with KServe's own manifests, or leave spec.kserve out",
  ),
  'kserve-config-unreadable': error(
    ({ why }: { why: Because }) => `KServe's configuration cannot be made out: ${inWords(why)}`,
    () => 'an override must hold all of it: mend the payload, or leave spec.kserve out',
  ),
  'kserve-config-directory': error(
    ({ directory }: { directory: string }) => `no name sorts right after KServe's directory ${shown(directory)}`,
    () => 'give it a name of letters, digits, dots, hyphens and underscores',
  ),
  'kserve-config-no-json': error(
    ({ key }: { key: string }) => `what the payload has for ${key} is no JSON map: nothing in it can be changed`,
  ),
  'kserve-config-unknown': error(
    ({ name, of }: { name: string; of: string; known: readonly string[] }) =>
      of === 'key'
        ? `KServe's configuration has no key ${shown(name)}`
        : `KServe knows no field ${shown(name)} in ${of}, and would ignore it`,
    ({ name, known }) => didYouMean(name, known) ?? (known.length === 0 ? undefined : `there are: ${known.join(', ')}`),
  ),
  'kserve-config-type': error(
    ({ value, expected }: { value: unknown; expected: KserveType }) =>
      `${shown(value)} is not ${kserveTypes[expected]}`,
    ({ value, expected }) => kserveTypeHelp(value, expected),
  ),
  'kserve-config-required': error(
    ({ field }: { field: string; why: Because }) => `${field} is missing`,
    ({ why }) => `${inWords(why)}: leave the payload's value, or give another`,
  ),
  'kserve-config-mode': error(
    ({ mode, why }: { mode: string; why: Because }) =>
      `the deployment mode ${shown(mode)} does not work on MicroShift: ${inWords(why)}`,
    () => 'the one that works is RawDeployment',
  ),
  'kserve-config-modelcar': error(
    (_: object) => 'without enableModelcar no model would start: all of them are ModelCars',
    () => 'leave enableModelcar true',
  ),
  'kserve-config-ingress-class': warning(
    ({ ingressClass }: { ingressClass: string }) =>
      `KServe will make Ingresses of the class ${shown(ingressClass)}, the payload's, and MicroShift itself serves no such class`,
    () =>
      'set ingressClassName as well: to a class that the device has, or to null for its default; the Routes of this bundle need no Ingress',
  ),
  'kserve-config-domain-unused': warning(
    ({ template }: { template: string }) =>
      `ingressDomain changes nothing: KServe makes hosts by domainTemplate, which is ${shown(template)}`,
    () =>
      'set domainTemplate as well: to null for {{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}; the Routes of this bundle follow spec.baseDomain',
  ),
  'kserve-config-variable': error(
    ({ name }: { name: string; known: readonly string[] }) => `$(${name}) stands for no image of the payload`,
    ({ name, known }) => didYouMean(name, known),
  ),
  'kserve-config-image-latest': warning(
    ({ image, by }: ImageArgs) => `${by} is ${image}, and Kubernetes pulls the tag "latest", or no tag, at each start`,
    () => 'name a digest or another tag',
  ),
  'no-models': warning((_: object) => 'the spec names no models: the bundle only makes the namespace'),
  'ignore-unknown': error(
    ({ id, isError }: { id: string; known: readonly string[]; isError: boolean }) =>
      isError ? `"${id}" is an error, and an error cannot be ignored` : `there is no warning "${id}"`,
    ({ id, known, isError }) => (isError ? undefined : (didYouMean(id, known) ?? `warnings: ${known.join(', ')}`)),
  ),
  'modelcar-entrypoint': warning(
    ({ image, entrypoint }: { image: string; entrypoint: readonly string[] }) =>
      `the ModelCar ${image} has the ENTRYPOINT ${shown(entrypoint.join(' '))}: KServe sets arguments alone, and its containers will not start`,
    () => 'build it again with ENTRYPOINT []',
  ),
  'image-architecture': error(
    ({ image, found }: { image: string; found: readonly string[] }) =>
      `${image} is for ${found.length === 0 ? 'no platform that it names' : orList(found)}, and MicroShift with AI model serving runs on linux/amd64 alone`,
    () => 'build it for linux/amd64, or name another',
  ),

  // The lock
  'lock-malformed': error(
    ({ why }: { why: Because }) => `the lock cannot be used: ${inWords(why)}`,
    () => '`edge lock` writes it: take this part out, and run it again',
  ),
  'lock-contradicts': error(
    ({ reference, why }: { reference: string; why: Because }) =>
      `the entry of ${reference} contradicts itself: ${inWords(why)}`,
    () => 'take the entry out, and run `edge lock` again',
  ),
  'lock-twice': error(
    ({ reference }: { reference: string }) => `there is an entry of ${reference} already`,
    () => 'take both out, and run `edge lock` again',
  ),
  'lock-missing': warning(
    ({ image, by }: { image: string; by: string }) => `the lock has no entry for ${image} (${by})`,
    () => '`edge lock` adds it',
  ),
  'lock-unused': warning(
    ({ reference }: { reference: string }) => `nothing asks for ${reference} any more`,
    () => '`edge lock` takes the entry out',
  ),

  // What registries answer
  'image-not-found': error(
    ({ image, reason }: { image: string; reason: string }) => `there is no image ${image}: ${reason}`,
    ({ image }) =>
      `look for a slip of the pen; \`skopeo list-tags docker://${image.replace(/(?:@|:(?!.*\/)).*$/, '')}\` lists what there is`,
  ),
  'image-denied': error(
    ({ image, reason }: { image: string; reason: string }) => `the registry does not give ${image} out: ${reason}`,
    ({ image }) =>
      `log in (\`skopeo login ${image.split('/')[0] ?? ''}\`), or give --authfile; some registries answer so for what they do not have`,
  ),
  'registry-fails': error(
    ({ image, reason, attempts }: { image: string; reason: string; attempts: number }) =>
      `asking the registry for ${image} failed${attempts > 1 ? ` ${attempts} times` : ''}: ${reason}`,
    ({ reason }) =>
      /x509|certificate/i.test(reason)
        ? 'trust its certificate: /etc/containers/certs.d/REGISTRY/ca.crt'
        : /HTTP response to HTTPS/i.test(reason)
          ? 'it speaks no TLS: insecure=true for it in /etc/containers/registries.conf.d'
          : undefined,
  ),
  'image-unusable': error(
    ({ image, why }: { image: string; why: Because }) => `${image} cannot be used: ${inWords(why)}`,
  ),
  'image-digest-differs': error(
    ({ image, digest }: { image: string; digest: string }) =>
      `asked for ${image}, the registry gives bytes with the digest ${digest}`,
    () => 'a registry or a proxy on the way is damaged: ask another',
  ),

  // A bundle on disk
  'bundle-unfinished': error(
    (_: object) => 'a run of `edge generate` was cut off here',
    () => 'generate the bundle again',
  ),
  'bundle-file-changed': error(
    ({ path }: { path: string }) => `${path} is not what \`edge generate\` wrote`,
    () => 'generate the bundle again',
  ),
  'bundle-file-missing': error(
    ({ path }: { path: string }) => `${path} is missing`,
    () => 'generate the bundle again',
  ),
  'bundle-file-unlisted': error(
    ({ path }: { path: string }) =>
      `${path} is no part of the bundle: bundle.json does not list it, and it stands where an image build may take it along`,
    () =>
      'remove it; what a device needs beside the bundle goes into spec.extraManifests, or into a Containerfile of your own',
  ),
  'bundle-file-beside': warning(
    ({ path }: { path: string }) => `${path} is no part of the bundle: bundle.json does not list it`,
    () => 'keep other files beside the bundle, not in it',
  ),
} satisfies Record<string, Words<never>>

export type Code = keyof typeof words
export type WordsOf<C extends Code> = Parameters<(typeof words)[C]['message']>[0]

const wrongTypeHelp = (value: unknown, allowed: readonly string[]): string | undefined => {
  if (allowed.includes('string') && (typeof value === 'number' || typeof value === 'boolean'))
    return `put quotes around it: YAML reads ${typeof value === 'number' ? 'a number' : 'true or false'} here, not a text`
  if (allowed.includes('integer') && typeof value === 'string' && /^\d+$/.test(value)) return 'write it without quotes'
  if (allowed.includes('boolean') && typeof value === 'string') return 'write true or false, without quotes'
  if (allowed.includes('string') && typeof value === 'object' && value !== null && !Array.isArray(value))
    return 'write the text alone, not a map'
  if (allowed.includes('array') && value !== null && typeof value !== 'object')
    return 'write a list: [ … ], or one item on a line after "- "'
  return undefined
}

const expectedValue = (expected: ExpectedValue, known: readonly string[]): string => {
  if (expected === 'one-of') return `one of ${known.join(', ')}`
  if (expected === 'gateway') return 'NAMESPACE/NAME of a gateway'
  return 'title' in expected
    ? expected.title
    : `a model's name: lower-case letters, digits and hyphens, a letter first, at most ${expected.longestName} characters`
}

const kserveTypeHelp = (value: unknown, expected: KserveType): string | undefined => {
  if (kserveTypes[expected].includes('text') && (typeof value === 'number' || typeof value === 'boolean'))
    return 'put quotes around it: KServe reads a text here'
  if (expected === 'boolean') return 'write true or false, without quotes'
  if (expected === 'integer') return typeof value === 'string' ? 'write it without quotes' : undefined
  if (expected === 'map') return 'write its fields below it as YAML, not as JSON in a text; null takes it away'
  return undefined
}

const referenceProblem = (problem: ReferenceProblem): string => {
  switch (problem.kind) {
    case 'empty':
      return 'it is empty'
    case 'characters':
      return 'it has white space, a control character or one outside ASCII'
    case 'scheme':
      return `it begins with a scheme, ${problem.scheme}://`
    case 'no-registry':
      return 'it names no registry'
    case 'registry':
      return `${shown(problem.registry)} is no registry host`
    case 'port':
      return `${shown(problem.port)} is no port`
    case 'no-repository':
      return 'it names a registry and no repository'
    case 'capitals':
      return `a repository has no capital letters, ${shown(problem.repository)} has`
    case 'repository':
      return problem.component === ''
        ? 'its repository has an empty part (//, or a slash at the end)'
        : `${shown(problem.component)} is no part of a repository (lower-case letters and digits, joined by single dots, one or two underscores, or hyphens)`
    case 'too-long':
      return 'registry and repository are longer than 255 characters'
    case 'tag':
      return problem.tag === ''
        ? 'its tag is empty'
        : `${shown(problem.tag)} is no tag (letters, digits, dots, hyphens and underscores, 128 at most)`
    case 'digest':
      return `${shown(problem.digest)} is no digest (sha256: and 64 lower-case hexadecimal digits)`
  }
}

const referenceHelp = (problem: ReferenceProblem): string | undefined => {
  switch (problem.kind) {
    case 'no-registry':
      return 'write it whole, with its registry: a device resolves no short names'
    case 'scheme':
      return 'write it without the scheme'
    case 'capitals':
      return 'an image with such a name cannot exist: look for the one in lower case'
    default:
      return undefined
  }
}
