/**
 * Invariant I-4 over changed payload texts: the server's code, the verifier, Python, SQL and, every thirtieth, the browser agree on what is
 * accepted and on its hash. `node scripts/prove/prove-payloads.ts --count N --seed S`; on PostgreSQL where TEST_DATABASE_URL names a server,
 * else on the embedded database.
 */
import { readFlags } from '../flags/read-flags.ts'
import { openBrowserPayloadReader } from './browser-payload-reader.ts'
import { comparePayloadReaders } from './compare-payload-readers.ts'
import type { PayloadComparison } from './compare-payload-readers.ts'
import { listMutatedPayloads } from './list-mutated-payloads.ts'
import { serverPayloadReader, verifierPayloadReader } from './local-payload-readers.ts'
import type { PayloadReader } from './payload-reader.ts'
import { openPythonPayloadReader } from './python-payload-reader.ts'
import { openSqlPayloadReader } from './sql-payload-reader.ts'
import { tellPayload } from './tell-payload.ts'

const batchSize = 3_000
const oneInBrowserOf = 30

export type PayloadProof = PayloadComparison & {
  /** Texts that server and browser told alike to the last word, rule, place and advice included. */
  checkedInBrowser: number
}

/**
 * Reads `count` texts, the same for the same seed, with every implementation. `databaseUrl` names a PostgreSQL server on which a database may
 * be created; null: embedded. Rejects when an implementation cannot be started or dies: nobody's silence counts as agreement.
 */
export async function provePayloads(options: {
  count: number
  seed: number
  databaseUrl: string | null
  tell: (line: string) => void
}): Promise<PayloadProof> {
  const { count, seed, databaseUrl, tell } = options
  const opened: PayloadReader[] = []
  const open = async <Reader extends PayloadReader>(reader: Promise<Reader> | Reader): Promise<Reader> => {
    const ready = await reader
    opened.push(ready)
    return ready
  }
  try {
    const sql = await open(openSqlPayloadReader(databaseUrl))
    const python = await open(openPythonPayloadReader())
    const browser = await open(openBrowserPayloadReader())
    const begun = performance.now()
    const sample: Buffer[] = []
    const result = await comparePayloadReaders([sql, python, serverPayloadReader, verifierPayloadReader], keepSample(), tell)

    let different = 0
    for (let start = 0; start < sample.length; start += batchSize) {
      const texts = sample.slice(start, start + batchSize)
      for (const [place, told] of (await browser.tell(texts)).entries()) {
        const here = tellPayload(texts[place]!)
        if (told.verdict === here.verdict && told.words === here.words) continue
        different += 1
        if (different <= 5) tell(`browser ${told.words}; server ${here.words}: ${JSON.stringify(texts[place]!.toString())}`)
      }
    }
    const seconds = (performance.now() - begun) / 1_000
    return { ...result, disagreements: result.disagreements + different, checkedInBrowser: sample.length, seconds }

    function* keepSample(): Generator<Buffer[]> {
      for (const batch of listMutatedPayloads({ count, seed, batchSize })) {
        sample.push(...batch.filter((_text, place) => place % oneInBrowserOf === 0))
        yield batch
      }
    }
  } finally {
    await Promise.all(opened.map((reader) => reader.close()))
  }
}

if (import.meta.main) {
  const usage = 'node scripts/prove/prove-payloads.ts [--count N] [--seed S]'
  const values = readFlags(usage, { count: { type: 'string' }, seed: { type: 'string' } })
  const [count, seed] = [Number(values.count ?? 300_000), Number(values.seed ?? Date.now() % 2 ** 32)]
  const databaseUrl = process.env['TEST_DATABASE_URL'] ?? null
  const proof = await provePayloads({ count, seed, databaseUrl, tell: (line) => process.stdout.write(`${line}\n`) })
  process.stdout.write(
    `seed ${seed}: ${proof.checked} texts read by server, verifier, Python and SQL on ${databaseUrl === null ? 'the embedded database' : 'PostgreSQL'}, ` +
      `${proof.checkedInBrowser} by the browser: ${proof.accepted} payloads, ${proof.canonical} canonical, ${proof.disagreements} disagreements, ` +
      `${proof.seconds.toFixed(1)} s\n`,
  )
  process.exitCode = proof.disagreements === 0 && proof.checked === count ? 0 : 1
}
