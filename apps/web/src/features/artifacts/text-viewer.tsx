import type { Artifact } from '@autopack/contract/artifacts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { CopyButton } from '../../shared/copy-button.tsx'
import { formatBytes } from '../../shared/format-bytes.ts'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { isMarkdown } from './is-markdown.ts'
import { layOutJson, longestPlainLine } from './lay-out-json.ts'
import { previewQuery } from './preview-queries.ts'
import { RangeBar } from './range-bar.tsx'
import { joinParts } from './shown-range.ts'
import { splitLines } from './split-lines.ts'
import { listLineStyles, stripStyles } from './terminal-style.ts'
import { TextLine } from './text-line.tsx'
import { ViewSwitch } from './view-switch.tsx'

const lineHeight = 20
const longestMeasured = 4_000
const longestUnwrapped = 1_000

/** A text in parts of 256 KiB: numbered lines in a virtual list, wrap, both ends, copy of what is shown. */
export function TextViewer({ runId, artifact }: { runId: string; artifact: Artifact }) {
  const [search, setSearch] = useSearchParams()
  const end = search.get('at') === 'end'
  const preview = useInfiniteQuery(previewQuery(runId, artifact.path, artifact.sha256, end))
  const range = useMemo(() => (preview.data ? joinParts(preview.data.pages) : null), [preview.data])
  const written = useMemo(() => splitLines(range?.text ?? ''), [range])
  const canLayOut = artifact.media_type === 'application/json' && range?.fromByte === 0 && findLongest(written) > longestPlainLine
  const laidOut = canLayOut && search.get('as') !== 'source'
  const lines = useMemo(() => (laidOut && range ? splitLines(layOutJson(range.text)) : written), [laidOut, range, written])
  const styles = useMemo(() => listLineStyles(lines), [lines])
  const longest = useMemo(() => findLongest(lines), [lines])
  const widest = Math.min(longestMeasured, longest)
  // Nobody reads along a line of sixty thousand columns, nor along one of eighty on a phone.
  const [wrapWish, setWrap] = useState<boolean | null>(() => (matchMedia('(max-width: 767px)').matches ? true : null))
  const wrap = wrapWish ?? longest > longestUnwrapped
  const frame = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- measured rows change by design; nothing here is memoised by a compiler
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => lineHeight,
    overscan: 16,
  })
  const { measure } = list
  useEffect(() => measure(), [wrap, laidOut, measure])

  // Jumping to the end shows the end; loading what is before it keeps the line that was at the top where it was.
  const heldFrom = useRef<{ end: boolean; lines: number; fromByte: number } | null>(null)
  useLayoutEffect(() => {
    if (!range) return
    const held = heldFrom.current
    if (held?.end !== end) {
      if (end && lines.length > 0) list.scrollToIndex(lines.length - 1, { align: 'end' })
    } else if (held.fromByte > range.fromByte && frame.current) {
      frame.current.scrollTop += (lines.length - held.lines) * lineHeight
    }
    heldFrom.current = { end, lines: lines.length, fromByte: range.fromByte }
  }, [range, lines.length, end, list])

  function go(at: 'start' | 'end'): void {
    const next = new URLSearchParams(search)
    if (at === 'end') next.set('at', 'end')
    else next.delete('at')
    setSearch(next, { replace: true })
    if (at === 'start') frame.current?.scrollTo(0, 0)
  }

  if (!range) {
    return preview.error ? (
      <ProblemPanel title="The text could not be read" error={preview.error} onRetry={() => void preview.refetch()} />
    ) : (
      <Skeleton rows={8} label="Reading the text" />
    )
  }
  const firstLine = laidOut ? 1 : range.firstLine
  const whole = range.fromByte === 0 && range.toByte >= range.totalBytes
  return (
    <>
      <div className="logbar">
        {isMarkdown(artifact) && <ViewSwitch first="Document" />}
        {canLayOut && <ViewSwitch first="Laid out" />}
        <span className="muted tn clip">
          {laidOut
            ? `laid out; the file has ${formatCount(written.length)} ${written.length === 1 ? 'line' : 'lines'}`
            : describeLines(lines.length, firstLine, whole)}
        </span>
        <span className="end">
          <button className="btn quiet" type="button" aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
            <Icon name="wrap" />
            Wrap
          </button>
          <CopyButton
            text={laidOut ? lines.join('\n') : stripStyles(range.text)}
            label={whole ? 'Copy the text' : `Copy the ${formatBytes(range.toByte - range.fromByte)} shown`}
            words="Copy"
          />
          <button className="btn quiet" type="button" onClick={() => go(end ? 'start' : 'end')}>
            <Icon name={end ? 'arrow-u' : 'tail'} />
            {end ? 'Start' : 'End'}
          </button>
        </span>
      </div>
      <div
        className="log"
        ref={frame}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
        tabIndex={0}
        role="region"
        aria-label={`${toAgentWords(artifact.path)}, ${formatCount(lines.length)} lines shown`}
        data-wrap={wrap || undefined}
      >
        {lines.length === 0 && <p className="muted nothing">The file is empty.</p>}
        <div className="loglines" style={{ height: list.getTotalSize(), ...(wrap ? {} : { minWidth: `calc(${widest}ch + 96px)` }) }}>
          {list.getVirtualItems().map((item) => (
            <div
              className="logline"
              key={item.key}
              data-index={item.index}
              ref={wrap ? list.measureElement : undefined}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <span className="no">{firstLine === null ? '' : firstLine + item.index}</span>
              <TextLine line={lines[item.index]!} style={styles?.[item.index]} />
            </div>
          ))}
        </div>
      </div>
      {!whole && <RangeBar range={range} artifact={artifact} parts={preview} />}
    </>
  )
}

function findLongest(lines: readonly string[]): number {
  let longest = 0
  for (const line of lines) if (line.length > longest) longest = line.length
  return longest
}

function describeLines(count: number, firstLine: number | null, whole: boolean): string {
  if (count === 0) return 'no lines'
  if (whole) return `${formatCount(count)} ${count === 1 ? 'line' : 'lines'}`
  if (firstLine === null) return `${formatCount(count)} lines shown; their numbers are not known in this part`
  return `lines ${formatCount(firstLine)} to ${formatCount(firstLine + count - 1)}`
}
