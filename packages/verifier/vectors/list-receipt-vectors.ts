/**
 * Receipts of every kind, and receipts that were tampered with in every way that a check looks for: by whoever carries the file, who can
 * change any of its members but sign nothing, and by a console that lies before it hashes and signs.
 */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { buildEtsyListing, buildListing, buildStock, buildTakedown } from '@autopack/approval-proof/honest-payloads'
import { makeCheckpoint, makeNoteKey, makeRotation } from './make-log.ts'
import { makeReceipt } from './make-receipt.ts'
import type { Approver, MadeReceipt, ReceiptKnobs } from './make-receipt.ts'
import { makeSoftwarePasskey, toCbor } from './software-passkey.ts'

/** `verdict`: `ok`, or the reason of the first check that does not hold. `rotations`: those of the reader. `log`: what lies beside it. */
export type ReceiptVector = { what: string; verdict: string; trusted_keys: string[]; rotations: string[]; log: string[] | null; text: string }

type Loose = MadeReceipt['receipt']

const ada: Approver = { name: 'Ada', role: 'approver', key: 'ES256' }
const bo: Approver = { name: 'Bo', role: 'admin', key: 'EdDSA' }
const two = [ada, bo]
const unsigned: Approver = { ...ada, key: null }
const small = { payload: buildTakedown(), others: 0 } satisfies ReceiptKnobs
/** Where a lie is about these, somebody has to have signed. */
const aboutSignatures = new Set(['enrolment', 'statement', 'signature', 'display'])
const onGrant = { payload: buildStock(), authorizedBy: 'policy' } satisfies ReceiptKnobs
const endorsed = { approvers: [{ ...ada, passkeysBefore: 1 }] } satisfies ReceiptKnobs
const actionId = 'act_00000001-1111-4111-8111-111111111111'
const somebodyElse = `op_${'0'.repeat(8)}-1111-4111-8111-111111111111`
/** The neutral element of Ed25519: as a key, it has a signature of everything that begins with it and ends in zeros. */
const identity = `01${'00'.repeat(31)}`
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export function listReceiptVectors(): ReceiptVector[] {
  return [...listValid(), ...listEdited(), ...listLies(), ...listBesideLogs()]
}

function listValid(): ReceiptVector[] {
  const valid: Array<[what: string, knobs: ReceiptKnobs]> = [
    ['done, signed with ES256', {}],
    ['done, signed with EdDSA', { approvers: [{ ...ada, key: 'EdDSA' }] }],
    ['done, signed with RS256', { approvers: [{ ...ada, key: 'RS256' }] }],
    ['done, by two people', { approvers: two }],
    ['done, after the password, not signed', { approvers: [unsigned] }],
    ['done, by policy', { payload: buildStock(), authorizedBy: 'policy' }],
    ['done, by the only approver, who asked for it', { approvers: [{ ...ada, soleOperator: true }], startedBy: ' ＡＤＡ ' }],
    ['done, asked for by somebody else', { startedBy: 'Eve' }],
    ['done, with a passkey that an earlier one endorsed', { approvers: [{ ...ada, passkeysBefore: 2 }] }],
    ['done, beyond its grant, by people', { payload: buildStock() }],
    ['done, asking for more than its descriptor', { alter: { descriptor: (descriptor) => (descriptor.approval.step_up = 'none') } }],
    ['done, after a hold', { holdSeconds: 120 }],
    ['done, of a kind that nobody described', { descriptor: null }],
    ['done, sent as a form', { payload: buildEtsyListing() }],
    [
      'done, of texts that hide and imitate',
      { payload: buildListing({ body: { title: 'Desk» at €1\u202e\n⟨U+202E⟩', extra: [1, { '*': null }] } }) },
    ],
    ['done, the second revision', { revised: true }],
    [
      'done, the second revision, whose record an event of the first names, too',
      {
        revised: true,
        alter: {
          events: (events) => [
            ...events.flatMap((one) => (isOf('external_action.revised')(one) ? [{ told: true, event: { ...one.event, revision: 1 } }] : [])),
            ...events,
          ],
        },
      },
    ],
    ['done, and read back', { observations: ['cannot_verify', 'drifted', 'verified'] }],
    ['done, as a provider counts', { alter: { outcome: (record) => (record.external_object_id = 'Größe 4711') } }],
    ['done, as somebody found who looked', { resolved: 'completed' }],
    ['done, in a log of many entries', { others: 9 }],
    ['begun', { state: 'EXECUTING' }],
    ['failed', { state: 'FAILED' }],
    ['failed, as somebody found who looked', { resolved: 'failed' }],
    ['unknown', { state: 'UNKNOWN' }],
    ['unknown, because its executor fell silent', { state: 'UNKNOWN', leaseLost: true }],
    ['simulated', { state: 'SIMULATED' }],
    ['approved', { state: 'APPROVED' }],
    ['approved by policy', { state: 'APPROVED', payload: buildStock(), authorizedBy: 'policy' }],
    ['rejected', { state: 'REJECTED' }],
    ['revoked', { state: 'REVOKED' }],
    ['vetoed', { state: 'REVOKED', holdSeconds: 60 }],
    ['expired', { state: 'EXPIRED' }],
    ['cancelled', { state: 'CANCELLED' }],
  ]
  const made = makeReceipt({ ...small, rotations: 2 })
  const oneKey = makeReceipt(small)
  return [
    ...valid.map(([what, knobs]) => toVector(what, 'ok', makeReceipt({ others: 0, ...knobs }))),
    toVector('signed with the third key, and the first is trusted', 'ok', made, [made.noteKeys[0]!.verifierKey]),
    toVector('signed with the third key, and that one is trusted', 'ok', made, [made.noteKeys[2]!.verifierKey]),
    toVector('signed with the third key, and none is trusted', 'ok', made),
    toVector('signed with the key that is trusted, beside another one', 'ok', oneKey, [makeNoteKey().verifierKey, oneKey.trustedKey]),
    toVector('signed with the third key, and the reader alone knows the rotations', 'ok', withoutRotations(made), [made.trustedKey], {
      rotations: made.receipt.rotations,
    }),
    toVector('signed with the old key and the new one', 'ok', makeReceipt({ ...small, rotations: 1, alter: { signers: (keys) => keys } })),
    toVector('client data that is nested as deep as may be', 'ok', makeReceipt({ ...small, approvers: [ada], alter: { passkey: nest(15) } })),
    toVector('written with white space', 'ok', { ...oneKey, text: JSON.stringify(oneKey.receipt, null, 2) }),
    toVector('a log that is one entry long', 'ok', makeReceipt({ ...small, state: 'EXPIRED', alter: { events: (events) => events.slice(0, -1) } })),
  ]
}

