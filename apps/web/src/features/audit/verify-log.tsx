import { exportAudit } from '@autopack/contract/audit'
import { hasRole } from '@autopack/contract/roles'
import { consolePath } from '@autopack/contract/route'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { CheckProgress, LogResult } from '../../shared/evidence/check-order.ts'
import { chooseTrust } from '../../shared/evidence/choose-trust.ts'
import { keepKnownLog, readKnownLog } from '../../shared/evidence/last-check.ts'
import { checkLog } from '../../shared/evidence/run-check.ts'
import { formatBytes } from '../../shared/format-bytes.ts'
import { formatCount } from '../../shared/format-count.ts'
import { useSession } from '../../shared/session.ts'
import { statusQuery } from '../../shared/status-queries.ts'
import { CheckTrouble } from './check-trouble.tsx'
import { chooseGrounds } from './choose-grounds.ts'
import type { KeptTexts } from './kept-texts.ts'
import { learnFromCheck } from './learn-from-check.ts'
import type { Grounds } from './log-verdict.tsx'
import { readCheckpoints } from './read-checkpoints.ts'
import { useCheck } from './use-check.ts'

const LogVerdict = lazy(async () => ({ default: (await import('./log-verdict.tsx')).LogVerdict }))

/** Streams the whole log into a worker and says what holds. */
export function VerifyLog({ kept }: { kept: KeptTexts }) {
  const { operator } = useSession()
  const mayRead = hasRole(operator.role, 'admin')
  const client = useQueryClient()
  const status = useQuery(statusQuery)
  const check = useCheck<{ result: LogResult; grounds: Grounds }>()
  const size = status.data?.audit.head_seq
  const running = check.state === 'running'

  function start(): void {
    check.start(async (watch) => {
      const known = readKnownLog()
      const trust = chooseTrust(kept, known)
      const published = await readCheckpoints(watch.signal)
      const { notes, grounds } = chooseGrounds({ kept, known, published, whose: trust.whose, source: 'console', ends: Number.POSITIVE_INFINITY })
      const rotations = [...new Set([...trust.rotations, ...published.rotations])]
      const { trustedKeys } = trust
      const source = { address: consolePath(exportAudit.path) }
      const result = await checkLog({ kind: 'log', source, checkpoints: notes, rotations, keys: published.keys, trustedKeys }, watch)
      keepKnownLog(learnFromCheck(known, result, { ...grounds, rotations }, new Date().toISOString()))
      void client.invalidateQueries(statusQuery)
      return { result, grounds }
    })
  }

  return (
    <>
      <p className="verifylead">
        The whole chain is read once and hashed again in this browser, entry by entry, and compared with the checkpoints that this console has. The
        verdict is this browser’s own; whose key it believed is said with it.
      </p>
      <div className="besides">
        {/* One button, so that the focus stays; the second half of a double click is not meant for what it has become. */}
        <button
          className={running ? 'btn lg' : 'btn lg primary'}
          type="button"
          aria-disabled={!mayRead}
          onClick={({ detail }) => {
            if (!mayRead || detail > 1) return
            if (running) check.stop()
            else start()
          }}
        >
          {running ? 'Stop' : check.state === 'idle' ? 'Verify the whole log' : 'Verify again'}
        </button>
        {check.state === 'running' ? (
          <Progress progress={check.progress} elapsedMs={check.elapsedMs} size={size} />
        ) : (
          <p className="muted">
            {!mayRead
              ? `Reading the whole log takes an admin; you are ${operator.role}. A receipt, or a log that an admin exported, you can check below.`
              : size === undefined
                ? ''
                : `${formatCount(size)} ${size === 1 ? 'event' : 'events'}.`}
          </p>
        )}
      </div>
      {/* It is there before the verdict is, so that the verdict is read out. */}
      <div className="checksaid" role="status">
        {running && <p className="sr">Verifying the log.</p>}
        {check.state === 'stopped' && (
          <p>You stopped it after {formatCount(check.progress.count)} events. They held; nothing is known about the rest.</p>
        )}
        {check.state === 'failed' && <CheckTrouble error={check.error} count={check.progress.count} />}
        {check.state === 'done' && (
          <Suspense fallback={null}>
            <LogVerdict result={check.outcome.result} grounds={check.outcome.grounds} here />
          </Suspense>
        )}
      </div>
    </>
  )
}

type ProgressProps = { progress: CheckProgress; elapsedMs: number; size: number | undefined }

function Progress({ progress, elapsedMs, size }: ProgressProps) {
  const rate = elapsedMs < 500 ? null : Math.round((progress.count / elapsedMs) * 1_000)
  const share = size === undefined || size === 0 ? null : Math.min(1, progress.count / size)
  return (
    <div className="verifying">
      <span
        className="bar"
        role="progressbar"
        aria-label="Verifying the log"
        aria-valuemin={0}
        aria-valuemax={size}
        aria-valuenow={share === null ? undefined : Math.min(progress.count, size!)}
      >
        <i style={{ width: `${(share ?? 0) * 100}%` }} />
      </span>
      <p>
        <b className="tn">{formatCount(progress.count)}</b> {size !== undefined && `of ${formatCount(size)} `}events hold
        <span className="dot" />
        {formatBytes(progress.bytes)}
        {rate !== null && (
          <>
            <span className="dot" />
            <span className="tn">{formatCount(rate)}</span> events/s
          </>
        )}
      </p>
    </div>
  )
}
