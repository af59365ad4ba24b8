import type { RequestDecisionBody } from '@autopack/contract/requests'
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { useFreshness } from '../../shared/freshness.ts'
import { isBraked } from '../../shared/is-braked.ts'
import { useKeys } from '../../shared/keyboard.ts'
import { findReasonFault } from '../../shared/reason-fault.ts'
import { useServerNow } from '../../shared/server-clock.ts'
import { useSession } from '../../shared/session.ts'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { Time } from '../../shared/time.tsx'
import { listUnseen } from './arming.ts'
import { toApproveWords } from './approve-words.ts'
import { toFindingPointer } from './finding-pointer.ts'
import { findQueuePlace } from './find-queue-place.ts'
import { findShortfall } from './find-shortfall.ts'
import { toFootState } from './foot-state.ts'
import { QueueSubbar } from './queue-subbar.tsx'
import type { RejectDraft } from './reject-reason.ts'
import { RequestEvidence } from './request-evidence.tsx'
import { ClosedRequestFooter, OpenRequestFooter } from './request-footer.tsx'
import { RequestHead } from './request-head.tsx'
import type { Note } from './request-notes.ts'
import { loadRequestReader, requestReaderQuery } from './request-reader-query.ts'
import { findRequestObstacle, findRequestRefusalObstacle } from './request-obstacle.ts'
import { decideRequestMutation, toRequestId, type WaitingRequest } from './request-queries.ts'
import { RequestRefusal } from './request-refusal.tsx'
import { bytesPointer, justificationPointer, toPathPointer, toShownRequest, toValuePointer } from './request-shown.ts'
import { useArming } from './use-arming.ts'

// Asked for beside the page, so that rejecting does not wait for it.
const loadRejectDialog = async () => ({ default: (await import('./reject-dialog.tsx')).RejectDialog })
loadRejectDialog().catch(() => undefined)
const RejectDialog = lazy(loadRejectDialog)
const ShortfallNote = lazy(async () => ({ default: (await import('./shortfall-note.tsx')).ShortfallNote }))
const loadOutcome = async () => ({ default: (await import('./request-outcome.tsx')).RequestOutcome })
const RequestOutcome = lazy(loadOutcome)
const RequestAsked = lazy(async () => ({ default: (await loadRequestReader()).RequestAsked }))

