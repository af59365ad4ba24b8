import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import { percentiles } from './percentiles.ts'
import { signIn, startConsole } from './running-console.ts'

const runs = 100_000
const rounds = 60

/** Seeds the embedded database with 100,000 runs, then asks for the list the ways the inbox does, one request at a time. */
export async function measureRunsList(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'autopack-bench-'))
  const options = { dataDirectory: join(folder, 'data'), workspace: folder, extra: ['--no-agent'] }
  try {
    await (await startConsole(options)).stop()
    await seed(options.dataDirectory)
    const running = await startConsole(options)
    const cookie = await signIn(running, 'viewer')
    process.stdout.write(`${runs.toLocaleString('en')} runs, embedded database, as viewer, ${rounds} requests each, one at a time, through the BFF\n`)
    const health = await time(() => fetch(`${running.origin}/livez`))
    process.stdout.write(line('baseline: GET /livez of the BFF', health, health))
    for (const [what, query] of [
      ['newest first', ''],
      ['state=failed', '?state=failed'],
      ['needs a person', '?needs_human=true'],
      ['search: a rare word', '?q=rare-word'],
      ['search: a word in every name', '?q=inventory'],
      ['sorted by name', '?sort=name'],
    ] as const) {
      const measured = await time(() => fetch(`${running.origin}/api/runs${query}`, { headers: { cookie } }))
      process.stdout.write(line(what, measured, health))
    }
    await running.stop()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function line(what: string, measured: { p50: number; p95: number }, baseline: { p50: number }): string {
  return `  ${what.padEnd(34)} p50 ${measured.p50.toFixed(1).padStart(7)} ms   p95 ${measured.p95.toFixed(1).padStart(7)} ms   ${(measured.p50 / baseline.p50).toFixed(1)}x the baseline\n`
}

async function time(request: () => Promise<Response>): Promise<{ p50: number; p95: number }> {
  const times: number[] = []
  for (let n = 0; n < rounds + 5; n += 1) {
    const begun = performance.now()
    const answer = await request()
    await answer.arrayBuffer()
    if (answer.status === 429) {
      // Lists are limited to 240 a minute for each person; a measurement waits rather than counting refusals.
      await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after') ?? 1) * 1_000))
      n -= 1
      continue
    }
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`)
    if (n >= 5) times.push(performance.now() - begun)
  }
  return percentiles(times)
}

async function seed(dataDirectory: string): Promise<void> {
  const demo = JSON.parse(readFileSync(join(dataDirectory, 'secrets/demo.json'), 'utf8')) as {
    executors: { executor_id: string; owner_operator_id: string }[]
  }
  const { executor_id, owner_operator_id } = demo.executors[0]!
  const database = await openDatabase({
    url: null,
    directory: join(dataDirectory, 'control-plane'),
    migrationsFolder: join(import.meta.dirname, '../apps/control-plane/src/db/migrations'),
    schema: 'control_plane',
  })
  await database.db.execute(sql`
    INSERT INTO control_plane.run (run_id, executor_id, owner_operator_id, name, name_sort, search_text, start_sha256, safety_profile, run_scope, uses_model,
      state, phases_total, phases_queued, phases_completed, phases_failed, phase_states, actions_waiting, created_at, started_at, completed_at, heard_at)
    SELECT 'bench-' || n, ${executor_id}, ${owner_operator_id}, name, lower(name), lower('bench-' || n || ' ' || name || ' demo-agent'), repeat('0', 64), 'normal', 'multi_tier', false,
      state, 6, 0, CASE state WHEN 'done' THEN 6 ELSE 3 END, CASE state WHEN 'failed' THEN 1 ELSE 0 END, 'CCCCCC', CASE state WHEN 'waiting' THEN 1 ELSE 0 END,
      started, started, CASE WHEN state IN ('done', 'failed') THEN started + interval '1 minute' END, started
    FROM (
      SELECT n, now() - (n || ' seconds')::interval AS started,
        'Inventory of folder ' || md5(n::text) || CASE WHEN n % 25000 = 0 THEN ' rare-word' ELSE '' END AS name,
        CASE WHEN n % 5000 = 0 THEN 'waiting' WHEN n % 40 = 0 THEN 'failed' WHEN n % 1000 = 1 THEN 'running' ELSE 'done' END AS state
      FROM generate_series(1, ${runs}) AS n
    ) AS made`)
  await database.db.execute(sql`ANALYZE control_plane.run`)
  await database.close()
}
