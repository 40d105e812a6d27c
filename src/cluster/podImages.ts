import type { ClusterCause } from './causes.ts'
import type { ExpectedImage } from './expected.ts'
import type { LivePod } from './live.ts'

/** An image of a pod that is not the bundle's. */
export interface OtherImage {
  readonly cause: ClusterCause
  readonly text: string
}

/**
 * Holds the images of a pod to the bundle's: as the pod asks for them, and to the digest where the bundle has one and the
 * container runtime says one. CRI-O of OpenShift 4.15 and later may give an id of its own for imageID (quay/container-security-operator
 * pull request 122), which proves nothing either way.
 *
 * @param expected - the containers that the bundle knows
 */
export const otherImages = ({ name: pod, containers }: LivePod, expected: readonly ExpectedImage[]): OtherImage[] =>
  expected.flatMap(({ container, reference, digest }): OtherImage[] => {
    const live = containers.find(({ name }) => name === container)
    if (live === undefined) return [{ cause: 'pod-other-image', text: `pod ${pod} has no container ${container}` }]
    if (live.image !== reference)
      return [{ cause: 'pod-other-image', text: `pod ${pod}, container ${container}: ${live.image}` }]
    const [, running] = /@(sha\d+:[0-9a-f]+)$/.exec(live.imageId) ?? []
    return digest === undefined || running === undefined || running === digest
      ? []
      : [{ cause: 'pod-other-digest', text: `pod ${pod}, container ${container} runs ${live.imageId}` }]
  })
