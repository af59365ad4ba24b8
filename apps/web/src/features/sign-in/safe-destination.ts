/** Where to go after signing in: a path of this origin, else the start page. `//host` and `/\host` are other origins in disguise. */
export function safeDestination(asked: string | null, origin: string): string {
  if (asked === null || !asked.startsWith('/')) return '/'
  let url: URL
  try {
    url = new URL(asked, origin)
  } catch {
    return '/'
  }
  if (url.origin !== new URL(origin).origin || url.pathname.startsWith('//') || url.pathname === '/sign-in') return '/'
  return `${url.pathname}${url.search}${url.hash}`
}
