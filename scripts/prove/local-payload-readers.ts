import { setImmediate } from 'node:timers/promises'
import { judgePayloadText } from '@autopack/verifier/judge-payload-text'
import type { PayloadReader } from './payload-reader.ts'
import { tellPayload } from './tell-payload.ts'

/** What control plane and executors run. */
export const serverPayloadReader = toReader('server', (text) => tellPayload(text).verdict)

/** What checks exports, and imports nothing of the above. */
export const verifierPayloadReader = toReader('verifier', (text) => {
  const judged = judgePayloadText(text)
  return judged.verdict === 'refused' ? 'refused' : `${judged.verdict} ${judged.sha256}`
})

function toReader(name: string, judge: (text: Buffer) => string): PayloadReader {
  return {
    name,
    judge: async (texts) => {
      const verdicts: string[] = []
      for (const [place, text] of texts.entries()) {
        // The readers in other processes are fed by this one, and would wait for it otherwise.
        if (place % 100 === 0) await setImmediate()
        verdicts.push(judge(text))
      }
      return verdicts
    },
    close: () => Promise.resolve(),
  }
}
