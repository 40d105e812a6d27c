import { expect, it } from 'vitest'
import { columns } from '../../src/report/columns.ts'

it('columns stand below each other on a terminal: wide characters take two places, accents none', () => {
  expect(
    columns([
      ['a', 'x'],
      ['日本', 'x'],
      ['e\u0301', 'x'],
    ]),
  ).toBe('a     x\n日本  x\ne\u0301     x\n')
})
