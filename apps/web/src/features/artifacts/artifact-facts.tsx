import type { Artifact } from '@autopack/contract/artifacts'
import { CopyButton } from '../../shared/copy-button.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Time } from '../../shared/time.tsx'

/** The file itself, at the right of the viewer. */
export function ArtifactFacts({ artifact }: { artifact: Artifact }) {
  const rules = Object.entries(artifact.redactions?.by_rule ?? {}).toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return (
    <aside className="pane-r insp" aria-label="About this file">
      <div>
        <h2 className="lab">File</h2>
        <dl className="kv">
          <dt>Size</dt>
          <dd className="tn">{formatCount(artifact.size_bytes)} bytes</dd>
          <dt>Read as</dt>
          <dd>
            <span className="v">
              {artifact.media_type}
              {artifact.encoding && `, ${artifact.encoding.replace('-with-replacements', ' in part')}`}
            </span>
            <br />
            <span className="muted">seen in the bytes, not believed from the name</span>
          </dd>
          <dt>Written</dt>
          <dd>
            <Time at={artifact.modified_at} form="clock" />
            {artifact.artifact_version > 1 && <span className="muted"> · version {artifact.artifact_version}</span>}
          </dd>
          {artifact.phase_id && (
            <>
              <dt>Phase</dt>
              <dd className="mono v">{artifact.phase_id}</dd>
            </>
          )}
          <dt>SHA-256</dt>
          <dd className="hash">
            <code title={artifact.sha256}>{artifact.sha256.slice(0, 12)}…</code>
            <CopyButton text={artifact.sha256} label="Copy the SHA-256 of the original bytes" />
          </dd>
        </dl>
      </div>
      {artifact.redactions && (
        <>
          <hr />
          <div>
            <h2 className="lab">Redacted in the whole file, {formatCount(artifact.redactions.count)}</h2>
            {rules.length > 0 ? (
              <dl className="kv vals">
                {rules.map(([rule, count]) => (
                  <div key={rule}>
                    <dt className="mono">{rule}</dt>
                    <dd className="tn">{formatCount(count)}</dd>
                  </div>
                ))}
              </dl>
            ) : (
              <p className="muted">No rule found anything to hide.</p>
            )}
            <p className="muted f12 rules">Rules {artifact.redactions.rules_version}. The hash above is of the original.</p>
          </div>
        </>
      )}
    </aside>
  )
}
