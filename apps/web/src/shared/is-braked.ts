import type { ControlInForce } from '@autopack/contract/control'

/** What a brake may be over; only an external action has a provider. */
type Braked = { run_id: string | null; executor: { executor_id: string }; provider?: string }

/** Whether a brake keeps this from being approved; rejecting goes on. `control` undefined: not known yet, so nothing is claimed. */
export function isBraked(subject: Braked, control: Pick<ControlInForce, 'brake_engaged' | 'brakes'> | undefined): boolean {
  if (control === undefined) return false
  if (control.brake_engaged) return true
  return control.brakes.some(({ kind, id }) => {
    if (kind === 'provider') return subject.provider === id
    return kind === 'run' ? subject.run_id === id : kind === 'executor' && subject.executor.executor_id === id
  })
}
