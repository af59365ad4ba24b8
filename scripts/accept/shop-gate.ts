import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'

/**
 * Stands between an agent and the real shop, and can fail the way a shop fails. It counts the requests that reach it, so that a second
 * one is noticed even if the shop would not note it.
 */
export type ShopGate = {
  url: string
  port: number
  /** `Idempotency-Key` of every POST that arrived whole, in order. */
  posts: readonly string[]
  /** The next requests are accepted and kept, and go nowhere. */
  hold: () => void
  /** What was kept goes to the shop now, whoever sent it, and everything after it directly. */
  letThrough: () => void
  /** Nothing listens any more: connections are refused, those that exist are cut, what was kept is lost. */
  stop: () => Promise<void>
  start: () => Promise<void>
}

export async function openShopGate(port: number, shopPort: number): Promise<ShopGate> {
  const posts: string[] = []
  const open = new Set<Socket>()
  let kept: Buffer[] = []
  let holding = false
  let server: Server | null = null

  function serve(agent: Socket): void {
    open.add(agent)
    agent.on('error', () => undefined)
    agent.on('close', () => open.delete(agent))
    let request = Buffer.alloc(0)
    agent.on('data', (part: Buffer) => {
      request = Buffer.concat([request, part])
      const length = findWholeLength(request)
      if (length === null) return
      const whole = request.subarray(0, length)
      request = request.subarray(length)
      if (whole.toString('latin1', 0, 5) === 'POST ') posts.push(/^idempotency-key: *(\S+)/im.exec(whole.toString('latin1'))?.[1] ?? '')
      if (holding) kept.push(whole)
      else passOn(whole, agent)
    })
  }

  function passOn(request: Buffer, agent: Socket | null): void {
    const shop = connect(shopPort, '127.0.0.1', () => shop.write(request))
    open.add(shop)
    shop.on('close', () => open.delete(shop))
    shop.on('error', () => agent?.destroy())
    if (agent === null) return void shop.resume()
    shop.pipe(agent)
    agent.on('close', () => shop.destroy())
  }

  async function start(): Promise<void> {
    const listening = createServer(serve)
    await new Promise<void>((resolve, reject) => {
      listening.once('error', reject)
      listening.listen(port, '127.0.0.1', resolve)
    })
    server = listening
  }

  await start()
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    posts,
    hold: () => void (holding = true),
    letThrough() {
      holding = false
      for (const request of kept) passOn(request, null)
      kept = []
    },
    async stop() {
      const closing = server
      server = null
      holding = false
      kept = []
      if (closing === null) return
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()))
      for (const socket of open) socket.resetAndDestroy()
      await closed
    },
    start,
  }
}

/** Of the first request in `bytes`, once all of it is there; the agent states the length of its bodies. */
function findWholeLength(bytes: Buffer): number | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return null
  const stated = /^content-length: *(\d+)/im.exec(bytes.toString('latin1', 0, end))?.[1] ?? '0'
  const length = end + 4 + Number(stated)
  return bytes.length >= length ? length : null
}
