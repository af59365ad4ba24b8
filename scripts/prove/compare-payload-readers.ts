import type { PayloadReader } from './payload-reader.ts'

export type PayloadComparison = {
  /** Texts that every reader judged. */
  checked: number
  /** Of these, what all of them call a payload, and what all call canonical but no payload. */
  accepted: number
  canonical: number
  disagreements: number
  seconds: number
}

const examplesTold = 5

/**
 * Asks every reader about every text and counts the texts on which they do not all say the same. Tells the first few in full, so that
 * they can become vectors. Readers work at the same time; the next batch is made while they do.
 */
export async function comparePayloadReaders(
  readers: readonly PayloadReader[],
  batches: Iterable<Buffer[]>,
  tell: (line: string) => void,
): Promise<PayloadComparison> {
  const result: PayloadComparison = { checked: 0, accepted: 0, canonical: 0, disagreements: 0, seconds: 0 }
  const begun = performance.now()

  const compare = (texts: readonly Buffer[], answers: readonly string[][]): void => {
    for (const [place, answered] of answers.entries()) {
      if (answered.length !== texts.length) throw new Error(`${readers[place]!.name} gave ${answered.length} answers to ${texts.length} texts`)
    }
    for (const [place, text] of texts.entries()) {
      const said = answers.map((answered) => answered[place]!)
      const [first = ''] = said
      result.checked += 1
      if (said.some((verdict) => verdict !== first)) {
        result.disagreements += 1
        if (result.disagreements <= examplesTold) {
          const each = readers.map((reader, one) => `${reader.name} ${said[one]}`).join('; ')
          tell(`${each}: ${JSON.stringify(text.toString())} (hex ${text.toString('hex')})`)
        }
      } else if (first.startsWith('payload ')) result.accepted += 1
      else if (first.startsWith('canonical ')) result.canonical += 1
    }
  }

  let asked: { texts: readonly Buffer[]; answers: Promise<string[][]> } = { texts: [], answers: Promise.resolve(readers.map(() => [])) }
  for (const texts of batches) {
    const before = asked
    asked = { texts, answers: askAfter(before.answers, readers, texts) }
    // Where it fails, it is told when it is awaited.
    asked.answers.catch(() => undefined)
    compare(before.texts, await before.answers)
  }
  compare(asked.texts, await asked.answers)
  result.seconds = (performance.now() - begun) / 1_000
  return result
}

async function askAfter(before: Promise<unknown>, readers: readonly PayloadReader[], texts: readonly Buffer[]): Promise<string[][]> {
  await before
  return Promise.all(readers.map((reader) => reader.judge(texts)))
}
