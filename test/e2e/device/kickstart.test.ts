import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { expect, test } from 'vitest'
import { projectRoot } from '../../tools/root.ts'

const template = Handlebars.compile(readFileSync(join(projectRoot, 'bootc/kickstart-storage.ks.hbs'), 'utf8'), {
  noEscape: true,
})
const rendered = (view: object) => template({ name: 'plant', ...view }, {}).split('\n')

test('sizes that are known: figures to put into the sum', () => {
  const lines = rendered({ embedded: '9.1 GB', largest: '3.0 GB' })
  expect(lines.join('\n')).toContain('here E is at most 9.1 GB and L is 3.0 GB,\n# without')
  expect(lines).toContain('logvol / --vgname=rhel --fstype=xfs --size=ROOT_MIB --name=root')
  expect(lines.join()).not.toMatch(/undefined|\{\{|edge lock/)
})

test('sizes that are not known: how to compute them', () => {
  const lines = rendered({})
  expect(lines).toContain('logvol / --vgname=rhel --fstype=xfs --size=ROOT_MIB --name=root')
  expect(lines.join()).toContain('`edge lock` finds them out')
  expect(lines.join()).not.toMatch(/undefined|\{\{/)
})
