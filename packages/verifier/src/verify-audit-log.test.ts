import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCanonicalEvent } from './canonical-event.ts'
import { readLines } from './read-lines.ts'
import { verifyAuditLog } from './verify-audit-log.ts'

type Entry = { seq: number; prev: string; hash: string; event: Record<string, unknown> }

const vectors = JSON.parse(readFileSync(new URL('../../approval-proof/vectors/audit-chain.json', import.meta.url), 'utf8')) as {
  entries: Array<{ canonical: string; entry: Entry }>
}
const vectorLines = vectors.entries.map(({ entry }) => JSON.stringify(entry))

function hashOf(seq: number, prev: string, event: Record<string, unknown>): string {
  const seqBytes = Buffer.alloc(8)
  seqBytes.writeBigUInt64BE(BigInt(seq))
  const parts = [Buffer.of(1), seqBytes, Buffer.from(prev, 'hex'), Buffer.from(toCanonicalEvent(event))]
  return createHash('sha256').update(Buffer.concat(parts)).digest('hex')
}

function buildLog(count: number): Entry[] {
  const log: Entry[] = []
  for (let seq = 1; seq <= count; seq += 1) {
    const prev = log.at(-1)?.hash ?? '0'.repeat(64)
    const event = { event_type: 'test.happened', number: seq * 7 }
    log.push({ seq, prev, hash: hashOf(seq, prev, event), event })
  }
  return log
}

const verify = (log: unknown[]) => verifyAuditLog(log.map((entry) => JSON.stringify(entry)))

describe('verifyAuditLog', () => {
  it('can be stopped behind a missing entry, too', async () => {
    const stop = new AbortController()
    let given = 0
    const lines = function* () {
      for (const entry of buildLog(40_000)) {
        given += 1
        if (given === 2) continue
        if (given === 300) stop.abort(new Error('stopped'))
        yield JSON.stringify(entry)
      }
    }
    await expect(verifyAuditLog(lines(), { signal: stop.signal })).rejects.toThrow('stopped')
    expect(given).toBeLessThan(40_000)
  })

  it('verifies the log that a second language wrote', async () => {
    const { entry } = vectors.entries.at(-1)!
    expect(await verifyAuditLog(vectorLines)).toEqual({ ok: true, count: 4, head: entry.hash, checkpoints: [] })
    for (const { canonical, entry: one } of vectors.entries) expect(toCanonicalEvent(one.event)).toBe(canonical)
  })

  it('verifies an empty log, and says that it is empty', async () => {
    expect(await verifyAuditLog([])).toEqual({ ok: true, count: 0, head: '0'.repeat(64), checkpoints: [] })
  })

  it('finds every tampering with a single event, and the place', async () => {
    const log = buildLog(6)
    for (let place = 0; place < 6; place += 1) {
      const entry = log[place]!
      const seq = place + 1
      const changed = log.with(place, { ...entry, event: { ...entry.event, number: 0 } })
      expect(await verify(changed)).toMatchObject({ ok: false, seq, reason: 'changed' })
      expect(await verify(log.with(place, { ...entry, hash: 'a'.repeat(64) }))).toMatchObject({ ok: false, seq, reason: 'changed' })
      expect(await verify(log.with(place, { ...entry, prev: 'a'.repeat(64) }))).toMatchObject({ ok: false, seq, reason: 'changed' })
      expect(await verify(log.toSpliced(place, 0, entry))).toMatchObject(
        place === 0 ? { ok: false, seq: 1, reason: 'inserted' } : { ok: false, reason: expect.stringMatching('inserted|reordered') },
      )
      expect(await verify(log.toSpliced(place + 1, 0, entry))).toMatchObject({ ok: false, seq, reason: 'inserted' })
      if (place < 5) {
        expect(await verify(log.toSpliced(place, 1))).toMatchObject({ ok: false, seq, reason: 'missing' })
        const swapped = log.with(place, log[place + 1]!).with(place + 1, entry)
        expect(await verify(swapped)).toMatchObject({ ok: false, seq, reason: 'reordered' })
      }
    }
  })

  it('finds an event that was replaced together with its own hash, at the next one', async () => {
    const log = buildLog(4)
    const event = { event_type: 'forged' }
    const forged = log.with(1, { ...log[1]!, event, hash: hashOf(2, log[1]!.prev, event) })
    expect(await verify(forged)).toMatchObject({ ok: false, seq: 3, reason: 'changed' })
  })

  it('finds events that were renumbered to close a gap', async () => {
    const log = buildLog(4)
    const renumbered = log.toSpliced(1, 1).map((entry, place) => ({ ...entry, seq: place + 1 }))
    expect(await verify(renumbered)).toMatchObject({ ok: false, seq: 2, reason: 'changed' })
  })

  it('cannot see a cut at the end, but counts, so that a checkpoint can', async () => {
    const log = buildLog(4)
    expect(await verify(log.slice(0, 3))).toEqual({ ok: true, count: 3, head: log[2]!.hash, checkpoints: [] })
  })

  it.each([
    ['not JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a member too many', JSON.stringify({ ...buildLog(1)[0], extra: 1 })],
    ['a seq in words', JSON.stringify({ ...buildLog(1)[0], seq: '1' })],
    ['a hash in capitals', JSON.stringify({ ...buildLog(1)[0], hash: 'A'.repeat(64) })],
    ['an event that is no object', JSON.stringify({ ...buildLog(1)[0], event: [] })],
    ['a key that appears twice', JSON.stringify(buildLog(1)[0]).replace('"number":7', '"number":8,"number":7')],
    ['a member that appears twice', JSON.stringify(buildLog(1)[0]).replace('"seq":1', '"seq":2,"seq":1')],
    ['a number in another form', JSON.stringify(buildLog(1)[0]).replace('"number":7', '"number":7.0')],
    ['a number beyond the safe integers', JSON.stringify(buildLog(1)[0]).replace('"number":7', '"number":9007199254740993')],
    ['nesting without end', `{"seq":1,"prev":"${'0'.repeat(64)}","hash":"${'0'.repeat(64)}","event":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`],
  ])('calls a line malformed that is %s', async (_what, line) => {
    expect(await verifyAuditLog([line])).toMatchObject({ ok: false, seq: 1, reason: 'malformed' })
  })

  it('notices every changed character of a log', async () => {
    const text = vectorLines.join('\n')
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom('0', 'a', 'f', '"', ' ', '}', 'é'), async (place, character) => {
        fc.pre(text[place] !== character)
        const damaged = text.slice(0, place) + character + text.slice(place + 1)
        // Layout between members is not part of an event: only what is read from a line counts.
        fc.pre(JSON.stringify(damaged.split('\n').map(tryParse)) !== JSON.stringify(text.split('\n').map(tryParse)))
        expect((await verifyAuditLog(damaged.split('\n'))).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})

function tryParse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return line
  }
}

describe('readLines', () => {
  it('gives the same lines at every boundary of chunks, and splits at line feeds alone', async () => {
    const text = 'a\u2028b\n\n€😀\r\nlast'
    const bytes = new TextEncoder().encode(text)
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks = (async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
      })()
      expect(await Array.fromAsync(readLines(chunks))).toEqual(text.split('\n'))
    }
  })

  it('refuses bytes that are not UTF-8', async () => {
    const chunks = (async function* () {
      yield Uint8Array.of(0x61, 0xff)
    })()
    await expect(Array.fromAsync(readLines(chunks))).rejects.toThrow(TypeError)
  })
})