/** By whoever carries the file. */
function listEdited(): ReceiptVector[] {
  const base = makeReceipt({ ...small, approvers: two, holdSeconds: 10, observations: ['drifted', 'verified'], rotations: 1 })
  const withoutSignature = makeReceipt({ ...small, approvers: [unsigned] })
  const entryAt = (receipt: Loose, type: string) => receipt.audit.find(({ event }: { event: string }) => event.includes(`"event_type":"${type}"`))
  const edits: Array<[reason: string, what: string, edit: (receipt: Loose) => void]> = [
    ['malformed', 'another version', (receipt) => (receipt.v = 'autopack-receipt/2')],
    ['malformed', 'a member too many', (receipt) => (receipt.also = 1)],
    ['malformed', 'a member too few', (receipt) => delete receipt.made_at],
    ['malformed', 'a member too many in a record', (receipt) => (receipt.decisions[0].trust = 'me')],
    ['malformed', 'a member too few in a record', (receipt) => delete receipt.executions[0].outcome.sent],
    ['malformed', 'a hash in capitals', (receipt) => (receipt.revision.payload_hash = receipt.revision.payload_hash.toUpperCase())],
    ['malformed', 'a hash that is too short', (receipt) => receipt.audit[0].path.push('ab')],
    ['malformed', 'a moment without milliseconds', (receipt) => (receipt.made_at = '2026-11-23T10:00:00Z')],
    ['malformed', 'a moment in another zone', (receipt) => (receipt.made_at = '2026-11-23T10:00:00.000+01:00')],
    ['malformed', 'a day that does not exist', (receipt) => (receipt.made_at = '2026-02-31T10:00:00.000Z')],
    ['malformed', 'an id of another form', (receipt) => (receipt.decisions[0].operator_id = 'Ada')],
    ['malformed', 'base64url with padding', (receipt) => (receipt.decisions[0].signature.signature += '=')],
    ['malformed', 'base64url of no bytes', (receipt) => (receipt.passkeys[0].public_key = 'A')],
    ['malformed', 'a state that no receipt is about', (receipt) => (receipt.action.state = 'PENDING')],
    ['malformed', 'a role that does not exist', (receipt) => (receipt.decisions[0].operator_role = 'owner')],
    ['malformed', 'a way to reject that does not exist', (receipt) => (receipt.decisions[0].reject_kind = 'maybe')],
    ['malformed', 'what was read back, in another word', (receipt) => (receipt.executions[0].observations[0].result = 'other')],
    ['malformed', 'two executions', (receipt) => receipt.executions.push(receipt.executions[0])],
    ['malformed', 'no key', (receipt) => (receipt.keys = [])],
    ['malformed', 'no entry', (receipt) => (receipt.audit = [])],
    ['malformed', 'entries in another order', (receipt) => (receipt.audit = receipt.audit.toReversed())],
    ['malformed', 'an entry twice', (receipt) => receipt.audit.push(receipt.audit.at(-1))],
    ['malformed', 'passkeys in another order', (receipt) => (receipt.passkeys = receipt.passkeys.toReversed())],
    ['malformed', 'a passkey twice', (receipt) => receipt.passkeys.push(receipt.passkeys.at(-1))],
    ['malformed', 'a number that is text', (receipt) => (receipt.revision.revision = '1')],
    ['malformed', 'a truth that is a number', (receipt) => (receipt.decisions[0].sole_operator = 0)],
    ['malformed', 'half of a surrogate pair', (receipt) => (receipt.decisions[0].name = 'Ada\ud800')],
    ['malformed', 'a list where an object belongs', (receipt) => (receipt.action = [])],
    ['malformed', 'a reason that is not told', (receipt) => (receipt.decisions[1].reason = null)],
    ['malformed', 'a relying party of its own', (receipt) => (receipt.relying_party = { id: 'localhost', origin: 'http://localhost:4600' })],

    ['payload', 'other bytes', (receipt) => (receipt.payload = receipt.payload.replace('Sold out', 'Sold off'))],
    ['payload', 'white space in it', (receipt) => (receipt.payload = receipt.payload.replace('{', '{ '))],
    ['payload', 'no payload', (receipt) => (receipt.payload = '{}')],
    ['payload', 'the hash of another payload', (receipt) => (receipt.revision.payload_hash = sha256('another'))],
    ['payload', 'another mode in the revision', (receipt) => (receipt.revision.mode = 'dry_run')],

    ['descriptor', 'none', (receipt) => (receipt.descriptor = null)],
    ['descriptor', 'none in the revision', (receipt) => (receipt.revision.descriptor = null)],
    ['descriptor', 'another sentence', (receipt) => (receipt.descriptor = receipt.descriptor.replace('unpublish', 'publish'))],
    ['descriptor', 'white space in it', (receipt) => (receipt.descriptor = ` ${receipt.descriptor}`)],
    ['descriptor', 'another id', (receipt) => (receipt.revision.descriptor.id = 'demo_shop.create_listing')],
    ['descriptor', 'another version', (receipt) => (receipt.revision.descriptor.version += 1)],
    [
      'descriptor',
      'one that nothing can be drawn by',
      (receipt) => ((receipt.descriptor = '{}'), (receipt.revision.descriptor.sha256 = sha256('{}'))),
    ],

    ['checkpoint_key', 'a checkpoint that is none', (receipt) => (receipt.checkpoint = 'autopack')],
    ['checkpoint_key', 'a checkpoint without its signature', (receipt) => (receipt.checkpoint = receipt.checkpoint.split('\n\n')[0] + '\n')],
    ['checkpoint_key', 'a larger checkpoint', (receipt) => (receipt.checkpoint = receipt.checkpoint.replace(/^(.*)\n(\d+)/, '$1\n9$2'))],
    ['checkpoint_key', 'a later checkpoint', (receipt) => (receipt.checkpoint = receipt.checkpoint.replace('time 2026', 'time 2027'))],
    ['checkpoint_key', 'another log', (receipt) => (receipt.checkpoint = receipt.checkpoint.replace('localhost', 'otherhost'))],
    ['checkpoint_key', 'another signature', (receipt) => (receipt.checkpoint = flip(receipt.checkpoint, receipt.checkpoint.length - 20))],
    ['checkpoint_key', 'a key that is none', (receipt) => (receipt.keys[0] = 'name')],
    ['checkpoint_key', 'a key with the id of another', (receipt) => (receipt.keys[0] = receipt.keys[0].replace(/\+[0-9a-f]{8}/, '+00000000'))],
    ['checkpoint_key', 'a second key that is none', (receipt) => receipt.keys.push('name')],
    ['checkpoint_key', 'a key of a name that two could read differently', (receipt) => receipt.keys.push(makeNoteKey('h\u00f6st/audit').verifierKey)],
    ['checkpoint_key', 'a key that signed nothing', (receipt) => (receipt.keys[0] = makeNoteKey().verifierKey)],
    ['checkpoint_key', 'no rotation to the key that signed', (receipt) => (receipt.rotations = [])],
    ['checkpoint_key', 'a rotation that is none', (receipt) => (receipt.rotations = ['autopack-checkpoint-key/1\n'])],
    ['checkpoint_key', 'a rotation that was changed', (receipt) => (receipt.rotations[0] = receipt.rotations[0].replace(/\n1\n\n/, '\n0\n\n'))],

    ['entry', 'another hash', (receipt) => (receipt.audit[0].hash = sha256('another'))],
    ['entry', 'another hash before it', (receipt) => (receipt.audit[0].prev = sha256('another'))],
    ['entry', 'another event', (receipt) => (receipt.audit[0].event = receipt.audit[0].event.replace('Ada', 'Eve'))],
    ['entry', 'another place in the log', (receipt) => (receipt.audit.at(-1).seq += 1)],
    ['entry', 'white space in an event', (receipt) => rehash(receipt.audit[0], receipt.audit[0].event.replace('{', '{ '))],
    ['entry', 'an event that is no object', (receipt) => rehash(receipt.audit[0], '[]')],
    ['entry', 'an event with a key twice', (receipt) => rehash(receipt.audit[0], '{"a":1,"a":1}')],

    ['inclusion', 'another event, hashed anew', (receipt) => rehash(receipt.audit[0], receipt.audit[0].event.replace('Ada', 'Eve'))],
    ['inclusion', 'a proof that is too short', (receipt) => receipt.audit[0].path.pop()],
    ['inclusion', 'a proof that is too long', (receipt) => receipt.audit[0].path.push(sha256('another'))],
    ['inclusion', 'a proof with another hash in it', (receipt) => (receipt.audit[0].path[0] = sha256('another'))],
    ['inclusion', 'a proof of another entry', (receipt) => (receipt.audit[0].path = receipt.audit[1].path)],
    ['inclusion', 'a place beyond the checkpoint', (receipt) => rehash(Object.assign(receipt.audit.at(-1), { seq: 99 }), receipt.audit.at(-1).event)],

    ['record', 'another reason', (receipt) => (receipt.decisions[0].reason = 'Because.')],
    ['record', 'the first observation left out', (receipt) => leaveOut(receipt, (event) => event['event_type'] === 'external_action.observed', 1)],
    ['record', 'a refusal left out', (receipt) => leaveOut(receipt, (event) => event['result_status'] === 'refused', 1)],
    ['record', 'another name', (receipt) => (receipt.decisions[0].name = 'Eve')],
    ['record', 'another deadline', (receipt) => (receipt.revision.execute_within_seconds += 1)],
    ['record', 'another quorum', (receipt) => receipt.revision.quorum.pop()],
    ['record', 'another requester', (receipt) => (receipt.revision.requested_by.name = 'other-agent')],
    ['record', 'another approver', (receipt) => (receipt.decisions[0].operator_id = receipt.decisions[1].operator_id)],
    ['record', 'another signature', (receipt) => (receipt.decisions[0].signature.signature = receipt.decisions[1].signature.signature)],
    ['record', 'another claim', (receipt) => (receipt.executions[0].claim.fence += 1)],
    ['record', 'another outcome', (receipt) => (receipt.executions[0].outcome.external_object_id = 'lst-1')],
    ['record', 'another observation', (receipt) => (receipt.executions[0].observations[0].result = 'verified')],
    ['record', 'another passkey', (receipt) => (receipt.passkeys[0].created_at = '2025-11-23T10:00:00.000Z')],
    ['record', 'a decision left out', (receipt) => receipt.decisions.pop()],
    ['record', 'decisions in another order', (receipt) => (receipt.decisions = receipt.decisions.toReversed())],
    ['record', 'a decision twice', (receipt) => receipt.decisions.push(receipt.decisions[1])],
    ['record', 'the outcome left out', (receipt) => (receipt.executions[0].outcome = null)],
    ['record', 'an observation left out', (receipt) => receipt.executions[0].observations.pop()],
    ['record', 'the execution left out', (receipt) => (receipt.executions = [])],
    ['record', 'a passkey left out', (receipt) => receipt.passkeys.pop()],
    ['record', 'the event of an approval left out', (receipt) => receipt.audit.splice(receipt.audit.indexOf(entryAt(receipt, 'external_action.approved')), 1)], // prettier-ignore
    ['record', 'the event of an enrolment left out', (receipt) => receipt.audit.splice(receipt.audit.indexOf(entryAt(receipt, 'passkey.added')), 1)], // prettier-ignore
    ['record', 'another action', (receipt) => (receipt.action.id = receipt.action.id.replace('00000001', '00000002'))],

    ['state', 'another state', (receipt) => (receipt.action.state = 'FAILED')],
  ]
  const texts: Array<[reason: string, what: string, text: string]> = [
    ['malformed', 'nothing', ''],
    ['malformed', 'no JSON', base.text.slice(0, -1)],
    ['malformed', 'something after it', `${base.text}{}`],
    ['malformed', 'a byte order mark', `\ufeff${base.text}`],
    ['malformed', 'a list', '[]'],
    ['malformed', 'null', 'null'],
    ['malformed', 'a key that appears twice', base.text.replace('{"v":', '{"v":"autopack-receipt/1","v":')],
    ['malformed', 'a key that appears twice in a record', base.text.replace('"fence":1', '"fence":2,"fence":1')],
    ['malformed', 'a fraction', base.text.replace('"fence":1', '"fence":1.5')],
    ['malformed', 'an exponent', base.text.replace('"fence":1', '"fence":1e999')],
    ['malformed', 'a number beyond the safe integers', base.text.replace('"fence":1', '"fence":9007199254740993')],
    ['malformed', 'a number of five thousand digits', base.text.replace('"fence":1', `"fence":1${'0'.repeat(5_000)}`)],
    ['malformed', 'a number that JSON does not have', base.text.replace('"fence":1', '"fence":NaN')],
    ['malformed', 'nesting without end', base.text.replace('"fence":1', `"fence":${'['.repeat(5_000)}${']'.repeat(5_000)}`)],
  ]
  const stranger = makeNoteKey()
  const unsignedEdits: typeof edits = [
    ['record', 'another role, where nothing is signed', (receipt) => (receipt.decisions[0].operator_role = 'admin')],
  ]
  const resolved = makeReceipt({ ...small, approvers: [unsigned], resolved: 'completed' })
  const revised = makeReceipt({ ...small, approvers: [unsigned], revised: true, state: 'REJECTED' })
  const byKnownKeys = makeReceipt({ ...small, approvers: [unsigned], rotations: 1 })
  return [
    ...edits.map(([reason, what, change]) => toVector(`${reason}: ${what}`, reason, edit(base, change))),
    ...unsignedEdits.map(([reason, what, change]) => toVector(`${reason}: ${what}`, reason, edit(withoutSignature, change))),
    ...texts.map(([reason, what, text]) => toVector(`${reason}: ${what}`, reason, { ...base, text })),
    toVector(
      'record: the unknown outcome left out before what somebody found',
      'record',
      edit(resolved, (receipt) => {
        receipt.executions[0].outcome = null
        leaveOut(receipt, (event) => event['event_type'] === 'external_action.finished')
      }),
    ),
    toVector(
      'record: the revision before told with the end of this one',
      'record',
      edit(revised, (receipt) => {
        receipt.action.revision = receipt.revision.revision = 1
        receipt.decisions = []
        leaveOut(receipt, (event) => event['event_type'] === 'external_action.change_asked')
      }),
    ),
    toVector(
      'checkpoint_key: a second key that is none, and the first is trusted',
      'checkpoint_key',
      edit(base, (receipt) => receipt.keys.push('name')),
      [base.trustedKey],
    ),
    toVector(
      'checkpoint_key: a first key that is none, and one is trusted',
      'checkpoint_key',
      edit(base, (receipt) => (receipt.keys[0] = 'name')),
      [base.trustedKey],
    ),
    toVector('checkpoint_key: the reader knows of another new key', 'checkpoint_key', byKnownKeys, [byKnownKeys.trustedKey], {
      rotations: [makeRotation(stranger, 1, [byKnownKeys.noteKeys[0]!, stranger])],
    }),
    toVector('checkpoint_key: the reader has a rotation that is none', 'checkpoint_key', base, [base.trustedKey], { rotations: ['autopack'] }),
    toVector('checkpoint_key: the reader trusts another key', 'checkpoint_key', base, [stranger.verifierKey]),
    toVector('checkpoint_key: the reader trusts what is no key', 'checkpoint_key', base, ['localhost']),
    ...listRotationVectors(),
  ]
}

