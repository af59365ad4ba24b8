import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { findRunOfExecutor, listNewestArtifacts } from './artifact-rows.ts'

const listedLimit = 1_000

export async function listExecutorArtifacts(deps: Deps, input: { principal: ExecutorPrincipal; params: { run_id: string } }) {
  const run = await findRunOfExecutor(deps.db, input.principal.executorId, input.params.run_id)
  if (!run) throw new ProblemError('not_found', `Your executor has no run ${input.params.run_id}.`)
  const rows = await listNewestArtifacts(deps.db, run.run_id, { afterPath: null, limit: listedLimit })
  return {
    run_id: run.run_id,
    artifacts: rows.map((row) => ({
      path: row.path,
      size_bytes: row.size_bytes,
      modified_at: row.uploaded_at.toISOString(),
      sha256: row.sha256,
    })),
    total_size_bytes: run.artifacts_size_bytes,
    truncated: run.artifacts_count > rows.length,
  }
}
