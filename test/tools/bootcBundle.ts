import { cpSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { edge, type Run } from './edge.ts'
import type { Workshop } from './imageBuild.ts'
import { releaseInfoBelow } from './payload.ts'
import { projectRoot } from './root.ts'
import { writeSpec } from './spec.ts'

/** Where images are embedded, without the first slash. */
export const storageBelow = 'usr/lib/containers/storage'

/** A release-info of images that the tests make up. */
export const releaseInfoText = (images: Readonly<Record<string, string>>): string =>
  JSON.stringify({ release: { base: '2.22.1' }, images })

/**
 * Generates a bundle from the embedded payload with other images.
 *
 * @param directory - made; the bundle is in `bundle` below it
 * @param images - of the release-info
 * @param spec - what stands below `spec:` beside the payload
 */
export const generateBundle = (directory: string, images: Readonly<Record<string, string>>, spec: object): string => {
  writeSpec(directory, { payload: { path: 'payload' }, ...spec })
  cpSync(join(projectRoot, 'manifests/4.20.0'), join(directory, 'payload'), { recursive: true })
  writeFileSync(join(directory, 'payload', releaseInfoBelow), releaseInfoText(images))
  const { status, stderr } = edge(['generate', '-f', join(directory, 'edge.yaml'), '-o', join(directory, 'bundle')])
  if (status !== 0) throw new Error(`edge generate: exit status ${status}\n${stderr}`)
  return join(directory, 'bundle')
}

/** Builds a bundle's image by its own script. */
export const buildImage = (
  { run }: Workshop,
  bundle: string,
  tag: string,
  options: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> =>
  run(
    'sh',
    [
      join(bundle, 'bootc/build.sh'),
      '--builder',
      'buildah',
      '-t',
      tag,
      ...options,
      '--',
      '--network',
      'host',
      '--pull-never',
    ],
    { env },
  )

/** As buildImage, and the build must end well. */
export const built = async (...args: Parameters<typeof buildImage>): Promise<Run> => {
  const result = await buildImage(...args)
  if (result.status !== 0) throw new Error(`build.sh: exit status ${result.status}\n${result.stdout}\n${result.stderr}`)
  return result
}

/**
 * Runs the device's loader against an unpacked image and a storage that is empty the first time.
 *
 * @param root - what `unpack` gave for the whole image
 */
export const loadImages = ({ run }: Pick<Workshop, 'run'>, root: string): Promise<Run> => {
  const storage = join(root, 'storage.conf')
  writeFileSync(
    storage,
    `[storage]\ndriver = "overlay"\nrunroot = "${root}/run/containers"\ngraphroot = "${root}/var/lib/containers/storage"\n`,
  )
  // Storage drivers leave mounts behind.
  return run('unshare', ['--mount', 'sh', join(root, 'usr/libexec/edge/load-images')], {
    env: { EDGE_ROOT: root, TMPDIR: '', CONTAINERS_STORAGE_CONF: storage },
  })
}

/** The embedded images in a storage: reference → digests of the blobs that its manifests name, and what is missing of it. */
export const embeddedIn = (storage: string): Record<string, { directory: string; links: Record<string, string> }> =>
  Object.fromEntries(
    readFileSync(join(storage, 'image-list.txt'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => {
        const [reference = '', directory = ''] = line.split(',')
        const links = readdirSync(join(storage, directory), { withFileTypes: true }).filter((entry) =>
          entry.isSymbolicLink(),
        )
        return [
          reference,
          {
            directory,
            links: Object.fromEntries(links.map(({ name }) => [name, readlinkSync(join(storage, directory, name))])),
          },
        ]
      }),
  )
