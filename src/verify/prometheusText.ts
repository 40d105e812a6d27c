import type { Check } from '../probes/probe.ts'

/**
 * The sum of a counter's series in a Prometheus text: those of its name that have its labels. Label order is free, values
 * are floats; NaN counts nothing. Source: facts/model-servers.md, Prometheus text.
 */
export const sumOf = (text: string, { name, labels, except }: Extract<Check, { readonly is: 'counter' }>): number =>
  text.split('\n').reduce((sum, line) => {
    if (!line.startsWith(`${name}{`) && !line.startsWith(`${name} `)) return sum
    const end = line.lastIndexOf('}')
    const own = new Map([...line.slice(0, end + 1).matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', value = '']) => [key, value]))
    const isOurs = Object.entries(labels).every(([key, value]) => own.get(key) === value) && (except === undefined || !except.values.includes(own.get(except.label) ?? ''))
    const value = Number((end === -1 ? line.slice(name.length) : line.slice(end + 1)).trim().split(/\s/)[0])
    return isOurs && !Number.isNaN(value) ? sum + value : sum
  }, 0)
