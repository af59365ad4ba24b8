import { buildEtsyListing } from '@autopack/approval-proof/honest-payloads'
import { describe, expect, it } from 'vitest'
import { chain, makeCheckpoint, makeNoteKey, makeRotation, toLines } from '../vectors/make-log.ts'
import { makeReceipt, readCatalogDescriptor } from '../vectors/make-receipt.ts'
import type { MadeReceipt, ReceiptKnobs } from '../vectors/make-receipt.ts'
import { toReceiptLines } from './verdict-lines.ts'
import { verifyReceipt } from './verify-receipt.ts'

type Loose = MadeReceipt['receipt']

const unsigned = { name: 'Ada', role: 'approver', key: null } as const

/** A receipt that somebody changed who can sign nothing, as the reader who trusts the log's key finds it. */
async function judge(made: MadeReceipt, edit: (receipt: Loose) => void, trustedKeys: string[] = [made.trustedKey]) {
  const receipt = structuredClone(made.receipt)
  edit(receipt)
  return verifyReceipt(JSON.stringify(receipt), { trustedKeys })
}

async function judgeMade(knobs: ReceiptKnobs) {
  const { text, trustedKey } = makeReceipt(knobs)
  return verifyReceipt(text, { trustedKeys: [trustedKey] })
}

function dropEvents(receipt: Loose, isGone: (event: Loose) => boolean): void {
  receipt['audit'] = (receipt['audit'] as Array<{ event: string }>).filter(({ event }) => !isGone(JSON.parse(event) as Loose))
}

const isType =
  (...types: string[]) =>
  ({ event_type }: Loose) =>
    types.includes(event_type as string)

/** Claimed, finished and read back, and told as approved: the last events and all that they recorded are gone. */
function tellAsApproved(receipt: Loose): void {
  receipt['action'].state = 'APPROVED'
  receipt['executions'] = []
  dropEvents(receipt, isType('external_action.claimed', 'external_action.finished', 'external_action.observed'))
}

describe('whoever carries a receipt', () => {
  it('cannot leave out what was read back before the last time', async () => {
    const made = makeReceipt({ observations: ['cannot_verify', 'drifted', 'verified'] })
    const withoutFirst = await judge(made, (receipt) => {
      const [, , last] = receipt['executions'][0].observations as Loose[]
      receipt['executions'][0].observations = [last]
      let seen = 0
      dropEvents(receipt, (event) => event['event_type'] === 'external_action.observed' && (seen += 1) < 3)
    })
    expect(withoutFirst).toMatchObject({ ok: false, reason: 'record' })
  })

  it('cannot tell what was read back in another order', async () => {
    const made = makeReceipt({ observations: ['drifted', 'verified'] })
    const verdict = await judge(made, (receipt) => {
      const [execution] = receipt['executions'] as Loose[]
      execution!['observations'] = (execution!['observations'] as Loose[]).toReversed()
    })
    expect(verdict).toMatchObject({ ok: false, reason: 'record' })
  })

  it('cannot leave out that the outcome was unknown before somebody looked', async () => {
    const made = makeReceipt({ leaseLost: true, resolved: 'completed' })
    const verdict = await judge(made, (receipt) => {
      receipt['executions'][0].outcome = null
      dropEvents(receipt, isType('external_action.lease_lost'))
    })
    expect(verdict).toMatchObject({ ok: false, reason: 'record' })
  })

  it('cannot leave out a refusal before the last event', async () => {
    const made = makeReceipt()
    expect(await judge(made, (receipt) => dropEvents(receipt, isType('external_action.decision_refused')))).toMatchObject({ reason: 'record' })
  })

  it.each(['REJECTED', 'EXPIRED', 'CANCELLED'] as const)('cannot tell the first revision as the one that was %s', async (state) => {
    const made = makeReceipt({ revised: true, state, approvers: [unsigned] })
    const asFirst = (receipt: Loose) => {
      receipt['action'].revision = 1
      receipt['revision'].revision = 1
      receipt['decisions'] = []
    }
    // With every event, and as they would have to be left out.
    expect(await judge(made, asFirst)).toMatchObject({ ok: false, reason: 'record' })
    const without = await judge(made, (receipt) => {
      asFirst(receipt)
      dropEvents(receipt, isType('external_action.change_asked'))
    })
    expect(without).toMatchObject({ ok: false, reason: 'record' })
  })

  it('cannot add a relying party, a key that is none, or hide a reason', async () => {
    const made = makeReceipt({ state: 'REJECTED', approvers: [unsigned] })
    const withParty = await judge(made, (receipt) => (receipt['relying_party'] = { id: 'evil', origin: 'https://bank.example' }))
    expect(withParty).toMatchObject({ ok: false, reason: 'malformed', where: 'relying_party' })
    expect(await judge(made, (receipt) => receipt['keys'].push('junk'))).toMatchObject({ ok: false, reason: 'checkpoint_key' })
    expect(await judge(made, (receipt) => receipt['keys'].push('junk'), [])).toMatchObject({ ok: false, reason: 'checkpoint_key' })
    expect(await judge(made, (receipt) => (receipt['keys'] = ['junk']))).toMatchObject({ ok: false, reason: 'checkpoint_key' })
    expect(await judge(made, (receipt) => (receipt['decisions'][0].reason = null))).toMatchObject({ ok: false, reason: 'malformed' })
  })

  it('can cut its end off, so the receipt says up to where it is complete and nothing about what came later', async () => {
    const made = makeReceipt({ observations: ['drifted'] })
    const verdict = await judge(made, tellAsApproved)
    const approvedAt = made.log.find(({ event }) => event['event_type'] === 'external_action.approved')!.seq
    expect(verdict).toMatchObject({
      ok: true,
      facts: { state: 'APPROVED', complete_until: { seq: approvedAt, no: 3 }, checkpoint: { size: made.log.length }, log: null },
    })
    const lines = toReceiptLines(verdict).join('\n')
    expect(lines).toContain('Nobody had claimed it by then.')
    expect(lines).toContain(`Complete up to event 3 about this action, entry ${approvedAt} of the log. Later ones may have been left out`)
  })
})

