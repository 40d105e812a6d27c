import template from '../../kustomize/kserve-config.yaml'
import { configMapName } from '../kubernetes/names.ts'
import type { Plan } from '../plan/plan.ts'
import type { File } from './file.ts'
import { configMap } from './kubernetes/configMap.ts'
import { dumpYaml } from './kubernetes/dump.ts'
import { bundleLayout } from '../layout.ts'

/** KServe's configuration, whole, in a directory of its own. */
export function* kserveConfig({ kserveConfig: config }: Plan): Iterable<File> {
  if (config === undefined) return
  const { namespace, labels, annotations, data } = config
  const directory = bundleLayout.kserveConfig(config.directory)
  const file = `${configMapName}.yaml`
  const object = configMap(configMapName, data, { labels, annotations })
  yield { path: `${directory}/${file}`, content: dumpYaml(object) }
  yield {
    path: bundleLayout.kustomization(directory),
    content: dumpYaml({ ...template, namespace, resources: [file] }),
  }
}
