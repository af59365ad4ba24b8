import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ReasonField } from '../../shared/settings/reason-field.tsx'
import { SettingsDialog } from '../../shared/settings/settings-dialog.tsx'
import { Time } from '../../shared/time.tsx'
import { revokeKeyMutation } from './executor-acts.ts'
import type { ExecutorKey } from './key-words.ts'

/** Stops a key at once: nothing stands in its way, not even a reason. */
export function RevokeDialog({ executorKey, onDone, onClose }: { executorKey: ExecutorKey; onDone: (words: string) => void; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const { key_id, last_used_at, executor } = executorKey
  const revoke = useMutation({
    ...revokeKeyMutation,
    onSuccess: () => onDone(`The key ${key_id} of ${executor.name} opens nothing any more.`),
  })
  return (
    <SettingsDialog
      title={`Revoke a key of ${executor.name}`}
      act="Revoke it"
      acting="Revoking"
      pending={revoke.isPending}
      missing={null}
      error={revoke.error}
      done={revoke.isSuccess}
      onSend={() => revoke.mutate({ key_id, reason: reason.trim() })}
      onClose={onClose}
    >
      <p>
        <code>{key_id}</code> opens nothing from the next request on.{' '}
        {last_used_at === null ? (
          'It was never used.'
        ) : (
          <>
            It was used <Time at={last_used_at} />.
          </>
        )}{' '}
        <span className="muted">
          What it has claimed runs out its lease and has to be looked up. A revoked key never works again: to go on, make another one.
        </span>
      </p>
      <ReasonField label="Why, if you like" value={reason} onType={setReason} />
    </SettingsDialog>
  )
}
