/** Artifacts in the database, one row a version. */
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, gt } from 'drizzle-orm'
import type { ArtifactRow } from '../../db/artifact-tables.ts'
import { artifactTable } from '../../db/artifact-tables.ts'
import type { RunRow } from '../../db/run-tables.ts'
import { runPhaseTable, runTable } from '../../db/run-tables.ts'
import { canSee } from '../../shared/can-see.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

export async function findRunOfExecutor(db: Queryable, executorId: string, runId: string): Promise<RunRow | null> {
  const [run] = await db
    .select()
    .from(runTable)
    .where(and(eq(runTable.run_id, runId), eq(runTable.executor_id, executorId)))
  return run ?? null
}

export async function findVisibleRun(db: Queryable, operator: OperatorPrincipal, runId: string): Promise<RunRow | null> {
  const visible = canSee(operator, { executorId: runTable.executor_id, ownerOperatorId: runTable.owner_operator_id })
  const [run] = await db
    .select()
    .from(runTable)
    .where(and(eq(runTable.run_id, runId), visible))
  return run ?? null
}

export async function hasPhase(db: Queryable, runId: string, phaseId: string): Promise<boolean> {
  const found = await db
    .select({ phase_id: runPhaseTable.phase_id })
    .from(runPhaseTable)
    .where(and(eq(runPhaseTable.run_id, runId), eq(runPhaseTable.phase_id, phaseId)))
  return found.length === 1
}

export async function findNewestArtifact(db: Queryable, runId: string, path: string): Promise<ArtifactRow | null> {
  const [row] = await db
    .select()
    .from(artifactTable)
    .where(and(eq(artifactTable.run_id, runId), eq(artifactTable.path, path), eq(artifactTable.newest, true)))
  return row ?? null
}

/** The newest version under the path, or the newest one with exactly these bytes. */
export async function findArtifact(db: Queryable, runId: string, path: string, sha256: string | undefined): Promise<ArtifactRow | null> {
  if (sha256 === undefined) return findNewestArtifact(db, runId, path)
  const [row] = await db
    .select()
    .from(artifactTable)
    .where(and(eq(artifactTable.run_id, runId), eq(artifactTable.path, path), eq(artifactTable.sha256, sha256)))
    .orderBy(desc(artifactTable.artifact_version))
    .limit(1)
  return row ?? null
}

/** By path; `afterId` is the row of the last path already seen. */
export async function listNewestArtifacts(db: Queryable, runId: string, page: { afterPath: string | null; limit: number }): Promise<ArtifactRow[]> {
  return db
    .select()
    .from(artifactTable)
    .where(
      and(
        eq(artifactTable.run_id, runId),
        eq(artifactTable.newest, true),
        page.afterPath === null ? undefined : gt(artifactTable.path, page.afterPath),
      ),
    )
    .orderBy(asc(artifactTable.path))
    .limit(page.limit)
}

export async function findArtifactPath(db: Queryable, runId: string, id: number): Promise<string | null> {
  const [row] = await db
    .select({ path: artifactTable.path })
    .from(artifactTable)
    .where(and(eq(artifactTable.id, id), eq(artifactTable.run_id, runId)))
  return row?.path ?? null
}

/** Becomes the newest version of its path. Call under the lock of the run. */
export async function insertArtifact(tx: Transaction, row: Omit<typeof artifactTable.$inferInsert, 'newest'>): Promise<ArtifactRow> {
  await tx
    .update(artifactTable)
    .set({ newest: false })
    .where(and(eq(artifactTable.run_id, row.run_id), eq(artifactTable.path, row.path), eq(artifactTable.newest, true)))
  const [inserted] = await tx
    .insert(artifactTable)
    .values({ ...row, newest: true })
    .returning()
  if (!inserted) throw new Error('an inserted artifact did not come back')
  return inserted
}
