import type { AuditEvent } from '@autopack/contract/audit'
import { VisibleText } from '../../shared/agent-text.tsx'
import { Badge } from '../../shared/badge.tsx'
import { Icon, type IconName } from '../../shared/icon.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { toProofWords, toResultWords } from './audit-words.ts'

const principalIcons: Record<AuditEvent['auth_principal_type'], IconName> = {
  operator: 'person',
  executor: 'executor',
  console: 'page',
  system: 'clock',
  anonymous: 'ghost',
}

export function PrincipalIcon({ type }: { type: AuditEvent['auth_principal_type'] }) {
  return <Icon name={principalIcons[type]} label={type} />
}

const toneMarks = { halted: 'halted', failed: 'failed', needs: 'unknown' } as const

/** Refusals, failures and the unknown speak; everything that went its way stays quiet. `brief`: a row, where the entry says the rest. */
export function ResultMark({ event, brief = false }: { event: AuditEvent; brief?: boolean }) {
  const { tone, text } = toResultWords(event)
  if (tone !== 'quiet') {
    return (
      <span className="v">
        <StateMark kind={toneMarks[tone]} label={text} />
      </span>
    )
  }
  return (
    <span className="muted name v">
      {/* What was done stands beside it; this must not be cut off. */}
      {brief && event.proof?.sole_operator === true ? <span className="irrev">own request</span> : <VisibleText text={text} />}
      {brief && toProofWords(event)?.signed === false && ', not signed'}
    </span>
  )
}

/** How strong the act was; without a passkey it is marked, and whoever approved what they had asked for is named in red. */
export function ProofNotes({ event }: { event: AuditEvent }) {
  const proof = toProofWords(event)
  if (proof === null) return null
  return (
    <>
      <p>
        {proof.signed ? <Icon name="ok" small /> : <Badge icon="info">not signed</Badge>}
        <span className="dot" />
        <span className="muted">{proof.words}</span>
      </p>
      {event.proof?.sole_operator === true && <p className="irrev">Approved what they asked for themselves, as the only approver there is.</p>}
    </>
  )
}