function listRotationVectors(): ReceiptVector[] {
  const plain = makeReceipt({ ...small, others: 1, state: 'EXPIRED' })
  const [old] = plain.noteKeys as [MadeReceipt['noteKeys'][number]]
  const [next, third] = [makeNoteKey(), makeNoteKey()]
  const size = plain.log.length
  const withRotations = (...rotations: string[]) => edit(plain, (receipt) => (receipt.rotations = rotations))
  const bad: Array<[what: string, made: MadeReceipt]> = [
    ['a key that was replaced before', withRotations(makeRotation(next, size - 1, [old, next]))],
    ['a rotation that the new key did not sign', withRotations(makeRotation(next, size, [old]))],
    ['a key that was replaced twice', withRotations(makeRotation(next, size, [old, next]), makeRotation(third, size, [old, third]))],
    ['a rotation by the same key twice', withRotations(makeRotation(next, size, [old, next, next]))],
    ['a rotation of strangers with a broken line of a key that is believed', withRotations(spoil(makeRotation(next, 1, [third, next, old])))],
    [
      'a time that is none',
      edit(plain, (receipt) => (receipt.checkpoint = makeCheckpoint(plain.log, plain.log.length, [old], '2026-99-99T99:99:99.999Z'))),
    ],
    [
      'a broken line of a key that is believed, beside a good one',
      edit(plain, (receipt) => {
        receipt.rotations = [makeRotation(next, size - 1, [old, next])]
        receipt.checkpoint = spoil(makeCheckpoint(plain.log, size, [next, old]))
      }),
    ],
  ]
  const typed = Buffer.from(`01${identity}`, 'hex')
  const keyId = createHash('sha256').update(`${old.name}\n`).update(typed).digest().subarray(0, 4)
  const everybodys = edit(plain, (receipt) => {
    receipt.keys = [`${old.name}+${keyId.toString('hex')}+${typed.toString('base64')}`]
    const signature = Buffer.concat([keyId, Buffer.from(identity, 'hex'), Buffer.alloc(32)]).toString('base64')
    receipt.checkpoint = `${receipt.checkpoint.split('\n\n')[0]}\n\n— ${old.name} ${signature}\n`
  })
  return [
    toVector('checkpoint_key: a key with which everybody signs', 'checkpoint_key', everybodys),
    ...bad.map(([what, made]) => toVector(`checkpoint_key: ${what}`, 'checkpoint_key', made)),
    toVector('a key that is replaced later', 'ok', withRotations(makeRotation(next, size, [old, next]))),
    toVector('a rotation of another log', 'ok', withRotations(makeRotation(makeNoteKey('otherhost/audit'), size, [old]))),
    toVector('a rotation of keys that nobody believes', 'ok', withRotations(makeRotation(third, 1, [next, third]))),
    toVector('a rotation of keys that nobody believes, with a broken line', 'ok', withRotations(spoil(makeRotation(third, 1, [next, third])))),
    toVector('the same rotation twice', 'ok', withRotations(...Array.from({ length: 2 }, () => makeRotation(next, size, [old, next])))),
  ]
}

