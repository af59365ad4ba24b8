import { randomUUID } from 'node:crypto'
import { killSwitches } from '@autopack/contract/control'
import type { Brake, Control } from '@autopack/contract/operator-control'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { outboxTable } from '../../db/bff-tables.ts'
import type { SignInEvent } from '../../shared/outbox-rows.ts'
import type { Sent } from '../../test/send-request.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { TestBff } from '../../test/start-test-bff.ts'
import { answerJson, problem } from '../../test/start-test-upstream.ts'
import { createFormToken } from './form-token.ts'

let bff: TestBff
let approver: string
let admin: string
let viewer: string

const now = '2026-11-22T12:00:00.000Z'
const person = { operator_id: `op_${randomUUID()}`, name: 'Mira <b>Kessler</b>' }
const hostile = '"><script>alert(1)</script>\u202egnp.exe\u0007'
const actionId = `act_${randomUUID()}`

function buildBrake(more: Partial<Brake> = {}): Brake {
  const engaged = { engaged_at: now, engaged_by: person, engaged_reason: hostile, audited: true }
  const released = { released_at: null, released_by: null, released_reason: null }
  return { brake_id: 'brk_1', scope: { kind: 'all', id: '' }, scope_name: '', ...engaged, ...released, ...more }
}
function buildControl(brakes: Brake[]): Control {
  const kill_switches = Object.fromEntries(killSwitches.map((name) => [name, false])) as Control['kill_switches']
  const stopped = brakes.some(({ scope }) => scope.kind === 'all')
  return { external_actions_enabled: true, dry_run: false, brake_engaged: stopped, kill_switches, switches: [], brakes, caps: [], version: 1, now }
}
const running = {
  action_id: actionId,
  execution_id: `exe_${randomUUID()}`,
  sentence: `publish «${hostile}»`,
  executor: { executor_id: 'ex_1', name: 'shop-writer' },
  claimed_at: now,
  lease_until: now,
}

beforeAll(async () => {
  bff = await startTestBff({ timing: { headersMs: 300, totalMs: 400, idleMs: 300 } })
  approver = await bff.signIn(await bff.addPerson('Ada', 'approver'))
  admin = await bff.signIn(await bff.addPerson('Root', 'admin'))
  viewer = await bff.signIn(await bff.addPerson('Vic', 'viewer'))
})
afterAll(() => bff.close())
beforeEach(() => {
  bff.upstream.received.length = 0
  bff.upstream.answers.clear()
  bff.upstream.answers.set('/operator/control', answerJson(200, buildControl([])))
  bff.upstream.answers.set('/operator/external-actions', answerJson(200, { items: [], total: { count: 0, exact: true }, next_cursor: null, now }))
  bff.upstream.answers.set(
    '/operator/control/brake',
    answerJson(200, { brake: buildBrake(), cannot_recall: [running], cannot_recall_total: 1, stopped_count: 2 }),
  )
  bff.upstream.answers.set('/operator/control/brake/release', answerJson(200, { brake: buildBrake({ released_at: now }), holds_restarted_count: 3 }))
})

const read = (cookie?: string, headers: Record<string, string> = {}) =>
  bff.send({ path: '/brake/plain', headers: { ...(cookie ? { cookie } : {}), ...headers } })

async function tokenFor(cookie: string): Promise<string> {
  return /name="token" value="([^"]+)"/.exec((await read(cookie)).text)![1]!
}

type Form = Record<string, string>
function submit(cookie: string | undefined, form: Form | string, headers: Record<string, string> = {}): Promise<Sent> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString()
  return bff.send({
    method: 'POST',
    path: '/brake/plain',
    body,
    headers: {
      origin: bff.origin,
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'navigate',
      ...(cookie ? { cookie } : {}),
      ...headers,
    },
  })
}
const changes = () => bff.upstream.received.filter(({ method, target }) => method !== 'GET' && target.startsWith('/operator/control'))

