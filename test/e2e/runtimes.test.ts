import { describe, expect, test } from 'vitest'
import { edge } from '../tools/edge.ts'
import { payloadRuntimes, releaseInfo } from '../tools/payload.ts'
import { needs, payloads } from '../tools/needs.ts'
import { upstreamPayload, upstreamReleases } from '../tools/upstream.ts'
import { facts } from './upstreamFacts.ts'

/** `edge runtimes --format json`, as far as other programs rely on it. */
interface Overview {
  readonly payload: { readonly base: string }
  readonly runtimes: readonly {
    readonly name: string
    readonly formats: readonly { readonly name: string; readonly version?: string; readonly autoSelect: boolean }[]
    readonly protocolVersions: readonly string[]
    readonly port: { readonly number: number; readonly name?: string; readonly container: string }
    readonly accelerators: readonly string[]
    readonly images: readonly {
      readonly container: string
      readonly placeholder: string
      readonly reference?: string
    }[]
    readonly usable: boolean
    readonly problems: readonly { readonly code: string; readonly message: string }[]
  }[]
}

describe('edge runtimes', needs(payloads), () => {
  test('every real payload is held to the facts', () => {
    expect(facts.map(({ release }) => release)).toEqual(upstreamReleases())
  })

  describe.each(facts)('$release', ({ release, base, runtimes, unusable }) => {
    const run = () => {
      const { status, stdout, stderr } = edge(['runtimes', '--payload', upstreamPayload(release), '--format', 'json'])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      return JSON.parse(stdout) as Overview
    }

    test('shows what each runtime can serve', () => {
      const overview = run()

      expect(overview.payload.base).toBe(base)
      const shown = overview.runtimes.map(({ name, formats, port, accelerators }) => ({
        name,
        formats: formats.map(
          (format) =>
            `${format.name}${format.version === undefined ? '' : `:${format.version}`}${format.autoSelect ? '*' : ''}`,
        ),
        port,
        accelerators,
      }))
      expect(shown).toEqual(
        runtimes.map(({ name, formats, port, portName, container, accelerator }) => ({
          name,
          formats,
          port: { number: port, container, ...(portName === undefined ? {} : { name: portName }) },
          accelerators: [accelerator],
        })),
      )
      expect(
        overview.runtimes
          .filter(({ protocolVersions }) => protocolVersions.length > 0)
          .map(({ name, protocolVersions }) => [name, protocolVersions]),
      ).toEqual([['kserve-ovms', ['v2', 'grpc-v2']]])
    })

    test('shows the images of the release-info, and which runtime cannot be used as it is', () => {
      const overview = run()
      const { images } = releaseInfo(upstreamPayload(release))

      const wanted = payloadRuntimes(upstreamPayload(release)).map(({ metadata, spec }) => [
        metadata.name,
        spec.containers.map(({ name, image }) => [name, image, images[image]]),
      ])
      expect(
        overview.runtimes.map(({ name, images }) => [
          name,
          images.map(({ container, placeholder, reference }) => [container, placeholder, reference]),
        ]),
      ).toEqual(wanted)
      const refused = overview.runtimes.filter(({ usable }) => !usable)
      expect(refused.map(({ name, problems }) => ({ name, codes: problems.map(({ code }) => code) }))).toEqual(
        unusable === undefined ? [] : [{ name: unusable.runtime, codes: [unusable.code] }],
      )
      expect(overview.runtimes.filter(({ usable }) => usable).flatMap(({ problems }) => problems)).toEqual([])
    })

    test('as a table: one row a runtime', () => {
      const { status, stdout } = edge(['runtimes', '--payload', upstreamPayload(release)])
      expect(status).toBe(0)
      for (const { name, port } of runtimes) expect(stdout).toMatch(new RegExp(`^${name}  .*  ${port}(?: h2c)?  `, 'm'))
      expect([...stdout.matchAll(/^(\S+) cannot be used: /gm)].map(([, name]) => name)).toEqual(
        unusable === undefined ? [] : [unusable.runtime],
      )
    })
  })
})