it('is stopped between two checks', async () => {
  const stopped = new AbortController()
  const { text, trustedKey } = makeReceipt()
  const verdict = verifyReceipt(text, { trustedKeys: [trustedKey], signal: stopped.signal })
  stopped.abort(new Error('stopped'))
  await expect(verdict).rejects.toThrow('stopped')
})

describe('a receipt beside the log', () => {
  const made = makeReceipt({ observations: ['drifted'], refusedLater: true })
  const beside = (text: string, lines: readonly string[], more: { checkpoints?: string[]; trustedKeys?: string[] } = {}) =>
    verifyReceipt(text, { trustedKeys: [made.trustedKey], log: lines, ...more })

  it('is complete where the log has no later event about the action but refusals', async () => {
    const verdict = await beside(made.text, made.lines)
    expect(verdict).toMatchObject({ ok: true, facts: { log: { count: made.log.length, head: made.log.at(-1)!.hash } } })
    expect(toReceiptLines(verdict).join('\n')).toContain('has no later one but refusals')
  })

  it('is refused where its end was cut off', async () => {
    const receipt = structuredClone(made.receipt)
    tellAsApproved(receipt)
    const verdict = await beside(JSON.stringify(receipt), made.lines)
    const claimedAt = made.log.find(({ event }) => event['event_type'] === 'external_action.claimed')!.seq
    expect(verdict).toMatchObject({ ok: false, reason: 'log', where: 'audit', detail: expect.stringMatching(new RegExp(`^entry ${claimedAt} `)) })
  })

  it('is refused where something came after its checkpoint', async () => {
    const { event } = made.log.findLast((entry) => entry.event['event_type'] === 'external_action.observed')!
    const later = toLines(chain([{ ...event, approval_ref_no: 9 }], made.log))
    expect(await beside(made.text, later)).toMatchObject({ ok: false, reason: 'log', where: 'audit' })
    const refused = toLines(chain([{ ...event, approval_ref_no: 9, result_status: 'refused' }], made.log))
    expect(await beside(made.text, refused)).toMatchObject({ ok: true })
  })

  it('is refused with another log, with one that was cut, and with one that was tampered with', async () => {
    const cut = made.lines.slice(0, -1)
    const changed = made.lines.with(0, made.lines[0]!.replace('run.reported', 'run.forgotten'))
    for (const lines of [makeReceipt().lines, cut, changed, []]) {
      expect(await beside(made.text, lines)).toMatchObject({ ok: false, reason: 'log', where: 'checkpoint' })
    }
  })

  it('is refused where the log does not hold against another checkpoint that the reader has', async () => {
    const [first] = made.noteKeys
    const others = chain([{ event_type: 'run.reported' }], made.log)
    const ahead = makeCheckpoint(others, others.length, [first!])
    expect(await beside(made.text, made.lines, { checkpoints: [ahead] })).toMatchObject({ ok: false, reason: 'log' })
    expect(await beside(made.text, toLines(others), { checkpoints: [ahead] })).toMatchObject({ ok: true })
  })
})

