import type { Check } from '../probes/probe.ts'

/**
 * The sum of a counter's series in a Prometheus text: those of its name that have its labels. Label order is free, values
 * are floats; NaN counts nothing. Undefined without any such series. Source: facts/model-servers.md, Prometheus text.
 */
export const sumOf = (
  text: string,
  { name, labels, except }: Extract<Check, { readonly is: 'counter' }>,
): number | undefined =>
  text.split('\n').reduce<number | undefined>((sum, line) => {
    if (!line.startsWith(`${name}{`) && !line.startsWith(`${name} `)) return sum
    const end = line.lastIndexOf('}')
    const own = new Map(
      [...line.slice(0, end + 1).matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)].map(
        ([, key = '', value = '']) => [key, value],
      ),
    )
    const isOurs =
      Object.entries(labels).every(([key, value]) => own.get(key) === value) &&
      (except === undefined || !except.values.includes(own.get(except.label) ?? ''))
    const value = Number((end === -1 ? line.slice(name.length) : line.slice(end + 1)).trim().split(/\s/)[0])
    return isOurs ? (sum ?? 0) + (Number.isNaN(value) ? 0 : value) : sum
  }, undefined)
