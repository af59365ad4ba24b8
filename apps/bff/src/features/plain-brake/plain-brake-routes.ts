/**
 * `/brake/plain`: the brake for a browser without scripts, or without the pages. GET reads; the one POST engages or releases, as a form of
 * this page asks. It is the only change that a form can ask for (docs/decisions/0021-the-brake-without-scripts.md).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { engageBrake, releaseBrake } from '@autopack/contract/operator-control'
import { problems } from '@autopack/contract/problem-titles'
import type { ProblemCode } from '@autopack/contract/problems'
import type { App, AppVariables } from '@autopack/server-kit/create-app'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { jsonBodyTiming, readBody } from '@autopack/server-kit/read-body'
import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { findSession } from '../../shared/current-session.ts'
import { endDisabledSession } from '../../shared/end-disabled-session.ts'
import { toPassage } from '../../shared/passage.ts'
import { plainBrakePath } from '../../shared/plain-brake-path.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { createFormToken, isFormToken } from './form-token.ts'
import { html, joinHtml, noHtml } from './html-text.ts'
import { parseBrakeForm, readFormFields } from './parse-brake-form.ts'
import { plainBrakeStylePath, toAnswerPage, toBrakePage, toFailedPage, toScopeText, toSignInPage, toTimeText } from './plain-brake-page.ts'
import { readBrakeState } from './read-brake-state.ts'

const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export function mountPlainBrake(app: App, deps: Deps): void {
  const style = readFileSync(join(import.meta.dirname, 'plain-brake.css'))
  const styleTag = `"${createHash('sha256').update(style).digest('base64url').slice(0, 27)}"`

  app.on(['GET', 'HEAD'], plainBrakeStylePath, (c) => {
    const headers = { 'cache-control': 'no-cache', 'content-security-policy': contentSecurityPolicy, etag: styleTag }
    if (c.req.header('if-none-match') === styleTag) return new Response(null, { status: 304, headers })
    return new Response(style, { headers: { ...headers, 'content-type': 'text/css; charset=utf-8' } })
  })

  app.on(['GET', 'HEAD'], plainBrakePath, async (c) => {
    const session = await findSession(deps, c.req.header('cookie'))
    if (!session) return page(401, toSignInPage())
    const state = await readBrakeState(deps, passageOf(c, session)).catch((error: unknown) => endDisabledSession(deps, session, error))
    return page(200, toBrakePage(state, { name: session.name, role: session.role, token: createFormToken(deps.signingKey, session) }))
  })

  app.post(plainBrakePath, async (c) => {
    const session = await findSession(deps, c.req.header('cookie'))
    if (!session) return page(401, toSignInPage())
    const fields = readFormFields(await readBody(c.req.raw, engageBrake.policy.body_limit_bytes, jsonBodyTiming))
    if (!isFormToken(deps.signingKey, session, fields.get('token') ?? null))
      throw new ProblemError(
        'forged_request',
        'This form was not made for the session that is signed in now. Open the page again and send it once more.',
      )
    const form = parseBrakeForm(fields)
    const passage = passageOf(c, session)
    if (form.act === 'engage') {
      const { data } = await deps.controlPlane
        .call(engageBrake, { body: form.body }, passage)
        .catch((error: unknown) => endDisabledSession(deps, session, error))
      const { brake, cannot_recall, cannot_recall_total } = data!
      const unlisted = cannot_recall_total - cannot_recall.length
      return page(
        200,
        toAnswerPage(brake.scope.kind === 'all' ? 'Everything is stopped' : `${toScopeText(brake)} is stopped`, [
          html`<p>No claim commits from now on. By ${brake.engaged_by.name}, ${toTimeText(brake.engaged_at)}: ${brake.engaged_reason}</p>`,
          brake.audited ? noHtml : html`<p>The audit log cannot be written now. The stop is in force; it is recorded first thing afterwards.</p>`,
          cannot_recall_total === 0
            ? html`<p>Nothing was executing: nothing has to be recalled.</p>`
            : html`<h2>Cannot be recalled: ${cannot_recall_total}</h2>
                <ul>
                  ${joinHtml(
                    cannot_recall.map(
                      ({ action_id, sentence, executor, claimed_at }) =>
                        html`<li><a href="/actions/${action_id}">${sentence}</a> by ${executor.name}, taken ${toTimeText(claimed_at)}</li>`,
                    ),
                  )}
                  ${unlisted > 0 ? html`<li>${cannot_recall.length > 0 ? 'and ' : ''}${unlisted} more that you may not see or that are not listed</li>` : noHtml}
                </ul>`,
        ]),
      )
    }
    await deps.rateLimits.take(releaseBrake.policy.rate_class, session.operator_id)
    const { data } = await deps.controlPlane
      .call(releaseBrake, { body: form.body }, passage)
      .catch((error: unknown) => endDisabledSession(deps, session, error))
    const { brake, holds_restarted_count } = data!
    return page(
      200,
      toAnswerPage(`${toScopeText(brake)} is released`, [
        html`<p>Launch holds that started over: ${holds_restarted_count}.</p>`,
        html`<p>Other stops stay in force until each is released.</p>`,
      ]),
    )
  })

  app.all(plainBrakePath, () => {
    throw new ProblemError('method_not_allowed', 'This page is read with GET, and its forms are sent with POST.')
  })
}

/** Problems of this path are pages for people; the codes and what is recorded of them stay. Stands before the guard. */
export function showPlainProblems(app: App): void {
  app.use(plainBrakePath, async (c, next) => {
    await next()
    if (!(c.res.headers.get('content-type') ?? '').startsWith('application/problem+json')) return
    const problem = (await c.res.clone().json()) as { code: ProblemCode; detail: string; status: number }
    if (problem.code === 'not_signed_in') {
      c.res = page(401, toSignInPage())
      return
    }
    const retryAfter = c.res.headers.get('retry-after')
    const more = { ...(retryAfter === null ? {} : { 'retry-after': retryAfter }), ...(problem.status === 405 ? { allow: 'GET, HEAD, POST' } : {}) }
    const text = toFailedPage({
      title: problems[problem.code].title,
      detail: problem.detail,
      requestId: c.get('requestId'),
      uncertain: problem.status >= 500,
      mustShow: problem.code === 'step_up_required',
    })
    // Setting `c.res` keeps the headers of what stood there before, its type among them.
    c.res = undefined
    c.res = page(problem.status, text, more)
  })
}

function passageOf(c: Context<AppVariables>, session: SessionRow) {
  return toPassage(session, { requestId: c.get('requestId'), signal: c.req.raw.signal, header: (name) => c.req.header(name) }, [])
}

function page(status: number, text: string, more: Record<string, string> = {}): Response {
  return new Response(text, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': contentSecurityPolicy, ...more },
  })
}
