import { actChallenge, toActStatement } from '@autopack/approval-proof/act-statement'
import { addPasskey, createChallenge, removePasskey, renamePasskey, type Passkey } from '@autopack/contract/passkeys'
import type { SignedAct } from '@autopack/contract/webauthn'
import { mutationOptions, type QueryClient } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'
import { createPasskey } from '../../shared/passkeys/create-passkey.ts'
import { getAssertion } from '../../shared/passkeys/get-assertion.ts'
import { ownPasskeysQuery } from '../../shared/passkeys/own-passkeys-query.ts'
import { withStepUp } from '../../shared/step-up/with-step-up.ts'

function readAgain(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ownPasskeysQuery.queryKey })
}

/** `onStage`: the browser asks twice when there is one already, and the person should know what for. */
export type NewPasskey = { name: string; operatorId: string; onStage: (stage: 'make' | 'sign') => void }

/**
 * Makes a passkey and enrols it. The first needs nothing more; a further one is signed for by one that is there, over its id and name. Throws
 * DOMException when a prompt ended without an answer.
 */
async function enrol({ name, operatorId, onStage }: NewPasskey): Promise<Passkey> {
  const { nonce, rp_id, credentials, user } = await call(createChallenge, { body: { purpose: 'passkey_add' } })
  onStage('make')
  const attestation = await createPasskey({ nonce, rp_id, user: user ?? { id: '', name }, credentials })
  let signature: SignedAct | undefined
  if (credentials.length > 0) {
    onStage('sign')
    const subject = { credential_id: attestation.credential_id, name }
    const statement = toActStatement({ purpose: 'passkey_add', subject, operator: { sub: operatorId }, nonce })
    const assertion = await getAssertion({ challenge: actChallenge(statement), rp_id, credentials })
    if (assertion === null) throw new DOMException('', 'NotAllowedError')
    signature = { statement, assertion }
  }
  return call(addPasskey, { body: { nonce, name, attestation, signature } })
}

export const addPasskeyMutation = mutationOptions({
  mutationFn: enrol,
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})

export const renamePasskeyMutation = mutationOptions({
  mutationFn: (body: { credential_id: string; name: string }) => call(renamePasskey, { body }),
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})

/** Signed for by any passkey of the person, this one too. */
export const removePasskeyMutation = mutationOptions({
  mutationFn: ({ credential_id, name }: { credential_id: string; name: string }) =>
    withStepUp({ purpose: 'passkey_remove', credential_id }, `Remove the passkey ${name}`, (signature) =>
      call(removePasskey, { body: { credential_id, signature } }),
    ),
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})
