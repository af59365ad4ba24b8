import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildEtsyListing } from '@autopack/approval-proof/honest-payloads'
import { listLogVectors } from '@autopack/verifier/list-log-vectors'
import { listReceiptVectors } from '@autopack/verifier/list-receipt-vectors'
import { makeReceipt } from '@autopack/verifier/make-receipt'
import type { ReceiptKnobs } from '@autopack/verifier/make-receipt'
import { verifyAuditLog } from '@autopack/verifier/verify-audit-log'
import { verifyReceipt } from '@autopack/verifier/verify-receipt'
import { afterAll, describe, expect, it } from 'vitest'
import { findPython } from '../test/find-python.ts'
import { openPythonVerifier, pythonVerifier } from './open-python-verifier.ts'
import { makeLie } from './make-lie.ts'
import { mutateReceipt } from './mutate-receipt.ts'
import { readLogVectors, readReceiptVectors } from './read-vectors.ts'

const receipts = readReceiptVectors()
const logs = readLogVectors()
const reasons =
  'malformed payload descriptor checkpoint_key entry inclusion record state policy enrolment statement signature display quorum execution sent log'.split(
    ' ',
  )
const python = openPythonVerifier()
const folder = mkdtempSync(join(tmpdir(), 'evidence-'))
afterAll(async () => {
  await python.close()
  rmSync(folder, { recursive: true })
})

type Said = { ok: boolean; reason?: string | undefined }
const toWord = ({ ok, reason }: Said) => (ok ? 'ok' : reason)

describe('the vectors of receipts', () => {
  it('are those that are made today, and have each reason', () => {
    const brief = (vectors: ReadonlyArray<{ what: string; verdict: string }>) => vectors.map(({ what, verdict }) => `${verdict}: ${what}`)
    expect(brief(receipts), 'mend it with: node scripts/verifier/write-vectors.ts').toEqual(brief(listReceiptVectors()))
    expect(new Set(receipts.map(({ verdict }) => verdict))).toEqual(new Set(['ok', ...reasons]))
    expect(new Set(receipts.map(({ what }) => what)).size).toBe(receipts.length)
  })

  it.each(receipts.map((vector) => [vector.what, vector] as const))('are judged by both verifiers as they say: %s', async (_what, vector) => {
    const { verdict, text, trusted_keys, rotations, log } = vector
    const first = await verifyReceipt(text, { trustedKeys: trusted_keys, rotations, ...(log === null ? {} : { log }) })
    const second = await python.verify({ kind: 'receipt', text, trusted_keys, rotations, log })
    expect([toWord(first), toWord(second)]).toEqual([verdict, verdict])
    if (!first.ok) expect(second.held).toEqual(first.held)
    const before = verdict === 'ok' ? null : reasons.slice(0, reasons.indexOf(verdict))
    expect(first.ok ? null : first.held).toEqual(before)
  })

  it('are judged alike by both when they are changed at random', async () => {
    const valid = receipts.filter(({ verdict }) => verdict === 'ok')
    const seen = new Set<string | undefined>()
    for (let seed = 1; seed <= 600; seed += 1) {
      const { what, text } = valid[seed % valid.length]!
      const changed = mutateReceipt(text, seed)
      const first = toWord(await verifyReceipt(changed, { trustedKeys: [] }))
      const second = toWord(await python.verify({ kind: 'receipt', text: changed, trusted_keys: [], rotations: [], log: null }))
      expect(second, `${what}, seed ${seed}`).toBe(first)
      seen.add(first)
    }
    expect(seen.size).toBeGreaterThan(6)
  })

  it('are judged alike by both when a console lies at random before it hashes and signs', async () => {
    const seen = new Set<string | undefined>()
    for (let seed = 1; seed <= 600; seed += 1) {
      const lie = makeLie(seed)
      if (lie === null) continue
      const first = toWord(await verifyReceipt(lie.text, { trustedKeys: [] }))
      const second = toWord(await python.verify({ kind: 'receipt', text: lie.text, trusted_keys: [], rotations: [], log: null }))
      expect(second, `seed ${seed}: ${lie.what}`).toBe(first)
      seen.add(first)
    }
    expect(seen.size).toBeGreaterThan(8)
  }, 120_000)
})

