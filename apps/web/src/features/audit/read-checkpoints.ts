import { listAuditCheckpoints, type AuditCheckpoint, type AuditStopped } from '@autopack/contract/checkpoints'
import { call } from '../../shared/call.ts'

/** As many pages are read, a hundred checkpoints each: the newest cover what the older ones did. */
const mostPages = 10

/** `notes`: what a log is to be held against, the newest first. `givenUp`: those that were left out, as the log was restored without them. */
export type PublishedCheckpoints = {
  notes: readonly { note: string; size: number }[]
  givenUp: readonly string[]
  /** Whether there are older ones, which were not read. */
  more: boolean
  /** Verifier keys and rotation notes, the oldest first. */
  keys: readonly string[]
  rotations: readonly string[]
  stopped: AuditStopped | null
}

/** Every checkpoint that the console has and did not give up on purpose, whether it thinks that the log holds against it or not. */
export async function readCheckpoints(signal: AbortSignal): Promise<PublishedCheckpoints> {
  const items: AuditCheckpoint[] = []
  let cursor: string | undefined
  for (let page = 1; ; page += 1) {
    const answer = await call(listAuditCheckpoints, { query: { limit: 100, cursor }, signal })
    items.push(...answer.items)
    cursor = answer.next_cursor ?? undefined
    if (cursor !== undefined && page < mostPages) continue
    const { keys, rotations, stopped } = answer
    return { ...sortOut(items), more: cursor !== undefined, keys, rotations, stopped }
  }
}

/** Standing is the console's own word and leaves nothing out. */
export function sortOut(items: readonly Pick<AuditCheckpoint, 'note' | 'size' | 'given_up'>[]): Pick<PublishedCheckpoints, 'notes' | 'givenUp'> {
  const notes = items.filter(({ given_up }) => !given_up).map(({ note, size }) => ({ note, size }))
  return { notes, givenUp: items.filter(({ given_up }) => given_up).map(({ note }) => note) }
}
