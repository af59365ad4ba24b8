import type { RunDetail } from '@autopack/contract/operator-runs'
import { Fragment, useEffect, useRef } from 'react'
import { useSearchParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { AgentText, toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { formatDuration, formatExactDuration } from '../../shared/format-duration.ts'
import { StateMark } from '../../shared/state-mark.tsx'
import { phaseWords } from './phase-words.ts'
import { toAxis, toBars, toPercent, type Axis, type Bar, type WaitingAction } from './timeline-geometry.ts'
import './timeline.css'

type Phase = RunDetail['tiers'][number]['phases'][number]
/** What the column of numbers counts; null: nothing was reported, and a column of zeros would only be noise. */
type Measure = 'Tokens' | 'CPU' | null

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clockSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** Tiers and phases with their bars; on phones the bars go and the words stay. A phase opens in the inspector (`?step=`). */
export function Timeline({ run, actions, nowMs, step }: { run: RunDetail; actions: readonly WaitingAction[]; nowMs: number; step: string | null }) {
  const axis = toAxis(run, nowMs)
  const measure = toMeasure(run)
  const [search] = useSearchParams()
  const asked = search.get('step')
  const list = useRef<HTMLOListElement>(null)
  // Only a phase that was asked for is brought into view: by its link or by the keys.
  useEffect(() => {
    if (asked !== null) list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [asked])
  const open = run.completed_at === null
  const tickClock = axis.toMs - axis.fromMs < 10 * 60_000 ? clockSeconds : clock
  const nowPercent = toPercent(axis, nowMs)
  return (
    <section className="tl" aria-label="Timeline">
      <div className="tlbar" aria-hidden="true">
        <span className="tlhead tmeta">{measure}</span>
        <div className="tlaxis">
          {axis.ticks.map((atMs) => {
            const percent = toPercent(axis, atMs)
            // The label of now wins over a tick that it would cover.
            return open && nowPercent - percent < 13 && percent > 0 ? null : (
              <span key={atMs} style={{ left: `${percent}%` }}>
                {tickClock.format(atMs)}
              </span>
            )
          })}
          {open && nowPercent > 12 && (
            <span className="now" style={{ left: `${nowPercent}%` }}>
              {tickClock.format(nowMs)}
            </span>
          )}
        </div>
        <span className="tlhead tdur">Took</span>
      </div>
      <ol className="tlist" ref={list}>
        <li className="tgrid" aria-hidden="true">
          <span className="ttrack">
            {axis.ticks.map((atMs) => (
              <i key={atMs} style={{ left: `${toPercent(axis, atMs)}%` }} />
            ))}
            {open && <i className="nowline" style={{ left: `${nowPercent}%` }} />}
          </span>
        </li>
        {run.tiers.map((tier) => (
          <Fragment key={tier.tier_id}>
            <li className="ttier">
              <span>
                T{tier.tier_index + 1}{' '}
                <b>
                  <AgentText text={tier.name} />
                </b>
              </span>
              <span className="muted">{describeTier(tier.phases, actions, nowMs)}</span>
            </li>
            {tier.phases.map((phase) => (
              <PhaseRow
                key={phase.phase_id}
                phase={phase}
                bars={toBars(phase, actions, nowMs)}
                axis={axis}
                current={phase.phase_id === step}
                measure={measure}
              />
            ))}
          </Fragment>
        ))}
      </ol>
    </section>
  )
}

function PhaseRow({ phase, bars, axis, current, measure }: { phase: Phase; bars: readonly Bar[]; axis: Axis; current: boolean; measure: Measure }) {
  const [search] = useSearchParams()
  const next = new URLSearchParams(search)
  next.set('step', phase.phase_id)
  const { kind, label } = phaseWords[phase.state]
  const waiting = bars.find((bar) => bar.kind === 'waiting' && bar.open)
  const first = bars[0]
  const last = bars.at(-1)
  const duration = first && last ? formatExactDuration(last.toMs - first.fromMs) : ''
  return (
    <li className={phase.started_at === null ? 'trow dim' : 'trow'}>
      <Link className="tlab" to={`?${next}`} replace={search.has('step')} aria-current={current || undefined}>
        <StateMark kind={kind} label={phase.attempts > 1 ? `${label}, attempt ${phase.attempts}` : label} iconOnly />
        <span className="clip v" dir="auto" title={toAgentWords(phase.name)}>
          <VisibleText text={toAgentWords(phase.name)} />
        </span>
      </Link>
      <span className="tmeta tn">
        {measure && <span className="sr">{measure} </span>}
        {describeUse(phase, measure)}
      </span>
      <span className="ttrack" aria-hidden="true">
        {bars.map((bar) => {
          const left = toPercent(axis, bar.fromMs)
          const width = toPercent(axis, bar.toMs) - left
          return (
            <Fragment key={bar.fromMs}>
              <i className={bar.kind === 'waiting' && !bar.open ? 'tb waited' : `tb ${bar.kind}`} style={{ left: `${left}%`, width: `${width}%` }}>
                {bar.kind === 'waiting' && width > 18
                  ? `${bar.open ? 'waiting' : 'waited'} for a person, ${formatDuration(bar.toMs - bar.fromMs)}`
                  : ''}
              </i>
              {bar.kind === 'waiting' && bar.open && <i className="tb after" style={{ left: `${left + width}%`, width: `${100 - left - width}%` }} />}
            </Fragment>
          )
        })}
      </span>
      <span className="tdur tn">
        {duration}
        {waiting && <span className="onphone">waiting for a person</span>}
        {phase.progress && phase.completed_at === null && (
          <span className="onphone tn">
            {phase.progress.done} of {phase.progress.of}
          </span>
        )}
      </span>
    </li>
  )
}

function toMeasure(run: RunDetail): Measure {
  if (run.uses_model) return 'Tokens'
  return run.tiers.some((tier) => tier.phases.some((phase) => phase.cpu_ms > 0)) ? 'CPU' : null
}

function describeUse(phase: Phase, measure: Measure): string {
  if (phase.started_at === null || measure === null) return ''
  if (measure === 'CPU') return formatExactDuration(phase.cpu_ms)
  return phase.tokens_used === null ? 'not known' : formatCount(phase.tokens_used)
}

function describeTier(phases: readonly Phase[], actions: readonly WaitingAction[], nowMs: number): string {
  const bars = phases.flatMap((phase) => toBars(phase, actions, nowMs))
  const waiting = bars.find((bar) => bar.kind === 'waiting' && bar.open)
  if (waiting) return `waiting ${formatDuration(waiting.toMs - waiting.fromMs)}`
  if (bars.length === 0) return phases.length > 0 && phases.every((phase) => phase.state === 'SKIPPED') ? 'skipped' : 'not started'
  return formatExactDuration(Math.max(...bars.map((bar) => bar.toMs)) - Math.min(...bars.map((bar) => bar.fromMs)))
}
