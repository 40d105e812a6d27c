import { printable, type Printable, printableJson, together } from './printable.ts'

/** JSON for other programs: two spaces, a newline at the end. */
export const reportJson = (value: unknown): Printable => together([printableJson(value, 2), printable('\n')])
