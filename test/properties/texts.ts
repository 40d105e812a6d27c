import fc from 'fast-check'

/**
 * How often a property is tried, and from which seed: the same cases in every run.
 *
 * @param numRuns - number of cases
 */
export const runs = (numRuns: number): { readonly seed: number; readonly numRuns: number } => ({ seed: 20_25_09, numRuns })

/** Texts that YAML 1.1 or 1.2, a shell, Go's templates or a careless writer read as something else. */
const hostile = [
  '', ' ', '  ', '\n', '\n\n', '\t', '\r', '\r\n', ' a', 'a ', 'a\n', '\na', 'a\n\n', ' a\nb', 'a\n b\n', 'a\tb', '\ta', 'a\u0085b', 'a\u2028b', 'a\u2029b', '\ufeffa', 'a\ufeff',
  'on', 'On', 'OFF', 'off', 'y', 'Y', 'n', 'N', 'yes', 'No', 'true', 'False', 'TRUE', 'null', 'Null', '~', '<<', '=', '!', '&', '*', '-', '?', ':', ',', '|', '>', '%', '@', '`', '#',
  '0777', '0o17', '08', '1e3', '1E3', '.5', '5.', '-1', '+1', '1_000', '0x1F', '0b11', '1:30', '190:20:30', '.inf', '-.Inf', '.nan', '.', '..', '...', '---', '--- a', '... a', '00', '1.0', '1e', '0.', '1__2',
  '2001-01-01', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10 -5', '12:30:45',
  'a: b', 'a:', ': a', 'a #b', '#a', '- a', '? a', '[a]', '{a: b}', '[', ']', '{', '}', '{}', '[]', '&a b', '*a', '!a', '!!str a', '|-', '>+', '%YAML 1.1', '@a', '`a`', 'a,b', ', a', '"', "'", '"a"', "'a'", "it's", 'a"b', '\\', '\\n', 'a\\', '"\\', "''",
  '{{.Name}}', '{{ .Labels.x }}', '{{', '}}', '{{.Name', '--model_name={{.Name}}', '$(kserve-agent)', '$(VAR)', '${VAR}', '$VAR', '$$', '`id`', '$(id)', ';', '&&', '!history', '~/a', '*.md', '--', '-n', '-e', '%s', '%', '\\0', '\\c',
  '\u0001', '\u0007', '\b', '\u001b[31m', '\u007f', '\u009f', '\ufffd', '\uffff', '\u200b', '\u202e', '\u00a0', 'é', 'e\u0301', '日本語', '🦊', '👩‍👩‍👧', '𝒳',
  'a'.repeat(2000), 'word '.repeat(400), `${'x'.repeat(1000)}\n${'y'.repeat(1000)}`,
] as const

/** Any text without NUL and without halves of surrogate pairs: hostile ones, pieces of them, and the whole of Unicode. */
export const anyText = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...hostile) },
    { weight: 3, arbitrary: fc.array(fc.constantFrom(...hostile.filter((text) => text.length < 50)), { maxLength: 4 }).map((parts) => parts.join('')) },
    { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...Array.from('\n\t\r \'"\\|>-:#{}[]&*!%@`$~=,.?0123456789eEaonxyYN_')) }) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
  )
