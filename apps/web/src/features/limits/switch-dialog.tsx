import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { setSwitchMutation } from './limits-queries.ts'
import { RefusedAct } from './refused-act.tsx'
import { toSwitchName, type Switch } from './switch-state.ts'

/** Turns one switch. Towards safety a ready reason and Enter are enough; towards effect it asks for words and a tick. */
export function SwitchDialog({ control, on, towardsEffect, onClose }: { control: Switch; on: boolean; towardsEffect: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [reason, setReason] = useState(towardsEffect ? '' : 'Something looks wrong')
  const [sure, setSure] = useState(!towardsEffect)
  const turn = useMutation(setSwitchMutation)
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
    field.current?.select()
  }, [])
  const word = on ? 'on' : 'off'
  const missing = reason.trim() === '' ? 'say why first' : sure ? null : 'tick the box first'
  return (
    <dialog ref={dialog} className="limitdialog" aria-labelledby="switch-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (missing === null && !turn.isPending)
            turn.mutate(
              { name: control.name, on, reason, letsHappen: towardsEffect ? `Turn ${toSwitchName(control)} ${word}` : null },
              { onSuccess: onClose },
            )
        }}
      >
        <div>
          <h2 id="switch-title">
            Turn {toSwitchName(control)} {word}
          </h2>
          <p className="muted">{toMeaning(control, on)}</p>
        </div>
        <div className="field">
          <label htmlFor="switch-reason">Why</label>
          <input
            ref={field}
            id="switch-reason"
            className="input lg"
            autoComplete="off"
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <span className="hint">Stays in the audit log.</span>
        </div>
        {towardsEffect && (
          <label className="opt">
            <input className="check" type="checkbox" checked={sure} onChange={(event) => setSure(event.target.checked)} />
            Effects that people or grants approved may leave because of this
          </label>
        )}
        {turn.error !== null && <RefusedAct error={turn.error} />}
        <div className="dialog-act">
          <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button className="btn lg primary" type="submit" aria-disabled={missing !== null}>
            {turn.isPending ? 'Turning' : missing === null ? `Turn ${word}` : `Turn ${word}: ${missing}`}
          </button>
        </div>
      </form>
    </dialog>
  )
}

function toMeaning({ name }: Switch, on: boolean): string {
  if (name === 'DRY_RUN')
    return on
      ? 'No live action can be claimed; what is proposed as a dry run is simulated.'
      : 'Live actions can be claimed, as far as the other switches and caps allow.'
  if (name === 'EXTERNAL_ACTIONS_ENABLED')
    return on ? 'Live actions can be claimed whose own switch is on.' : 'No live action can be claimed, whatever its own switch says.'
  return on
    ? 'Live actions of its kinds can be claimed while external actions are on and dry run is off.'
    : 'No live action of its kinds can be claimed.'
}
