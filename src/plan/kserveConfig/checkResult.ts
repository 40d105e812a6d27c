import { type Because, because } from '../../findings/because.ts'
import { type Finding, finding } from '../../findings/finding.ts'
import { isMap } from '../../basics/maps.ts'
import { pointerStep } from '../../yaml/locate.ts'
import { keysWithContainer } from './fields.ts'
import { parseQuantity } from '../quantity.ts'

type Fields = Readonly<Record<string, unknown>>

/** Deployment modes that KServe knows and MicroShift cannot run, and why. */
const otherModes: Readonly<Record<string, Because>> = {
  Serverless: because('mode-knative'),
  Knative: because('mode-knative'),
  ModelMesh: because('mode-modelmesh'),
}

/**
 * Checks what a key says once its changes are in: what KServe's controller would end at, or what would keep it from
 * admitting pods. Source: facts/kserve.md, inferenceservice-config; KServe's NewDeployConfig and NewIngressConfig.
 *
 * @param fields - the result
 * @param before - what the payload says
 * @param patch - the changes
 * @param pointer - the key's place in the spec
 */
export const checkConfigResult = (
  key: string,
  fields: Fields,
  before: unknown,
  patch: Fields,
  pointer: string,
): Finding[] => {
  const checks: Readonly<Record<string, () => Finding[]>> = {
    deploy: () => checkMode(fields, isMap(before) ? before : {}, pointer),
    ingress: () => checkIngress(fields, patch, pointer),
    storageInitializer: () =>
      fields['enableModelcar'] === true ? [] : [finding('kserve-config-modelcar', {}, `${pointer}/enableModelcar`)],
  }
  return [
    ...(Object.hasOwn(checks, key) ? (checks[key]?.() ?? []) : []),
    ...(keysWithContainer.includes(key) ? checkComplete(key, fields, pointer) : []),
    ...checkLimits(fields, patch, pointer),
    ...Object.entries(fields).flatMap(([name, value]) =>
      isMap(value) ? checkLimits(value, isMap(patch[name]) ? patch[name] : {}, pointer + pointerStep(name)) : [],
    ),
  ]
}

const checkMode = ({ defaultDeploymentMode: mode }: Fields, before: Fields, pointer: string): Finding[] => {
  if (mode === undefined || mode === '')
    return [
      finding(
        'kserve-config-required',
        { field: 'deploy.defaultDeploymentMode', why: because('controller-ends') },
        pointer,
      ),
    ]
  // A later KServe has another name for it, and its payload says so.
  if (
    typeof mode !== 'string' ||
    mode === 'RawDeployment' ||
    (mode === before['defaultDeploymentMode'] && !Object.hasOwn(otherModes, mode))
  )
    return []
  const why = (Object.hasOwn(otherModes, mode) ? otherModes[mode] : undefined) ?? because('mode-unknown')
  return [finding('kserve-config-mode', { mode, why }, `${pointer}/defaultDeploymentMode`)]
}

const checkIngress = (fields: Fields, patch: Fields, pointer: string): Finding[] => {
  const findings: Finding[] = []
  const isEmpty = (field: string) => fields[field] === undefined || fields[field] === ''
  const need = (field: string, why: Because) =>
    findings.push(finding('kserve-config-required', { field: `ingress.${field}`, why }, `${pointer}/${field}`))
  if (isEmpty('ingressGateway')) need('ingressGateway', because('controller-ends-unused'))
  if (!isEmpty('pathTemplate') && isEmpty('ingressDomain'))
    need('ingressDomain', because('controller-ends-with', { field: 'pathTemplate' }))
  const gateway = fields['kserveIngressGateway']
  if (fields['enableGatewayApi'] === true) {
    if (isEmpty('kserveIngressGateway')) need('kserveIngressGateway', because('controller-ends-gateway'))
    else if (
      typeof gateway === 'string' &&
      !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(gateway)
    )
      findings.push(
        finding('bad-value', { value: gateway, expected: 'gateway', known: [] }, `${pointer}/kserveIngressGateway`),
      )
  }
  // The payload's class is Istio's, which MicroShift does not have: an Ingress of that class leads nowhere.
  const ingressClass = fields['ingressClassName']
  if (
    fields['enableGatewayApi'] !== true &&
    fields['disableIngressCreation'] !== true &&
    typeof ingressClass === 'string' &&
    ingressClass !== '' &&
    !Object.hasOwn(patch, 'ingressClassName')
  ) {
    findings.push(finding('kserve-config-ingress-class', { ingressClass }, `${pointer}/disableIngressCreation`))
  }
  const template = fields['domainTemplate']
  if (
    typeof patch['ingressDomain'] === 'string' &&
    typeof template === 'string' &&
    template !== '' &&
    !template.includes('.IngressDomain')
  ) {
    findings.push(finding('kserve-config-domain-unused', { template }, `${pointer}/ingressDomain`))
  }
  return findings
}

const checkComplete = (key: string, fields: Fields, pointer: string): Finding[] =>
  ['cpuRequest', 'cpuLimit', 'memoryRequest', 'memoryLimit']
    .filter((field) => fields[field] === undefined || fields[field] === '')
    .map((field) =>
      finding(
        'kserve-config-required',
        { field: `${key}.${field}`, why: because('pods-refused') },
        `${pointer}/${field}`,
      ),
    )

const checkLimits = (fields: Fields, patch: Fields, pointer: string): Finding[] =>
  ['cpu', 'memory'].flatMap((resource) => {
    const [request, limit] = [fields[`${resource}Request`], fields[`${resource}Limit`]]
    if (typeof request !== 'string' || typeof limit !== 'string') return []
    if (!((parseQuantity(request) ?? 0) > (parseQuantity(limit) ?? Infinity))) return []
    const changed = Object.hasOwn(patch, `${resource}Request`) ? 'Request' : 'Limit'
    return [finding('request-above-limit', { resource, request, limit }, `${pointer}/${resource}${changed}`)]
  })
