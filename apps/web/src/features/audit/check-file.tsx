import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LogResult } from '../../shared/evidence/check-order.ts'
import { newestCheckpointsQuery } from '../../shared/evidence/checkpoint-query.ts'
import { readKnownLog } from '../../shared/evidence/last-check.ts'
import { ReceiptVerdictText } from '../../shared/evidence/receipt-verdict.tsx'
import { checkLog, checkReceipt } from '../../shared/evidence/run-check.ts'
import { formatCount } from '../../shared/format-count.ts'
import { CheckTrouble } from './check-trouble.tsx'
import type { KeptTexts } from './kept-texts.ts'
import { LogVerdict, type Grounds } from './log-verdict.tsx'
import { useCheck } from './use-check.ts'

/** A receipt is far smaller; what is larger is read as a log, which is never held in memory whole. */
const largestReceiptBytes = 8 * 1024 * 1024

type Outcome = { name: string } & ({ kind: 'receipt'; verdict: ReceiptVerdict } | { kind: 'log'; result: LogResult; grounds: Grounds })

/** A file from disk, checked here: nothing of it leaves this browser. */
export function CheckFile({ grounds: kept }: { grounds: KeptTexts }) {
  const [over, setOver] = useState(false)
  const newest = useQuery(newestCheckpointsQuery)
  const check = useCheck<Outcome>()

  function take(file: File | undefined): void {
    if (file === undefined) return
    const key = readKnownLog()?.key ?? null
    const trustedKeys = kept.keys.length > 0 ? kept.keys : key !== null ? [key] : []
    const keys = kept.keys.length > 0 ? 'reader' : trustedKeys.length > 0 ? 'browser' : 'console'
    check.start(async (watch): Promise<Outcome> => {
      const head = await file.slice(0, 4_096).text()
      if (file.size <= largestReceiptBytes && !/^\s*\{\s*"(?:seq|prev|hash|event)"/.test(head)) {
        return { name: file.name, kind: 'receipt', verdict: await checkReceipt(await file.text(), trustedKeys, watch.signal) }
      }
      // An export of the past ends before the newest checkpoints: only those that it could cover are held against it, and the reader's.
      const rotations = newest.data?.rotations ?? []
      const grounds: Grounds = { ofConsole: 0, ofReader: kept.notes.length, ofBrowser: 0, keys }
      const order = { kind: 'log', source: { file }, checkpoints: kept.notes, rotations, keys: newest.data?.keys ?? [], trustedKeys } as const
      return { name: file.name, kind: 'log', result: await checkLog(order, watch), grounds }
    })
  }

  return (
    <>
      <p className="verifylead">It is read and checked in this browser, and goes nowhere.</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dropping is a shortcut of the mouse; the field in it is there for everybody */}
      <label
        className="drop"
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          take(event.dataTransfer.files[0])
        }}
      >
        <span>Drop a file here, or choose one</span>
        <input
          type="file"
          accept=".json,.ndjson,application/json,application/x-ndjson"
          onChange={(event) => {
            take(event.target.files?.[0])
            // The same file may be chosen again after it was changed.
            event.target.value = ''
          }}
        />
      </label>
      {check.state === 'running' && (
        <div className="besides" role="status">
          <p>{check.progress.count > 0 ? `${formatCount(check.progress.count)} events hold so far` : 'Checking'}</p>
          <button className="btn" type="button" onClick={check.stop}>
            Stop
          </button>
        </div>
      )}
      {check.state === 'stopped' && <p role="status">You stopped it. Nothing is known about this file.</p>}
      {check.state === 'failed' && <CheckTrouble error={check.error} count={check.progress.count} />}
      {check.state === 'done' && (
        <>
          <p className="verifyname">
            <b className="v" dir="auto">
              {check.outcome.name}
            </b>
            <span className="muted">{check.outcome.kind === 'receipt' ? 'read as a receipt' : 'read as an exported log'}</span>
          </p>
          {check.outcome.kind === 'receipt' ? (
            <ReceiptVerdictText verdict={check.outcome.verdict} />
          ) : (
            <LogVerdict result={check.outcome.result} grounds={check.outcome.grounds} />
          )}
        </>
      )}
    </>
  )
}
