import { createHash } from 'node:crypto'
import { buildEtsyListing, buildStock } from '@autopack/approval-proof/honest-payloads'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeCheckpoint, makePath } from '../vectors/make-log.ts'
import { makeReceipt, readCatalogDescriptor } from '../vectors/make-receipt.ts'
import type { MadeReceipt, ReceiptKnobs } from '../vectors/make-receipt.ts'
import { receiptKinds } from '../vectors/receipt-kinds.ts'
import { toCanonicalEvent } from './canonical-event.ts'
import { receiptReasons } from './receipt-check.ts'
import type { ReceiptReason } from './receipt-check.ts'
import { verifyReceipt } from './verify-receipt.ts'

/** A value of a receipt, and the way to it. */
type Place = { path: Array<string | number>; value: unknown }

let made: Array<{ what: string; knobs: ReceiptKnobs } & MadeReceipt>
/** How many tampered receipts were refused, by why. */
const refused = new Map<ReceiptReason, number>()

beforeAll(() => {
  made = receiptKinds.map(([what, knobs]) => ({ what, knobs, ...makeReceipt(knobs) }))
})

/** The hash that an entry of this text has in the log. */
function hashText(seq: number, prev: string, event: string): string {
  const bytes = Buffer.alloc(41)
  bytes[0] = 1
  bytes.writeBigUInt64BE(BigInt(seq), 1)
  bytes.write(prev, 9, 'hex')
  return createHash('sha256').update(bytes).update(event).digest('hex')
}

async function expectRefused(text: string, trustedKeys: string[], reason: ReceiptReason, what: string): Promise<void> {
  const verdict = await verifyReceipt(text, { trustedKeys })
  const found = verdict.ok ? 'VERIFIED' : verdict.reason
  expect(found, `${what}${verdict.ok ? '' : `: ${verdict.where}: ${verdict.detail}`}`).toBe(reason)
  if (verdict.ok) return
  expect(verdict.held).toEqual(
    receiptReasons.slice(
      0,
      receiptReasons.findIndex((one) => one === reason),
    ),
  )
  expect(verdict.detail).not.toBe('')
  refused.set(reason, (refused.get(reason) ?? 0) + 1)
}

function listPlaces(value: unknown, path: Array<string | number> = []): Place[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }]
  return [{ path, value }, ...Object.entries(value).flatMap(([key, item]) => listPlaces(item, [...path, Array.isArray(value) ? Number(key) : key]))]
}

const isLeaf = ({ value }: Place) => typeof value !== 'object' || value === null
const nameOf = (path: Place['path']) => path.join('.')

/** The receipt with what `put` makes of one place. */
function change(receipt: object, path: Place['path'], put: (parent: Record<string | number, unknown>, key: string | number) => void): string {
  const copy = structuredClone(receipt)
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], copy)
  put(parent as Record<string | number, unknown>, path.at(-1)!)
  return JSON.stringify(copy)
}

/** Another value of the same form; undefined where there is none. */
function toOther(key: string | number, value: unknown): unknown {
  const others: Record<string, unknown> = {
    state: value === 'FAILED' ? 'COMPLETED' : 'FAILED',
    mode: value === 'live' ? 'dry_run' : 'live',
    tier: value === 'A' ? 'B' : 'A',
    step_up: value === 'none' ? 'passkey' : 'none',
    role: value === 'admin' ? 'approver' : 'admin',
    operator_role: value === 'admin' ? 'viewer' : 'admin',
    strength: value === 'session' ? 'password' : 'session',
    authorized_by: value === 'people' ? 'policy' : 'people',
    outcome: value === null ? undefined : value === 'failed' ? 'completed' : 'failed',
    sent: value === 'yes' ? 'no' : 'yes',
    result: value === 'drifted' ? 'verified' : 'drifted',
    reject_kind: value === 'never' ? 'not_now' : 'never',
    kind: { approve: 'reject', reject: 'approve', revoke: 'veto', veto: 'revoke' }[String(value)],
    resolution: undefined,
    signature: value === null ? undefined : `B${String(value).slice(1) === '' ? '' : String(value).slice(1)}`,
    slot: value === null ? { group: 0, slot: 0 } : Number(value) + 1,
    descriptor: value === null ? undefined : `${String(value)} `,
  }
  if (Object.hasOwn(others, key)) return others[key] === value ? undefined : others[key]
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (value === null && String(key).endsWith('sha256')) return 'ab'.repeat(32)
  if (value === null) return /^(started_by|field|reason|detail|error_|external_)/.test(String(key)) ? 'x' : undefined
  const text = String(value)
  if (/^\d{4}-.*Z$/.test(text)) return text.replace(/\d{3}Z$/, '777Z')
  if (/^[0-9a-f]{64}$/.test(text)) return `${text.startsWith('0') ? '1' : '0'}${text.slice(1)}`
  if (/^(act|op|exr|exe|dec|key)_/.test(text)) return `${text.slice(0, -1)}${text.endsWith('2') ? '3' : '2'}`
  if (/^[A-Za-z0-9_-]{40,}$/.test(text)) return `${text.slice(0, 20)}${text[20] === 'Z' ? 'Y' : 'Z'}${text.slice(21)}`
  return `${text}x`
}

