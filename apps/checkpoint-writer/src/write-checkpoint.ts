import { toCheckpointText } from '@autopack/checkpoint/checkpoint-note'
import { rootOf } from '@autopack/checkpoint/merkle-tree'
import type { PrivateNoteKey } from '@autopack/checkpoint/note-keys'
import { signNote } from '@autopack/checkpoint/signed-note'
import type { ControlPlane } from './control-plane.ts'
import { LogDiffers, followLog } from './follow-log.ts'
import { readNotes, removeOldCheckpoints, writeNote } from './note-folder.ts'
import { writeState } from './writer-state.ts'
import type { WriterState } from './writer-state.ts'

/** A log that stands still is signed again after this, so that a checkpoint says how old its silence is. */
const mostMsBetween = 3_600_000

export type Writer = { directory: string; key: PrivateNoteKey; controlPlane: ControlPlane; now: () => Date }
/** `delivered`: the number of the last checkpoint that the control plane has had from this process; 0: none, so the newest is handed over again. */
export type Round = { state: WriterState; delivered: number }

/**
 * One look at the log: follows it, signs it where it grew or an hour is over, writes the note, hands it over. Answers with what to begin the next
 * look with. A log that does not go on from the one before is never signed: the newest note is handed over, which stops the writing there, and
 * LogDiffers is thrown. Throws ControlPlaneUnavailable where it cannot be asked.
 */
export async function writeCheckpoint(writer: Writer, round: Round): Promise<Round> {
  let next: WriterState
  try {
    next = { ...round.state, ...(await followLog(round.state, writer.controlPlane.listEntries)) }
  } catch (error) {
    if (error instanceof LogDiffers && round.state.checkpoint) await handOver(writer, round.state)
    throw error
  }
  const signed = isDue(next, writer.now()) ? await sign(writer, next) : next
  if (!signed.checkpoint || signed.checkpoint.no === round.delivered) return { ...round, state: signed }
  // What was signed is in the folder by now, whatever becomes of the request.
  round.state = signed
  await handOver(writer, signed)
  return { state: signed, delivered: signed.checkpoint.no }
}

function isDue({ size, above, checkpoint }: WriterState, now: Date): boolean {
  if (size === 0 || size <= above) return false
  return !checkpoint || size > checkpoint.size || now.getTime() - Date.parse(checkpoint.signed_at) >= mostMsBetween
}

/** The state first, with the note in it: after a crash the file is made from it, and no size is ever signed twice in two ways. */
async function sign({ directory, key, now }: Writer, state: WriterState): Promise<WriterState> {
  const { size, head, nodes } = state
  const time = now().toISOString()
  const root = rootOf({ size, nodes: nodes.map((node) => Buffer.from(node, 'hex')) })
  const note = signNote(toCheckpointText({ origin: key.verifierKey.name, size, root, head, time }), [key])
  const no = state.last_no + 1
  const signed: WriterState = { ...state, key_id: key.verifierKey.keyId, last_no: no, checkpoint: { no, note, size, head, signed_at: time } }
  await writeState(directory, signed)
  await writeNote(directory, 'checkpoint', no, note)
  await removeOldCheckpoints(directory)
  return signed
}

async function handOver({ directory, controlPlane }: Writer, { checkpoint }: WriterState): Promise<void> {
  const { standing, given_up } = await controlPlane.handOver(checkpoint!.note, await readNotes(directory, 'rotation'))
  if (given_up)
    throw new LogDiffers(`the control plane has given up the checkpoint of size ${checkpoint!.size}: run accept-restore of the checkpoint writer`)
  if (standing === 'ahead')
    throw new LogDiffers(`the log of the control plane is shorter than the checkpoint of size ${checkpoint!.size}; nothing is written there now`)
  if (standing === 'disagrees')
    throw new LogDiffers(`the log of the control plane is not the one of the checkpoint of size ${checkpoint!.size}; nothing is written there now`)
}
