import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn, spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { findMachineProblem, hashManifests, withoutNpmVariables } from './bootstrap.mjs'

test('an unsupported machine is told in one line what it is and what would do', () => {
  expect(findMachineProblem('linux', 'x64', '20.0.0')).toBeNull()
  expect(findMachineProblem('linux', 'arm64', '26.10.0')).toBeNull()
  expect(findMachineProblem('darwin', 'x64', '22.1.0')).toBeNull()
  expect(findMachineProblem('darwin', 'arm64', '22.1.0')).toBeNull()
  for (const problem of [
    findMachineProblem('linux', 'x64', '18.20.1'),
    findMachineProblem('win32', 'x64', '22.0.0'),
    findMachineProblem('linux', 'ia32', '22.0.0'),
  ]) {
    expect(problem).toMatch(/^[^\n]+\.$|WSL 2\.$|nodejs\.org\)\.$/)
  }
  expect(findMachineProblem('linux', 'x64', '18.20.1')).toContain('Node 20')
  expect(findMachineProblem('win32', 'x64', '22.0.0')).toContain('WSL')
})

test('of what npm adds to the environment only the way to the registry stays', () => {
  const kept = withoutNpmVariables({
    PATH: '/bin',
    npm_lifecycle_event: 'start',
    npm_config_registry: 'r',
    npm_config_cafile: 'c',
    npm_config_user_agent: 'npm',
    npm_package_name: 'x',
  })
  expect(kept).toEqual({ PATH: '/bin', npm_config_registry: 'r', npm_config_cafile: 'c' })
})

test('an install is due when any manifest or the lockfile changes, and only then', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bootstrap-'))
  try {
    mkdirSync(join(folder, 'apps/one'), { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{}')
    writeFileSync(join(folder, 'pnpm-lock.yaml'), 'a')
    writeFileSync(join(folder, 'apps/one/package.json'), '{}')
    const before = hashManifests(folder)
    writeFileSync(join(folder, 'apps/one/code.ts'), '')
    expect(hashManifests(folder)).toBe(before)
    writeFileSync(join(folder, 'pnpm-lock.yaml'), 'b')
    const changed = hashManifests(folder)
    expect(changed).not.toBe(before)
    writeFileSync(join(folder, 'apps/one/package.json'), '{"name":"one"}')
    expect(hashManifests(folder)).not.toBe(changed)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the file needs nothing installed: it runs in an empty folder and says what is missing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bootstrap-'))
  try {
    mkdirSync(join(folder, 'scripts'))
    cpSync(join(import.meta.dirname, 'bootstrap.mjs'), join(folder, 'scripts/bootstrap.mjs'))
    const run = (...parameters: string[]) => spawnSync(process.execPath, [join(folder, 'scripts/bootstrap.mjs'), ...parameters], { encoding: 'utf8' })
    expect(run().stderr).toMatch(/^Name the script to run/)
    const missing = run('scripts/nothing.ts')
    expect([missing.status, missing.stderr.trim().split('\n').length]).toEqual([1, 1])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what npm started is told to stop when npm alone is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bootstrap-'))
  const place = (path: string) => join(folder, path)
  try {
    for (const name of ['scripts', 'node_modules/.bin']) mkdirSync(place(name), { recursive: true })
    cpSync(join(import.meta.dirname, 'bootstrap.mjs'), place('scripts/bootstrap.mjs'))
    writeFileSync(place('package.json'), JSON.stringify({ scripts: { start: 'node scripts/bootstrap.mjs scripts/wait.mjs' } }))
    writeFileSync(
      place('scripts/wait.mjs'),
      `import { writeFileSync } from 'node:fs'
       setTimeout(() => process.exit(1), 30_000)
       process.on('SIGTERM', () => { writeFileSync('stopped', ''); process.exit(0) })
       writeFileSync('ready', '')`,
    )
    symlinkSync(process.execPath, place('node_modules/.bin/node'))
    writeFileSync(place('node_modules/.autopack-install-stamp'), hashManifests(folder))
    const npm = spawn('npm', ['start'], { cwd: folder, stdio: 'ignore' })
    await expect.poll(() => existsSync(place('ready')), { timeout: 15_000 }).toBe(true)
    npm.kill('SIGKILL')
    await expect.poll(() => existsSync(place('stopped')), { timeout: 10_000 }).toBe(true)
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 30_000)
