/**
 * `node scripts/verifier/write-vectors.ts`: makes the vectors of docs/evidence.md anew, with new keys. They are kept, because what verified
 * once has to verify for ever: write them again only when a vector is added, and look at what changes.
 */
import { writeFileSync } from 'node:fs'
import { listLogVectors } from '@autopack/verifier/list-log-vectors'
import { listReceiptVectors } from '@autopack/verifier/list-receipt-vectors'
import { vectorFiles } from './read-vectors.ts'

const write = (file: URL, vectors: readonly unknown[]) => writeFileSync(file, vectors.map((vector) => `${JSON.stringify(vector)}\n`).join(''))
write(vectorFiles.receipts, listReceiptVectors())
write(vectorFiles.logs, listLogVectors())
