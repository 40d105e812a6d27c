import { bundleLayout } from '../layout.ts'

/** Name of the file that makes a directory a bundle. */
export const manifestName = bundleLayout.manifest

/** Name of the file with the checksums of all others. */
export const sumsName = bundleLayout.sums

/** How every bundle.json begins. */
export const manifestHead = '{\n  "apiVersion": "edge.microshift.dev/v1alpha1",\n  "kind": "Bundle",\n'
