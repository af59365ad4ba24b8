/**
 * Somebody was disabled, or got another role: their sessions end within five seconds, whether or not they ask for anything, and
 * whichever copy of the console they came through. What a session may do is the control plane's word with every request anyway.
 */
import { randomUUID } from 'node:crypto'
import { listStandings } from '@autopack/contract/operators'
import type { AnswerOf } from '@autopack/contract/route'
import type { Deps } from '../../deps.ts'
import { recordOutboxEvent } from '../../shared/outbox-rows.ts'
import { listEveryLiveSession, revokeSessions } from '../../shared/session-rows.ts'
import type { SessionRow } from '../../shared/session-rows.ts'

const spacingMs = 2_000

type Standing = AnswerOf<typeof listStandings>['items'][number]
/** What the control plane said last, with its ETag. */
export type KnownStandings = { etag: string; items: Standing[] } | null

/** Ends the sessions that are over. Returns what is to be handed in the next time. Throws ProblemError. */
export async function endChangedSessions(deps: Deps, known: KnownStandings): Promise<KnownStandings> {
  const sessions = await listEveryLiveSession(deps.db, deps.now())
  if (sessions.length === 0) return known
  const answer = await deps.controlPlane.call(
    listStandings,
    {},
    {
      subject: 'console',
      requestId: randomUUID(),
      headers: known === null ? {} : { 'if-none-match': known.etag },
      signal: AbortSignal.timeout(listStandings.policy.timeout_ms),
    },
  )
  const items = answer.data?.items ?? known!.items
  const standings = new Map(items.map((standing) => [standing.operator_id, standing]))
  for (const session of sessions) {
    const why = whyOver(session, standings.get(session.operator_id))
    if (why !== null) await endSession(deps, session, why)
  }
  return answer.etag === null ? null : { etag: answer.etag, items }
}

/** Null: the session goes on. */
function whyOver(session: SessionRow, standing: Standing | undefined): string | null {
  if (!standing) return 'the operator is not known any more'
  if (!standing.enabled) return 'the operator is disabled'
  if (standing.role !== session.role) return `the role is ${standing.role} now`
  if (standing.sessions_since !== null && session.signed_in_at < new Date(standing.sessions_since)) return 'the operator was changed after signing in'
  return null
}

async function endSession(deps: Deps, session: SessionRow, why: string): Promise<void> {
  const now = deps.now()
  const ended = await deps.db.transaction(async (tx) => {
    const revoked = await revokeSessions(tx, [session.sid_sha256], now)
    const event = { kind: 'session_revoked' as const, operator_id: session.operator_id, name: session.name, detail: why }
    if (revoked.length > 0) await recordOutboxEvent(tx, event, now)
    return revoked
  })
  deps.streams.endSessions(ended, 'signed_out')
}

/** Returns the function that stops it. While the control plane cannot be asked, sessions stay: there is nothing they could do. */
export function startEndingChangedSessions(deps: Deps): () => Promise<void> {
  let stopped = false
  let known: KnownStandings = null
  let failing = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const next = () => {
    if (!stopped) timer = setTimeout(() => (running = run()), spacingMs).unref()
  }
  const run = async () => {
    try {
      known = await endChangedSessions(deps, known)
      failing = false
    } catch (error) {
      if (!failing) deps.log.warn({ error }, 'nobody can say who was disabled: the control plane cannot be asked')
      failing = true
    }
    next()
  }
  next()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
