import { useId } from 'react'

export function isDays(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 365
}

/** How long a key works, in days. */
export function DaysField({ value, onType }: { value: string; onType: (text: string) => void }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>Works for, in days</label>
      <input
        id={id}
        className="input lg"
        inputMode="numeric"
        autoComplete="off"
        maxLength={3}
        value={value}
        aria-invalid={!isDays(value)}
        onChange={(event) => onType(event.target.value)}
      />
    </div>
  )
}
