import { connect, createServer } from 'node:net'
import type { NetConnectOpts, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What is caught once: the first request that matches, or the answer to it. */
export type Trap = {
  /** Resolves when all of a matching HTTP request has gone on; only where the answer is caught. */
  asked: Promise<void>
  /** Resolves when it is caught: nothing more of it goes on. */
  caught: Promise<void>
  /** Lets go on what was caught and is still connected. */
  release: () => void
}

/** Stands between two processes, and can keep a request from arriving, or an answer from coming back. */
export type TcpGate = {
  port: number
  /** Where connections go from now on. */
  leadTo: (target: NetConnectOpts) => void
  /** `request`: the matching bytes do not go on. `answer`: they do, and what comes back on that connection does not. */
  set: (side: 'request' | 'answer', matches: (bytes: Buffer) => boolean) => Trap
  close: () => Promise<void>
}

type ArmedTrap = Trap & {
  side: 'request' | 'answer'
  matches: (bytes: Buffer) => boolean
  tellAsked: () => void
  catch: (goOn: () => void) => void
  used: boolean
  released: boolean
}

export type TcpGateOptions = {
  /** How long a new connection waits for a server that is being started, as behind a load balancer. */
  patienceMs: number
  /** The server does not hear that its client is gone: what was sent is still worked on. */
  keepsServer: boolean
}

export async function openTcpGate(options: TcpGateOptions): Promise<TcpGate> {
  const open = new Set<Socket>()
  let target: NetConnectOpts | null = null
  let armed: ArmedTrap | null = null

  function track(socket: Socket): Socket {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
    return socket
  }

  async function serve(client: Socket): Promise<void> {
    track(client).pause()
    const server = await connectPatiently(client)
    if (server === null) return void client.destroy()
    let mine: ArmedTrap | null = null
    let missing = 0
    let kept: Buffer[] = []
    const isKept = (side: ArmedTrap['side']) => mine?.side === side && !mine.released
    client.on('data', (bytes: Buffer) => {
      if (armed !== null && !armed.used && armed.matches(bytes)) {
        mine = armed
        mine.used = true
        missing = measureRequest(bytes)
        kept = []
      }
      if (!isKept('request')) {
        missing -= bytes.length
        return void server.write(bytes, () => {
          if (missing <= 0) mine?.tellAsked()
        })
      }
      kept.push(bytes)
      mine!.catch(() => kept.splice(0).forEach((part) => server.write(part)))
    })
    server.on('data', (bytes: Buffer) => {
      if (!isKept('answer')) return void client.write(bytes)
      kept.push(bytes)
      mine!.catch(() => kept.splice(0).forEach((part) => client.write(part)))
    })
    client.on('close', () => {
      if (!options.keepsServer) server.destroy()
    })
    server.on('close', () => client.destroy())
    client.resume()
  }

  async function connectPatiently(client: Socket): Promise<Socket | null> {
    for (const deadline = performance.now() + options.patienceMs; ;) {
      const server = target === null ? null : await tryConnect(target)
      if (server !== null) return client.destroyed ? (server.destroy(), null) : track(server)
      if (client.destroyed || performance.now() > deadline) return null
      await delay(25)
    }
  }

  const listening = createServer({ noDelay: true }, (client) => void serve(client))
  await new Promise<void>((resolve, reject) => {
    listening.once('error', reject)
    listening.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (listening.address() as { port: number }).port,
    leadTo: (to) => void (target = to),
    set(side, matches) {
      armed = armTrap(side, matches)
      return armed
    },
    async close() {
      const closed = new Promise<void>((resolve) => listening.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

function tryConnect(target: NetConnectOpts): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ ...target, noDelay: true } as NetConnectOpts)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(null))
  })
}

function armTrap(side: ArmedTrap['side'], matches: ArmedTrap['matches']): ArmedTrap {
  let goOn = (): void => undefined
  const asked = Promise.withResolvers<void>()
  const caught = Promise.withResolvers<void>()
  const trap: ArmedTrap = {
    side,
    matches,
    asked: asked.promise,
    tellAsked: asked.resolve,
    caught: caught.promise,
    used: false,
    released: false,
    catch: (then) => {
      goOn = then
      caught.resolve()
    },
    release: () => {
      trap.used = true
      trap.released = true
      goOn()
    },
  }
  return trap
}

/** Bytes of the HTTP request that begins here, as it states them itself. */
function measureRequest(bytes: Buffer): number {
  const head = bytes.toString('latin1').split('\r\n\r\n')[0]!
  return head.length + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
}
