import type { InferenceService } from '../../kubernetes/types.ts'
import type { Workload } from '../workload.ts'
import { checkObject } from './checkObject.ts'
import { factsOf } from './facts.ts'
import { inferenceService } from './inferenceService.ts'

/** KServe in raw deployment mode: a model is an InferenceService, of which KServe makes a Deployment and a Service. */
export const kserve: Workload<InferenceService> = {
  kind: 'kserve',
  service: (model) => `${model}-predictor`,
  build: inferenceService,
  check: checkObject,
  read: factsOf,
}
