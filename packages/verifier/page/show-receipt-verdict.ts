import { receiptReasons } from '../src/receipt-check.ts'
import type { ReceiptFacts } from '../src/receipt-facts.ts'
import type { ReceiptVerdict } from '../src/verify-receipt.ts'
import { buildElement, buildMark, fromDrawing, fromFile } from './build-element.ts'
import type { Mark } from './build-element.ts'
import { buildNote, buildPairs, buildRow, buildVerdict, toMomentWords } from './build-verdict.ts'
import type { ShownVerdict } from './build-verdict.ts'
import { brokenWords, checkWords } from './check-words.ts'

const kindWords = {
  approve: 'approved',
  reject: 'rejected',
  ask_change: 'asked for a change',
  revoke: 'took the approval back',
  veto: 'vetoed',
} as const
const strengthWords = {
  passkey: 'signed with a passkey',
  password: 'after the password again, not signed',
  session: 'in their session, not signed',
} as const
const stateWords: Readonly<Record<ReceiptFacts['state'], string>> = {
  APPROVED: 'It was approved and not yet begun.',
  EXECUTING: 'It was begun, and nobody had said how it ended.',
  COMPLETED: 'It was done.',
  FAILED: 'It failed.',
  UNKNOWN: 'Nobody knows whether it was done.',
  SIMULATED: 'It was a dry run.',
  REJECTED: 'It was rejected.',
  REVOKED: 'Its approval was taken back.',
  EXPIRED: 'Its time was over before it was done.',
  CANCELLED: 'Its agent withdrew it.',
}

/** `hasNotes`: checkpoints were added, which a receipt has no use for. */
export function showReceiptVerdict(result: ReceiptVerdict, { hasNotes }: { hasNotes: boolean }): ShownVerdict {
  const notes = hasNotes ? [buildNote('idle', 'The checkpoints and rotations that were added are for a log: a receipt brings its own.')] : []
  if (!result.ok) {
    const { reason, where, detail } = result
    const place = where === '' ? 'In the file as a whole: ' : `At ${where}: `
    return {
      verdict: [buildVerdict('failed', 'Not verified', brokenWords[reason] ?? reason, fromFile(`${place}${detail}`))],
      findings: [
        ...notes,
        buildNote('failed', 'What else the file says is not shown: it does not hold as a whole.'),
        buildElement('div', { class: 'sheet' }, buildRow('Checks', buildChecks(reason))),
      ],
    }
  }
  const { facts } = result
  const trusted = facts.checkpoint.trust === 'trusted'
  if (!trusted) {
    notes.push(
      buildNote(
        'needs',
        'The key of the log is only this receipt’s own word. Compare it with one that you have from somebody you trust, and add that one above: ',
        buildElement('span', { class: 'mono' }, facts.checkpoint.key),
      ),
    )
  }
  return {
    verdict: [buildVerdict('ok', 'Verified', `${stateWords[facts.state]} All ${receiptReasons.length} checks hold.`)],
    findings: [...notes, buildSight(facts), buildSheet(facts)],
  }
}

/** What the approver saw, drawn again from the bytes of the file. */
function buildSight({ drawn, requested_by: { name }, mode, tier, decisions }: ReceiptFacts): HTMLElement {
  const sentence = buildElement(
    'p',
    { class: 'sentence' },
    'Agent ',
    buildElement('b', {}, fromFile(name)),
    ' wanted to ',
    ...drawn.sentence.map(({ text, value }) => (value === true ? buildElement('b', {}, fromDrawing(text)) : fromDrawing(text))),
  )
  const facts = [
    ['Cost now', drawn.cost_text],
    ['Seen by', drawn.seen_by_text],
    ['Undo', drawn.undo_text],
    ['Tier', `${tier}, ${mode === 'live' ? 'live' : 'dry run'}`],
  ].map(([label, value]) => buildElement('div', {}, buildElement('dt', {}, label!), buildElement('dd', {}, fromFile(value!))))
  const blind = drawn.blind
    ? buildElement('p', { class: 'blind' }, 'Blind: not everything in it could be explained to whoever approved it. It is shown as it is.')
    : null
  return buildElement(
    'section',
    { class: 'saw' },
    buildElement('h2', {}, decisions.length > 0 ? 'What the approver saw' : 'What it was, as an approver would have seen it'),
    sentence,
    blind,
    buildElement('dl', { class: 'facts' }, ...facts),
  )
}

function buildSheet(facts: ReceiptFacts): HTMLElement {
  const { drawn } = facts
  const { explained, present, missing } = drawn.coverage
  const gaps = missing.length === 0 ? '' : `; the sentence had ${missing.length} ${missing.length === 1 ? 'gap' : 'gaps'}`
  const hidden = drawn.fields.reduce((sum, field) => sum + field.hidden_characters, 0)
  const hiddenWords =
    hidden === 0 ? null : buildElement('p', {}, `${hidden} hidden ${hidden === 1 ? 'character is' : 'characters are'} written out as ⟨U+…⟩.`)
  return buildElement(
    'div',
    { class: 'sheet' },
    buildRow('Fields', buildFields(facts)),
    buildRow(
      'Coverage',
      buildElement('p', {}, buildElement('b', {}, `${explained} of ${present}`), ` values explained${gaps}`),
      ...(hiddenWords === null ? [] : [hiddenWords]),
    ),
    buildRow('Decisions', ...buildDecisions(facts)),
    buildRow('Execution', ...buildExecution(facts)),
    buildRow('Log', buildLog(facts)),
    buildRow('Checks', buildChecks(null)),
  )
}

