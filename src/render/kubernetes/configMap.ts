import type { KubernetesObject } from '../../kubernetes/types.ts'

type Texts = Readonly<Record<string, string>>

/** A ConfigMap; labels and annotations that are empty are left out. */
export const configMap = (
  name: string,
  data: Texts,
  { labels, annotations }: { readonly labels: Texts; readonly annotations: Texts },
): KubernetesObject & { readonly data: Texts } => {
  const some = (field: 'labels' | 'annotations', texts: Texts) =>
    Object.keys(texts).length === 0 ? {} : { [field]: texts }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...some('labels', labels), ...some('annotations', annotations) },
    data,
  }
}
