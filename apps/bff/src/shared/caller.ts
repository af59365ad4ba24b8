import type { IncomingMessage } from 'node:http'
import type { Context } from 'hono'
import { clientAddress } from './client-address.ts'
import type { TrustedProxies } from './client-address.ts'

/** Where a request comes from, for throttling and for the list of sessions. */
export type Caller = { address: string; userAgent: string }

export function toCaller(c: Context, trusted: TrustedProxies): Caller {
  const incoming = (c.env as { incoming?: IncomingMessage } | undefined)?.incoming
  return {
    address: clientAddress(incoming?.socket.remoteAddress, c.req.header('x-forwarded-for'), trusted),
    userAgent: (c.req.header('user-agent') ?? '').replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 300),
  }
}