/** Why a receipt is refused in which this place alone says something else; null: nothing proves it. */
function reasonFor(path: Place['path']): ReceiptReason | null {
  const [top, ...rest] = path
  const inside = rest.join('.')
  if (path.at(-1) === 'record' || top === 'v') return 'malformed'
  if (top === 'made_at') return null
  if (top === 'action') return inside === 'id' ? 'record' : 'state'
  if (top === 'payload' || inside === 'payload_hash' || inside === 'mode') return top === 'payload' || top === 'revision' ? 'payload' : 'record'
  if (top === 'descriptor' || (top === 'revision' && inside.startsWith('descriptor'))) return 'descriptor'
  if (top === 'audit') return inside.includes('path') ? 'inclusion' : 'entry'
  if (top === 'checkpoint' || top === 'rotations' || top === 'keys') return 'checkpoint_key'
  return 'record'
}

describe('a receipt in which one place says something else', () => {
  it('is refused for that place, whichever it is', async () => {
    for (const { what, receipt, trustedKey } of made) {
      for (const { path, value } of listPlaces(receipt).filter(isLeaf)) {
        const other = toOther(path.at(-1)!, value)
        const reason = reasonFor(path)
        // Keys after the first, and all of them where the reader trusts one, are only what somebody says.
        if (other === undefined || reason === null || (path[0] === 'keys' && path[1] !== 0)) continue
        const text = change(receipt, path, (parent, key) => (parent[key] = other))
        await expectRefused(text, path[0] === 'keys' ? [] : [trustedKey], reason, `${what}: ${nameOf(path)}`)
      }
    }
  }, 60_000)

  it('is refused without one of its members, with one more, or with one twice', async () => {
    for (const { what, receipt, trustedKey } of made.slice(0, 6)) {
      for (const { path, value } of listPlaces(receipt)) {
        const key = path.at(-1)
        if (typeof key === 'string') {
          const without = change(receipt, path, (parent) => delete parent[key])
          await expectRefused(without, [trustedKey], 'malformed', `${what}: without ${nameOf(path)}`)
          const marked = change(receipt, path, (parent) => (parent[key] = '\u0001'))
          const twice = marked.replace(
            `${JSON.stringify(key)}:"\\u0001"`,
            `${JSON.stringify(key)}:${JSON.stringify(value)},${JSON.stringify(key)}:${JSON.stringify(value)}`,
          )
          await expectRefused(twice, [trustedKey], 'malformed', `${what}: ${nameOf(path)} twice`)
        }
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
          const more = JSON.stringify(structuredClone(receipt), (_name, item: unknown) => item)
          const copy = JSON.parse(more) as object
          const at = path.reduce<unknown>((place, step) => (place as Record<string | number, unknown>)[step], copy) as Record<string, unknown>
          at['more'] = 1
          await expectRefused(JSON.stringify(copy), [trustedKey], 'malformed', `${what}: more in ${nameOf(path)}`)
        }
      }
    }
  }, 60_000)

  it('is refused with a value of another type in any place', async () => {
    for (const { what, receipt, trustedKey } of made.slice(4, 6)) {
      for (const { path } of listPlaces(receipt).filter(({ path: at }) => at.length > 0)) {
        const text = change(receipt, path, (parent, key) => (parent[key] = { of: 'another type' }))
        await expectRefused(text, [trustedKey], 'malformed', `${what}: ${nameOf(path)}`)
      }
    }
  })

  it('is refused when an item of a list is gone, is there twice, or stands elsewhere', async () => {
    for (const { what, receipt, trustedKey } of made) {
      for (const name of ['decisions', 'executions', 'passkeys', 'rotations'] as const) {
        const items = receipt[name] as unknown[]
        for (const place of items.keys()) {
          const gone = JSON.stringify({ ...receipt, [name]: items.toSpliced(place, 1) })
          await expectRefused(gone, [trustedKey], name === 'rotations' ? 'checkpoint_key' : 'record', `${what}: without ${name} ${place}`)
          if (name === 'rotations') continue
          const twice = JSON.stringify({ ...receipt, [name]: items.toSpliced(place, 0, items[place]) })
          await expectRefused(twice, [trustedKey], name === 'decisions' ? 'record' : 'malformed', `${what}: ${name} ${place} twice`)
        }
        if (items.length < 2) continue
        const reversed = JSON.stringify({ ...receipt, [name]: items.toReversed() })
        const reason = { decisions: 'record', passkeys: 'malformed', rotations: 'checkpoint_key', executions: 'malformed' } as const
        await expectRefused(reversed, [trustedKey], reason[name], `${what}: ${name} in another order`)
      }
      const audit = receipt['audit'] as Array<{ event: string }>
      for (const [place, { event }] of audit.entries()) {
        await expectRefused(
          JSON.stringify({ ...receipt, audit: audit.toSpliced(place, 0, audit[place]!) }),
          [trustedKey],
          'malformed',
          `${what}: entry ${place} twice`,
        )
        // The last event of all is not missed by a gap: what it recorded is, or the state that it led to.
        const isLast = place === audit.length - 1 && !event.includes('record_sha256')
        const reason = audit.length === 1 ? 'malformed' : isLast ? 'state' : 'record'
        const without = JSON.stringify({ ...receipt, audit: audit.toSpliced(place, 1) })
        await expectRefused(without, [trustedKey], reason, `${what}: without entry ${place}`)
      }
    }
  }, 60_000)

  it('is refused with a member of another receipt', async () => {
    const reasons: Partial<Record<string, ReceiptReason>> = {
      checkpoint: 'checkpoint_key',
      audit: 'inclusion',
      payload: 'payload',
      descriptor: 'descriptor',
    }
    for (const [place, { what, receipt, trustedKey }] of made.entries()) {
      const other = made[(place + 1) % made.length]!.receipt
      for (const name of ['payload', 'descriptor', 'revision', 'decisions', 'executions', 'passkeys', 'audit', 'checkpoint']) {
        if (JSON.stringify(receipt[name]) === JSON.stringify(other[name])) continue
        const text = JSON.stringify({ ...receipt, [name]: other[name] })
        const named = name === 'revision' ? toRevisionReason(receipt, other) : (reasons[name] ?? 'record')
        await expectRefused(text, [trustedKey], named, `${what}: ${name} of another`)
      }
      const whole = { ...receipt, audit: other['audit'], checkpoint: other['checkpoint'], keys: other['keys'], rotations: other['rotations'] }
      // Of two that nobody decided about, only the end differs.
      const same = ['revision', 'decisions', 'executions', 'passkeys'].every((name) => JSON.stringify(receipt[name]) === JSON.stringify(other[name]))
      await expectRefused(JSON.stringify(whole), [], same ? 'state' : 'record', `${what}: the whole log of another`)
    }
  })

  function toRevisionReason(receipt: MadeReceipt['receipt'], other: MadeReceipt['receipt']): ReceiptReason {
    if (receipt['payload'] !== other['payload']) return 'payload'
    return JSON.stringify(receipt['revision'].descriptor) === JSON.stringify(other['revision'].descriptor) ? 'record' : 'descriptor'
  }

  it('is refused without an event and everything that it recorded, unless these are the last', async () => {
    for (const { what, receipt, trustedKey } of made) {
      const audit = receipt['audit'] as Array<{ event: string }>
      for (const [place, { event }] of audit.slice(0, -1).entries()) {
        const { record_sha256, event_type } = JSON.parse(event) as { record_sha256?: string; event_type: string }
        if (event_type === 'external_action.proposed' && receipt['action'].revision === 1) continue
        const rest = forget({ ...receipt, audit: audit.toSpliced(place, 1) }, record_sha256)
        const reason =
          event_type === 'external_action.claimed' ? 'malformed' : event_type === 'passkey.added' ? missedBy(record_sha256!, receipt) : 'record'
        await expectRefused(JSON.stringify(rest), [trustedKey], reason, `${what}: ${event_type}`)
      }
    }
  })

  it('is refused with an event that is not canonical, also where its hash is in the log', async () => {
    for (const write of [
      (event: string) => event.replace(':', ': '),
      (event: string) => event.replace('{', '{"at":"2027",'),
      () => '[]',
      () => '{',
    ]) {
      const { receipt, trustedKey, log, noteKeys } = makeReceipt()
      const entry = receipt['audit'][1] as { seq: number; prev: string; event: string }
      const event = write(entry.event)
      const hash = hashText(entry.seq, entry.prev, event)
      // The tree alone is what a receipt is checked against: no entry after it has to follow.
      const hashes = log.map((one) => (one.seq === entry.seq ? { hash } : one))
      const audit = (receipt['audit'] as Array<typeof entry>).map((one) => ({
        ...one,
        ...(one.seq === entry.seq ? { event, hash } : {}),
        path: makePath(one.seq - 1, hashes),
      }))
      const checkpoint = makeCheckpoint(hashes, hashes.length, noteKeys)
      await expectRefused(JSON.stringify({ ...receipt, audit, checkpoint }), [trustedKey], 'entry', event.slice(0, 40))
    }
  })

  it('is refused with what looks like a moment, an id, base64 or a number, and is none', async () => {
    const { receipt, trustedKey } = made[0]!
    const wrong: ReadonlyArray<readonly [Place['path'], unknown]> = [
      [['made_at'], '2026-02-30T10:00:00.000Z'],
      [['made_at'], '2026-11-23T10:00:00Z'],
      [['made_at'], '2026-11-23T24:00:00.000Z'],
      [['action', 'id'], 'act_1'],
      [['action', 'state'], 'PENDING'],
      [['revision', 'revision'], 0],
      [['revision', 'requested_by', 'executor_id'], 'two words'],
      [['revision', 'payload_hash'], 'AB'.repeat(32)],
      [['decisions', 0, 'signature', 'signature'], 'AAB'],
      [['decisions', 0, 'reason'], '\ud800'],
      [['passkeys', 0, 'public_key'], ''],
      [['audit', 0, 'path', 0], ''],
      [['keys'], []],
    ]
    for (const [path, value] of wrong) {
      const text = change(receipt, path, (parent, key) => (parent[key] = value))
      await expectRefused(text, [trustedKey], 'malformed', `${nameOf(path)}: ${JSON.stringify(value)}`)
    }
    for (const number of ['1.0', '1e0', '-0', '01', '9007199254740993']) {
      const text = made[0]!.text.replace('"revision":1', `"revision":${number}`)
      await expectRefused(text, [trustedKey], 'malformed', number)
    }
    await expectRefused(`${made[0]!.text}${' '.repeat(8_400_000)}`, [trustedKey], 'malformed', 'too long')
  })

  it('is refused when its file was cut anywhere', async () => {
    const { text, trustedKey } = made[0]!
    for (let part = 0; part < 100; part += 1) {
      await expectRefused(text.slice(0, Math.floor((text.length * part) / 100)), [trustedKey], 'malformed', `cut after ${part} %`)
    }
  })
})

