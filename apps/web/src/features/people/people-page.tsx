import { hasRole } from '@autopack/contract/roles'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { useSession } from '../../shared/session.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { peopleQuery } from '../../shared/settings/people-query.ts'
import { SaidLine, type Said } from '../../shared/settings/said-line.tsx'
import { SettingsFrame } from '../../shared/settings/settings-frame.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { findOnlyAdmin } from './person-words.ts'
import { PersonRow } from './person-row.tsx'

/** `/settings/people`: who may come in, as what, and who may not any more. Everybody sees who is there; admins change it. */
export function PeoplePage() {
  const { operator } = useSession()
  const people = useQuery(peopleQuery)
  const inviteButton = useRef<HTMLButtonElement>(null)
  const [inviting, setInviting] = useState(false)
  const [said, setSaid] = useState<Said | null>(null)
  const may = hasRole(operator.role, 'admin')
  const items = people.data?.items
  const onlyAdmin = may && items !== undefined ? findOnlyAdmin(items) : null
  const admins = (items ?? []).filter((person) => person.role === 'admin' && person.state === 'enabled').map((person) => toAgentWords(person.name))
  return (
    <SettingsFrame
      title="People"
      act={
        <button
          ref={inviteButton}
          className="btn"
          type="button"
          aria-disabled={!may}
          aria-describedby={may ? undefined : 'people-who'}
          onClick={() => may && setInviting(true)}
        >
          Invite somebody…
        </button>
      }
    >
      <div className="settings-list">
        {people.error !== null && (
          <ProblemPanel
            title={items === undefined ? 'The people could not be read' : 'This list may be old'}
            error={people.error}
            stillWorks="Everybody who is signed in goes on working."
            onRetry={() => void people.refetch()}
          />
        )}
        {!may && (
          <p className="muted settings-note" id="people-who">
            Inviting and changing people needs an admin; you are {operator.role}.
            {admins.length > 0 && (
              <>
                {' '}
                {admins.length === 1 ? 'The admin is' : 'Admins are'} {admins.slice(0, 5).join(', ')}
                {admins.length > 5 && ` and ${admins.length - 5} more`}.
              </>
            )}
          </p>
        )}
        {onlyAdmin !== null && (
          <p className="settings-note">
            <StateMark kind="halted" label="One admin" />{' '}
            <span className="muted">
              <span dir="auto">{toAgentWords(onlyAdmin)}</span> is the only admin. If they lose their passkeys, nobody here can help them: make a
              second one.
            </span>
          </p>
        )}
        <SaidLine said={said} read={items} />
        {items === undefined && people.error === null && <Skeleton rows={4} label="Reading who is here" />}
        {items !== undefined && (
          <ul className="people">
            {items.map((person) => (
              <PersonRow key={person.operator_id} person={person} onDone={(words) => setSaid({ words })} />
            ))}
          </ul>
        )}
        {items?.length === 1 && may && (
          <p className="muted settings-note">Nobody else is here yet. Invite somebody: they choose a password by a link that you hand them.</p>
        )}
      </div>
      {inviting && (
        <InviteDialog
          onClose={() => {
            setInviting(false)
            inviteButton.current?.focus()
          }}
          onInvited={(name) => setSaid({ words: `${name} is invited.` })}
        />
      )}
    </SettingsFrame>
  )
}
