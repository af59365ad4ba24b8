import { exportAudit } from '@autopack/contract/audit'
import { hasRole } from '@autopack/contract/roles'
import { consolePath } from '@autopack/contract/route'
import { useQuery } from '@tanstack/react-query'
import type { CheckProgress, LogResult } from '../../shared/evidence/check-order.ts'
import { keepKnownLog, readKnownLog } from '../../shared/evidence/last-check.ts'
import { checkLog } from '../../shared/evidence/run-check.ts'
import { formatBytes } from '../../shared/format-bytes.ts'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { useSession } from '../../shared/session.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { CheckTrouble } from './check-trouble.tsx'
import type { KeptTexts } from './kept-texts.ts'
import { LogVerdict, type Grounds } from './log-verdict.tsx'
import { useCheckpointsBackTo } from './use-checkpoints.ts'
import { useCheck } from './use-check.ts'

/** Streams the whole log into a worker and says what holds. */
export function VerifyLog({ grounds: kept }: { grounds: KeptTexts }) {
  const { operator } = useSession()
  const mayRead = hasRole(operator.role, 'admin')
  const status = useQuery(statusQuery)
  const { checkpoints, facts, complete, error } = useCheckpointsBackTo(mayRead ? 0 : null)
  const check = useCheck<{ result: LogResult; grounds: Grounds }>()
  const size = status.data?.audit.head_seq

  function start(): void {
    const { note = null, key = null } = readKnownLog() ?? {}
    const own = note !== null && !checkpoints.some((checkpoint) => checkpoint.note === note) ? [note] : []
    const trusted = kept.keys.length > 0 ? kept.keys : key !== null ? [key] : []
    const grounds: Grounds = {
      ofConsole: checkpoints.length,
      ofReader: kept.notes.length,
      ofBrowser: own.length,
      keys: kept.keys.length > 0 ? 'reader' : trusted.length > 0 ? 'browser' : 'console',
    }
    check.start(async (watch) => {
      const result = await checkLog(
        {
          kind: 'log',
          source: { address: consolePath(exportAudit.path) },
          checkpoints: [...checkpoints.map(({ note }) => note), ...kept.notes, ...own],
          rotations: facts?.rotations ?? [],
          keys: facts?.keys ?? [],
          trustedKeys: trusted,
        },
        watch,
      )
      remember(result, checkpoints[0]?.note ?? null, facts?.keys.at(0) ?? null)
      return { result, grounds }
    })
  }

  return (
    <>
      <p className="verifylead">
        The whole chain is read once and hashed again in this browser, entry by entry, and compared with every checkpoint that was signed. The verdict
        is this browser’s own; whose key it believed is said with it.
      </p>
      {check.state === 'running' ? (
        <Progress progress={check.progress} elapsedMs={check.elapsedMs} size={size} onStop={check.stop} />
      ) : (
        <div className="besides">
          <button
            className="btn lg primary"
            type="button"
            aria-disabled={!mayRead || (!complete && error === null)}
            onClick={() => mayRead && complete && start()}
          >
            {check.state === 'idle' ? 'Verify the whole log' : 'Verify again'}
          </button>
          <p className="muted">
            {!mayRead
              ? `Reading the whole log takes an admin; you are ${operator.role}. A receipt, or a log that an admin exported, you can check below.`
              : size === undefined
                ? ''
                : `${formatCount(size)} events, ${formatCount(checkpoints.length)} ${checkpoints.length === 1 ? 'checkpoint' : 'checkpoints'}.`}
          </p>
        </div>
      )}
      {mayRead && !complete && error === null && <Skeleton rows={1} label="Reading the checkpoints" />}
      {error !== null && (
        <p className="refusal" role="alert">
          <Icon name="halted" />
          The checkpoints could not be read, and without them a log that was cut or written anew would look right.
        </p>
      )}
      {check.state === 'stopped' && (
        <p role="status">You stopped it after {formatCount(check.progress.count)} events. They held; nothing is known about the rest.</p>
      )}
      {check.state === 'failed' && <CheckTrouble error={check.error} count={check.progress.count} />}
      {check.state === 'done' && <LogVerdict result={check.outcome.result} grounds={check.outcome.grounds} here />}
    </>
  )
}

/** The key that the first check believed stays, and the newest checkpoint that held: later ones have to agree. */
function remember({ verdict, tookMs }: LogResult, newestNote: string | null, key: string | null): void {
  const known = readKnownLog()
  const at = new Date().toISOString()
  const last = verdict.ok
    ? { count: verdict.count, head: verdict.head, seq: null, checkpoints: verdict.checkpoints.length }
    : { count: Math.max(0, (verdict.seq ?? 1) - 1), head: null, seq: verdict.seq, checkpoints: 0 }
  const held = verdict.ok && verdict.checkpoints.length > 0
  keepKnownLog({
    last: { at, tookMs, ok: verdict.ok, ...last },
    note: held ? newestNote : (known?.note ?? null),
    key: known?.key ?? (held ? key : null),
    since: known?.since ?? at,
  })
}

type ProgressProps = { progress: CheckProgress; elapsedMs: number; size: number | undefined; onStop: () => void }

function Progress({ progress, elapsedMs, size, onStop }: ProgressProps) {
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
        <button className="btn end" type="button" onClick={onStop}>
          Stop
        </button>
      </p>
    </div>
  )
}