/** In the order they were drawn in, group by group. */
function buildFields({ drawn }: ReceiptFacts): HTMLElement {
  const list = buildElement('dl', { class: 'rows' })
  let group: string | null = null
  for (const field of drawn.fields) {
    if (field.group !== group) list.append(buildElement('dt', { class: 'group' }, fromFile(field.group)))
    group = field.group
    const kind = { class: field.format === 'unexplained' ? 'unexplained' : 'explained' }
    list.append(buildElement('dt', kind, fromDrawing(field.label)), buildElement('dd', kind, fromDrawing(field.value_text)))
  }
  return list
}

function buildDecisions({ decisions, authorized_by }: ReceiptFacts): Node[] {
  if (decisions.length === 0) return [buildElement('p', {}, authorized_by === 'policy' ? 'Nobody decided: policy granted it.' : 'Nobody decided.')]
  return decisions.map(({ name, role, kind, strength, sole_operator, decided_at, reason }) => {
    const alone = sole_operator ? ', as the only approver, about what they asked for themselves' : ''
    const how = strength === null ? '' : `, ${strengthWords[strength]}`
    const said = reason === null ? [' Their reason is sealed.'] : [buildElement('br'), '“', fromFile(reason, true), '”']
    const words = buildElement(
      'span',
      {},
      buildElement('b', {}, fromFile(name)),
      ` (${role}) ${kindWords[kind]} ${toMomentWords(decided_at)}${how}${alone}.`,
    )
    words.append(...said)
    return buildElement('p', {}, words)
  })
}

function buildExecution({ execution }: ReceiptFacts): Node[] {
  if (execution === null) return [buildElement('p', {}, 'It was never begun.')]
  const { claim, outcome, observations, resolution } = execution
  const pairs: Array<[string, string | Node]> = [
    ['Begun', toMomentWords(claim.claimed_at)],
    ['Allowed by', claim.authorized_by],
    ['Execution', buildElement('span', { class: 'mono' }, fromFile(claim.execution_id))],
  ]
  if (outcome === null) pairs.push(['Ended', 'nobody had said'])
  else pairs.push(...listOutcome(outcome))
  for (const { result, observed_at, detail } of observations) {
    const words = result === 'cannot_verify' ? 'nobody can say' : result
    pairs.push(['Read back', buildElement('span', {}, `${toMomentWords(observed_at)}: ${words}. `, detail === null ? null : fromFile(detail, true))])
  }
  if (resolution !== null) {
    const { looked_at, reason, resolved_at } = resolution
    const found = buildElement(
      'span',
      {},
      `${toMomentWords(resolved_at)}: ${resolution.outcome}. `,
      fromFile(looked_at, true),
      ' ',
      fromFile(reason, true),
    )
    pairs.push(['Looked up', found])
  }
  return [buildPairs(pairs)]
}

function listOutcome(outcome: NonNullable<NonNullable<ReceiptFacts['execution']>['outcome']>): Array<[string, string | Node]> {
  const pairs: Array<[string, string | Node]> = [
    ['Ended', toMomentWords(outcome.finished_at)],
    ['Outcome', outcome.outcome],
    ['Was it sent', outcome.sent],
  ]
  if (outcome.external_object_id !== null) pairs.push(['There it is', fromFile(outcome.external_object_id)])
  if (outcome.external_url !== null) pairs.push(['Address', fromFile(outcome.external_url)])
  if (outcome.error_summary !== null) pairs.push(['Error', fromFile(outcome.error_summary, true)])
  return pairs
}

function buildLog({ action_id, revision, made_at, relying_party, checkpoint }: ReceiptFacts): HTMLElement {
  return buildPairs([
    ['Action', buildElement('span', { class: 'mono' }, `${action_id}, revision ${revision}`)],
    ['Log', fromFile(checkpoint.origin)],
    ['Checkpoint', `${checkpoint.size.toLocaleString('en-GB')} entries, signed ${toMomentWords(checkpoint.time)}`],
    [
      'Key',
      buildElement('span', { class: 'mono' }, `${checkpoint.key} (${checkpoint.trust === 'trusted' ? 'you trust it' : 'the receipt’s own word'})`),
    ],
    ['Passkeys of', fromFile(relying_party.origin)],
    ['Made', `${toMomentWords(made_at)}, which nothing proves`],
  ])
}

/** Every check with what held; `broken`: the first that did not, and nothing was looked at after it. */
function buildChecks(broken: string | null): HTMLElement {
  const end = broken === null ? receiptReasons.length : receiptReasons.findIndex((reason) => reason === broken)
  return buildElement(
    'ol',
    { class: 'checks' },
    ...receiptReasons.map((reason, place) => {
      const mark: Mark = place < end ? 'ok' : place === end ? 'failed' : 'idle'
      const words = place < end ? checkWords[reason] : place === end ? brokenWords[reason] : `Not looked at: ${reason}.`
      return buildElement(
        'li',
        { class: place < end ? 'held' : place === end ? 'broken' : 'unseen' },
        buildMark(mark),
        buildElement('span', {}, words ?? reason),
      )
    }),
  )
}
