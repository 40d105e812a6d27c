import { type Because, because } from '../../findings/because.ts'
import ipaddr from 'ipaddr.js'

/**
 * Whether a text is an address or a network, strictly: the router drops its whole list when an entry is none, and then
 * admits everyone (facts/microshift.md, network).
 *
 * @param text - `10.0.0.0/8`, `192.168.1.7`, `fd00::/8`
 * @returns why not; undefined when it is one
 */
export const whyNoNetwork = (text: string): Because | undefined => {
  const [address = '', bits, ...rest] = text.split('/')
  if (rest.length > 0) return because('network-slashes')
  const isIpv4 = ipaddr.IPv4.isValidFourPartDecimal(address)
  if (!isIpv4 && !isIpv6(address)) return because('network-address')
  if (bits === undefined) return undefined
  const most = isIpv4 ? 32 : 128
  if (!/^(?:0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > most) return because('network-bits', { most })
  const network = (isIpv4 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(text)
  return ipaddr.parse(address).toNormalizedString() === network.toNormalizedString()
    ? undefined
    : because('network-host-bits', { bits, network: network.toString() })
}

/** Strictly: neither a zone nor groups of more than four digits, which the library lets pass. */
const isIpv6 = (text: string): boolean =>
  /^[0-9a-fA-F:.]+$/.test(text) && ipaddr.IPv6.isValid(text) && URL.canParse(`http://[${text}]/`)
