import type { Page } from '@playwright/test'
import { expectAnswer } from './ask-as-page.ts'
import type { OwnAuthenticator } from './own-authenticator.ts'

/** Makes the first passkey of the person who uses this page, and answers its credential id. */
export async function enrolFirst({ page, device }: { page: Page; device: OwnAuthenticator }, name: string): Promise<string> {
  const challenge = (await expectAnswer(page, '/api/challenges', { purpose: 'passkey_add' })) as Parameters<OwnAuthenticator['createKey']>[0]
  const attestation = await device.createKey(challenge)
  await expectAnswer(page, '/api/passkeys', { nonce: challenge.nonce, name, attestation })
  return attestation.credential_id
}
