import pg from 'pg'
import type { ClientConfig } from 'pg'
import { pollUntil } from './poll-until.ts'

const sweptMs = 60_000

/**
 * Ends every lease now. A process reads the database's clock and has no knob for it, so the owner of the database moves the leases into
 * the past instead of waiting for 60 s: to the sweep it is the same.
 */
export async function expireLeases(owner: ClientConfig): Promise<void> {
  await withClient(owner, (client) => client.query(expire))
}

/** The same, and answers once the control plane's own sweep has moved those actions on. */
export async function settleLeases(owner: ClientConfig): Promise<void> {
  await withClient(owner, async (client) => {
    await client.query(expire)
    await pollUntil(sweptMs, 'the sweep to end what nobody finishes', async () => (await client.query(executing)).rows.length === 0)
  })
}

const executing = `SELECT 1 FROM control_plane.external_action WHERE state = 'EXECUTING'`
const expire = `UPDATE control_plane.external_action SET lease_until = clock_timestamp() - interval '1 second' WHERE state = 'EXECUTING'`

async function withClient(owner: ClientConfig, act: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await act(client)
  } finally {
    await client.end()
  }
}
