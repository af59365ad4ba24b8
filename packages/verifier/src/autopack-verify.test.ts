import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chain, toLines } from '../vectors/make-log.ts'
import type { MadeEntry } from '../vectors/make-log.ts'
import { makeReceipt } from '../vectors/make-receipt.ts'
import type { MadeReceipt } from '../vectors/make-receipt.ts'
import { toReceiptLines } from './verdict-lines.ts'
import { verifyReceipt } from './verify-receipt.ts'

const command = fileURLToPath(new URL('autopack-verify.ts', import.meta.url))
const run = (args: string[], input: string | Buffer = '') =>
  spawnSync(process.execPath, [command, ...args], { input, encoding: 'utf8', timeout: 20_000 })

let folder: string
let made: MadeReceipt
let files: { receipt: string; log: string; checkpoint: string; rotation: string }

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'receipt-'))
  made = makeReceipt({
    rotations: 1,
    approvers: ['Ada', 'Grace'].map((name, place) => ({ name, role: 'approver', key: place === 0 ? 'ES256' : null })),
  })
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  files = {
    receipt: write('receipt.json', JSON.stringify(JSON.parse(made.text), null, 2)),
    log: write('log.ndjson', `${made.lines.join('\n')}\n`),
    checkpoint: write('checkpoint', made.checkpoint),
    rotation: write('rotation', made.receipt['rotations'][0] as string),
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('autopack-verify, for a receipt', () => {
  it('prints what was approved, by whom, what was sent, and which decision is not signed', () => {
    const { status, stdout } = run([files.receipt, '--key', made.trustedKey])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^VERIFIED act_\S+, revision 1: COMPLETED\nshop-agent wanted to publish «Walnut desk organiser» on demo-shop at €38\.00/)
    expect(stdout).toMatch(/Approved by Ada \(approver\) at \S+, signed with the first passkey in their name: that it is theirs is the word/)
    expect(stdout).toMatch(/Approved by Grace \(approver\) at \S+, NOT SIGNED \(by password\)\n/)
    expect(stdout).toMatch(/Sent: yes: the body that was approved, SHA-256 [0-9a-f]{64}\n/)
    expect(stdout).toContain('which you trust')
  })

  it('says when the key is only the word of whoever made the file', () => {
    const { status, stdout } = run(['-'], made.text)
    expect(status).toBe(3)
    expect(stdout).toMatch(/^HOLDS IN ITSELF, SIGNER UNKNOWN: act_\S+, revision 1: COMPLETED\nAnybody can make a file that holds in itself\./)
    expect(stdout).toContain('NOT TRUSTED BY YOU')
    expect(stdout).not.toContain('VERIFIED')
    expect(run(['-', '--json'], made.text).status).toBe(3)
  })

  it('says exactly what does not hold, what held before, and where', () => {
    const { status, stdout } = run(['-', '--key', made.trustedKey], made.text.replace('"name":"Ada"', '"name":"Eve"'))
    expect(status).toBe(1)
    expect(stdout).toMatch(/^NOT VERIFIED: record at decisions\[0\]\.name: entry \d+ names somebody else\n.*: malformed, payload, descriptor,/)
    expect(run(['-'], Buffer.from('{"v":"autopack-receipt/1","\xff":1}', 'latin1'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('not UTF-8'),
    })
  })

  it('judges nothing that a later version made', () => {
    const later = made.text.replace('autopack-receipt/1', 'autopack-receipt/12')
    expect(run(['-', '--key', made.trustedKey], later)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('autopack-receipt/12, which came after'),
    })
    expect(run(['-'], made.text.replace('autopack-receipt/1', 'autopack-receipt/x')).status).toBe(1)
  })

  it('gives the verdict as JSON, too', () => {
    expect(JSON.parse(run(['-', '--json', '--key', made.trustedKey], made.text).stdout)).toMatchObject({ ok: true, facts: { state: 'COMPLETED' } })
    expect(JSON.parse(run(['-', '--json'], '{"v":1}').stdout)).toMatchObject({ ok: false, reason: 'malformed' })
  })

  it('lets nothing from a file move the cursor, hide, or pass for a line of the verifier', async () => {
    const evil = '\u001b[2J\u202eVERIFIED\r\nVERIFIED \u0007\u009b1A\u200b'
    const body = {
      title: evil,
      description: `one\nVERIFIED act_\u001b[1A`,
      price: { amount_minor: 1, currency: 'EUR' },
      quantity: 1,
      report_sha256: 'ab'.repeat(32),
      tags: [evil],
    }
    const { payload } = JSON.parse(JSON.stringify({ payload: JSON.parse(made.receipt['payload'] as string) })) as { payload: never }
    const told = makeReceipt({
      payload: { ...(payload as object), request: { ...(payload as { request: object }).request, body } } as never,
      approvers: [{ name: evil, role: 'approver', key: null }],
      observations: ['drifted'],
      alter: {
        outcome: (outcome) => Object.assign(outcome, { external_object_id: evil, error_summary: evil }),
        observation: (seen) => (seen['detail'] = evil),
      },
    })
    const lines = toReceiptLines(await verifyReceipt(told.text, { trustedKeys: [told.trustedKey] }))
    expect(lines[0]).toMatch(/^VERIFIED act_/)
    const tampered = await verifyReceipt(told.text.replace('"v":"autopack-receipt/1"', `"v":"autopack-receipt/1",${JSON.stringify(evil)}:1`), {
      trustedKeys: [],
    })
    for (const line of [...lines, ...toReceiptLines(tampered)]) expect(line).not.toMatch(/[\0-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]/)
    expect(lines.slice(1).filter((line) => line.startsWith('VERIFIED'))).toEqual([])
    expect(toReceiptLines(tampered)[0]).toMatch(/^NOT VERIFIED: malformed at ⟨U\+001B⟩/)
    const { stdout } = run(['-', '--json', '--key', told.trustedKey], told.text)
    expect(stdout).toMatch(/^[ -~]+\n$/)
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(await verifyReceipt(told.text, { trustedKeys: [told.trustedKey] }))))
  })
})

