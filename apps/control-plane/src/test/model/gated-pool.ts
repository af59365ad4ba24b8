/** PostgreSQL for histories: statements pass a gate, and each distinct one is parsed and planned once a connection. */
import { createHash } from 'node:crypto'
import { giveBackWhatCannotBegin } from '@autopack/server-kit/open-database'
import pg from 'pg'
import type { StatementGate } from './statement-gate.ts'

type Sent = { text?: string; name?: string } | string

/** While `breaks()`, a client whose process dies ends its connection as the death of a process does: without a word. */
export function openGatedPool(url: string, gate: StatementGate): { pool: pg.Pool; breakConnections: (breaks: boolean) => void } {
  let breaks = false
  const names = new Map<string, string>()
  const nameOf = (text: string) => {
    const known = names.get(text)
    if (known !== undefined) return known
    const name = `s${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
    names.set(text, name)
    return name
  }
  const pool = new pg.Pool({ connectionString: url, max: 2, options: '-c timezone=UTC' })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    const send = client.query.bind(client) as (sent: Sent, ...rest: unknown[]) => unknown
    // With a callback where the pool itself asks, else with a promise.
    const gated = (sent: Sent, ...rest: unknown[]) => {
      const text = typeof sent === 'string' ? sent : (sent.text ?? '')
      try {
        gate.beforeStatement(text)
      } catch (error) {
        if (breaks) {
          ;(client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy()
          // So that the pool takes it out at once, and not when it hears of it.
          client.end().catch(() => undefined)
        }
        const callback = rest.at(-1)
        if (typeof callback !== 'function') return Promise.reject(error as Error)
        callback(error)
        return undefined
      }
      const values = Array.isArray(rest[0]) ? rest[0] : []
      return typeof sent === 'object' && values.length > 0 ? send({ ...sent, name: nameOf(text) }, ...rest) : send(sent, ...rest)
    }
    client.query = gated as unknown as typeof client.query
  })
  // As the product does, or a process that dies at BEGIN would take a connection along for good.
  giveBackWhatCannotBegin(pool)
  return {
    pool,
    breakConnections: (value) => {
      breaks = value
    },
  }
}
