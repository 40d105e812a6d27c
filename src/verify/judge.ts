import { InputError } from '../errors.ts'
import { parseJson } from '../basics/json.ts'
import { isSame } from '../basics/same.ts'
import type { ProbesDocument } from '../probes/document.ts'
import type { Check, Json, PathStep, Probe } from '../probes/probe.ts'
import type { Failure, Rule, Verdict } from '../probes/rules.ts'
import { type Fact, filled, isSo } from '../probes/when.ts'
import { sumOf } from './prometheusText.ts'

/** What came of a request. */
export interface Answer {
  /** Why no HTTP answer came. */
  readonly failure?: Failure
  /** The same in the words of whoever noticed. */
  readonly words?: string
  readonly status: number
  readonly html: boolean
  readonly body: string
}

/** What is to be said of an answer. */
export interface Judgement {
  readonly verdict: Verdict
  /** Whether asking again may help: until the model is ready, or for the seconds that a probe settles in. */
  readonly again?: 'wait' | 'settle'
  /** The value of a counter. */
  readonly sum?: number
  readonly failure?: {
    readonly expected: string
    readonly came: string
    readonly answered: string
    readonly cause: string
  }
}

/** What of probes.json an answer is judged by. */
export type Tables = Pick<ProbesDocument, 'rules' | 'answered' | 'came' | 'sentences'>

/**
 * Holds an answer against the table of verdicts, as verify.sh does with the same data (src/probes/jq/judge.jq).
 *
 * @param before - the counter's value before the question; undefined when it is not known
 */
export const judge = (
  probe: Probe,
  route: { readonly limited: boolean; readonly direct: boolean },
  answer: Answer,
  tables: Tables,
  before?: number,
): Judgement => {
  const { status, checks } = probe.expect
  const hasAnswer = answer.failure === undefined
  const said = (expected: string, facts: Readonly<Record<string, Fact>>, values: Readonly<Record<string, Fact>>) => {
    const row = tables.came.find(({ when }) => isSo(when, facts))
    return {
      expected,
      came: filled(row?.says ?? '', { ...values, body: plain(answer.body) }),
      answered: whoAnswered(answer, tables),
      ...(row?.cause === undefined ? {} : { cause: row.cause }),
    }
  }
  if (!hasAnswer || !status.includes(answer.status) || (answer.html && probe.step !== 'request')) {
    const rule = tables.rules.find((one) => fits(one, probe, route, answer))
    if (rule === undefined)
      throw new InputError('probes.json is not what edge writes: its table of verdicts has no last row')
    return {
      verdict: rule.verdict,
      ...(rule.again === true ? { again: 'wait' } : {}),
      failure: {
        cause: rule.cause,
        ...said(
          filled(tables.sentences.status, { status: status.join(tables.sentences.or) }),
          { answer: hasAnswer, wanted: false },
          { status: answer.status, words: plain(answer.words ?? answer.failure ?? '') },
        ),
      },
    }
  }
  const json = parseJson(answer.body, mostParts)
  const counter = checks.find((check) => check.is === 'counter')
  const sum = counter === undefined ? undefined : sumOf(answer.body, counter)
  const broken = checks.find((check) => !holds(check, json, answer.body, sum, before))
  const value = counter === undefined ? {} : { sum: sum ?? 0 }
  if (broken === undefined) return { verdict: 'pass', ...value }
  const values = 'at' in broken && json !== undefined ? at(json, broken.at) : []
  const maySettle = probe.settle !== undefined && (before === undefined || sum === undefined || sum === before)
  return {
    verdict: 'fail',
    ...(maySettle ? { again: 'settle' } : {}),
    ...value,
    failure: {
      cause: broken.cause,
      ...said(
        broken.says,
        {
          answer: true,
          wanted: true,
          is: broken.is,
          at: 'at' in broken,
          json: json !== undefined,
          there: values.length > 0,
          numbers: numbersOf(values[0]) !== undefined,
          series: sum !== undefined,
          known: before !== undefined,
          back: before !== undefined && (sum ?? 0) < before,
        },
        {
          before: before ?? null,
          sum: sum ?? null,
          index: argmax(values[0]) ?? null,
          values: plain(
            values
              .slice(0, 5)
              .map((one) => JSON.stringify(one))
              .join(', '),
          ),
        },
      ),
    },
  }
}

