/** The checkpoint writer as a process: the only one that knows the key of the checkpoints and writes into their folder. */
import { access, constants } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { DirectoryLocked, lockDirectory } from '@autopack/server-kit/directory-lock'
import { refuseToStart } from '@autopack/server-kit/environment'
import { createLog } from '@autopack/server-kit/log'
import { openControlPlane } from './control-plane.ts'
import { readConfiguration } from './environment.ts'
import { LogDiffers } from './follow-log.ts'
import { KeyDiffers, openFolder } from './open-folder.ts'
import type { OpenedFolder } from './open-folder.ts'
import { firstRound, writeCheckpoint } from './write-checkpoint.ts'
import { StateChanged } from './writer-state.ts'

const name = 'checkpoint-writer'
const mostWaitMs = 60_000
/** A problem that stays is said again, not with every try. */
const sayAgainMs = 600_000

const reading = readConfiguration(process.env)
if (!reading.ok) refuseToStart(name, reading.problems)
const { controlPlaneUrl, apiKey, key, directory, intervalMs, logLevel, secrets } = reading.configuration
const log = createLog({ name, level: logLevel, secrets: [...secrets] })
for (const warning of reading.warnings) log.warn(warning)

const unlock = await lockOrExit()
const stopping = new AbortController()
const round = firstRound(await openOrExit())
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())

log.info({ directory, verifier_key: key.verifierKey.text, size: round.state.size }, 'writing checkpoints')
process.send?.({ type: 'ready' })
await writeOn()
unlock()
log.info('stopped')

async function writeOn(): Promise<void> {
  const controlPlane = openControlPlane(controlPlaneUrl, apiKey, stopping.signal)
  let failures = 0
  let said = { problem: '', at: 0 }
  while (!stopping.signal.aborted) {
    try {
      const before = round.state.checkpoint?.no
      await writeCheckpoint({ directory, key, controlPlane, now: () => new Date() }, round)
      if (said.problem !== '') log.info('checkpoints are written again')
      ;[failures, said] = [0, { problem: '', at: 0 }]
      const { checkpoint } = round.state
      if (checkpoint && checkpoint.no !== before) log.info({ size: checkpoint.size, head: checkpoint.head, no: checkpoint.no }, 'signed')
    } catch (error) {
      if (stopping.signal.aborted) break
      // The other one goes on: two that take turns would sign two pasts.
      if (error instanceof StateChanged) exitWith(1, error.message)
      failures += 1
      const problem = error instanceof Error ? error.message : String(error)
      if (problem !== said.problem || Date.now() - said.at > sayAgainMs) {
        if (error instanceof LogDiffers) log.error(`NOTHING IS SIGNED: ${problem} (docs/deployment.md, "A restored database")`)
        else log.warn({ error }, `no checkpoint: ${problem}`)
        said = { problem, at: Date.now() }
      }
    }
    const wait = failures === 0 ? intervalMs : Math.min(Math.max(mostWaitMs, intervalMs), intervalMs * 2 ** Math.min(failures - 1, 10))
    await delay(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
  }
}

async function lockOrExit(): Promise<() => void> {
  try {
    const release = lockDirectory(directory)
    await access(directory, constants.W_OK)
    return release
  } catch (error) {
    if (error instanceof DirectoryLocked) return exitWith(1, error.message)
    return refuseToStart(name, [`AUTOPACK_CHECKPOINT_DIR: ${directory} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`])
  }
}

async function openOrExit(): Promise<OpenedFolder> {
  try {
    return await openFolder(directory, key)
  } catch (error) {
    unlock()
    if (error instanceof KeyDiffers) return refuseToStart(name, [error.message])
    return exitWith(1, error instanceof Error ? error.message : String(error))
  }
}

function exitWith(status: number, line: string): never {
  process.stderr.write(`${name}: ${line}\n`)
  process.exit(status)
}
