/** The built pages, read once at start: what was not there then cannot be asked for, so no path can lead elsewhere. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

export type Page = {
  type: string
  etag: string
  /** The name carries the hash of the content, so it never changes. */
  immutable: boolean
  /** Saved and not opened: the verifier's page runs its own script from disk, which no page of ours may. */
  download: boolean
  plain: Buffer<ArrayBuffer>
  br: Buffer<ArrayBuffer> | null
  gzip: Buffer<ArrayBuffer> | null
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/** By path, `/index.html` among them. Empty when the folder is not there. Hidden files, links and unknown types are left out. */
export function readPages(directory: string): Map<string, Page> {
  const pages = new Map<string, Page>()
  if (!existsSync(directory)) return pages
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    const path = `/${relative(directory, file).split(sep).join('/')}`
    const type = types[extname(entry.name)]
    if (!entry.isFile() || type === undefined || path.includes('/.')) continue
    const plain = readFileSync(file)
    pages.set(path, {
      type,
      etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`,
      immutable: path.startsWith('/assets/'),
      download: path.startsWith('/verify-evidence.'),
      plain,
      br: readIfThere(`${file}.br`),
      gzip: readIfThere(`${file}.gz`),
    })
  }
  return pages
}

function readIfThere(file: string): Buffer<ArrayBuffer> | null {
  return existsSync(file) ? readFileSync(file) : null
}
