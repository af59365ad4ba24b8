import type { Artifact } from '@autopack/contract/artifacts'
import { useEffect, useRef, useState } from 'react'
import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { toArtifactIcon, toArtifactLink } from '../../shared/artifact-icon.ts'
import { formatBytes } from '../../shared/format-bytes.ts'
import { formatTotal } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'

/** Every artifact of the run by path, exactly as it was named. */
export function ArtifactIndex({
  runId,
  artifacts,
  total,
  current,
  more,
}: {
  runId: string
  artifacts: readonly Artifact[]
  total: { count: number; exact: boolean }
  current: string | null
  /** Loads the next page; null when all are here. */
  more: (() => void) | null
}) {
  const [text, setText] = useState('')
  const list = useRef<HTMLUListElement>(null)
  // Who comes by a permalink sees where in the list they are.
  useEffect(() => {
    if (current !== null) list.current?.querySelector(`[data-path="${CSS.escape(current)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [current])
  const wanted = text.trim().toLowerCase()
  const shown = artifacts.filter((artifact) => artifact.path.toLowerCase().includes(wanted))
  return (
    <aside className="pane-l" aria-label={`Artifacts of this run, ${formatTotal(total)}`}>
      <div className="search pad">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          placeholder={`${formatTotal(total)} ${total.count === 1 ? 'artifact' : 'artifacts'}`}
          aria-label="Filter artifacts by name"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <ul className="flist" ref={list}>
        {shown.map((artifact) => (
          <li key={artifact.path} data-path={artifact.path}>
            <Link to={toArtifactLink(runId, artifact.path)} aria-current={artifact.path === current || undefined} title={toAgentWords(artifact.path)}>
              <Icon name={toArtifactIcon(artifact)} />
              <span className="name v" dir="auto">
                <VisibleText text={toAgentWords(artifact.path)} />
              </span>
              <span className="n tn">{formatBytes(artifact.size_bytes)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {shown.length === 0 && wanted !== '' && <p className="muted none">No name holds “{text}”.</p>}
      {more && (
        <button className="btn quiet" type="button" onClick={more}>
          Show 200 more
        </button>
      )}
    </aside>
  )
}
