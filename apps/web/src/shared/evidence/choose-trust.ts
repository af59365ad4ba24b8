import type { KnownLog } from './last-check.ts'

/**
 * Which keys a check believes, with the rotations to follow from them, and whose word they are: `console` where nobody here knows any.
 * `notes`: the checkpoints that the reader gave and that this browser kept.
 */
export type Trust = {
  trustedKeys: readonly string[]
  rotations: readonly string[]
  notes: readonly string[]
  whose: 'reader' | 'browser' | 'console'
}

type Brought = { keys: readonly string[]; rotations: readonly string[]; notes: readonly string[] }

/** Keys that the reader gave count alone; else those that this browser saw sign. What either knows of new keys is added, and of checkpoints. */
export function chooseTrust(reader: Brought, known: Omit<KnownLog, 'last' | 'since'> | null): Trust {
  const rotations = [...new Set([...(known?.rotations ?? []), ...reader.rotations])]
  const notes = [...reader.notes, ...(known === null || known.note === null ? [] : [known.note])]
  if (reader.keys.length > 0) return { trustedKeys: reader.keys, rotations, notes, whose: 'reader' }
  const own = known?.keys ?? []
  return { trustedKeys: own, rotations, notes, whose: own.length > 0 ? 'browser' : 'console' }
}