describe('a key that was replaced', () => {
  it('is believed again by whoever never sees its rotation, and by nobody who brings it', async () => {
    const made = makeReceipt({ rotations: 1 })
    const [old, next] = made.noteKeys
    const receipt = structuredClone(made.receipt)
    const rotation = receipt['rotations'][0] as string
    receipt['checkpoint'] = makeCheckpoint(made.log, made.log.length, [old!])
    receipt['rotations'] = []
    const text = JSON.stringify(receipt)
    expect(await verifyReceipt(text, { trustedKeys: [old!.verifierKey] })).toMatchObject({ ok: true })
    expect(await verifyReceipt(text, { trustedKeys: [old!.verifierKey], rotations: [rotation] })).toMatchObject({ reason: 'checkpoint_key' })
    expect(await verifyReceipt(text, { trustedKeys: [next!.verifierKey] })).toMatchObject({ reason: 'checkpoint_key' })
    expect(await verifyReceipt(made.text, { trustedKeys: [old!.verifierKey], rotations: [rotation] })).toMatchObject({ ok: true })
  })

  it('does not hand over once more in a receipt to whoever brings its rotation', async () => {
    const made = makeReceipt({ state: 'EXPIRED' })
    const [old] = made.noteKeys
    const [next, thief] = [makeNoteKey(), makeNoteKey()]
    const receipt = structuredClone(made.receipt)
    receipt['rotations'] = [makeRotation(thief, 1, [old!, thief])]
    receipt['checkpoint'] = makeCheckpoint(made.log, made.log.length, [thief])
    const rotations = [makeRotation(next, 1, [old!, next])]
    expect(await verifyReceipt(JSON.stringify(receipt), { trustedKeys: [old!.verifierKey], rotations })).toMatchObject({ reason: 'checkpoint_key' })
  })

  it('is not in the way where strangers replace theirs, whatever they sign', async () => {
    const made = makeReceipt({ state: 'EXPIRED' })
    const [one, other] = [makeNoteKey(), makeNoteKey()]
    const lines = makeRotation(other, 1, [one, other]).split('\n')
    const [dash, name, code] = lines.at(-2)!.split(' ')
    const bytes = Buffer.from(code!, 'base64')
    bytes[40]! ^= 1
    const rotation = lines.with(lines.length - 2, `${dash} ${name} ${bytes.toString('base64')}`).join('\n')
    expect(await judge(made, (receipt) => (receipt['rotations'] = [rotation]))).toMatchObject({ ok: true })
  })
})

