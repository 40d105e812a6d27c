import { formatLabel } from '../payload/servingRuntime.ts'
import type { Plan, PlannedRoute } from '../plan/plan.ts'
import type { File } from './file.ts'
import { workloadDirectory } from './manifests.ts'
import { markdownCode, shellQuote } from './quote.ts'
import template from './readme.md.hbs'

/** The bundle's README.md: what it is, and the commands for it. */
export const readme = (plan: Plan, toolVersion: string): File => {
  const directory = workloadDirectory(plan)
  return {
    path: 'README.md',
    content: template({
      name: plan.name,
      namespace: plan.namespace,
      toolVersion,
      payload: `${plan.payload.release === undefined ? 'the payload' : `the payload of MicroShift ${plan.payload.release}`} with release base ${plan.payload.base}`,
      models: plan.models.map((model) => ({
        name: model.name,
        format: markdownCode(formatLabel(model.format)),
        runtime: model.runtime,
        port: model.port,
        host: model.route === undefined ? 'the Service only (no Route)' : `${scheme(model.route)}://${model.route.host}`,
      })),
      images: plan.images.map(({ reference, why }) => ({ reference: markdownCode(reference), why: why.join(', ') })),
      copyCommand: `cp -r ${shellQuote(directory)} /etc/microshift/manifests.d/`,
      previewCommand: `kubectl kustomize ${shellQuote(directory)}`,
      requests: plan.models.flatMap(({ name, route, readyPath }) =>
        route === undefined || readyPath === undefined ? [] : [{ name, command: request(route, readyPath) }],
      ),
    }),
  }
}

const scheme = ({ tls }: PlannedRoute): string => (tls === 'none' ? 'http' : 'https')

/** curl to a device by its address, whatever DNS says of the host. */
const request = (route: PlannedRoute, path: string): string =>
  `curl -k -i --connect-to ${shellQuote(`${route.host}::DEVICE:`)} ${shellQuote(`${scheme(route)}://${route.host}${path}`)}`
