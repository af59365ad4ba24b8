import { foldName } from '@autopack/server-kit/fold-name'

/**
 * Whether this person asked for the run, by what its executor says (`started_by`): their id or their name, compared as names are at sign-in,
 * whenever they got it. May only exclude. A run has no run above it, so this is the whole chain. `control_plane.is_initiator` is the same.
 */
export function isInitiator(person: { operator_id: string; name: string }, startedBy: string | null): boolean {
  if (startedBy === null) return false
  const said = foldName(startedBy)
  return said === foldName(person.operator_id) || said === foldName(person.name)
}