describe('a console that lies, and signs its lies', () => {
  it('asks two people, who sign, where its descriptor says so', async () => {
    const verdict = await judgeMade({
      payload: buildEtsyListing(),
      descriptor: readCatalogDescriptor('etsy.create_listing'),
      approvers: [unsigned],
      stepUp: 'none',
      holdSeconds: 0,
      alter: { decision: (record) => (record['strength'] = 'session') },
    })
    expect(verdict).toMatchObject({ ok: false, reason: 'policy' })
  })

  it('asks somebody with a passkey, and two of them, where nobody described it', async () => {
    expect(await judgeMade({ descriptor: null, approvers: [unsigned], stepUp: 'none' })).toMatchObject({ ok: false, reason: 'policy' })
  })

  it('lets nobody approve a year after the time to decide', async () => {
    const alter: ReceiptKnobs['alter'] = {
      decision: (record) => (record['decided_at'] = '2027-11-23T10:00:00.000Z'),
      claim: (record) => (record['claimed_at'] = '2027-11-23T10:00:05.000Z'),
    }
    expect(await judgeMade({ alter })).toMatchObject({ ok: false, reason: 'quorum', where: 'decisions[0].decided_at' })
  })

  it('completes nothing whose outcome failed', async () => {
    const failed = { outcome: 'failed', sent: 'no', sent_sha256: null, external_object_id: null }
    expect(await judgeMade({ alter: { outcome: (record) => Object.assign(record, failed) } })).toMatchObject({ ok: false, reason: 'state' })
  })

  it('looks up nothing whose outcome is known', async () => {
    const alter: ReceiptKnobs['alter'] = { outcome: (record) => (record['outcome'] = 'failed') }
    expect(await judgeMade({ resolved: 'completed', alter })).toMatchObject({ ok: false, reason: 'state' })
  })

  it('has nobody add a passkey in the name of somebody else', async () => {
    const verdict = await judgeMade({
      alter: {
        events: (events) =>
          events.map(({ told, event }) =>
            event['event_type'] === 'passkey.added'
              ? { told, event: { ...event, auth_principal_id: 'op_mallory', auth_principal_name: 'Mallory' } }
              : { told, event },
          ),
      },
    })
    expect(verdict).toMatchObject({ ok: false, reason: 'record', where: 'passkeys[0]' })
  })

  it.each([
    ['with one member more', { kind: 'external_action', id: 'act_00000001-1111-4111-8111-111111111111', more: 1 }],
    ['of a list', ['external_action']],
    ['of a text', 'external_action'],
  ])('says what an event is about in one form, and not in one %s', async (_what, approval_ref) => {
    const verdict = await judgeMade({
      alter: {
        events: (events) =>
          events.map(({ told, event }) =>
            event['event_type'] === 'external_action.decision_refused' ? { told, event: { ...event, approval_ref } } : { told, event },
          ),
      },
    })
    expect(verdict).toMatchObject({ ok: false, reason: 'record' })
  })

  it.each([5, {}, ['a'], true])('records by hash, and %j is none', async (record_sha256) => {
    const verdict = await judgeMade({
      alter: {
        events: (events) =>
          events.map(({ told, event }) =>
            event['event_type'] === 'external_action.decision_refused' ? { told, event: { ...event, record_sha256 } } : { told, event },
          ),
      },
    })
    expect(verdict).toMatchObject({ ok: false, reason: 'record' })
  })

  it.each([null, 5, {}, ['COMPLETED']])('reaches a state that has a name, and %j is none', async (result_status) => {
    const verdict = await judgeMade({
      alter: {
        events: (events) =>
          events.map(({ told, event }) =>
            event['event_type'] === 'external_action.finished' ? { told, event: { ...event, result_status } } : { told, event },
          ),
      },
    })
    expect(verdict).toMatchObject({ ok: false, reason: 'state', where: 'action.state' })
  })

  it('signs at a time that there is', async () => {
    const made = makeReceipt({ state: 'EXPIRED' })
    for (const time of ['2026-99-99T99:99:99.999Z', '2026-02-30T10:00:00.000Z']) {
      const checkpoint = makeCheckpoint(made.log, made.log.length, made.noteKeys, time)
      expect(await judge(made, (receipt) => (receipt['checkpoint'] = checkpoint))).toMatchObject({ ok: false, reason: 'checkpoint_key' })
    }
  })

  it('keeps nobody busy with a descriptor that is longer than any', async () => {
    const long = (known: Loose) => (known['hidden'] = [{ label: 'x', why: 'y'.repeat(70_000) }])
    expect(await judgeMade({ alter: { descriptor: long } })).toMatchObject({ ok: false, reason: 'descriptor' })
  })

  it('hides nothing in the words of a descriptor, which are shown as they are', async () => {
    for (const hidden of ['\u001b[2J', '\u202e', 'two\nlines', '\u009b1A', '⟨U+202E⟩']) {
      for (const put of [
        (known: Loose) => (known['undo'].text += hidden),
        (known: Loose) => (known['sentence'] += hidden),
        (known: Loose) => (known['fields'][0].label += hidden),
        (known: Loose) => (known['seen_by'] = hidden),
      ]) {
        expect(await judgeMade({ alter: { descriptor: put } })).toMatchObject({ ok: false, reason: 'descriptor' })
      }
    }
  })
})
