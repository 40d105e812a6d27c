import { CsvError, parse } from 'csv-parse/sync'
import { isMap } from '../basics/maps.ts'
import { InputError } from '../errors.ts'
import { parseYaml } from '../yaml/parse.ts'
import { parseAddress } from './address.ts'
import type { Device } from './result.ts'

/**
 * Reads an inventory: YAML, a list of `{host, site, labels}` (or a map with that list as `devices`), or CSV with a head line
 * of which `host` and `site` are columns, and each other column a label. Everything that is wrong in it is said at once.
 *
 * @param name - how messages call it
 * @param sites - the sites of the bundle
 * @throws InputError
 */
export const parseInventory = (text: string, name: string, sites: readonly string[]): Device[] => {
  const problems: string[] = []
  const known = new Set(sites)
  const entries = /\.csv$/i.test(name) ? csvEntries(text, problems) : yamlEntries(text, name)
  const seen = new Map<string, string>()
  const devices = entries.flatMap(({ place, value }): Device[] => {
    const { host, site, labels = {}, ...others } = value
    const [unknown] = Object.keys(others)
    const problem =
      unknown !== undefined
        ? `unknown field ${JSON.stringify(unknown)}: an entry has host, site and labels`
        : typeof host !== 'string' || host === ''
          ? 'it has no host'
          : (addressProblem(host) ??
            (site !== undefined && site !== null && typeof site !== 'string'
              ? 'site is no text'
              : typeof site === 'string' && site !== '' && !known.has(site)
                ? `the bundle has no site ${JSON.stringify(site)}`
                : !isMap(labels) || Object.values(labels).some((label) => typeof label === 'object')
                  ? 'labels is no map of texts'
                  : seen.has(host)
                    ? `${host} is there already, at ${seen.get(host) ?? ''}`
                    : undefined))
    if (problem !== undefined || typeof host !== 'string') {
      problems.push(`${place}: ${problem ?? ''}`)
      return []
    }
    seen.set(host, place)
    return [
      {
        host,
        ...(typeof site === 'string' && site !== '' ? { site } : {}),
        labels: Object.fromEntries(Object.entries(labels as object).map(([key, label]) => [key, String(label)])),
      },
    ]
  })
  if (problems.length > 0)
    throw new InputError(
      `${name}: ${problems.length} ${problems.length === 1 ? 'entry' : 'entries'} cannot be used:\n${problems
        .slice(0, 20)
        .map((problem) => `  ${problem}`)
        .join('\n')}${problems.length > 20 ? `\n  and ${problems.length - 20} more` : ''}`,
    )
  if (devices.length === 0)
    throw new InputError(`${name} names no device`, {
      help: 'a list of {host, site, labels}, or CSV with a head line: host,site,…',
    })
  return devices
}

interface Entry {
  readonly place: string
  readonly value: Readonly<Record<string, unknown>>
}

const addressProblem = (host: string): string | undefined => {
  try {
    parseAddress(host)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const yamlEntries = (text: string, name: string): Entry[] => {
  const yaml = parseYaml(text)
  if (!yaml.ok) throw new InputError(`${name} is no valid YAML: ${yaml.problem.reason}`)
  const [root] = yaml.documents
  const list = isMap(root) ? root['devices'] : root
  if (!Array.isArray(list))
    throw new InputError(`${name} is no list of devices`, {
      help: 'as in: - {host: 192.0.2.7, site: plant-a, labels: {line: "3"}}',
    })
  return list.map((value: unknown, index) => ({
    place: `entry ${index + 1}`,
    value: isMap(value) ? value : { host: value },
  }))
}

const csvEntries = (text: string, problems: string[]): Entry[] => {
  const rows = csvRows(text, problems)
  const [head, ...lines] = rows
  const columns = (head?.cells ?? []).map((cell) => cell.trim())
  if (!columns.includes('host'))
    throw new InputError('the inventory has no column "host"', {
      help: 'the first line names the columns: host,site,…',
    })
  return lines.flatMap(({ line, cells }) => {
    if (cells.length !== columns.length) {
      problems.push(`line ${line}: ${cells.length} cells, and ${columns.length} columns`)
      return []
    }
    const all = new Map(columns.map((column, index) => [column, (cells[index] ?? '').trim()]))
    const labels = Object.fromEntries(
      [...all].filter(([column, value]) => column !== 'host' && column !== 'site' && value !== ''),
    )
    return [{ place: `line ${line}`, value: { host: all.get('host'), site: all.get('site'), labels } }]
  })
}

/** Characters of a row that are taken: a quote that is not closed would make one row of all that follow. */
const longestRow = 100_000

/** CSV as RFC 4180 has it: quoted cells may hold commas, newlines and doubled quotes. */
const csvRows = (text: string, problems: string[]): { readonly line: number; readonly cells: string[] }[] => {
  const bad = new Set<number>()
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: ['\r\n', '\n'],
      max_record_size: longestRow,
      cast: (cell, { quoting, lines }) => {
        if (!quoting && cell.includes('"')) bad.add(lines)
        return cell
      },
    }) as unknown as { readonly info: { readonly lines: number }; readonly record: string[] }[]
    for (const line of bad)
      problems.push(`line ${line}: a quote stands where none may: a cell with quotes is quoted as a whole`)
    return records
      .filter(({ info, record }) => !bad.has(info.lines) && record.some((cell) => cell.trim() !== ''))
      .map(({ info, record }) => ({
        // Where it begins, not where it ends.
        line: info.lines - record.join('').split('\n').length + 1,
        cells: record,
      }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = String(error['lines'])
    throw new InputError(
      error.code === 'CSV_MAX_RECORD_SIZE'
        ? `the inventory has a row of more than ${longestRow} characters, at line ${line}: a quote may be missing`
        : `the inventory is no CSV from line ${line} on: a quote is not closed`,
      { cause: error },
    )
  }
}

/**
 * Makes a test of labels: `line=3`, `site=plant-a`; several must all hold.
 *
 * @throws InputError
 */
export const parseSelector = (texts: readonly string[]): ((device: Device) => boolean) => {
  const pairs = texts
    .flatMap((text) => text.split(','))
    .map((text) => {
      const [, key, no, value] = /^([^=!\s]+)(!)?=(.*)$/.exec(text.trim()) ?? []
      if (key === undefined || value === undefined)
        throw new InputError(`--selector takes key=value or key!=value, not ${JSON.stringify(text)}`)
      return { key, value, isWanted: no === undefined }
    })
  return ({ host, site = '', labels }) =>
    pairs.every(
      ({ key, value, isWanted }) =>
        ((key === 'site' ? site : key === 'host' ? host : labels[key]) === value) === isWanted,
    )
}