const ada = { name: 'Ada', role: 'approver', key: 'ES256' } as const
const endorsed: ReceiptKnobs = { approvers: [{ ...ada, passkeysBefore: 1 }] }
const dry = { ...buildStock(), mode: 'dry_run' } as const

/** Everything is consistent, chained and signed by the log's own key: only what it says is not true. */
const lies: ReadonlyArray<readonly [what: string, reason: ReceiptReason, knobs: ReceiptKnobs]> = [
  ['shows a cheaper payload than it sends', 'display', { alter: { payload: (payload) => (payload['request'].body.price.amount_minor = 990_000) } }],
  [
    'shows a payload by other words than its descriptor has',
    'display',
    { alter: { descriptor: (known) => (known['sentence'] = 'look at «{title}»') } },
  ],
  ['tells another reason in the log', 'record', { alter: { events: (events) => say(events, 'external_action.approved', { reason: 'Because.' }) } }],
  ['sends another body than the payload has', 'sent', { alter: { claim: (claim) => (claim['expected_sha256'] = 'ab'.repeat(32)) } }],
  ['reports that other bytes were sent', 'sent', { alter: { outcome: (outcome) => (outcome['sent_sha256'] = 'ab'.repeat(32)) } }],
  ['completes what nobody says was sent', 'sent', { alter: { outcome: (outcome) => (outcome['sent_sha256'] = null) } }],
  ['sends something in a dry run', 'sent', { state: 'UNKNOWN', payload: dry, alter: { outcome: (outcome) => (outcome['sent'] = 'yes') } }],
  ['completes a dry run', 'sent', { payload: dry }],
  ['calls simulated what was live', 'sent', { state: 'SIMULATED', payload: buildStock() }],
  ['completes what was not sent', 'sent', { alter: { outcome: (outcome) => (outcome['sent'] = 'no') } }],
  ['lets a viewer reject', 'quorum', { state: 'REJECTED', alter: { decision: (decision) => (decision['operator_role'] = 'viewer') } }],
  ['calls a live payload a dry run', 'payload', { alter: { revision: (revision) => (revision['mode'] = 'dry_run') } }],
  ['names another payload in an approval', 'record', { alter: { decision: (decision) => (decision['payload_hash'] = 'ab'.repeat(32)) } }],
  [
    'has another payload approved',
    'quorum',
    {
      alter: {
        decision: (decision) => (decision['payload_hash'] = 'ab'.repeat(32)),
        events: (events) => say(events, 'external_action.approved', { payload_hash: 'ab'.repeat(32) }),
      },
    },
  ],
  ['names another descriptor in an approval', 'quorum', { alter: { decision: (decision) => (decision['descriptor_sha256'] = 'ab'.repeat(32)) } }],
  [
    'claims another payload',
    'execution',
    {
      alter: {
        claim: (claim) => (claim['payload_hash'] = 'ab'.repeat(32)),
        events: (events) => say(events, 'external_action.claimed', { payload_hash: 'ab'.repeat(32) }),
      },
    },
  ],
  ['claims another revision in its record', 'record', { alter: { claim: (claim) => (claim['revision'] = 2) } }],
  [
    'claims another revision',
    'state',
    { alter: { claim: (claim) => (claim['revision'] = 2), events: (events) => say(events, 'external_action.claimed', { revision: 2 }) } },
  ],
  ['claims for another action', 'state', { alter: { claim: (claim) => (claim['action_id'] = claim['action_id'].replace(/1$/, '2')) } }],
  [
    'decides about another action',
    'state',
    { alter: { decision: (decision) => (decision['action_id'] = decision['action_id'].replace(/1$/, '2')) } },
  ],
  [
    'decides about another revision',
    'state',
    { alter: { decision: (decision) => (decision['revision'] = 2), events: (events) => say(events, 'external_action.approved', { revision: 2 }) } },
  ],
  ['hands it to another executor', 'execution', { alter: { claim: (claim) => (claim['executor_id'] = 'exr_other') } }],
  ['claims in the hold', 'execution', { holdSeconds: 600, alter: { claim: (claim) => (claim['claimed_at'] = '2026-11-23T10:05:00.000Z') } }],
  ['claims before anybody approved', 'execution', { alter: { claim: (claim) => (claim['claimed_at'] = '2026-11-23T10:00:01.000Z') } }],
  ['claims when its time is over', 'execution', { alter: { claim: (claim) => (claim['claimed_at'] = '2026-11-23T11:30:00.000Z') } }],
  [
    'claims on a grant when its time is over',
    'execution',
    { authorizedBy: 'policy', payload: buildStock(), alter: { claim: (claim) => (claim['claimed_at'] = '2026-11-23T11:30:00.000Z') } },
  ],
  ['reports about another execution', 'execution', { alter: { outcome: (outcome) => (outcome['execution_id'] = 'exe_other') } }],
  ['observes another execution', 'execution', { observations: ['verified'], alter: { observation: (seen) => (seen['execution_id'] = 'exe_other') } }],
  [
    'resolves another execution',
    'execution',
    { leaseLost: true, resolved: 'completed', alter: { resolution: (end) => (end['execution_id'] = 'exe_other') } },
  ],
  ['lets policy through what takes people', 'quorum', { alter: { claim: (claim) => (claim['authorized_by'] = 'policy') } }],
  [
    'says that people approved what nobody did',
    'quorum',
    { authorizedBy: 'policy', payload: buildStock(), alter: { claim: (claim) => (claim['authorized_by'] = 'people') } },
  ],
  ['lets policy through what is of another tier', 'policy', { authorizedBy: 'policy', tier: 'B' }],
  ['asks nobody about what is of another tier', 'policy', { authorizedBy: 'policy', tier: 'B', state: 'APPROVED' }],
  ['lets policy through what nobody described', 'policy', { authorizedBy: 'policy', tier: 'B', payload: buildStock(), descriptor: null }],
  ['lets policy through what cannot be explained', 'policy', { authorizedBy: 'policy', payload: buildStock({ body: { more: 1 } }) }],
  [
    'lets policy through what is not granted',
    'policy',
    { authorizedBy: 'policy', payload: buildStock(), alter: { descriptor: (known) => (known['grant'] = null) } },
  ],
  ['grants more time than its descriptor', 'policy', { authorizedBy: 'policy', payload: buildStock(), alter: { revision: slower } }],
  ['asks nobody about tier C', 'policy', { state: 'APPROVED', authorizedBy: 'policy', tier: 'C' }],
  [
    'asks nobody about what it calls tier A',
    'policy',
    { tier: 'A', payload: buildEtsyListing(), descriptor: readCatalogDescriptor('etsy.create_listing') },
  ],
  [
    'asks people of less than their descriptor does',
    'policy',
    { payload: buildEtsyListing(), descriptor: readCatalogDescriptor('etsy.create_listing'), approvers: [ada] },
  ],
  ['asks one about what cannot be explained', 'policy', { payload: buildStock({ body: { more: 1 } }), approvers: [ada] }],
  ['asks one about what nobody described', 'policy', { descriptor: null, approvers: [ada] }],
  ['asks for a password about what nobody described', 'policy', { descriptor: null, stepUp: 'preferred' }],
  [
    'asks for a password where its descriptor asks for a passkey',
    'policy',
    { payload: buildEtsyListing(), alter: { revision: (revision) => (revision['step_up'] = 'preferred') } },
  ],
  ['asks approvers where its descriptor asks an admin', 'policy', { alter: { descriptor: (known) => (known['approval'].all_of[0].role = 'admin') } }],
  ['holds it for less time than its descriptor', 'policy', { holdSeconds: 600, alter: { revision: (revision) => (revision['hold_seconds'] = 10) } }],
  [
    'leaves more time to decide than its descriptor',
    'policy',
    { alter: { revision: (revision) => (revision['decide_by'] = '2026-11-30T10:00:00.000Z') } },
  ],
  ['leaves more time to execute than its descriptor', 'policy', { alter: { revision: slower } }],
  [
    'has it approved when the time to decide was over',
    'quorum',
    { alter: { decision: (decision) => (decision['decided_at'] = '2027-11-23T10:00:00.000Z') } },
  ],
  ['has it approved before it was proposed', 'quorum', { alter: { decision: (decision) => (decision['decided_at'] = '2026-11-23T09:00:00.000Z') } }],
  [
    'has it approved in the log before it was proposed',
    'quorum',
    { alter: { events: (events) => moveBehind(events, 'external_action.proposed', 'external_action.approved') } },
  ],
  [
    'has it claimed in the log before it was proposed',
    'execution',
    {
      authorizedBy: 'policy',
      payload: buildStock(),
      alter: { events: (events) => moveBehind(events, 'external_action.proposed', 'external_action.claimed') },
    },
  ],
  [
    'has it ended in the log before it was claimed',
    'execution',
    {
      observations: ['verified'],
      leaseLost: true,
      resolved: 'completed',
      alter: { events: (events) => moveBehind(events, 'external_action.claimed', 'external_action.lease_lost') },
    },
  ],
  [
    'asks one where two are needed',
    'quorum',
    {
      alter: {
        descriptor: (known) => known['approval'].all_of.push({ role: 'approver', count: 1 }),
        revision: (revision) => revision['quorum'].push({ group: 1, slot: 0, role: 'approver' }),
      },
    },
  ],
  ['fills a place that there is not', 'quorum', { alter: { decision: (decision) => (decision['slot'] = { group: 3, slot: 0 }) } }],
  ['fills one place twice', 'quorum', two({ decision: (decision, place) => place === 1 && (decision['slot'] = { group: 0, slot: 0 }) })],
  [
    'counts an approval that fills no place',
    'quorum',
    two({ descriptor: (known) => (known['approval'].all_of[0].count = 1), revision: (revision) => revision['quorum'].pop() }),
  ],
  ['counts one person twice', 'quorum', two({ decision: (decision) => (decision['operator_id'] = 'op_00000100-1111-4111-8111-111111111111') }, null)],
  ['counts a viewer', 'quorum', { alter: { decision: (decision) => (decision['operator_role'] = 'viewer') } }],
  [
    'counts an approver where an admin is needed',
    'quorum',
    { approvers: [{ ...ada, role: 'admin' }], alter: { decision: (decision) => (decision['operator_role'] = 'approver') } },
  ],
  ['lets somebody approve what they asked for', 'quorum', { startedBy: 'Ada' }],
  ['lets somebody approve what they asked for under their id', 'quorum', { startedBy: 'OP_00000100-1111-4111-8111-111111111111' }],
  ['lets somebody approve what they asked for in other letters', 'quorum', { startedBy: ' \u200bＡDA ' }],
  ['takes a password where a passkey is needed', 'quorum', { stepUp: 'passkey', approvers: [{ name: 'Ada', role: 'approver', key: null }] }],
  [
    'approves after the claim',
    'quorum',
    { alter: { events: (events) => moveBehind(events, 'external_action.approved', 'external_action.claimed') } },
  ],
  ['calls unsigned what is signed', 'signature', { alter: { decision: (decision) => (decision['strength'] = 'password') } }],
  [
    'calls signed what is not',
    'signature',
    { approvers: [{ name: 'Ada', role: 'approver', key: null }], alter: { decision: (decision) => (decision['strength'] = 'passkey') } },
  ],
  [
    'gives the passkey to somebody else',
    'signature',
    { alter: { passkey: (passkey) => (passkey['operator_id'] = 'op_00000999-1111-4111-8111-111111111111') } },
  ],
  [
    'enrols the passkey after it signed',
    'signature',
    { alter: { events: (events) => moveBehind(events, 'passkey.added', 'external_action.approved') } },
  ],
  ['uses a signature for another ceremony', 'signature', { alter: { assertion: { type: 'webauthn.create' } } }],
  ['uses a signature for another page', 'signature', { alter: { assertion: { origin: 'https://evil.example' } } }],
  ['uses a signature from inside another page', 'signature', { alter: { assertion: { crossOrigin: true } } }],
  ['uses a signature for another relying party', 'signature', { alter: { assertion: { rpId: 'evil.example' } } }],
  ['uses a signature for another statement', 'signature', { alter: { assertion: { challenge: 'A'.repeat(43) } } }],
  ['uses a signature of an authenticator that nobody touched', 'signature', { alter: { assertion: { userPresent: false } } }],
  ['uses a signature of an authenticator that checked nobody', 'signature', { alter: { assertion: { userVerified: false } } }],
  [
    'uses a signature of somebody whose passkey it does not show',
    'signature',
    { alter: { decision: (decision) => (decision['signature'].credential_id = 'AAAA') } },
  ],
  ['signs a rejection', 'signature', { state: 'REJECTED', alter: { decision: signRejection } }],
  ['adds a passkey without the touch of who has one', 'enrolment', { ...endorsed, alter: { endorsement: { userPresent: false } } }],
  ['adds a passkey as if it were enrolled', 'enrolment', { ...endorsed, alter: { endorsement: { type: 'webauthn.create' } } }],
  ['adds a passkey at another page', 'enrolment', { ...endorsed, alter: { endorsement: { origin: 'https://evil.example' } } }],
  ['adds a passkey by what was signed for another act', 'enrolment', { ...endorsed, alter: { act: (act) => (act['purpose'] = 'passkey_remove') } }],
  ['adds another passkey than was endorsed', 'enrolment', { ...endorsed, alter: { act: (act) => (act['subject'].credential_id = 'AAAA') } }],
  [
    'adds a passkey that was endorsed for somebody else',
    'enrolment',
    { ...endorsed, alter: { act: (act) => (act['operator'].sub = 'op_00000999-1111-4111-8111-111111111111') } },
  ],
  ['adds a passkey by a signature over something else', 'enrolment', { ...endorsed, alter: { endorsement: { challenge: 'A'.repeat(43) } } }],
  ['adds a passkey that endorses itself', 'enrolment', { alter: { passkey: endorseItself } }],
  [
    'adds a passkey that one of somebody else endorsed',
    'enrolment',
    {
      ...endorsed,
      alter: {
        passkey: (passkey) => passkey['endorsement'] !== null && (passkey['operator_id'] = 'op_00000999-1111-4111-8111-111111111111'),
      },
    },
  ],
  ['adds a passkey that a later one endorsed', 'enrolment', { ...endorsed, alter: { events: (events) => swapFirst(events, 'passkey.added') } }],
  [
    'has passkeys of two relying parties',
    'enrolment',
    {
      ...endorsed,
      alter: {
        passkey: (passkey) => passkey['endorsement'] !== null && (passkey['relying_party'] = { id: 'evil.example', origin: 'https://evil.example' }),
      },
    },
  ],
  [
    'has somebody add a passkey for somebody else',
    'record',
    { alter: { events: (events) => say(events, 'passkey.added', { auth_principal_id: 'op_mallory' }) } },
  ],
  ['enrols in another ceremony', 'enrolment', { alter: { enrolment: { type: 'webauthn.get' } } }],
  ['enrols at another page', 'enrolment', { alter: { enrolment: { origin: 'https://evil.example' } } }],
  ['enrols from inside another page', 'enrolment', { alter: { enrolment: { crossOrigin: true } } }],
  ['enrols for another relying party', 'enrolment', { alter: { enrolment: { rpId: 'evil.example' } } }],
  ['enrols without touch', 'enrolment', { alter: { enrolment: { userPresent: false } } }],
  ['enrols without checking anybody', 'enrolment', { alter: { enrolment: { userVerified: false } } }],
  ['enrols with the certificate of a maker', 'enrolment', { alter: { enrolment: { fmt: 'packed', x5c: true } } }],
  ['enrols in an unknown format', 'enrolment', { alter: { enrolment: { fmt: 'tpm' } } }],
  ['enrols another credential', 'enrolment', { alter: { enrolment: { credentialId: Buffer.alloc(32, 1) } } }],
  ['enrols what is no attestation', 'enrolment', { alter: { passkey: (passkey) => (passkey['attestation_object'] = 'AAAA') } }],
  ['enrols what is no client data', 'enrolment', { alter: { passkey: (passkey) => (passkey['client_data'] = 'AAAA') } }],
  [
    'shows another key than was enrolled',
    'enrolment',
    { alter: { passkey: (passkey) => (passkey['public_key'] = toOther('', passkey['public_key'])) } },
  ],
  [
    'records an approval as something else',
    'record',
    { alter: { events: (events) => rename(events, 'external_action.approved', 'external_action.noted') } },
  ],
  ['records the same twice', 'record', { alter: { events: (events) => [...events, events.findLast(({ told }) => told)!] } }],
  [
    'names a passkey after another credential',
    'record',
    { alter: { passkey: (passkey) => (passkey['credential_id'] = 'AAAA'), events: forgetCredential } },
  ],
  ['is in a state that the log does not say', 'state', { alter: { events: (events) => renameLast(events, 'UNKNOWN') } }],
  [
    'reaches an end by an event that leads nowhere',
    'state',
    { state: 'EXPIRED', alter: { events: (events) => rename(events, 'external_action.expired', 'external_action.cancelled') } },
  ],
  ['leaves out a later revision', 'state', { alter: { events: (events) => say(events, 'external_action.decision_refused', { revision: 2 }) } }],
  ['hides a claim of the revision before', 'record', { revised: true, state: 'CANCELLED', alter: { events: claimFirst } }],
  ['shows one of two claims', 'record', { revised: true, alter: { events: claimFirst } }],
  ['executes what was never claimed', 'record', { state: 'APPROVED', alter: { events: (events) => [...events, begun(events)] } }],
  ['completes what was never claimed', 'record', { state: 'APPROVED', alter: { events: (events) => [...events, completed(events)] } }],
  ['has a checkpoint by nobody', 'checkpoint_key', { rotations: 1, alter: { signers: ([old]) => [old!] } }],
]

