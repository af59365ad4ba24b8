import type { ExternalAction } from '@autopack/contract/external-actions'
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { useFreshness } from '../../shared/freshness.ts'
import { useKeys } from '../../shared/keyboard.ts'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { useServerNow } from '../../shared/server-clock.ts'
import { useSession } from '../../shared/session.ts'
import { listUnseen } from './arming.ts'
import { decideMutation, type Decision } from './decide-mutation.ts'
import { DecisionBands } from './decision-bands.tsx'
import { DecisionEvidence } from './decision-evidence.tsx'
import { OpenFooter } from './decision-footer.tsx'
import { DecisionHead } from './decision-head.tsx'
import { DecisionSubbar } from './decision-subbar.tsx'
import { DecisionViews, readView, views } from './decision-views.tsx'
import { findObstacle, findRejectObstacle } from './find-obstacle.ts'
import { findQueuePlace } from './find-queue-place.ts'
import { toFootState } from './foot-state.ts'
import { toApproveWords } from './approve-words.ts'
import { toFindingPointer } from './finding-pointer.ts'
import { payloadQuery } from './payload-query.ts'
import type { Proposal } from './read-proposal.ts'
import { toRefusalDecision, type RejectDraft } from './reject-reason.ts'
import { findReasonFault } from '../../shared/reason-fault.ts'
import { useArming, type ShownThing } from './use-arming.ts'

// Not needed to read a page that is still open; asked for beside it, so that neither rejecting nor its end waits for them.
const loadOutcome = async () => ({ default: (await import('./outcome.tsx')).Outcome })
loadOutcome().catch(() => undefined)
const Outcome = lazy(loadOutcome)
const loadClosedFooter = async () => ({ default: (await import('./closed-footer.tsx')).ClosedFooter })
loadClosedFooter().catch(() => undefined)
const ClosedFooter = lazy(loadClosedFooter)
const RejectDialog = lazy(async () => ({ default: (await import('./reject-dialog.tsx')).RejectDialog }))

