import { createLog } from '@autopack/server-kit/log'
import { expect, test } from 'vitest'
import { createRedactor } from './redactor.ts'

const log = createLog({ name: 'test', level: 'silent', secrets: [] })
const secrets = async () => ({ knownSecrets: ['the-known-secret'], fingerprintKey: new Uint8Array(32) })
const encode = (text: string) => new TextEncoder().encode(text)

test('a text comes back without its secrets, and a byte order mark stays where it was', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  const redacted = await redactor.redact(encode('\ufeffbefore the-known-secret after\n'))
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(redacted.bytes)
  expect(text).not.toContain('the-known-secret')
  expect(text.startsWith('\ufeffbefore ')).toBe(true)
  expect(redacted).toMatchObject({ count: 1, media_type: 'text/plain', withheld: false, line_marks: [0] })
})

test('texts that come together are each answered with their own redaction', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  const texts = Array.from({ length: 10 }, (_, index) => `text ${index}`)
  const redacted = await Promise.all(texts.map((text) => redactor.redact(encode(text))))
  expect(redacted.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(texts)
})

test('the event loop turns while a large text is redacted', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  let turns = 0
  const timer = setInterval(() => (turns += 1), 5)
  await redactor.redact(encode('a line of an ordinary log file, number 12345\n'.repeat(100_000)))
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
  expect(await redactor.redact(encode('the-known-secret '.repeat(200_000)))).toMatchObject({ withheld: true, bytes: new Uint8Array() })
  limitMs = 30_000
  expect(await redactor.redact(encode('a line\n'.repeat(200_000)))).toMatchObject({ withheld: false })
})

test('a large text that takes its time does not hold up a small one', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  const ended: string[] = []
  // Both worker threads are up before the race.
  await Promise.all([redactor.redact(encode('x')), redactor.redact(encode('a line\n'.repeat(200_000)))])
  await Promise.all([
    redactor.redact(encode('the-known-secret '.repeat(400_000))).then(() => ended.push('large')),
    redactor.redact(encode('the-known-secret')).then(() => ended.push('small')),
  ])
  expect(ended).toEqual(['small', 'large'])
})

test('a text is withheld when there is no key to redact with', async () => {
  const redactor = createRedactor({ log, readSecrets: async () => ({ knownSecrets: [], fingerprintKey: new Uint8Array(3) }) })
  expect(await redactor.redact(encode('x'))).toMatchObject({ withheld: true })
})

test('more texts than may wait are refused for a moment, not queued without end', async () => {
  const redactor = createRedactor({ log, readSecrets: secrets })
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => redactor.redact(encode('x'))))
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused).toHaveLength(4)
  expect(refused.every(({ reason }) => reason.code === 'rate_limited')).toBe(true)
})
