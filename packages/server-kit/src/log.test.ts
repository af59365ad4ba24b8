import { expect, test } from 'vitest'
import { createLog } from './log.ts'

const record = (secrets: string[] = []) => {
  const lines: string[] = []
  const log = createLog({ name: 'test', level: 'info', secrets, destination: { write: (line) => void lines.push(line) } })
  return { log, lines }
}

test('an error is logged with its message, its stack and its cause', () => {
  const { log, lines } = record()
  log.error({ error: new Error('the outer one', { cause: new TypeError('the inner one') }) }, 'request failed')
  const { error } = JSON.parse(lines[0] ?? '') as { error: { type: string; message: string; stack: string } }
  expect(error).toMatchObject({ type: 'Error', message: expect.stringContaining('the outer one') })
  expect(error.stack).toContain('the inner one')
})

test('a secret of the process never reaches a line, in whatever part of it', () => {
  const secret = 'sec"ret-of-this-process'
  const { log, lines } = record([secret])
  log.error({ error: new Error(`could not use ${secret}`), note: secret }, `message with ${secret}`)
  expect(lines.join('')).not.toContain('ret-of-this-process')
  expect(lines.join('')).toContain('[redacted]')
})
