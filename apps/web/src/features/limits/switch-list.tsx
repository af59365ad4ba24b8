import { useState } from 'react'
import { useSession } from '../../shared/session.ts'
import { SwitchDialog } from './switch-dialog.tsx'
import { toSwitchName, toSwitchReason, toTurn, type Switch } from './switch-state.ts'

/** Every switch as it is in force, why it holds something back, and the variable that is its ceiling. */
export function SwitchList({ switches }: { switches: readonly Switch[] }) {
  const { operator } = useSession()
  const [turning, setTurning] = useState<Switch['name'] | null>(null)
  const open = switches.find(({ name }) => name === turning)
  return (
    <>
      <ul className="switches">
        {switches.map((control) => {
          const { on, missing } = toTurn(control, operator.role)
          const why = toSwitchReason(control)
          const id = `switch-${control.name}`
          return (
            <li key={control.name}>
              <span>
                <b>{toSwitchName(control)}</b>
                <code>{control.variable}</code>
                {why !== null && <span className="muted f12">{why}</span>}
                {missing !== null && (
                  <span className="muted f12" id={id}>
                    {missing}
                  </span>
                )}
              </span>
              <button
                className="sw"
                type="button"
                role="switch"
                aria-checked={control.on}
                aria-label={toSwitchName(control)}
                aria-disabled={missing !== null}
                aria-describedby={missing === null ? undefined : id}
                title={missing === null ? `Turn ${on ? 'on' : 'off'} here…` : missing}
                onClick={() => missing === null && setTurning(control.name)}
              >
                <span aria-hidden="true">{control.on ? 'on' : 'off'}</span>
              </button>
            </li>
          )
        })}
      </ul>
      {open && <SwitchDialog key={open.name} control={open} {...toTurn(open, operator.role)} onClose={() => setTurning(null)} />}
    </>
  )
}
