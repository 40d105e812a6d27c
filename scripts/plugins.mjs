import { readdir, readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import Ajv from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { build, transform } from 'esbuild'
import Handlebars from 'handlebars'
import { load } from 'js-yaml'

const root = resolve(import.meta.dirname, '..')

/** Evaluates sources: gives what they export. */
const evaluate = async (options) => {
  const { outputFiles } = await build({ ...options, bundle: true, format: 'esm', platform: 'node', write: false })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}

/** src/spec/schema.ts, which only the build reads. */
const loadSchema = async () => (await evaluate({ entryPoints: [`${root}/src/spec/schema.ts`] })).specSchema

/** A schema without what only people read: ajv copies schemas into the code that it makes. */
const withoutWords = (part) => {
  if (Array.isArray(part)) return part.map(withoutWords)
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(
    Object.entries(part).flatMap(([key, value]) =>
      ['title', 'description'].includes(key) && typeof value === 'string' ? [] : [[key, withoutWords(value)]],
    ),
  )
}

/**
 * ajv's code with errors of parts added to the list that is there: ajv copies the whole list for each part, which takes the
 * square of the number of mistakes.
 */
const linear = (code) => {
  const copying = /vErrors\.concat\((\w+)\.errors\)/g
  if (!copying.test(code)) throw new Error('ajv joins errors in another way now: see that it does not copy them')
  return `${code.replace(copying, 'joined(vErrors, $1.errors)')}
    function joined(list, more) { for (const one of more) list.push(one); return list }`
}

/** The spec's schema: compiled by ajv to code that needs no ajv, and as data. */
const specSchema = {
  name: 'spec-schema',
  setup(build) {
    build.onResolve({ filter: /^virtual:spec-/ }, ({ path }) => ({ path, namespace: 'spec-schema' }))
    build.onLoad({ filter: /.*/, namespace: 'spec-schema' }, async ({ path }) => {
      const schema = await loadSchema()
      // As a text, which is read when somebody asks: few runs do.
      if (path === 'virtual:spec-schema')
        return {
          contents: `let schema; export default () => (schema ??= JSON.parse(${JSON.stringify(JSON.stringify(schema))}))`,
          loader: 'js',
        }
      const ajv = new Ajv.default({
        allErrors: true,
        messages: false,
        inlineRefs: false,
        allowUnionTypes: true,
        strictRequired: false,
        strictTypes: false,
        code: { source: true, esm: true, lines: true },
      })
      // Each start reads this code whole, and nobody in a stack trace: it goes without long names, and without the paths into
      // the schema, which findings do not use.
      const { code } = await transform(linear(standaloneCode.default(ajv, ajv.compile(withoutWords(schema)))), {
        minify: true,
        format: 'esm',
      })
      return { contents: code.replaceAll(/\bschemaPath:"(?:[^"\\]|\\.)*",/g, ''), loader: 'js', resolveDir: root }
    })
  },
}

/** Handlebars templates, compiled: the command loads only the runtime. `noEscape`: what they make is not HTML. */
const templates = {
  name: 'templates',
  setup(build) {
    build.onLoad({ filter: /\.hbs$/ }, async ({ path }) => {
      const code = Handlebars.precompile(await readFile(path, 'utf8'), {
        noEscape: true,
        strict: true,
        knownHelpersOnly: true,
      })
      return {
        contents: `import Handlebars from 'handlebars/runtime'\nexport default Handlebars.template(${code})`,
        loader: 'js',
        resolveDir: root,
      }
    })
  },
}

/** Kustomizations to start from, as objects. */
const yaml = {
  name: 'yaml',
  setup(build) {
    build.onLoad({ filter: /\.yaml$/ }, async ({ path }) => ({
      contents: JSON.stringify(load(await readFile(path, 'utf8'))),
      loader: 'json',
    }))
  },
}

/** The files of bootc/ that go into every bundle as they are, as texts. */
const bootcFiles = {
  name: 'bootc-files',
  setup(build) {
    build.onResolve({ filter: /^virtual:bootc-files$/ }, ({ path }) => ({ path, namespace: 'bootc-files' }))
    build.onLoad({ filter: /.*/, namespace: 'bootc-files' }, async () => {
      const paths = (await readdir(`${root}/bootc`, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !/\.(?:hbs|md)$/.test(entry.name))
        .map((entry) => relative(`${root}/bootc`, `${entry.parentPath}/${entry.name}`))
        .sort()
      const texts = await Promise.all(paths.map((path) => readFile(`${root}/bootc/${path}`, 'utf8')))
      return {
        contents: JSON.stringify(Object.fromEntries(paths.map((path, index) => [path, texts[index]]))),
        loader: 'json',
      }
    })
  },
}

/**
 * The Kubernetes client without what nobody asks it for. Its package does not say that its files only declare things, so that
 * esbuild would keep them all, the classes of 600 kinds among them. And node-fetch, which only its generated APIs ask with,
 * brings a module of Node's that Node 22 and later warn about: Node's own stands in for it.
 */
const kubernetesClient = {
  name: 'kubernetes-client',
  setup(build) {
    const asked = Symbol('asked')
    const isClients = (path) => /@kubernetes\/client-node\/dist\//.test(path)
    build.onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === asked || (path !== '@kubernetes/client-node' && !isClients(importer))) return undefined
      if (path === 'node-fetch') return { path, namespace: 'own-fetch' }
      const resolved = await build.resolve(path, { kind, importer, resolveDir, pluginData: asked })
      return isClients(resolved.path) ? { ...resolved, sideEffects: false } : resolved
    })
    build.onLoad({ filter: /.*/, namespace: 'own-fetch' }, () => ({
      contents:
        'export const { Headers } = globalThis\nexport class AbortError extends Error {}\nexport class FetchError extends Error {}\nexport default globalThis.fetch',
    }))
  },
}

/**
 * The names of formats, read from the registries that hold what writes them: the command line names them in its help without
 * loading any.
 */
const formats = {
  name: 'formats',
  setup(build) {
    build.onResolve({ filter: /^virtual:formats$/ }, ({ path }) => ({ path, namespace: 'formats' }))
    build.onLoad({ filter: /.*/, namespace: 'formats' }, async () => {
      const { lists, reports } = await evaluate({
        stdin: {
          contents: `export { lists } from './src/render/lists/lists.ts'
            export { reports } from './src/report/verify/reports.ts'`,
          resolveDir: root,
        },
        loader: { '.sh': 'text', '.html': 'text', '.jq': 'text' },
        plugins: others,
      })
      return { contents: JSON.stringify({ lists: Object.keys(lists), reports: Object.keys(reports) }), loader: 'json' }
    })
  },
}

const others = [specSchema, templates, yaml, bootcFiles, kubernetesClient]
export const plugins = [...others, formats]