describe('the command', () => {
  const command = fileURLToPath(new URL('autopack-verify.ts', import.meta.url))
  const run = (args: string[], input = '') => spawnSync(process.execPath, [command, ...args], { input, encoding: 'utf8', timeout: 20_000 })

  it('prints the count and the head of a log that holds, from a file and from standard input', () => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'))
    try {
      const file = join(folder, 'audit.ndjson')
      writeFileSync(file, `${vectorLines.join('\n')}\n`)
      const verified = `HOLDS IN ITSELF, NOT COMPARED: 4 events, head ${vectors.entries.at(-1)!.entry.hash}\n`
      const stdout = expect.stringMatching(new RegExp(`^${verified}No checkpoint was given: .*\n$`))
      expect(run([file])).toMatchObject({ status: 3, stdout })
      expect(run(['-'], vectorLines.join('\n'))).toMatchObject({ status: 3, stdout })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('exits with 1 and names the seq of what does not hold', () => {
    const result = run(['-'], vectorLines.toSpliced(2, 1).join('\n'))
    expect(result.status).toBe(1)
    expect(result.stdout).toBe('NOT VERIFIED at seq 3: missing: seq 4 follows seq 2: 1 missing\n')
  })

  it('exits with 2 when there is nothing to read, so that no log never counts as a verified log', () => {
    expect(run(['/nowhere/audit.ndjson'])).toMatchObject({ status: 2, stdout: '' })
    expect(run([tmpdir()])).toMatchObject({ status: 2, stdout: '' })
    expect(run(['--help'])).toMatchObject({ status: 2, stdout: '' })
    expect(run(['-'], '')).toMatchObject({ status: 2, stdout: '' })
  })
})
