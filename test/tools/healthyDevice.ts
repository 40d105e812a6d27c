import { Device, type DeviceFile } from './device.ts'
import { withFakeOc } from './fakeOc.ts'

/** What the fake `oc` answers when the health check asks for the live objects. */
export const live = 'answers/inferenceservices.serving.kserve.io,servingruntimes.serving.kserve.io,deployments.apps'

/** What a bundle wants of its one model, `m`. */
export const wants = (storageUri = 'oci://quay.io/org/m:v2') => ({
  inferenceServices: [{ name: 'm', storageUri }],
  servingRuntimes: [{ name: 'kserve-ovms', images: [{ container: 'kserve-container', image: 'quay.io/org/ovms:v2' }] }],
  deployments: ['m-predictor'],
})

/** What the cluster has of it, as KServe makes it: by default what the bundle wants. */
export const objects = (is: { storageUri?: string; image?: string; podSource?: string; podImage?: string; observed?: number } = {}) => {
  const { storageUri = 'oci://quay.io/org/m:v2', image = 'quay.io/org/ovms:v2' } = is
  const annotations = { 'internal.serving.kserve.io/storage-initializer-sourceuri': is.podSource ?? storageUri }
  const containers = [{ name: 'kserve-container', image: is.podImage ?? image }, { name: 'modelcar', image: 'x' }]
  return JSON.stringify({
    items: [
      { kind: 'InferenceService', metadata: { name: 'm' }, spec: { predictor: { model: { storageUri, runtime: 'kserve-ovms' } } } },
      { kind: 'ServingRuntime', metadata: { name: 'kserve-ovms' }, spec: { containers: [{ name: 'kserve-container', image }] } },
      { kind: 'Deployment', metadata: { name: 'm-predictor', generation: 2 }, spec: { template: { metadata: { annotations }, spec: { containers } } }, status: { observedGeneration: is.observed ?? 2 } },
    ],
  })
}

/** A device whose cluster has what the bundle wants, with a fake `microshift` and a fake `verify.sh` that say what they are given. */
export const healthyDevice = (more: DeviceFile = {}): Device => {
  const device = new Device({ expected: { '': wants() }, ...more })
  withFakeOc(device)
  device.write(live, objects())
  device.write('usr/lib/edge/probes/verify.sh', 'echo "ok - verify $*" | sed "s/--wait [0-9]*/--wait N/"\nif [ -n "${EDGE_TEST_TOKEN-}" ]; then cat "$9"; fi\nexit "${EDGE_TEST_VERIFY-0}"\n')
  device.program('microshift', 'case $* in *--help) exit "${EDGE_TEST_HELP-0}" ;; esac\necho "microshift $*" | sed "s/timeout=[0-9]*s/timeout=Ns/"\nexit "${EDGE_TEST_READY-0}"\n')
  return device
}