describe('a receipt that is as long as it may be', () => {
  const tags = Array.from({ length: 9_900 }, () => 'x')
  const unsigned = [{ name: 'Ada', role: 'approver', key: null }] as const
  const long: ReadonlyArray<readonly [what: string, verdict: string, knobs: ReceiptKnobs]> = [
    [
      'of escapes',
      'ok',
      { state: 'FAILED', approvers: unsigned, alter: { outcome: (record) => (record['error_summary'] = '\n"\\'.repeat(1_300_000)) } },
    ],
    ['of a list that a form says', 'ok', { state: 'APPROVED', approvers: unsigned, payload: buildEtsyListing({ body: { tags } }) }],
    ['of base64url', 'enrolment', { alter: { passkey: (record) => (record['attestation_object'] = 'A'.repeat(8_000_000)) } }],
  ]
  it.each(long)('is judged by both verifiers: %s', async (_what, verdict, knobs) => {
    const { text } = makeReceipt(knobs)
    const first = await verifyReceipt(text, { trustedKeys: [] })
    const second = await python.verify({ kind: 'receipt', text, trusted_keys: [], rotations: [], log: null })
    expect([toWord(first), toWord(second)]).toEqual([verdict, verdict])
  })
})

describe('the vectors of logs', () => {
  it('are those that are made today', () => {
    const brief = (vectors: ReadonlyArray<{ what: string; verdict: string; seq: number | null }>) =>
      vectors.map(({ what, verdict, seq }) => `${verdict} ${seq}: ${what}`)
    expect(brief(logs), 'mend it with: node scripts/verifier/write-vectors.ts').toEqual(brief(listLogVectors()))
  })

  it.each(logs.map((vector) => [vector.what, vector] as const))('are judged by both verifiers as they say: %s', async (_what, vector) => {
    const { verdict, seq, lines, checkpoints, rotations, trusted_keys, keys } = vector
    const first = await verifyAuditLog(lines, { checkpoints, rotations, trustedKeys: trusted_keys, keys })
    const second = await python.verify({ kind: 'log', text: lines.join('\n'), checkpoints, rotations, trusted_keys, keys })
    expect([toWord(first), first.ok ? null : first.seq]).toEqual([verdict, seq])
    expect([toWord(second), second.seq ?? null]).toEqual([verdict, seq])
  })
})

