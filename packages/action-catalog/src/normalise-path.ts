/** `normal`: from the root of the repository, as every file system would read it. `plain`: it was written exactly so, in plain letters. */
export type NormalPath = { normal: string; plain: boolean } | { normal: null; why: string }

/** One segment that means the same on every file system, and is not hidden. */
const plainSegment = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/

/**
 * What a path comes to, whatever it is written with: `.` and `..`, doubled and backward slashes, trailing dots and spaces, letters that
 * are the same to a file system. A path that leads out of the repository, or that no two programs need to read alike, has no normal form.
 * Links on a disk cannot be seen from here, so a path with `..` in it is never plain.
 */
export function normalisePath(path: string): NormalPath {
  const none = (why: string): NormalPath => ({ normal: null, why })
  if (path === '') return none('is empty')
  if (!path.isWellFormed() || /[\p{C}\p{Zl}\p{Zp}]/u.test(path)) return none('has a character that cannot be seen')
  const text = path.normalize('NFKC').replaceAll('\\', '/')
  // Also in letters that only become a % when they are made alike.
  if (/%(?:2e|2f|5c|00|25)/i.test(path) || /%(?:2e|2f|5c|00|25)/i.test(text)) return none('hides a dot or a slash behind a %')
  if (text.startsWith('/') || /^[A-Za-z]:/.test(text) || text.startsWith('~')) return none('does not start at the root of the repository')
  const segments: string[] = []
  for (const written of text.split('/')) {
    if (written === '' || written === '.') continue
    if (written === '..') {
      if (segments.pop() === undefined) return none('leads out of the repository')
      continue
    }
    const segment = written.trim().replace(/[. ]+$/, '')
    // What some file systems read as `.` or `..`.
    if (segment === '') return none('has a segment of dots and spaces')
    // NTFS reads `a:b` as a stream of `a`, and `GIT~1` as the short name of `.git`.
    if (segment.includes(':')) return none('has a colon, which means more than a letter to some file systems')
    if (/^git~\d+$/i.test(segment)) return none('has the short name of .git')
    segments.push(segment)
  }
  if (segments.length === 0) return none('names the whole repository')
  const normal = segments.join('/')
  return { normal, plain: path === normal && segments.every((segment) => plainSegment.test(segment)) }
}
