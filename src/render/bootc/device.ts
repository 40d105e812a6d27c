import type { File } from '../file.ts'
import { containerfileWords } from '../quote.ts'
import { mirrorsPath } from './toml.ts'

/**
 * Copies what the device runs, a line for each directory and mode: the modes of the bundle's own files depend on who made it.
 *
 * @param files - paths from the device's root
 */
export const deviceView = (files: readonly File[]): { what: string; copies: string[]; enable?: string } => {
  const targets = new Map<string, string[]>()
  for (const { path, executable } of files) {
    // Copied before: the build itself needs it.
    if (path === mirrorsPath) continue
    const target = `${executable === true ? '0755' : '0644'} /${path.replace(/[^/]+$/, '')}`
    targets.set(target, [...(targets.get(target) ?? []), `bootc/rootfs/${path}`])
  }
  const copies = [...targets].map(([target, paths]) => {
    const [mode = '', directory = ''] = target.split(' ')
    return `COPY --chmod=${mode} ${containerfileWords([...paths, directory])}`
  })
  const units = files.filter(({ path, content }) => /^usr\/lib\/systemd\/system\/[^/]+\.service$/.test(path) && content.includes('\n[Install]\n')).map(({ path }) => path.replace(/^.*\//, ''))
  return {
    what: 'What the device runs: it loads the images that it lacks before MicroShift starts, makes its Secrets and checks its health. Needs jq, skopeo, curl and systemd.',
    copies,
    ...(units.length === 0 ? {} : { enable: containerfileWords(['systemctl', 'enable', ...units]) }),
  }
}
