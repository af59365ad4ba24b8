import { actChallenge, toActStatement } from '@autopack/approval-proof/act-statement'
import type { ActPurpose, ActSubject } from '@autopack/approval-proof/act-statement'
import type { SignedAct } from '@autopack/contract/webauthn'
import type { Page } from '@playwright/test'
import { expectAnswer } from './ask-as-page.ts'
import type { OwnAuthenticator } from './own-authenticator.ts'

/** Somebody with a page, a device and a key that the console knows. */
export type Person = { page: Page; device: OwnAuthenticator; key: string }

/** A statement about an act of this person, signed with their key. */
export async function signAct({ page, device, key }: Person, purpose: ActPurpose, subject: ActSubject, nonce: string): Promise<SignedAct> {
  const { operator } = (await expectAnswer(page, '/api/auth/me')) as { operator: { operator_id: string } }
  const statement = toActStatement({ purpose, subject, operator: { sub: operator.operator_id }, nonce })
  return { statement, assertion: await device.sign(actChallenge(statement), [key]) }
}
