import { useId } from 'react'

/** Why: kept in the audit log beside the act. */
export function ReasonField({ label, value, onType }: { label: string; value: string; onType: (text: string) => void }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="input"
        rows={2}
        maxLength={2_000}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onType(event.target.value)}
      />
      <span className="hint" id={`${id}-hint`}>
        Stays in the audit log.
      </span>
    </div>
  )
}
