/**
 * Reads a provider's view of an effect from `origin` as text, for `readBack`: null when the provider says that it is not there (404, 410).
 * Follows no redirect, so that credentials reach nobody else. Throws Error for every other answer, and when nobody answers in 30 s.
 */
export async function readOverHttp(origin: string, path: string, headers: Record<string, string>): Promise<string | null> {
  const response = await fetch(`${origin}${path}`, {
    headers: { ...headers, accept: 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  })
  const text = await response.text()
  if (response.status === 404 || response.status === 410) return null
  if (response.status !== 200) throw new Error(`the provider answered ${response.status}: ${text.slice(0, 300)}`)
  return text
}
