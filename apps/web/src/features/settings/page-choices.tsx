import { useState } from 'react'
import { useSingleKeys } from '../../shared/keyboard.ts'
import { chooseTheme, readThemeChoice, themeChoices } from './theme-choice.ts'

const words = { system: 'As the system', dark: 'Dark', light: 'Light' } as const

/** Kept by this browser, not by the server. */
export function PageChoices() {
  const [theme, setTheme] = useState(readThemeChoice)
  const [singleKeys, setSingleKeys] = useSingleKeys()
  return (
    <div className="choices">
      <fieldset>
        <legend>Theme</legend>
        {themeChoices.map((choice) => (
          <label className="opt" key={choice}>
            <input
              className="radio"
              type="radio"
              name="theme"
              checked={theme === choice}
              onChange={() => {
                chooseTheme(choice)
                setTheme(choice)
              }}
            />
            <span>{words[choice]}</span>
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Keyboard</legend>
        <label className="opt">
          <input className="check" type="checkbox" checked={singleKeys} onChange={(event) => setSingleKeys(event.target.checked)} />
          <span>
            Single keys act <span className="muted">such as R for reject; no single key ever approves</span>
          </span>
        </label>
      </fieldset>
    </div>
  )
}
