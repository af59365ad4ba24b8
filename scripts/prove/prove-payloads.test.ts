import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { payloadVectors } from '@autopack/approval-proof/payload-vectors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPython } from '../test/find-python.ts'
import { openBrowserPayloadReader } from './browser-payload-reader.ts'
import type { BrowserPayloadReader } from './browser-payload-reader.ts'
import { comparePayloadReaders } from './compare-payload-readers.ts'
import { listMutatedPayloads } from './list-mutated-payloads.ts'
import { serverPayloadReader, verifierPayloadReader } from './local-payload-readers.ts'
import type { PayloadReader } from './payload-reader.ts'
import { provePayloads } from './prove-payloads.ts'
import { checkPayloadScript, openPythonPayloadReader } from './python-payload-reader.ts'
import { openSqlPayloadReader } from './sql-payload-reader.ts'
import { tellPayload } from './tell-payload.ts'

const vectorFile = (name: string) => fileURLToPath(new URL(`../../packages/approval-proof/vectors/${name}`, import.meta.url))

describe('the second implementation', () => {
  const check = (input: string, ...flags: string[]) => spawnSync(findPython(), [checkPayloadScript, ...flags], { input, encoding: 'utf8' })

  it('reads every payload text as the vectors say (I-4)', () => {
    const { status, stdout } = check(readFileSync(vectorFile('payload-text.json'), 'utf8'))
    expect(stdout).toBe(`${payloadVectors.length} vectors, 0 read otherwise\n`)
    expect(status).toBe(0)
  })

  it('makes the same bytes of every request (I-3)', () => {
    const text = readFileSync(vectorFile('encode-request.json'), 'utf8')
    const { status, stdout } = check(text, '--encode')
    expect(stdout).toBe(`${(JSON.parse(text) as { vectors: unknown[] }).vectors.length} vectors, 0 read otherwise\n`)
    expect(status).toBe(0)
  })

  it('reads every statement that a person signs as the vectors say, and makes the same bytes to sign of it (I-6)', () => {
    const text = readFileSync(vectorFile('statements.json'), 'utf8')
    const { vectors } = JSON.parse(text) as { vectors: Array<{ challenge?: string }> }
    expect(check(text, '--statements')).toMatchObject({ status: 0, stdout: `${vectors.length} vectors, 0 read otherwise\n` })
    const [first, ...others] = vectors
    const wrong = check(JSON.stringify({ vectors: [{ ...first, challenge: '00' }, ...others] }), '--statements')
    expect(wrong).toMatchObject({ status: 1, stdout: expect.stringContaining('1 read otherwise') as string })
  })

  it('says which vector it reads otherwise, and that none is no agreement', () => {
    const wrong = check(JSON.stringify({ vectors: [{ what: 'minus zero', text: '-0', verdict: 'canonical', sha256: 'a' }] }))
    expect(wrong).toMatchObject({ status: 1, stdout: 'minus zero: expected canonical a, read as refused\n1 vectors, 1 read otherwise\n' })
    expect(check('{"vectors":[]}').status).toBe(1)
  })
})

describe('all implementations', () => {
  let browser: BrowserPayloadReader
  let python: PayloadReader
  let sql: PayloadReader
  beforeAll(async () => {
    sql = await openSqlPayloadReader(process.env['TEST_DATABASE_URL'] ?? null)
    python = openPythonPayloadReader()
    browser = await openBrowserPayloadReader()
  }, 120_000)
  afterAll(() => Promise.all([sql.close(), python.close(), browser.close()]))

  it('read every vector as it says: server, verifier, Python, SQL, browser (I-4)', async () => {
    const expected = payloadVectors.map((vector) => (vector.verdict === 'refused' ? 'refused' : `${vector.verdict} ${vector.sha256}`))
    for (const reader of [serverPayloadReader, verifierPayloadReader, python, sql, browser]) {
      expect(await reader.judge(payloadVectors.map(({ bytes }) => bytes)), reader.name).toEqual(expected)
    }
  })

  it('refuse by the same rule, at the same place, with the same words in server and browser', async () => {
    const told = await browser.tell(payloadVectors.map(({ bytes }) => bytes))
    expect(told).toEqual(payloadVectors.map(({ bytes }) => tellPayload(bytes)))
  })

  /** A reader with a fault: it takes what `wrong` finds for what `instead` makes of it. */
  const spoil = (reader: PayloadReader, wrong: RegExp, instead: string): PayloadReader => ({
    ...reader,
    judge: (texts) => reader.judge(texts.map((text) => Buffer.from(text.toString('latin1').replace(wrong, instead), 'latin1'))),
  })
  const faults: [what: string, wrong: RegExp, instead: string][] = [
    ['takes minus zero', /(?<=[[:,])-0(?=[,\]}])/, '0'],
    ['takes a space after a comma', /, /, ','],
    ['takes an escaped slash', /\\\//, '/'],
    ['drops a byte order mark', /^\u00ef\u00bb\u00bf/, ''],
    ['takes another hash', /"etsy"/, '"ebay"'],
  ]
  it.each(faults)('are compared so that one which %s is found among the changed texts, whichever it is', async (_what, wrong, instead) => {
    const everyone = [serverPayloadReader, verifierPayloadReader, python, sql, browser]
    // On all other texts the spoiled reader is the honest one.
    const touched = [...listMutatedPayloads({ count: 10_000, seed: 4, batchSize: 10_000 })]
      .flat()
      .filter((text) => text.toString('latin1').search(wrong) >= 0)
    for (const spoiled of everyone) {
      const readers = everyone.map((reader) => (reader === spoiled ? spoil(reader, wrong, instead) : reader))
      const told: string[] = []
      const found = await comparePayloadReaders(readers, [touched.slice(0, 300)], (line) => told.push(line))
      expect(found.disagreements, spoiled.name).toBeGreaterThan(0)
      expect(told[0]).toContain(spoiled.name)
    }
  })

  it('agree on changed texts, some of which are payloads and most of which are not', async () => {
    const told: string[] = []
    const proof = await provePayloads({
      count: 2_000,
      seed: 1,
      databaseUrl: process.env['TEST_DATABASE_URL'] ?? null,
      tell: (line) => told.push(line),
    })
    expect({ told, ...proof }).toMatchObject({ told: [], checked: 2_000, checkedInBrowser: 67, disagreements: 0 })
    expect(proof.accepted).toBeGreaterThan(100)
    expect(proof.canonical).toBeGreaterThan(100)
    expect(proof.checked - proof.accepted - proof.canonical).toBeGreaterThan(1_000)
  }, 90_000)
})

describe('the comparison', () => {
  const empty: PayloadReader = { name: 'empty', judge: () => Promise.resolve([]), close: () => Promise.resolve() }

  it('takes nobody’s silence for agreement', async () => {
    const batches = () => listMutatedPayloads({ count: 10, seed: 1, batchSize: 5 })
    await expect(comparePayloadReaders([empty, empty], batches(), () => undefined)).rejects.toThrow('empty gave 0 answers to 5 texts')
    const dead = openPythonPayloadReader()
    await dead.close()
    await expect(comparePayloadReaders([dead], batches(), () => undefined)).rejects.toThrow('Python has ended')
  })

  it('makes the same texts of the same seed, and others of another', () => {
    const texts = (seed: number) => [...listMutatedPayloads({ count: 100, seed, batchSize: 7 })].flat().map((text) => text.toString('hex'))
    expect(texts(1)).toEqual(texts(1))
    expect(texts(1)).toHaveLength(100)
    expect(texts(2)).not.toEqual(texts(1))
  })
})
