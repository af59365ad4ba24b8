import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendEvents, readEntryHashes } from '../test/checkpoint-story.ts'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import { proveInclusion } from './inclusion-proof-rows.ts'

const most = 777
let deps: TestDeps
let hashes: Buffer[]
beforeAll(async () => {
  deps = await openTestDeps()
  await appendEvents(deps.db, most)
  hashes = await readEntryHashes(deps.db)
}, 120_000)
afterAll(() => deps.close())

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const known = new Map<string, Buffer>()
/** RFC 9162, 2.1.1, word for word, over the leaves `start` to `end`. */
function plainRoot(start: number, end: number): Buffer {
  const before = known.get(`${start} ${end}`)
  if (before) return before
  let k = 1
  while (k * 2 < end - start) k *= 2
  const root =
    end - start === 1 ? sha256(Buffer.from([0]), hashes[start]!) : sha256(Buffer.from([1]), plainRoot(start, start + k), plainRoot(start + k, end))
  known.set(`${start} ${end}`, root)
  return root
}

/** RFC 9162, 2.1.3.2, step by step. */
function leadsTo(root: Buffer, seq: number, size: number, path: readonly string[]): boolean {
  let [fn, sn, r] = [seq - 1, size - 1, sha256(Buffer.from([0]), hashes[seq - 1]!)]
  for (const p of path.map((hex) => Buffer.from(hex, 'hex'))) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      r = sha256(Buffer.from([1]), p, r)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
    } else r = sha256(Buffer.from([1]), r, p)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && r.equals(root)
}

const sizes = [1, 2, 3, 4, 5, 7, 8, 31, 100, 128, 200, 254, 255, 256, 257, 258, 300, 384, 511, 512, 513, 640, 767, 768, 769, most]

test('every proof leads to the root of its tree, across every edge of the stored subtrees', async () => {
  for (const size of sizes) {
    const seqs = [1, 2, 3, 129, 255, 256, 257, 258, 383, 511, 512, 513, 514, 768, 769, size - 1, size].filter((seq) => seq >= 1 && seq <= size)
    const proofs = await proveInclusion(deps.db, seqs, size)
    for (const seq of seqs) expect([size, seq, leadsTo(plainRoot(0, size), seq, size, proofs.get(seq)!)]).toEqual([size, seq, true])
  }
})

test('every entry of one tree is proved', async () => {
  const seqs = Array.from({ length: most }, (_, index) => index + 1)
  for (const part of [seqs.slice(0, 400), seqs.slice(400)]) {
    const proofs = await proveInclusion(deps.db, part, most)
    for (const seq of part) expect([seq, leadsTo(plainRoot(0, most), seq, most, proofs.get(seq)!)]).toEqual([seq, true])
  }
})

test('the database computes the root of every size as the plain recursion does', async () => {
  const found = await deps.db.execute(
    sql`SELECT size, encode(control_plane.audit_tree_root(size), 'hex') AS root FROM generate_series(1, ${most}::bigint) AS size ORDER BY size`,
  )
  const roots = (found.rows as { size: string; root: string }[]).map(({ root }) => root)
  expect(roots).toEqual(Array.from({ length: most }, (_, index) => plainRoot(0, index + 1).toString('hex')))
})

test('what is not in the tree, or not in the log, is no proof', async () => {
  await expect(proveInclusion(deps.db, [5], 4)).rejects.toThrow(RangeError)
  await expect(proveInclusion(deps.db, [0], 4)).rejects.toThrow(RangeError)
  await expect(proveInclusion(deps.db, [1], most + 1)).rejects.toThrow('the audit log has no entry 778')
  await expect(
    proveInclusion(
      deps.db,
      Array.from({ length: 501 }, (_, index) => index + 1),
      most,
    ),
  ).rejects.toThrow('more than 500')
})

test('nobody but the log makes the tree grow, and nobody changes it', async () => {
  const insert = sql`INSERT INTO control_plane.audit_subtree (level, no, hash) VALUES (8, 3, sha256('x'))`
  for (const statement of [insert, sql`UPDATE control_plane.audit_subtree SET no = no + 9`, sql`DELETE FROM control_plane.audit_subtree`])
    await expect(deps.ownerDb.execute(statement)).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/follows audit_event|append-only/) as string },
    })
  await expect(deps.ownerDb.execute(sql`TRUNCATE control_plane.audit_subtree`)).rejects.toMatchObject({ cause: { code: '23001' } })
})
