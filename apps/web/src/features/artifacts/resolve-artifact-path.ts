/**
 * Which artifact a relative address in a document means: beside the document, as on a disk. Null: it is no such address, or it leads out of
 * the run's folder.
 */
export function resolveArtifactPath(documentPath: string, target: string): string | null {
  const plain = target.replace(/[?#].*$/s, '')
  if (plain === '' || /^[a-z][a-z0-9+.-]*:/i.test(plain) || plain.startsWith('//')) return null
  let decoded: string
  try {
    decoded = decodeURIComponent(plain)
  } catch {
    return null
  }
  const segments = decoded.startsWith('/') ? [] : documentPath.split('/').slice(0, -1)
  for (const segment of decoded.split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) return null
    } else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments.length === 0 ? null : segments.join('/')
}
