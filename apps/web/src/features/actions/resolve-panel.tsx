import type { ExternalAction } from '@autopack/contract/external-actions'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import { AgentText } from '../../shared/agent-text.tsx'
import { CopyButton } from '../../shared/copy-button.tsx'
import { resolveMutation } from './ledger-queries.ts'
import { ResolveForm } from './resolve-form.tsx'
import { emptyFinding, type FindingDraft } from './finding-draft.ts'
import { Refusal } from '../../shared/refusal.tsx'

/**
 * While nobody knows how it ended: what to do about it. What was typed is kept here and not in the form, so that it outlives the state in
 * which it could be sent: somebody else may be first.
 */
export function ResolvePanel({ action }: { action: ExternalAction }) {
  const { hash } = useLocation()
  const panel = useRef<HTMLElement>(null)
  const [draft, setDraft] = useState<FindingDraft>(emptyFinding)
  const resolve = useMutation(resolveMutation)
  const unknown = action.state === 'UNKNOWN' && action.execution !== null
  const asked = hash === '#resolve' && unknown
  useEffect(() => {
    if (asked) panel.current?.scrollIntoView({ block: 'start' })
  }, [asked])
  const typed = [draft.looked_at, draft.reason, draft.external_object_id].filter((text) => text.trim() !== '')
  if (unknown) {
    return (
      <section className="act-resolve" id="resolve" ref={panel} aria-labelledby="resolve-title">
        <ResolveForm action={action} draft={draft} onDraft={setDraft} resolve={resolve} />
      </section>
    )
  }
  if (resolve.isSuccess || (typed.length === 0 && resolve.error === null)) return null
  return (
    <section className="act-resolve" aria-label="What you had typed">
      <Refusal error={resolve.error} />
      {typed.length > 0 && (
        <p>
          Not sent:{' '}
          <q>
            <AgentText text={typed.join(' · ')} />
          </q>{' '}
          <CopyButton text={typed.join('\n')} label="Copy what you had typed" />
        </p>
      )}
    </section>
  )
}
