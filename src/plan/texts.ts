import { type Finding, finding } from '../findings/finding.ts'
import { pointerStep } from '../yaml/locate.ts'

/**
 * Texts that YAML can hold and that kustomize does not give back: it writes DEL, C1 controls and noncharacters raw and
 * then refuses its own output, turns the separators into spaces, and loses a tab before a block. Found by running
 * kustomize 5.7.1 (test/properties/dump.test.ts).
 */
const lost =
  /[\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff\u{1fffe}\u{1ffff}\u{2fffe}\u{2ffff}\u{3fffe}\u{3ffff}\u{4fffe}\u{4ffff}\u{5fffe}\u{5ffff}\u{6fffe}\u{6ffff}\u{7fffe}\u{7ffff}\u{8fffe}\u{8ffff}\u{9fffe}\u{9ffff}\u{afffe}\u{affff}\u{bfffe}\u{bffff}\u{cfffe}\u{cffff}\u{dfffe}\u{dffff}\u{efffe}\u{effff}\u{ffffe}\u{fffff}\u{10fffe}\u{10ffff}]|^\t[^\n]*\n|[\ud800-\udfff]/u

/**
 * Looks for texts that would not reach the cluster as they are.
 *
 * @param value - a part of the spec, or an object of the user's
 * @param pointer - where it is
 * @param place - the file that it is in; the spec when left out
 */
export const checkTexts = (
  value: unknown,
  pointer: string,
  place: { readonly file?: string; readonly document?: number } = {},
): Finding[] => {
  if (typeof value === 'string') {
    if (!lost.test(value)) return []
    const { file, document } = place
    return [
      finding(
        'text-lost',
        { value },
        { pointer, ...(file === undefined ? {} : { file }), ...(document === undefined ? {} : { document }) },
      ),
    ]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => [
    ...checkTexts(key, pointer + pointerStep(key), place),
    ...checkTexts(child, pointer + pointerStep(key), place),
  ])
}
