/** `npm start`: the console with its demo, from nothing to a printed sign-in; one process dies, all stop. */
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildWeb } from './build-web.ts'
import { findRunning, removeRunningFile, writeRunningFile } from './console/running-file.ts'
import { buildChildEnvironments, origins } from './start/child-environments.ts'
import { openChildren } from './start/child-processes.ts'
import { openDataFolder } from './start/data-folder.ts'
import { createDemoSecrets, readDemoFile } from './start/demo-secrets.ts'
import { describeDatabase } from './start/describe-database.ts'
import { findBusyPort } from './start/find-busy-port.ts'
import { readStartOptions, startHelp } from './start/start-options.ts'
import { StartRefused } from './start/start-refused.ts'
import { writeWelcome } from './start/welcome.ts'

const root = resolve(import.meta.dirname, '..')
const reading = readStartOptions(process.argv.slice(2), process.env, root)
if (reading.kind === 'help') {
  console.log(startHelp)
  process.exit(0)
}
if (reading.kind === 'refused') stopWith(reading.why)
const { options } = reading
const startedAt = performance.now()

if (!existsSync(options.workspace) || !statSync(options.workspace).isDirectory()) stopWith(`The workspace ${options.workspace} is not a folder.`)
let release: () => void
try {
  release = openDataFolder(options.dataDir, options.fresh)
} catch (error) {
  stopWith(error instanceof StartRefused ? error.message : `${options.dataDir} cannot be used: ${(error as Error).message}`)
}
const busy = await findBusyPort(options.ports)
if (busy !== null) {
  release()
  stopWith(busy)
}

const children = openChildren(root, join(options.dataDir, 'logs'))
let stopping: Promise<void> | null = null
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping === null) console.log('\nStopping …')
    void stopAll().then(() => process.exit(0))
  })
}

try {
  await Promise.race([startAll(), children.failure])
  await children.failure
} catch (error) {
  // A start that is being stopped fails on purpose.
  if (stopping === null) {
    const wasServing = findRunning(options.dataDir) !== null
    console.error(`\n${(error as Error).message}`)
    await stopAll()
    if (wasServing) console.error('Everything is stopped. Start again with npm start: nothing that was decided is lost.')
    process.exit(1)
  }
}

async function startAll(): Promise<void> {
  const secrets = createDemoSecrets(options.dataDir, origins(options).console)
  const { operators } = readDemoFile(secrets.demo)
  const environments = buildChildEnvironments(root, options, secrets, process.env)
  const build = async () => {
    const { built, seconds } = await buildWeb(root)
    if (built) console.log(`Built the pages in ${seconds.toFixed(1)} s.`)
  }
  const [ready] = await Promise.all([
    build().then(() => children.start('bff', 'apps/bff/src/server.ts', environments.bff)),
    children.start('control-plane', 'apps/control-plane/src/server.ts', environments.controlPlane),
    children.start('demo-shop', 'apps/demo-shop/src/server.ts', environments.shop),
  ])
  await children.start('checkpoint-writer', 'apps/checkpoint-writer/src/writer.ts', environments.checkpointWriter)
  if (options.agent) await children.start('demo-agent', 'apps/demo-agent/src/agent.ts', environments.agent)
  const at = origins(options)
  writeRunningFile(options.dataDir, {
    pid: process.pid,
    console: at.console,
    control_plane: at.controlPlane,
    shop: at.shop,
    workspace: options.workspace,
  })
  console.log(
    writeWelcome(options, {
      operators,
      changedPasswords: ready.changed_passwords ?? [],
      seconds: (performance.now() - startedAt) / 1000,
      callerDir: process.env.INIT_CWD ?? process.cwd(),
      demoFile: secrets.demo,
      database: describeDatabase(environments.controlPlane),
    }),
  )
}

function stopAll(): Promise<void> {
  stopping ??= stopOnce()
  return stopping
}

async function stopOnce(): Promise<void> {
  await children.stop()
  removeRunningFile(options.dataDir)
  release()
}

function stopWith(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
