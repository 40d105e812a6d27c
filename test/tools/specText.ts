/** A source that gives no findings. */
export const source = `oci://quay.io/example/models@sha256:${'a'.repeat(64)}`

/**
 * A spec that gives no findings, as YAML.
 *
 * @param name - the bundle's
 * @param models - their names
 */
export const specText = (name: string, models: readonly string[]): string =>
  `apiVersion: edge.microshift.dev/v1alpha1
kind: EdgeBundle
metadata:
  name: ${name}
spec:
  models:${models.length === 0 ? ' []' : ''}
${models.map((model) => `  - {name: ${model}, source: '${source}', format: openvino_ir}\n`).join('')}`
