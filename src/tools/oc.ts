import { spawn } from 'node:child_process'
import { EnvironmentError } from '../errors.ts'

/** `nobody`: the first line that oc says of it, if any. */
export type PodAddress =
  { readonly address: string } | { readonly nobody: string; readonly cause: 'no-pod-address' | 'oc-fails' }

/**
 * The address of a model's running pod, the newest of several, as verify.sh asks for it.
 *
 * @throws EnvironmentError when there is no oc
 */
export const podAddress = async (namespace: string, model: string): Promise<PodAddress> =>
  new Promise((resolve, reject) => {
    const args = [
      'get',
      'pods',
      '--namespace',
      namespace,
      '--selector',
      `serving.kserve.io/inferenceservice=${model}`,
      '--field-selector',
      'status.phase=Running',
      '--sort-by',
      '.metadata.creationTimestamp',
    ]
    const child = spawn('oc', [...args, '--output', 'jsonpath={range .items[*]}{.status.podIP}{"\\n"}{end}'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    })
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
    child.once('error', (cause) =>
      reject(new EnvironmentError('oc is not installed: --direct works on the device', { cause })),
    )
    child.once('close', (status) => {
      const address = said.stdout.trim().split('\n').at(-1) ?? ''
      resolve(
        status === 0 && /^[0-9a-fA-F.:]+$/.test(address)
          ? { address }
          : {
              nobody: said.stderr.split('\n')[0] ?? '',
              cause: status === 0 ? 'no-pod-address' : 'oc-fails',
            },
      )
    })
  })
