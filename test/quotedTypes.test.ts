import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { projectRoot } from './tools/root.ts'

const pathOf = (path: string) => join(projectRoot, path)

test('an unquoted text, or one quoted for another place, does not compile into a file', () => {
  const { config } = ts.readConfigFile(pathOf('tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: { compilerOptions: object }
  }
  const { options, errors } = ts.convertCompilerOptionsFromJson(config.compilerOptions, projectRoot)
  expect(errors).toEqual([])
  const program = ts.createProgram([pathOf('test/types/unquoted.ts'), pathOf('src/virtual.d.ts')], options)
  const fixture = program.getSourceFile(pathOf('test/types/unquoted.ts'))
  expect(fixture).toBeDefined()
  const found = [...program.getSyntacticDiagnostics(fixture), ...program.getSemanticDiagnostics(fixture)]
  expect(found.map(({ messageText, start }) => [start, ts.flattenDiagnosticMessageText(messageText, '\n')])).toEqual([])
})

test('only quoting makes a quoted text: nothing else claims to', () => {
  const makers = ['src/render/quote.ts', 'src/render/write.ts', 'src/report/printable.ts']
  const sources = readdirSync(pathOf('src'), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path}`)
    .filter((path) => path.endsWith('.ts'))
  const quoted = makers.flatMap((path) =>
    [...readFileSync(pathOf(path), 'utf8').matchAll(/^export type (\w+) = Quoted</gm)].map(([, name]) => name ?? ''),
  )
  expect(quoted).toContain('ShellWord')
  const claim = new RegExp(`\\bas (?:unknown as )?(?:readonly )?(?:Quoted|Printable|${quoted.join('|')})\\b`)
  const claiming = sources
    .filter((path) => !makers.includes(path))
    .filter((path) => claim.test(readFileSync(pathOf(path), 'utf8')))
  expect(claiming).toEqual([])
  // And data goes to standard output by the one writer, which takes nothing else.
  expect(sources.filter((path) => /process\.stdout\.write\(/.test(readFileSync(pathOf(path), 'utf8')))).toEqual([
    'src/report/stdout.ts',
  ])
})
