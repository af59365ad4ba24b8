import type { KnownLog } from './last-check.ts'

/** Which keys a check believes, with the rotations to follow from them, and whose word they are: `console` where nobody here knows any. */
export type Trust = { trustedKeys: readonly string[]; rotations: readonly string[]; whose: 'reader' | 'browser' | 'console' }

/** Keys that the reader gave count alone; else those that this browser saw sign. What either knows of new keys is added. */
export function chooseTrust(reader: { keys: readonly string[]; rotations: readonly string[] }, known: KnownLog | null): Trust {
  const rotations = [...new Set([...(known?.rotations ?? []), ...reader.rotations])]
  if (reader.keys.length > 0) return { trustedKeys: reader.keys, rotations, whose: 'reader' }
  const own = known?.keys ?? []
  return { trustedKeys: own, rotations, whose: own.length > 0 ? 'browser' : 'console' }
}
