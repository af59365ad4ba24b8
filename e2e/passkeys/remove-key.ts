import { expectAnswer } from './ask-as-page.ts'
import { signAct } from './sign-act.ts'
import type { Person } from './sign-act.ts'

/** Takes this key of a person out of use, signed with their own; it may be the same. */
export async function removeKey(person: Person, credential_id: string): Promise<void> {
  const asked = { purpose: 'passkey_remove', credential_id }
  const { nonce } = (await expectAnswer(person.page, '/api/challenges', asked)) as { nonce: string }
  const signature = await signAct(person, 'passkey_remove', { credential_id }, nonce)
  await expectAnswer(person.page, '/api/passkeys/remove', { credential_id, signature })
}
