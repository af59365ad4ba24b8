/** An act for each route that only the console itself calls, prepared so that nothing but what a test is about refuses it. */
import { randomUUID } from 'node:crypto'
import { signInChallenge } from '@autopack/approval-proof/sign-in-challenge'
import type { PreparedAct } from './executor-acts.ts'
import { expectStatus } from './ledger-story.ts'
import type { TestDeps } from './open-test-deps.ts'
import { enrol } from './passkey-story.ts'

/** By the id of the route. */
export function buildConsoleActs(deps: TestDeps): Readonly<Record<string, () => Promise<PreparedAct>>> {
  const self = deps.asOperator('console')
  const inviteToken = async () => {
    const asked = { name: `m-${randomUUID().slice(0, 8)}`, role: 'viewer' }
    const answer = await expectStatus(await deps.asOperator('admin').post('/operator/operators', asked), 201)
    return (answer as { secret: string }).secret
  }
  return {
    recordSignInEvents: async () => {
      const at = new Date().toISOString()
      const events = ['signed_in', 'signed_out'].map((kind) => ({
        ...{ delivery_id: randomUUID(), kind, operator_id: deps.operatorIds.viewer, name: 'viewer', at, detail: 'password' },
      }))
      return () => self.post('/operator/sign-in-events', { events })
    },
    // There are people already, so this is refused for its own reason.
    createFirstOperator: async () => () => self.post('/operator/setup', { token: 'x'.repeat(43), name: 'first' }),
    createSignInChallenge: async () => () => self.post('/operator/passkey-sign-in/challenge', {}),
    verifyPasskeySignIn: async () => {
      const passkey = await enrol(deps, await deps.addOperator({ name: `m-${randomUUID().slice(0, 8)}`, role: 'viewer' }))
      const { nonce } = (await expectStatus(await self.post('/operator/passkey-sign-in/challenge', {}), 201)) as { nonce: string }
      const assertion = passkey.sign(await signInChallenge(nonce))
      return () => self.post('/operator/passkey-sign-in', { nonce, assertion })
    },
    readOperatorInvite: async () => {
      const token = await inviteToken()
      return () => self.post('/operator/invite/read', { token })
    },
    acceptOperatorInvite: async () => {
      const token = await inviteToken()
      return () => self.post('/operator/invite', { token })
    },
  }
}
