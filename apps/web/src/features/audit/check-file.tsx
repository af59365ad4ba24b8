import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'
import { useRef, useState } from 'react'
import { AgentText } from '../../shared/agent-text.tsx'
import type { LogResult } from '../../shared/evidence/check-order.ts'
import { chooseTrust } from '../../shared/evidence/choose-trust.ts'
import { readKnownLog } from '../../shared/evidence/last-check.ts'
import { ReceiptVerdictText } from '../../shared/evidence/receipt-verdict.tsx'
import { checkLog, checkReceipt } from '../../shared/evidence/run-check.ts'
import { formatCount } from '../../shared/format-count.ts'
import { CheckTrouble } from './check-trouble.tsx'
import { chooseGrounds } from './choose-grounds.ts'
import type { KeptTexts } from './kept-texts.ts'
import { LogVerdict, type Grounds } from './log-verdict.tsx'
import { readCheckpoints } from './read-checkpoints.ts'
import { readChosenFile } from './read-chosen-file.ts'
import { StopCheck } from './stop-check.tsx'
import { useCheck } from './use-check.ts'

type Outcome = { name: string } & (
  | { kind: 'receipt'; verdict: ReceiptVerdict }
  | { kind: 'log'; result: LogResult; grounds: Grounds; extract: boolean }
  | { kind: 'kept'; keys: number; notes: number }
)

const kindWords = { receipt: 'read as a receipt', log: 'read as an exported log', kept: 'read as keys and checkpoints' } as const

/** A file from disk, checked here: nothing of it leaves this browser. `onKept`: it is what to check with. */
export function CheckFile({ kept, onKept }: { kept: KeptTexts; onKept: (text: string) => void }) {
  const [over, setOver] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const [leftOut, setLeftOut] = useState(0)
  const check = useCheck<Outcome>()

  function take([file, ...others]: readonly File[]): void {
    if (file === undefined) return
    setLeftOut(others.length)
    const { name } = file
    check.start(async (watch): Promise<Outcome> => {
      const chosen = await readChosenFile(file)
      watch.signal.throwIfAborted()
      if (chosen.kind === 'kept') {
        onKept(chosen.text)
        return { name, kind: 'kept', keys: chosen.keys, notes: chosen.notes }
      }
      const known = readKnownLog()
      const trust = chooseTrust(kept, known)
      if (chosen.kind === 'receipt') return { name, kind: 'receipt', verdict: await checkReceipt(chosen.text, trust, watch.signal) }
      const { begins, ends } = chosen
      const published = await readCheckpoints(watch.signal)
      const { notes, grounds } = chooseGrounds({ kept, known, published, whose: trust.whose, source: 'file', ends })
      const rotations = [...new Set([...trust.rotations, ...published.rotations])]
      const { trustedKeys } = trust
      const result = await checkLog({ kind: 'log', source: { file }, checkpoints: notes, rotations, keys: published.keys, trustedKeys }, watch)
      return { name, kind: 'log', result, grounds, extract: begins > 1 || name.includes('extract') }
    })
  }

  return (
    <>
      <p className="verifylead">
        It is read and checked in this browser, and goes nowhere. A log is held against the checkpoints of this console that it could cover.
      </p>
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
          take([...event.dataTransfer.files])
        }}
      >
        <span>Drop a file here, or choose one</span>
        <input
          type="file"
          ref={field}
          accept=".json,.ndjson,.txt,.note,application/json,application/x-ndjson,text/plain"
          onChange={(event) => {
            take([...(event.target.files ?? [])])
            // The same file may be chosen again after it was changed.
            event.target.value = ''
          }}
        />
      </label>
      {check.state === 'running' && (
        <div className="besides">
          <p>{check.progress.count > 0 ? `${formatCount(check.progress.count)} events hold so far` : 'Checking'}</p>
          <StopCheck onStop={check.stop} next={field} />
        </div>
      )}
      {/* It is there before the verdict is, so that the verdict is read out. */}
      <div className="checksaid" role="status">
        {check.state === 'running' && <p className="sr">Checking the file.</p>}
        {leftOut > 0 && (
          <p>
            One file at a time: {formatCount(leftOut)} {leftOut === 1 ? 'other was' : 'others were'} left out.
          </p>
        )}
        {check.state === 'stopped' && <p>You stopped it. Nothing is known about this file.</p>}
        {check.state === 'failed' && <CheckTrouble error={check.error} count={check.progress.count} />}
        {check.state === 'done' && (
          <>
            <p className="verifyname">
              <b>
                <AgentText text={check.outcome.name} />
              </b>
              <span className="muted">{kindWords[check.outcome.kind]}</span>
            </p>
            <Said outcome={check.outcome} />
          </>
        )}
      </div>
    </>
  )
}

function Said({ outcome }: { outcome: Outcome }) {
  if (outcome.kind === 'receipt') return <ReceiptVerdictText verdict={outcome.verdict} />
  if (outcome.kind === 'log') return <LogVerdict result={outcome.result} grounds={outcome.grounds} extract={outcome.extract} />
  const { keys, notes } = outcome
  return (
    <p>
      {keys} {keys === 1 ? 'key' : 'keys'} and {notes} {notes === 1 ? 'checkpoint' : 'checkpoints'}: they stand below now, where it says what is held
      against them. Choose what is to be checked.
    </p>
  )
}