const fits = (
  rule: Rule,
  probe: Probe,
  { limited, direct }: { readonly limited: boolean; readonly direct: boolean },
  { failure, html, status, body }: Answer,
): boolean =>
  (rule.failure === undefined ? failure === undefined : failure !== undefined && rule.failure.includes(failure)) &&
  (rule.html === undefined || html) &&
  (rule.direct === undefined || direct) &&
  (rule.limited === undefined || limited) &&
  (rule.status === undefined || rule.status.includes(status)) &&
  (rule.step === undefined || rule.step.includes(probe.step)) &&
  (rule.says === undefined || body.includes(rule.says)) &&
  (rule.verdict !== 'fallback' || probe.fallback !== undefined)

const whoAnswered = ({ failure, html }: Answer, { answered }: Tables): string =>
  answered.find(({ when }) => isSo(when, { failure: failure ?? null, answer: failure === undefined, html }))?.says ?? ''

/** Maps and lists of an answer that are taken: a picture of 1,000 × 1,000 has one for each of its points. */
const mostParts = 1_000_000

/** The values that a path leads to. */
const at = (value: Json, path: readonly PathStep[]): Json[] => {
  const [step, ...rest] = path
  if (step === undefined) return [value]
  if (typeof step === 'object')
    return !Array.isArray(value)
      ? []
      : (value as Json[])
          .filter((item) => step.name === undefined || (item as { name?: Json } | null)?.name === step.name)
          .flatMap((item) => at(item, rest))
  if (Array.isArray(value))
    return /^[0-9]+$/.test(step) && Number(step) < value.length ? at((value as Json[])[Number(step)], rest) : []
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? at((value as Record<string, Json>)[step], rest)
    : []
}

const holds = (
  check: Check,
  json: Json,
  body: string,
  sum: number | undefined,
  before: number | undefined,
): boolean => {
  if (check.is === 'counter')
    return (
      (check.present !== true || sum !== undefined) &&
      (check.more !== true || before === undefined || (sum ?? 0) > before)
    )
  if (check.is === 'containing' && check.at === undefined) return body.includes(check.value)
  const values = json === undefined ? [] : at(json, check.at ?? [])
  switch (check.is) {
    case 'equal':
      return values.some((value) => isSame(value, check.value))
    case 'type':
      return values.some((value) => typeOf(value) === check.value)
    case 'at-least':
      return values.some((value) => typeof value === 'number' && value >= check.value)
    case 'containing':
      return values.some((value) => typeof value === 'string' && value.includes(check.value))
    case 'argmax':
      return values.some((value) => argmax(value) === check.value)
    case 'near':
      return values.some((value) => {
        const numbers = numbersOf(value)
        return (
          numbers?.length === check.value.length &&
          numbers.every((number, index) => Math.abs(number - (check.value[index] ?? NaN)) <= check.tolerance)
        )
      })
    case 'channels-last':
      return !values.some(
        (value) =>
          Array.isArray(value) &&
          value.length === 4 &&
          [1, 3].includes(value[1] as number) &&
          ![1, 3, 4].includes(value[3] as number),
      )
  }
}

const typeOf = (value: Json): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value)

/** A list of numbers, however nested; undefined for anything else. */
const numbersOf = (value: Json): number[] | undefined => {
  if (!Array.isArray(value)) return undefined
  const flat = value.flat(Infinity) as Json[]
  return flat.length > 0 && flat.every((item) => typeof item === 'number') ? flat : undefined
}

const argmax = (value: Json): number | undefined => {
  const numbers = numbersOf(value)
  return numbers?.reduce((best, number, index) => (number > (numbers[best] ?? -Infinity) ? index : best), 0)
}

/** A text on one line, short enough to read, without what moves a cursor or turns the text round. */
const plain = (text: string): string => {
  const line = text.slice(0, 2000).replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
  return line.length > 300 ? `${line.slice(0, 299)}…` : line
}