/** By a console that lies: whatever it says is hashed and signed. */
function listLies(): ReceiptVector[] {
  const other = makeSoftwarePasskey('ES256')
  const lies: Array<[reason: string, what: string, knobs: ReceiptKnobs]> = [
    ['descriptor', 'one of another kind of action', { alter: { descriptor: (descriptor) => (descriptor.operation = 'list_listings') } }],
    ['descriptor', 'one with another id inside', { alter: { revision: (record) => (record.descriptor.id = 'demo_shop.list_listings') } }],
    ['descriptor', 'a text that hides something', { alter: { descriptor: (descriptor) => (descriptor.title = 'Take\u202edown') } }],
    ['descriptor', 'a text of two lines', { alter: { descriptor: (descriptor) => (descriptor.undo.text = 'None.\nVERIFIED') } }],
    [
      'descriptor',
      'a field whose path ends in a line feed',
      {
        alter: {
          descriptor: (descriptor) => descriptor.fields.push({ path: '/target\n', label: 'x', group: 'x', format: 'text', must_see: false }),
        },
      },
    ],
    ['descriptor', 'one that says nothing of approval', { alter: { descriptor: (descriptor) => delete descriptor.approval } }],
    ['descriptor', 'one that asks nobody', { alter: { descriptor: (descriptor) => (descriptor.approval.all_of = []) } }],
    ['descriptor', 'one that asks for no one of a group', { alter: { descriptor: (descriptor) => (descriptor.approval.all_of[0].count = 0) } }],
    ['descriptor', 'one that is longer than any', { alter: { descriptor: (descriptor) => (descriptor.hidden = 'x'.repeat(65_536)) } }],
    ['payload', 'another mode', { alter: { revision: (record) => (record.mode = 'dry_run') } }],

    [
      'record',
      'an event about something else',
      { alter: { events: (events) => events.with(0, { told: true, event: { event_type: 'run.reported' } }).concat() } },
    ],
    [
      'record',
      'a decision that two events recorded',
      { alter: { events: (events) => events.flatMap((one) => (isOf('external_action.approved')(one) ? [one, structuredClone(one)] : [one])) } },
    ],
    ['record', 'a decision that no event recorded', { alter: { events: forget('external_action.approved', 'record_sha256') } }],
    ['record', 'a record in an event of another kind', { alter: { events: rename('external_action.approved', 'external_action.rejected') } }],
    ['record', 'another name in the event', { alter: { events: change('external_action.approved', { auth_principal_name: 'Eve' }) } }],
    ['record', 'another reason in the event', { alter: { events: change('external_action.approved', { reason: 'Because.' }) } }],
    ['record', 'an approval about another action', { alter: { events: change('external_action.approved', { approval_ref: null }) } }],
    [
      'record',
      'an event about the action and something more',
      { alter: { events: change('external_action.decision_refused', { approval_ref: { kind: 'external_action', id: actionId, more: 1 } }) } },
    ],
    ['record', 'the hash of a record that is no text', { alter: { events: change('external_action.decision_refused', { record_sha256: 5 }) } }],
    ['record', 'another revision in the event', { alter: { events: change('external_action.claimed', { revision: 0 }) } }],
    ['record', 'a revision in the event that is no number', { alter: { events: change('external_action.claimed', { revision: true }) } }],
    ['record', 'another payload in the event', { alter: { events: change('external_action.claimed', { payload_hash: sha256('another') }) } }],
    ['record', 'another revision than in the event', { alter: { revision: (record) => (record.revision = 2) } }],
    ['record', 'a decision about another revision than its event', { alter: { decision: (record) => (record.revision = 2) } }],
    [
      'record',
      'a claim of the revision before, which nobody approved',
      { state: 'CANCELLED', revised: true, alter: { events: claimBefore('external_action.revised') } },
    ],
    ['record', 'a claim of the revision before, and one of this', { revised: true, alter: { events: claimBefore('external_action.revised') } }],
    [
      'record',
      'a claim of the revision before that recorded nothing',
      { state: 'CANCELLED', revised: true, alter: { events: claimBefore('external_action.revised', null) } },
    ],
    [
      'record',
      'a passkey that somebody else added',
      { approvers: [ada], alter: { events: change('passkey.added', { auth_principal_id: somebodyElse }) } },
    ],
    [
      'record',
      'an enrolment that recorded nothing, beside the one that did',
      {
        approvers: [ada],
        alter: {
          events: (events) => [
            ...events,
            ...events.filter(isOf('passkey.added')).map(({ event }) => ({ told: true, event: { ...event, record_sha256: null } })),
          ],
        },
      },
    ],
    [
      'record',
      'observations that are numbered backwards',
      { observations: ['drifted', 'verified'], alter: { observation: (record) => (record.no = 3 - record.no) } },
    ],
    ['record', 'observations with a gap', { observations: ['verified'], alter: { observation: (record) => (record.no = 2) } }],

    [
      'state',
      'a revision of another action',
      { alter: { revision: (record) => (record.action_id = `act_${'0'.repeat(8)}-1111-4111-8111-111111111111`) } },
    ],
    [
      'state',
      'another revision',
      { alter: { revision: (record) => (record.revision = 2), events: change('external_action.proposed', { revision: 2 }) } },
    ],
    ['state', 'a later revision that an event names', { alter: { events: change('external_action.decision_refused', { revision: 2 }) } }],
    [
      'state',
      'done, though its outcome says that it failed',
      { alter: { outcome: (record) => Object.assign(record, { outcome: 'failed', sent: 'no', sent_sha256: null }) } },
    ],
    ['state', 'looked up, though it was known', { resolved: 'completed', alter: { outcome: (record) => (record.outcome = 'failed') } }],
    [
      'state',
      'an event that does not lead there',
      { state: 'EXPIRED', alter: { events: rename('external_action.expired', 'external_action.cancelled') } },
    ],
    ['state', 'the end of another revision', { state: 'EXPIRED', alter: { events: change('external_action.expired', { revision: 0 }) } }],
    ['state', 'done without a claim', { state: 'APPROVED', alter: { events: change('external_action.approved', { result_status: 'COMPLETED' }) } }],
    [
      'state',
      'claimed, and that is called expired',
      { state: 'EXECUTING', alter: { events: change('external_action.claimed', { result_status: 'EXPIRED' }) } },
    ],
    ['state', 'an end that the log does not tell', { alter: { events: change('external_action.finished', { result_status: 'FAILED' }) } }],

    ['policy', 'no passkey', { stepUp: 'passkey', alter: { revision: (record) => (record.step_up = 'none') } }],
    ['policy', 'fewer people', { approvers: [unsigned, unsigned], alter: { revision: (record) => record.quorum.pop() } }],
    ['policy', 'nobody', { alter: { revision: (record) => (record.quorum = []) } }],
    [
      'policy',
      'an approver in place of an admin',
      { approvers: [{ ...bo, key: null }], alter: { revision: (record) => (record.quorum[0].role = 'approver') } },
    ],
    ['policy', 'a place too many', { alter: { revision: (record) => record.quorum.push({ group: 1, slot: 0, role: 'approver' }) } }],
    ['policy', 'a place twice', { approvers: [unsigned, unsigned], alter: { revision: (record) => (record.quorum[1].slot = 0) } }],
    ['policy', 'no hold', { holdSeconds: 120, alter: { revision: (record) => (record.hold_seconds = 0) } }],
    ['policy', 'longer to decide', { alter: { revision: (record) => (record.decide_by = '2027-11-23T10:00:00.000Z') } }],
    ['policy', 'longer to execute', { alter: { revision: (record) => (record.execute_within_seconds += 1) } }],
    ['policy', 'longer to execute on a grant', { ...onGrant, alter: { revision: (record) => (record.execute_within_seconds += 1) } }],
    ['policy', 'a hold on a grant', { ...onGrant, alter: { revision: (record) => (record.hold_seconds = 1) } }],
    ['policy', 'people on a grant', { ...onGrant, alter: { revision: (record) => record.quorum.push({ group: 0, slot: 0, role: 'approver' }) } }],
    ['policy', 'a tier that its descriptor does not say', { tier: 'A' }],
    ['policy', 'a grant for tier C', { ...onGrant, tier: 'C' }],
    ['policy', 'a grant for another tier', { ...onGrant, tier: 'A' }],
    ['policy', 'a grant that its descriptor does not give', { ...onGrant, alter: { descriptor: (descriptor) => (descriptor.grant = null) } }],
    ['policy', 'a grant for what cannot be explained', { ...onGrant, payload: buildStock({ body: { more: 1 } }) }],
    ['policy', 'a grant for what nobody described', { descriptor: null, authorizedBy: 'policy' }],
    ['policy', 'one approver for what nobody described', { descriptor: null, approvers: [unsigned], stepUp: 'passkey' }],
    ['policy', 'no passkey for what nobody described', { descriptor: null, approvers: [unsigned, unsigned], stepUp: 'preferred' }],
    [
      'policy',
      'more people than can be counted',
      { alter: { descriptor: (descriptor) => (descriptor.approval.all_of[0].count = 9_007_199_254_740_991) } },
    ],

    [
      'enrolment',
      'another relying party than the record says',
      { alter: { passkey: (record) => (record.relying_party.origin = 'https://elsewhere.example') } },
    ],
    ['enrolment', 'client data that is nested too deep', { alter: { passkey: nest(16) } }],
    ['enrolment', 'client data with half of a surrogate pair', { alter: { passkey: sayInClientData('"more":"\\ud800"') } }],
    ['enrolment', 'endorsed for another passkey', { ...endorsed, alter: { act: (statement) => (statement.subject.credential_id = 'AAAA') } }],
    ['enrolment', 'endorsed for somebody else', { ...endorsed, alter: { act: (statement) => (statement.operator.sub = somebodyElse) } }],
    ['enrolment', 'endorsed by another act', { ...endorsed, alter: { act: (statement) => (statement.purpose = 'passkey_remove') } }],
    ['enrolment', 'endorsed with a member more', { ...endorsed, alter: { act: (statement) => (statement.subject.also = 1) } }],
    ['enrolment', 'endorsed at another origin', { ...endorsed, alter: { endorsement: { origin: 'https://elsewhere.example' } } }],
    ['enrolment', 'endorsed by another key', { ...endorsed, alter: { endorsement: { by: other } } }],
    ['enrolment', 'endorsed without its owner', { ...endorsed, alter: { endorsement: { userVerified: false } } }],
    ['enrolment', 'endorsed over another challenge', { ...endorsed, alter: { endorsement: { challenge: Buffer.alloc(32).toString('base64url') } } }],
    [
      'enrolment',
      'endorsed by a passkey that is not there',
      {
        ...endorsed,
        alter: {
          passkey: (record) => {
            if (record.endorsement !== null) record.endorsement.credential_id = 'AAAA'
          },
        },
      },
    ],
    [
      'enrolment',
      'endorsed by a passkey of somebody else',
      {
        ...endorsed,
        alter: {
          passkey: (record) => {
            if (record.endorsement === null) record.operator_id = somebodyElse
          },
        },
      },
    ],
    [
      'enrolment',
      'endorsed by one that came later',
      {
        ...endorsed,
        alter: { events: (events) => [...events.filter(isOf('passkey.added')).toReversed(), ...events.filter((one) => !isOf('passkey.added')(one))] },
      },
    ],

    ['enrolment', 'made as if it signed', { alter: { enrolment: { type: 'webauthn.get' } } }],
    ['enrolment', 'made at another origin', { alter: { enrolment: { origin: 'https://elsewhere.example' } } }],
    ['enrolment', 'made for another relying party', { alter: { enrolment: { rpId: 'elsewhere.example' } } }],
    ['enrolment', 'made inside a page of another origin', { alter: { enrolment: { crossOrigin: true } } }],
    ['enrolment', 'made without its owner', { alter: { enrolment: { userPresent: false } } }],
    ['enrolment', 'made without checking its owner', { alter: { enrolment: { userVerified: false } } }],
    ['enrolment', 'another credential', { alter: { enrolment: { credentialId: Buffer.alloc(32, 9) } } }],
    ['enrolment', 'another public key', { alter: { passkey: (record) => (record.public_key = other.publicKey) } }],
    ...listPublicKeys().map(([what, ...parts]): [string, string, ReceiptKnobs] => ['enrolment', what, { alter: enrolKey(parts) }]),
    [
      'enrolment',
      'an attestation with a number beside its texts',
      {
        alter: {
          passkey: (record) => (record.attestation_object = toCbor(new Map<unknown, unknown>([...attestation, [1, 1]])).toString('base64url')),
        },
      },
    ],
    ['enrolment', 'a format that is not taken', { alter: { enrolment: { fmt: 'tpm' } } }],
    ['enrolment', 'certificates', { alter: { enrolment: { x5c: true } } }],
    ['enrolment', 'an attestation that is no CBOR', { alter: { passkey: (record) => (record.attestation_object = 'AAAA') } }],
    ['enrolment', 'client data that is no JSON', { alter: { passkey: (record) => (record.client_data = 'AAAA') } }],

    ...(
      [
        ['another version', (statement) => (statement.v = 'autopack-act/1')],
        ['another purpose', (statement) => (statement.purpose = 'reject')],
        ['another action', (statement) => (statement.action.id = `act_${'0'.repeat(8)}-1111-4111-8111-111111111111`)],
        ['another revision', (statement) => (statement.action.revision = 2)],
        ['another payload', (statement) => (statement.action.payload_hash = sha256('another'))],
        ['no descriptor', (statement) => (statement.descriptor = null)],
        ['another descriptor', (statement) => (statement.descriptor = { ...statement.descriptor, version: 99 })],
        ['another drawing', (statement) => (statement.display_sha256 = sha256('another'))],
        ['another mode', (statement) => (statement.mode = 'dry_run')],
        ['another approver', (statement) => (statement.approver.sub = `op_${'0'.repeat(8)}-1111-4111-8111-111111111111`)],
        ['another requester', (statement) => (statement.requested_by = { ...statement.requested_by, name: 'other-agent' })],
        ['another deadline to decide', (statement) => (statement.decide_by = '2027-01-01T00:00:00.000Z')],
        ['another deadline to execute', (statement) => (statement.execute_by = '2027-01-01T00:00:00.000Z')],
        ['a member too many', (statement) => (statement.also = 1)],
        ['a member too few', (statement) => delete statement.nonce],
        ['a nonce of another form', (statement) => (statement.nonce = 'short')],
      ] as Array<[string, (statement: Loose) => void]>
    ).map(([what, statement]): [string, string, ReceiptKnobs] => ['statement', what, { alter: { statement } }]),
    [
      'statement',
      'a text that is not canonical',
      { alter: { decision: (record) => (record.signature.statement = ` ${record.signature.statement}`) } },
    ],
    ['statement', 'an end of its time in the year 10000', { alter: { revision: atTheEnd } }],
    ['statement', 'no end of its time', { alter: { revision: atTheEnd, statement: (statement) => (statement.execute_by = null) } }],
    ['statement', 'no statement', { alter: { decision: (record) => (record.signature.statement = '{}') } }],

    ['signature', 'made as if a passkey were made', { alter: { assertion: { type: 'webauthn.create' } } }],
    ['signature', 'over another challenge', { alter: { assertion: { challenge: Buffer.alloc(32).toString('base64url') } } }],
    ['signature', 'at another origin', { alter: { assertion: { origin: 'https://elsewhere.example' } } }],
    ['signature', 'for another relying party', { alter: { assertion: { rpId: 'elsewhere.example' } } }],
    ['signature', 'inside a page of another origin', { alter: { assertion: { crossOrigin: true } } }],
    ['signature', 'without its owner', { alter: { assertion: { userPresent: false } } }],
    ['signature', 'without checking its owner', { alter: { assertion: { userVerified: false } } }],
    ['signature', 'by another key', { alter: { assertion: { by: other } } }],
    ['signature', 'by another key (EdDSA)', { approvers: [bo], alter: { assertion: { by: makeSoftwarePasskey('EdDSA') } } }],
    ['signature', 'of EdDSA that proves no secret', { approvers: [{ ...ada, key: 'EdDSA' }], alter: { assertion: { identityAsR: true } } }],
    ['signature', 'that is no DER', { alter: { decision: (record) => (record.signature.signature = 'AAAA') } }],
    ['signature', 'something behind the authenticator data', { alter: { decision: (record) => (record.signature.authenticator_data += 'AAAA') } }],
    ['signature', 'said to be there, and is not', { alter: { decision: (record) => (record.signature = null) } }],
    ['signature', 'there, and said to be a password', { alter: { decision: (record) => (record.strength = 'password') } }],
    ['signature', 'by a passkey that is not there', { alter: { decision: (record) => (record.signature.credential_id = 'AAAA') } }],
    [
      'signature',
      'by a passkey of somebody else',
      { alter: { passkey: (record) => (record.operator_id = `op_${'0'.repeat(8)}-1111-4111-8111-111111111111`) } },
    ],
    ['signature', 'by a passkey that was enrolled later', { alter: { events: last('passkey.added') } }],
    ['signature', 'of a rejection', { state: 'REJECTED', alter: { decision: (record) => (record.strength = 'passkey') } }],

    [
      'display',
      'another drawing than was approved',
      { approvers: [unsigned], alter: { decision: (record) => (record.display_sha256 = sha256('another')) } },
    ],
    ['display', 'no drawing', { approvers: [unsigned], alter: { decision: (record) => (record.display_sha256 = null) } }],
    ['display', 'another drawing than was signed', { alter: { ...lieAbout('display_sha256', sha256('another')) } }],

    [
      'quorum',
      'one person twice',
      {
        approvers: [ada, ada].map((one) => ({ ...one, key: null })),
        alter: { decision: (record) => (record.operator_id = `op_${'0'.repeat(8)}-1111-4111-8111-111111111111`) },
      },
    ],
    ['quorum', 'a viewer', { approvers: [{ ...ada, role: 'viewer' }] }],
    ['quorum', 'an approver where an admin is needed', { approvers: [bo], alter: { decision: (record) => (record.operator_role = 'approver') } }],
    ['quorum', 'who asked for it, by name', { startedBy: '\u200bａda' }],
    ['quorum', 'who asked for it, by id', { startedBy: 'OP_00000100-1111-4111-8111-111111111111' }],
    ['quorum', 'not signed, where a passkey is needed', { approvers: [unsigned], stepUp: 'passkey' }],
    [
      'quorum',
      'a place that is not filled',
      {
        alter: {
          descriptor: (descriptor) => descriptor.approval.all_of.push({ role: 'approver', count: 1 }),
          revision: (record) => record.quorum.push({ group: 1, slot: 0, role: 'approver' }),
        },
      },
    ],
    [
      'quorum',
      'given after the time to decide',
      {
        alter: {
          decision: (record) => (record.decided_at = '2027-11-23T10:00:00.000Z'),
          claim: (record) => (record.claimed_at = '2027-11-23T10:00:05.000Z'),
        },
      },
    ],
    ['quorum', 'given before there was anything to decide', { alter: { decision: (record) => (record.decided_at = '2025-11-23T10:00:00.000Z') } }],
    ['quorum', 'recorded before what it is about', { alter: { events: moveBehind('external_action.proposed', 'external_action.approved') } }],
    ['quorum', 'a policy where people have to approve', { alter: { claim: (record) => (record.authorized_by = 'policy') } }],
    ['quorum', 'people where nobody has to approve', { ...onGrant, alter: { claim: (record) => (record.authorized_by = 'people') } }],
    ['quorum', 'a place that is filled twice', { approvers: two, alter: { decision: (record) => (record.slot = { group: 0, slot: 0 }) } }],
    ['quorum', 'an approval without a place', { alter: { decision: (record) => (record.slot = null) } }],
    ['quorum', 'an approval after the claim', { alter: { events: moveBehind('external_action.approved', 'external_action.claimed') } }],
    [
      'quorum',
      'an approval of another payload',
      {
        alter: {
          decision: (record) => (record.payload_hash = sha256('another')),
          events: change('external_action.approved', { payload_hash: sha256('another') }),
        },
      },
    ],
    ['quorum', 'an approval by another descriptor', { approvers: [unsigned], alter: { decision: (record) => (record.descriptor_sha256 = null) } }],

    [
      'execution',
      'another payload',
      {
        alter: {
          claim: (record) => (record.payload_hash = sha256('another')),
          events: change('external_action.claimed', { payload_hash: sha256('another') }),
        },
      },
    ],
    [
      'execution',
      'an outcome that was recorded before the claim',
      { resolved: 'completed', alter: { events: moveBehind('external_action.claimed', 'external_action.finished') } },
    ],
    [
      'execution',
      'a claim that was recorded before the proposal',
      { ...onGrant, alter: { events: moveBehind('external_action.proposed', 'external_action.claimed') } },
    ],
    ['execution', 'another executor', { alter: { claim: (record) => (record.executor_id = 'exr_another') } }],
    ['execution', 'during the hold', { holdSeconds: 120, alter: { claim: (record) => (record.claimed_at = '2026-11-23T10:01:00.000Z') } }],
    ['execution', 'before it was approved', { alter: { claim: (record) => (record.claimed_at = '2026-11-23T09:00:00.000Z') } }],
    ['execution', 'after its time', { alter: { claim: (record) => (record.claimed_at = '2026-11-25T11:30:00.000Z') } }],
    ['execution', 'an outcome of another', { alter: { outcome: (record) => (record.execution_id = 'exe_another') } }],
    [
      'execution',
      'an observation of another',
      { observations: ['verified'], alter: { observation: (record) => (record.execution_id = 'exe_another') } },
    ],
    ['execution', 'a resolution of another', { resolved: 'completed', alter: { resolution: (record) => (record.execution_id = 'exe_another') } }],
    ['record', 'begun without a claim', { state: 'EXECUTING', alter: { events: forget('external_action.claimed', 'record_sha256') } }],
    [
      'execution',
      'claimed and expired',
      {
        state: 'EXECUTING',
        alter: {
          events: (events) => [
            ...events,
            ...events.filter(isOf('external_action.claimed')).map(({ event }) => ({
              told: true,
              event: { ...event, event_type: 'external_action.expired', result_status: 'EXPIRED', record_sha256: null },
            })),
          ],
        },
      },
    ],

    ['sent', 'other bytes were expected', { alter: { claim: (record) => (record.expected_sha256 = sha256('another')) } }],
    ['sent', 'other bytes were sent', { alter: { outcome: (record) => (record.sent_sha256 = sha256('another')) } }],
    ['sent', 'nobody says what was sent', { alter: { outcome: (record) => (record.sent_sha256 = null) } }],
    ['sent', 'done in a dry run', { payload: { ...buildTakedown(), mode: 'dry_run' } }],
    ['sent', 'simulated, and live', { state: 'SIMULATED', payload: buildTakedown() }],
    ['sent', 'simulated, and perhaps sent', { state: 'SIMULATED', alter: { outcome: (record) => (record.sent = 'unknown') } }],
    ['sent', 'done, and not sent', { alter: { outcome: (record) => (record.sent = 'no') } }],
    ['sent', 'failed, and perhaps sent', { state: 'FAILED', alter: { outcome: (record) => (record.sent = 'unknown') } }],
    ['quorum', 'a viewer who rejects', { state: 'REJECTED', alter: { decision: (record) => (record.operator_role = 'viewer') } }],
    ['quorum', 'a viewer who says what came of it', { resolved: 'failed', alter: { resolution: (record) => (record.operator_role = 'viewer') } }],
    ['record', 'taken back by nobody', { state: 'REVOKED', alter: { events: forget('external_action.revoked', 'record_sha256') } }],
    ['sent', 'something in a dry run', { state: 'SIMULATED', alter: { outcome: (record) => (record.sent = 'yes') } }],
  ]
  const edits: Readonly<Record<string, (receipt: Loose) => void>> = {
    'done without a claim': (receipt) => (receipt.action.state = 'COMPLETED'),
    'claimed, and that is called expired': (receipt) => (receipt.action.state = 'EXPIRED'),
    'claimed and expired': (receipt) => (receipt.action.state = 'EXPIRED'),
    'begun without a claim': (receipt) => (receipt.executions = []),
  }
  return lies.map(([reason, what, knobs]) => {
    const dry = knobs.state === 'SIMULATED' ? { payload: { ...buildTakedown(), mode: 'dry_run' as const } } : {}
    const made = makeReceipt({ ...small, ...dry, approvers: [aboutSignatures.has(reason) ? ada : unsigned], ...knobs })
    const change = edits[what]
    return toVector(`${reason}: ${what}, and signed into the log`, reason, change === undefined ? made : edit(made, change))
  })
}

