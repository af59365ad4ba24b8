/** The brake as one document without scripts. Everything in it goes through `html`, which escapes. */
import type { Brake } from '@autopack/contract/operator-control'
import { hasRole } from '@autopack/contract/roles'
import type { Role } from '@autopack/contract/roles'
import { html, joinHtml, noHtml } from './html-text.ts'
import type { Html } from './html-text.ts'
import { plainBrakePath } from '../../shared/plain-brake-path.ts'
import type { BrakeState } from './read-brake-state.ts'

export const plainBrakeStylePath = '/brake/plain.css'

type Viewer = { name: string; role: Role; token: string }

/** The whole page as it is now. */
export function toBrakePage(state: BrakeState, viewer: Viewer): string {
  const { control } = state
  const everything = control?.brakes.find(({ scope }) => scope.kind === 'all')
  const title =
    control === null ? 'Not known what is stopped' : everything || control.brake_engaged ? 'Everything is stopped' : toTitle(control.brakes)
  return toDocument(
    title,
    joinHtml([
      html`<p class="who">Signed in as <b>${viewer.name}</b>, ${viewer.role}.</p>
        <h1>${title}.</h1>`,
      state.problem === null ? noHtml : toProblemPart(state.problem.detail, control === null),
      control === null || everything !== undefined ? noHtml : html`<p>${toNothingElse(control.brakes)}</p>`,
      everything === undefined ? toEngageForm(viewer, true) : noHtml,
      control === null || control.brakes.length === 0 ? noHtml : toBrakeList(control.brakes, viewer),
      everything === undefined ? noHtml : toEngageForm(viewer, false),
      toExecutingPart(state, everything !== undefined),
      html`<p class="foot">
        As of ${control === null ? 'no answer' : toTimeText(control.now)}. This page does not renew itself:
        <a href="${plainBrakePath}">read it again</a>. With scripts: <a href="/brake">the brake page</a>.
      </p>`,
    ]),
  )
}

/** What a stop or a release came to. */
export function toAnswerPage(title: string, parts: readonly Html[]): string {
  return toDocument(
    title,
    joinHtml([html`<h1>${title}.</h1>`, ...parts, html`<p class="foot"><a href="${plainBrakePath}">Back to the brake</a></p>`]),
  )
}

export function toSignInPage(): string {
  return toDocument(
    'Nobody is signed in here',
    html`<h1>Nobody is signed in here.</h1>
      <p><a href="/sign-in?to=/brake/plain">Sign in</a>, which needs scripts; then this page stops everything without them.</p>
      <p>Came here by a link from another site? Then the browser kept your session back: <a href="${plainBrakePath}">open this page again</a>.</p>
      ${withoutConsole}`,
  )
}

/** `uncertain`: it may have been carried out all the same. `mustShow`: the person has to show again who they are, which takes scripts. */
export function toFailedPage(problem: { title: string; detail: string; requestId: string; uncertain: boolean; mustShow: boolean }): string {
  return toDocument(
    problem.title,
    html`<h1>${problem.title}.</h1>
      <p role="alert">${problem.detail}</p>
      <p>
        ${problem.uncertain ? 'It is not known whether anything was stopped or released: look before you rely on it.' : 'Nothing was stopped or released by this.'}
      </p>
      ${problem.mustShow ? toShowText : noHtml}
      <p><a href="${plainBrakePath}">Back to the brake</a></p>
      ${problem.uncertain ? withoutConsole : noHtml}
      <p class="foot">Request <code>${problem.requestId}</code></p>`,
  )
}

const toShowText = html`<p>
  This page has no scripts, so it cannot ask you to. Release it on <a href="/brake">the page with scripts</a>; where a password is enough, signing out
  and in again will do, too, for five minutes.
</p>`

/** True whatever this page can reach: without the control plane nobody can claim anything. */
const withoutConsole = html`<p>
  If the console cannot do it: whoever runs the server stops the process of the control plane (<code>docker compose stop control-plane</code>, or ends
  <code>npm start</code>). While it does not run, no executor can take an approved action; what is executing already is not called back.
</p>`

function toProblemPart(detail: string, isWhole: boolean): Html {
  return html`<div class="problem" role="alert">
    <p><b>The control plane did not answer in full.</b> ${detail}</p>
    <p>${isWhole ? 'Stopping is still tried: press the button below, and read what it answers.' : 'What is shown below was answered just now.'}</p>
    ${isWhole ? withoutConsole : noHtml}
  </div>`
}

function toTitle(brakes: readonly Brake[]): string {
  if (brakes.length === 0) return 'Nothing is stopped'
  return brakes.length === 1 ? 'One part is stopped' : `${brakes.length} parts are stopped`
}

function toNothingElse(brakes: readonly Brake[]): string {
  return brakes.length === 0
    ? 'Approved actions can be taken by their executors, as far as switches and caps allow.'
    : 'Everything else can be taken, as far as switches and caps allow.'
}