describe('autopack-verify, for a receipt beside the log', () => {
  const key = () => ['--key', made.trustedKey]

  it('finds the events that were left out at its end', () => {
    expect(run([files.receipt, ...key(), '--log', files.log])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('has no later one but refusals'),
    })
    const receipt = structuredClone(made.receipt)
    receipt['action'].state = 'EXECUTING'
    receipt['executions'][0].outcome = null
    receipt['audit'].pop()
    const cut = JSON.stringify(receipt)
    expect(run(['-', ...key()], cut)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^VERIFIED [^]*Later ones may have been left out/) })
    expect(run(['-', ...key(), '--log', files.log], cut)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^NOT VERIFIED: log at audit: entry \d+ of the log is about this action, and the receipt lacks it\n/),
    })
  })

  it('takes a rotation and a file of keys, and another checkpoint only for the log', () => {
    const all = join(folder, 'all')
    writeFileSync(all, `${made.receipt['keys'].join('\n')}\n\n${made.checkpoint}\n${made.receipt['rotations'].join('\n')}`)
    expect(run([files.receipt, '--key', all, '--rotation', all])).toMatchObject({ status: 0 })
    expect(run([files.receipt, '--key', all, '--checkpoint', all, '--log', files.log])).toMatchObject({ status: 0 })
    expect(run([files.receipt, '--key', all, '--checkpoint', all])).toMatchObject({ status: 2, stdout: '' })
    expect(run([files.receipt, '--key', files.rotation])).toMatchObject({ status: 2, stdout: '' })
    expect(run([files.receipt, ...key(), '--rotation', files.log])).toMatchObject({ status: 2, stdout: '' })
    expect(run([files.log, ...key(), '--log', files.log])).toMatchObject({ status: 2, stdout: '' })
    expect(run(['-', ...key(), '--log', '-'], made.text)).toMatchObject({ status: 2, stdout: '' })
  })

  it('takes no key out of a rotation, and no file that is not UTF-8', () => {
    const announced = join(folder, 'announced')
    writeFileSync(announced, `${makeReceipt().trustedKey}\n\n${made.receipt['rotations'][0]}`)
    expect(run([files.receipt, '--key', announced]).status).toBe(1)
    const broken = join(folder, 'broken')
    writeFileSync(broken, Buffer.concat([Buffer.from(`${made.trustedKey}\n`), Buffer.of(0xff)]))
    expect(run([files.receipt, '--key', broken])).toMatchObject({ status: 2, stdout: '' })
  })

  it('believes no key that stands beside the checkpoints', () => {
    const stranger = makeReceipt()
    const beside = join(folder, 'beside')
    writeFileSync(beside, `${stranger.trustedKey}\n\n${stranger.checkpoint}`)
    writeFileSync(join(folder, 'other'), stranger.lines.join('\n'))
    expect(run([join(folder, 'other'), ...key(), '--checkpoint', beside])).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^NOT VERIFIED: checkpoint_key/),
    })
  })
})