/** What cannot be checked without a passkey: the one that it endorsed, or what it signed. */
function missedBy(hash: string, receipt: MadeReceipt['receipt']): ReceiptReason {
  const passkeys = receipt['passkeys'] as Array<{ credential_id: string; endorsement: { credential_id: string } | null }>
  const gone = passkeys.find((passkey) => hashRecord(passkey) === hash)!
  return passkeys.some(({ endorsement }) => endorsement?.credential_id === gone.credential_id) ? 'enrolment' : 'signature'
}

/** Without the record of this hash, wherever it stands. */
function forget(receipt: MadeReceipt['receipt'], hash: string | undefined): MadeReceipt['receipt'] {
  const others = (records: object[]) => records.filter((record) => hashRecord(record) !== hash)
  const keep = (record: object | null) => (record === null || hashRecord(record) === hash ? null : record)
  return {
    ...receipt,
    decisions: others(receipt['decisions']),
    passkeys: others(receipt['passkeys']),
    executions: (receipt['executions'] as Array<Record<string, never>>).map(({ claim, outcome, observations, resolution }) => ({
      claim: keep(claim!),
      outcome: keep(outcome!),
      observations: others(observations!),
      resolution: keep(resolution!),
    })),
  }
}

function hashRecord(record: object): string {
  const { reason, name: _, ...hashed } = record as Record<string, unknown>
  return createHash('sha256')
    .update(toCanonicalEvent(hashed['record'] === 'resolution' ? { ...hashed, reason } : hashed))
    .digest('hex')
}

