import type { Artifact } from '@autopack/contract/artifacts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { Badge } from '../../shared/badge.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { previewQuery } from './preview-queries.ts'
import { describeRange, describeRedactions, joinParts } from './shown-range.ts'
import { describeEncoding, describeWithheld } from './withheld-words.ts'

/** What to know before believing the text below: cut, redacted, hidden characters, who wrote it. Always visible. */
export function ArtifactBadges({ runId, artifact }: { runId: string; artifact: Artifact }) {
  const [search] = useSearchParams()
  const preview = useInfiniteQuery({
    ...previewQuery(runId, artifact.path, artifact.sha256, search.get('at') === 'end'),
    enabled: artifact.shown_as === 'text' && artifact.withheld === null,
  })
  const range = artifact.shown_as === 'text' && preview.data ? joinParts(preview.data.pages) : null
  const cut = range && describeRange(range)
  const redacted = describeRedactions(artifact.redactions)
  const encoding = describeEncoding(artifact.encoding)
  const withheld = describeWithheld(artifact.withheld)
  return (
    <span className="badges">
      {cut && (
        <Badge
          icon="cut"
          tone="strong"
          title={`Only this part of the ${redacted ? 'redacted ' : ''}text is shown; the rest is below, or in the download.`}
        >
          {cut}
        </Badge>
      )}
      {redacted && (
        <Badge icon="redact" tone="strong" title={`Values replaced in the whole file, by rules ${artifact.redactions?.rules_version ?? ''}`}>
          {redacted}
        </Badge>
      )}
      {range && range.hiddenCharacters > 0 && (
        <Badge icon="ghost" tone="strong" title="Characters that cannot be seen or that reorder text; drawn as escapes. The bytes are unchanged.">
          hidden unicode {formatCount(range.hiddenCharacters)}
        </Badge>
      )}
      {encoding && (
        <Badge
          icon="warn"
          tone="strong"
          title={
            artifact.encoding === 'utf-8-with-replacements'
              ? 'Some bytes are not UTF-8; they are drawn as replacement characters.'
              : 'Seen in the bytes. What is shown and downloaded is the text in UTF-8.'
          }
        >
          {encoding}
        </Badge>
      )}
      {withheld && (
        <Badge icon="blind" tone="strong" title={`${withheld.why} ${withheld.who}`}>
          {withheld.badge}
        </Badge>
      )}
      <Badge icon="seal" title={`SHA-256 of the original bytes: ${artifact.sha256}`}>
        sha256 {artifact.sha256.slice(0, 8)}…
      </Badge>
      <Badge icon="executor" title="An agent wrote this. Nothing in it is a message from the console.">
        agent-written
      </Badge>
    </span>
  )
}
