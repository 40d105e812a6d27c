import { describe, expect, it } from 'vitest'
import { messageOf } from '../../src/findings/finding.ts'
import { argumentTexts, checkSecretTexts } from '../../src/plan/secretTexts.ts'

const secret = 'a-secret-word-0123456789'
const codes = (name: string, value = secret) => checkSecretTexts([{ name, value, at: '/x' }]).map(({ code }) => code)

describe('a variable with a value', () => {
  it.each(['VLLM_API_KEY', 'API_KEY', 'vllm_api_key', 'APIKEY'])('%s: an error', (name) => {
    expect(codes(name)).toEqual(['api-key-written-out'])
  })

  it.each([
    'HF_TOKEN',
    'HUGGING_FACE_HUB_TOKEN',
    'DB_PASSWORD',
    'AWS_SECRET_ACCESS_KEY',
    'CLIENT_SECRET',
    'S3_KEY',
    'OPENAI_API_KEY',
    'PASSPHRASE',
    'GOOGLE_CREDENTIALS',
    'db.password',
  ])('%s: a warning', (name) => {
    expect(codes(name)).toEqual(['secret-written-out'])
  })

  it.each([
    'MAX_TOKENS',
    'TOKENIZER',
    'TOKENIZERS_PARALLELISM',
    'HF_TOKEN_PATH',
    'PASSWORD_FILE',
    'SECRET_NAME',
    'KEYBOARD',
    'MONKEY',
    'LOG_LEVEL',
  ])('%s: nothing', (name) => {
    expect(codes(name)).toEqual([])
  })

  it.each(['', 'true', '0', '4096', '/run/secrets/key', '$(OTHER)', 'none'])('that is no secret: %j', (value) => {
    expect([...codes('HF_TOKEN', value), ...codes('VLLM_API_KEY', value)]).toEqual([])
  })

  it.each([
    `hf_${'a'.repeat(34)}`,
    `sk-${'a'.repeat(40)}`,
    'AKIAIOSFODNN7EXAMPLE',
    'http://user:word@proxy.example.com:3128',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE',
    `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`,
  ])('whose text says that it is one, whatever its name: %j', (value) => {
    expect(codes('LEVEL', value)).toEqual(['secret-written-out'])
  })
})

describe('arguments', () => {
  const found = (...args: readonly string[]) =>
    checkSecretTexts(argumentTexts(args.map((value, index) => ({ value, at: `/args/${index}` })))).map(
      ({ code, at }) => `${code} ${at?.pointer ?? ''}`,
    )

  it('with =, with a space, or in two', () => {
    expect(found('--port=1', `--api-key=${secret}`)).toEqual(['api-key-written-out /args/1'])
    expect(found(`--api-key ${secret}`)).toEqual(['api-key-written-out /args/0'])
    expect(found('--api-key', secret)).toEqual(['api-key-written-out /args/1'])
    expect(found(`--hf-token=${secret}`, '--hf-token', secret)).toEqual([
      'secret-written-out /args/0',
      'secret-written-out /args/2',
    ])
  })

  it('and nothing else', () => {
    expect(
      found('--hf-token', '--max-num-batched-tokens=8192', '--tokenizer', 'mistral', '--api-key=$(KEY)', 'serve', '-v'),
    ).toEqual([])
  })
})

it('no finding repeats the secret, nor shows the line that it stands in', () => {
  const findings = checkSecretTexts([
    { name: 'VLLM_API_KEY', value: secret, at: '/a' },
    { name: 'HF_TOKEN', value: secret, at: { pointer: '/b', file: 'x.yaml' } },
  ])
  expect(findings.map(({ severity, at }) => ({ severity, at }))).toEqual([
    { severity: 'error', at: { pointer: '/a', secret: true } },
    { severity: 'warning', at: { pointer: '/b', file: 'x.yaml', secret: true } },
  ])
  expect(JSON.stringify(findings) + findings.map(messageOf).join('')).not.toContain(secret)
})
