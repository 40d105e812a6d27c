import type { Rendering } from '../../src/bundle/assemble.ts'

/**
 * A bundle of these files, without a spec or a payload.
 *
 * @param files - path → content
 */
export const madeUpBundle = (files: Readonly<Record<string, string>>): Rendering => ({
  files: () =>
    Object.entries(files).map(([path, content]) => ({
      path,
      content,
      ...(path.endsWith('.sh') ? { executable: true } : {}),
    })),
  describe: (hashes) => ({
    apiVersion: 'edge.microshift.dev/v1alpha1',
    kind: 'Bundle',
    name: 'plant',
    namespace: 'plant',
    tool: { name: 'microshift-edge', version: '0.0.0' },
    spec: { sha256: '0'.repeat(64) },
    payload: { base: '4.20.0', releaseInfo: { sha256: '0'.repeat(64) } },
    images: [],
    models: [],
    sites: [],
    files: Object.fromEntries(hashes),
  }),
})
