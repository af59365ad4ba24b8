import { readLines } from '../src/read-lines.ts'

/** What somebody added: the file to check, or what it is checked with. `name` and `text` are as they came. */
export type Material =
  | { kind: 'receipt'; name: string; file: Blob }
  | { kind: 'log'; name: string; file: Blob }
  | { kind: 'checkpoint' | 'rotation' | 'key'; name: string; text: string }

const sniffedBytes = 1_048_576
/** Room for thousands of checkpoints, as the console writes them into one file. */
const mostNoteBytes = 8 * 1_048_576

/** Tells files apart by what is in them. What is nothing known counts as a receipt, so that it is refused with the place where it is none. */
export async function readMaterial(name: string, file: Blob): Promise<Material[]> {
  const start = new TextDecoder().decode(await file.slice(0, sniffedBytes).arrayBuffer())
  if (isFirstLineOfLog(start)) return [{ kind: 'log', name, file }]
  if (start.trimStart().startsWith('{')) return [{ kind: 'receipt', name, file }]
  const found = file.size > mostNoteBytes ? [] : readPasted(await file.text(), name)
  return found.length > 0 ? found : [{ kind: 'receipt', name, file }]
}

/** The keys and notes in a text, one after the other, as somebody pastes them; nothing where there are none. */
export function readPasted(text: string, name: string): Material[] {
  const found: Material[] = []
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  let note: string[] = []
  for (const [place, line] of lines.entries()) {
    if (note.length === 0 && isKey(line.trim())) found.push({ kind: 'key', name, text: line.trim() })
    else if (note.length > 0 || line !== '') note.push(line)
    const isSignature = line.startsWith('— ')
    if (!isSignature || lines[place + 1]?.startsWith('— ')) continue
    const whole = `${note.join('\n')}\n`
    found.push({ kind: whole.startsWith('autopack-checkpoint-key/') ? 'rotation' : 'checkpoint', name, text: whole })
    note = []
  }
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

function isKey(line: string): boolean {
  return /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{40,}={0,2}$/.test(line)
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
