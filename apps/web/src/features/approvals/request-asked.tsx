import type { PathVerdict } from '@autopack/contract/governance'
import { Fragment, type ReactNode } from 'react'
import { AgentText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { StateMark, type MarkKind } from '../../shared/state-mark.tsx'
import { MustSee } from './field-value.tsx'
import { toFindingPointer } from './finding-pointer.ts'
import type { ReadBody } from './read-body.ts'
import { RequestBytes } from './request-bytes.tsx'
import type { Note } from './request-notes.ts'
import type { WaitingRequest } from './request-queries.ts'
import { bytesPointer, justificationPointer, toPathPointer, toValuePointer } from './request-shown.ts'
import type { ArmingOnPage } from './use-arming.ts'

type Props = { request: WaitingRequest; read: ReadBody; notes: readonly Note[]; arming: ArmingOnPage }
type Governance = Extract<WaitingRequest, { kind: 'governance_request' }>

/** What is asked, in the executor's words and as the bytes have it, and what was found about it. */
export function RequestAsked({ request, read, notes, arming }: Props) {
  const open = request.state === 'PENDING'
  return (
    <dl className="sheet" data-view="request">
      {request.kind === 'governance_request' ? (
        <>
          <dt>It says</dt>
          <dd>
            <Mark end={justificationPointer} arming={arming} open={open}>
              <AgentText text={request.justification} lines />
            </Mark>
          </dd>
          <dt>Files</dt>
          <dd>
            <Paths request={request} arming={arming} open={open} />
          </dd>
          <dt>Policy</dt>
          <dd>
            {request.policy_reason} <span className="muted">Version {request.policy.version}.</span>
          </dd>
        </>
      ) : (
        <>
          <dt>It says</dt>
          <dd>
            <Values read={read} arming={arming} open={open} />
          </dd>
        </>
      )}
      <dt>Checks</dt>
      <dd>
        <Notes notes={notes} />
      </dd>
      <dt>Risk</dt>
      <dd>
        <b className="tn">{request.risk.score} of 100</b>{' '}
        <span className="muted">
          {request.risk_contributions.map((item) => `${item.label} ${item.points > 0 ? '+' : ''}${item.points}`).join(', ')}
        </span>
      </dd>
      <dt>As it came</dt>
      <dd>
        <RequestBytes request={request} read={read} end={<span className="seen-end" data-must-see={bytesPointer} />} />
      </dd>
    </dl>
  )
}

/** The end of something that has to be on screen before approving arms, and whether it was. */
function Mark({ end, arming, open, children }: { end: string; arming: ArmingOnPage; open: boolean; children: ReactNode }) {
  return (
    <>
      {children}
      <span className="seen-end" data-must-see={end} />
      {open && <MustSee seen={arming.seen.includes(end)} />}
    </>
  )
}

function Values({ read, arming, open }: { read: ReadBody; arming: ArmingOnPage; open: boolean }) {
  if (read.values.length === 0) return <span className="muted">nothing that can be shown as values</span>
  return (
    <dl className="look asked">
      {read.values.map(({ pointer, text, cut }) => (
        <div key={pointer}>
          <dt className="mono">
            <Pointer pointer={pointer} />
          </dt>
          <dd>
            <Mark end={toValuePointer(pointer)} arming={arming} open={open}>
              {text === '' ? <span className="muted">an empty text</span> : <AgentText text={text} lines={text.includes('\n')} />}
              {cut > 0 && <span className="muted"> … {cut.toLocaleString('en')} more characters in the bytes</span>}
            </Mark>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Broken after a slash rather than inside a name. */
function Pointer({ pointer }: { pointer: string }) {
  if (pointer === '') return 'the whole of it'
  const names = pointer.slice(1).split('/')
  return names.map((name, place) => (
    // Where it stands is what a name of a pointer is.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={place}>
      <AgentText text={name} />
      {place < names.length - 1 && (
        <>
          /<wbr />
        </>
      )}
    </Fragment>
  ))
}

const verdicts: Record<PathVerdict, { kind: MarkKind; label: string }> = {
  automatic: { kind: 'ok', label: 'Policy allows' },
  people: { kind: 'waiting', label: 'People decide' },
  denied: { kind: 'halted', label: 'Denied' },
}

function Paths({ request, arming, open }: { request: Governance; arming: ArmingOnPage; open: boolean }) {
  return (
    <ol className="paths">
      {request.paths.map(({ path, normal, verdict, why }, place) => (
        // Two paths may be written alike; their place in the request is what tells them apart.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={place}>
          <StateMark
            kind={verdict === 'people' && !open ? 'idle' : verdicts[verdict].kind}
            label={verdicts[verdict].label}
            quiet={verdict === 'automatic' || (verdict === 'people' && !open)}
          />
          <span className="paths-what">
            <b className="mono">
              <AgentText text={path} />
            </b>
            {normal !== null && normal !== path && (
              <span className="muted">
                {' '}
                comes to{' '}
                <span className="mono">
                  <AgentText text={normal} />
                </span>
              </span>
            )}
            <span className="muted paths-why">
              {verdict === 'automatic' ? (
                why
              ) : (
                <Mark end={toPathPointer(place)} arming={arming} open={open}>
                  {why}
                </Mark>
              )}
            </span>
          </span>
        </li>
      ))}
    </ol>
  )
}

const noteIcons = { finding: 'warn', could_not_check: 'none', pass: 'ok' } as const
const noteWords = { finding: 'Finding', could_not_check: 'Could not check', pass: 'Passed' } as const

function Notes({ notes }: { notes: readonly Note[] }) {
  if (notes.length === 0) return <span className="muted">nothing found: every character in it can be seen, and no word mixes two alphabets</span>
  return (
    <ul className="checks">
      {notes.map((note) => (
        <li key={toFindingPointer(note)} data-s={note.level === 'pass' ? 'pass' : 'find'}>
          <Icon name={noteIcons[note.level]} label={noteWords[note.level]} />
          <span>
            {note.level === 'pass' ? note.title : <b>{note.title}</b>}
            {note.detail !== '' && (
              <>
                <span className="dot" />
                <AgentText text={note.detail} />
              </>
            )}
            {note.level !== 'pass' && <span className="seen-end" data-must-see={toFindingPointer(note)} />}
          </span>
        </li>
      ))}
    </ul>
  )
}
