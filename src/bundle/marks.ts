/** Name of the file that makes a directory a bundle. */
export const manifestName = 'bundle.json'

/** Name of the file with the checksums of all others, bundle.json among them, as `sha256sum -c` reads it. */
export const sumsName = 'SHA256SUMS'

/** How every bundle.json begins. */
export const manifestHead = '{\n  "apiVersion": "edge.microshift.dev/v1alpha1",\n  "kind": "Bundle",\n'
