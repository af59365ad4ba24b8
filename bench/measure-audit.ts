/** The audit log: what an append costs with the tree and the checkpoint writer, and how long a million entries take to come out and be verified. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { listNoteFiles } from '@autopack/checkpoint/note-files'
import { createPrivateKeyText, readPrivateKey } from '@autopack/checkpoint/note-keys'
import { openDatabase } from '@autopack/server-kit/open-database'
import type { OpenDatabase } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import { databaseSchema, migrationsFolder } from '../apps/control-plane/src/db/migrations-folder.ts'
import { startPostgres } from '../scripts/test/start-postgres.ts'
import { bareAudit } from './bare-ledger.ts'

const root = resolve(import.meta.dirname, '..')
const rounds = 5
const roundMs = 3_000
const clients = 4
/** How many entries are exported and verified; `AUTOPACK_BENCH_EVENTS` says another number. */
const events = Number(process.env['AUTOPACK_BENCH_EVENTS'] ?? 1_000_000)

const apiKey = 'bench-checkpoint-key-0123456789abcdef'
const privateKey = createPrivateKeyText('localhost:4600/audit')
const verifierKey = readPrivateKey(privateKey)!.verifierKey.text

export async function measureAudit(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-audit-'))
  const postgres = await startPostgres(null, { statement_timeout: '0' })
  const children: ChildProcess[] = []
  const database = await openDatabase({ url: postgres.url, directory: null, migrationsFolder, schema: databaseSchema, runsMigrations: true })
  try {
    const port = await startPlane(children, folder, postgres.url)
    const writer = spawnQuietly('apps/checkpoint-writer/src/writer.ts', {
      CONTROL_PLANE_URL: `http://127.0.0.1:${port}`,
      AUTOPACK_DATA_DIR: folder,
      AUTOPACK_CHECKPOINT_API_KEY: apiKey,
      AUTOPACK_CHECKPOINT_PRIVATE_KEY: privateKey,
      AUTOPACK_CHECKPOINT_INTERVAL_SECONDS: '1',
      AUTOPACK_LOG_LEVEL: 'warn',
    })
    children.push(writer)
    process.stdout.write(`${postgres.version}, fsync off; ${clients} clients, ${rounds} rounds of ${roundMs / 1_000} s each, in turns\n`)
    await measureAppends(database, writer, folder)
    await measureExport(database, folder, postgres.url, writer)
    measureReceipt()
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await database.close()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As it is; with the writer, which looks every second; and without the tree and the look at checkpoints, the baseline. */
async function measureAppends(database: OpenDatabase, writer: ChildProcess, folder: string): Promise<void> {
  const perSecond: Record<'with the writer' | 'writer stopped' | 'no tree, no look at checkpoints', number[]> = {
    'with the writer': [],
    'writer stopped': [],
    'no tree, no look at checkpoints': [],
  }
  for (let round = 0; round <= rounds; round += 1) {
    for (const way of Object.keys(perSecond) as (keyof typeof perSecond)[]) {
      writer.kill(way === 'with the writer' ? 'SIGCONT' : 'SIGSTOP')
      await setTree(database, way !== 'no tree, no look at checkpoints')
      const times = await appendFor(database, roundMs)
      await setTree(database, true)
      // The first round warms all up and is not counted.
      if (round > 0) perSecond[way].push(times / (roundMs / 1_000))
    }
  }
  writer.kill('SIGCONT')
  const base = median(perSecond['no tree, no look at checkpoints'])
  for (const [way, counts] of Object.entries(perSecond)) {
    const middle = median(counts)
    process.stdout.write(`  appends, ${way.padEnd(32)} ${middle.toFixed(0).padStart(6)}/s   ratio ${(middle / base).toFixed(2)}\n`)
  }
  process.stdout.write(`  ${listNoteFiles(readdirSync(join(folder, 'checkpoints')), 'checkpoint').length} checkpoints were signed meanwhile\n`)
}

/** Without it the missing subtrees are made afterwards, so that the log stays one that checkpoints hold against. */
async function setTree(database: OpenDatabase, on: boolean): Promise<void> {
  await database.db.execute(sql.raw(`ALTER TABLE control_plane.audit_event ${on ? 'ENABLE' : 'DISABLE'} TRIGGER audit_event_grows_tree`))
  await database.db.execute(
    sql.raw(
      on
        ? `CREATE OR REPLACE FUNCTION control_plane.find_stopping_checkpoint() RETURNS bigint LANGUAGE plpgsql STABLE AS $$${stoppingBody}$$`
        : `CREATE OR REPLACE FUNCTION control_plane.find_stopping_checkpoint() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT null::bigint $$`,
    ),
  )
  if (!on) return
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`ALTER TABLE control_plane.audit_subtree DISABLE TRIGGER audit_subtree_follows`)
    await tx.execute(sql`
      SELECT control_plane.add_audit_subtrees(chunk * 256) FROM generate_series(
        (SELECT count(*) FROM control_plane.audit_subtree WHERE level = 8) + 1,
        (SELECT seq / 256 FROM control_plane.audit_head)) AS chunk`)
    await tx.execute(sql`ALTER TABLE control_plane.audit_subtree ENABLE TRIGGER audit_subtree_follows`)
  })
}

const stoppingBody = /FUNCTION control_plane\.find_stopping_checkpoint\(\) RETURNS bigint LANGUAGE plpgsql STABLE AS \$\$(.*?)\$\$/s.exec(
  readFileSync(join(migrationsFolder, '0013_checkpoints.sql'), 'utf8'),
)![1]!

async function appendFor(database: OpenDatabase, ms: number): Promise<number> {
  const end = performance.now() + ms
  let appended = 0
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < end) {
        await database.db.transaction((tx) => bareAudit(tx, null))
        appended += 1
      }
    }),
  )
  return appended
}

