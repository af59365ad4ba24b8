import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Payload } from '@autopack/approval-proof/payload'
import type { ExecutorAction } from '@autopack/contract/executor-actions'

/** What the agent must remember to go on after a restart. */
export type AgentState = {
  run_id: string
  /** The phase that was begun last. */
  phase_id: string
  /** Written before it is proposed: proposing the same again after a crash finds the same action. */
  proposal: Omit<Payload, 'v'> | null
  /** Written before the action is revised: the same edit again after a crash is the same edit. */
  edit?: Edit | undefined
}

/** What replaces which revision of the action. */
export type Edit = { of: Pick<ExecutorAction, 'action_id' | 'revision' | 'payload_hash'>; proposal: Omit<Payload, 'v'> }

export type StateFile = { read: () => AgentState | null; write: (state: AgentState) => void; clear: () => void }

/** A small JSON file, replaced as a whole, 0600. One that cannot be read counts as none: the run it spoke of shows as silent. */
export function openStateFile(path: string): StateFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return {
    read() {
      if (!existsSync(path)) return null
      try {
        const state = JSON.parse(readFileSync(path, 'utf8')) as AgentState
        return typeof state.run_id === 'string' && typeof state.phase_id === 'string' ? state : null
      } catch {
        return null
      }
    },
    write(state) {
      writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    },
    clear: () => rmSync(path, { force: true }),
  }
}
