import { rootOfInclusion } from './merkle-tree.ts'
import type { Check } from './receipt-check.ts'

/** Every entry is in the tree that the checkpoint is about, at its place. */
export const checkInclusion: Check<'entries' | 'checkpoint'> = (_receipt, { entries, checkpoint }) => {
  for (const { seq, hash, path, where } of entries) {
    if (rootOfInclusion(seq, checkpoint.size, hash, path) !== checkpoint.root) {
      return { where: `${where}.path`, detail: `entry ${seq} is not in the log of ${checkpoint.size} entries that was checkpointed` }
    }
  }
  return {}
}
