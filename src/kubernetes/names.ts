/** The ConfigMap of KServe's configuration. A file of its own: what names it need not load what reads it. */
export const configMapName = 'inferenceservice-config'
