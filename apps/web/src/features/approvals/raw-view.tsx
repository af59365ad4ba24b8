import { toVisibleText } from '@autopack/approval-proof/visible-text'
import { useMemo } from 'react'
import { CopyButton } from '../../shared/copy-button.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { VisibleText } from '../../shared/agent-text.tsx'
import type { Proposal } from './read-proposal.ts'
import { splitBytes, toHexLines } from './split-bytes.ts'

const lineBytes = 92

/** Exactly the bytes that were hashed, hidden characters escaped; copying gives the bytes without the escapes. */
export function RawView({ proposal }: { proposal: Proposal }) {
  const { lines, isText, text } = useMemo(() => {
    const split = splitBytes(proposal.bytes, lineBytes)
    if (split === null) return { lines: toHexLines(proposal.bytes, 32), isText: false, text: '' }
    return { lines: split, isText: true, text: split.map((line) => line.text).join('') }
  }, [proposal.bytes])
  return (
    <>
      <p className="viewhead">
        <span>
          The {formatCount(proposal.bytes.length)} bytes as proposed and hashed.{' '}
          <span className="muted">
            {isText ? `Canonical JSON, one line; broken here every ${lineBytes} bytes.` : 'They are not UTF-8, so they are shown as hex digits.'}
          </span>
        </span>
        {isText && (
          <span className="end">
            <CopyButton text={text} label="Copy bytes" words="Copy bytes" />
          </span>
        )}
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <pre className="well bytes" tabIndex={0} role="region" aria-label="The payload’s bytes">
        {lines.map((line) => (
          <span className="byteline" key={line.offset}>
            <span className="ln" aria-hidden="true">
              {String(line.offset).padStart(4, '0')}
            </span>
            <VisibleText text={toVisibleText(line.text, false).text} />
            {'\n'}
          </span>
        ))}
      </pre>
    </>
  )
}
