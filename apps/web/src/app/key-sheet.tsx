import { useRef, useState } from 'react'
import { listKeys, useKeys, useSingleKeys } from '../shared/keyboard.ts'

/** `?`: the keys that work on this page, and the switch that turns single keys off. */
export function KeySheet() {
  const dialog = useRef<HTMLDialogElement>(null)
  const [keys, setKeys] = useState<{ keys: string; does: string }[]>([])
  const [on, setOn] = useSingleKeys()
  useKeys([
    {
      keys: '?',
      does: 'this sheet',
      run: () => {
        setKeys(listKeys())
        dialog.current?.showModal()
      },
    },
  ])
  return (
    <dialog ref={dialog} className="keysheet" aria-labelledby="keysheet-title">
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