function two(alter: NonNullable<ReceiptKnobs['alter']>, key: 'ES256' | null = 'ES256'): ReceiptKnobs {
  return { approvers: ['Ada', 'Grace'].map((name) => ({ name, role: 'approver', key })), alter }
}

type Events = Parameters<NonNullable<NonNullable<ReceiptKnobs['alter']>['events']>>[0]

function moveBehind(events: Events, moved: string, target: string): Events {
  const place = events.findIndex(({ event }) => event['event_type'] === moved)
  const others = events.toSpliced(place, 1)
  return others.toSpliced(others.findIndex(({ event }) => event['event_type'] === target) + 1, 0, events[place]!)
}

function rename(events: Events, from: string, to: string): Events {
  return events.map(({ told, event }) => ({ told, event: { ...event, event_type: event['event_type'] === from ? to : event['event_type'] } }))
}

function swapFirst(events: Events, type: string): Events {
  const [one, other] = [...events.keys()].filter((place) => events[place]!.event['event_type'] === type)
  return events.with(one!, events[other!]!).with(other!, events[one!]!)
}

function forgetCredential(events: Events): Events {
  return events.map(({ told, event }) => ({ told, event: { ...event, external_object_id: null } }))
}

function renameLast(events: Events, result_status: string): Events {
  const place = events.findLastIndex(({ told }) => told)
  return events.with(place, { told: true, event: { ...events[place]!.event, result_status } })
}