/** With the exported log beside it. */
function listBesideLogs(): ReceiptVector[] {
  const whole = makeReceipt({ ...small, others: 2, approvers: [unsigned], refusedLater: true })
  const cut = edit(whole, (receipt) => {
    receipt.action.state = 'APPROVED'
    receipt.executions = []
    leaveOut(receipt, (event) => ['external_action.claimed', 'external_action.finished'].includes(String(event['event_type'])))
  })
  const other = makeReceipt({ ...small, others: 3, approvers: [unsigned] })
  const beside = (what: string, verdict: string, made: Pick<MadeReceipt, 'text'>, log: string[]) =>
    toVector(what, verdict, made, [whole.trustedKey], { log })
  return [
    beside('done, with the log beside it', 'ok', whole, whole.lines),
    toVector('done, with the log beside it, and no key', 'ok', whole, [], { log: whole.lines }),
    toVector('cut off where it was only approved, and no log beside it', 'ok', cut),
    beside('log: cut off where it was only approved', 'log', cut, whole.lines),
    beside('log: one that ends before the checkpoint', 'log', whole, whole.lines.slice(0, -1)),
    beside('log: none', 'log', whole, []),
    beside('log: another one', 'log', whole, other.lines),
    beside('log: one with an entry changed', 'log', whole, whole.lines.with(0, whole.lines[0]!.replace('run.reported', 'run.recorded'))),
    beside(
      'record: a receipt that does not hold, beside the log',
      'record',
      edit(whole, (receipt) => (receipt.decisions[0].name = 'Eve')),
      whole.lines,
    ),
  ]
}

