import { isMap, mapOf } from '../basics/maps.ts'
/** A place in an object where Kubernetes, or KServe, finds an image that the device pulls. */
export interface ImagePlace {
  /** The way to the text from the object: `['spec', 'containers', 0, 'image']`. */
  readonly steps: readonly (string | number)[]
  /** The reference as it stands there, without `oci://`. */
  readonly reference: string
  /**
   * `container`: a container's image, which must be a reference; `volume`: an image volume; `model`: an `oci://` address;
   * `field`: a field called image of a kind that edge does not know, which may be something else.
   */
  readonly kind: 'container' | 'volume' | 'model' | 'field'
  /** Name of the container or the volume, or of the field that holds it: `kserve-container`, `transformer`. */
  readonly name: string
  /** The container's imagePullPolicy, or the volume's pullPolicy. */
  readonly pullPolicy?: string
}

const scheme = 'oci://'
/** Kinds that hold texts or schemas, not pods. */
const otherKinds = ['ConfigMap', 'Secret', 'CustomResourceDefinition']
/** Texts of these are words for a program: no address in them is pulled. */
const words = ['args', 'command', 'env', 'envFrom', 'metadata', 'status']
const containerLists = ['containers', 'initContainers', 'ephemeralContainers']
/** The components of an InferenceService hold a container as the field that names its framework: `predictor.model`. */
const components = ['predictor', 'transformer', 'explainer']

type Fields = Readonly<Record<string, unknown>>

/**
 * Finds every image that an object makes a device pull: containers of all sorts wherever a pod's specification stands, image
 * volumes (`volumes[].image.reference`), containers of an InferenceService's components, and models (`storageUri: oci://…`).
 * What controllers add to it is no part of the object: workloads/kserve/addedImages.ts.
 *
 * @param object - any Kubernetes object, a List included
 */
export const imagePlaces = (object: unknown): ImagePlace[] => {
  if (!isMap(object)) return []
  const { kind } = object
  return typeof kind === 'string' && otherKinds.includes(kind) ? [] : placesIn(object, [])
}

const placesIn = (value: unknown, steps: readonly (string | number)[]): ImagePlace[] => {
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => placesIn(item, [...steps, index]))
  if (!isMap(value)) return []
  // An item of a List.
  if (steps.length > 0 && typeof value['kind'] === 'string' && otherKinds.includes(value['kind'])) return []
  const { image } = value
  const own: ImagePlace[] =
    typeof image === 'string'
      ? [ofImage(value, image, steps)]
      : isMap(image) && typeof image['reference'] === 'string'
        ? [
            {
              steps: [...steps, 'image', 'reference'],
              reference: image['reference'],
              kind: 'volume',
              name: nameOf(value, steps),
              ...(typeof image['pullPolicy'] === 'string' ? { pullPolicy: image['pullPolicy'] } : {}),
            },
          ]
        : []
  const below = Object.entries(value).flatMap(([key, child]): ImagePlace[] => {
    if (key === 'env') return modelVariables(child, [...steps, key])
    if (words.includes(key) || (key === 'image' && own.length > 0)) return []
    if (typeof child === 'string' && child.startsWith(scheme))
      return [{ steps: [...steps, key], reference: child.slice(scheme.length), kind: 'model', name: key }]
    return placesIn(child, [...steps, key])
  })
  return [...own, ...below]
}

/** KServe's variable for the model of a container of one's own: CustomSpecStorageUriEnvVarKey. */
const modelVariables = (env: unknown, steps: readonly (string | number)[]): ImagePlace[] =>
  (Array.isArray(env) ? env : []).flatMap((variable: unknown, index): ImagePlace[] => {
    const { name, value } = mapOf(variable)
    return name === 'STORAGE_URI' && typeof value === 'string' && value.startsWith(scheme)
      ? [{ steps: [...steps, index, 'value'], reference: value.slice(scheme.length), kind: 'model', name }]
      : []
  })

const ofImage = (holder: Fields, image: string, steps: readonly (string | number)[]): ImagePlace => {
  const { imagePullPolicy } = holder
  const [parent, last] = [steps.at(-2), steps.at(-1)]
  const isContainer =
    (typeof last === 'number' && containerLists.includes(String(parent))) || components.includes(String(parent))
  return {
    steps: [...steps, 'image'],
    reference: image,
    kind: isContainer ? 'container' : 'field',
    name: nameOf(holder, steps),
    ...(typeof imagePullPolicy === 'string' ? { pullPolicy: imagePullPolicy } : {}),
  }
}

/** A container of a component goes by the component's name: its own is KServe's. */
const nameOf = (holder: Fields, steps: readonly (string | number)[]): string => {
  const { name } = holder
  if (typeof name === 'string') return name
  const component = steps.findLast((step) => components.includes(String(step)))
  return String(component ?? steps.at(-1) ?? '')
}

/**
 * The object with other references in some of its places; all else is the same.
 *
 * @param replace - gives the reference for a place; what it had stays when it gives undefined
 */
export const withImages = <T extends object>(object: T, replace: (place: ImagePlace) => string | undefined): T =>
  imagePlaces(object).reduce<T>((changed, place) => {
    const reference = replace(place)
    if (reference === undefined || reference === place.reference) return changed
    return setAt(changed, place.steps, place.kind === 'model' ? scheme + reference : reference) as T
  }, object)

const setAt = (value: unknown, [step, ...rest]: readonly (string | number)[], text: string): unknown => {
  if (step === undefined) return text
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step ? setAt(item, rest, text) : item))
  const fields = value as Fields
  return { ...fields, [step]: setAt(fields[step], rest, text) }
}
