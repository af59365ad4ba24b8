import { useState, type Ref } from 'react'
import { Icon } from '../../shared/icon.tsx'

type Props = {
  id: string
  autoComplete: 'current-password' | 'new-password'
  value: string
  invalid: boolean | undefined
  /** Ids of the rule and of the refusal, as far as they are there. */
  describedBy: string | undefined
  field: Ref<HTMLInputElement>
  onType: (text: string) => void
}

/** A password that can be looked at while it is typed. */
export function PasswordField({ id, autoComplete, value, invalid, describedBy, field, onType }: Props) {
  const [shown, setShown] = useState(false)
  return (
    <span className="password">
      <input
        ref={field}
        className="input lg"
        id={id}
        name="password"
        type={shown ? 'text' : 'password'}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        required
        maxLength={1_000}
        value={value}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        onChange={(event) => onType(event.target.value)}
      />
      <button className="btn quiet iconbtn" type="button" aria-pressed={shown} aria-label="Show password" onClick={() => setShown(!shown)}>
        <Icon name={shown ? 'blind' : 'eye'} />
      </button>
    </span>
  )
}
