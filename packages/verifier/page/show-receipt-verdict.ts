import { receiptReasons } from '../src/receipt-check.ts'
import type { ReceiptReason } from '../src/receipt-check.ts'
import type { ReceiptFacts } from '../src/receipt-facts.ts'
import { describeAuthorization } from '../src/verdict-lines.ts'
import type { ReceiptVerdict } from '../src/verify-receipt.ts'
import { buildElement, buildMark, fromDrawing, fromFile } from './build-element.ts'
import type { Mark } from './build-element.ts'
import { buildNote, buildPairs, buildRow, buildVerdict, toMomentWords } from './build-verdict.ts'
import type { ShownVerdict } from './build-verdict.ts'
import { brokenWords, notProved, toHeldWords } from './check-words.ts'

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

/** `hasLog`: the exported log was checked beside it. `hasCheckpoints`: some were added, which only a log has a use for. */
export function showReceiptVerdict(result: ReceiptVerdict, { hasLog, hasCheckpoints }: { hasLog: boolean; hasCheckpoints: boolean }): ShownVerdict {
  const reasons: readonly ReceiptReason[] = hasLog ? [...receiptReasons, 'log'] : receiptReasons
  const notes =
    hasCheckpoints && !hasLog ? [buildNote('idle', 'The checkpoints that were added are for a log: a receipt brings its own. Add the log, too.')] : []
  if (!result.ok) {
    const { reason, where, detail } = result
    const place = where === '' ? 'In the file as a whole: ' : `At ${where}: `
    return {
      verdict: [buildVerdict('failed', 'Not verified', brokenWords[reason], fromFile(`${place}${detail}`))],
      findings: [
        ...notes,
        buildNote('failed', 'What else the file says is not shown: it does not hold as a whole.'),
        buildElement('div', { class: 'sheet' }, buildRow('Checks', buildChecks(reasons, reason, null))),
      ],
    }
  }
  const { facts } = result
  const { checkpoint, complete_until, log } = facts
  const count = `All ${reasons.length} checks hold.`
  const entry = complete_until.seq.toLocaleString('en-GB')
  const until =
    log === null
      ? `It tells of this action until entry ${entry} of the log; whether something came later, only the log can show.`
      : `In the log of ${log.count.toLocaleString('en-GB')} entries nothing but refusals came after entry ${entry}.`
  const verdict =
    checkpoint.trust === 'trusted'
      ? buildVerdict('ok', 'Verified', `${stateWords[facts.state]} ${count}`, until)
      : buildVerdict(
          'needs',
          'Holds in itself, signer unknown',
          `The key of the log is only this receipt’s own word: whoever made the file may have made all of it. ${count}`,
          buildElement(
            'span',
            {},
            'Compare the key with one that you have from somebody you trust, and add that one above: ',
            buildElement('span', { class: 'mono' }, checkpoint.key),
          ),
          `It says: ${stateWords[facts.state]} ${until}`,
        )
  return { verdict: [verdict], findings: [...notes, buildSight(facts), buildSheet(facts, reasons)] }
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
    buildElement(
      'h2',
      {},
      decisions.some(({ kind }) => kind !== 'revoke' && kind !== 'veto') ? 'What the approver saw' : 'What it was, as an approver would have seen it',
    ),
    sentence,
    blind,
    buildElement('dl', { class: 'facts' }, ...facts),
  )
}

