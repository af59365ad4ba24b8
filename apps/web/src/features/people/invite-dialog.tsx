import { roles, type Role } from '@autopack/contract/roles'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { roleMeanings } from '../../shared/role-words.ts'
import { SettingsDialog } from '../../shared/settings/settings-dialog.tsx'
import { InviteLink } from './invite-link.tsx'
import { inviteMutation } from './people-acts.ts'

/** A name and a role; then the link, once. */
export function InviteDialog({ onInvited, onClose }: { onInvited: (name: string) => void; onClose: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const invite = useMutation({ ...inviteMutation, onSuccess: () => onInvited(toAgentWords(name.trim())) })
  if (invite.data !== undefined) return <InviteLink name={toAgentWords(name.trim())} issued={invite.data} onClose={onClose} />
  return (
    <SettingsDialog
      title="Invite somebody"
      act="Make the link"
      acting="Making the link"
      pending={invite.isPending}
      missing={name.trim() === '' ? 'a name first' : null}
      error={invite.error}
      onSend={() => invite.mutate({ name: name.trim(), role })}
      onClose={onClose}
    >
      <div className="field">
        <label htmlFor="invite-name">Name</label>
        <input
          id="invite-name"
          className="input lg"
          autoComplete="off"
          maxLength={100}
          value={name}
          aria-describedby="invite-name-hint"
          onChange={(event) => setName(event.target.value)}
        />
        <span className="hint" id="invite-name-hint">
          They sign in with it, and it stands beside their decisions. It cannot be changed later.
        </span>
      </div>
      <fieldset className="acts">
        <legend>Role</legend>
        {roles.map((each) => (
          <label className="opt" key={each}>
            <input className="radio" type="radio" name="role" checked={role === each} onChange={() => setRole(each)} />
            <span>
              {each} <span className="muted">{roleMeanings[each]}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </SettingsDialog>
  )
}
