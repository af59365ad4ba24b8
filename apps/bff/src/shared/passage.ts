import type { SessionRow } from './session-rows.ts'
import type { Passage } from '../upstream/control-plane.ts'

/** What of a browser's request travels on: the person, the request id and the named headers, nothing else. */
export function toPassage(
  session: SessionRow,
  request: { requestId: string; signal: AbortSignal; header: (name: string) => string | undefined },
  passedOn: readonly string[],
): Passage {
  const headers: Record<string, string> = {}
  for (const name of passedOn) {
    const value = request.header(name)
    if (value !== undefined && /^[\x20-\x7e]{1,500}$/.test(value)) headers[name] = value
  }
  return {
    subject: { operatorId: session.operator_id, sidSha256: session.sid_sha256, amr: session.amr, authTime: session.auth_time },
    requestId: request.requestId,
    signal: request.signal,
    headers,
  }
}
