import type { Artifact } from '@autopack/contract/artifacts'
import { Icon } from '../../shared/icon.tsx'
import { toRawAddress } from './raw-address.ts'
import { describeDownload, describeWithheld } from './withheld-words.ts'

/** The bytes of this version, or why they may not be had. Each download is recorded. */
export function DownloadLink({ runId, artifact }: { runId: string; artifact: Artifact }) {
  const withheld = describeWithheld(artifact.withheld)
  if (!artifact.may_download) {
    return (
      <button className="btn" type="button" disabled title={withheld ? `${withheld.why} ${withheld.who}` : undefined}>
        <Icon name="download" />
        Download
      </button>
    )
  }
  return (
    <a
      className="btn"
      href={toRawAddress(runId, artifact.path, artifact.sha256, true)}
      download
      title={`${describeDownload(artifact)}. Who downloads is recorded in the audit log.`}
    >
      <Icon name="download" />
      {withheld ? 'Download unsearched' : 'Download'}
    </a>
  )
}
