import { toVisibleText } from '@autopack/approval-proof/visible-text'
import { useMemo, type ReactNode } from 'react'
import { VisibleText } from '../../shared/agent-text.tsx'
import { CopyButton } from '../../shared/copy-button.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import type { ReadBody } from './read-body.ts'
import type { WaitingRequest } from './request-queries.ts'

/** Exactly the bytes a decision is bound to, hidden characters escaped, and whether this browser's hash of them is the server's. */
export function RequestBytes({ request, read, end }: { request: WaitingRequest; read: ReadBody; end: ReactNode }) {
  const text = useMemo(() => toVisibleText(request.body_text, true).text, [request.body_text])
  const same = read.hash === request.body_sha256
  return (
    <>
      <p className="bytes-said">
        {same ? (
          <span>
            <Icon name="ok" small /> {formatCount(read.bytes)} bytes; this browser hashed them, and the control plane has the same hash.
          </span>
        ) : (
          <span className="irrev" role="alert">
            <Icon name="failed" small /> The hash of these {formatCount(read.bytes)} bytes is not the one the control plane has: nothing here can be
            approved.
          </span>
        )}
        <CopyButton text={read.hash} label="Copy SHA-256 of these bytes" words="Copy SHA-256" />
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <pre className="well asked-bytes" tabIndex={0} role="region" aria-label="The body’s bytes">
        <VisibleText text={text} />
        {end}
      </pre>
    </>
  )
}
