/** Whether `.dockerignore` keeps a path of the checkout out of a build: the last line that matches it, or a folder above it, decides. */
export function readDockerignore(text: string): (path: string) => boolean {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => (line.startsWith('!') ? { pattern: toPattern(line.slice(1)), ignored: false } : { pattern: toPattern(line), ignored: true }))
  return (path) => {
    const parts = path.split('/')
    const ways = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
    let ignored = false
    for (const line of lines) if (ways.some((way) => line.pattern.test(way))) ignored = line.ignored
    return ignored
  }
}

/** `*` takes everything but a slash, names that begin with a dot too; `**` takes slashes as well. */
function toPattern(line: string): RegExp {
  const pattern = line.replaceAll(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    return part === '?' ? '[^/]' : `\\${part}`
  })
  return new RegExp(`^${pattern}$`)
}
