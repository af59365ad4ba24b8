import type { AcceptanceSetup } from './acceptance-setup.ts'
import { openPerson } from './browser-person.ts'
import { openShopRecord } from './shop-record.ts'
import { signClaims, toClaims } from './signed-assertion.ts'

type Attempt = {
  what: string
  code: string
  /** Somebody the control plane knows: each such refusal is an event of its own. */
  authenticated: boolean
  key?: string
  assertion?: string
  body?: string
  target?: string
}

/** Section 3: whoever stole a key, or the BFF's signing key for a moment, still cannot decide; and what they tried is in the audit log. */
export async function acceptRefusedAssertions(setup: AcceptanceSetup): Promise<void> {
  const { report, book, browser, console: console_, workspace } = setup
  const visitor = setup.visitors.approver
  const shop = openShopRecord(book, console_)
  const { action_id } = await visitor.nextProposal(workspace.name)
  const before = await shop.posts()
  const approver = await openPerson(browser, book, console_, 'approver')
  const body = await approver.takeDecisionBody(action_id, `for ${workspace.name}`)
  await approver.page.context().close()

  const target = `/operator/external-actions/${action_id}/decision`
  const pem = console_.secret('jwt-private.pem')
  const kid = (JSON.parse(console_.secret('operator-assertion-jwks.json')) as { keys: { kid: string }[] }).keys[0]!.kid
  const instanceKey = console_.secret('instance-key')
  const executorKey = console_.secret('demo-agent-key')
  const claims = (changes: Record<string, unknown> = {}) => ({
    ...toClaims(console_.operatorId('approver'), { method: 'POST', target, body }),
    ...changes,
  })
  const signed = (changes: Record<string, unknown> = {}) => signClaims(claims(changes), pem, kid)
  const now = Math.floor(Date.now() / 1000)
  const otherBody = body.replace(`for ${workspace.name}`, `because ${workspace.name}`)

  const send = async (attempt: Omit<Attempt, 'what' | 'code' | 'authenticated'>) => {
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (attempt.key !== undefined) headers['x-api-key'] = attempt.key
    if (attempt.assertion !== undefined) headers['x-operator-assertion'] = attempt.assertion
    return book.ask('POST', `${console_.controlPlaneUrl}${attempt.target ?? target}`, { headers, body: attempt.body ?? body })
  }
  const requestIds = new Map<string, string>()
  const refuse = async (attempt: Attempt) => {
    const answer = await send(attempt)
    const problem = answer.json<{ code?: string; request_id?: string }>()
    report.check('3', answer.status === 403 && problem.code === attempt.code, `${attempt.what} on the decision route: refused`, answer.text)
    if (attempt.authenticated) requestIds.set(attempt.what, problem.request_id ?? '')
  }

  const attempts: Attempt[] = [
    { what: 'no key at all', code: 'key_refused', authenticated: false },
    { what: 'an executor key alone', code: 'key_refused', authenticated: true, key: executorKey },
    { what: 'an executor key with a good assertion', code: 'key_refused', authenticated: true, key: executorKey, assertion: signed() },
    { what: 'a good assertion alone', code: 'key_refused', authenticated: false, assertion: signed() },
    { what: 'the instance key alone', code: 'assertion_refused', authenticated: true, key: instanceKey },
    {
      what: "a viewer's assertion",
      code: 'role_missing',
      authenticated: true,
      key: instanceKey,
      assertion: signed({ sub: console_.operatorId('viewer') }),
    },
    {
      what: 'an expired assertion',
      code: 'assertion_refused',
      authenticated: true,
      key: instanceKey,
      assertion: signed({ iat: now - 180, exp: now - 120 }),
    },
    {
      what: 'an assertion made to live an hour',
      code: 'assertion_refused',
      authenticated: true,
      key: instanceKey,
      assertion: signed({ exp: now + 3_600 }),
    },
    {
      what: 're-bodied: a good assertion for another body',
      code: 'assertion_refused',
      authenticated: true,
      key: instanceKey,
      assertion: signed(),
      body: otherBody,
    },
    {
      what: 're-queried: a query that was not signed',
      code: 'assertion_refused',
      authenticated: true,
      key: instanceKey,
      assertion: signed(),
      target: `${target}?a=1`,
    },
    {
      what: 're-queried: without the query that was signed',
      code: 'assertion_refused',
      authenticated: true,
      key: instanceKey,
      assertion: signed({ htp: `${target}?a=1` }),
    },
    {
      what: "wrong path: an assertion for another action's decision",
      code: 'assertion_refused',
      authenticated: true,
      key: instanceKey,
      assertion: signed({ htp: target.replace(/[0-9a-f](?=\/decision)/, (digit) => (digit === '0' ? '1' : '0')) }),
    },
    { what: 'an assertion for another method', code: 'assertion_refused', authenticated: true, key: instanceKey, assertion: signed({ htm: 'GET' }) },
    {
      what: 'an assertion about nobody known',
      code: 'assertion_refused',
      authenticated: true,
      key: instanceKey,
      assertion: signed({ sub: 'op_00000000-0000-4000-8000-000000000000' }),
    },
    {
      what: 'an assertion of the console itself',
      code: 'role_missing',
      authenticated: true,
      key: instanceKey,
      assertion: signed({ sub: 'console', sid: undefined }),
    },
  ]
  for (const attempt of attempts) await refuse(attempt)

  const waiting = await visitor.action(action_id)
  const untouched = waiting.state === 'PENDING' && waiting.decisions.length === 0
  report.check('3', untouched, 'after all of them the action still waits, and nobody has decided', waiting)
  // Without this, everything above could have been refused for a reason of its own.
  const good = signed()
  const accepted = await send({ key: instanceKey, assertion: good })
  report.check('3', accepted.status === 200, 'the same body with a good assertion is accepted: the refusals were about the assertions', accepted.text)
  await refuse({ what: 'the same assertion replayed', code: 'assertion_refused', authenticated: true, key: instanceKey, assertion: good })

  // Whoever could not say who they are is not part of the action's own story; admins find what they tried by its words.
  const audited = await setup.visitors.admin.audit(`did:request.refused ${action_id}`)
  for (const [what, requestId] of requestIds) {
    const event = audited.find((entry) => entry.event.request_id === requestId)?.event
    const told = event?.result_status === 'refused' && event.event_type === 'request.refused'
    report.check('3', told, `${what}: is in the audit log as refused`, { requestId, event: event ?? 'nothing' })
  }
  const done = await visitor.settled(action_id, ['COMPLETED', 'FAILED', 'UNKNOWN'], 30_000)
  const posts = (await shop.posts()).slice(before.length)
  const once = done.state === 'COMPLETED' && posts.length === 1 && posts[0]?.execution_id === done.execution?.execution_id
  report.check('3', once, 'the accepted one led to exactly one POST', posts)
}
