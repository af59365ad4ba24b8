import { toCheckpointText } from '@autopack/checkpoint/checkpoint-note'
import { rootOf } from '@autopack/checkpoint/merkle-tree'
import type { PrivateNoteKey } from '@autopack/checkpoint/note-keys'
import { signNote } from '@autopack/checkpoint/signed-note'
import { mostRotations } from '@autopack/contract/checkpoints'
import { ControlPlaneUnavailable } from './control-plane.ts'
import type { ControlPlane } from './control-plane.ts'
import { LogDiffers, followLog } from './follow-log.ts'
import { readNotes, removeOldCheckpoints, writeNote } from './note-folder.ts'
import type { OpenedFolder } from './open-folder.ts'
import { toStateText, writeState } from './writer-state.ts'
import type { WriterState } from './writer-state.ts'

/** A log that stands still is signed again after this, so that a checkpoint says how old its silence is. */
const mostMsBetween = 3_600_000
/** So many checkpoints at every look, and then, while the log goes on growing, one in so many looks: nobody keeps six million notes a year. */
const mostInARow = 20
const looksUnderLoad = 12

export type Writer = { directory: string; key: PrivateNoteKey; controlPlane: ControlPlane; now: () => Date }
export type Round = {
  state: WriterState
  /** What may stand in `state.json`: what was written last, and what may have been when that failed. */
  saved: readonly (string | null)[]
  /** The number of the last checkpoint that is known to stand in the folder. */
  written: number
  /** The number of the last checkpoint that the control plane has had from this process; 0: none, so the newest is handed over again. */
  delivered: number
  /** How many checkpoints may be signed at once; each look adds a part of one. */
  credit: number
}

export function firstRound({ state, saved }: OpenedFolder): Round {
  return { state, saved: [saved], written: state.checkpoint?.no ?? 0, delivered: 0, credit: mostInARow }
}

/**
 * One look at the log: follows it, signs it where it grew or an hour is over, writes the note, hands it over. Changes `round` to what the next look
 * begins with, whatever happens, and answers with it. A log that does not go on from the one before is never signed: the newest note is handed over,
 * which stops the writing there where it is the log that is wrong, and LogDiffers is thrown. Whatever keeps it from signing is told to the control
 * plane. Throws ControlPlaneUnavailable where that cannot be asked, StateChanged where another process writes in the folder.
 */
export async function writeCheckpoint(writer: Writer, round: Round): Promise<Round> {
  round.credit = Math.min(mostInARow, round.credit + 1 / looksUnderLoad)
  try {
    await look(writer, round)
    return round
  } catch (error) {
    if (!(error instanceof ControlPlaneUnavailable)) await report(writer, error)
    throw error
  }
}

async function look(writer: Writer, round: Round): Promise<void> {
  await writeSigned(writer, round)
  try {
    round.state = { ...round.state, ...(await followLog(round.state, writer.controlPlane.listEntries)) }
  } catch (error) {
    if (!(error instanceof LogDiffers) || !round.state.checkpoint) throw error
    // Where it is not even taken, what was found of the log is what has to be said.
    throw await handOver(writer, round.state).then(
      () => error,
      (refused: unknown) => (refused instanceof LogDiffers ? refused : error),
    )
  }
  if (isDue(round, writer.now())) {
    await sign(writer, round)
    await writeSigned(writer, round)
    await removeOldCheckpoints(writer.directory)
  }
  const { checkpoint } = round.state
  if (!checkpoint || checkpoint.no === round.delivered) return
  await handOver(writer, round.state)
  round.delivered = checkpoint.no
}

function isDue({ state: { size, above, checkpoint }, credit }: Round, now: Date): boolean {
  if (size === 0 || size <= above || credit < 1) return false
  return !checkpoint || size > checkpoint.size || now.getTime() - Date.parse(checkpoint.signed_at) >= mostMsBetween
}

/** The state first, with the note in it: whatever fails after that, the file is made from it, and no number ever has two notes. */
async function sign({ directory, key, now }: Writer, round: Round): Promise<void> {
  const { size, head, nodes, last_no } = round.state
  const time = now().toISOString()
  const root = rootOf({ size, nodes: nodes.map((node) => Buffer.from(node, 'hex')) })
  const note = signNote(toCheckpointText({ origin: key.verifierKey.name, size, root, head, time }), [key])
  const no = last_no + 1
  const signed: WriterState = { ...round.state, key_id: key.verifierKey.keyId, last_no: no, checkpoint: { no, note, size, head, signed_at: time } }
  const before = round.saved
  round.saved = [...before, toStateText(signed)]
  await writeState(directory, signed, before)
  round.saved = [toStateText(signed)]
  round.state = signed
  round.credit -= 1
}

/** The file of the note that stands in the state: after a sync that failed, too. */
async function writeSigned({ directory }: Writer, round: Round): Promise<void> {
  const { checkpoint } = round.state
  if (!checkpoint || checkpoint.no === round.written) return
  await writeNote(directory, 'checkpoint', checkpoint.no, checkpoint.note)
  round.written = checkpoint.no
}

async function handOver({ directory, controlPlane }: Writer, { checkpoint }: WriterState): Promise<void> {
  const { standing, given_up } = await controlPlane.handOver(checkpoint!.note, (await readNotes(directory, 'rotation')).slice(-mostRotations))
  if (given_up)
    throw new LogDiffers(`the control plane has given up the checkpoint of size ${checkpoint!.size}: run accept-restore of the checkpoint writer`)
  if (standing === 'ahead')
    throw new LogDiffers(`the log of the control plane is shorter than the checkpoint of size ${checkpoint!.size}; nothing is written there now`)
  if (standing === 'disagrees')
    throw new LogDiffers(`the log of the control plane is not the one of the checkpoint of size ${checkpoint!.size}; nothing is written there now`)
}

/** So that people see it; where it cannot be told, the silence is seen a little later. */
async function report({ controlPlane }: Writer, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error)
  await controlPlane.report(error instanceof LogDiffers ? `the log differs: ${message}` : message).catch(() => undefined)
}
