import { spawnSync } from 'node:child_process'
import { installDebianPackages } from './find-chromium.ts'

/**
 * The Python of the tests, 3.7 or newer: `PYTHON_PATH`, else python3 on the PATH, else Debian's package (as root). Throws with what to do
 * when none can be had: without it the second implementation of the payload profile would go unchecked.
 */
export function findPython(): string {
  const named = process.env['PYTHON_PATH']
  if (named) {
    if (runs(named)) return named
    throw new Error(`PYTHON_PATH names ${named}, which is not a Python 3.7 or newer`)
  }
  if (runs('python3')) return 'python3'
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    installDebianPackages(['python3'])
    if (runs('python3')) return 'python3'
  }
  throw new Error('No Python: install the package python3 (3.7 or newer), or set PYTHON_PATH to one')
}

function runs(path: string): boolean {
  return spawnSync(path, ['-c', 'import sys, json, hashlib; sys.exit(sys.version_info < (3, 7))']).status === 0
}
