import { approvalChallenge, readApprovalStatement } from '@autopack/approval-proof/approval-statement'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { describe, expect, it, vi } from 'vitest'
import { StoppedAct } from '../../shared/stopped-act.ts'
import { buildHonestAction, buildListing } from './honest-action.ts'
import { loadDescriptorOf, readProposal } from './read-proposal.ts'
import { signApproval, type Consent, type Doors } from './sign-approval.ts'

const assertion = { credential_id: 'a2V5', authenticator_data: 'YQ', client_data: 'YQ', signature: 'YQ' }
const credentials = [{ credential_id: 'a2V5', transports: [] }]
const operator_id = 'op_00000000-0000-4000-8000-000000000002'

async function say(more: Partial<ExternalAction> = {}): Promise<Consent> {
  const { action, bytes } = buildHonestAction(buildListing(), more)
  const proposal = readProposal(action, bytes, await loadDescriptorOf(bytes))
  return { action, proposal, operator_id, reason: 'as agreed', key: 'k' }
}

function buildDoors(more: Partial<Doors> = {}) {
  return {
    createChallenge: vi.fn<Doors['createChallenge']>(async () => ({
      nonce: 'n'.repeat(43),
      rp_id: 'localhost',
      credentials,
      step_up: 'preferred' as const,
    })),
    getAssertion: vi.fn<Doors['getAssertion']>(async () => assertion),
    isStillShown: () => true,
    isAttended: () => true,
    onPrompt: () => undefined,
    console_build: 'index-1.js',
    ...more,
  }
}

const still = new AbortController().signal
const whyStopped = (doors: Doors, consent: Consent, signal = still) =>
  signApproval(consent, doors, { unsigned: false, signal }).then(
    () => 'sent',
    (error: unknown) => (error instanceof StoppedAct ? error.why : String(error)),
  )

describe('signApproval', () => {
  it('has the passkey sign the statement of exactly what was said yes to, and sends both', async () => {
    const consent = await say()
    const doors = buildDoors()
    const decision = await signApproval(consent, doors, { unsigned: false, signal: still })
    if (decision.kind !== 'approve' || decision.signature === undefined) throw new Error('not signed')
    const { statement } = decision.signature
    expect(vi.mocked(doors.getAssertion).mock.calls[0]![0]).toMatchObject({
      challenge: approvalChallenge(statement),
      rp_id: 'localhost',
      credentials,
    })
    const { action, proposal } = consent
    expect(readApprovalStatement(statement)).toMatchObject({
      ok: true,
      statement: {
        action: { id: action.action_id, revision: 1, payload_hash: proposal.hash },
        descriptor: proposal.descriptor_reference,
        display_sha256: proposal.rendered!.display_sha256,
        mode: 'live',
        approver: { sub: operator_id },
        nonce: 'n'.repeat(43),
        decide_by: action.decide_by,
        execute_by: action.latest_execute_by,
      },
    })
    expect(decision).toMatchObject({
      revision: 1,
      payload_hash: proposal.hash,
      display_sha256: proposal.rendered!.display_sha256,
      reason: 'as agreed',
    })
    expect(vi.mocked(doors.createChallenge).mock.calls[0]![0]).toEqual({
      purpose: 'approve',
      action_id: action.action_id,
      revision: 1,
      payload_hash: proposal.hash,
    })
  })

  it('sends nothing when the prompt was closed', async () => {
    expect(await whyStopped(buildDoors({ getAssertion: async () => null }), await say())).toBe('cancelled')
  })

  it('opens no prompt for what is no longer shown, for a person who looks elsewhere, and after it was called off', async () => {
    const calledOff = new AbortController()
    const doors = [
      buildDoors({ isStillShown: () => false }),
      buildDoors({ isAttended: () => false }),
      buildDoors({
        createChallenge: async () => (calledOff.abort(), { nonce: 'n'.repeat(43), rp_id: 'localhost', credentials, step_up: 'preferred' }),
      }),
    ]
    const consent = await say()
    expect(await whyStopped(doors[0]!, consent)).toBe('changed')
    expect(await whyStopped(doors[1]!, consent)).toBe('left')
    expect(await whyStopped(doors[2]!, consent, calledOff.signal)).toBe('cancelled')
    for (const door of doors) expect(door.getAssertion).not.toHaveBeenCalled()
  })

  it('sends nothing when the page changed while the prompt was open', async () => {
    let shown = true
    const doors = buildDoors({ isStillShown: () => shown, getAssertion: async () => ((shown = false), assertion) })
    expect(await whyStopped(doors, await say())).toBe('changed')
  })

  it('asks for no challenge when server and bytes disagree', async () => {
    const doors = buildDoors()
    expect(await whyStopped(doors, await say({ payload_hash: 'f'.repeat(64) }))).toBe('differs')
    expect(await whyStopped(doors, await say({ latest_execute_by: '2030-01-01T00:00:00.000Z' }))).toBe('differs')
    expect(await whyStopped(doors, await say({ tier: 'B' }))).toBe('differs')
    expect(doors.createChallenge).not.toHaveBeenCalled()
  })

  it('goes without a signature only where the kind of action and the deployment let it', async () => {
    const none = { nonce: 'n'.repeat(43), rp_id: 'localhost', credentials: [] }
    const preferred = buildDoors({ createChallenge: async () => ({ ...none, step_up: 'preferred' }) })
    expect(await signApproval(await say(), preferred, { unsigned: false, signal: still })).not.toHaveProperty('signature')
    const strict = buildDoors({ createChallenge: async () => ({ ...none, step_up: 'passkey' }) })
    expect(await whyStopped(strict, await say({ step_up: 'passkey' }))).toBe('no_passkey')
    const doors = buildDoors()
    expect(await signApproval(await say(), doors, { unsigned: true, signal: still })).not.toHaveProperty('signature')
    expect(await signApproval(await say({ step_up: 'passkey' }), doors, { unsigned: true, signal: still })).toHaveProperty('signature')
  })

  it('sends nothing without a signature either, when the page changed meanwhile', async () => {
    const doors = buildDoors({ isStillShown: () => false })
    await expect(signApproval(await say(), doors, { unsigned: true, signal: still })).rejects.toThrow('changed')
  })
})
