import jsonPatch, { type Operation } from 'fast-json-patch'
import { type Finding, finding } from '../findings/finding.ts'
import { pointerStep } from '../yaml/locate.ts'

/** applyJsonPatch, for those who get it only when a spec has a patch. */
export type ApplyJsonPatch = typeof applyJsonPatch

/**
 * Applies a JSON patch (RFC 6902) of the user's to an object that edge makes.
 *
 * @param object - the object; it stays as it is
 * @param patch - the operations
 * @param name - how messages call the object
 * @param pointer - where the patch is in the spec
 * @param refuse - says why a result cannot be, beyond that apiVersion, kind and name stay
 * @returns the patched object, or the findings that stand against it
 */
export const applyJsonPatch = <T extends object>(
  object: T,
  patch: readonly Readonly<Record<string, unknown>>[],
  name: string,
  pointer: string,
  refuse: (before: T, after: T) => string | undefined = () => undefined,
): { object: T; findings: Finding[] } => {
  let result: object = object
  for (const [index, operation] of patch.entries()) {
    try {
      result = jsonPatch.applyPatch(result, [operation as unknown as Operation], true, false).newDocument
    } catch (error) {
      // The library throws its own errors, and TypeErrors for paths that lead through what is not there.
      return {
        object,
        findings: [
          finding(
            'patch-fails',
            { name, reason: (error as Error).message.split('\n')[0] ?? '' },
            `${pointer}${pointerStep(index)}`,
          ),
        ],
      }
    }
    if (typeof result !== 'object' || (result as object | null) === null)
      return {
        object,
        findings: [
          finding('patch-fails', { name, reason: 'nothing is left of it' }, `${pointer}${pointerStep(index)}`),
        ],
      }
  }
  const { apiVersion, kind, metadata } = result as {
    apiVersion?: unknown
    kind?: unknown
    metadata?: { name?: unknown }
  }
  const before = object as { apiVersion?: unknown; kind?: unknown; metadata?: { name?: unknown } }
  const isSame = apiVersion === before.apiVersion && kind === before.kind && metadata?.name === before.metadata?.name
  const reason = isSame ? refuse(object, result as T) : 'it changes apiVersion, kind or name'
  return reason === undefined
    ? { object: result as T, findings: [] }
    : { object, findings: [finding('patch-fails', { name, reason }, pointer)] }
}
