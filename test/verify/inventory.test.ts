import { describe, expect, it } from 'vitest'
import { parseInventory } from '../../src/verify/inventory.ts'

const csv = (text: string) => parseInventory(text, 'hosts.csv', ['a'])

describe('an inventory in CSV', () => {
  it('has cells in quotes, lines of every kind, empty lines, and a mark of order of bytes', () => {
    expect(csv('\ufeffhost,site,note\r\n\r\n10.0.0.1,a,"x ""y"", z"\n10.0.0.2,,"two\nlines"\n,,\n10.0.0.3,a,')).toEqual(
      [
        { host: '10.0.0.1', site: 'a', labels: { note: 'x "y", z' } },
        { host: '10.0.0.2', labels: { note: 'two\nlines' } },
        { host: '10.0.0.3', site: 'a', labels: {} },
      ],
    )
  })

  it('has its mistakes named by the line on which their row begins, all of them', () => {
    expect(() => csv('host,note\n10.0.0.1,"two\nlines"\n10.0.0.1,"one\nmore"\nfo"o,\n10.0.0.2\n')).toThrow(
      [
        'hosts.csv: 3 entries cannot be used:',
        '  line 6: a quote stands where none may: a cell with quotes is quoted as a whole',
        '  line 7: 1 cells, and 2 columns',
        '  line 4: 10.0.0.1 is there already, at line 2',
      ].join('\n'),
    )
  })

  it('that ends in a quote is refused, and so is a cell of 20 MB', () => {
    expect(() => csv('host,note\n10.0.0.1,"x\n10.0.0.2,y\n')).toThrow('no CSV from line 3 on: a quote is not closed')
    expect(() => csv(`host,note\n10.0.0.1,"${'x'.repeat(20_000_000)}"\n`)).toThrow(
      'a row of more than 100000 characters',
    )
    expect(() => csv(`host,note\n10.0.0.1,${'x'.repeat(20_000_000)}\n`)).toThrow('a row of more than 100000 characters')
  })
})
