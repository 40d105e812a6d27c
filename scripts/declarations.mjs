import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'

/** Relative modules that a declaration names. */
const relative = /(from\s+["']|import\(["'])(\.[^"']+\.ts)(["'])/g

/**
 * The types of a file for those who import the package: its declarations, and those of the files that they name. Each is made by
 * itself, from what the file writes down: an exported thing without a written type is an error, not a guess.
 *
 * @param root - the project
 * @param entry - path of the file, from the root
 * @returns name → text; `src/verify/result.ts` becomes `verify-result.d.ts`, so that all of them lie in one directory
 */
export function declarationsOf(root, entry) {
  const files = new Map()
  const pending = [entry]
  for (const path of pending) {
    if (files.has(nameOf(path))) continue
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(join(root, path), 'utf8'), {
      fileName: path,
      reportDiagnostics: true,
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.Preserve,
        strict: true,
        exactOptionalPropertyTypes: true,
      },
    })
    if (diagnostics.length > 0)
      throw new Error(
        diagnostics
          .map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
          .join('\n'),
      )
    const text = outputText.replaceAll(relative, (_, before, module, after) => {
      const target = normalize(join(dirname(path), module))
      pending.push(target)
      return `${before}./${nameOf(target).replace(/\.d\.ts$/, '.js')}${after}`
    })
    const foreign = /from\s+["'](?!\.|node:)([^"']+)["']/.exec(text)
    if (foreign !== null)
      throw new Error(`${path}: its types name the package ${foreign[1]}, which nobody installs with this one`)
    files.set(nameOf(path), text)
  }
  return files
}

const nameOf = (path) =>
  path
    .replace(/^src\//, '')
    .replaceAll('/', '-')
    .replace(/\.ts$/, '.d.ts')