describe('verify_evidence.py', () => {
  const run = (files: Record<string, string | Uint8Array>, ...args: string[]) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    return spawnSync(findPython(), ['-B', pythonVerifier, ...args], { cwd: folder, encoding: 'utf8', timeout: 30_000 })
  }
  const receipt = receipts.find(({ what }) => what === 'done, by two people')!.text
  const log = logs.find(({ what }) => what === 'twelve entries against three checkpoints')!

  it('says what holds of a receipt, and that nobody vouched for the key', () => {
    const said = run({ 'receipt.json': receipt }, 'receipt.json')
    expect([said.status, said.stderr]).toEqual([3, ''])
    expect(said.stdout).toMatch(/^HOLDS IN ITSELF, SIGNER UNKNOWN: act_\S+ COMPLETED, revision 1\nThe key is only the file's own word/)
    const [key] = (JSON.parse(receipt) as { keys: [string] }).keys
    const trusted = run({ 'keys.txt': `\n${key}\nnothing else\n` }, 'receipt.json', '--key', key)
    expect([trusted.status, trusted.stderr]).toEqual([0, ''])
    expect(trusted.stdout).toMatch(/^VERIFIED act_\S+ COMPLETED, revision 1\nshop-agent wanted to publish «Walnut desk organiser»/)
    expect(trusted.stdout).toMatch(/Approved by Bo \(admin\) at \S+, signed with a passkey \(their first: whose it is, only the console says\)/)
    expect(trusted.stdout).toContain('Whether something came later, only the log can show: --log.')
    expect(trusted.stdout).not.toContain('own word')
    expect(run({}, 'receipt.json', '--key', 'keys.txt').stdout).toBe(trusted.stdout)
    expect(run({}, 'receipt.json', '--key', 'receipt.json').status).toBe(2)
    expect(JSON.parse(run({}, 'receipt.json', '--json').stdout)).toMatchObject({ ok: true, action: { state: 'COMPLETED' } })
  })

  it('says what does not hold, with status 1', () => {
    const said = run({ 'bad.json': receipt.replace('"name":"Bo"', '"name":"Eve"') }, 'bad.json')
    expect([said.status, said.stdout]).toEqual([
      1,
      expect.stringMatching(
        /^NOT VERIFIED at \/decisions\/1\/name: record: the event says another name\nWhat was checked before it holds: malformed, payload/,
      ),
    ])
  })

  it('finds in the log beside a receipt what the receipt leaves out', () => {
    const { text, log: lines, trusted_keys } = receipts.find(({ what }) => what === 'log: cut off where it was only approved')!
    const files = { 'cut.json': text, 'beside.ndjson': lines!.join('\n') }
    const alone = run(files, 'cut.json', '--key', trusted_keys[0]!)
    expect([alone.status, alone.stdout]).toEqual([0, expect.stringContaining('Until then nobody had claimed it.')])
    const beside = run(files, 'cut.json', '--key', trusted_keys[0]!, '--log', 'beside.ndjson')
    expect([beside.status, beside.stdout]).toEqual([
      1,
      expect.stringMatching(/^NOT VERIFIED at \/audit: log: seq \d+ of the log is about this action/),
    ])
    const whole = receipts.find(({ what }) => what === 'done, with the log beside it')!
    const said = run({ 'whole.json': whole.text }, 'whole.json', '--key', trusted_keys[0]!, '--log', 'beside.ndjson')
    expect([said.status, said.stdout]).toEqual([0, expect.stringContaining('has nothing later about this action')])
  })

  it('judges nothing that a later version made, and says of a log alone that it was compared with nothing', () => {
    const later = run({ 'receipt.json': receipt.replace('autopack-receipt/1', 'autopack-receipt/12') }, 'receipt.json')
    expect(later).toMatchObject({ status: 2, stderr: expect.stringContaining('autopack-receipt/12, which came after') })
    const alone = run({ 'log.ndjson': log.lines.join('\n') }, 'log.ndjson')
    expect(alone).toMatchObject({ status: 3, stdout: expect.stringMatching(/^HOLDS IN ITSELF, NOT COMPARED: 12 events/) })
  })

  it('verifies a log against checkpoints and rotations', () => {
    const notes = Object.fromEntries([...log.checkpoints, ...log.rotations].map((note, place) => [`note-${place}`, note]))
    const given = ['--checkpoint', 'note-0', '--checkpoint', 'note-2', '--rotation', 'note-3', '--key', log.trusted_keys[0]!]
    const kept = `${log.trusted_keys[0]!}\n\n${[...log.rotations, ...log.checkpoints].join('\n')}`
    const together = run({ 'kept.txt': kept, 'log.ndjson': log.lines.join('\n') }, 'log.ndjson', '--checkpoint', 'kept.txt', '--key', 'kept.txt')
    expect([together.status, together.stdout]).toEqual([0, expect.stringMatching(/^VERIFIED 12 events, head [0-9a-f]{64}, 3 checkpoints\n$/)])
    const said = run({ ...notes, 'log.ndjson': `${log.lines.join('\n')}\n` }, 'log.ndjson', ...given)
    expect([said.status, said.stdout]).toEqual([0, expect.stringMatching(/^VERIFIED 12 events, head [0-9a-f]{64}, 2 checkpoints\n$/)])
    const part = run({}, 'log.ndjson', '--checkpoint', 'note-0', '--key', log.trusted_keys[0]!)
    const { hash } = JSON.parse(log.lines[3]!) as { hash: string }
    expect([part.status, part.stdout]).toEqual([
      0,
      `VERIFIED the first 4 of 12 events, head ${hash}, 1 checkpoint\nNo checkpoint covers the 8 after them: anybody may have written those, or cut off more.\n`,
    ])
    expect(run({ 'cut.ndjson': log.lines.slice(0, 6).join('\n') }, 'cut.ndjson', ...given)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('NOT VERIFIED at seq 7: cut:'),
    })
  })

  it('takes keys, rotations and checkpoints from one file, and no key out of a rotation', () => {
    const { text, trusted_keys } = receipts.find(({ what }) => what === 'signed with the third key, and the first is trusted')!
    const { checkpoint, rotations } = JSON.parse(text) as { checkpoint: string; rotations: string[] }
    const [stranger] = log.trusted_keys
    const files = {
      'third.json': text,
      'all.txt': `${trusted_keys[0]}\n\n${checkpoint}\n${rotations.join('\n')}`,
      'announced.txt': `${stranger}\n\n${rotations.join('\n')}`,
      'broken.txt': Buffer.concat([Buffer.from(`${trusted_keys[0]}\n`), Buffer.of(0xff)]),
    }
    expect(run(files, 'third.json', '--key', 'all.txt', '--rotation', 'all.txt').status).toBe(0)
    expect(run({}, 'third.json', '--key', 'all.txt', '--checkpoint', 'all.txt').status).toBe(2)
    expect(run({}, 'third.json', '--key', 'announced.txt').status).toBe(1)
    expect(run({}, 'third.json', '--key', 'broken.txt').status).toBe(2)
  })

  it('looks for the beginning of a file behind 65,536 characters of white space, and not behind more', () => {
    const ofOneKind = ' '.repeat(65_536)
    expect(run({ 'late.json': ofOneKind + receipt }, 'late.json').status).toBe(3)
    expect(run({ 'late.ndjson': '\n'.repeat(65_536) + log.lines.join('\n') }, 'late.ndjson').stdout).toContain('12 events, head')
    expect(run({ 'later.json': ` ${ofOneKind}${receipt}` }, 'later.json').status).toBe(2)
    expect(run({ 'blank.json': '\n'.repeat(2_000_000) }, 'blank.json').status).toBe(2)
  })

  it.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['bytes that are no text', Uint8Array.of(0x7b, 0xff, 0xfe)],
    ['a terminal’s escape', '{"\u001b[2J\u202e": 1}'],
    ['nesting without end', '['.repeat(200_000)],
    ['an object without end', '{"a":'.repeat(200_000)],
    ['a number without end', `{"v":1${'0'.repeat(100_000)}}`],
    ['null', 'null'],
    ['a log that begins like one', '{"seq":'],
    ['half of a surrogate pair', '{"v":"\\ud800"}'],
  ])('never answers %s with a traceback, and never with “verified”', (_what, content) => {
    const said = run({ file: content }, 'file')
    expect([1, 2]).toContain(said.status)
    expect(said.stderr).not.toContain('Traceback')
    expect(said.stdout).not.toMatch(/^VERIFIED|[\u001b\u202e]/)
  })

  it('ends with 2 where there is nothing to read', () => {
    expect(run({}, 'nowhere').status).toBe(2)
    expect(run({}, '.').status).toBe(2)
    expect(run({}).status).toBe(2)
    expect(run({ 'log.ndjson': log.lines.join('\n'), note: log.checkpoints[0]! }, 'log.ndjson', '--checkpoint', 'note').status).toBe(2)
  })
})
