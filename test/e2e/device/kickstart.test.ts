import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { expect, test } from 'vitest'
import { projectRoot } from '../../tools/root.ts'

const template = Handlebars.compile(readFileSync(join(projectRoot, 'bootc/kickstart-storage.ks.hbs'), 'utf8'), {
  noEscape: true,
})
const rendered = (view: object) => template({ name: 'plant', ...view }, {}).split('\n')

test('sizes that are known: figures', () => {
  const lines = rendered({
    known: true,
    imageCount: 7,
    embedded: '9.1 GB',
    unpacked: '14.2 GB',
    staging: '3.0 GB',
    system: '10.7 GB',
    rootMebibytes: '58368',
  })
  expect(lines).toContain(
    '# Its 7 embedded images are 9.1 GB, and 14.2 GB when CRI-O has unpacked them. The root file system holds, at the most:',
  )
  expect(lines).toContain('logvol / --vgname=rhel --fstype=xfs --size=58368 --name=root')
  expect(lines.join()).not.toMatch(/ROOT_MIB|\{\{/)
})

test('sizes that are not known: how to compute them', () => {
  const lines = rendered({ known: false })
  expect(lines).toContain('logvol / --vgname=rhel --fstype=xfs --size=ROOT_MIB --name=root')
  expect(lines.join()).not.toMatch(/undefined|\{\{/)
})
