import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { hasRole } from '@autopack/contract/roles'
import { AgentText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { findOwnPasskeyObstacle } from '../../shared/passkeys/find-passkey-obstacle.ts'
import { ownPasskeysQuery } from '../../shared/passkeys/own-passkeys-query.ts'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { useServerNow } from '../../shared/server-clock.ts'
import { useSession } from '../../shared/session.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { AddPasskeyDialog } from './add-passkey-dialog.tsx'
import { PasskeyRow } from './passkey-row.tsx'
import { toStanding, type Standing } from './passkey-list-words.ts'

/** The own passkeys: what each is, making, renaming and removing them, and what is missing. */
export function OwnPasskeys() {
  const { operator } = useSession()
  const own = useQuery(ownPasskeysQuery)
  const nowMs = useServerNow()
  const addButton = useRef<HTMLButtonElement>(null)
  const [adding, setAdding] = useState(false)
  const [said, setSaid] = useState('')
  if (own.data === undefined) {
    if (own.error === null) return <Skeleton rows={2} label="Reading your passkeys" />
    return (
      <ProblemPanel
        title="Your passkeys could not be read"
        error={own.error}
        stillWorks="Signing in works as before."
        onRetry={() => void own.refetch()}
      />
    )
  }
  const { items, may_enrol_until, control_step_up, last_reset } = own.data
  const standing = toStanding(items.length, may_enrol_until === null ? null : Date.parse(may_enrol_until), nowMs)
  const obstacle = findOwnPasskeyObstacle()
  const why = obstacle ?? (standing === 'closed' ? 'An admin has to let you make the first one.' : null)
  return (
    <div className="passkeys">
      {own.error !== null && <ProblemPanel title="This list may be old" error={own.error} onRetry={() => void own.refetch()} />}
      <StandingWords
        standing={standing}
        until={may_enrol_until}
        decides={hasRole(operator.role, 'approver')}
        passkeyOnly={control_step_up === 'passkey'}
      />
      {last_reset !== null && <ResetWords reset={last_reset} />}
      {items.length > 0 && (
        <ul className="sessions">
          {items.map((passkey) => (
            <PasskeyRow
              key={passkey.credential_id}
              passkey={passkey}
              isLast={items.length === 1}
              onRemoved={(name) => {
                setSaid(`${name} is out of use.`)
                addButton.current?.focus()
              }}
            />
          ))}
        </ul>
      )}
      <p className="passkeys-act">
        <button
          ref={addButton}
          className="btn lg"
          type="button"
          aria-disabled={why !== null}
          aria-describedby={why === null ? undefined : 'passkey-why'}
          onClick={() => why === null && setAdding(true)}
        >
          <Icon name="passkey" />
          {items.length === 0 ? 'Make your first passkey…' : 'Add a passkey…'}
        </button>
        {why !== null && (
          <span className="muted f12" id="passkey-why">
            {why}
          </span>
        )}
        <span className="muted" role="status">
          {said}
        </span>
      </p>
      {adding && (
        <AddPasskeyDialog
          passkeys={items}
          onClose={() => setAdding(false)}
          onAdded={(passkey) => {
            setSaid(`${passkey.name} is enrolled.`)
            setAdding(false)
          }}
        />
      )}
    </div>
  )
}

/** Whoever did not ask for it has to learn that somebody else opened the way to their signature. */
function ResetWords({ reset }: { reset: { at: string; by: { name: string } | null; reason: string } }) {
  return (
    <p>
      <Icon name="halted" /> <b>Your passkeys were reset</b> by {reset.by === null ? 'whoever runs this server' : <AgentText text={reset.by.name} />},{' '}
      <Time at={reset.at} />:{' '}
      <q>
        <AgentText text={reset.reason} />
      </q>{' '}
      <span className="muted">What they had signed and nobody carried out counts no more. If you did not ask for it, tell another admin.</span>
    </p>
  )
}

function StandingWords(props: { standing: Standing; until: string | null; decides: boolean; passkeyOnly: boolean }) {
  const { standing, until, decides, passkeyOnly } = props
  if (standing === 'closed') {
    return (
      <p>
        <StateMark kind="halted" label="No passkey" />{' '}
        <span className="muted">
          The time to make a first one is over.{' '}
          {decides ? 'Nothing that takes a signature can be approved by you until an admin resets your passkeys.' : 'An admin can open it again.'}
        </span>
      </p>
    )
  }
  if (standing === 'open') {
    return (
      <p>
        You have no passkey yet.{' '}
        {decides ? 'With one you sign what you approve, and sign in without a password.' : 'With one you sign in without a password.'} You may make
        the first one until <Time at={until!} form="clock" />; after that an admin has to let you.
      </p>
    )
  }
  if (standing === 'one') {
    return (
      <p>
        <b>Enrol a second one.</b>{' '}
        <span className="muted">
          {passkeyOnly
            ? 'This deployment takes nothing but passkeys: whoever loses the only one can do nothing'
            : 'Whoever loses the only one cannot sign'}{' '}
          until an admin helps. A security key in a drawer is enough.
        </span>
      </p>
    )
  }
  return <p className="muted">Each of them signs in, and signs what you approve.</p>
}
