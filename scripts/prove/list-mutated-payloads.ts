import { buildPayloadText } from './build-payload-text.ts'
import { mutatePayloadText } from './mutate-payload-text.ts'
import { createRandomNumber } from './random-number.ts'

/** How many changed texts are made of one payload, before the next one is built. */
const changesPerPayload = 8

/** `count` texts, the same for the same seed: payloads with one to three small changes each. Batches of `batchSize`, the last one shorter. */
export function* listMutatedPayloads(options: { count: number; seed: number; batchSize: number }): Generator<Buffer[]> {
  const random = createRandomNumber(options.seed)
  let other = buildPayloadText(random)
  let text = other
  let batch: Buffer[] = []
  for (let made = 0; made < options.count; made += 1) {
    if (made % changesPerPayload === 0) {
      other = text
      text = buildPayloadText(random)
    }
    batch.push(mutatePayloadText(random, text, other))
    if (batch.length === options.batchSize) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
