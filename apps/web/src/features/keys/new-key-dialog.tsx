import type { Executor } from '@autopack/contract/executors'
import { scopes, type Scope } from '@autopack/contract/scopes'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { SettingsDialog } from '../../shared/settings/settings-dialog.tsx'
import { DaysField, isDays } from './days-field.tsx'
import { createKeyMutation } from './executor-acts.ts'
import { IssuedKey } from './issued-key.tsx'
import { isExecutorName, scopeWords } from './key-words.ts'

/** `executor` null: a new executor, which its first key makes. */
export function NewKeyDialog({
  executor,
  owner,
  onMade,
  onClose,
}: {
  executor: Pick<Executor, 'name' | 'shared_with_everyone'> | null
  /** Who owns it, or will: their id. */
  owner: string
  onMade: (name: string) => void
  onClose: () => void
}) {
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<readonly Scope[]>(scopes)
  const [days, setDays] = useState('90')
  const [everyone, setEveryone] = useState(false)
  const name = executor?.name ?? typed.trim()
  const create = useMutation({ ...createKeyMutation, onSuccess: () => onMade(name) })
  if (create.data !== undefined) return <IssuedKey name={name} secret={create.data.secret} onClose={onClose} />
  const misnamed = executor === null && name !== '' && !isExecutorName(name)
  const missing =
    name === '' ? 'a name first' : misnamed ? 'another name' : chosen.length === 0 ? 'something it may do' : isDays(days) ? null : '1 to 365 days'
  return (
    <SettingsDialog
      title={executor === null ? 'A new executor' : `A new key for ${executor.name}`}
      act="Make the key"
      acting="Making the key"
      pending={create.isPending}
      missing={missing}
      error={create.error}
      onSend={() =>
        create.mutate({
          executor_name: name,
          owner_operator_id: owner,
          scopes: [...chosen],
          expires_in_days: Number(days),
          shared_with_everyone: executor?.shared_with_everyone ?? everyone,
        })
      }
      onClose={onClose}
    >
      {executor === null && (
        <div className="field">
          <label htmlFor="executor-name">Name</label>
          <input
            id="executor-name"
            className="input lg mono"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={63}
            value={typed}
            aria-invalid={misnamed}
            aria-describedby="executor-name-hint"
            onChange={(event) => setTyped(event.target.value)}
          />
          <span className={misnamed ? 'hint irrev' : 'hint'} id="executor-name-hint">
            Only a-z, 0-9 and hyphens; begins with a letter or digit, such as shop-writer. You own it, and are accountable for it.
          </span>
        </div>
      )}
      <fieldset className="acts">
        <legend>What the key may do; no key ever decides</legend>
        {scopes.map((scope) => (
          <label className="opt" key={scope}>
            <input
              className="check"
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={(event) =>
                setChosen(
                  event.target.checked ? scopes.filter((each) => each === scope || chosen.includes(each)) : chosen.filter((each) => each !== scope),
                )
              }
            />
            <span>
              {scopeWords[scope]} <code className="muted">{scope}</code>
            </span>
          </label>
        ))}
      </fieldset>
      <DaysField value={days} onType={setDays} />
      {executor === null && (
        <label className="opt">
          <input className="check" type="checkbox" checked={everyone} onChange={(event) => setEveryone(event.target.checked)} />
          <span>
            Everybody sees what it does <span className="muted">otherwise you and admins</span>
          </span>
        </label>
      )}
    </SettingsDialog>
  )
}
