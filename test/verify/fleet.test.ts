import { createSecureContext } from 'node:tls'
import { expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import type { ProbesDocument } from '../../src/probes/document.ts'
import { askFleet, type FleetOptions } from '../../src/verify/fleet.ts'
import type { DeviceResult } from '../../src/verify/result.ts'

const fleetOf = async (modelsAt: FleetOptions['modelsAt']): Promise<DeviceResult[]> => {
  const results: DeviceResult[] = []
  const fleet = askFleet(
    ['first', 'odd', 'last'].map((site) => ({ host: `${site}.example.com`, site, labels: {} })),
    {
      document: { largestAnswer: 1000 } as ProbesDocument,
      bodyOf: () => new Uint8Array(),
      direct: false,
      timeout: 1,
      wait: 0,
      trust: createSecureContext({ ca: [] }),
      insecure: true,
      podAddress: () => Promise.resolve({ address: '192.0.2.1' }),
      concurrency: 1,
      maxFailures: Infinity,
      mustAsk: false,
      modelsAt,
      onCheck: () => undefined,
      onWait: () => undefined,
    },
    new AbortController().signal,
  )
  for await (const result of fleet) results.push(result)
  return results
}

it('an error while one device is asked is that device’s result, and the others have theirs', async () => {
  const results = await fleetOf((site) => {
    if (site === 'odd') throw new RangeError('Maximum call stack size exceeded')
    return []
  })
  expect(results.map(({ host, verdict }) => [host, verdict])).toEqual([
    ['first.example.com', 'pass'],
    ['odd.example.com', 'fail'],
    ['last.example.com', 'pass'],
  ])
  expect(results[1]?.checks[0]?.failure).toMatchObject({
    cause: 'not-understood',
    came: 'RangeError: Maximum call stack size exceeded',
  })
})

it('what the bundle lacks, it lacks for all of them', async () => {
  await expect(
    fleetOf(() => {
      throw new InputError('cannot read probes/data/a')
    }),
  ).rejects.toThrow('cannot read probes/data/a')
})
