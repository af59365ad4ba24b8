import type { Executor } from '@autopack/contract/executors'
import { useRef, useState } from 'react'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { KeyRow } from './key-row.tsx'
import { isInUse, toSharingWords } from './key-words.ts'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { ShareDialog } from './share-dialog.tsx'
import { TransferDialog } from './transfer-dialog.tsx'

const acts = [
  { act: 'create_key', words: 'New key…' },
  { act: 'share', words: 'Share…' },
  { act: 'transfer', words: 'Hand over…' },
] as const
type Act = (typeof acts)[number]['act']

/** One executor: whose it is, who sees what it does, and its keys; those that open nothing any more are folded away. */
export function ExecutorSection({ executor, isAdmin, onDone }: { executor: Executor; isAdmin: boolean; onDone: (words: string) => void }) {
  const [open, setOpen] = useState<Act | null>(null)
  const [shown, setShown] = useState(false)
  const pressed = useRef<HTMLButtonElement>(null)
  const { executor_id, name, owner, keys } = executor
  const ownerName = toAgentWords(owner.name)
  const inUse = (keys ?? []).filter(isInUse)
  const over = (keys ?? []).filter((key) => !isInUse(key))
  const offers = acts.flatMap(({ act, words }) => {
    const allowed = executor.allowed_actions.find(({ action }) => action === act)
    // What takes another role is said once, above the list: a row of dead buttons for each executor says it no better.
    return allowed === undefined || (!allowed.allowed && !isAdmin) ? [] : [{ act, words, ...allowed }]
  })
  const refusedWhy = [...new Set(offers.flatMap(({ allowed, why }) => (allowed || why === null ? [] : [why])))]

  function close(): void {
    setOpen(null)
    pressed.current?.focus()
  }
  return (
    <section className="executor" aria-labelledby={`${executor_id}-title`}>
      <div className="executor-head">
        <div>
          <h2 id={`${executor_id}-title`} className="mono">
            {name}
          </h2>
          <p className="muted f12">
            owned by{' '}
            <span className="v" dir="auto">
              <VisibleText text={ownerName} />
            </span>
            , {toSharingWords(executor.shared_with_everyone, executor.shared_with?.map((person) => ({ name: toAgentWords(person.name) })) ?? null)}
          </p>
          {!executor.owner_enabled && (
            <p>
              <StateMark kind="halted" label="Owner disabled" />{' '}
              <span className="muted">Nobody who may sign in is accountable for it: hand it over.</span>
            </p>
          )}
        </div>
        <span className="executor-acts">
          {offers.map(({ act, words, allowed }) => (
            <button
              key={act}
              className="btn quiet"
              type="button"
              aria-disabled={!allowed}
              aria-describedby={allowed ? undefined : `${executor_id}-why`}
              aria-label={`${words.replace('…', '')}: ${name}…`}
              onClick={(event) => {
                if (!allowed) return
                pressed.current = event.currentTarget
                setOpen(act)
              }}
            >
              {words}
            </button>
          ))}
        </span>
      </div>
      {refusedWhy.length > 0 && (
        <p className="muted f12" id={`${executor_id}-why`}>
          {refusedWhy.join(' ')}
        </p>
      )}
      {keys !== null && (
        <>
          {inUse.length === 0 && <p className="muted">No key of it works: it can do nothing until it gets one.</p>}
          {inUse.length > 0 && (
            <ul className="keys-list" aria-label={`Keys of ${name} that work`}>
              {inUse.map((key) => (
                <KeyRow key={key.key_id} executorKey={key} shared={executor.shared_with_everyone} onDone={onDone} />
              ))}
            </ul>
          )}
          {over.length > 0 && (
            <details open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
              <summary className="muted f12">{over.length === 1 ? 'One key that is over' : `${over.length} keys that are over`}</summary>
              {shown && (
                <ul className="keys-list" aria-label={`Keys of ${name} that are over`}>
                  {over.map((key) => (
                    <KeyRow key={key.key_id} executorKey={key} shared={executor.shared_with_everyone} onDone={onDone} />
                  ))}
                </ul>
              )}
            </details>
          )}
        </>
      )}
      {open === 'create_key' && (
        <NewKeyDialog executor={executor} owner={owner.operator_id} onMade={() => onDone(`${name} has a new key.`)} onClose={close} />
      )}
      {open === 'share' && <ShareDialog executor={executor} onDone={onDone} onClose={close} />}
      {open === 'transfer' && <TransferDialog executor={executor} onDone={onDone} onClose={close} />}
    </section>
  )
}
