/** What tests with passkeys do again and again, through the real app: ask for a nonce, enrol, sign, sign in. */
import { actChallenge, toActStatement } from '@autopack/approval-proof/act-statement'
import type { ActPurpose, ActSubject } from '@autopack/approval-proof/act-statement'
import { toActSubject } from '@autopack/approval-proof/act-subject'
import type { Passkey, createChallenge } from '@autopack/contract/passkeys'
import type { AnswerOf } from '@autopack/contract/route'
import type { Role } from '@autopack/contract/roles'
import type { SignedAct } from '@autopack/contract/webauthn'
import { expectStatus } from './ledger-story.ts'
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

export async function askChallenge(deps: TestDeps, who: Role | string, asked: object): Promise<Challenge> {
  return (await expectStatus(await deps.asOperator(who).post('/operator/challenges', asked), 201)) as Challenge
}

/** A first passkey of this person, or another one signed by `with`. */
export async function enrol(
  deps: TestDeps,
  who: Role | string,
  options: { authenticator?: SoftwareAuthenticator; with?: SoftwareAuthenticator; name?: string } = {},
): Promise<SoftwareAuthenticator> {
  const authenticator = options.authenticator ?? makeAuthenticator(deps)
  const name = options.name ?? 'A key of a test'
  const { nonce } = await askChallenge(deps, who, { purpose: 'passkey_add' })
  const subject = { credential_id: authenticator.credentialId, name }
  const signature = options.with === undefined ? undefined : signAct(options.with, toOperatorId(deps, who), 'passkey_add', subject, nonce)
  const body = { nonce, name, attestation: authenticator.create(nonce), signature }
  ;(await expectStatus(await deps.asOperator(who).post('/operator/passkeys', body), 201)) as Passkey
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
