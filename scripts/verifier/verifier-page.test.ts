import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chain, toLines } from '@autopack/verifier/make-log'
import { makeReceipt } from '@autopack/verifier/make-receipt'
import { chromium } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findChromium } from '../test/find-chromium.ts'
import { readLogVectors, readReceiptVectors } from './read-vectors.ts'

const verifier = join(import.meta.dirname, '../../packages/verifier')
const file = join(verifier, 'dist/verify-evidence.html')
const folder = mkdtempSync(join(tmpdir(), 'verifier-page-'))
let browser: Browser
let page: Page
/** Everything that left the page, or that the browser kept from leaving; and everything it complained about. */
let requests: string[]
let complaints: string[]

const receipts = readReceiptVectors()
const logs = readLogVectors()
const receiptOf = (what: string) => receipts.find((vector) => vector.what === what)!.text
const log = logs.find(({ what }) => what === 'twelve entries against three checkpoints')!

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const choose = (...names: string[]) => page.setInputFiles('#files', names)
const heading = () => page.getByRole('status').getByRole('heading', { level: 2 })
const listed = () => page.getByRole('list', { name: 'What was added' }).innerText()
const verdict = () => page.getByRole('status').innerText()
async function paste(text: string): Promise<void> {
  if (!(await page.getByLabel('Paste them here').isVisible()))
    await page.getByText('Keys, checkpoints and rotations that you have from elsewhere').click()
  await page.getByLabel('Paste them here').fill(text)
  await page.getByRole('button', { name: 'Add what is pasted' }).click()
}
/** With the keyboard: a click waits until nothing moves, and meanwhile the check may be through. */
async function stop(): Promise<void> {
  await page.getByText(/entries hold so far/).waitFor()
  await page.getByRole('button', { name: 'Stop' }).press('Enter')
}

beforeAll(async () => {
  const built = spawnSync(process.execPath, [join(verifier, 'build-verifier.ts')], { encoding: 'utf8', timeout: 120_000 })
  if (built.status !== 0) throw new Error(built.stderr)
  const executablePath = findChromium()
  browser = await chromium.launch({
    ...(executablePath === '' ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
  })
}, 240_000)
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true })
})
beforeEach(async () => {
  page = await browser.newPage()
  requests = []
  complaints = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(pathToFileURL(file).href)
})
afterEach(async () => {
  // Of all that these tests do, nothing left the page, and nothing went wrong in it.
  expect([requests, complaints]).toEqual([[pathToFileURL(file).href], []])
  await page.close()
})

