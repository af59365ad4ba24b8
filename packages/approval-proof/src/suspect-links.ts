/** One thing about a link that is not what it looks like, in words. */
type Suspicion = { shown: string; why: string }

const shorteners = new Set([
  'bit.ly',
  't.co',
  'goo.gl',
  'tinyurl.com',
  'is.gd',
  'ow.ly',
  'buff.ly',
  'rebrand.ly',
  'cutt.ly',
  'shorturl.at',
  'lnkd.in',
])
const wellKnownEnds = /[a-z0-9]\.(?:com|org|net|gov|edu)(?=[.-])/

/** Every link in a text that hides where it leads. Linear in its length. */
export function listSuspectLinks(text: string): Suspicion[] {
  const found: Suspicion[] = []
  for (const [address] of text.matchAll(/\b(?:javascript|vbscript|data|file|blob|intent):(?=\S)[^\s<>"'`]{1,2000}/gi)) {
    if (/^data:/i.test(address) && !/^data:[a-z]*\/?[^\s,]*,/i.test(address)) continue
    found.push({ shown: address, why: `is no address of a page: ${address.slice(0, address.indexOf(':') + 1)} carries its content in itself` })
  }
  for (const [address] of text.matchAll(/https?:\/{0,3}[^\s<>"'`)\]]{1,2000}/gi)) {
    for (const why of listHostSuspicions(address)) found.push({ shown: address, why })
  }
  for (const [whole, words = '', address = ''] of text.matchAll(/\[([^[\]]{1,500})\]\(\s*([^\s()]{1,2000})/g)) {
    addMismatch(found, whole, words, address)
  }
  for (const [whole, address = '', words = ''] of text.matchAll(/<a\s[^>]{0,500}?href\s*=\s*["']?([^\s"'>]{1,2000})[^>]{0,500}>([^<]{1,500})/gi)) {
    addMismatch(found, whole, words, address)
  }
  return found
}

function addMismatch(found: Suspicion[], whole: string, words: string, address: string): void {
  const said = /(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})/iu.exec(words)?.[1]
  const host = toHost(address)
  if (said === undefined || host === null) return
  const named = said.toLowerCase().replace(/^www\./, '')
  if (host !== named && !host.endsWith(`.${named}`)) found.push({ shown: whole, why: `says ${said} and leads to ${host}` })
}

function listHostSuspicions(address: string): string[] {
  const host = toHost(address)
  if (host === null) return ['is an address that cannot be read, and that programs may read differently']
  const found: string[] = []
  const authority = /^https?:\/{0,3}([^/?#\\]*)/i.exec(address)![1]!
  if (authority.includes('@')) found.push(`leads to ${host}: what stands before the @ is no host`)
  if (/(?:^|\.)xn--/.test(host)) found.push(`leads to ${host}: a host that is drawn with other letters than it is written`)
  else if (/[^\x20-\x7e]/.test(authority)) found.push('has a host with letters that are not plain ones')
  if (/^[0-9.]+$|^\[/.test(host)) found.push(`leads to the number ${host}, which names nobody`)
  if (/:\d+$/.test(authority) && !/:(?:80|443)$/.test(authority)) found.push(`leads to an unusual port of ${host}`)
  const labels = host.split('.')
  // `co.uk` and the like are one end.
  const ends = labels.length > 2 && /^(?:com?|org|net|gov|edu|ac)$/.test(labels.at(-2)!) && labels.at(-1)!.length === 2 ? 2 : 1
  if (wellKnownEnds.test(`${labels.slice(0, -ends).join('.')}.`)) {
    found.push(`belongs to ${labels.slice(-ends - 1).join('.')}: what stands before it only looks like the end of a host`)
  }
  if (!/^https?:\/\/[^/]/i.test(address)) found.push(`leads to ${host}, and is not written as addresses are`)
  if (shorteners.has(host)) found.push(`goes through ${host}, which does not say where it leads`)
  if (/\\/.test(address)) found.push('has a backslash, which programs read differently')
  if (/[?&](?:url|next|redirect|redirect_uri|return|continue|goto|dest)=(?:https?:|%2f%2f|\/\/)/i.test(address))
    found.push('sends on to another address')
  return found
}

function toHost(address: string): string | null {
  try {
    return new URL(address).hostname.toLowerCase().replace(/^www\./, '')
  } catch {
    return null
  }
}
