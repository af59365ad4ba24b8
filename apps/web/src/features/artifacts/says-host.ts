/**
 * Whether `words` begin as an address of `host`, so that it need not be said beside them. Compared as text: a host may hold `(`, `+` and `*`,
 * and an expression made of it would break or match another site.
 */
export function saysHost(words: string, host: string): boolean {
  const beyond = /^https?:\/\//i.exec(words)?.[0].length
  if (beyond === undefined || words.slice(beyond, beyond + host.length).toLowerCase() !== host) return false
  return ['', '/', '?', '#'].includes(words.charAt(beyond + host.length))
}
