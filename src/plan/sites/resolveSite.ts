import { workloadImages } from '../images/table.ts'
import { hostByRouter } from '../model/route.ts'
import type { Plan, PlannedModel, PlannedRoute, PlannedSite } from '../plan.ts'

/**
 * The plan of one site: the base plan with what the site changes. The one place where a site is applied, for overlays,
 * lists, diffs and probes alike. Objects that do not change are the same objects.
 *
 * @param plan - the base plan
 * @param site - one of its sites
 */
export const resolveSite = (plan: Plan, site: PlannedSite): Plan => {
  const baseDomain = site.baseDomain ?? plan.baseDomain
  const moved = site.baseDomain !== undefined
  const own = new Map(site.models.map((model) => [model.name, model]))
  const dropped = new Set(site.dropped)
  const move = (route: PlannedRoute): PlannedRoute =>
    moved && route.hostLabel !== undefined ? { ...route, host: hostByRouter(route.hostLabel, baseDomain) } : route
  const moveModel = (model: PlannedModel): PlannedModel =>
    moved && model.route?.hostLabel !== undefined ? { ...model, route: move(model.route) } : model

  const models = plan.models
    .filter(({ name }) => !dropped.has(name))
    .map((model) => own.get(model.name) ?? moveModel(model))
  const there = new Set(plan.models.map(({ name }) => name))
  models.push(...site.models.filter(({ name }) => !there.has(name)))

  const used = new Set(models.map(({ facts }) => facts.runtime))
  const runtimes = [...plan.runtimes, ...plan.siteRuntimes]
    .filter(({ name }) => used.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const services = new Set(models.map(({ predictor }) => predictor))
  const ownEndpoints = new Map(site.endpoints.map((endpoint) => [endpoint.name, endpoint]))
  const endpoints = plan.endpoints
    .map((endpoint) => ownEndpoints.get(endpoint.name) ?? endpoint)
    .map((endpoint) => ({
      ...endpoint,
      route: {
        ...move(endpoint.route),
        backends: endpoint.route.backends.filter(({ service }) => services.has(service)),
      },
    }))
    .filter(({ route }) => route.backends.length > 0)
  return {
    ...plan,
    site: site.name,
    baseDomain,
    models,
    runtimes,
    siteRuntimes: [],
    endpoints,
    sites: [],
    bootc: { ...plan.bootc, sites: { mode: 'none' } },
    images: workloadImages(runtimes, models, plan.otherImages, plan.locked),
  }
}
