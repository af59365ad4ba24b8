import type { AuditQueryError } from '@autopack/contract/audit-query'

const mostOffered = 10

type Props = {
  id: string
  text: string
  fault: AuditQueryError | null
  /** Below stands the answer to the query before. */
  kept: boolean
  onReplace: (text: string) => void
}

/** Which part of the query cannot be read, why, and what is allowed there. */
export function QueryFault({ id, text, fault, kept, onReplace }: Props) {
  return (
    <div className="queryfault" id={id} role="alert">
      {fault !== null && (
        <>
          <p>
            {fault.end > fault.start && (
              <code className="v">
                {text.slice(0, fault.start)}
                <mark>{text.slice(fault.start, fault.end)}</mark>
                {text.slice(fault.end)}
              </code>
            )}{' '}
            <b>{capitalise(fault.message)}.</b> {kept && <span className="muted">What is below is still the answer to the query before.</span>}
          </p>
          {fault.expected.length > 0 && (
            <p className="queryfault-allowed">
              <span className="muted">Allowed here:</span>
              {fault.expected.slice(0, mostOffered).map((one) =>
                // Some are words about what is expected, and nothing that could be written.
                /\s/.test(one) ? (
                  <span key={one}>{one}</span>
                ) : (
                  <button
                    className="btn xs"
                    type="button"
                    key={one}
                    onClick={() => onReplace(text.slice(0, fault.start) + one + text.slice(fault.end))}
                  >
                    <code>{one}</code>
                  </button>
                ),
              )}
              {fault.expected.length > mostOffered && <span className="muted">and {fault.expected.length - mostOffered} more</span>}
            </p>
          )}
        </>
      )}
    </div>
  )
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
