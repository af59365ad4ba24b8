import { randomUUID } from 'node:crypto'
import { actChallenge, readActStatement, toActStatement } from '@autopack/approval-proof/act-statement'
import type { ActPurpose, ActSubject } from '@autopack/approval-proof/act-statement'
import { approvalChallenge, readApprovalStatement, toApprovalStatement } from '@autopack/approval-proof/approval-statement'
import type { ApprovalStatement } from '@autopack/approval-proof/approval-statement'
import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { rendererVersion } from '@autopack/approval-proof/renderer-version'
import type { SignedAct } from '@autopack/contract/webauthn'
import type { ProblemError } from '@autopack/server-kit/problem-error'
import type { Transaction } from '@autopack/server-kit/open-database'
import type { ActProof } from './act-proof.ts'
import { checkPasskeySignature } from './check-passkey-signature.ts'
import type { RelyingParty } from './check-passkey-signature.ts'
import { insertSignedAct, lockPasskey, recordPasskeyUse } from './passkey-rows.ts'
import type { OperatorRow } from './passkey-rows.ts'
import { burnChallenge, hashNonce, spendChallenge } from './spend-challenge.ts'

/** What the act is about, from our own rows; never from what was sent with the signature. */
export type ActFacts =
  | { purpose: 'approve'; approval: Omit<ApprovalStatement, 'v' | 'purpose' | 'console_build' | 'renderer_version' | 'nonce'> }
  | {
      purpose: ActPurpose
      subject: ActSubject
      /** What its challenge was asked for, where the act knows more by now. */
      asked?: ActSubject
      /** Where another part of the same request uses the same nonce. */
      nonce?: string
    }

export type ActRefusal = {
  ok: false
  code: 'challenge_refused' | 'signature_refused' | 'console_outdated' | 'step_up_required'
  detail: string
  extra: ProblemError['extra']
  /** More for the audit log, which may repeat what was sent. */
  cause: string | null
}

/**
 * The one door for whatever a passkey signs: statement as we would write it, challenge of this person for this act, their own passkey that is in
 * use, a signature that holds. Then the challenge is used, the act kept, and the passkey's counter moved on, in the caller's transaction.
 * A refusal changes nothing but that its challenge is used: commit it with its audit event. `operator` is locked by the caller.
 */
export async function verifySignedAct(
  tx: Transaction,
  party: RelyingParty,
  operator: Pick<OperatorRow, 'operator_id' | 'enabled'>,
  signature: SignedAct,
  facts: ActFacts,
  now: Date,
): Promise<{ ok: true; proof: ActProof } | ActRefusal> {
  const { operator_id } = operator
  const said = readSaid(signature.statement, operator_id, facts)
  if (!said.ok) return refuse('signature_refused', `What was signed is not a statement of this act: ${said.detail}`, { differs: [toMember(said.at)] })

  const differs = listDifferences(JSON.parse(said.expected), JSON.parse(signature.statement))
  const outdated = said.rendererVersion !== null && said.rendererVersion !== rendererVersion
  if (outdated || differs.length > 0) {
    await burnChallenge(tx, said.nonce, operator_id, now)
    if (outdated) return refuse('console_outdated', 'Your console draws payloads in a way that this server does not know. Reload the page.')
    return refuse('signature_refused', `What you signed differs from what is in force here: ${differs.join(', ')}.`, { differs })
  }
  const spent = await spendChallenge(tx, said.nonce, { operatorId: operator_id, purpose: facts.purpose, subject: said.asked }, now)
  if (spent !== null) return refuse('challenge_refused', spent)

  const { assertion } = signature
  if (!operator.enabled) return refuse('signature_refused', 'You are disabled here.')
  const passkey = await lockPasskey(tx, assertion.credential_id)
  if (passkey === null) return refuse('signature_refused', 'This passkey is not enrolled here.')
  if (passkey.operator_id !== operator_id) return refuse('signature_refused', 'This passkey is not yours.')
  if (passkey.removed_at !== null) return refuse('signature_refused', 'This passkey was taken out of use.')
  const checked = await checkPasskeySignature(party, passkey, assertion, said.challenge)
  if (!checked.ok) return refuse('signature_refused', checked.detail, {}, checked.cause)

  const signedActId = `sig_${randomUUID()}`
  const act = await insertSignedAct(tx, {
    signed_act_id: signedActId,
    purpose: facts.purpose,
    operator_id,
    credential_id: passkey.credential_id,
    nonce_sha256: hashNonce(said.nonce),
    statement: Buffer.from(signature.statement, 'utf8'),
    authenticator_data: Buffer.from(assertion.authenticator_data, 'base64url'),
    client_data: Buffer.from(assertion.client_data, 'base64url'),
    signature: Buffer.from(assertion.signature, 'base64url'),
    signed_at: now,
  })
  await recordPasskeyUse(tx, passkey.credential_id, { counter: checked.counter, at: now, backedUp: checked.backedUp })
  return { ok: true, proof: { strength: 'passkey', signedActId, credentialId: passkey.credential_id, act } }
}

