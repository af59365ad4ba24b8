import type { ExternalAction } from '@autopack/contract/external-actions'
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { useFreshness } from '../../shared/freshness.ts'
import { useKeys } from '../../shared/keyboard.ts'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { useServerNow } from '../../shared/server-clock.ts'
import { useSession } from '../../shared/session.ts'
import { isRecentlyShown } from '../../shared/is-recently-shown.ts'
import { listUnseen } from './arming.ts'
import { decideMutation, type Decision } from './decide-mutation.ts'
import { OpenFooter } from './decision-footer.tsx'
import { DecisionHead } from './decision-head.tsx'
import { DecisionSubbar } from './decision-subbar.tsx'
import { DecisionViews, readView, views } from './decision-views.tsx'
import { findObstacle, findRejectObstacle } from './find-obstacle.ts'
import { findQueuePlace } from './find-queue-place.ts'
import { toFootState } from './foot-state.ts'
import { toApproveWords } from './approve-words.ts'
import { toDecisionAnnouncement } from './decision-announcement.ts'
import { findShortfall } from './find-shortfall.ts'
import { toFindingPointer } from './finding-pointer.ts'
import { payloadQuery } from './payload-query.ts'
import type { listPolicyDifferences as ListPolicyDifferences } from './policy-differences.ts'
import type { Proposal } from './read-proposal.ts'
import { toRefusalDecision, type RejectDraft } from './reject-reason.ts'
import { toNeededWords } from './needed-words.ts'
import { isAttended } from './is-attended.ts'
import { findReasonFault } from '../../shared/reason-fault.ts'
import { loadSigning, useApproval } from './use-approval.ts'
import { useArming, type ShownThing } from './use-arming.ts'
import { usePasskeyCount } from './use-passkey-count.ts'

const loadBands = async () => ({ default: (await import('./decision-bands.tsx')).DecisionBands })
loadBands().catch(() => undefined)
const DecisionBands = lazy(loadBands)
// Beside what it is evidence for, and asked for at once.
const loadEvidence = async () => ({ default: (await import('./decision-evidence.tsx')).DecisionEvidence })
loadEvidence().catch(() => undefined)
const DecisionEvidence = lazy(loadEvidence)
// Not needed to read a page that is still open; asked for beside it, so that neither rejecting nor its end waits for them.
const loadOutcome = async () => ({ default: (await import('./outcome.tsx')).Outcome })
loadOutcome().catch(() => undefined)
const Outcome = lazy(loadOutcome)
const loadClosedFooter = async () => ({ default: (await import('./closed-footer.tsx')).ClosedFooter })
loadClosedFooter().catch(() => undefined)
const ClosedFooter = lazy(loadClosedFooter)
const ShortfallNote = lazy(async () => ({ default: (await import('./shortfall-note.tsx')).ShortfallNote }))
const PasswordDialog = lazy(async () => ({ default: (await import('./password-dialog.tsx')).PasswordDialog }))
const RejectDialog = lazy(async () => ({ default: (await import('./reject-dialog.tsx')).RejectDialog }))

