import { resetPasskeys } from '@autopack/contract/passkeys'
import { disableOperator, enableOperator, inviteOperator, reissueInvite, setOperatorRole } from '@autopack/contract/people'
import type { Role } from '@autopack/contract/roles'
import { mutationOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'
import { withStepUp } from '../../shared/step-up/with-step-up.ts'
import { peopleQuery } from '../../shared/settings/people-query.ts'
import type { PersonAct } from './person-words.ts'

/** What an admin does to a person; `issued`: an invite whose link is shown once. */
export type DonePersonAct = { issued: { secret: string; expires_at: string } | null; until: string | null }
export type PersonChange = { act: PersonAct; operator_id: string; name: string; role: Role; reason: string; words: string }

async function changePerson({ act, operator_id, name, role, reason, words }: PersonChange): Promise<DonePersonAct> {
  const params = { operator_id }
  const done: DonePersonAct = { issued: null, until: null }
  switch (act) {
    case 'set_role':
      await withStepUp({ purpose: 'operator_role', operator_id, role }, words, (signature) =>
        call(setOperatorRole, { params, body: { role, reason, signature } }),
      )
      return done
    case 'disable':
      await call(disableOperator, { params, body: { reason } })
      return done
    case 'enable':
      await withStepUp({ purpose: 'operator_enable', operator_id }, words, (signature) =>
        call(enableOperator, { params, body: { reason, signature } }),
      )
      return done
    case 'reissue_invite':
      return {
        ...done,
        issued: await withStepUp({ purpose: 'operator_invite', name, role }, words, (signature) =>
          call(reissueInvite, { params, body: { reason, signature } }),
        ),
      }
    case 'reset_passkeys': {
      const { may_enrol_until } = await withStepUp({ purpose: 'passkey_reset', operator_id }, words, (signature) =>
        call(resetPasskeys, { params, body: { reason, signature } }),
      )
      return { ...done, until: may_enrol_until }
    }
  }
}

export const personChangeMutation = mutationOptions({
  mutationFn: changePerson,
  onSettled: (_answer, _error, _body, _result, { client }) => void client.invalidateQueries({ queryKey: peopleQuery.queryKey }),
})

export const inviteMutation = mutationOptions({
  mutationFn: ({ name, role }: { name: string; role: Role }) =>
    withStepUp({ purpose: 'operator_invite', name, role }, `Invite ${name} as ${role}`, (signature) =>
      call(inviteOperator, { body: { name, role, signature } }),
    ),
  onSettled: (_answer, _error, _body, _result, { client }) => void client.invalidateQueries({ queryKey: peopleQuery.queryKey }),
})
