import { hasRole } from '@autopack/contract/roles'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useSession } from '../../shared/session.ts'
import { toAmount, toCapName, type Cap } from './cap-words.ts'
import { setCapMutation } from './limits-queries.ts'
import { RefusedAct } from './refused-act.tsx'
import { parseAmount, toExponent, toFieldText } from './parse-amount.ts'

/** Sets the working value of one cap: lower is an approver's to say, higher an admin's, beyond the ceiling nobody's here. */
export function CapDialog({ cap, onClose }: { cap: Cap; onClose: () => void }) {
  const { operator } = useSession()
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState(toFieldText(cap.cap, cap.currency))
  const [reason, setReason] = useState('')
  const set = useMutation(setCapMutation)
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
  }, [])
  const amount = parseAmount(text, cap.currency)
  const fault = findFault()

  function findFault(): string | null {
    if (amount === null) return `write ${toUnitWords(cap.currency)}`
    if (amount > cap.ceiling) return 'over the ceiling'
    if (amount > cap.cap && !hasRole(operator.role, 'admin')) return 'raising needs an admin'
    if (amount === cap.cap && cap.working !== null) return 'this is the value in force'
    return reason.trim() === '' ? 'say why first' : null
  }
  return (
    <dialog ref={dialog} className="limitdialog" aria-labelledby="cap-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (fault === null && amount !== null && !set.isPending)
            set.mutate(
              {
                currency: cap.currency,
                cap: amount,
                reason,
                raises: amount > cap.cap ? `${toCapName(cap).name}: ${toAmount(cap, amount)} a day` : null,
              },
              { onSuccess: onClose },
            )
        }}
      >
        <div>
          <h2 id="cap-title">{toCapName(cap).name}</h2>
          <p className="muted">
            {toAmount(cap, cap.cap)} a day in force, at most {toAmount(cap, cap.ceiling)}: the ceiling that{' '}
            <code>{cap.currency === null ? 'AUTOPACK_MAX_ACTIONS_PER_DAY' : `AUTOPACK_MAX_DAILY_SPEND_${cap.currency}`}</code> sets.
          </p>
        </div>
        <div className="field">
          <label htmlFor="cap-value">A day, {toUnitWords(cap.currency)}</label>
          <input
            id="cap-value"
            className="input lg"
            inputMode="decimal"
            autoComplete="off"
            value={text}
            aria-invalid={amount === null || amount > cap.ceiling}
            aria-describedby="cap-hint"
            onChange={(event) => setText(event.target.value)}
          />
          <span className="hint" id="cap-hint">
            {toConsequence(cap, amount)}
          </span>
        </div>
        <div className="field">
          <label htmlFor="cap-reason">Why</label>
          <input
            id="cap-reason"
            className="input lg"
            autoComplete="off"
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        {set.error !== null && <RefusedAct error={set.error} />}
        <div className="dialog-act">
          <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button className="btn lg primary" type="submit" aria-disabled={fault !== null}>
            {set.isPending ? 'Setting' : fault === null ? `Set ${toAmount(cap, amount!)}` : `Set: ${fault}`}
          </button>
        </div>
      </form>
    </dialog>
  )
}

/** What the value that is typed means today. */
function toConsequence(cap: Cap, amount: number | null): string {
  if (amount === null) return `${toUnitWords(cap.currency)}, nothing else.`
  if (amount > cap.ceiling) return `The environment allows ${toAmount(cap, cap.ceiling)}. More needs another value there, and a new start.`
  const spent = cap.used + cap.reserved
  if (amount < spent) return `${toAmount(cap, spent)} are done or reserved already: nothing is left today.`
  return `Leaves ${toAmount(cap, amount - spent)} for the rest of today.`
}

function toUnitWords(currency: string | null): string {
  if (currency === null) return 'a whole number of actions'
  const exponent = toExponent(currency)
  return exponent === null ? `minor units of ${currency}` : exponent === 0 ? `whole ${currency}` : `an amount in ${currency}`
}
