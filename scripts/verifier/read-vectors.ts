import { readFileSync } from 'node:fs'
import type { LogVector } from '@autopack/verifier/list-log-vectors'
import type { ReceiptVector } from '@autopack/verifier/list-receipt-vectors'

/** One vector a line, as JSON. */
export const vectorFiles = {
  receipts: new URL('../../packages/verifier/vectors/receipts.ndjson', import.meta.url),
  logs: new URL('../../packages/verifier/vectors/logs.ndjson', import.meta.url),
}

export const readReceiptVectors = () => readVectors<ReceiptVector>(vectorFiles.receipts)
export const readLogVectors = () => readVectors<LogVector>(vectorFiles.logs)

function readVectors<Vector>(file: URL): Vector[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Vector)
}
