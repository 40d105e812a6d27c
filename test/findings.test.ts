import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { Code, WordsOf } from '../src/findings/words.ts'
import { projectRoot } from './tools/root.ts'

/** Codes whose args give a reason as a text that anybody may have written. */
type ReasonInText = {
  [C in Code]: WordsOf<C> extends { readonly why: infer W } ? (string extends W ? C : never) : never
}[Code]

describe('the args of findings', () => {
  test('have no sentences in them: those are made in src/findings alone', () => {
    const directory = join(projectRoot, 'src')
    const sentences = readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.startsWith('findings/'))
      .flatMap((path) => {
        const file = ts.createSourceFile(
          path,
          readFileSync(join(directory, path), 'utf8'),
          ts.ScriptTarget.Latest,
          true,
        )
        const found: string[] = []
        const look = (node: ts.Node): void => {
          const isText =
            ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
          if (isText && /\w \w/.test(node.text)) found.push(`src/${path}: ${node.text}`)
          ts.forEachChild(node, look)
        }
        const visit = (node: ts.Node): void => {
          if (ts.isCallExpression(node) && ['finding', 'because'].includes(node.expression.getText(file)))
            node.arguments.slice(1, 2).forEach(look)
          ts.forEachChild(node, visit)
        }
        visit(file)
        return found
      })
    expect(sentences).toEqual([])
  })

  test('give a reason as a code', () => {
    expectTypeOf<ReasonInText>().toBeNever()
  })
})
