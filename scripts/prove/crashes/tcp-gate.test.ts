import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { Agent, request } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { openTcpGate } from './tcp-gate.ts'
import type { TcpGate } from './tcp-gate.ts'

let server: Server
let gate: TcpGate
const seen: string[] = []
// One connection for all requests, as executors have.
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

async function openBoth(): Promise<void> {
  seen.length = 0
  server = createServer((asked, answer) => {
    seen.push(asked.url!)
    answer.end(`answer to ${asked.url!}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  gate = await openTcpGate({ patienceMs: 5_000, keepsServer: false })
  gate.leadTo({ port: (server.address() as { port: number }).port, host: '127.0.0.1' })
}
afterEach(async () => {
  agent.destroy()
  await gate.close()
  await new Promise((resolve) => server.close(resolve))
})

function ask(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request({ port: gate.port, host: '127.0.0.1', path, agent }, (answer) => {
      answer.setEncoding('utf8').on('data', resolve)
    })
    asking.on('error', reject)
    asking.end()
  })
}

const begins = (line: string) => (bytes: Buffer) => bytes.toString('latin1').startsWith(line)

it('keeps a request until it is released, and hands each on once, also on a connection that was caught before', async () => {
  await openBoth()
  for (const path of ['/first', '/second']) {
    const trap = gate.set('request', begins(`GET ${path} `))
    const asking = ask(path)
    await trap.caught
    expect(seen).not.toContain(path)
    trap.release()
    expect(await asking).toBe(`answer to ${path}`)
  }
  expect(seen).toEqual(['/first', '/second'])
})

it('lets a request through and keeps its answer; when the server is gone, so is the answer', async () => {
  await openBoth()
  const trap = gate.set('answer', begins('GET /lost '))
  const asking = ask('/lost')
  await trap.asked
  await trap.caught
  expect(seen).toEqual(['/lost'])
  server.closeAllConnections()
  await expect(asking).rejects.toThrow(/hang up|ECONNRESET/)
})

it('catches one request only, and leaves the others alone', async () => {
  await openBoth()
  gate.set('request', begins('GET /other '))
  expect(await ask('/free')).toBe('answer to /free')
})
