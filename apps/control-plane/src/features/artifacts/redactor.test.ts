import { createLog } from '@autopack/server-kit/log'
import { expect, test } from 'vitest'
import { createRedactor } from './redactor.ts'

const log = createLog({ name: 'test', level: 'silent', secrets: [] })
const secrets = async () => ({ knownSecrets: ['the-known-secret'], fingerprintKey: new Uint8Array(32) })
const encode = (text: string) => new TextEncoder().encode(text)

test('a text comes back without its secrets, and a byte order mark stays where it was', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  const redacted = await redactor.redact(encode('\ufeffbefore the-known-secret after\n'), 'utf-8')
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(redacted.bytes)
  expect(text).not.toContain('the-known-secret')
  expect(text.startsWith('\ufeffbefore ')).toBe(true)
  expect(redacted).toMatchObject({ count: 1, media_type: 'text/plain', withheld: false, line_marks: [0] })
})

test('texts that come together are each answered with their own redaction', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  const texts = Array.from({ length: 10 }, (_, index) => `text ${index}`)
  const redacted = await Promise.all(texts.map((text) => redactor.redact(encode(text), 'utf-8')))
  expect(redacted.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(texts)
})

test('the event loop turns while a large text is redacted', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  let turns = 0
  const timer = setInterval(() => (turns += 1), 5)
  await redactor.redact(encode('a line of an ordinary log file, number 12345\n'.repeat(100_000)), 'utf-8')
  clearInterval(timer)
  expect(turns).toBeGreaterThan(5)
})

test('a text that takes too long is withheld, and the next one is redacted again', async () => {
  let limitMs = 1
  const redactor = createRedactor({
    log,
    readSecrets: secrets,
    get limitMs() {
      return limitMs
    },
  })
  expect(await redactor.redact(encode('the-known-secret '.repeat(200_000)), 'utf-8')).toMatchObject({ withheld: true, bytes: new Uint8Array() })
  limitMs = 30_000
  expect(await redactor.redact(encode('a line\n'.repeat(200_000)), 'utf-8')).toMatchObject({ withheld: false })
})

test('a large text that takes its time does not hold up a small one', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  const ended: string[] = []
  // Both worker threads are up before the race.
  await Promise.all([redactor.redact(encode('x'), 'utf-8'), redactor.redact(encode('a line\n'.repeat(200_000)), 'utf-8')])
  await Promise.all([
    redactor.redact(encode('the-known-secret '.repeat(400_000)), 'utf-8').then(() => ended.push('large')),
    redactor.redact(encode('the-known-secret'), 'utf-8').then(() => ended.push('small')),
  ])
  expect(ended).toEqual(['small', 'large'])
})

test('a text is withheld when there is no key to redact with', async () => {
  const redactor = createRedactor({ log, readSecrets: async () => ({ knownSecrets: [], fingerprintKey: new Uint8Array(3) }) })
  expect(await redactor.redact(encode('x'), 'utf-8')).toMatchObject({ withheld: true })
})

test('more texts than may wait are refused for a moment, not queued without end', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => redactor.redact(encode('x'), 'utf-8')))
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused).toHaveLength(4)
  expect(refused.every(({ reason }) => reason.code === 'rate_limited')).toBe(true)
})

test('a text of UTF-16 comes back redacted in UTF-8, and a secret of another encoding in it withholds it', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  const text = 'Größe 3\npassword=correct-horse\nthe-known-secret\n'
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  for (const [encoding, content] of [['utf-16le', bytes] as const, ['utf-16be', Buffer.from(bytes).swap16()] as const]) {
    const redacted = await redactor.redact(content, encoding)
    expect(new TextDecoder().decode(redacted.bytes)).toMatch(/^Größe 3\npassword=\[redacted .*\]\n\[redacted · known_secret .*\]\n$/)
    expect(redacted).toMatchObject({ count: 2, withheld: false })
  }
  expect(await redactor.redact(Buffer.concat([bytes, encode('the-known-secret')]), 'utf-16le')).toMatchObject({ withheld: true })
  expect(await redactor.redact(Buffer.from(`a log\n${'the-known-secret'.split('').join('\0')}`), 'utf-8')).toMatchObject({ withheld: true })
})

test('bytes that are no text are searched, and nothing is said of them when that fails', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  expect(await redactor.search(Buffer.concat([new Uint8Array([0, 1, 2]), encode('the-known-secret')]))).toEqual({ rules: ['known_secret'] })
  expect(await redactor.search(new Uint8Array([0, 1, 2]))).toEqual({ rules: [] })
  const late = createRedactor({ log, readSecrets: secrets, limitMs: 0 })
  expect(await late.search(new Uint8Array(4_000_000))).toBeNull()
})