/** The page itself: what is shown, whether approving is armed, and the two decisions. */
export function DecisionSheet({ action, readFailed, newerRevision }: { action: ExternalAction; readFailed: boolean; newerRevision: number | null }) {
  const [search, setSearch] = useSearchParams()
  const navigate = useNavigate()
  const { operator } = useSession()
  const freshness = useFreshness()
  const nowMs = useServerNow()
  const page = useRef<HTMLDivElement>(null)
  const reasonField = useRef<HTMLInputElement>(null)
  const [reason, setReason] = useState('')
  const [rejectDraft, setRejectDraft] = useState<RejectDraft>({ kind: 'not_now', field: '', reason: '' })
  const [rejecting, setRejecting] = useState(false)
  const view = readView(search.get('view'))

  const payload = useQuery(payloadQuery(action.action_id, action.revision))
  const read = payload.data
  const proposal = useMemo(() => (read === undefined ? null : read.readProposal(action)), [action, read])
  const queue = useQuery(actionableQueueQuery)
  const place = findQueuePlace(queue.data?.items.map((item) => item.approval_ref.id) ?? [], action.action_id)
  const decide = useMutation(decideMutation)

  const obstacle = findObstacle({
    action,
    proposal,
    freshness,
    readFailed,
    nowMs,
    sending: decide.isPending,
    payloadFailed: payload.error !== null,
    newerRevision,
  })
  const rejectObstacle = findRejectObstacle(action)
  const askObstacle = findRejectObstacle(action, 'ask_change')
  const over = nowMs >= Date.parse(action.decide_by)
  const open = action.state === 'PENDING' && !over
  const mayApprove = action.allowed_actions.some((item) => item.action === 'approve' && item.allowed)
  const shown = useMemo(() => toShown(action, proposal), [action, proposal])
  const arming = useArming(shown, obstacle !== null, page, view)
  const labels = new Map(proposal?.rendered?.fields.map((field) => [field.pointer, field.label]))
  for (const finding of action.findings) labels.set(toFindingPointer(finding), finding.title)
  const reasonFault = findReasonFault(reason)
  const own = action.decisions.find(
    (decision) => decision.kind === 'approve' && decision.revision === action.revision && decision.decided_by.operator_id === operator.operator_id,
  )
  const blind = proposal?.rendered?.blind ?? action.blind

  function send(decision: Decision) {
    // Asking for a change leaves the action open, so the dialog is closed by the answer and not by the state.
    decide.mutate({ action_id: action.action_id, decision }, { onSuccess: () => setRejecting(false) })
  }

  function approve(shown: Proposal) {
    if (reasonFault !== null) return reasonField.current?.focus()
    // What was rendered, not what the cache may hold by now.
    send({
      kind: 'approve',
      revision: shown.revision,
      payload_hash: shown.hash,
      descriptor: shown.descriptor_reference,
      display_sha256: shown.rendered!.display_sha256,
      reason: reason.trim(),
    })
  }

  function reject() {
    send(toRefusalDecision(rejectDraft, action))
  }

  function openReject(kind: RejectDraft['kind']) {
    if ((kind === 'change_this' ? askObstacle : rejectObstacle) !== null) return
    decide.reset()
    setRejectDraft({ ...rejectDraft, kind })
    setRejecting(true)
  }

  function showMissing() {
    const [missing] = listUnseen(arming)
    if (missing === undefined) return reasonFault !== null && obstacle === null ? reasonField.current?.focus() : undefined
    const find = () => page.current?.querySelector(`[data-must-see="${CSS.escape(missing)}"], [data-unexplained]`)
    find()?.scrollIntoView({ block: 'center' })
    if (view !== 'meaning') setSearch({}, { replace: true })
  }

  useKeys([
    { keys: 'r', does: 'reject', run: () => openReject('not_now') },
    { keys: '[', does: 'previous item', run: () => place.previous !== null && void navigate(place.previous) },
    { keys: ']', does: 'next item', run: () => place.next !== null && void navigate(place.next) },
    ...views.map((name, number) => ({
      keys: String(number + 1),
      does: `show ${name}`,
      run: () => setSearch(name === 'meaning' ? {} : { view: name }, { replace: true }),
    })),
  ])

  return (
    <div ref={page} className="decidepage" data-old={newerRevision !== null || undefined}>
      <DecisionSubbar action={action} place={place} mayApprove={mayApprove} />
      {proposal !== null && <DecisionBands proposal={proposal} />}
      {payload.error !== null && (
        <ProblemPanel
          title="The payload could not be read"
          error={payload.error}
          stillWorks="Without it nothing can be approved; rejecting works."
          onRetry={() => void payload.refetch()}
        />
      )}
      <div className="decide">
        <div className="decide-main">
          <DecisionHead action={action} proposal={proposal} failed={payload.error !== null} mayApprove={mayApprove} over={over} />
          <Suspense fallback={null}>
            <Outcome action={action} error={decide.error} unsent={decide.isSuccess ? '' : reason || rejectDraft.reason} />
          </Suspense>
          <DecisionViews action={action} proposal={proposal} arming={arming} view={view} failed={payload.error !== null} />
        </div>
        <DecisionEvidence action={action} proposal={proposal} ownId={operator.operator_id} mayApprove={mayApprove && open} />
      </div>
      {action.state === 'PENDING' ? (
        <OpenFooter
          seal={proposal?.seal ?? action.seal}
          state={toFootState({ approved: own !== undefined, arming, obstacle, blind, reason, labels })}
          armed={arming.armed && reasonFault === null}
          approveWords={toApproveWords({ blind, slots: action.slots, sending: decide.isPending && decide.variables.decision.kind === 'approve' })}
          blind={blind}
          mayApprove={mayApprove}
          rejectObstacle={rejectObstacle}
          askObstacle={askObstacle}
          reason={reason}
          reasonField={reasonField}
          error={rejecting ? null : decide.error}
          onReason={setReason}
          onApprove={() => proposal !== null && approve(proposal)}
          onNotYet={showMissing}
          onReject={openReject}
          onForget={decide.reset}
        />
      ) : (
        <Suspense fallback={null}>
          <ClosedFooter action={action} ownId={operator.operator_id} next={place.next ?? place.previous} />
        </Suspense>
      )}
      <Suspense fallback={null}>
        <RejectDialog
          open={rejecting && action.state === 'PENDING'}
          sentence={proposal?.rendered?.sentence_text ?? action.sentence}
          executor={action.executor.name}
          fields={proposal?.rendered?.fields ?? []}
          mayAsk={askObstacle === null}
          draft={rejectDraft}
          sending={decide.isPending}
          error={decide.error}
          onDraft={setRejectDraft}
          onReject={reject}
          onClose={() => setRejecting(false)}
        />
      </Suspense>
      <span className="sr" role="status">
        {action.state === 'PENDING' ? (arming.armed ? 'Approving is possible now.' : '') : toClosedWords(action)}
      </span>
    </div>
  )
}

/** What a person has in front of them. Any difference in it starts the arming over. */
function toShown(action: ExternalAction, proposal: Proposal | null): ShownThing {
  if (proposal === null || proposal.rendered === null) return null
  const findings = action.findings.filter((finding) => finding.level !== 'pass').map(toFindingPointer)
  const fields = proposal.rendered.fields.filter((field) => field.must_see).map((field) => field.pointer)
  return {
    bytes_key: `${action.revision} ${proposal.hash}`,
    key: JSON.stringify([action.revision, proposal.hash, action.state, action.risk.score, action.decisions.length, findings]),
    must_see: [...fields, ...findings],
  }
}

const decidedWords = { approve: 'approved', reject: 'rejected', ask_change: 'sent back', revoke: 'revoked', veto: 'vetoed' } as const

function toClosedWords(action: ExternalAction): string {
  const decision = action.decisions.at(-1)
  const state = action.state.toLowerCase()
  if (decision === undefined) return `This action is ${state}.`
  const decided = `${decidedWords[decision.kind]} by ${decision.decided_by.name}`
  return decided.startsWith(state) ? `This action was ${decided}.` : `This action is ${state}, ${decided}.`
}