function toEngageForm(viewer: Viewer, everythingToo: boolean): Html {
  if (!hasRole(viewer.role, 'approver')) return html`<p>Stopping needs the role approver; yours is ${viewer.role}.</p>`
  const hidden = html`<input type="hidden" name="token" value="${viewer.token}" /> <input type="hidden" name="act" value="engage" />`
  const everything = html`<form method="post" action="${plainBrakePath}" class="stop">
    ${hidden}
    <input type="hidden" name="scope" value="all" />
    <label for="reason">Why</label>
    <input id="reason" name="reason" required maxlength="2000" value="Stopped from the plain page" autocomplete="off" />
    <button type="submit" class="big">Stop everything</button>
  </form>`
  return html`${everythingToo ? everything : noHtml}
    <details>
      <summary>Stop a part…</summary>
      <form method="post" action="${plainBrakePath}">
        ${hidden}
        <fieldset>
          <legend>What</legend>
          <label><input type="radio" name="scope" value="provider" checked /> one provider</label>
          <label><input type="radio" name="scope" value="run" /> one run</label>
          <label><input type="radio" name="scope" value="executor" /> one executor</label>
          <label for="scope_id">Which one (name of the provider, id of the run or executor)</label>
          <input id="scope_id" name="scope_id" required maxlength="200" autocomplete="off" />
        </fieldset>
        <label for="part-reason">Why</label>
        <input id="part-reason" name="reason" required maxlength="2000" value="Stopped from the plain page" autocomplete="off" />
        <button type="submit">Stop it</button>
      </form>
    </details>`
}

function toBrakeList(brakes: readonly Brake[], viewer: Viewer): Html {
  return html`<h2>Stopped</h2>
    <ul>
      ${joinHtml(brakes.map((brake) => toBrakeItem(brake, viewer)))}
    </ul>`
}

function toBrakeItem(brake: Brake, viewer: Viewer): Html {
  return html`<li>
    <p><b>${toScopeText(brake)}</b> by ${brake.engaged_by.name}, ${toTimeText(brake.engaged_at)}</p>
    <p class="said">${brake.engaged_reason}</p>
    ${brake.audited ? noHtml : html`<p>Waits to be written into the audit log.</p>`}
    ${hasRole(viewer.role, 'admin') ? toReleaseForm(brake, viewer) : html`<p>Releasing needs the role admin; yours is ${viewer.role}.</p>`}
  </li>`
}

function toReleaseForm(brake: Brake, viewer: Viewer): Html {
  return html`<details>
    <summary>Release…</summary>
    <form method="post" action="${plainBrakePath}">
      <input type="hidden" name="token" value="${viewer.token}" />
      <input type="hidden" name="act" value="release" />
      <input type="hidden" name="brake_id" value="${brake.brake_id}" />
      <label for="why-${brake.brake_id}">Why it may go on</label>
      <input id="why-${brake.brake_id}" name="reason" required maxlength="2000" autocomplete="off" />
      <label><input type="checkbox" name="sure" value="yes" required /> Approved actions may leave again</label>
      <button type="submit">Release</button>
    </form>
  </details>`
}

function toExecutingPart({ executing }: BrakeState, stopped: boolean): Html {
  if (executing === null)
    return html`<h2>Executing</h2>
      <p>Not known.</p>`
  const { items, total } = executing
  if (total.count === 0)
    return html`<h2>Executing</h2>
      <p>${stopped ? 'Nothing is executing.' : 'Nothing is executing: a stop would catch everything.'}</p>`
  return html`<h2>Executing: ${total.count}${total.exact ? '' : '+'}, cannot be recalled by a stop</h2>
    <ul>
      ${joinHtml(
        items.map(
          (action) =>
            html`<li><a href="/actions/${action.action_id}">${action.sentence}</a> by ${action.executor.name}, run ${action.run_id ?? 'none'}</li>`,
        ),
      )}
    </ul>
    ${items.length < total.count ? html`<p>and ${total.count - items.length} more.</p>` : noHtml}`
}

export function toScopeText({ scope, scope_name }: Pick<Brake, 'scope' | 'scope_name'>): string {
  return scope.kind === 'all' ? 'Everything' : `${scope.kind[0]!.toUpperCase()}${scope.kind.slice(1)} ${scope_name === '' ? scope.id : scope_name}`
}

/** `22 Nov 2026, 20:14:03 UTC` */
export function toTimeText(at: string): string {
  return `${new Date(at).toLocaleString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' })} UTC`
}

/** The referrer policy of the header would make the browser send `Origin: null` with a form (Fetch, 3.2), which the guard refuses. */
function toDocument(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="same-origin" />
        <title>${title} · Autopack Console</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${plainBrakeStylePath}" />
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `.html
}
