/**
 * The demo agent: inventories a folder, writes about it, and asks to publish its report. `--once` makes one run and ends when its
 * proposal is decided; without it there is always one run at the gate, also after a restart.
 */
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createExecutor } from '@autopack/executor-sdk/create-executor'
import { RevisedMeanwhile } from '@autopack/executor-sdk/executor-errors'
import { lockDirectory } from '@autopack/server-kit/directory-lock'
import { readEnvironment, refuseToStart } from '@autopack/server-kit/environment'
import { openAgentLog } from './agent-log.ts'
import { openStateFile } from './agent-state.ts'
import type { AgentState } from './agent-state.ts'
import { variables } from './environment.ts'
import { findProposal } from './find-proposal.ts'
import { publishReport } from './publish-report.ts'
import type { Shop } from './publish-report.ts'
import { createRunId, runInventory } from './run-inventory.ts'
import type { Workspace } from './run-inventory.ts'
import { runPhases } from './run-plan.ts'
import { openRunReporter } from './run-reporter.ts'
import type { Agent } from './run-reporter.ts'

const reading = readEnvironment(variables, process.env)
if (!reading.ok) refuseToStart('demo-agent', reading.problems)
const { url, key, shopUrl, shopToken, workspace: workspaceDir, dataDir } = reading.values
if (key === null) refuseToStart('demo-agent', ['AUTOPACK_EXECUTOR_KEY: is not set; set it or AUTOPACK_EXECUTOR_KEY_FILE'])
if (shopToken === null) refuseToStart('demo-agent', ['DEMO_SHOP_TOKEN: is not set; set it or DEMO_SHOP_TOKEN_FILE'])
if (!existsSync(workspaceDir) || !statSync(workspaceDir).isDirectory()) refuseToStart('demo-agent', ['DEMO_WORKSPACE: is not a folder'])
for (const warning of reading.warnings) process.stdout.write(`warning: ${warning}\n`)

const once = process.argv.includes('--once')
const now = () => new Date()
const folder = resolve(dataDir, once ? `demo-agent-once-${process.pid}` : 'demo-agent')
const release = lockDirectory(folder)
const state = openStateFile(join(folder, 'state.json'))
const shop: Shop = { url: shopUrl, token: shopToken }
const workspace: Workspace = { folder: resolve(workspaceDir), name: findWorkspaceName(resolve(workspaceDir)), skipped: [resolve(dataDir)] }
const stopping = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => stopping.abort(new Error('the agent was told to stop')))
// The work is real; people who look at the console meanwhile go first.
setPriority(10)

process.send?.({ type: 'ready' })
let failures = 0
while (!stopping.signal.aborted) {
  const ended = await runOnce()
  failures = ended === 'failed' ? failures + 1 : 0
  if (once) {
    rmSync(folder, { recursive: true, force: true })
    process.exit(ended === 'failed' ? 1 : 0)
  }
  const pauseMs = ended === 'failed' ? Math.min(5_000 * 2 ** failures, 120_000) : ended === 'nothing to publish' ? 60_000 : 0
  await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
}
release()
process.exit(0)

async function runOnce(): Promise<'proposed' | 'nothing to publish' | 'failed'> {
  const before = state.read()
  const resumed = before !== null && before.proposal !== null ? before : null
  if (before !== null && resumed === null) await closeInterruptedRun(before)
  const runId = resumed?.run_id ?? createRunId(now())
  const log = openAgentLog(join(folder, 'runs', `${runId}.log`), now)
  const executor = createExecutor({
    url,
    key: key!,
    onRetry: (error, waitMs) => log.say(`the control plane does not answer (${error.message}); asking again in ${(waitMs / 1000).toFixed(0)} s`),
  })
  const agent: Agent = { executor, log, state, signal: stopping.signal }
  const reporter = openRunReporter(agent, runId)
  try {
    if (resumed !== null) {
      log.say(`going on with run ${runId}, which waits at the gate`)
      await publishReport(agent, reporter, shop, runId, resumed.proposal!)
    } else if (!(await runInventory(agent, reporter, workspace, shop, runId, now()))) {
      forget()
      return 'nothing to publish'
    }
    forget()
    return 'proposed'
  } catch (error) {
    reporter.close()
    return await leaveRun(agent, runId, error)
  } finally {
    reporter.close()
  }

  function forget(): void {
    state.clear()
    log.remove()
  }
}

/** Told to stop, or something broke: says so to the console as far as it listens, and keeps a run at the gate for the next start. */
async function leaveRun(agent: Agent, runId: string, error: unknown): Promise<'proposed' | 'failed'> {
  const { executor, log } = agent
  const left = state.read()
  const stopped = stopping.signal.aborted
  if (stopped && left?.proposal && !once) {
    log.say(`stopping; run ${runId} keeps waiting at the gate and goes on at the next start`)
    await executor.heartbeat(runId, { note: 'the agent is stopped; it goes on at its next start' }).catch(() => undefined)
    return 'proposed'
  }
  const why = stopped ? 'the agent was stopped' : `the agent failed: ${error instanceof Error ? error.message : String(error)}`
  log.say(`run ${runId} ends: ${why}`)
  if (left?.proposal) {
    const found = findProposal(executor, left, left.proposal)
    const action = await found.catch((thrown: unknown) => (thrown instanceof RevisedMeanwhile ? thrown.action : null))
    if (action?.state === 'PENDING' || action?.state === 'APPROVED') await executor.cancel(action, why).catch(() => undefined)
  }
  await executor.putArtifact(runId, 'logs/run.log', log.read(), left?.phase_id).catch(() => undefined)
  if (left !== null) await endPhases(executor, left, why)
  state.clear()
  log.remove()
  return stopped ? 'proposed' : 'failed'
}

/** A run that a crash left in the middle of its work cannot go on: its phases end, so that it does not look alive. */
async function closeInterruptedRun(left: AgentState): Promise<void> {
  process.stdout.write(`${now().toISOString()} run ${left.run_id} was interrupted in phase ${left.phase_id}; ending it\n`)
  await endPhases(createExecutor({ url, key: key! }), left, 'the agent was interrupted')
  rmSync(join(folder, 'runs', `${left.run_id}.log`), { force: true })
  state.clear()
}

async function endPhases(executor: Agent['executor'], left: AgentState, why: string): Promise<void> {
  const reached = runPhases.findIndex((phase) => phase.phase_id === left.phase_id)
  for (const phase of runPhases.slice(reached)) {
    const failed = phase.phase_id === left.phase_id
    const body = { state: failed ? ('FAILED' as const) : ('SKIPPED' as const), failure_reason: failed ? why : undefined }
    await executor.updatePhase(left.run_id, phase.phase_id, body).catch(() => undefined)
  }
}

/** The name in the folder's package.json, or the folder's own. */
function findWorkspaceName(path: string): string {
  try {
    const { name } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { name?: unknown }
    if (typeof name === 'string' && /^[@a-z0-9][\w@./-]{0,99}$/i.test(name)) return name
  } catch {
    // No manifest, or none that can be read: the folder has a name of its own.
  }
  return (
    basename(path)
      .replace(/[^\w@. -]/g, '_')
      .slice(0, 100) || 'the root folder'
  )
}
