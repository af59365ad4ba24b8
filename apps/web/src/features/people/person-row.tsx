import type { OperatorEntry } from '@autopack/contract/people'
import { useRef, useState } from 'react'
import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { PersonDialog } from './person-dialog.tsx'

/** One person in two lines; admins see the second, and the button. */
export function PersonRow({ person, onDone }: { person: OperatorEntry; onDone: (words: string) => void }) {
  const [open, setOpen] = useState(false)
  const manage = useRef<HTMLButtonElement>(null)
  const name = toAgentWords(person.name)
  const { administration } = person
  return (
    <li>
      <div className="person">
        <p>
          <b className="v" dir="auto">
            <VisibleText text={name} />
          </b>{' '}
          {person.is_self && <span className="muted">(you)</span>}
        </p>
        {administration !== null && <Facts person={person} administration={administration} />}
      </div>
      <span className="person-role">{person.role}</span>
      <span className="person-state">
        <Standing person={person} />
      </span>
      {administration !== null && (
        <button ref={manage} className="btn" type="button" onClick={() => setOpen(true)}>
          Manage…<span className="sr"> {name}</span>
        </button>
      )}
      {open && (
        <PersonDialog
          person={person}
          onDone={onDone}
          onClose={() => {
            setOpen(false)
            manage.current?.focus()
          }}
        />
      )}
    </li>
  )
}

function Standing({ person: { state, administration } }: { person: OperatorEntry }) {
  if (state === 'enabled') return <StateMark kind="ok" label="May sign in" quiet />
  if (state === 'disabled') return <StateMark kind="halted" label="Disabled" />
  return administration?.invite?.state === 'expired' ? (
    <StateMark kind="expired" label="Invite expired" quiet />
  ) : (
    <StateMark kind="idle" label="Invited" quiet />
  )
}

function Facts({ person, administration }: { person: OperatorEntry; administration: NonNullable<OperatorEntry['administration']> }) {
  const { last_seen_at, passkey_count, executor_count, live_key_count, invite, joined_at } = administration
  return (
    <p className="muted f12">
      {invite !== null && joined_at === null ? (
        <>
          invited <Time at={invite.created_at} />
          {invite.created_by !== null && (
            <>
              {' '}
              by <span dir="auto">{toAgentWords(invite.created_by.name)}</span>
            </>
          )}
          , {invite.state === 'open' ? 'the link ends' : 'the link ended'} <Time at={invite.expires_at} />
        </>
      ) : (
        <>
          {last_seen_at === null ? (
            'never seen'
          ) : (
            <>
              last seen <Time at={last_seen_at} />
            </>
          )}
          , {countWords(passkey_count, 'passkey')}
          {passkey_count === 1 && person.role !== 'viewer' && ' (a second one is missing)'}
          {executor_count > 0 && <>, owns {countWords(executor_count, 'executor')}</>}
          {person.state === 'disabled' && live_key_count > 0 && (
            <>
              {' '}
              with <Link to="/settings/keys">{countWords(live_key_count, 'live key')}</Link>, which {live_key_count === 1 ? 'begins' : 'begin'}{' '}
              nothing new
            </>
          )}
        </>
      )}
    </p>
  )
}

function countWords(count: number, noun: string): string {
  return count === 0 ? `no ${noun}` : `${count} ${noun}${count === 1 ? '' : 's'}`
}