function toVector(
  what: string,
  verdict: string,
  made: Pick<MadeReceipt, 'text'>,
  trusted_keys: string[] = [],
  { rotations = [], log = null }: Partial<Pick<ReceiptVector, 'rotations' | 'log'>> = {},
): ReceiptVector {
  return { what, verdict, trusted_keys, rotations, log, text: made.text }
}

function withoutRotations(made: MadeReceipt): MadeReceipt {
  return edit(made, (receipt) => (receipt.rotations = []))
}

/** Leaves the entries out whose events are such, all of them or the first ones, and what is an observation of the receipt with them. */
function leaveOut(receipt: Loose, which: (event: Record<string, unknown>) => boolean, most = Infinity): void {
  const gone = receipt.audit.filter(({ event }: { event: string }) => which(JSON.parse(event) as Record<string, unknown>)).slice(0, most)
  receipt.audit = receipt.audit.filter((entry: Loose) => !gone.includes(entry))
  if (gone.some(({ event }: { event: string }) => event.includes('"external_action.observed"')))
    receipt.executions[0].observations.splice(0, gone.length)
}

/** The note with its last signature changed. */
function spoil(note: string): string {
  return flip(note, note.length - 20)
}

/** Puts a member into the client data of a passkey, which nobody signed. */
function sayInClientData(member: string): (record: Loose) => void {
  return (record) => {
    const said = Buffer.from(record.client_data as string, 'base64url').toString()
    record.client_data = Buffer.from(said.replace(/}$/, `,${member}}`)).toString('base64url')
  }
}