/** Uses up the challenge that a statement names, where the attempt it came with is refused before anybody looked at the signature. */
export async function burnSignature(tx: Transaction, operatorId: string, signature: SignedAct | undefined, now: Date): Promise<void> {
  if (signature === undefined) return
  const approval = readApprovalStatement(signature.statement)
  const read = approval.ok ? approval : readActStatement(signature.statement)
  if (read.ok) await burnChallenge(tx, read.statement.nonce, operatorId, now)
}

/** What the challenge of an approval is asked for, canonical. */
export function toApprovalSubject(action: { action_id: string; revision: number; payload_hash: string }): string {
  return canonicalize({ action_id: action.action_id, revision: action.revision, payload_hash: action.payload_hash })
}

type Said = { ok: true; nonce: string; expected: string; asked: string; challenge: Uint8Array; rendererVersion: string | null }

/** The statement's own nonce (and, of an approval, who drew it) put into a statement of our facts. */
function readSaid(text: string, operatorId: string, facts: ActFacts): Said | { ok: false; at: string; detail: string } {
  if (facts.purpose === 'approve') {
    const read = readApprovalStatement(text)
    if (!read.ok) return read
    const { nonce, console_build, renderer_version } = read.statement
    const { id, revision, payload_hash } = facts.approval.action
    return {
      ok: true,
      nonce,
      expected: toApprovalStatement({ ...facts.approval, nonce, console_build, renderer_version }),
      asked: toApprovalSubject({ action_id: id, revision, payload_hash }),
      challenge: approvalChallenge(text),
      rendererVersion: renderer_version,
    }
  }
  const read = readActStatement(text)
  if (!read.ok) return read
  const { nonce } = read.statement
  const { purpose, subject } = facts
  return {
    ok: true,
    nonce,
    expected: toActStatement({ purpose, subject, operator: { sub: operatorId }, nonce: facts.nonce ?? nonce }),
    asked: canonicalize(facts.asked ?? subject),
    challenge: actChallenge(text),
    rendererVersion: null,
  }
}

/** The members, as paths with dots, in which two statements differ; both have a statement's shape. */
function listDifferences(expected: unknown, said: unknown, path = ''): string[] {
  if (isObject(expected) && isObject(said)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(said)])].toSorted()
    return names.flatMap((name) => listDifferences(expected[name], said[name], path === '' ? name : `${path}.${name}`))
  }
  return expected === said ? [] : [path]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** `/action/id` → `action.id`. */
function toMember(pointer: string): string {
  return pointer === '' ? 'statement' : pointer.slice(1).replaceAll('/', '.')
}

function refuse(code: ActRefusal['code'], detail: string, extra: ActRefusal['extra'] = {}, cause: string | null = null): ActRefusal {
  return { ok: false, code, detail, extra, cause }
}