function unrecorded(events: Events, event_type: string, result_status: string): Events[number] {
  const { event } = events.findLast(({ told }) => told)!
  const { record_sha256: _, ...others } = event
  return { told: true, event: { ...others, event_type, result_status } }
}

function completed(events: Events): Events[number] {
  return unrecorded(events, 'external_action.finished', 'COMPLETED')
}

function begun(events: Events): Events[number] {
  return unrecorded(events, 'external_action.claimed', 'EXECUTING')
}

function say(events: Events, type: string, members: Record<string, unknown>): Events {
  return events.map(({ told, event }) => ({ told, event: event['event_type'] === type ? { ...event, ...members } : event }))
}

/** The first revision is claimed before there is a second. */
function claimFirst(events: Events): Events {
  const revised = events.findIndex(({ event }) => event['event_type'] === 'external_action.revised')
  const claim = { ...begun(events.slice(0, 1 + revised)).event, revision: 1, record_sha256: 'ab'.repeat(32) }
  return events.toSpliced(revised, 0, { told: true, event: claim })
}

function slower(revision: Record<string, unknown>): void {
  revision['execute_within_seconds'] = 7_200
}

/** With the signature of an approval of the same revision, so that the statement says what the receipt says. */
function signRejection(decision: Record<string, unknown>): void {
  const { signature, display_sha256 } = makeReceipt().receipt['decisions'][0]
  Object.assign(decision, { strength: 'passkey', signature, display_sha256 })
}

