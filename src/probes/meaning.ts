import { causes } from './causes.ts'
import type { ProbesDocument } from './document.ts'
import { curlFailures, largestAnswer, rules } from './rules.ts'
import { answered, came, sentences, skips, stops } from './sentences.ts'

/** What probes.json holds beside the models: how both runners judge, and their words. The same in every bundle. */
export const meaning = {
  rules,
  curlFailures,
  causes,
  skips,
  stops,
  answered,
  came,
  sentences,
  largestAnswer,
} satisfies Partial<ProbesDocument>