describe('the page', () => {
  test('is a document without scripts under a policy that allows none, and nothing keeps it', async () => {
    const answer = await read(approver)
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([200, 'text/html; charset=utf-8', 'no-store'])
    expect(answer.headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' })
    expect(answer.text).not.toMatch(/<script|<style|style="|\son\w+=/i)
    expect(answer.text).toContain('<h1>Nothing is stopped.</h1>')
  })

  test('has a style of its own, so that it needs nothing of the built pages', async () => {
    const style = await bff.send({ path: '/brake/plain.css' })
    expect([style.status, style.headers['content-type'], style.headers['cache-control']]).toEqual([200, 'text/css; charset=utf-8', 'no-cache'])
    expect((await bff.send({ path: '/brake/plain.css', headers: { 'if-none-match': style.headers.etag! } })).status).toBe(304)
  })

  test('shows what people and agents wrote as text, whatever it is', async () => {
    bff.upstream.answers.set(
      '/operator/control',
      answerJson(200, buildControl([buildBrake({ scope: { kind: 'executor', id: 'ex_1' }, scope_name: hostile, brake_id: '"><img src=x>' })])),
    )
    const { text } = await read(admin)
    expect(text).not.toMatch(/<script|<img|<b>Kessler|\u202e|\u0007/)
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;[U+202E]gnp.exe[U+0007]')
    expect(text).toContain('value="&quot;&gt;&lt;img src=x&gt;"')
  })

  test('offers a release to admins and says to others what is missing', async () => {
    bff.upstream.answers.set('/operator/control', answerJson(200, buildControl([buildBrake({ audited: false })])))
    const shown = await read(admin)
    expect(shown.text).toContain('<h1>Everything is stopped.</h1>')
    expect(shown.text).not.toContain('a stop would')
    expect(shown.text).toContain('name="act" value="release"')
    expect(shown.text).toContain('Waits to be written into the audit log.')
    const asApprover = await read(approver)
    expect(asApprover.text).not.toContain('value="release"')
    expect(asApprover.text).toContain('Releasing needs the role admin; yours is approver.')
    expect((await read(viewer)).text).toContain('Stopping needs the role approver; yours is viewer.')
  })

  test('leads whoever is not signed in to sign in, and asks nobody upstream', async () => {
    const answer = await read()
    expect(answer.status).toBe(401)
    expect(answer.text).toContain('<a href="/sign-in?to=/brake/plain">Sign in</a>')
    expect(bff.upstream.received).toEqual([])
  })

  test('changes nothing when it is read, whatever its address says', async () => {
    for (const query of [
      '?act=engage&scope=all&reason=x',
      `?token=${await tokenFor(approver)}&act=engage&reason=x`,
      '?act=release&brake_id=brk_1&sure=yes',
    ])
      for (const method of ['GET', 'HEAD'])
        await bff.send({
          method,
          path: `/brake/plain${query}`,
          headers: { cookie: admin, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
        })
    expect(changes()).toEqual([])
  })

  test('still stops when the control plane does not say what is going on, and says what to do without it', async () => {
    bff.upstream.answers.set('/operator/control', () => undefined)
    bff.upstream.answers.set('/operator/external-actions', () => undefined)
    const answer = await read(approver)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('<h1>Not known what is stopped.</h1>')
    expect(answer.text).toContain('docker compose stop control-plane')
    const token = /name="token" value="([^"]+)"/.exec(answer.text)![1]!
    expect((await submit(approver, { token, act: 'engage', scope: 'all', reason: 'x' })).text).toContain('Everything is stopped.')
  })

  test('ends with the session of somebody who was disabled meanwhile', async () => {
    const gone = await bff.addPerson('Gone', 'approver')
    const cookie = await bff.signIn(gone)
    for (const path of ['/operator/control', '/operator/external-actions'])
      bff.upstream.answers.set(path, answerJson(403, problem('operator_disabled', 403)))
    expect((await read(cookie)).status).toBe(401)
    expect((await read(cookie)).text).toContain('Nobody is signed in here.')
  })
})

describe('stopping', () => {
  test.each([
    ['beside those that are listed', [running], 4, '<li>and 3 more that you may not see or that are not listed</li>'],
    ['when none may be seen', [], 3, '<li>3 more that you may not see or that are not listed</li>'],
  ])('says how many more cannot be recalled, %s', async (_, listed, total, words) => {
    bff.upstream.answers.set(
      '/operator/control/brake',
      answerJson(200, { brake: buildBrake(), cannot_recall: listed, cannot_recall_total: total, stopped_count: 0 }),
    )
    const { text } = await submit(approver, { token: await tokenFor(approver), act: 'engage', scope: 'all', scope_id: '', reason: 'x' })
    expect(text).toContain(`<h2>Cannot be recalled: ${total}</h2>`)
    expect(text).toContain(words)
    expect(text).not.toContain('Nothing was executing')
  })

  test('asks exactly what the form says, as the person who is signed in, and lists what cannot be recalled', async () => {
    const token = await tokenFor(approver)
    const answer = await submit(approver, { token, act: 'engage', scope: 'all', scope_id: '', reason: '  prices look wrong  ' })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('<h1>Everything is stopped.</h1>')
    expect(answer.text).toContain(`<a href="/actions/${actionId}">publish «&quot;&gt;&lt;script&gt;`)
    expect(answer.text).not.toMatch(/<script|\u202e| more that /)
    const [sent] = changes()
    expect(JSON.parse(sent!.body)).toEqual({ scope: { kind: 'all', id: '' }, reason: 'prices look wrong' })
    expect(sent!.claims).toMatchObject({ htm: 'POST', htp: '/operator/control/brake' })
  })

  test.each(['provider', 'run', 'executor'])('one %s by its id', async (kind) => {
    await submit(approver, { token: await tokenFor(approver), act: 'engage', scope: kind, scope_id: ' demo_shop ', reason: 'x' })
    expect(JSON.parse(changes()[0]!.body)).toEqual({ scope: { kind, id: 'demo_shop' }, reason: 'x' })
  })

  test('passes a refusal on in its own words, and nothing more', async () => {
    bff.upstream.answers.set('/operator/control/brake', answerJson(404, problem('not_found', 404)))
    const answer = await submit(approver, { token: await tokenFor(approver), act: 'engage', scope: 'run', scope_id: 'r1', reason: 'x' })
    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    expect(answer.text).toContain('the words of not_found')
    expect(answer.text).toContain('Nothing was stopped or released by this.')
  })

  test('says that it is not known, and what to do, when no answer arrives', async () => {
    const token = await tokenFor(approver)
    bff.upstream.answers.set('/operator/control/brake', () => undefined)
    // More often than it takes to hold everything else back: a stop is tried every time.
    for (let tries = 1; tries <= 7; tries += 1) {
      const answer = await submit(approver, { token, act: 'engage', scope: 'all', reason: 'x' })
      expect(answer.status).toBe(502)
      expect(answer.text).toContain('It is not known whether anything was stopped or released')
      expect(answer.text).toContain('docker compose stop control-plane')
      expect(changes()).toHaveLength(tries)
    }
    bff.advance(6_000)
  })
})

describe('releasing', () => {
  test('leads to the page with scripts where the person has to show again who they are', async () => {
    bff.upstream.answers.set('/operator/control/brake/release', answerJson(403, problem('step_up_required', 403)))
    const form = { token: await tokenFor(admin), act: 'release', brake_id: 'brk_1', reason: 'looked at all of it', sure: 'yes' }
    const answer = await submit(admin, form)
    expect(answer.status).toBe(403)
    expect(answer.text).toContain('Nothing was stopped or released by this.')
    expect(answer.text).toContain('Release it on <a href="/brake">the page with scripts</a>')
  })

  test('asks for the brake by its id once the person said that it is meant', async () => {
    const form = { token: await tokenFor(admin), act: 'release', brake_id: 'brk_1', reason: 'looked at all of it' }
    const careless = await submit(admin, form)
    expect([careless.status, careless.text.includes('tick the box')]).toEqual([400, true])
    expect(changes()).toEqual([])
    const answer = await submit(admin, { ...form, sure: 'yes' })
    expect(answer.text).toContain('<h1>Everything is released.</h1>')
    expect(answer.text).toContain('Launch holds that started over: 3.')
    expect(JSON.parse(changes()[0]!.body)).toEqual({ brake_id: 'brk_1', reason: 'looked at all of it' })
  })

  test('is left to the control plane to refuse, which records it', async () => {
    bff.upstream.answers.set('/operator/control/brake/release', answerJson(403, problem('role_missing', 403)))
    const answer = await submit(approver, { token: await tokenFor(approver), act: 'release', brake_id: 'brk_1', reason: 'x', sure: 'yes' })
    expect([answer.status, answer.text.includes('the words of role_missing')]).toEqual([403, true])
  })
})

describe('a form that this page did not make for this session', () => {
  const good = { act: 'engage', scope: 'all', reason: 'x' }
  test.each([
    ['without a token', async () => ({})],
    ['with an empty token', async () => ({ token: '' })],
    ['with the token of somebody else', async () => ({ token: await tokenFor(admin) })],
    ['with a guessed token', async () => ({ token: 'A'.repeat(43) })],
    ['with a token of the wrong length', async () => ({ token: 'A' })],
    ['with the token and more', async () => ({ token: `${await tokenFor(approver)}A` })],
    ['with a token that is no ASCII', async () => ({ token: 'é'.repeat(43) })],
  ])('changes nothing %s', async (_, more) => {
    const answer = await submit(approver, { ...good, ...((await more()) as Form) })
    expect([answer.status, answer.headers['content-type']]).toEqual([403, 'text/html; charset=utf-8'])
    expect(changes()).toEqual([])
  })

  test.each([
    ['from another origin', { origin: 'http://127.0.0.1:4602' }, 403],
    ['from nowhere', { origin: 'null' }, 403],
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['from another port of this machine', { 'sec-fetch-site': 'same-site' }, 403],
    ['for another host', { host: '127.0.0.1:1' }, 403],
    ['as JSON', { 'content-type': 'application/json', 'x-csrf': '1' }, 415],
    ['as text', { 'content-type': 'text/plain' }, 415],
    ['in parts', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
  ])('changes nothing %s, even with the right token', async (_, headers, status) => {
    const answer = await submit(approver, { ...good, token: await tokenFor(approver) }, headers)
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8'])
    expect(changes()).toEqual([])
  })

  test('changes nothing for somebody who is not signed in, or not any more', async () => {
    const cookie = await bff.signIn(await bff.addPerson('Left', 'approver'))
    const token = await tokenFor(cookie)
    expect((await submit(undefined, { ...good, token })).status).toBe(401)
    await bff.post('/api/auth/logout', {}, cookie)
    const answer = await submit(cookie, { ...good, token })
    expect([answer.status, answer.text.includes('/sign-in?to=/brake/plain')]).toEqual([401, true])
    expect(changes()).toEqual([])
  })

  test('is written into the audit log of who is signed in', async () => {
    await submit(approver, good)
    const events = (await bff.deps.db.select().from(outboxTable)).map((row) => row.event as SignInEvent)
    const detail = expect.stringMatching(/^POST \/brake\/plain: This form was not made for the session/) as string
    expect(events).toContainEqual(expect.objectContaining({ kind: 'request_refused', name: 'Ada', code: 'forged_request', detail }))
  })
})

describe('a form with fields that are not right', () => {
  test.each([
    ['no act', { reason: 'x' }, 400],
    ['another act', { act: 'setCap', reason: 'x' }, 400],
    ['another scope', { act: 'engage', scope: 'planet', reason: 'x' }, 400],
    ['a scope without its id', { act: 'engage', scope: 'run', scope_id: ' ', reason: 'x' }, 400],
    ['an id that is too long', { act: 'engage', scope: 'run', scope_id: 'x'.repeat(201), reason: 'x' }, 400],
    ['an id with NUL', { act: 'engage', scope: 'run', scope_id: 'a\0b', reason: 'x' }, 400],
    ['no reason', { act: 'engage', scope: 'all' }, 400],
    ['a reason of spaces', { act: 'engage', scope: 'all', reason: '  \n ' }, 400],
    ['a reason that is too long', { act: 'engage', scope: 'all', reason: 'x'.repeat(2_001) }, 400],
    ['a reason with NUL', { act: 'engage', scope: 'all', reason: 'a\0b' }, 400],
    ['a member that nobody knows', { act: 'engage', scope: 'all', reason: 'x', __proto__x: '1' }, 400],
    ['a body that is too large', { act: 'engage', scope: 'all', reason: 'x'.repeat(40_000) }, 413],
  ])('%s: changes nothing and says so', async (_, form, status) => {
    const answer = await submit(approver, { token: await tokenFor(approver), ...form })
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8'])
    expect(answer.text).toContain('Nothing was stopped or released by this.')
    expect(changes()).toEqual([])
  })

  test('a field twice, bytes that are no text, and no fields at all change nothing', async () => {
    const token = await tokenFor(approver)
    for (const body of [
      `token=${token}&act=engage&act=release&reason=x`,
      `token=${token}&token=${token}&act=engage&reason=x`,
      '',
      '&&=&',
      '%',
      'token',
    ])
      expect((await submit(approver, body)).status, body).toBeGreaterThanOrEqual(400)
    expect(changes()).toEqual([])
  })
})

test('other methods and other spellings of the path are refused', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const headers = { cookie: admin, origin: bff.origin, 'x-csrf': '1', 'content-type': 'application/json' }
    const answer = await bff.send({ method, path: '/brake/plain', headers })
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD, POST'])
  }
  const token = await tokenFor(approver)
  for (const path of ['/brake/%70lain', '/brake//plain', '//brake/plain', '/BRAKE/plain', '/brake/plain/', '/brake\\plain', '/x/../brake/plain']) {
    const answer = await bff.send({
      method: 'POST',
      path,
      body: new URLSearchParams({ token, act: 'engage', scope: 'all', reason: 'x' }).toString(),
      headers: { cookie: approver, origin: 'https://elsewhere.example', 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer.status, path).toBeGreaterThanOrEqual(400)
  }
  expect(changes()).toEqual([])
})

test('a token belongs to one session and one key', async () => {
  const key = bff.deps.signingKey
  const one = createFormToken(key, { sid_sha256: 'a'.repeat(64) })
  expect(one).toMatch(/^[\w-]{43}$/)
  expect(createFormToken(key, { sid_sha256: 'a'.repeat(64) })).toBe(one)
  expect(createFormToken(key, { sid_sha256: 'b'.repeat(64) })).not.toBe(one)
})
