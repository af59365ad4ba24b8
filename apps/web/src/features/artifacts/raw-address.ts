import { getArtifactRaw } from '@autopack/contract/artifacts'
import { requestTarget } from '@autopack/api-client/call'
import { consolePath } from '@autopack/contract/route'

/** Address of the bytes, for `<img>` and for downloads; pinned to the version. */
export function toRawAddress(runId: string, path: string, sha256: string, download: boolean): string {
  return consolePath(requestTarget(getArtifactRaw, { run_id: runId }, { path, sha256, ...(download ? { download: '1' } : {}) }))
}
