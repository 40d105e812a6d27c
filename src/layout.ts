/**
 * Names of the directories and files of a bundle, and of what it puts on a device: said here and nowhere else in src/. The static
 * scripts in bootc/ name the device's files themselves; test/layout.test.ts holds both to the same names.
 */

const manifests = 'manifests.d'
const overlays = 'overlays'
const images = 'images'
const bootc = 'bootc'
const rootfs = `${bootc}/rootfs`
const probes = 'probes'

/** Name of the directory of a bundle's workload; MicroShift applies it after the payload's 010 and 050. */
export const workloadName = (name: string): string => `100-${name}`

/** Paths of a bundle, from its root, with slashes on every system. */
export const bundleLayout = {
  /** What the bundle was made from and the checksum of every other file; written last. */
  manifest: 'bundle.json',
  /** The checksums of all others, bundle.json among them, as `sha256sum -c` reads it. */
  sums: 'SHA256SUMS',
  readme: 'README.md',
  overlays,
  workload: (name: string) => `${manifests}/${workloadName(name)}`,
  /** The user's own manifests: applied before the workload. */
  extraManifests: (name: string) => `${manifests}/090-${name}-extra`,
  /** KServe's configuration, in the directory that the plan names. */
  kserveConfig: (directory: string) => `${manifests}/${directory}`,
  overlay: (site: string) => `${overlays}/${site}`,
  kustomization: (directory: string) => `${directory}/kustomization.yaml`,
  imageList: (file: string) => `${images}/${file}`,
  mirroredImageList: (file: string) => `${images}/mirrored/${file}`,
  containerfile: `${bootc}/Containerfile`,
  snippet: (name: string) => `${bootc}/snippets/${name}.containerfile`,
  /** A file of the image build, by its name in the package's bootc/. */
  imageBuild: (file: string) => `${bootc}/${file}`,
  /** A file that the image build copies onto the device. */
  rootfs: (path: string) => `${rootfs}/${path}`,
  probes: `${probes}/probes.json`,
  verifyScript: `${probes}/verify.sh`,
  /** A file of the half of verify.sh that jq runs. */
  verifyProgram: (file: string) => `${probes}/jq/${file}`,
  modelScript: (model: string) => `${probes}/${model}.sh`,
  /** The body of a request. */
  probeBody: (file: string) => `${probes}/data/${file}`,
  /** What is live once the bundle is applied, and how it is compared. */
  expected: `${probes}/expected.json`,
  /** The ServiceAccount for checks inside the cluster. */
  clusterReader: `${probes}/rbac.yaml`,
} as const

/** Name of the directory in which KServe's configuration stands: `NNN-NAME-kserve-config`. */
export const kserveConfigDirectory = (prefix: string, name: string): string => `${prefix}-${name}-kserve-config`

/** Where a payload's RPMs install it, from the root of its tree. */
export const payloadLayout = {
  releases: 'usr/share/microshift/release',
  manifests: 'usr/lib/microshift/manifests.d',
} as const

/** Paths of a device. */
export const deviceLayout = {
  /** Where MicroShift looks for `manifests.d` of an image, one level of directories below it: facts/microshift.md, how manifests are applied. */
  found: '/usr/lib/microshift',
  /** Where it looks for those that an administrator brings. */
  administrator: '/etc/microshift',
  /** Where the manifests of several sites wait, and MicroShift does not look. */
  kept: '/usr/lib/edge/manifests',
  /** What the device's scripts work from. */
  data: '/usr/lib/edge/device.json',
  /** What is there only while an image is built. */
  build: '/usr/lib/edge/build',
  /** Names the site of the device. */
  site: '/etc/edge/site',
  /** The CA that signed the router's default certificate: facts/microshift.md, network. */
  routerCa: '/var/lib/microshift/certs/ingress-ca/ca.crt',
  units: '/usr/lib/systemd/system',
  pinnedImages: '/etc/crio/crio.conf.d/60-edge-pinned-images.conf',
  mirrors: '/etc/containers/registries.conf.d/50-edge-mirrors.conf',
} as const

/** A path of the device as the image build names it: from the root, without a slash before it. */
export const fromRoot = (path: string): string => path.replace(/^\//, '')
