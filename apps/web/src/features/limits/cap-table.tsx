import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { Time } from '../../shared/time.tsx'
import { TimeLeft } from '../../shared/time-left.tsx'
import { CapScale, hatching, Hatching } from './cap-scale.tsx'
import { toAmount, toCapName, toLeft, toLoad, type Cap } from './cap-words.ts'

/** Every cap of today, the binding one first. Kinds of action have theirs from the catalog; only the deployment's own can be set. */
export function CapTable({ caps, may, onChange }: { caps: readonly Cap[]; may: boolean; onChange: (cap: Cap) => void }) {
  return (
    <div className="tablewrap">
      <Hatching />
      <table className="t caps">
        <thead>
          <tr>
            <th scope="col">Cap, per UTC day</th>
            <th scope="col">
              <span className="legend" aria-hidden="true">
                <Key kind="spent" /> done <Key kind="held" /> reserved <Key kind="would" /> waiting
              </span>
              <span className="sr">Scale</span>
            </th>
            <th scope="col" className="num">
              Done
            </th>
            <th scope="col" className="num">
              Waiting
            </th>
            <th scope="col" className="num">
              Left
            </th>
            <th scope="col" className="num">
              Resets
            </th>
            <th scope="col">
              <span className="sr">Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {caps.map((cap, place) => (
            <Row
              key={`${cap.scope ?? ''} ${cap.currency ?? ''}`}
              cap={cap}
              binds={place === 0 && toLoad(cap) > 0}
              may={may}
              onChange={() => onChange(cap)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ cap, binds, may, onChange }: { cap: Cap; binds: boolean; may: boolean; onChange: () => void }) {
  const { name, of } = toCapName(cap)
  return (
    <tr>
      <th scope="row">
        <b className="v">
          <VisibleText text={toAgentWords(name)} />
        </b>{' '}
        {binds && <span className="binding">binding</span>}
        <span className="muted f12 capof">
          {of}
          <WhoSet cap={cap} />
        </span>
      </th>
      <td className="w-scale">
        <CapScale cap={cap} />
      </td>
      <td className="num">
        {toAmount(cap, cap.used)} of {toAmount(cap, cap.cap)}
        {cap.reserved > 0 && <span className="muted f12 capof">{toAmount(cap, cap.reserved)} reserved</span>}
      </td>
      <td className="num muted">{toAmount(cap, cap.waiting)}</td>
      <td className="num">{toAmount(cap, toLeft(cap))}</td>
      <td className="num muted">
        <TimeLeft by={cap.resets_at} over="now" />
      </td>
      <td className="num">
        {cap.scope === null ? (
          <button
            className="btn xs"
            type="button"
            aria-disabled={!may}
            aria-describedby={may ? undefined : 'caps-who'}
            aria-label={`Change ${name}…`}
            onClick={() => may && onChange()}
          >
            Change…
          </button>
        ) : (
          <span className="muted f12">catalog</span>
        )}
      </td>
    </tr>
  )
}

function WhoSet({ cap }: { cap: Cap }) {
  if (cap.scope !== null) return null
  if (cap.working === null) return <>, as the environment says</>
  return (
    <>
      , set to {toAmount(cap, cap.working)} of {toAmount(cap, cap.ceiling)}
      {cap.set_by !== null && (
        <>
          {' '}
          by <VisibleText text={toAgentWords(cap.set_by.name)} />
        </>
      )}
      {cap.set_at !== null && (
        <>
          , <Time at={cap.set_at} form="short" />
        </>
      )}
    </>
  )
}

const key = { y: 0, width: 14, height: 6 }

function Key({ kind }: { kind: 'spent' | 'held' | 'would' }) {
  return (
    <svg className="scalekey" width="14" height="6" aria-hidden="true">
      {kind === 'spent' && <rect className="spent" {...key} />}
      {kind === 'held' && <rect className="held" fill={hatching} {...key} />}
      {kind === 'would' && <rect className="would" x="0.5" y="0.5" width="13" height="5" />}
    </svg>
  )
}
