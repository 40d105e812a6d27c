/** Made by the build from src/spec/schema.ts: the schema compiled to code by ajv. */
declare module 'virtual:spec-validator' {
  import type { ValidateFunction } from 'ajv'
  const validate: ValidateFunction
  export default validate
}

/** Made by the build from src/spec/schema.ts: the schema itself. */
declare module 'virtual:spec-schema' {
  const schema: () => object
  export default schema
}

/** Files of the device that are the same in every bundle: those of bootc/rootfs, and the scripts of the build beside it. */
declare module 'virtual:bootc-files' {
  /** Path below bootc/ → text. */
  const files: Readonly<Record<string, string>>
  export default files
}

/** Made by the build: the names of formats, from `lists` of src/render/lists and `reports` of src/report/verify. */
declare module 'virtual:formats' {
  const formats: { readonly lists: readonly string[]; readonly reports: readonly string[] }
  export default formats
}

/** Templates of prose, Containerfiles and scripts, compiled by the build; `template` of render/write.ts gives each its type. */
declare module '*.hbs' {
  // An ambient module cannot import by a relative name.
  // eslint-disable-next-line @typescript-eslint/consistent-type-imports
  const compiled: import('./render/write.ts').CompiledTemplate
  export default compiled
}

/** Kustomizations that the renderers start from, parsed by the build. */
declare module '*.yaml' {
  const object: Record<string, unknown>
  export default object
}

/** Shell scripts, as they are. */
declare module '*.sh' {
  const text: string
  export default text
}

/** Programs of jq, as they are. */
declare module '*.jq' {
  const text: string
  export default text
}

/** Pages, as they are. */
declare module '*.html' {
  const text: string
  export default text
}
