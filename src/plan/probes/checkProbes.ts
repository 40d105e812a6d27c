import { type Finding, finding } from '../../findings/finding.ts'
import type { Probe } from '../../probes/probe.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { InferSpec } from './openInference.ts'
import { answersTensors, type ProbeSubject } from './planProbes.ts'
import { checkRequest } from './request.ts'

/** What a model's probes cannot be. */
export const checkProbes = (
  spec: NonNullable<ModelSpec['probes']>,
  { name, server, files, pointer }: ProbeSubject,
  probes: readonly Probe[],
): Finding[] => {
  const findings = spec.flatMap(({ infer, complete, chat, request }, index): Finding[] => {
    const at = `${pointer}/probes/${index}`
    const wrongServer = (field: string, does: boolean): Finding[] =>
      does
        ? []
        : [
            finding(
              'probe-server',
              { field, server: server.kind, http: server.http },
              { pointer: `${at}/${field}`, on: 'key' },
            ),
          ]
    if (infer !== undefined)
      return [...wrongServer('infer', answersTensors(server.kind)), ...checkInfer(infer, `${at}/infer`, files)]
    if (complete !== undefined) return wrongServer('complete', server.kind === 'vllm' || server.kind === 'caikit')
    if (chat !== undefined) return wrongServer('chat', server.kind === 'vllm')
    return request === undefined
      ? []
      : [...wrongServer('request', server.http), ...checkRequest(request, `${at}/request`)]
  })
  // The script for all models has that name.
  if (name === 'verify') findings.push(finding('probe-script-name', { name }, `${pointer}/name`))
  return probes.length === 0 && spec.length === 0
    ? [...findings, finding('probe-none', { http: server.http }, { pointer, on: 'key' })]
    : findings
}

const checkInfer = (infer: InferSpec, at: string, files: ProbeSubject['files']): Finding[] => {
  const { image, input, inputs, values, tolerance } = infer
  const picture = files.get(image ?? '')
  return [
    ...(image === undefined && inputs === undefined ? [finding('probe-no-input', {}, at)] : []),
    ...(image !== undefined && inputs !== undefined
      ? [finding('probe-two', { fields: ['image', 'inputs'] }, { pointer: `${at}/inputs`, on: 'key' })]
      : []),
    ...(image === undefined && input !== undefined
      ? [finding('probe-needs', { field: 'input', needs: 'image' }, { pointer: `${at}/input`, on: 'key' })]
      : []),
    ...(values === undefined && tolerance !== undefined
      ? [finding('probe-needs', { field: 'tolerance', needs: 'values' }, { pointer: `${at}/tolerance`, on: 'key' })]
      : []),
    ...(inputs ?? []).flatMap(({ shape, data }, index) => {
      const size = shape.reduce((all, side) => all * side, 1)
      const count = data.flat(Infinity).length
      return size === count ? [] : [finding('probe-shape', { shape, size, count }, `${at}/inputs/${index}/data`)]
    }),
    ...(picture !== undefined && !isPicture(picture)
      ? [
          finding(
            'probe-picture',
            { path: image ?? '', begins: new TextDecoder('latin1').decode(picture.subarray(0, 24)) },
            `${at}/image`,
          ),
        ]
      : []),
  ]
}

/** How the formats begin that OpenCV reads: JPEG, PNG, BMP, TIFF, WebP, JPEG 2000, PNM. */
const isPicture = (bytes: Uint8Array): boolean => {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 12))
  return /^(?:\u00ff\u00d8\u00ff|\u0089PNG|BM|II\*\0|MM\0\*|RIFF[^]{4}WEBP|\0\0\0\u000cjP|P[1-6]\s)/.test(head)
}
