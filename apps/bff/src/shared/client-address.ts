/** Who is calling, behind proxies: the rightmost address of X-Forwarded-For that is not one of ours. */
import { BlockList, isIP } from 'node:net'

export type TrustedProxies = { has: (address: string) => boolean }

/** Reads `none`, or addresses and CIDR blocks separated by commas. */
export function parseTrustedProxies(text: string): { ok: true; proxies: TrustedProxies } | { ok: false; why: string } {
  const list = new BlockList()
  for (const part of text === 'none' ? [] : text.split(',').map((each) => each.trim())) {
    const [address = '', prefix] = part.split('/')
    const family = isIP(address)
    const most = family === 4 ? 32 : 128
    // A block of everything would let anybody write their own address.
    if (family === 0 || (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) >= 8 && Number(prefix) <= most))) {
      return { ok: false, why: 'must be `none`, or IP addresses or CIDR blocks (/8 and smaller) separated by commas' }
    }
    list.addSubnet(address, prefix === undefined ? most : Number(prefix), family === 4 ? 'ipv4' : 'ipv6')
  }
  return { ok: true, proxies: { has: (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6') } }
}

/** The address of the person's side; `unknown` when the connection has none. */
export function clientAddress(peer: string | undefined, forwardedFor: string | undefined, trusted: TrustedProxies): string {
  let address = plainAddress(peer ?? '')
  const hops = (forwardedFor ?? '').split(',').map((hop) => plainAddress(hop.trim()))
  while (trusted.has(address)) {
    const next = hops.pop()
    if (next === undefined || isIP(next) === 0) break
    address = next
  }
  return address === '' ? 'unknown' : address
}

/** What is throttled as one: an IPv4 address, or the /64 that one IPv6 subscriber has. */
export function addressBucket(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = tail === undefined ? front : [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** IPv4 in IPv6 clothes (RFC 4291, 2.5.5.2) is IPv4. */
function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}
