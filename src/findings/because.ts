/**
 * Why something is refused, as data: a code with what its words need. What finds a problem gives the code; the words, which stand
 * within the sentence of a finding, are here.
 */
const words = {
  // Namespaces
  'payloads-namespace': () =>
    "the payload's own ServingRuntimes live there, and each start of MicroShift would overwrite one copy with the other",
  'clusters-namespace': () => 'it belongs to the cluster',

  // Headers of a probe
  'header-twice': () => 'it is there already, in other letters',
  'header-name': () => 'it is no name of a header',
  'header-value': () => 'its value is empty, or more than printable ASCII in one line',
  'header-secret': () => 'secrets do not go into a bundle: set auth, and give the key to the script with --token-file',
  'header-clients': () => 'the client sets it',

  // Networks
  'network-slashes': () => 'it has more than one slash',
  'network-address': () => 'it is no IPv4 or IPv6 address',
  'network-bits': ({ most }: { most: number }) => `what follows the slash is no number from 0 to ${most}`,
  'network-host-bits': ({ bits, network }: { bits: string; network: string }) =>
    `it has bits behind the first ${bits}: the network is ${network}/${bits}`,

  // What a runtime can serve
  'runtime-disabled': () => 'it is disabled',
  'runtime-modelmesh': () => 'it is for ModelMesh (multiModel), which MicroShift does not have',
  'runtime-formats': ({ formats }: { formats: readonly string[] }) => `it serves ${formats.join(', ') || 'no format'}`,
  'runtime-versions': ({ format, versions }: { format: string; versions: readonly (string | undefined)[] }) =>
    `of ${format} it serves ${versions.map((version) => (version === undefined ? 'no particular version' : `version ${version}`)).join(' and ')}`,
  'runtime-recommends': ({ accelerators }: { accelerators: readonly string[] }) =>
    `it fits the format, and recommends ${accelerators.join(', ') || 'no accelerator (name it with runtime:)'}`,
  'runtime-fits': ({ accelerators }: { accelerators: readonly string[] }) =>
    `fits${accelerators.length === 0 ? '' : `, recommends ${accelerators.join(', ')}`}`,
  'runtime-not-automatic': () => 'fits, but has no autoSelect for this format',

  // A document that calls itself a ServingRuntime
  'no-name': () => 'metadata.name is missing or no Kubernetes name',
  'no-spec': () => 'spec is missing',
  'no-containers': () => 'spec.containers is missing or empty',
  'container-without-name': () => 'a container has no name',
  'container-without-image': ({ container }: { container: string }) => `container ${container} has no image`,
  'container-words': ({ container, field }: { container: string; field: string }) =>
    `${field} of container ${container} is not a list of texts`,
  'container-env': ({ container }: { container: string }) =>
    `env of container ${container} is not a list of {name, value}`,
  'container-port': ({ container }: { container: string }) => `container ${container} has a port without containerPort`,
  'formats-list': () => 'spec.supportedModelFormats is not a list of {name, version, autoSelect}',
  'protocols-list': () => 'spec.protocolVersions is not a list of texts',

  // The release-info
  'no-json': ({ parser }: { parser: string }) => `it is no JSON: ${parser}`,
  'no-base': () => 'it names no release.base',
  'no-images': () => 'it has no map of images',
  'image-no-text': ({ image }: { image: string }) => `the image ${image} is no text`,

  // KServe's configuration
  'controller-ends': () => "KServe's controller ends without it",
  'controller-ends-unused': () => "KServe's controller ends without it, even where nothing uses it",
  'controller-ends-with': ({ field }: { field: 'pathTemplate' }) =>
    `KServe's controller ends when there is a ${field} without it`,
  'controller-ends-gateway': () => "KServe's controller ends when enableGatewayApi is true without it",
  'controller-ends-or-refuses': () => "KServe's controller ends without it, or admits no pod",
  'pods-refused': () => 'KServe admits no pod without it',

  'mode-knative': () => 'it needs Knative Serving, and MicroShift has none',
  'mode-modelmesh': () => "it needs ModelMesh's controller, and MicroShift has none",
  'mode-unknown': () => "KServe's controller knows no such mode and would end",

  // Kustomizations of a payload
  'no-kustomization': () => 'this is no kustomization',
  'field-no-list': ({ field }: { field: string }) => `${field} is no list`,
  'file-absent': ({ path }: { path: string }) => `the file ${path} is not there, or no text`,
  'resource-absent': ({ path }: { path: string }) => `${path} is not there`,
  'too-many-directories': () => 'its kustomizations name more directories than any payload has, or each other',
  'without-kustomization': ({ directory }: { directory: string }) => `${directory} has no kustomization`,
  'no-patch': () => 'this patch is none',
  'patch-by-label': () => 'a patch chooses ConfigMaps by label or annotation, which edge does not follow',
  'patch-fails': ({ library }: { library: string }) => `the patch cannot be applied: ${library}`,
  'field-not-followed': ({ field }: { field: string }) => `edge does not follow ${field}`,
  'replacements-not-followed': () => 'edge does not follow replacements in a ConfigMap',
  'no-config-map': ({ name }: { name: string }) => `its kustomizations lead to no ConfigMap ${name}`,
  'value-no-text': ({ key }: { key: string }) => `the value of ${key} is no text`,

  // What a registry has
  'manifest-no-json': () => 'its manifest is no JSON',
  'manifest-schema-1': () => "its manifest is of Docker's schema 1, which CRI-O takes no more",
  'index-too-large': ({ count }: { count: number }) => `it is an index of ${count} manifests`,
  'index-damaged': () => 'its index is damaged',
  'index-of-index': () => 'its index names another index',
  'manifest-no-image': () => 'its manifest is that of no image',
  'manifest-artifact': ({ mediaType }: { mediaType: string }) => `it is an artifact (${mediaType}), no image`,
  'configuration-damaged': () => 'its configuration is damaged',

  // The lock
  'lock-documents': ({ count }: { count: number }) => `it holds ${count} YAML documents`,
  'lock-kind': () => 'its kind is not EdgeLock of edge.microshift.dev/v1alpha1',
  'lock-platform': ({ wanted }: { wanted: string }) => `its platform is not ${wanted}`,
  'lock-reference': () => 'this is no image reference',
  'lock-type': () => 'type is neither image nor index',
  'lock-expected': ({ what }: { what: keyof typeof expected }) => `${expected[what]} is expected here`,
  'lock-field': ({ field }: { field: string }) => `there is no field ${JSON.stringify(field.slice(0, 60))} here`,
  'lock-digest': () => 'this is no digest (sha256: and 64 lower-case hexadecimal digits)',
  'lock-other-digest': ({ asked, digest }: { asked: string; digest: string }) =>
    `the reference names ${asked}, the entry ${digest}`,
  'lock-index-without-image': () => 'an index has an image, and none is given',
  'lock-image-of-image': () => 'it is an image, and an image of an index is given',
  'lock-architecture': ({ architecture }: { architecture: string }) => `it is an index without ${architecture}`,
  'lock-layers-larger': () => 'its layers are larger than the whole',
  'lock-other-size': ({ digest, size }: { digest: string; size: number }) =>
    `another entry has the digest ${digest} and the size ${size}`,
  'lock-layer-size': ({ layer }: { layer: string }) => `the layer ${layer} has another size elsewhere in this file`,

  // Archives
  'archive-unnamed': () => 'no file is named',
  'archive-control-characters': () => 'its name has control characters',
  'archive-damaged': ({ file }: { file: string }) => `its ${file} is damaged`,
  'archive-none': ({ file }: { file: string }) => `it is no image archive: there is no ${file} in it`,
  'archive-other-kind': ({ transport }: { transport: string }) =>
    `it is the other kind of archive: write ${transport}:`,
  'archive-no-image': () => 'its manifest is that of no image',
  'archive-artifact': ({ mediaType }: { mediaType: string }) => `it holds an artifact (${mediaType}), no image`,
  'archive-configuration': () => 'the configuration of its image is missing or damaged',
  'archive-empty': () => 'there is no image in it',
  'archive-several': ({ count }: { count: number }) => `there are ${count} images in it`,
  'archive-no-such': ({ image }: { image: string }) => `there is no one image "${image}" in it`,
  'archive-cut-short': ({ name }: { name: string }) => `it is not whole: ${name.slice(0, 100)} is missing or cut short`,

  /** In the words of the error that ended the reading of a file. */
  said: ({ text }: { text: string }) => text,
} as const

const expected = { map: 'a map', list: 'a list', text: 'a text', bytes: 'a number of bytes' } as const

type Words = typeof words
export type BecauseCode = keyof Words

/** A code with its args, where it has any. */
export type Because = {
  [C in BecauseCode]: Parameters<Words[C]> extends [infer A]
    ? { readonly code: C; readonly args: A }
    : { readonly code: C }
}[BecauseCode]

/** Makes one: `because('network-bits', { most: 32 })`. */
export const because = <C extends BecauseCode>(code: C, ...[args]: Parameters<Words[C]>): Because =>
  (args === undefined ? { code } : { code, args }) as Because

/** What is said of it. */
export const inWords = (why: Because): string =>
  (words[why.code] as (args: unknown) => string)('args' in why ? why.args : undefined)