/** With a signature of its own, over what its owner would have to say. */
function endorseItself(passkey: Record<string, unknown>): void {
  const { receipt } = makeReceipt(endorsed)
  const { endorsement } = (receipt['passkeys'] as Array<Record<string, unknown>>).find((one) => one['endorsement'] !== null)!
  passkey['endorsement'] = { ...(endorsement as object), credential_id: passkey['credential_id'] }
}

/** What a statement could say instead of each of its members. */
const misstatements: Record<string, unknown> = {
  v: 'autopack-approval/2',
  purpose: 'brake_release',
  'action.id': 'act_00000009-1111-4111-8111-111111111111',
  'action.revision': 2,
  'action.payload_hash': 'ab'.repeat(32),
  descriptor: null,
  'descriptor.id': 'demo_shop.other',
  'descriptor.version': 9,
  'descriptor.sha256': 'ab'.repeat(32),
  display_sha256: 'ab'.repeat(32),
  mode: 'dry_run',
  'approver.sub': 'op_00000999-1111-4111-8111-111111111111',
  'requested_by.executor_id': 'exr_other',
  'requested_by.name': 'other-agent',
  console_build: 'two words',
  renderer_version: 'three',
  nonce: 'short',
  decide_by: '2026-11-30T10:00:00.000Z',
  execute_by: '2026-11-30T10:00:00.000Z',
  more: 'than belongs here',
}

