import type { OperatorEntry } from '@autopack/contract/people'
import { roles, type Role } from '@autopack/contract/roles'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { roleMeanings } from '../../shared/role-words.ts'
import { ReasonField } from '../../shared/settings/reason-field.tsx'
import { SettingsDialog } from '../../shared/settings/settings-dialog.tsx'
import { InviteLink } from './invite-link.tsx'
import { personChangeMutation } from './people-acts.ts'
import { actWords, listPersonActs, passwordReset, toDoneWords, type PersonAct } from './person-words.ts'

type Props = { person: OperatorEntry; onDone: (words: string) => void; onClose: () => void }

/** One person: choose what to do, say why. What is not allowed keeps its place and says why. */
export function PersonDialog({ person, onDone, onClose }: Props) {
  const name = toAgentWords(person.name)
  const offers = listPersonActs(person)
  const [act, setAct] = useState<PersonAct | null>(null)
  const [role, setRole] = useState<Role>(person.role)
  const [reason, setReason] = useState('')
  const change = useMutation({
    ...personChangeMutation,
    onSuccess: (_answer, { act: done }) => onDone(toDoneWords(done, name, role)),
  })
  if (change.data !== undefined && change.data.issued !== null) return <InviteLink name={name} issued={change.data.issued} onClose={onClose} />

  const words = act === null ? null : actWords[act]
  const title = words === null ? name : `${words.choose}: ${name}`
  const missing =
    act === null ? 'choose first' : act === 'set_role' && role === person.role ? 'choose another role' : reason.trim() === '' ? 'say why first' : null
  return (
    <SettingsDialog
      title={title}
      act={words?.button ?? 'Do it'}
      acting={words?.acting ?? ''}
      pending={change.isPending}
      missing={missing}
      error={change.error}
      done={change.isSuccess}
      onSend={() => {
        if (act === null) return
        const said = act === 'set_role' ? `Make ${name} ${role}` : title
        change.mutate({ act, operator_id: person.operator_id, name: person.name, role: act === 'set_role' ? role : person.role, reason, words: said })
      }}
      onClose={onClose}
    >
      <fieldset className="acts">
        <legend className="sr">What to do</legend>
        {offers.map((offer) => (
          <label className="opt" key={offer.act}>
            <input
              className="radio"
              type="radio"
              name="act"
              checked={act === offer.act}
              disabled={!offer.allowed}
              onChange={() => {
                setAct(offer.act)
                change.reset()
              }}
            />
            <span>
              {actWords[offer.act].choose} <span className="muted">{offer.allowed ? actWords[offer.act].means : offer.why}</span>
            </span>
          </label>
        ))}
        {person.state === 'enabled' && (
          <label className="opt">
            <input className="radio" type="radio" name="act" disabled />
            <span>
              {passwordReset.choose} <span className="muted">{passwordReset.why}</span>
            </span>
          </label>
        )}
      </fieldset>
      {act === 'set_role' && (
        <fieldset className="acts">
          <legend>Role</legend>
          {roles.map((each) => (
            <label className="opt" key={each}>
              <input className="radio" type="radio" name="role" checked={role === each} onChange={() => setRole(each)} />
              <span>
                {each} <span className="muted">{roleMeanings[each]}</span>
                {each === person.role && <span className="muted">, as now</span>}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {words !== null && <ReasonField label={words.why} value={reason} onType={setReason} />}
    </SettingsDialog>
  )
}
