import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { findPython } from '../test/find-python.ts'
import type { PayloadReader } from './payload-reader.ts'

export const checkPayloadScript = fileURLToPath(new URL('../../packages/approval-proof/vectors/check_payload.py', import.meta.url))

/** The second implementation, in one process of Python. */
export function openPythonPayloadReader(): PayloadReader {
  const child = spawn(findPython(), [checkPayloadScript, '--batches'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const gone = once(child, 'close')
  let received = ''
  let waiting: { count: number; resolve: (lines: string[]) => void; reject: (error: Error) => void } | null = null
  child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk
    if (waiting === null || !received.endsWith('\n')) return
    const lines = received.slice(0, -1).split('\n')
    if (lines.length < waiting.count) return
    received = ''
    const { resolve } = waiting
    waiting = null
    resolve(lines)
  })
  // Writing to a process that has died is told by its end, below.
  child.stdin.on('error', () => undefined)
  child.once('close', (status) => waiting?.reject(new Error(`Python ended with status ${status} before it answered`)))
  return {
    name: 'Python',
    judge: (texts) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null) return reject(new Error(`Python has ended with status ${child.exitCode}`))
        waiting = { count: texts.length, resolve, reject }
        child.stdin.write(Buffer.concat([toUint32(texts.length), ...texts.flatMap((text) => [toUint32(text.length), text])]))
      }),
    close: async () => {
      child.stdin.end()
      await gone
    },
  }
}

function toUint32(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}
