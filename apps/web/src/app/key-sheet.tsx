import { useEffect, useRef, useState } from 'react'
import { listKeys, useSingleKeys } from '../shared/keyboard.ts'

/** The keys that work on this page, and the switch that turns single keys off. Mounted when it is asked for. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [keys] = useState(listKeys)
  const [on, setOn] = useSingleKeys()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="keysheet" aria-labelledby="keysheet-title" onClose={onClose}>
      <h2 id="keysheet-title">Keys on this page</h2>
      <dl>
        {keys.map((binding) => (
          <div key={binding.keys}>
            <dt>
              {binding.keys.split(' ').map((key) => (
                <kbd className="kbd" key={key}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{binding.does}</dd>
          </div>
        ))}
      </dl>
      <label className="opt">
        <input className="check" type="checkbox" checked={on} onChange={(event) => setOn(event.target.checked)} />
        Single keys act (they never do while you type)
      </label>
      <form method="dialog" className="dialog-act">
        <button className="btn" type="submit">
          Close
        </button>
      </form>
    </dialog>
  )
}
