/** Runs in a worker thread: redacting 25 MiB takes seconds that the event loop does not have. */
import { parentPort, workerData } from 'node:worker_threads'
import { redactText } from '@autopack/redaction/redact'
import { isJsonText } from './is-json-text.ts'
import { countLineFeeds } from './line-marks.ts'
import type { RedactedText, RedactionSecrets } from './redactor.ts'

const secrets = workerData as RedactionSecrets

parentPort?.on('message', (bytes: Uint8Array) => {
  // A byte order mark is part of the text: bytes of the preview and bytes of the file must agree.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const redaction = redactText(text, secrets)
  const redacted = new TextEncoder().encode(redaction.text)
  const answer: RedactedText = {
    bytes: redacted,
    line_marks: countLineFeeds(redacted),
    count: redaction.count,
    by_rule: redaction.by_rule,
    media_type: isJsonText(text) ? 'application/json' : 'text/plain',
    withheld: redaction.withheld,
  }
  parentPort?.postMessage(answer, [redacted.buffer])
})
