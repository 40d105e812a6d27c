import { mapOf } from '../../basics/maps.ts'
import { type Finding, finding } from '../../findings/finding.ts'
import type { InferenceService, ServingRuntime } from '../../kubernetes/types.ts'
import { titlesWith } from '../../servers/list.ts'
import type { ModelServer } from '../../servers/modelServer.ts'
import { components, storageOf } from '../../workloads/kserve/addedImages.ts'
import type { PlannedAccelerator } from '../../workloads/workload.ts'
import { argumentTexts, checkSecretTexts } from '../secretTexts.ts'
import { checkAccelerators, checkArguments, isKeyArgument } from './arguments.ts'
import { checkEnv, checkTemplates } from './containerTexts.ts'
import { checkMetadata } from './metadata.ts'
import type { PlacedModel } from './placedModel.ts'
import { type Places, placesOf } from './places.ts'
import type { Made } from './settle.ts'
import { checkReplicas } from './replicas.ts'
import { checkResources } from './resources.ts'
import { checkVolumes } from './volumes.ts'

interface Checked {
  readonly placed: PlacedModel
  readonly made: Made
  /** What the spec's field of that name gives. */
  readonly accelerator: PlannedAccelerator | undefined
  /** The ServingRuntime without the model; undefined where it is not known. */
  readonly runtime: ServingRuntime | undefined
}

/**
 * Everything that is checked of a model's final object, whoever made it so: the spec's fields, a site, or a patch. A finding
 * points at what said it last.
 */
export const checkModel = ({ placed, made, accelerator, runtime }: Checked): Finding[] => {
  const { value: model } = placed
  const { facts, built, object, server, derived } = made
  const places = placesOf(placed, made)
  const own = object.spec.predictor.model as { readonly image?: unknown; readonly imagePullPolicy?: unknown }
  return [
    ...checkReplicas(facts.replicas, (field) =>
      places.of(
        ({ spec: { predictor } }) => [predictor.minReplicas, predictor.maxReplicas],
        'replicas',
        ...(field === undefined ? [] : [field]),
      ),
    ),
    ...(['labels', 'annotations'] as const).flatMap((field) =>
      checkMetadata(field, facts[field], built.metadata[field] ?? {}, model[field] ?? {}, (name, on) =>
        (on === undefined ? places.of : places.ofKey)(({ metadata }) => metadata[field]?.[name], field, name),
      ),
    ),
    ...checkResources(facts.own.resources, accelerator, model, (kind, resource, on) =>
      (on === undefined ? places.of : places.ofKey)(
        ({ spec }) => spec.predictor.model.resources?.[kind]?.[resource],
        'resources',
        kind,
        resource,
      ),
    ),
    ...checkVolumes(facts, (name, field) =>
      places.of((one) => volumeIn(one, name), ...stepsToVolume(placed, name, field)),
    ),
    ...checkTemplates(
      facts.own,
      (index) => places.ofItem('args', index),
      (index, ...field) => places.ofItem('env', index, ...field),
    ),
    ...checkEnv(facts.own, derived.keyVariable, (index, ...field) => places.ofItem('env', index, ...field)),
    ...checkSecretTexts([
      ...facts.own.env.flatMap(({ name, value }, index) =>
        value === undefined ? [] : [{ name, value, at: places.ofItem('env', index, 'value') }],
      ),
      ...argumentTexts(facts.own.args.map((value, index) => ({ value, at: places.ofItem('args', index) }))).filter(
        ({ name }) => server === undefined || runtime === undefined || !isKeyArgument(name, server.kind),
      ),
    ]),
    ...checkSources(object, places),
    ...(own.imagePullPolicy === 'Always' && own.image === undefined
      ? [
          finding(
            'image-pull-always',
            { image: facts.container.image, by: `model ${model.name}` },
            places.of(({ spec }) => (spec.predictor.model as { imagePullPolicy?: unknown }).imagePullPolicy),
          ),
        ]
      : []),
    ...(server === undefined || runtime === undefined
      ? []
      : [
          ...checkServer(placed, server.kind, facts.runtime),
          ...checkArguments(facts.own.args, server, placed.pointer, (index) => places.ofItem('args', index)),
          ...checkAccelerators(facts, runtime, server, (what) => {
            const index = what === 'parallel' ? facts.own.args.findLastIndex((one) => parallelism.test(one)) : -1
            return index === -1
              ? places.of(({ spec }) => spec.predictor.model.resources, 'accelerator')
              : places.ofItem('args', index)
          }),
        ]),
  ]
}

/** An option that spreads a model over devices, in the spellings of vLLM and SGLang. */
const parallelism = /^--?(?:(?:tensor|pipeline|data)[-_]parallel[-_]size|(?:tp|pp|dp)(?:-size)?)(?:=|\s|$)/

const volumeIn = ({ spec: { predictor } }: InferenceService, name: string): unknown => [
  predictor.volumes?.filter((volume) => volume.name === name),
  predictor.model.volumeMounts?.filter((mount) => mount.name === name),
]

const stepsToVolume = (
  { value: { volumes = [] } }: PlacedModel,
  name: string,
  field: string | undefined,
): (string | number)[] => {
  const index = volumes.findLastIndex(
    (volume) => volume.name === name && (field !== 'hostPath' || 'hostPath' in volume),
  )
  return index === -1 ? ['shm'] : ['volumes', index, ...(field === undefined ? [] : [field])]
}

/** MicroShift serves OCI images alone, whichever component asks: facts/microshift.md, known problems. */
const checkSources = (object: InferenceService, places: Places): Finding[] =>
  components.flatMap((component) => {
    const componentOf = ({ spec }: InferenceService): unknown => ({ ...spec })[component as 'predictor']
    return storageOf(mapOf(componentOf(object)))
      .filter((address) => !address.startsWith('oci://'))
      .map((source) => finding('source-scheme', { source, why: 'modelcar' }, places.of(componentOf, 'source')))
  })

/** What not every server knows. */
const checkServer = (
  { value: model, pointer }: PlacedModel,
  { apiKey, nameArgument }: ModelServer,
  runtime: string,
): Finding[] => [
  ...(model.auth === undefined || apiKey !== undefined
    ? []
    : [finding('auth-not-vllm', { runtime, known: titlesWith('apiKey') }, { pointer: `${pointer}/auth`, on: 'key' })]),
  ...(typeof model.servedName !== 'string' || nameArgument !== undefined
    ? []
    : [
        finding(
          'served-name-not-vllm',
          { runtime, known: titlesWith('nameArgument') },
          { pointer: `${pointer}/servedName`, on: 'key' },
        ),
      ]),
]
