import type { Brake } from '@autopack/contract/operator-control'
import { useInfiniteQuery } from '@tanstack/react-query'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Elapsed, Time } from '../../shared/time.tsx'
import { brakeHistoryQuery } from './brake-queries.ts'
import { toScopeWords } from './brake-words.ts'

/** Every stop there was, the newest first: what, who, why, for how long, and who let it go on. */
export function BrakeHistory() {
  const history = useInfiniteQuery(brakeHistoryQuery)
  const brakes = history.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-labelledby="history-title">
      <h2 className="sec" id="history-title">
        History
      </h2>
      {history.error !== null && (
        <ProblemPanel
          title="The history could not be read"
          error={history.error}
          stillWorks="Stopping works."
          onRetry={() => void history.refetch()}
        />
      )}
      {history.data !== undefined && brakes.length === 0 && (
        <p className="muted">Nothing was ever stopped. A stop for practice shows who answers, and costs a release.</p>
      )}
      <ol className="brakehist">
        {brakes.map((brake) => (
          <Item key={brake.brake_id} brake={brake} />
        ))}
      </ol>
      {history.hasNextPage && (
        <button className="btn" type="button" aria-disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {history.isFetchingNextPage ? 'Reading' : 'Older'}
        </button>
      )}
    </section>
  )
}

function Item({ brake }: { brake: Brake }) {
  const words = toAgentWords(toScopeWords(brake))
  return (
    <li>
      <span className="muted nowrap">
        <Time at={brake.engaged_at} form="short" />
      </span>
      <div>
        <p>
          <b className="v" dir="auto">
            <VisibleText text={words.charAt(0).toUpperCase() + words.slice(1)} />
          </b>
          , <VisibleText text={toAgentWords(brake.engaged_by.name)} />
        </p>
        <p className="v" dir="auto">
          “<VisibleText text={toAgentWords(brake.engaged_reason)} />”
        </p>
        {brake.released_by !== null && (
          <p className="muted">
            Released by <VisibleText text={toAgentWords(brake.released_by.name)} />: “
            <span className="v" dir="auto">
              <VisibleText text={toAgentWords(brake.released_reason ?? '')} />
            </span>
            ”
          </p>
        )}
        {!brake.audited && <p className="waitslog">Waits to be written into the audit log</p>}
      </div>
      <span className="num">
        {brake.released_at === null ? <span className="still">still stopped</span> : <Elapsed from={brake.engaged_at} to={brake.released_at} />}
      </span>
    </li>
  )
}