/** The page itself: what is shown, whether approving is armed, and the two decisions. */
export function DecisionSheet({ action, readFailed, newerRevision }: { action: ExternalAction; readFailed: boolean; newerRevision: number | null }) {
  const [search, setSearch] = useSearchParams()
  const navigate = useNavigate()
  const session = useSession()
  const { operator } = session
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
  const mayApprove = action.allowed_actions.some((item) => item.action === 'approve' && item.allowed)
  const listPolicyDifferences = usePolicyCheck(read !== undefined && mayApprove)
  const proposal = useMemo(() => {
    if (read === undefined) return null
    const found = read.readProposal(action)
    if (listPolicyDifferences === null || found.differences.length > 0) return found
    return { ...found, differences: listPolicyDifferences(action, found) }
  }, [action, read, listPolicyDifferences])
  const queue = useQuery(actionableQueueQuery)
  const place = findQueuePlace(queue.data?.items.map((item) => item.approval_ref.id) ?? [], action.action_id)
  const decide = useMutation(decideMutation)
  const approveOne = useMutation(decideMutation)
  const shown = useMemo(() => toShown(action, proposal), [action, proposal])
  const approval = useApproval({
    shownKey: newerRevision === null ? (shown?.consent_key ?? null) : null,
    fresh: isRecentlyShown(session, nowMs),
    send: (decision) => approveOne.mutateAsync({ action_id: action.action_id, decision }),
  })
  const phase = approval.step?.phase ?? null
  const passkeys = usePasskeyCount(mayApprove && action.step_up !== 'none')
  const signs = action.step_up === 'passkey' || (action.step_up === 'preferred' && passkeys !== null && passkeys > 0)

  const obstacle = findObstacle({
    action,
    proposal,
    freshness,
    readFailed,
    nowMs,
    phase,
    sending: decide.isPending,
    rejecting: rejecting && (rejectDraft.kind === 'change_this' ? rejectDraft.kind : true),
    passkeys,
    payloadFailed: payload.error !== null,
    newerRevision,
  })
  const rejectObstacle = findRejectObstacle(action)
  const askObstacle = findRejectObstacle(action, 'ask_change')
  const over = nowMs >= Date.parse(action.decide_by)
  const open = action.state === 'PENDING' && !over
  // In front of them at this moment: what was said yes to before is another thing.
  const arming = useArming(shown, obstacle !== null, page, view)
  const labels = new Map(proposal?.rendered?.fields.map((field) => [field.pointer, field.label]))
  for (const finding of action.findings) labels.set(toFindingPointer(finding), finding.title)
  const reasonFault = findReasonFault(reason)
  const own = action.decisions.find(
    (decision) => decision.kind === 'approve' && decision.revision === action.revision && decision.decided_by.operator_id === operator.operator_id,
  )
  const shortfall = open ? findShortfall(action.still_needed) : null
  const waitingFor = action.still_needed.map((needed) => toNeededWords(needed, operator.operator_id)).join('; ')
  const approved = own === undefined ? null : { waitingFor: waitingFor === '' ? null : waitingFor, stuck: shortfall !== null }
  const blind = proposal?.rendered?.blind ?? action.blind
  const armed = arming.armed && reasonFault === null
  const sent = decide.isSuccess || approveOne.isSuccess
  const error = approval.error ?? decide.error

  function send(decision: Decision) {
    // Asking for a change leaves the action open, so the dialog is closed by the answer and not by the state.
    decide.mutate({ action_id: action.action_id, decision }, { onSuccess: () => setRejecting(false) })
  }

  function approve(how?: { unsigned: boolean }) {
    if (reasonFault !== null) return reasonField.current?.focus()
    // The attention is looked at again: what was measured may be half a second old.
    if (proposal === null || shown === null || !armed || !isAttended()) return showMissing()
    decide.reset()
    // What was drawn, not what the cache may hold by now.
    const consent = { action, proposal, operator_id: operator.operator_id, reason: reason.trim() }
    approval.approve({ ...consent, key: shown.consent_key }, how)
  }

  function reject() {
    send(toRefusalDecision(rejectDraft, action))
  }

  function openReject(kind: RejectDraft['kind']) {
    if ((kind === 'change_this' ? askObstacle : rejectObstacle) !== null) return
    decide.reset()
    approval.cancel()
    approval.forget()
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
    { keys: 'd', does: 'show diff', run: () => setSearch({ view: 'diff' }, { replace: true }) },
    ...views.map((name, number) => ({
      keys: String(number + 1),
      does: `show ${name}`,
      run: () => setSearch(name === 'meaning' ? {} : { view: name }, { replace: true }),
    })),
  ])

  return (
    <div ref={page} className="decidepage" data-old={newerRevision !== null || undefined}>
      <DecisionSubbar action={action} place={place} queueKnown={queue.data !== undefined} mayApprove={mayApprove} />
      {proposal !== null && (proposal.differences.length > 0 || proposal.rendered?.blind) && (
        <Suspense fallback={null}>
          <DecisionBands proposal={proposal} />
        </Suspense>
      )}
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
          <DecisionHead
            action={action}
            proposal={proposal}
            failed={payload.error !== null}
            mayApprove={mayApprove}
            role={operator.role}
            over={over}
          />
          {shortfall !== null && (
            <Suspense fallback={null}>
              <ShortfallNote executor={action.executor.name} shortfall={shortfall} ownId={operator.operator_id} />
            </Suspense>
          )}
          <Suspense fallback={null}>
            <Outcome action={action} labels={labels} error={error} unsent={sent ? '' : reason || rejectDraft.reason} own={sent} />
          </Suspense>
          <DecisionViews
            action={action}
            proposal={proposal}
            arming={arming}
            ownId={operator.operator_id}
            view={view}
            failed={payload.error !== null}
          />
        </div>
        <Suspense fallback={null}>
          <DecisionEvidence action={action} proposal={proposal} operator={operator} mayApprove={mayApprove && open} />
        </Suspense>
      </div>
      {action.state === 'PENDING' ? (
        <OpenFooter
          seal={proposal?.seal ?? action.seal}
          state={toFootState({ approved, signs, arming, obstacle, blind, reason, labels })}
          armed={armed}
          approveWords={toApproveWords({ blind, slots: action.slots, signs, phase })}
          signs={signs}
          approval={approval}
          onPassword={action.step_up === 'preferred' ? () => approve({ unsigned: true }) : null}
          blind={blind}
          mayApprove={mayApprove}
          rejectObstacle={rejectObstacle}
          askObstacle={askObstacle}
          reason={reason}
          reasonField={reasonField}
          error={rejecting ? null : error}
          onReason={setReason}
          onApprove={() => approve()}
          onNotYet={showMissing}
          onReject={openReject}
          onForget={() => {
            decide.reset()
            approval.forget()
          }}
        />
      ) : (
        <Suspense fallback={null}>
          <ClosedFooter action={action} ownId={operator.operator_id} next={place.next ?? place.previous} />
        </Suspense>
      )}
      {approval.step !== null && phase === 'password' && (
        <Suspense fallback={null}>
          <PasswordDialog consent={approval.step.consent} name={operator.name} onConfirmed={approval.confirm} onClose={approval.cancel} />
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
        {action.state === 'PENDING' && arming.armed ? 'Approving is possible now.' : ''}
      </span>
      <span className="sr" role="status">
        {toDecisionAnnouncement(action, operator.operator_id)}
      </span>
    </div>
  )
}

/** What checks the server's word on policy against the bytes; null until it is here. It comes with the code that signs, after the page. */
function usePolicyCheck(wanted: boolean) {
  const [check, setCheck] = useState<typeof ListPolicyDifferences | null>(null)
  useEffect(() => {
    if (!wanted) return
    loadSigning().catch(() => undefined)
    import('./policy-differences.ts').then(({ listPolicyDifferences }) => setCheck(() => listPolicyDifferences)).catch(() => undefined)
  }, [wanted])
  return check
}

type ShownConsent = NonNullable<ShownThing> & { consent_key: string }

/** What a person has in front of them; `consent_key` names the part of it that an approval is about. Any difference in it starts the arming over. */
function toShown(action: ExternalAction, proposal: Proposal | null): ShownConsent | null {
  if (proposal === null || proposal.rendered === null) return null
  const findings = action.findings.filter((finding) => finding.level !== 'pass').map(toFindingPointer)
  const fields = proposal.rendered.fields.filter((field) => field.must_see).map((field) => field.pointer)
  const told = action.findings.filter((finding) => finding.level !== 'pass').map((finding) => finding.detail)
  const consent_key = JSON.stringify([
    ...[action.revision, proposal.hash, action.state, action.change_request !== null, action.risk.score, findings, told],
    ...[action.decide_by, action.latest_execute_by, action.step_up, proposal.differences],
  ])
  return {
    bytes_key: `${action.revision} ${proposal.hash}`,
    consent_key,
    // Who else decided changes what a person thinks, and not what they said yes to.
    key: `${consent_key} ${action.decisions.length}`,
    must_see: [...fields, ...findings],
  }
}
