import { formatMoney } from '@autopack/approval-proof/format-money'
import type { ControlInForce } from '@autopack/contract/control'
import { Link } from '../../shared/link.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { toSwitchWords } from './switch-words.ts'

/** What could leave at this moment: the switches in words, and what the caps of today still hold. */
export function EffectsNow({ control }: { control: ControlInForce | undefined }) {
  return (
    <section aria-labelledby="effects-title">
      <h2 className="sec" id="effects-title">
        What may leave
        <Link className="end f12" to="/limits">
          limits
        </Link>
      </h2>
      {control === undefined ? (
        <p className="muted">Not known.</p>
      ) : (
        <dl className="kv">
          <dt>Effects</dt>
          <dd>{control.brake_engaged ? <StateMark kind="halted" label="Stopped: nothing can be taken" /> : toSwitchWords(control)}</dd>
          <dt>Brake</dt>
          <dd>
            <Link to="/brake">{toBrakeWords(control)}</Link>
          </dd>
          {control.caps.map((cap) => (
            <Cap key={cap.currency ?? ''} cap={cap} />
          ))}
          {control.caps[0] !== undefined && (
            <>
              <dt>Resets</dt>
              <dd>
                <Time at={control.caps[0].resets_at} form="clock" />
              </dd>
            </>
          )}
        </dl>
      )}
    </section>
  )
}

function toBrakeWords({ brake_engaged, brakes }: ControlInForce): string {
  if (brake_engaged) return 'everything is stopped'
  if (brakes.length === 0) return 'released'
  return brakes.length === 1 ? 'one part is stopped' : `${formatCount(brakes.length)} parts are stopped`
}

function Cap({ cap: { currency, cap, used, reserved } }: { cap: ControlInForce['caps'][number] }) {
  const word = (count: number) => (currency === null ? formatCount(count) : formatMoney(count, currency))
  return (
    <>
      <dt>{currency === null ? 'Actions' : `Spend ${currency}`}</dt>
      <dd>
        <b className="tn">{word(used)}</b> of {word(cap)} today
        {reserved > 0 && <span className="muted">, {word(reserved)} reserved</span>}
      </dd>
    </>
  )
}
