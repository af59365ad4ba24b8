import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { installDebianPackages } from './find-chromium.ts'

/** Debian keeps it where only root looks. */
const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`

/** The nginx of the tests: `NGINX_PATH`, else one on the PATH, else Debian's package (as root). Throws with what to do when none can be had. */
export function findNginx(): string {
  const named = process.env['NGINX_PATH']
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`NGINX_PATH names ${named}, which does not exist`)
  }
  const found = onPath()
  if (found) return found
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    installDebianPackages(['nginx-light'])
    const installed = onPath()
    if (installed) return installed
  }
  throw new Error('No nginx: install the package nginx, or set NGINX_PATH to one')
}

function onPath(): string | null {
  try {
    return execFileSync('sh', ['-c', 'command -v nginx'], { encoding: 'utf8', env: { ...process.env, PATH: path } }).trim()
  } catch {
    return null
  }
}
