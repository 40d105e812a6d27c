import type { RequestOptions } from 'node:https'
import { dirname } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { InputError } from '../errors.ts'
import { didYouMean } from '../findings/near.ts'
import { readText } from '../input/readText.ts'
import type { Connection } from './api.ts'

/**
 * Reads a kubeconfig: the API server of a context, its certificates, proxy and credentials (tokens, certificates, programs that
 * give tokens). The one file that loads @kubernetes/client-node. Its generated APIs stay out: they would be 2 MB more for
 * requests for eight paths, and take no time-out of a whole answer.
 *
 * @param file - the kubeconfig
 * @param context - one of its contexts; the current one when left out
 * @throws InputError, EnvironmentError
 */
export const connect = (file: string, context?: string): Connection => {
  const config = new KubeConfig()
  const text = readText(file)
  try {
    config.loadFromString(text)
    config.makePathsAbsolute(dirname(file))
  } catch (cause) {
    throw new InputError(`${file} is no kubeconfig: ${firstLine(cause)}`, { cause })
  }
  const names = config.getContexts().map(({ name }) => name)
  if (context !== undefined) {
    if (!names.includes(context))
      throw new InputError(`${file} has no context "${context}"`, {
        help: didYouMean(context, names) ?? `contexts: ${names.slice(0, 20).join(', ') || 'none'}`,
      })
    config.setCurrentContext(context)
  }
  const current = config.getContextObject(config.getCurrentContext())
  if (current === null)
    throw new InputError(`${file} has no current context`, {
      help: names.length === 0 ? 'it has no contexts at all' : `give --context: ${names.slice(0, 20).join(', ')}`,
    })
  const cluster = config.getCluster(current.cluster)
  if (cluster === null)
    throw new InputError(
      `${file}: the context "${current.name}" names the cluster "${current.cluster}", which is not in it`,
    )
  const { server } = cluster
  if (!/^https:\/\//i.test(server) || !URL.canParse(server))
    throw new InputError(`${file}: the server "${server}" is no address that begins with https://`, {
      help: 'credentials go over TLS alone',
    })
  const user = current.user as string | undefined
  if (user === undefined) {
    // Without a user the client would leave out the CA as well.
    config.users = [...config.users, { name: anonymous }]
    config.contexts = config.contexts.map((one) => (one.name === current.name ? { ...one, user: anonymous } : one))
  } else if (config.getUser(user) === null)
    throw new InputError(`${file}: the context "${current.name}" names the user "${user}", which is not in it`)
  return { server, options: async () => optionsOf(config) }
}

const anonymous = 'nobody'

/** Agent and headers of a request. */
const optionsOf = async (config: KubeConfig): Promise<RequestOptions> => {
  const options: RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  const { Authorization: authorization, ...headers } = (options.headers ?? {}) as Record<string, unknown>
  return {
    ...(options.agent === undefined ? {} : { agent: options.agent }),
    ...(options.auth == null ? {} : { auth: options.auth }),
    headers: {
      ...(headers as Record<string, string>),
      // A token's file often ends with a newline, which no header can hold.
      ...(typeof authorization === 'string' ? { Authorization: authorization.trim() } : {}),
      Accept: 'application/json',
      'User-Agent': 'edge-verify',
    },
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