/** Entries as long as a refusal's are inserted by SQL in the database, through every trigger; then the commands that a person has. */
async function measureExport(database: OpenDatabase, folder: string, url: string, writer: ChildProcess): Promise<void> {
  const insertSeconds = await timed(async () => {
    // The row of the head has a version for each entry of a transaction, and each update walks over all of them.
    for (let first = 1; first <= events; first += batch) await database.db.execute(sql.raw(toInsert(first, Math.min(first + batch - 1, events))))
  })
  const size = await sizeOf(database)
  process.stdout.write(
    `${size} entries, ${events} of them inserted by SQL through every trigger: ${(events / insertSeconds).toFixed(0)}/s, ${batch} in a transaction\n`,
  )
  const signSeconds = await timed(() => waitForCheckpoint(folder, size))
  process.stdout.write(`  the writer read them all and signed within ${signSeconds.toFixed(0)} s\n`)
  writer.kill('SIGSTOP')
  const file = join(folder, 'log.ndjson')
  const copySeconds = await timed(() => exportTo(file, url))
  const readSeconds = await timed(async () => pipeline(createReadStream(file), createWriteStream('/dev/null')))
  process.stdout.write(
    `  export ${copySeconds.toFixed(1)} s, ${(statSync(file).size / 2 ** 20).toFixed(0)} MiB   reading the file alone ${readSeconds.toFixed(1)} s   ratio ${(copySeconds / readSeconds).toFixed(1)}\n`,
  )
  const notes = listNoteFiles(readdirSync(join(folder, 'checkpoints')), 'checkpoint').slice(-10)
  const checkpoints = notes.flatMap(({ name }) => ['--checkpoint', join(folder, 'checkpoints', name)])
  const plain = await timed(() => verify(file, []))
  const against = await timed(() => verify(file, ['--key', verifierKey, ...checkpoints]))
  process.stdout.write(
    `  verified ${plain.toFixed(1)} s; against ${notes.length} checkpoints ${against.toFixed(1)} s   ratio ${(against / plain).toFixed(2)}\n`,
  )
}

const batch = 500

const toInsert = (first: number, last: number) => `DO $$
  DECLARE
    head record;
    body text;
    next bytea;
  BEGIN
    SELECT seq, hash INTO head FROM control_plane.audit_head WHERE id = 1;
    FOR n IN ${first}..${last} LOOP
      body := '{"at":"' || to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        || '","auth_principal_id":"bench","auth_principal_type":"system","event_type":"request.refused","payload_summary":"' || repeat('x', 900) || n
        || '","result_status":"refused"}';
      next := sha256('\\x01'::bytea || int8send(head.seq + 1) || head.hash || convert_to(body, 'UTF8'));
      INSERT INTO control_plane.audit_event (seq, prev, hash, event) VALUES (head.seq + 1, head.hash, next, body);
      head.seq := head.seq + 1;
      head.hash := next;
    END LOOP;
  END $$`

/** The receipt that a control plane made and that stands among the vectors: one approval with an endorsed passkey, executed and read back. */
function measureReceipt(): void {
  const text = readFileSync(join(root, 'packages/verifier/vectors/first-receipt.json'))
  const { payload } = JSON.parse(text.toString('utf8')) as { payload: string }
  const size = Buffer.byteLength(payload)
  process.stdout.write(
    `  a receipt ${text.length} bytes, ${gzipSync(text).length} with gzip; its payload alone ${size}   ratio ${(text.length / size).toFixed(1)}\n`,
  )
}

async function sizeOf(database: OpenDatabase): Promise<number> {
  const found = await database.db.execute(sql`SELECT seq::int AS seq FROM control_plane.audit_head`)
  return (found.rows[0] as { seq: number }).seq
}

async function waitForCheckpoint(folder: string, size: number): Promise<void> {
  const directory = join(folder, 'checkpoints')
  for (;;) {
    const newest = listNoteFiles(readdirSync(directory), 'checkpoint').at(-1)
    if (newest && readFileSync(join(directory, newest.name), 'utf8').split('\n')[1] === String(size)) return
    await new Promise((wake) => setTimeout(wake, 250))
  }
}

async function exportTo(file: string, url: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'apps/control-plane/src/commands/export-audit.ts')], {
    env: { PATH: process.env['PATH'], DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await Promise.all([pipeline(child.stdout, createWriteStream(file)), expectEnd(child, 'the export')])
}

async function verify(file: string, parameters: string[]): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'packages/verifier/src/autopack-verify.ts'), file, ...parameters], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  // 3: it holds in itself, and was compared with nothing.
  await expectEnd(child, 'the verifier', parameters.length === 0 ? 3 : 0)
}

async function expectEnd(child: ChildProcess, what: string, expected = 0): Promise<void> {
  const [status] = (await once(child, 'close')) as [number]
  if (status !== expected) throw new Error(`${what} ended with ${status}`)
}

async function startPlane(children: ChildProcess[], folder: string, url: string): Promise<number> {
  const plane = spawnQuietly('apps/control-plane/src/server.ts', {
    CONTROL_PLANE_PORT: '0',
    DATABASE_URL: url,
    AUTOPACK_DATA_DIR: folder,
    AUTOPACK_CHECKPOINT_KEYS: verifierKey,
    AUTOPACK_CHECKPOINT_API_KEY: apiKey,
    AUTOPACK_LOG_LEVEL: 'warn',
  })
  children.push(plane)
  const [message] = (await once(plane, 'message')) as [{ port: number }]
  return message.port
}

function spawnQuietly(entry: string, environment: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [join(root, entry)], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await act()
  return (performance.now() - begun) / 1_000
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!
}