function nest(levels: number): (record: Loose) => void {
  return sayInClientData(`"more":${'['.repeat(levels)}${']'.repeat(levels)}`)
}

function edit(made: MadeReceipt, change: (receipt: Loose) => void): MadeReceipt {
  const receipt = structuredClone(made.receipt)
  change(receipt)
  return { ...made, receipt, text: JSON.stringify(receipt) }
}

function flip(text: string, place: number): string {
  return text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1)
}

/** Another event in an entry, with the hash that it then has. */
function rehash(entry: Loose, event: string): void {
  const seq = Buffer.alloc(8)
  seq.writeBigUInt64BE(BigInt(entry.seq))
  entry.event = event
  entry.hash = createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), seq, Buffer.from(entry.prev, 'hex'), Buffer.from(event)]))
    .digest('hex')
}

type Events = NonNullable<NonNullable<ReceiptKnobs['alter']>['events']>

/** What is read of an attestation before its authenticator data. */
const attestation: ReadonlyArray<[unknown, unknown]> = [['fmt', 'none'], ['attStmt', new Map()], ['authData', Buffer.alloc(37)]] // prettier-ignore

/** Public keys that two readers could judge differently, or with which anybody could sign: the parts of each, by their labels. */
function listPublicKeys(): Array<[what: string, ...parts: Array<[number, unknown]>]> {
  const point = Buffer.alloc(32, 1)
  const modulus = Buffer.from(generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ format: 'jwk' }).n!, 'base64url')
  const rsa = (what: string, exponent: number[], n = modulus): [string, ...Array<[number, unknown]>] => [
    what,
    ...([[1, 3], [3, -257], [-1, n], [-2, Buffer.from(exponent)]] as Array<[number, unknown]>), // prettier-ignore
  ]
  const edwards = (what: string, hex: string): [string, ...Array<[number, unknown]>] => [
    what,
    ...([[1, 1], [3, -8], [-1, 6], [-2, Buffer.from(hex, 'hex')]] as Array<[number, unknown]>), // prettier-ignore
  ]
  return [
    ['a key whose algorithm is a list', [1, 2], [3, []], [-1, 1], [-2, point], [-3, point]],
    ['a key whose algorithm is a map', [1, 2], [3, new Map()], [-1, 1], [-2, point], [-3, point]],
    ['a key whose curve is true', [1, 2], [3, -7], [-1, true], [-2, point], [-3, point]],
    ['a key whose type is true', [1, true], [3, -8], [-1, 6], [-2, point]],
    rsa('a key with which everybody signs', [1]),
    rsa('a key with an even exponent', [4]),
    rsa('a key with an exponent that is longer than it needs to be', [0, 1, 0, 1]),
    rsa('a key with an exponent of 34 bits', [2, 0, 0, 0, 1]),
    rsa(
      'a key with an exponent of 100 bits',
      Array.from({ length: 13 }, () => 7),
    ),
    rsa('a key with an even modulus', [1, 0, 1], Buffer.concat([modulus.subarray(0, -1), Buffer.of(2)])),
    edwards('a key that is the identity', identity),
    edwards('a key that is the identity, written otherwise', 'ee'.padEnd(62, 'f') + '7f'),
    edwards('a key of order 2', 'ec'.padEnd(62, 'f') + '7f'),
    edwards('a key of order 4', '00'.repeat(32)),
    edwards('a key of order 4 of the other sign', '00'.repeat(31) + '80'),
    edwards('a key of order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
    edwards('a key of order 8 of the other half', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
  ]
}

/** What is decided so late is executed in the year 10000, which no moment has. */
function atTheEnd(revision: Loose): void {
  Object.assign(revision, { created_at: '9999-12-30T23:00:00.000Z', decide_by: '9999-12-31T23:00:00.000Z' })
}

function enrolKey(parts: ReadonlyArray<[number, unknown]>): NonNullable<ReceiptKnobs['alter']> {
  const publicKey = toCbor(new Map(parts))
  return { enrolment: { publicKey }, passkey: (record) => (record.public_key = publicKey.toString('base64url')) }
}

function isOf(type: string): (one: { event: Record<string, unknown> }) => boolean {
  return ({ event }) => event['event_type'] === type
}

function change(type: string, members: Record<string, unknown>): Events {
  return (events) => events.map(({ told, event }) => ({ told, event: event['event_type'] === type ? { ...event, ...members } : event }))
}

function rename(type: string, other: string): Events {
  return change(type, { event_type: other })
}

/** Tells before an event of this type that the first revision was claimed. */
function claimBefore(type: string, record_sha256: string | null = sha256('a claim')): Events {
  return (events) => {
    const { event } = events.find(isOf('external_action.proposed'))!
    const claimed = { ...event, event_type: 'external_action.claimed', result_status: 'EXECUTING', record_sha256 }
    return events.flatMap((one) => (isOf(type)(one) ? [{ told: true, event: claimed }, one] : [one]))
  }
}

function forget(type: string, member: string): Events {
  return change(type, { [member]: null })
}

function last(type: string): Events {
  return (events) => [...events.filter(({ event }) => event['event_type'] !== type), ...events.filter(({ event }) => event['event_type'] === type)]
}

function moveBehind(type: string, other: string): Events {
  return (events) => {
    const moved = events.filter(({ event }) => event['event_type'] === type)
    return events.flatMap((one) => (one.event['event_type'] === type ? [] : one.event['event_type'] === other ? [one, ...moved] : [one]))
  }
}

/** In the record and in what is signed alike. */
function lieAbout(member: string, value: unknown): NonNullable<ReceiptKnobs['alter']> {
  return { statement: (statement) => (statement[member] = value), decision: (record) => (record[member] = value) }
}
