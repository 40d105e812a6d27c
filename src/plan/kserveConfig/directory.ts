import { kserveConfigDirectory as named } from '../../layout.ts'

/**
 * Names the directory of KServe's configuration. MicroShift applies directories in the plain order of their names: this
 * one has to come after KServe's, which would overwrite it, and before whatever comes next, where a name for that exists.
 * The next number (010-… gives 011-NAME-kserve-config); where that comes too late, or there is none, KServe's own name
 * with ours behind it (999-kserve-NAME-kserve-config), since a name sorts before all that begin with it.
 *
 * @param kserve - name of KServe's directory
 * @param others - names of directories that may come next
 * @param name - the bundle's
 * @returns undefined when KServe's directory has a name that cannot be built upon
 */
export const kserveConfigDirectory = (kserve: string, others: readonly string[], name: string): string | undefined => {
  const [, number = ''] = /^(\d{1,9})-/.exec(kserve) ?? []
  const next = number === '' ? [] : [named(String(Number(number) + 1).padStart(number.length, '0'), name)]
  const appended = /^[\w.-]+$/.test(kserve) ? [named(kserve, name)] : []
  const after = [...next, ...appended].filter((candidate) => candidate > kserve)
  const inTime = after.find((candidate) => others.every((other) => other <= kserve || other >= candidate))
  return inTime ?? after[0]
}
