import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { deviceLayout } from '../src/layout.ts'
import { projectRoot } from './tools/root.ts'

const filesBelow = (directory: string): string[] =>
  readdirSync(join(projectRoot, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length + 1))

/** The texts that a file of source writes down, without comments and names of modules. */
const textsOf = (file: string): string[] => {
  const texts: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isImportTypeNode(node)) return
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(join(projectRoot, file), 'utf8'), ts.ScriptTarget.Latest))
  return texts
}

describe('the names of files and directories', () => {
  /** Sentences for people name paths as well: they are read, not opened. */
  const prose = [
    'src/findings/words.ts',
    'src/cluster/causes.ts',
    'src/probes/causes.ts',
    'src/errors.ts',
    'src/program.ts',
  ]
  const named =
    /^(?:manifests\.d|overlays|bootc|images|probes)\/|\/kustomization\.yaml|^bundle\.json$|^SHA256SUMS$|\/(?:usr\/lib|usr\/libexec|etc|var\/lib)\/(?:microshift|edge)\b/

  test('of bundles and devices stand in src/layout.ts alone', () => {
    const elsewhere = filesBelow('src')
      .filter((file) => file.endsWith('.ts') && file !== 'src/layout.ts' && !prose.includes(file))
      .flatMap((file) =>
        textsOf(file)
          .filter((text) => named.test(text))
          .map((text) => `${file}: ${text}`),
      )
    expect(elsewhere).toEqual([])
    expect(textsOf('src/layout.ts').some((text) => named.test(text))).toBe(true)
  })

  test('that the scripts of the device say themselves are the same', () => {
    const scripts = filesBelow('bootc').map((file) => readFileSync(join(projectRoot, file), 'utf8'))
    const { data, build, site, kept } = deviceLayout
    for (const path of [data, build, site, kept])
      expect(
        scripts.some((script) => script.includes(path)),
        path,
      ).toBe(true)
  })
})
