/** Powers of the suffixes that Kubernetes' quantities have. */
const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/**
 * Reads a Kubernetes quantity.
 *
 * @param text - `500m`, `4`, `1.5`, `8Gi`, `1e3`
 * @returns its value in the resource's own unit (cores, bytes, pieces), or undefined when it is none or negative.
 * Source: k8s.io/apimachinery, pkg/api/resource/quantity.go
 */
export const parseQuantity = (text: string): number | undefined => {
  const [, number, exponent, suffix = ''] =
    /^\+?((?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i))?$/.exec(text) ?? []
  const power = suffixes[suffix]
  const value = Number(number) * (exponent === undefined ? (power ?? Number.NaN) : 10 ** Number(exponent))
  return Number.isFinite(value) ? value : undefined
}
