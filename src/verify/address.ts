import { InputError } from '../errors.ts'

/** An ADDR of the command line or an inventory. */
export interface Address {
  /** IPv6 without brackets. */
  readonly address: string
  /** The scheme's own when left out. */
  readonly port?: number
}

/**
 * Reads an ADDR: an address or a name, IPv6 in brackets, with an optional port.
 *
 * @throws InputError
 */
export const parseAddress = (text: string): Address => {
  const [, bracketed, name, port] =
    /^(?:\[([0-9a-fA-F:.%a-zA-Z]+)\]|([A-Za-z0-9_][A-Za-z0-9._-]*))(?::([1-9]\d{0,4}))?$/.exec(text) ?? []
  const address = bracketed ?? name
  if (address === undefined || Number(port ?? 1) > 65_535)
    throw new InputError(`${JSON.stringify(text)} is no address`, {
      help:
        text.split(':').length > 2 && !text.startsWith('[')
          ? `write an IPv6 address in brackets: [${text}]`
          : 'an address or a name, with :PORT where it is not 443 or 80',
    })
  return { address, ...(port === undefined ? {} : { port: Number(port) }) }
}
