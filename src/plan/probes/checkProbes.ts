import { type Finding, finding } from '../../findings/finding.ts'
import type { Probe } from '../../probes/probe.ts'
import type { InferSpec, ProbeSpec, QuestionKind } from '../../servers/modelServer.ts'
import type { ProbeSubject } from './subject.ts'
import { checkRequest } from './request.ts'

/** What a model's probes cannot be. */
export const checkProbes = (
  spec: readonly ProbeSpec[],
  { name, server: { kind, http }, files, pointer }: ProbeSubject,
  probes: readonly Probe[],
): Finding[] => {
  const answers = questionKinds.filter((field) => kind[field] !== undefined)
  const findings = spec.flatMap(({ infer, complete, chat, request }, index): Finding[] => {
    const at = `${pointer}/probes/${index}`
    const wrongServer = (field: string, does: boolean): Finding[] =>
      does
        ? []
        : [finding('probe-server', { field, server: kind.id, answers, http }, { pointer: `${at}/${field}`, on: 'key' })]
    if (infer !== undefined)
      return [...wrongServer('infer', kind.infer !== undefined), ...checkInfer(infer, `${at}/infer`, files)]
    if (complete !== undefined) return wrongServer('complete', kind.complete !== undefined)
    if (chat !== undefined) return wrongServer('chat', kind.chat !== undefined)
    return request === undefined ? [] : [...wrongServer('request', http), ...checkRequest(request, `${at}/request`)]
  })
  // The script for all models has that name.
  if (name === 'verify') findings.push(finding('probe-script-name', { name }, `${pointer}/name`))
  return probes.length === 0 && spec.length === 0
    ? [...findings, finding('probe-none', { http }, { pointer, on: 'key' })]
    : findings
}

const questionKinds: readonly QuestionKind[] = ['infer', 'complete', 'chat']

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
