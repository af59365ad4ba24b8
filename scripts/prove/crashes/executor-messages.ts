import type { Payload } from '@autopack/approval-proof/payload'
import type { ExecutorAction } from '@autopack/contract/executor-actions'

/** What the parent tells an executor process to do. */
export type ExecutorOrder = { order: number } & (
  | { does: 'propose'; payload: Omit<Payload, 'v'> }
  | { does: 'revise'; action: ExecutorAction; payload: Omit<Payload, 'v'> }
  | { does: 'perform'; action: ExecutorAction; readsBack: boolean }
)

/** What an executor process says. `claimed` is said before anything is sent. */
export type ExecutorNews =
  | { news: 'ready' }
  | { news: 'claimed'; action_id: string; execution_id: string }
  | { news: 'done'; order: number; value: unknown }
  | { news: 'failed'; order: number; name: string; detail: string }
