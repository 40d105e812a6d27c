import { EnvironmentError } from '../errors.ts'
import { run } from './run.ts'

/** A few addresses, in 30 s. */
const limits = { timeout: 30_000, largest: 2 ** 20 }

/** `nobody`: the first line that oc says of it, if any. */
export type PodAddress =
  { readonly address: string } | { readonly nobody: string; readonly cause: 'no-pod-address' | 'oc-fails' }

/**
 * The address of a model's running pod, the newest of several, as verify.sh asks for it.
 *
 * @throws EnvironmentError when there is no oc
 */
export const podAddress = async (namespace: string, model: string): Promise<PodAddress> => {
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
    '--output',
    'jsonpath={range .items[*]}{.status.podIP}{"\\n"}{end}',
  ]
  const { status, stdout, stderr } = await run('oc', args, limits).catch((cause: unknown): never => {
    throw new EnvironmentError('oc is not installed: --direct works on the device', { cause })
  })
  const address = stdout.toString().trim().split('\n').at(-1) ?? ''
  return status === 0 && /^[0-9a-fA-F.:]+$/.test(address)
    ? { address }
    : {
        nobody: stderr.split('\n')[0] ?? '',
        cause: status === 0 ? 'no-pod-address' : 'oc-fails',
      }
}
