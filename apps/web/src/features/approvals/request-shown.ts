import { toFindingPointer } from './finding-pointer.ts'
import type { ReadBody } from './read-body.ts'
import type { Note } from './request-notes.ts'
import type { WaitingRequest } from './request-queries.ts'
import type { ShownThing } from './use-arming.ts'

/** How the arming rule names the end of the bytes, the justification, a value, and a path. */
export const bytesPointer = 'bytes'
export const justificationPointer = 'justification'
export const toValuePointer = (pointer: string) => `value:${pointer}`
export const toPathPointer = (place: number) => `path:${place}`

/** What a person has in front of them, and what of it has to have been on screen. Any difference in it starts the arming over. */
export function toShownRequest(request: WaitingRequest, read: ReadBody, notes: readonly Note[]): NonNullable<ShownThing> {
  const found = notes.filter((note) => note.level !== 'pass').map(toFindingPointer)
  const asked =
    request.kind === 'governance_request'
      ? [justificationPointer, ...request.paths.flatMap((path, place) => (path.verdict === 'automatic' ? [] : [toPathPointer(place)]))]
      : read.values.map(({ pointer }) => toValuePointer(pointer))
  return {
    bytes_key: read.hash,
    key: JSON.stringify([read.hash, request.state, request.risk.score, request.decisions.length, found]),
    must_see: [...asked, ...found, ...(read.incomplete === null ? [] : [bytesPointer])],
  }
}
