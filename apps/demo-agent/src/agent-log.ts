import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

export type AgentLog = {
  /** A line for people: on the terminal and in the log of the run. */
  say: (text: string) => void
  /** A line of detail: in the log of the run only. */
  note: (text: string) => void
  /** Everything so far, as the artifact. */
  read: () => Uint8Array
  remove: () => void
}

/** Beyond this, details are counted instead of written, so that the log stays below the size of one artifact. */
const detailLimitBytes = 20 * 1000 ** 2

/** The log of one run, kept in a file so that it goes on after a restart. Lines begin with the time in UTC. */
export function openAgentLog(path: string, now: () => Date): AgentLog {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  let size = existsSync(path) ? readFileSync(path).length : 0
  let leftOut = 0
  let waiting: string[] = []

  function write(text: string): void {
    const line = `${now().toISOString()} ${toOneLine(text)}\n`
    size += Buffer.byteLength(line)
    waiting.push(line)
    if (waiting.length >= 1_000) flush()
  }
  function flush(): void {
    if (waiting.length > 0) appendFileSync(path, waiting.join(''), { mode: 0o600 })
    waiting = []
  }
  return {
    say(text) {
      process.stdout.write(`${now().toISOString()} ${toOneLine(text)}\n`)
      write(text)
      flush()
    },
    note(text) {
      if (size < detailLimitBytes) write(text)
      else leftOut += 1
    },
    read() {
      if (leftOut > 0) write(`${leftOut} lines of detail were left out: the log had reached 20 MB`)
      leftOut = 0
      flush()
      return existsSync(path) ? readFileSync(path) : new Uint8Array(0)
    },
    remove: () => rmSync(path, { force: true }),
  }
}

/** File names and reasons are other people's text: one of them must not look like a second line of this log. */
function toOneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]/g, (character) => JSON.stringify(character).slice(1, -1))
}
