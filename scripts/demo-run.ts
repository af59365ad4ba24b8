/** `npm run demo:run`: one more run of the demo agent, in the foreground, until its proposal is decided. */
import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { constants } from 'node:os'
import { join, resolve } from 'node:path'
import { findDataDir } from './console/data-dir.ts'
import { findRunning } from './console/running-file.ts'
import { readFlags } from './flags/read-flags.ts'

const root = resolve(import.meta.dirname, '..')
const usage = `npm run demo:run -- [--workspace DIR] [--data-dir DIR]

One more run of the demo agent on the console that is running, until its proposal is decided. Ctrl-C withdraws the proposal.
DIR is the folder to inventory (that of the running console), and the data folder (AUTOPACK_DATA_DIR, .autopack).`
const values = readFlags(usage, { 'data-dir': { type: 'string' }, workspace: { type: 'string' } })
const dataDir = findDataDir(values['data-dir'], process.env)
const running = findRunning(dataDir)
if (running === null) stopWith(`Nothing runs with ${dataDir}: start the console with npm start first.`)
const workspace = values.workspace === undefined ? running.workspace : resolve(process.env.INIT_CWD ?? process.cwd(), values.workspace)
if (!statSync(workspace, { throwIfNoEntry: false })?.isDirectory()) stopWith(`The workspace ${workspace} is not a folder.`)

const child = spawn(process.execPath, [join(root, 'apps/demo-agent/src/agent.ts'), '--once'], {
  cwd: root,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  // Ctrl-C comes to this process, which passes it on once: the agent withdraws its proposal before it leaves.
  detached: true,
  env: {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AUTOPACK_DATA_DIR: dataDir,
    AUTOPACK_URL: running.control_plane,
    AUTOPACK_EXECUTOR_KEY_FILE: join(dataDir, 'secrets', 'demo-agent-key'),
    DEMO_SHOP_URL: running.shop,
    DEMO_SHOP_TOKEN_FILE: join(dataDir, 'secrets', 'shop-token'),
    DEMO_WORKSPACE: workspace,
  },
})
console.log(`One more run; decide it at ${running.console}. Ctrl-C withdraws its proposal.`)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'))
child.on('exit', (status, signal) => process.exit(signal === null ? (status ?? 1) : 128 + constants.signals[signal]))

function stopWith(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
