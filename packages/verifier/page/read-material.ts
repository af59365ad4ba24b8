import { readLines } from '../src/read-lines.ts'
import { findNotes } from '../src/read-notes.ts'

/**
 * What somebody added: the file to check, or what it is checked with. `name` and `text` are as they came. `offered` is a key out of a file:
 * whoever handed over the receipt may have put it beside it, so it counts only once the reader says that they believe it.
 */
export type Material = { kind: 'receipt'; name: string; file: Blob } | { kind: 'log'; name: string; file: Blob } | Note
export type Note = { kind: 'checkpoint' | 'rotation' | 'key' | 'offered'; name: string; text: string }

/** Beside keys and notes there is something else, such as a note that was cut off. */
export class PartlyReadError extends Error {
  constructor(name: string) {
    super(`${name}: something in it is no key, checkpoint or rotation, or was cut off. Nothing of it was added.`)
  }
}

const sniffedBytes = 1_048_576
/** Room for thousands of checkpoints, as the console writes them into one file. */
const mostNoteBytes = 8 * 1_048_576

/**
 * Tells files apart by what is in them. What is nothing known counts as a receipt, so that it is refused with the place where it is none.
 * Throws {@link PartlyReadError}.
 */
export async function readMaterial(name: string, file: Blob): Promise<Material[]> {
  const start = new TextDecoder().decode(await file.slice(0, sniffedBytes).arrayBuffer())
  if (isFirstLineOfLog(start)) return [{ kind: 'log', name, file }]
  if (start.trimStart().startsWith('{')) return [{ kind: 'receipt', name, file }]
  const found = file.size > mostNoteBytes ? [] : readNotes(await file.text(), name, 'offered')
  return found.length > 0 ? found : [{ kind: 'receipt', name, file }]
}

/** The keys and notes in a text, as somebody pastes them; nothing where there are none. Throws {@link PartlyReadError}. */
export function readPasted(text: string): Material[] {
  return readNotes(text, 'pasted', 'key')
}

function readNotes(text: string, name: string, keyKind: 'key' | 'offered'): Material[] {
  const { keys, checkpoints, rotations, unread } = findNotes(text)
  const toMaterial = (kind: Note['kind'], texts: readonly string[]) => texts.map((each) => ({ kind, name, text: each }))
  const found = [...toMaterial(keyKind, keys), ...toMaterial('checkpoint', checkpoints), ...toMaterial('rotation', rotations)]
  if (found.length > 0 && unread.length > 0) throw new PartlyReadError(name)
  return found
}

/** The lines of a file as it streams, and how many bytes were read so far, again and again. */
export function readFileLines(file: Blob, onRead: (bytes: number) => void): AsyncIterable<string> {
  return readLines(readChunks(file, onRead))
}

async function* readChunks(file: Blob, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  let bytes = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      bytes += value.length
      onRead(bytes)
      yield value
    }
  } finally {
    // Stopped in the middle: the rest of a large file is not read.
    await reader.cancel()
  }
}

/** A log has one entry a line, a receipt is one object. */
function isFirstLineOfLog(start: string): boolean {
  const [line = ''] = start.split('\n', 1)
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && 'seq' in value
  } catch {
    return line.startsWith('{"seq":')
  }
}
