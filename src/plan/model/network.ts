/**
 * Whether a text is an address or a network, strictly: the router drops its whole list when an entry is none, and then
 * admits everyone (facts/microshift.md, network).
 *
 * @param text - `10.0.0.0/8`, `192.168.1.7`, `fd00::/8`
 * @returns why not; undefined when it is one
 */
export const whyNoNetwork = (text: string): string | undefined => {
  const [address = '', bits, ...rest] = text.split('/')
  if (rest.length > 0) return 'it has more than one slash'
  const ipv4 = parseIpv4(address)
  const isIpv6 =
    ipv4 === undefined &&
    /^[0-9a-fA-F:.]+$/.test(address) &&
    address.includes(':') &&
    URL.canParse(`http://[${address}]/`)
  if (ipv4 === undefined && !isIpv6) return 'it is no IPv4 or IPv6 address'
  if (bits === undefined) return undefined
  const most = isIpv6 ? 128 : 32
  if (!/^(?:0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > most)
    return `what follows the slash is no number from 0 to ${most}`
  if (ipv4 !== undefined && ipv4 % 2 ** (32 - Number(bits)) !== 0)
    return `it has bits behind the first ${bits}: the network is ${formatIpv4(ipv4 - (ipv4 % 2 ** (32 - Number(bits))))}/${bits}`
  return undefined
}

const parseIpv4 = (text: string): number | undefined => {
  const parts = text.split('.')
  const isIpv4 = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  return isIpv4 ? parts.reduce((number, part) => number * 256 + Number(part), 0) : undefined
}

const formatIpv4 = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
