import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { SettingsDialog } from '../../shared/settings/settings-dialog.tsx'
import { Time } from '../../shared/time.tsx'
import { DaysField, isDays } from './days-field.tsx'
import { rotateKeyMutation } from './executor-acts.ts'
import { IssuedKey } from './issued-key.tsx'
import type { ExecutorKey } from './key-words.ts'

const choices = [
  { hours: 0, words: 'ends now' },
  { hours: 1, words: 'works for an hour more' },
  { hours: 24, words: 'works for a day more' },
  { hours: 168, words: 'works for a week more' },
]

type Props = { executorKey: ExecutorKey; /** As its executor is. */ shared: boolean; onDone: (words: string) => void; onClose: () => void }

/** A new key at once, and time to hand it over. */
export function RotateDialog({ executorKey, shared, onDone, onClose }: Props) {
  const [hours, setHours] = useState(24)
  const [days, setDays] = useState('90')
  const { name } = executorKey.executor
  const rotate = useMutation({ ...rotateKeyMutation, onSuccess: () => onDone(`${name} has a new key.`) })
  if (rotate.data !== undefined) {
    const { replaced, secret } = rotate.data
    return (
      <IssuedKey name={name} secret={secret} onClose={onClose}>
        <p>
          The old key, <code>{replaced.key_id}</code>, works until <Time at={replaced.expires_at} form="clock" />.
        </p>
      </IssuedKey>
    )
  }
  return (
    <SettingsDialog
      title={`Rotate the key of ${name}`}
      act="Make the new key"
      acting="Making the new key"
      pending={rotate.isPending}
      missing={isDays(days) ? null : '1 to 365 days'}
      error={rotate.error}
      onSend={() => rotate.mutate({ key: executorKey, shared_with_everyone: shared, old_key_hours: hours, expires_in_days: Number(days) })}
      onClose={onClose}
    >
      <fieldset className="acts">
        <legend>
          The old key, <code>{executorKey.key_id}</code>
        </legend>
        {choices.map((choice) => (
          <label className="opt" key={choice.hours}>
            <input className="radio" type="radio" name="hours" checked={hours === choice.hours} onChange={() => setHours(choice.hours)} />
            <span>
              {choice.words}
              {choice.hours > 0 && <span className="muted">, or until it ends anyway</span>}
            </span>
          </label>
        ))}
      </fieldset>
      <DaysField value={days} onType={setDays} />
    </SettingsDialog>
  )
}
