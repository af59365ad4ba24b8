import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * The browser the end-to-end tests drive: `CHROMIUM_PATH`, else one on the PATH, else Debian's package (as root), else
 * the one Playwright downloads. Throws with what to do when none can be had.
 */
export function findChromium(): string {
  const named = process.env['CHROMIUM_PATH']
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`CHROMIUM_PATH names ${named}, which does not exist`)
  }
  const found = onPath()
  if (found) return found
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    installDebianPackages(['chromium'])
    const installed = onPath()
    if (installed) return installed
  }
  const downloaded = spawnSync('playwright', ['install', 'chromium'], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (downloaded.status === 0) return ''
  throw new Error('No Chromium: install the package chromium (or Google Chrome), or set CHROMIUM_PATH to one')
}

/** Needs root. Refreshes the package lists once when the packages are not known yet. */
export function installDebianPackages(packages: readonly string[]): void {
  process.stdout.write(`installing ${packages.join(', ')} …\n`)
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    })
  if (install().status === 0) return
  spawnSync('apt-get', ['update'], { encoding: 'utf8' })
  const again = install()
  if (again.status !== 0) process.stderr.write(`${again.stderr}\n`)
}

function onPath(): string | null {
  for (const name of names) {
    try {
      return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
    } catch {
      continue
    }
  }
  return null
}
