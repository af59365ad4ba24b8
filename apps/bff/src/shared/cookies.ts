/** Cookies of the console (RFC 6265bis): `__Host-` and Secure over https; bare names over http, which production refuses. */

export type CookieNames = { session: string; device: string; secure: boolean }

export function cookieNames(origin: string): CookieNames {
  const secure = origin.startsWith('https://')
  const prefix = secure ? '__Host-' : ''
  return { session: `${prefix}session`, device: `${prefix}device`, secure }
}

export function writeCookie(names: CookieNames, name: string, value: string, maxAgeSeconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${names.secure ? '; Secure' : ''}`
}

/** The value of one cookie of a Cookie header; null when it is absent or given twice. */
export function readCookie(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1))
  return values.length === 1 && values[0] !== '' ? values[0]! : null
}
