import type { AnswerBook, HeardAnswer } from './answer-book.ts'
import type { ConsoleUnderTest, RoleName } from './console-under-test.ts'
import { waitUntil } from './wait-until.ts'

/** What the console says of an action, as far as the acceptance looks. */
export type SeenAction = {
  action_id: string
  run_id: string | null
  state: string
  sentence: string
  revision: number
  payload_hash: string
  executor: { executor_id: string; name: string }
  decisions: { kind: string; reason: string; decided_by: { name: string } }[]
  execution: null | {
    execution_id: string
    sent: string | null
    sent_sha256: string | null
    expected_sha256: string
    external_object_id: string | null
    external_url: string | null
    error_code: string | null
    error_summary: string | null
  }
}

export type AuditEntry = {
  seq: number
  event: {
    event_type: string
    request_id: string | null
    result_status: string
    error_code: string | null
    error_summary: string | null
    auth_principal_type: string
    auth_principal_id: string
    spend_snapshot: { reserved_minor: number; spent_today_minor: number } | null
  }
}

/** A person with a session and no browser: asks `/api` the way the pages do. */
export type ConsoleVisitor = {
  get: (path: string, forMs?: number) => Promise<HeardAnswer>
  read: <T>(path: string) => Promise<T>
  action: (actionId: string) => Promise<SeenAction>
  /** Waits for one of these states. */
  settled: (actionId: string, states: readonly string[], limitMs: number) => Promise<SeenAction>
  /** The next proposal about this workspace that waits for a person and was not seen yet. */
  nextProposal: (workspace: string) => Promise<SeenAction>
  audit: (query: string) => Promise<AuditEntry[]>
}

/** Signs in when it first asks, and again when its session is over: a person has at most five sessions, and a console may lose them. */
export function openVisitor(book: AnswerBook, console_: ConsoleUnderTest, name: RoleName): ConsoleVisitor {
  const { origin } = console_
  let cookie: string | null = null
  const signIn = async () => {
    const headers = { origin, 'x-csrf': '1', 'content-type': 'application/json' }
    const body = JSON.stringify({ name, password: console_.password(name) })
    const signedIn = await book.ask('POST', `${origin}/api/auth/login`, { headers, body })
    if (signedIn.status !== 200) throw new Error(`${name} could not sign in: ${signedIn.status} ${signedIn.text}`)
    const set = signedIn.headers.getSetCookie().map((line) => line.split(';', 1)[0]!)
    return set.join('; ')
  }
  const get = async (path: string, forMs?: number) => {
    cookie ??= await signIn()
    const answer = await book.ask('GET', `${origin}${path}`, { headers: { cookie }, forMs })
    if (answer.status !== 401) return answer
    cookie = await signIn()
    return book.ask('GET', `${origin}${path}`, { headers: { cookie }, forMs })
  }
  const seen = new Set<string>()
  const read = async <T>(path: string): Promise<T> => {
    // A busy machine may answer 503 for a moment; reading is safe to repeat.
    const ask = async () => {
      const answered = await get(path)
      return answered.status !== 503 && answered
    }
    const answer = await waitUntil(`${path} to be answered`, 20_000, ask, 1_000)
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 500)}`)
    return answer.json<T>()
  }
  const action = (actionId: string) => read<SeenAction>(`/api/external-actions/${actionId}`)
  return {
    get,
    read,
    action,
    settled: (actionId, states, limitMs) =>
      waitUntil(
        `${actionId} to be ${states.join(' or ')}`,
        limitMs,
        async () => {
          const now = await action(actionId)
          return states.includes(now.state) && now
        },
        500,
      ),
    nextProposal: (workspace) =>
      waitUntil(
        `a proposal about ${workspace}`,
        60_000,
        async () => {
          const { items } = await read<{ items: { action: SeenAction }[] }>('/api/approvals?scope=actionable&limit=100')
          const found = items.find((item) => item.action.sentence.includes(workspace) && !seen.has(item.action.action_id))
          if (found === undefined) return null
          seen.add(found.action.action_id)
          return action(found.action.action_id)
        },
        500,
      ),
    audit: async (query) => (await read<{ items: AuditEntry[] }>(`/api/audit?limit=100&q=${encodeURIComponent(query)}`)).items,
  }
}
