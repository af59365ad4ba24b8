/**
 * Looks at the path as it came over the wire, before any router decodes it: `//`, `%2F`, `;`, `\` and `..` have all
 * been seen to slip past prefix guards. Nothing that the contract names needs a percent sign in its path.
 */
const segment = /^[A-Za-z0-9_-][A-Za-z0-9._~:-]{0,199}$/

/** Null when the path is acceptable, otherwise why not. `path` is the raw path without the query. */
export function refusedPath(path: string, named: readonly string[] = []): string | null {
  if (path === '/' || named.includes(path)) return null
  if (!path.startsWith('/') || path.length > 1_000) return 'The path is not acceptable.'
  for (const part of path.slice(1).split('/')) {
    if (!segment.test(part) || part.includes('..'))
      return `The path has a segment that no route of this server has: ${JSON.stringify(part.slice(0, 60))}.`
  }
  return null
}
