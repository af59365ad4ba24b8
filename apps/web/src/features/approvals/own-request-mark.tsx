import { Icon } from '../../shared/icon.tsx'

/** Beside a decision that the only approver there is took about what they had asked for: allowed there, and never to be overlooked. */
export function OwnRequestMark() {
  return (
    <>
      <br />
      <span className="irrev">
        <Icon name="warn" small /> Approved what they asked for themselves, as the only approver there is.
      </span>
    </>
  )
}
