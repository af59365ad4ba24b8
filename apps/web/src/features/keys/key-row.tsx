import { useRef, useState } from 'react'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { isInUse, standingWords, toScopeWords, type ExecutorKey } from './key-words.ts'
import { RevokeDialog } from './revoke-dialog.tsx'
import { RotateDialog } from './rotate-dialog.tsx'

/** One key: what it may do, until when, and when it was last used. */
type Props = { executorKey: ExecutorKey; /** With everybody, as its executor is. */ shared: boolean; onDone: (words: string) => void }

export function KeyRow({ executorKey, shared, onDone }: Props) {
  const [open, setOpen] = useState<'rotate' | 'revoke' | null>(null)
  const pressed = useRef<HTMLButtonElement>(null)
  const { key_id, standing, expires_at, revoked_at, last_used_at } = executorKey
  const { kind, label, quiet } = standingWords[standing]
  const may = executorKey.allowed_actions.filter(({ allowed }) => allowed)
  function close(): void {
    setOpen(null)
    pressed.current?.focus()
  }
  return (
    <li>
      <span className="key-state">
        <StateMark kind={kind} label={label} quiet={quiet} />
      </span>
      <div className="key">
        <p>
          <code>{key_id}</code>
        </p>
        <p className="muted f12">{toScopeWords(executorKey.scopes)}</p>
        <p className="muted f12">
          made <Time at={executorKey.created_at} />,{' '}
          {last_used_at === null ? (
            'never used'
          ) : (
            <>
              last used <Time at={last_used_at} />
            </>
          )}
          ,{' '}
          {revoked_at !== null ? (
            <>
              revoked <Time at={revoked_at} />
            </>
          ) : (
            <>
              {standing === 'expired' ? 'ended' : standing === 'replaced' ? 'works until' : 'ends'}{' '}
              <Time at={expires_at} form={standing === 'replaced' ? 'clock' : standing === 'live' ? 'short' : 'relative'} />
            </>
          )}
        </p>
      </div>
      {isInUse(executorKey) && (
        <span className="executor-acts">
          {/* Why one is missing, its state says: whoever sees a key may do both, but for what is over. */}
          {may.map(({ action }) => (
            <button
              key={action}
              className={action === 'rotate' ? 'btn' : 'btn quiet'}
              type="button"
              aria-label={`${action === 'rotate' ? 'Rotate' : 'Revoke'} ${key_id}…`}
              onClick={(event) => {
                pressed.current = event.currentTarget
                setOpen(action)
              }}
            >
              {action === 'rotate' ? 'Rotate…' : 'Revoke…'}
            </button>
          ))}
        </span>
      )}
      {open === 'rotate' && <RotateDialog executorKey={executorKey} shared={shared} onDone={onDone} onClose={close} />}
      {open === 'revoke' && <RevokeDialog executorKey={executorKey} onDone={onDone} onClose={close} />}
    </li>
  )
}
