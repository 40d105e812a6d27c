import type { ExpectedObject } from '../../kubernetes/compared.ts'
import type { InferenceService, ServingRuntime } from '../../kubernetes/types.ts'
import { podOf } from './pod.ts'

/** Where KServe writes down the model's source for its webhook, on the template of the pods. */
const sourceAnnotation = 'internal.serving.kserve.io/storage-initializer-sourceuri'

/**
 * What the Deployment has that KServe makes of an InferenceService, as far as an update that did not reach it shows. For a
 * moment after an update the InferenceService is new and its Deployment is yesterday's, and ready.
 *
 * @param service - final
 * @param runtime - final, with the images that the device asks for
 */
export const expectedDeployment = (service: InferenceService, runtime: ServingRuntime | undefined): ExpectedObject => ({
  spec: {
    template: {
      metadata: { annotations: { [sourceAnnotation]: service.spec.predictor.model.storageUri } },
      spec: {
        containers: (runtime === undefined ? [] : podOf(service, runtime).spec.containers).map(({ name, image }) => ({
          name,
          image,
        })),
      },
    },
  },
})

/** The ModelCar of an InferenceService: KServe adds a container and an init container of it. facts/kserve.md, ModelCar. */
const modelCars = ['modelcar', 'modelcar-init']
const scheme = 'oci://'

/**
 * The images of a model's pods, by container.
 *
 * @param service - the InferenceService, as it is expected
 * @param deployment - what expectedDeployment gives
 */
export const serverImagesOf = (
  service: ExpectedObject,
  deployment: ExpectedObject | undefined,
): { readonly container: string; readonly reference: string }[] => {
  const { predictor } = service['spec'] as InferenceService['spec']
  const { storageUri } = predictor.model
  const spec = deployment?.['spec'] as
    | { readonly template: { readonly spec: { readonly containers: readonly { name: string; image: string }[] } } }
    | undefined
  return [
    ...(spec?.template.spec.containers ?? []).map(({ name, image }) => ({ container: name, reference: image })),
    ...(storageUri.startsWith(scheme)
      ? modelCars.map((container) => ({ container, reference: storageUri.slice(scheme.length) }))
      : []),
  ]
}
