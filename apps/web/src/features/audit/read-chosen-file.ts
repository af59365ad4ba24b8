import { readKeptTexts } from './kept-texts.ts'
import { readLogEnds } from './read-log-ends.ts'

/** A receipt is no larger; what is larger is read as a log, which is never held in memory whole. */
const largestReceiptBytes = 8 * 1024 * 1024

/** By its beginning and its form alone; what is nothing known counts as a receipt, so that it is refused with the place where it is none. */
export type ChosenFile =
  | { kind: 'receipt'; text: string }
  | { kind: 'log'; begins: number; ends: number }
  | { kind: 'kept'; text: string; keys: number; notes: number }

/** The disk gave nothing: it is a folder, or was moved or changed after it was chosen. */
export class FileNotRead extends Error {}

/** Throws {@link FileNotRead}. */
export async function readChosenFile(file: Blob): Promise<ChosenFile> {
  try {
    const head = await file.slice(0, 4_096).text()
    const isSmall = file.size <= largestReceiptBytes
    if (isSmall && !/^\s*\{/.test(head)) {
      const text = await file.text()
      const { keys, notes, rotations, unread } = readKeptTexts(text)
      if (unread === null && keys.length + notes.length + rotations.length > 0) {
        return { kind: 'kept', text, keys: keys.length, notes: notes.length }
      }
    }
    if (isSmall && !/^\s*\{\s*"(?:seq|prev|hash|event)"/.test(head)) return { kind: 'receipt', text: await file.text() }
    return { kind: 'log', ...(await readLogEnds(file)) }
  } catch (error) {
    throw new FileNotRead('The file could not be read.', { cause: error })
  }
}
