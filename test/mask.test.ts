import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mask, maskSecrets, secretsOfHeaders } from '../src/verify/mask.ts'
import { runs } from './properties/texts.ts'
import { needs } from './tools/needs.ts'
import { projectRoot } from './tools/root.ts'

const withJq = needs('jq')

const secret = 'sk-a/b+c"d\\e 0123456789'

describe('a secret in an answer', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const forms: Record<string, string> = {
    'as it is': secret,
    'in JSON': JSON.stringify({ Authorization: `Bearer ${secret}` }),
    'in a URL': `/v1?key=${encodeURIComponent(secret)}`,
    'in a URL, in lower case': `/v1?key=${encodeURIComponent(secret).replaceAll(/%../g, (escape) => escape.toLowerCase())}`,
    'in base64': base64(secret),
    'in base64, behind one byte': base64(`:${secret}`),
    'in base64, behind two bytes': base64(`u:${secret}`),
    'in base64, in the middle': base64(`user:${secret} and more`),
    'in base64 for URLs': Buffer.from(`u:${secret}`).toString('base64url'),
  }
  it.each(Object.entries(forms))('%s is masked', (_, text) => {
    const masked = maskSecrets(`before ${text} after`, [secret])
    expect(masked).toMatch(/^before .*\*{3}.* after$/)
    for (const hidden of [secret, JSON.stringify(secret).slice(1, -1), secret.slice(0, 12)])
      expect(masked).not.toContain(hidden)
    for (const run of masked.match(/[\w+/-]{6,}/g) ?? [])
      expect(Buffer.from(run, 'base64').toString('latin1')).not.toMatch(/a\/b\+c|0123456/)
  })

  it('verify.sh masks by jq as this does', withJq, () => {
    const texts = [
      ...Object.values(forms).map((text) => `before ${text} after`),
      '{"detail":"no such model"}',
      `status 500: {"key": "${secret.slice(0, 9)}…`,
      `status 500: ${base64(`a:${secret}`).slice(0, 14)}…`,
      'status 500: a long answer…',
      `${secret}${secret}`,
    ]
    const program = 'include "mask"; ($ENV.SECRET | secret_forms) as $forms | map(masked($forms))'
    const { stdout, stderr } = spawnSync('jq', ['-c', '-L', join(projectRoot, 'src/probes/jq'), program], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
      env: { ...process.env, SECRET: secret },
    })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual(texts.map((text) => maskSecrets(text, [secret])))
  })

  it('what is around it stays, and a text without one', () => {
    expect(maskSecrets('{"detail":"no such model"}', [secret])).toBe('{"detail":"no such model"}')
    expect(maskSecrets(`a ${secret}, b ${secret}`, [secret])).toBe(`a ${mask}, b ${mask}`)
    expect(maskSecrets('abcabc', ['abc', ''])).toBe('abcabc')
  })

  it('that was cut off is masked as well', () => {
    expect(maskSecrets(`status 500: {"key": "${secret.slice(0, 9)}…`, [secret])).toBe(`status 500: {"key": "${mask}…`)
    expect(maskSecrets(`status 500: ${base64(`a:${secret}`).slice(0, 14)}…`, [secret])).toMatch(
      /^status 500: \S{3,4}\*{3}…$/,
    )
    expect(maskSecrets('status 500: a long answer…', [secret])).toBe('status 500: a long answer…')
  })

  it('is gone, whatever it is and wherever it stands', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 })
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 8 }), text, text, (key, before, after) => {
        const shown = [
          `${before}${key}${after}`,
          JSON.stringify([`${before}${key}${after}`]),
          `${before}${encodeURIComponent(key)}${after}`,
        ].map((one) => maskSecrets(one, [key]))
        for (const one of shown) expect(one.includes(key)).toBe(mask.includes(key))
      }),
      runs(500),
    )
  })
})

it('headers that carry credentials are known', () => {
  expect(
    secretsOfHeaders({
      authorization: 'Bearer one',
      'X-API-Key': 'two',
      Cookie: 'a=three',
      Accept: 'application/json',
    }),
  ).toEqual(['Bearer one', 'one', 'two', 'two', 'a=three', 'a=three'])
})