function buildSheet(facts: ReceiptFacts, reasons: readonly ReceiptReason[]): HTMLElement {
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
    buildRow('Checks', buildChecks(reasons, null, facts)),
    buildRow('Not proved', buildPairs(notProved)),
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

function buildDecisions(facts: ReceiptFacts): Node[] {
  const granted = describeAuthorization(facts).map((sentence) => buildElement('p', {}, sentence))
  if (facts.decisions.length + granted.length === 0) return [buildElement('p', {}, 'Nobody decided.')]
  const decided = facts.decisions.map(({ name, role, kind, strength, passkey, sole_operator, decided_at, reason }) => {
    const alone = sole_operator ? ', as the only approver, about what they asked for themselves' : ''
    const how = strength === null ? '' : `, ${strengthWords[strength]}`
    const whose =
      passkey === null
        ? ''
        : passkey.endorsed_by === null
          ? ', their first: that it is theirs is the word of the console'
          : ', endorsed by one of theirs before'
    const words = buildElement(
      'span',
      {},
      buildElement('b', {}, fromFile(name)),
      ` (${role}) ${kindWords[kind]} ${toMomentWords(decided_at)}${how}${whose}${alone}.`,
    )
    words.append(buildElement('br'), '“', fromFile(reason, true), '”')
    return buildElement('p', {}, words)
  })
  return [...granted, ...decided]
}

function buildExecution({ execution, complete_until }: ReceiptFacts): Node[] {
  const until = `until entry ${complete_until.seq.toLocaleString('en-GB')}`
  if (execution === null) return [buildElement('p', {}, `Nobody had begun it ${until}.`)]
  const { claim, outcome, observations, resolution } = execution
  const pairs: Array<[string, string | Node]> = [
    ['Begun', toMomentWords(claim.claimed_at)],
    ['Allowed by', claim.authorized_by],
    ['Execution', buildElement('span', { class: 'mono' }, fromFile(claim.execution_id))],
  ]
  if (outcome === null) pairs.push(['Ended', `nobody had said ${until}`])
  else pairs.push(...listOutcome(outcome, outcome.recorded_by === claim.executor_id))
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

function listOutcome(outcome: NonNullable<NonNullable<ReceiptFacts['execution']>['outcome']>, reported: boolean): Array<[string, string | Node]> {
  const pairs: Array<[string, string | Node]> = [
    ['Ended', toMomentWords(outcome.finished_at)],
    ['Outcome', outcome.outcome],
    ['Was it sent', `${outcome.sent}, as the ${reported ? 'executor reports' : 'deployment recorded'}`],
  ]
  if (outcome.external_object_id !== null) pairs.push(['There it is', fromFile(outcome.external_object_id)])
  if (outcome.external_url !== null) pairs.push(['Address', fromFile(outcome.external_url)])
  if (outcome.error_summary !== null) pairs.push(['Error', fromFile(outcome.error_summary, true)])
  return pairs
}

function buildLog({ action_id, revision, made_at, relying_party, checkpoint, complete_until }: ReceiptFacts): HTMLElement {
  return buildPairs([
    ['Action', buildElement('span', { class: 'mono' }, `${action_id}, revision ${revision}`)],
    ['Log', fromFile(checkpoint.origin)],
    ['Checkpoint', `${checkpoint.size.toLocaleString('en-GB')} entries, signed ${toMomentWords(checkpoint.time)}`],
    [
      'Key',
      buildElement('span', { class: 'mono' }, `${checkpoint.key} (${checkpoint.trust === 'trusted' ? 'you trust it' : 'the receipt’s own word'})`),
    ],
    ['Complete until', `entry ${complete_until.seq.toLocaleString('en-GB')}, event ${complete_until.no} about this action`],
    ...(relying_party === null ? [] : ([['Passkeys of', fromFile(relying_party.origin)]] as const)),
    ['Made', `${toMomentWords(made_at)}, which nothing proves`],
  ])
}

/** Every check with what held; `broken`: the first that did not, and nothing was looked at after it. `facts`: of what holds as a whole. */
function buildChecks(reasons: readonly ReceiptReason[], broken: ReceiptReason | null, facts: ReceiptFacts | null): HTMLElement {
  const end = broken === null ? reasons.length : reasons.indexOf(broken)
  return buildElement(
    'ol',
    { class: 'checks' },
    ...reasons.map((reason, place) => {
      const mark: Mark = place < end ? 'ok' : place === end ? 'failed' : 'idle'
      const held = facts === null ? `Holds: ${reason}.` : toHeldWords(reason, facts)
      const words = place < end ? held : place === end ? brokenWords[reason] : `Not looked at: ${reason}.`
      return buildElement(
        'li',
        { class: place < end ? 'held' : place === end ? 'broken' : 'unseen' },
        buildMark(mark),
        buildElement('span', {}, words),
      )
    }),
  )
}
