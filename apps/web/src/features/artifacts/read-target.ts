import { resolveArtifactPath } from './resolve-artifact-path.ts'

export type LinkTarget =
  /** Another site; `host` in its plain ASCII form. */
  | { kind: 'site'; address: string; host: string }
  | { kind: 'heading'; slug: string }
  | { kind: 'artifact'; path: string }
  /** Nothing that the console would open. */
  | { kind: 'none' }

/** What an address in a document may do: open another site, jump inside the document, show another artifact of the run, or nothing. */
export function readTarget(documentPath: string, target: string, paths: ReadonlySet<string>): LinkTarget {
  if (target.startsWith('#')) return { kind: 'heading', slug: decodeSlug(target.slice(1)) }
  if (/^https?:\/\//i.test(target) && URL.canParse(target)) {
    const { href, host } = new URL(target)
    return { kind: 'site', address: href, host }
  }
  const path = resolveArtifactPath(documentPath, target)
  return path !== null && paths.has(path) ? { kind: 'artifact', path } : { kind: 'none' }
}

function decodeSlug(slug: string): string {
  try {
    return decodeURIComponent(slug).toLowerCase()
  } catch {
    return slug
  }
}
