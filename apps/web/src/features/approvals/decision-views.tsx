import type { ExternalAction } from '@autopack/contract/external-actions'
import { lazy, Suspense, useEffect } from 'react'
import { Link } from '../../shared/link.tsx'
import { formatBytes } from '../../shared/format-bytes.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import type { ArmingOnPage } from './use-arming.ts'
import type { Proposal } from './read-proposal.ts'
import './decision-views.css'

const loaders = {
  meaning: async () => ({ default: (await import('./meaning-view.tsx')).MeaningView }),
  fields: async () => ({ default: (await import('./fields-view.tsx')).FieldsView }),
  diff: async () => ({ default: (await import('./diff-view.tsx')).DiffView }),
  raw: async () => ({ default: (await import('./raw-view.tsx')).RawView }),
  seal: async () => ({ default: (await import('./seal-view.tsx')).SealView }),
}
// Begun with the page, beside the bytes that it draws.
loaders.meaning().catch(() => undefined)
const MeaningView = lazy(loaders.meaning)
const FieldsView = lazy(loaders.fields)
const DiffView = lazy(loaders.diff)
const RawView = lazy(loaders.raw)
const SealView = lazy(loaders.seal)

export const views = ['meaning', 'fields', 'diff', 'raw', 'seal'] as const
export type View = (typeof views)[number]

export function readView(text: string | null): View {
  return views.find((view) => view === text) ?? 'meaning'
}

const words: Record<View, string> = { meaning: 'Meaning', fields: 'Fields', diff: 'Diff', raw: 'Raw', seal: 'Seal' }

/** The ways to read one proposal; which one is in the address. */
export function DecisionViews({
  action,
  proposal,
  arming,
  ownId,
  view,
  failed,
}: {
  action: ExternalAction
  proposal: Proposal | null
  /** The bytes could not be read, which is said above. */
  failed: boolean
  arming: ArmingOnPage
  ownId: string
  view: View
}) {
  // Once the meaning is on screen the other views come too, so that opening one never waits, with or without a network.
  const here = proposal !== null
  useEffect(() => {
    if (here) for (const load of Object.values(loaders)) load().catch(() => undefined)
  }, [here])
  const notes: Partial<Record<View, string>> = {
    fields: String(proposal?.rendered?.fields.length ?? action.coverage.present),
    raw: formatBytes(action.payload_size_bytes),
  }
  return (
    <>
      <nav className="tabs" aria-label="Ways to read this proposal">
        {views.map((name) => (
          <Link
            key={name}
            to={name === 'meaning' ? '?' : `?view=${name}`}
            replace
            preventScrollReset
            aria-current={name === view ? 'page' : undefined}
          >
            {words[name]} {notes[name] !== undefined && <span className="n">{notes[name]}</span>}
          </Link>
        ))}
      </nav>
      <section className="view" data-view={view} aria-label={words[view]}>
        <Suspense fallback={<Skeleton rows={5} label={`Reading ${words[view].toLowerCase()}`} />}>
          {proposal === null && failed ? (
            <p className="viewhead muted">Nothing is shown here without the payload.</p>
          ) : proposal === null ? (
            <Skeleton rows={5} label="Reading the payload" />
          ) : view === 'fields' ? (
            <FieldsView proposal={proposal} arming={arming} open={action.state === 'PENDING'} />
          ) : view === 'diff' ? (
            <DiffView action={action} proposal={proposal} />
          ) : view === 'raw' ? (
            <RawView proposal={proposal} />
          ) : view === 'seal' ? (
            <SealView action={action} proposal={proposal} />
          ) : (
            <MeaningView action={action} proposal={proposal} arming={arming} ownId={ownId} />
          )}
        </Suspense>
      </section>
    </>
  )
}
