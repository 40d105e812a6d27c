import { dump } from 'js-yaml'

/**
 * Writes Kubernetes objects as YAML; the only place that does. js-yaml quotes each text that YAML 1.1 or 1.2 would read
 * as something else (`on`, `1e3`, `0777`): kustomize and the API server read with Go's YAML 1.1.
 *
 * @param object - one object; fields that are undefined are left out
 */
export const dumpYaml = (object: object): string =>
  dump(object, { noRefs: true, lineWidth: -1, seqNoIndent: true, skipInvalid: true })