describe('the page', () => {
  it('is one file of less than 60 kB that may fetch nothing', async () => {
    expect(statSync(file).size).toBeLessThan(60_000)
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']{44}' 'sha256-[^']{44}'; base-uri 'none'; form-action 'none'$/)
    const tried = page.evaluate(() => fetch('https://example.com/').then(() => 'sent', () => 'kept')) // prettier-ignore
    expect(await tried).toBe('kept')
    await expect.poll(() => complaints.length).toBeGreaterThan(0)
    expect(complaints.join()).toContain('violates the following Content Security Policy directive: "default-src \'none\'"')
    ;[requests, complaints] = [[pathToFileURL(file).href], []]
  })

  it('verifies a receipt from disk, says whose word the key is, and draws what the approver saw', async () => {
    await choose(write('receipt.json', receiptOf('done, by two people')))
    expect(await heading().innerText()).toBe('Holds in itself, signer unknown')
    expect(await verdict()).toContain('only this receipt’s own word: whoever made the file may have made all of it. All 16 checks hold.')
    const text = await page.getByRole('main').innerText()
    expect(text).toContain('Agent shop-agent wanted to publish «Walnut desk organiser» on demo-shop at €38.00, 12 in stock')
    expect(text).toContain('Bo (admin) approved')
    expect(text).toContain('their first: that it is theirs is the word of the console')
    expect(text).toContain('That nothing came later')
    expect(await page.locator('.checks .held').count()).toBe(16)
    const [key] = (JSON.parse(receiptOf('done, by two people')) as { keys: [string] }).keys
    await paste(key)
    await expect.poll(() => heading().innerText()).toBe('Verified')
    expect(await verdict()).toContain('It was done. All 16 checks hold.')
    expect(await page.getByRole('main').innerText()).not.toContain('own word')
  })

  it('says that a body was sent only where it was reported as sent, and who said so', async () => {
    const show = async ({ text }: { text: string }, ...words: string[]) => {
      await choose(write('sent.json', text))
      for (const each of words) await expect.poll(() => page.getByRole('main').innerText()).toContain(each)
    }
    const [yes, nobodyKnows] = [
      'The body that was reported as sent is',
      'What was to be sent is what was approved; whether it was sent, nobody knows.',
    ]
    await show(makeReceipt(), 'yes, as the executor reports', yes)
    // What an executor reports whose request got no answer: it knows what it began to send.
    let expected: unknown
    const alter = {
      claim: (claim: Record<string, unknown>) => (expected = claim['expected_sha256']),
      outcome: (outcome: Record<string, unknown>) => (outcome['sent_sha256'] = expected),
    }
    await show(makeReceipt({ state: 'UNKNOWN', alter }), 'unknown, as the executor reports', nobodyKnows)
    expect(expected).toMatch(/^[0-9a-f]{64}$/)
    expect(await page.getByRole('main').innerText()).not.toContain(yes)
    await show(makeReceipt({ state: 'UNKNOWN', leaseLost: true }), 'unknown, as the deployment recorded', nobodyKnows)
    await show(makeReceipt({ state: 'FAILED' }), 'What was to be sent is what was approved; nothing was sent.')
  })

  it('judges nothing that a later version made', async () => {
    await choose(write('later.json', receiptOf('done, by two people').replace('autopack-receipt/1', 'autopack-receipt/12')))
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').innerText()).toBe(
      'It cannot be read: it is autopack-receipt/12, which came after this verifier: take a newer one.',
    )
    expect(await verdict()).toBe('')
  })

  it('finds in the log beside a receipt what the receipt leaves out', async () => {
    const { text, log: lines, trusted_keys } = receipts.find(({ what }) => what === 'log: cut off where it was only approved')!
    await paste(trusted_keys[0]!)
    await choose(write('cut.json', text), write('log.ndjson', lines!.join('\n')))
    expect(await heading().innerText()).toBe('Not verified')
    expect(await page.locator('.checks .broken').innerText()).toContain('knows something about this action that the receipt leaves out')
    await page.getByRole('button', { name: 'Remove this log' }).click()
    await expect.poll(() => heading().innerText()).toBe('Verified')
    expect(await verdict()).toContain('whether something came later, only the log can show')
    await choose(write('whole.json', receiptOf('done, with the log beside it')), write('log.ndjson', lines!.join('\n')))
    await expect.poll(verdict).toContain('nothing but refusals came after entry')
    expect(await heading().innerText()).toBe('Verified')
  })

  it('says exactly what does not hold, and shows nothing of what the file says', async () => {
    await choose(write('bad.json', receiptOf('signature: by another key, and signed into the log')))
    expect(await heading().innerText()).toBe('Not verified')
    expect(await verdict()).toContain('At decisions[0].signature: it is not valid for the key of this passkey')
    expect([await page.locator('.checks .held').count(), await page.locator('.checks .broken').innerText()]).toEqual([
      11,
      'A signature is not by the passkey of the person who is named.',
    ])
    expect(await page.getByRole('main').innerText()).not.toContain('Agent')
  })

  it('writes out what hides, takes nothing from the file for markup, and keeps its own title', async () => {
    // From memory: where the machine's locale is plain C, the browser finds no file of such a name on the disk.
    const buffer = Buffer.from(receiptOf('done, of texts that hide and imitate'))
    await page.setInputFiles('#files', { name: '<img src=x onerror=alert(1)>\u202e.json', mimeType: 'application/json', buffer })
    await heading().waitFor()
    const main = await page.getByRole('main').innerHTML()
    expect(main).toContain('Desk⟨U+00BB⟩ at €1⟨U+202E⟩⟨U+000A⟩⟨U+27E8⟩U+202E⟩')
    expect(main).not.toMatch(/\u202e|<img/)
    expect(await page.getByRole('main').innerText()).toContain('Blind: not everything in it could be explained')
    expect(await page.title()).toBe('Check evidence')
  })

  it('verifies a log against checkpoints and rotations that come with it, or are pasted', async () => {
    const notes = [...log.checkpoints, ...log.rotations].map((note, place) => write(`note-${place}`, note))
    await paste(log.trusted_keys[0]!)
    await choose(write('log.ndjson', `${log.lines.join('\n')}\n`), ...notes)
    expect(await heading().innerText()).toBe('Verified')
    expect(await verdict()).toContain('12 entries: none changed, left out, added or moved. It holds against 3 checkpoints.')
    await choose(write('cut.ndjson', log.lines.slice(0, 6).join('\n')))
    await expect.poll(verdict).toContain('The end of the log was cut off. From entry 7 on it is not what was written.')
    await page.getByRole('button', { name: 'Remove this key' }).click()
    await expect.poll(() => heading().innerText()).toBe('The key is missing')
  })

  it('says how many of the entries are signed, and that anybody may have written the others', async () => {
    await paste(log.trusted_keys[0]!)
    await choose(write('log.ndjson', log.lines.join('\n')), write('note-first', log.checkpoints[0]!))
    expect(await heading().innerText()).toBe('Verified: the first 4 of 12 entries')
    expect(await verdict()).toContain('No checkpoint covers the 8 after them: anybody may have written those, or cut off more.')
  })

  it('takes the file of keys, rotations and checkpoints as the console gives it', async () => {
    const kept = `${log.trusted_keys[0]!}\n\n${[...log.rotations, ...log.checkpoints].join('\n')}`
    await choose(write('log.ndjson', log.lines.join('\n')), write('autopack-audit-checkpoints.txt', kept))
    expect(await heading().innerText()).toBe('The key is missing')
    expect(await listed()).toContain('3 from autopack-audit-checkpoints.txt')
    await page.getByRole('button', { name: 'Believe this key' }).click()
    await expect.poll(verdict).toContain('It holds against 3 checkpoints.')
    expect(await listed()).not.toContain('not believed')
  })

  it('believes no key out of a file that came along until the reader says so', async () => {
    const { text, trustedKey, checkpoint } = makeReceipt()
    await choose(write('checkpoints.txt', `${trustedKey}\n\n${checkpoint}`), write('receipt.json', text))
    expect(await heading().innerText()).toBe('Holds in itself, signer unknown')
    expect(await listed()).toMatch(new RegExp(`Key, not believed\\s+${RegExp.escape(trustedKey)}`))
    await page.getByRole('button', { name: 'Believe this key' }).click()
    await expect.poll(() => heading().innerText()).toBe('Verified')
    await page.getByRole('button', { name: 'Remove this key' }).click()
    await expect.poll(() => heading().innerText()).toBe('Holds in itself, signer unknown')
    await choose(write('many.txt', Array.from({ length: 11 }, () => makeReceipt().trustedKey).join('\n')))
    await expect.poll(listed).toContain('11 from many.txt')
    expect(await page.getByRole('button', { name: 'Believe this key' }).count(), 'nobody compares so many').toBe(0)
  })

  it('leaves no note that was cut off out in silence', async () => {
    const cut = `${log.trusted_keys[0]!}\n\n${log.checkpoints[0]!}\n${log.checkpoints[1]!.slice(0, 60)}`
    const words = 'something in it is no key, checkpoint or rotation, or was cut off. Nothing of it was added.'
    await choose(write('cut.txt', cut))
    await expect.poll(() => page.getByRole('alert').innerText()).toBe(`cut.txt: ${words}`)
    await paste(cut)
    await expect.poll(() => page.getByRole('alert').innerText()).toBe(`pasted: ${words}`)
    expect(await page.locator('#material li').count()).toBe(0)
  })

  it('says of an extract that it is one', async () => {
    await choose(write('autopack-audit-extract.ndjson', log.lines.filter((_, place) => place % 2 === 1).join('\n')))
    await expect.poll(() => heading().innerText()).toBe('This is an extract')
  })

  it('warns that a log alone may be cut off or written anew', async () => {
    await choose(write('log.ndjson', log.lines.join('\n')))
    expect(await heading().innerText()).toBe('Holds in itself')
    expect(await verdict()).toContain('It was compared with no checkpoint.')
    expect(await verdict()).toContain('Add a checkpoint that was kept elsewhere, and the key, to see either.')
  })

  it('checks a large log in pieces: it counts, can be stopped, and says nothing then', async () => {
    const entries = chain(Array.from({ length: 60_000 }, (_, number) => ({ event_type: 'run.reported', number })))
    const devtools = await page.context().newCDPSession(page)
    // Too slow to be done before the key is pressed.
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 8 })
    await choose(write('large.ndjson', toLines(entries).join('\n')))
    await stop()
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    await expect.poll(verdict).toBe('Stopped: nothing is said about this log.')
    expect(await page.getByRole('button', { name: 'Stop' }).isVisible()).toBe(false)
    await choose(write('large.ndjson', toLines(entries).join('\n')))
    await expect.poll(verdict, { timeout: 60_000 }).toContain('60,000 entries, each of which follows')
  }, 120_000)

  it('can be stopped while it holds a receipt against a large log, and says nothing then', async () => {
    // A second each: as many as pass before its time to execute is over.
    const made = makeReceipt({ others: 3_000 })
    const devtools = await page.context().newCDPSession(page)
    // Too slow to be done before the key is pressed.
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 8 })
    await paste(made.trustedKey)
    await choose(write('receipt.json', made.text), write('beside.ndjson', made.lines.join('\n')))
    await stop()
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    await expect.poll(verdict).toBe('Stopped: nothing is said about this receipt.')
    await paste(makeReceipt().trustedKey)
    await expect.poll(() => heading().innerText(), { timeout: 60_000 }).toBe('Verified')
  }, 120_000)

  it('is worked with the keyboard, and tells a screen reader what came of it', async () => {
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.id')).toBe('files')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.type('neither key nor note')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('alert').innerText()).toBe('In what is pasted there is no key, no checkpoint and no rotation.')
    expect(await page.getByRole('status').count()).toBe(1)
  })

  it('refuses bytes that are no text', async () => {
    writeFileSync(join(folder, 'binary'), Uint8Array.of(0x7b, 0xff, 0xfe))
    await choose(join(folder, 'binary'))
    await expect.poll(async () => page.getByRole('alert').innerText()).toBe('It cannot be read: it is not text in UTF-8.')
  })

  it.each(['light', 'dark'] as const)('fits a phone without scrolling sideways, in the %s theme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 360, height: 740 })
    await choose(write('receipt.json', receiptOf('done, of a kind that nobody described')))
    await heading().waitFor()
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
  })
})