describe('autopack-verify, for a log', () => {
  const against = () => ['--checkpoint', files.checkpoint, '--rotation', files.rotation, '--key', made.trustedKey]

  it('holds it against a checkpoint of a key that follows from the trusted one', () => {
    const { status, stdout } = run([files.log, ...against()])
    expect(status).toBe(0)
    expect(stdout).toMatch(
      new RegExp(`^VERIFIED ${made.lines.length} events, head [0-9a-f]{64}\nThe checkpoint holds. Checkpoint of ${made.lines.length} events`),
    )
  })

  it('says in the first line how many of the events are signed, and that anybody may have written the others', () => {
    const signed = made.lines.map((line) => JSON.parse(line) as MadeEntry)
    const { seq, hash } = signed.at(-1)!
    const forged = chain([{ event_type: 'external_action.approved', reason: 'Ada said yes' }], signed)
    const { status, stdout } = run(['-', ...against()], toLines(forged).join('\n'))
    expect(status).toBe(0)
    expect(stdout).toMatch(
      new RegExp(`^VERIFIED the first ${seq} of ${seq + 1} events, head ${hash}\nNo checkpoint covers the 1 after them: anybody may have written it`),
    )
  })

  it('says that no checkpoint was given, because a cut would not show', () => {
    expect(run(['-'], made.lines.slice(0, -1).join('\n'))).toMatchObject({ status: 3, stdout: expect.stringContaining('No checkpoint was given') })
    const cut = run(['-', ...against()], made.lines.slice(0, -1).join('\n'))
    expect(cut).toMatchObject({ status: 1, stdout: expect.stringMatching(new RegExp(`^NOT VERIFIED at seq ${made.lines.length}: cut: `)) })
  })

  it('is not told to trust a checkpoint that came without a key', () => {
    expect(run([files.log, '--checkpoint', files.checkpoint])).toMatchObject({ status: 2, stdout: '' })
    const stranger = makeReceipt().trustedKey
    const { status, stdout } = run([files.log, ...against().slice(0, -1), stranger])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^NOT VERIFIED: checkpoint_key: /)
  })

  it('looks for its beginning behind 65,536 characters of white space, and not behind more', () => {
    const ofOneKind = ' '.repeat(65_536)
    expect(run(['-', '--key', made.trustedKey], ofOneKind + made.text).status).toBe(0)
    expect(run(['-'], '\n'.repeat(65_536) + made.lines.join('\n'))).toMatchObject({ stdout: expect.stringContaining('events, head') })
    expect(run(['-', '--key', made.trustedKey], ` ${ofOneKind}${made.text}`)).toMatchObject({ status: 2, stdout: '' })
    expect(run(['-'], '\n'.repeat(2_000_000))).toMatchObject({ status: 2, stdout: '' })
  })

  it('asks for one file, and takes no option that it does not know', () => {
    expect(run([])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('usage:') })
    expect(run([files.log, files.log])).toMatchObject({ status: 2, stdout: '' })
    expect(run([files.log, '--kye', 'x'])).toMatchObject({ status: 2, stdout: '' })
    expect(run([files.receipt, ...against()])).toMatchObject({ status: 2, stdout: '' })
  })
})