/** One request and the decision about it: the arming rule, the footer and the dialog are those of external actions. */
export function RequestSheet({ request, readFailed }: { request: WaitingRequest; readFailed: boolean }) {
  const navigate = useNavigate()
  const { operator } = useSession()
  const freshness = useFreshness()
  const nowMs = useServerNow()
  const page = useRef<HTMLDivElement>(null)
  const reasonField = useRef<HTMLInputElement>(null)
  const [reason, setReason] = useState('')
  const [rejectDraft, setRejectDraft] = useState<RejectDraft>({ kind: 'not_now', field: '', reason: '' })
  const [rejecting, setRejecting] = useState(false)
  const id = toRequestId(request)

  const reader = useQuery(requestReaderQuery)
  const { readBody, listNotes } = reader.data ?? {}
  const read = useMemo(() => readBody?.(request.body_text) ?? null, [readBody, request.body_text])
  const notes = useMemo(() => (read === null ? [] : (listNotes?.(request, read) ?? [])), [listNotes, request, read])
  const shown = useMemo(() => (read === null ? null : toShownRequest(request, read, notes)), [request, read, notes])
  const queue = useQuery(actionableQueueQuery)
  const { data: status } = useQuery(statusQuery)
  const place = findQueuePlace(queue.data?.items.map((item) => item.approval_ref.id) ?? [], id)
  const decide = useMutation(decideRequestMutation)

  const obstacle = findRequestObstacle({
    request,
    hash: read?.hash ?? null,
    unreadable: reader.error !== null,
    freshness,
    readFailed,
    nowMs,
    sending: decide.isPending,
  })
  const rejectObstacle = findRequestRefusalObstacle(request, 'reject')
  const askObstacle = findRequestRefusalObstacle(request, 'ask_change')
  const open = request.state === 'PENDING'
  const mayApprove = request.allowed_actions.some((item) => item.action === 'approve' && item.allowed)
  const shortfall = open ? findShortfall(request.still_needed) : null
  const braked = isBraked(request, status?.control)
  const arming = useArming(shown, obstacle !== null, page, 'request')
  const labels = useMemo(() => toLabels(request, read?.values ?? [], notes), [request, read, notes])
  const reasonFault = findReasonFault(reason)
  const fields = useMemo(() => read?.values.map(({ pointer }) => ({ pointer, label: toAgentWords(pointer.slice(1)) })) ?? [], [read])

  function send(decision: RequestDecisionBody) {
    decide.mutate({ kind: request.kind, id, decision }, { onSuccess: () => setRejecting(false) })
  }

  function approve() {
    if (read === null) return
    if (reasonFault !== null) return reasonField.current?.focus()
    // The hash of what was rendered, not of what the cache may hold by now.
    send({ kind: 'approve', body_sha256: read.hash, reason: reason.trim() })
  }

  function reject() {
    const { kind, field, reason: why } = rejectDraft
    // Saying no is about the request as the server has it, even where this browser reads other bytes.
    const bound = { body_sha256: request.body_sha256, reason: why.trim() }
    send(
      kind === 'change_this' ? { kind: 'ask_change', field: field === '' ? null : field, ...bound } : { kind: 'reject', reject_kind: kind, ...bound },
    )
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
    page.current?.querySelector(`[data-must-see="${CSS.escape(missing)}"]`)?.scrollIntoView({ block: 'center' })
  }

  useKeys([
    { keys: 'r', does: 'reject', run: () => openReject('not_now') },
    { keys: '[', does: 'previous item', run: () => place.previous !== null && void navigate(place.previous) },
    { keys: ']', does: 'next item', run: () => place.next !== null && void navigate(place.next) },
  ])

  return (
    <div ref={page} className="decidepage">
      <QueueSubbar
        subject={request}
        place={place}
        queueKnown={queue.data !== undefined}
        mayApprove={mayApprove}
        closed={
          <p className="deadline muted">
            asked <Time at={request.requested_at} />
          </p>
        }
      />
      <div className="decide">
        <div className="decide-main">
          <RequestHead request={request} mayApprove={mayApprove} over={nowMs >= Date.parse(request.decide_by)} braked={braked} />
          {shortfall !== null && (
            <Suspense fallback={null}>
              <ShortfallNote executor={request.executor.name} shortfall={shortfall} ownId={operator.operator_id} />
            </Suspense>
          )}
          <Suspense fallback={null}>
            <RequestOutcome
              request={request}
              error={decide.error}
              unsent={decide.isSuccess ? '' : reason || rejectDraft.reason}
              own={decide.isSuccess}
            />
          </Suspense>
          {reader.error !== null && (
            <ProblemPanel
              title="What reads the body could not be loaded"
              error={reader.error}
              stillWorks="Without it nothing can be approved; rejecting works."
              onRetry={() => void reader.refetch()}
            />
          )}
          {read === null ? (
            reader.error === null && <Skeleton rows={4} label="Reading the body" />
          ) : (
            <Suspense fallback={<Skeleton rows={4} label="Reading the body" />}>
              <RequestAsked request={request} read={read} notes={notes} arming={arming} />
            </Suspense>
          )}
        </div>
        <RequestEvidence request={request} seal={read?.seal ?? request.seal} ownId={operator.operator_id} />
      </div>
      {open ? (
        <OpenRequestFooter
          seal={read?.seal ?? request.seal}
          state={toFootState({ approved: null, signs: false, arming, obstacle, blind: false, reason, labels })}
          armed={arming.armed && reasonFault === null}
          approveWords={toApproveWords({
            blind: false,
            slots: [],
            signs: false,
            phase: decide.isPending && decide.variables.decision.kind === 'approve' ? 'sending' : null,
          })}
          mayApprove={mayApprove}
          rejectObstacle={rejectObstacle}
          askObstacle={askObstacle}
          reason={reason}
          reasonField={reasonField}
          error={rejecting ? null : decide.error}
          onReason={setReason}
          onApprove={approve}
          onNotYet={showMissing}
          onReject={openReject}
          onForget={decide.reset}
        />
      ) : (
        <ClosedRequestFooter request={request} ownId={operator.operator_id} next={place.next} />
      )}
      <Suspense fallback={null}>
        <RejectDialog
          about="request"
          open={rejecting && open}
          sentence={request.sentence}
          executor={request.executor.name}
          fields={fields}
          mayAsk={askObstacle === null}
          draft={rejectDraft}
          sending={decide.isPending}
          error={null}
          refusal={<RequestRefusal error={decide.error} />}
          onDraft={setRejectDraft}
          onReject={reject}
          onClose={() => setRejecting(false)}
        />
      </Suspense>
      <span className="sr" role="status">
        {open && arming.armed ? 'Approving is possible now.' : ''}
      </span>
      <span className="sr" role="status">
        {open ? '' : toClosedWords(request)}
      </span>
    </div>
  )
}

function toLabels(request: WaitingRequest, values: readonly { pointer: string }[], notes: readonly Note[]): Map<string, string> {
  const labels = new Map([
    [bytesPointer, 'the end of the bytes'],
    [justificationPointer, 'the reason given'],
  ])
  for (const { pointer } of values) labels.set(toValuePointer(pointer), toAgentWords(pointer.slice(1)))
  for (const note of notes) labels.set(toFindingPointer(note), note.title)
  if (request.kind === 'governance_request') request.paths.forEach(({ path }, place) => labels.set(toPathPointer(place), toAgentWords(path)))
  return labels
}

const closedWords = {
  APPROVED: 'approved',
  REJECTED: 'rejected',
  CHANGE_ASKED: 'sent back for a change',
  EXPIRED: 'expired',
  PENDING: 'open',
} as const

function toClosedWords({ state, decided_by }: WaitingRequest): string {
  return state === 'EXPIRED'
    ? 'This request expired.'
    : `This request was ${closedWords[state]}${decided_by === null ? '' : ` by ${decided_by.name}`}.`
}
