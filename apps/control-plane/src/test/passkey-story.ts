/** What tests with passkeys do again and again, through the real app: ask for a nonce, enrol, sign, sign in. */
import { actChallenge, toActStatement } from '@autopack/approval-proof/act-statement'
import type { ActPurpose, ActSubject } from '@autopack/approval-proof/act-statement'
import { approvalChallenge, toApprovalStatement } from '@autopack/approval-proof/approval-statement'
import type { ApprovalStatement } from '@autopack/approval-proof/approval-statement'
import { toActSubject } from '@autopack/approval-proof/act-subject'
import { rendererVersion } from '@autopack/approval-proof/renderer-version'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { createChallenge } from '@autopack/contract/passkeys'
import type { AnswerOf } from '@autopack/contract/route'
import type { Role } from '@autopack/contract/roles'
import type { SignedAct } from '@autopack/contract/webauthn'
import type { TestDeps } from './open-test-deps.ts'
import { createSoftwareAuthenticator } from './software-authenticator.ts'
import type { Lies, SoftwareAuthenticator } from './software-authenticator.ts'

export type Challenge = AnswerOf<typeof createChallenge>

export function makeAuthenticator(deps: TestDeps, more: Partial<Parameters<typeof createSoftwareAuthenticator>[0]> = {}): SoftwareAuthenticator {
  return createSoftwareAuthenticator({ origin: deps.settings.consoleOrigin, rpId: deps.settings.rpId, ...more })
}

function toOperatorId(deps: TestDeps, who: Role | string): string {
  return (deps.operatorIds as Record<string, string>)[who] ?? who
}

export async function askChallenge(deps: TestDeps, who: Role | string, asked: object, session?: { authAgeSeconds: number }): Promise<Challenge> {
  return (await expectOk(await deps.asOperator(who, session).post('/operator/challenges', asked))) as Challenge
}

/** A first passkey of this person, or another one signed by `with`. */
export async function enrol(
  deps: TestDeps,
  who: Role | string,
  options: { authenticator?: SoftwareAuthenticator; with?: SoftwareAuthenticator; name?: string; authAgeSeconds?: number } = {},
): Promise<SoftwareAuthenticator> {
  const authenticator = options.authenticator ?? makeAuthenticator(deps)
  const name = options.name ?? 'A key of a test'
  const session = options.authAgeSeconds === undefined ? undefined : { authAgeSeconds: options.authAgeSeconds }
  const { nonce } = await askChallenge(deps, who, { purpose: 'passkey_add' }, session)
  const subject = { credential_id: authenticator.credentialId, name }
  const signature = options.with === undefined ? undefined : signAct(options.with, toOperatorId(deps, who), 'passkey_add', subject, nonce)
  const body = { nonce, name, attestation: authenticator.create(nonce), signature }
  await expectOk(await deps.asOperator(who, session).post('/operator/passkeys', body))
  return authenticator
}

/** A signature over exactly this act, or over what `lies` say instead. */
export function signAct(
  authenticator: SoftwareAuthenticator,
  sub: string,
  purpose: ActPurpose,
  subject: ActSubject,
  nonce: string,
  lies: Lies = {},
): SignedAct {
  const statement = toActStatement({ purpose, subject, operator: { sub }, nonce })
  return { statement, assertion: authenticator.sign(actChallenge(statement), lies) }
}

/** Asks for a nonce of this act and signs it. */
export async function askAndSignAct(
  deps: TestDeps,
  who: Role | string,
  authenticator: SoftwareAuthenticator,
  asked: { purpose: ActPurpose } & ActSubject,
  lies: Lies = {},
): Promise<SignedAct> {
  const { nonce } = await askChallenge(deps, who, asked)
  return signAct(authenticator, toOperatorId(deps, who), asked.purpose, toActSubject(asked), nonce, lies)
}

/** The passkey with which this person signs in tests; enrolled when it is first needed. */
export async function passkeyOf(deps: TestDeps, who: Role | string): Promise<SoftwareAuthenticator> {
  const operatorId = toOperatorId(deps, who)
  const ofDeps = passkeys.get(deps.operatorIds) ?? new Map<string, Promise<SoftwareAuthenticator>>()
  passkeys.set(deps.operatorIds, ofDeps)
  const found = ofDeps.get(operatorId) ?? enrol(deps, who)
  ofDeps.set(operatorId, found)
  return found
}
const passkeys = new WeakMap<object, Map<string, Promise<SoftwareAuthenticator>>>()

/** What a decision says of the revision that it approves. */
export type SaidApproval = { revision: number; payload_hash: string; descriptor: ApprovalStatement['descriptor']; display_sha256: string }
export type ApprovalLies = { statement?: Partial<ApprovalStatement>; assertion?: Lies; by?: SoftwareAuthenticator; nonce?: string }

/** The signature of an approval, as the console makes it from what it showed; `lies` say something else in one member. */
export async function signApproval(
  deps: TestDeps,
  who: Role | string,
  action: { action_id: string },
  said: SaidApproval,
  lies: ApprovalLies = {},
): Promise<SignedAct> {
  const shown = (await expectOk(await deps.asOperator(who).get(`/operator/external-actions/${action.action_id}`))) as ExternalAction
  const asked = { purpose: 'approve', action_id: action.action_id, revision: said.revision, payload_hash: said.payload_hash }
  const nonce = lies.nonce ?? (await askChallenge(deps, who, asked)).nonce
  const statement = toApprovalStatement({
    action: { id: action.action_id, revision: said.revision, payload_hash: said.payload_hash },
    descriptor: said.descriptor,
    display_sha256: said.display_sha256,
    mode: shown.mode,
    approver: { sub: toOperatorId(deps, who) },
    requested_by: shown.executor,
    console_build: 'test',
    renderer_version: rendererVersion,
    nonce,
    decide_by: shown.decide_by,
    execute_by: shown.latest_execute_by,
    ...lies.statement,
  })
  const authenticator = lies.by ?? (await passkeyOf(deps, who))
  return { statement, assertion: authenticator.sign(approvalChallenge(statement), lies.assertion) }
}

async function expectOk(response: Response): Promise<unknown> {
  const body: unknown = await response.json()
  if (!response.ok) throw new Error(`expected success, got ${response.status}: ${JSON.stringify(body)}`)
  return body
}