describe('a console that lies, and signs its lies', () => {
  it.each(lies)('is found out when it %s', async (what, reason, knobs) => {
    const { text, receipt, trustedKey } = makeReceipt(knobs)
    const state = what.startsWith('completes what was never') ? 'COMPLETED' : what.startsWith('executes what was never') ? 'EXECUTING' : null
    const told = state === null ? text : JSON.stringify({ ...receipt, action: { ...receipt['action'], state } })
    await expectRefused(told, [trustedKey], reason, what)
  })

  it.each(Object.entries(misstatements))('is found out when what was signed says another %s', async (path, value) => {
    const keys = path.split('.')
    const statement = (said: Record<string, unknown>) => {
      const parent = keys
        .slice(0, -1)
        .reduce<Record<string, unknown>>((at, key) => (at[key] = { ...(at[key] as object) }) as Record<string, unknown>, said)
      parent[keys.at(-1)!] = value
    }
    for (const key of ['ES256', 'EdDSA', 'RS256'] as const) {
      const { text, trustedKey } = makeReceipt({ approvers: [{ name: 'Ada', role: 'approver', key }], alter: { statement } })
      await expectRefused(text, [trustedKey], 'statement', path)
    }
  })

  it('is found out when a signature was made by another passkey', async () => {
    const { makeSoftwarePasskey } = await import('../vectors/software-passkey.ts')
    for (const key of ['ES256', 'EdDSA', 'RS256'] as const) {
      const by = makeSoftwarePasskey(key)
      const { text, trustedKey } = makeReceipt({ approvers: [{ name: 'Ada', role: 'approver', key }], alter: { assertion: { by } } })
      await expectRefused(text, [trustedKey], 'signature', key)
    }
  })

  it('is found out when it draws by rules that are not known here', async () => {
    const alter = { statement: (said: Record<string, unknown>) => Object.assign(said, { renderer_version: '4', display_sha256: 'ab'.repeat(32) }) }
    const decision = (record: Record<string, unknown>) => (record['display_sha256'] = 'ab'.repeat(32))
    const { text, trustedKey } = makeReceipt({ alter: { ...alter, decision } })
    await expectRefused(text, [trustedKey], 'display', 'another version')
  })

  it('is not believed when the whole of it was made anew under another key', async () => {
    for (const { knobs, what } of made) {
      const { text } = makeReceipt(knobs)
      const { trustedKey } = makeReceipt(knobs)
      await expectRefused(text, [trustedKey], 'checkpoint_key', what)
    }
  })

  it('is not believed when the rest of an honest log was rewritten to hold its lie', async () => {
    for (const { receipt, trustedKey, what } of made) {
      const audit = (receipt['audit'] as Array<{ seq: number; prev: string; hash: string; event: string }>).map((entry, place) => {
        if (place !== 0) return entry
        const event = entry.event.replace('"at":"2026', '"at":"2027')
        return { ...entry, event, hash: hashText(entry.seq, entry.prev, event) }
      })
      await expectRefused(JSON.stringify({ ...receipt, audit }), [trustedKey], 'inclusion', what)
    }
  })
})

it('refused more than a thousand receipts that have the form of one, every reason among them', () => {
  expect([...refused.keys()].toSorted()).toEqual(receiptReasons.toSorted())
  const formed = [...refused].filter(([reason]) => reason !== 'malformed').reduce((sum, [, count]) => sum + count, 0)
  expect(formed).toBeGreaterThan(1_000)
})
