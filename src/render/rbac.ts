import { type ClusterRead, configRead, workloadReads } from '../kubernetes/clusterReads.ts'
import { configMapName } from '../kubernetes/names.ts'
import type { Plan } from '../plan/plan.ts'
import type { File } from './file.ts'
import { dumpYaml } from './kubernetes/dump.ts'
import { granted, listOf, type Rule, serviceAccount } from './kubernetes/role.ts'
import { bundleLayout } from '../layout.ts'
import { routesOf } from './manifests.ts'

const name = 'edge-verify'

/**
 * What the checks inside the cluster need, for whoever wants to grant it: a ServiceAccount that may read just what is asked.
 * It lies with the probes and not with the manifests: nothing applies it by itself.
 */
export function* rbac(plan: Plan): Iterable<File> {
  const { namespace, kserveConfig } = plan
  const account = { name, namespace }
  // The bundle has Roles where the router is to read certificates.
  const hasRoles = [plan, ...plan.sites].some((one) => routesOf(one).some(({ certificateSecret }) => certificateSecret))
  const { namespace: own, roles, bindings, ...lists } = workloadReads
  const items = [
    serviceAccount(account),
    // A Role in a namespace may grant to read that namespace itself.
    ...granted(account, account, [
      rule([own], namespace),
      ...byGroup([...Object.values(lists), ...(hasRoles ? [roles, bindings] : [])]),
    ]),
    ...(kserveConfig === undefined
      ? []
      : granted({ name: `${name}-${namespace}`, namespace: kserveConfig.namespace }, account, [
          rule([configRead], configMapName),
        ])),
  ]
  yield { path: bundleLayout.clusterReader, content: dumpYaml(listOf(items)) }
}

const byGroup = (reads: readonly ClusterRead[]): Rule[] =>
  [...new Set(reads.map(({ group }) => group))].map((group) => rule(reads.filter((read) => read.group === group)))

const rule = (reads: readonly ClusterRead[], resource?: string): Rule => ({
  apiGroups: [reads[0]?.group ?? ''],
  resources: reads.map(({ resource }) => resource),
  ...(resource === undefined ? {} : { resourceNames: [resource] }),
  verbs: [...new Set(reads.map(({ verb }) => verb))],
})
