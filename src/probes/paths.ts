/** The name of no model. */
export const unknownModel = 'edge-no-such-model'

/**
 * A path as it goes over the wire: what a URL cannot hold is percent-encoded, escapes that are there stay.
 *
 * @param path - path and query, as somebody writes it
 */
export const wirePath = (path: string): string =>
  path.replaceAll(/[^\w\-.~!$&'()*+,;=:@/?%[\]]|%(?![0-9a-fA-F]{2})/gu, (text) =>
    encodeURIComponent(/^[\ud800-\udfff]$/.test(text) ? '\ufffd' : text),
  )
