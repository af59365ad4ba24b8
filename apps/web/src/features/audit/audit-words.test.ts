import type { AuditEntry, AuditEvent } from '@autopack/contract/audit'
import { describe, expect, it } from 'vitest'
import { toAuditLinks } from './audit-links.ts'
import { toDidWords, toProofWords, toResultWords, toSubjectWords } from './audit-words.ts'

const action = 'act_018f0000-0000-4000-8000-000000000001'

function buildEvent(more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    event_type: 'external_action.approved',
    at: '2026-11-22T13:36:00.000Z',
    request_id: null,
    auth_principal_type: 'operator',
    auth_principal_id: 'op_1',
    auth_principal_name: 'Mira',
    principal_chain: [],
    requested_by: null,
    approved_by: [],
    action_type: null,
    provider: null,
    operation: null,
    run_id: null,
    phase_id: null,
    approval_ref: null,
    revision: null,
    idempotency_key: null,
    requested_at: null,
    approved_at: null,
    executed_at: null,
    completed_at: null,
    payload_hash: null,
    payload_summary: null,
    external_target: null,
    external_object_id: null,
    result_status: 'ok',
    error_code: null,
    error_summary: null,
    reason: null,
    risk_score: null,
    risk_level: null,
    descriptor_version: null,
    kill_switch_snapshot: null,
    spend_snapshot: null,
    ...more,
  }
}

function buildEntry(seq: number, more: Partial<AuditEvent> = {}): AuditEntry {
  return { seq, prev: '0'.repeat(64), hash: '1'.repeat(64), event: buildEvent(more) }
}

describe('toAuditLinks', () => {
  it('leads to the run, the action and both neighbours', () => {
    const links = toAuditLinks(buildEntry(7, { run_id: 'nightly:2026', approval_ref: { kind: 'external_action', id: action } }))
    expect(links).toEqual({ self: '/audit/7', run: '/runs/nightly%3A2026', action: `/actions/${action}`, request: null })
  })

  it.each(['../../sign-in', 'act_../x', 'javascript:alert(1)', '//evil.example'])('makes no link of an id like %s', (id) => {
    expect(toAuditLinks(buildEntry(2, { approval_ref: { kind: 'external_action', id }, run_id: id }))).toMatchObject({ action: null, run: null })
  })

  it('leads to the request that executors asked people themselves, and nowhere when the id is of another kind', () => {
    const requestOf = (kind: string, id: string) => toAuditLinks(buildEntry(3, { approval_ref: { kind, id } })).request
    expect(requestOf('approval_request', 'apr_7')).toBe('/approvals/apr_7')
    expect(requestOf('governance_request', 'gov_0badcafe')).toBe('/approvals/gov_0badcafe')
    expect([requestOf('approval_request', 'gov_0badcafe'), requestOf('governance_request', '../x')]).toEqual([null, null])
  })

  it('makes no link of a kind of approval that has no page', () => {
    expect(toAuditLinks(buildEntry(2, { approval_ref: { kind: 'governance', id: action } })).action).toBeNull()
  })
})

describe('audit words', () => {
  it('marks a refusal as halted with its reason, and only a failure as failed', () => {
    expect(toResultWords(buildEvent({ result_status: 'refused', error_code: 'kill_switch_off' }))).toEqual({
      tone: 'halted',
      text: 'refused, kill switch off',
    })
    expect(toResultWords(buildEvent({ result_status: 'FAILED' })).tone).toBe('failed')
    expect(toResultWords(buildEvent({ result_status: 'UNKNOWN' })).tone).toBe('needs')
    expect(toResultWords(buildEvent({ result_status: 'COMPLETED', external_object_id: '17' }))).toEqual({
      tone: 'quiet',
      text: 'completed, object 17',
    })
  })

  it('writes out what an executor hid in its report, and leaves what the console has written out', () => {
    expect(toResultWords(buildEvent({ result_status: 'FAILED', error_code: 'SHOP\u202E_DOWN' })).text).toBe('failed, shop⟨U+202E⟩ down')
    expect(toResultWords(buildEvent({ result_status: 'refused', error_code: 'a\u200Bb' })).text).toBe('refused, a⟨U+200B⟩b')
    expect(toResultWords(buildEvent({ result_status: 'COMPLETED', external_object_id: '1\u202E7' })).text).toBe('completed, object 1⟨U+202E⟩7')
    expect(toSubjectWords(buildEvent({ payload_summary: 'report\u202Efdp.exe, as bytes' }))).toBe('report⟨U+202E⟩fdp.exe, as bytes')
    expect(toSubjectWords(buildEvent({ payload_summary: 'publish «⟨U+202E⟩a\u200B»' }))).toBe('publish «⟨U+202E⟩a⟨U+200B⟩»')
    expect(toSubjectWords(buildEvent({ external_target: 'shop\u2066' }))).toBe('shop⟨U+2066⟩')
  })

  it('says what was done without repeating the noun', () => {
    expect(toDidWords('external_action.claim_refused')).toBe('claim refused')
    expect(toDidWords('control.brake_released')).toBe('brake released')
    expect(toDidWords('sign_in.refused')).toBe('sign in refused')
    expect(toDidWords('heartbeat')).toBe('heartbeat')
  })

  it('names the subject by its best words and never invents one', () => {
    expect(toSubjectWords(buildEvent({ payload_summary: 'publish', run_id: 'r' }))).toBe('publish')
    expect(toSubjectWords(buildEvent({ run_id: 'r' }))).toBe('run r')
    expect(toSubjectWords(buildEvent())).toBeNull()
  })
})

describe('toProofWords', () => {
  const unsigned = { credential_id: null, signed_act_id: null, sole_operator: false }

  it('calls only an act that a passkey signed signed, and says what the others rest on', () => {
    expect(toProofWords(buildEvent({ proof: { ...unsigned, strength: 'passkey', credential_id: 'AQ', signed_act_id: 'sig_1' } }))).toEqual({
      signed: true,
      words: 'signed with a passkey',
    })
    expect(toProofWords(buildEvent({ proof: { ...unsigned, strength: 'password' } }))).toMatchObject({
      signed: false,
      words: expect.stringContaining('password') as unknown,
    })
    expect(toProofWords(buildEvent({ proof: { ...unsigned, strength: 'session' } }))).toMatchObject({
      signed: false,
      words: expect.stringContaining('session alone') as unknown,
    })
  })

  it('claims nothing of an act that asked for no proof, or of an entry from before there were any', () => {
    expect(toProofWords(buildEvent({ proof: null }))).toBeNull()
    expect(toProofWords(buildEvent())).toBeNull()
  })
})
