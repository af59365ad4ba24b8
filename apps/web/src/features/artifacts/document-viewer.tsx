import type { Artifact } from '@autopack/contract/artifacts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { CopyButton } from '../../shared/copy-button.tsx'
import { Empty } from '../../shared/empty.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { cutDocument } from './cut-document.ts'
import { Blocks } from './document-block.tsx'
import { DocumentPlaceContext } from './document-inlines.tsx'
import { DocumentOutline } from './document-outline.tsx'
import { documentQuery } from './document-query.ts'
import type { Block } from './markdown-document.ts'
import { previewQuery } from './preview-queries.ts'
import { RangeBar } from './range-bar.tsx'
import { joinParts } from './shown-range.ts'
import { ViewSwitch } from './view-switch.tsx'
import './document-viewer.css'

/** Elements that are drawn at once: some twenty pages of text. */
const drawnAtFirst = 5_000
const fewestForOutline = 4

/** A Markdown text as a document, from its beginning on, in parts of 256 KiB. */
export function DocumentViewer({ runId, artifact, paths }: { runId: string; artifact: Artifact; paths: ReadonlySet<string> }) {
  const preview = useInfiniteQuery(previewQuery(runId, artifact.path, artifact.sha256, false))
  const range = useMemo(() => (preview.data ? joinParts(preview.data.pages) : null), [preview.data])
  const read = useQuery({
    ...documentQuery([runId, artifact.path, artifact.sha256, range?.toByte ?? 0], range?.text ?? ''),
    enabled: range !== null,
    // The part that is on the screen stays there while a longer one is read.
    placeholderData: (before) => before,
  })
  const whole = read.data
  const [most, setMost] = useState(drawnAtFirst)
  const { hash, search, key } = useLocation()
  const navigate = useNavigate()

  // An address with a heading in it shows that heading, also when it lies beyond what is drawn at first.
  const wanted = decodeHash(hash)
  const isThere = whole?.outline.some((entry) => entry.id === wanted) ?? false
  const shown = useMemo(() => whole && cutBehind(whole.blocks, most, isThere ? wanted : null), [whole, most, isThere, wanted])
  const page = useRef<HTMLDivElement>(null)
  const shownFor = useRef<string | null>(null)
  useEffect(() => {
    if (!shown || !isThere || shownFor.current === key) return
    shownFor.current = key
    page.current?.querySelector(`#${CSS.escape(wanted)}`)?.scrollIntoView({ block: 'start' })
  }, [shown, isThere, wanted, key])

  const place = useMemo(() => {
    const jump = (slug: string) => {
      const id = `doc-${slug}`
      if (whole?.outline.some((entry) => entry.id === id)) void navigate({ search, hash: `#${encodeURIComponent(id)}` }, { replace: true })
    }
    return { runId, path: artifact.path, paths, jump }
  }, [runId, artifact.path, paths, whole, navigate, search])

  const error = preview.error ?? read.error
  if (!range || !shown || !whole) {
    return (
      <>
        <div className="logbar">
          <ViewSwitch first="Document" />
        </div>
        {!range && error ? (
          <ProblemPanel title="The text could not be read" error={error} onRetry={() => void preview.refetch()} />
        ) : read.error ? (
          <Empty title="Not shown as a document">
            <p className="muted">{read.error.message} Its source can be read as it is.</p>
          </Empty>
        ) : (
          <Skeleton rows={8} label="Reading the document" />
        )}
      </>
    )
  }
  const cut = range.toByte < range.totalBytes
  const outline = whole.outline.length >= fewestForOutline ? whole.outline : []
  return (
    <>
      <div className="logbar">
        <ViewSwitch first="Document" />
        <span className="muted clip">{describeHeadings(whole.outline.length)}</span>
        <span className="end">
          <CopyButton text={range.text} label={cut ? 'Copy the source of the part shown' : 'Copy the source'} words="Copy" />
        </span>
      </div>
      <div
        className="docpane"
        ref={page}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
        tabIndex={0}
        role="region"
        aria-label={`${toAgentWords(artifact.path)}, as a document`}
      >
        <DocumentPlaceContext value={place}>
          <article className="doc">
            {whole.blocks.length === 0 && <p className="muted">The file is empty.</p>}
            <Blocks blocks={shown.blocks} />
            {whole.tooDeep && <p className="docnote">Some of this document is nested too deeply to be laid out; the source has all of it.</p>}
            {!shown.whole && (
              <p className="docnote">
                <span>The document goes on.</span>
                <button className="btn" type="button" onClick={() => setMost(most * 2)}>
                  Show more of it
                </button>
              </p>
            )}
            {shown.whole && cut && (
              <p className="docnote">
                <Icon name="cut" /> Cut here. The rest of the file is not loaded yet; what is open at the cut may look different when it is.
              </p>
            )}
          </article>
        </DocumentPlaceContext>
        {outline.length > 0 && <DocumentOutline outline={outline} search={search} current={wanted} />}
      </div>
      {cut && <RangeBar range={range} artifact={artifact} parts={preview} />}
    </>
  )
}

/** Cut as always, but behind the wanted heading. */
function cutBehind(blocks: readonly Block[], most: number, heading: string | null): ReturnType<typeof cutDocument> {
  const cut = cutDocument(blocks, most)
  return cut.whole || heading === null || holdsHeading(cut.blocks, heading) ? cut : cutBehind(blocks, most * 2, heading)
}

function holdsHeading(blocks: readonly Block[], id: string): boolean {
  return blocks.some((block) => {
    if (block.kind === 'heading') return block.id === id
    if (block.kind === 'quote') return holdsHeading(block.children, id)
    return block.kind === 'list' && block.items.some((item) => holdsHeading(item.children, id))
  })
}

function decodeHash(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1))
  } catch {
    return ''
  }
}

function describeHeadings(count: number): string {
  return count === 0 ? '' : `${formatCount(count)} ${count === 1 ? 'heading' : 'headings'}`
}
