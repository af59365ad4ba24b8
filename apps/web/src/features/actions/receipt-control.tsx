import type { ExternalAction } from '@autopack/contract/external-actions'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { describeProblem } from '../../shared/describe-problem.ts'
import { receiptQuery, saveReceipt, toWaitSeconds } from '../../shared/evidence/receipt-query.ts'
import { Icon } from '../../shared/icon.tsx'
import { useBrowserNow } from '../../shared/server-clock.ts'

/** Asks for the receipt and hands it over as a file; where it has to wait for a checkpoint, it does, and says how long. */
export function ReceiptControl({ action }: { action: ExternalAction }) {
  const client = useQueryClient()
  const [wanted, setWanted] = useState(false)
  // The version when it was pressed: following a newer one would give up the question that waits, and its answer is of now in any case.
  const [version, setVersion] = useState(action.version)
  const query = receiptQuery(action.action_id, version)
  const receipt = useQuery({ ...query, enabled: false })
  // Whoever left the page, or pressed again, wants no file any more.
  const asked = useRef<object | null>(null)
  useEffect(() => () => void (asked.current = null), [])

  async function ask(): Promise<void> {
    if (wanted) {
      asked.current = null
      setWanted(false)
      void client.cancelQueries({ queryKey: query.queryKey })
      return
    }
    const mine = {}
    asked.current = mine
    setWanted(true)
    setVersion(action.version)
    const text = await client.fetchQuery(receiptQuery(action.action_id, action.version)).catch(() => null)
    if (asked.current !== mine) return
    if (text !== null) saveReceipt(action.action_id, text)
    setWanted(false)
  }

  const waitSeconds = wanted ? toWaitSeconds(receipt.failureReason) : null
  if (action.state === 'PENDING') {
    return (
      <button className="btn" type="button" aria-disabled title="It was not decided yet. A receipt says what was decided and what came of it.">
        Receipt
      </button>
    )
  }
  return (
    <>
      <button className="btn" type="button" onClick={() => void ask()}>
        <Icon name="download" />
        {waitSeconds !== null ? <Waiting key={receipt.failureCount} seconds={waitSeconds} /> : wanted ? 'Reading the receipt' : 'Receipt'}
      </button>
      <span className="sr" role="status">
        {waitSeconds === null ? '' : 'The receipt waits for the next checkpoint and is downloaded then. Press again to stop waiting.'}
      </span>
      {!wanted && receipt.error !== null && (
        <span className="act-noreceipt" role="alert">
          {describeProblem(receipt.error).what} {describeProblem(receipt.error).todo}
        </span>
      )}
    </>
  )
}

/** Counts down to when it is asked again. */
function Waiting({ seconds }: { seconds: number }) {
  const [fromMs] = useState(Date.now)
  const left = Math.max(1, Math.ceil(seconds - (useBrowserNow() - fromMs) / 1_000))
  return <span className="tn">Waits for the next checkpoint, {left} s</span>
}
