import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LockedImage } from '../../src/oci/lock.ts'
import { parseConfig, parseManifest } from '../../src/oci/manifest.ts'
import { atMirror } from '../../src/oci/mirrors.ts'
import { parseLock } from '../../src/oci/parseLock.ts'
import { budgetOf, imageCosts } from '../../src/views/budget.ts'
import { renderLock } from '../../src/render/lock.ts'

const digest = fc.integer({ min: 0, max: 30 }).map((number) => `sha256:${number.toString(16).padStart(64, '0')}`)
const layer = digest.map((name) => ({ digest: name, size: Number.parseInt(name.slice(-4), 16) * 1000 }))
const image: fc.Arbitrary<LockedImage> = fc
  .record({
    name: fc.stringMatching(/^[a-z0-9]{1,8}$/),
    tag: fc.constantFrom('1', '1.10', 'on', 'latest', '0777', '1e3'),
    own: digest,
    layers: fc.uniqueArray(layer, { selector: (one) => one.digest, maxLength: 5 }),
    rest: fc.nat(5000),
    index: fc.boolean(),
    more: fc.nat(10_000),
    entrypoint: fc.option(fc.array(fc.string(), { minLength: 1 }), { nil: undefined }),
  })
  .map(({ name, tag, own, layers, rest, index, more, entrypoint }) => {
    const size = layers.reduce((sum, one) => sum + one.size, rest)
    return {
      reference: `registry.example.com/${name}:${tag}`,
      digest: own,
      type: index ? ('index' as const) : ('image' as const),
      ...(index ? { image: own, architectures: ['amd64', 'arm64'], allSize: size + more } : {}),
      size,
      ...(entrypoint === undefined ? {} : { entrypoint }),
      layers,
    }
  })
/** One digest, one size: all else is a contradiction. */
const images = fc.uniqueArray(image, {
  comparator: (a, b) => a.reference === b.reference || a.digest === b.digest,
  maxLength: 12,
})

describe('the lock', () => {
  test('is read as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(images, (all) => {
        const { lock, findings } = parseLock(renderLock({ images: all }))
        expect(findings).toEqual([])
        expect(lock.images).toEqual(all.toSorted((a, b) => (a.reference < b.reference ? -1 : 1)))
        expect(renderLock(lock)).toBe(renderLock({ images: all.toReversed() }))
      }),
    )
  })

  test('any text is read or refused', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseLock(text)))
    fc.assert(
      fc.property(
        fc.jsonValue(),
        (value) =>
          void parseLock(
            `apiVersion: edge.microshift.dev/v1alpha1\nkind: EdgeLock\nplatform: linux/amd64\nimages: ${JSON.stringify([value])}\n`,
          ),
      ),
    )
  })

  test('sums: nothing is counted twice, nothing is lost', () => {
    fc.assert(
      fc.property(images, (all) => {
        const planned = all.map((locked) => ({ reference: locked.reference, pull: locked.reference, locked, why: [] }))
        const budget = budgetOf(planned)
        const costs = imageCosts(planned)
        expect(costs.every((cost) => cost !== undefined && cost.shared <= cost.size)).toBe(true)
        const total = all.reduce((sum, { size }) => sum + size, 0)
        expect(budget?.download ?? 0).toBeLessThanOrEqual(total)
        expect(budget?.download ?? 0).toBeGreaterThanOrEqual(Math.max(0, ...all.map(({ size }) => size)))
        if (costs.every((cost) => cost?.shared === 0)) expect(budget?.download ?? 0).toBe(total)
      }),
    )
  })
})

describe('what registries send', () => {
  test('any bytes are read or refused', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => new TextEncoder().encode(text)),
    )
    fc.assert(
      fc.property(bytes, (sent) => {
        parseManifest(sent)
        parseConfig(sent)
      }),
    )
    const manifest = fc.record(
      {
        schemaVersion: fc.constantFrom(1, 2),
        config: fc.jsonValue(),
        layers: fc.jsonValue(),
        manifests: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(fc.property(manifest, (value) => void parseManifest(new TextEncoder().encode(JSON.stringify(value)))))
  })
})

describe('mirrors', () => {
  test.each([
    ['quay.io/org/m:1', 'mirror.local:5000/quay/org/m:1'],
    ['quay.io/org/m@sha256:0', 'mirror.local:5000/quay/org/m@sha256:0'],
    ['quay.io/modh/vllm:1', 'mirror.local:5000/modh/vllm:1'],
    ['quay.io/modh/ovms@sha256:0', 'ovms.local/ovms@sha256:0'],
    ['quay.io/modh/ovms-2:1', 'mirror.local:5000/modh/ovms-2:1'],
    ['quay.io/modhx/a:1', 'mirror.local:5000/quay/modhx/a:1'],
    ['quay.iox/a:1', undefined],
    ['registry.example.com/quay.io/a:1', undefined],
  ])('%s → %s', (reference, expected) => {
    const mirrors = [
      { prefix: 'quay.io/modh', location: 'mirror.local:5000/modh' },
      { prefix: 'quay.io', location: 'mirror.local:5000/quay' },
      { prefix: 'quay.io/modh/ovms', location: 'ovms.local/ovms' },
    ]
    expect(atMirror(reference, mirrors)).toBe(expected)
  })
})
