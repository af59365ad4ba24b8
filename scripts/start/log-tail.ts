import { existsSync, readFileSync } from 'node:fs'

/** The last lines of a log for a person; JSON lines of our servers are shown as `level message`. */
export function readLogTail(path: string, count: number): string[] {
  const text = existsSync(path) ? readFileSync(path, 'utf8').trimEnd() : ''
  if (text === '') return ['  (it wrote nothing)']
  return text
    .split('\n')
    .slice(-count)
    .map((line) => `  ${toReadable(line).slice(0, 500)}`)
}

const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }

function toReadable(line: string): string {
  try {
    const { level, time, msg, name: _name, ...rest } = JSON.parse(line) as { level: number; time: string; msg: string; name?: string }
    if (typeof msg !== 'string') return line
    const detail = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`
    return `${time} ${levels[level] ?? level} ${msg}${detail}`
  } catch {
    return line
  }
}
