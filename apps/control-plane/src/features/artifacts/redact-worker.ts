/** Runs in a worker thread: redacting 25 MiB takes seconds that the event loop does not have. */
import { parentPort, workerData } from 'node:worker_threads'
import { MIB } from '@autopack/contract/limits'
import { redactText } from '@autopack/redaction/redact'
import { searchBytes } from '@autopack/redaction/search-bytes'
import { decodeText, encodeText } from './decode-text.ts'
import { isJsonText } from './is-json-text.ts'
import { countLineFeeds } from './line-marks.ts'
import type { FoundSecrets, RedactedText, RedactionSecrets, RedactionTask } from './redactor.ts'
import type { TextEncoding } from './sniff-encoding.ts'
import { unpackPngTexts } from './unpack-png-texts.ts'

const secrets = workerData as RedactionSecrets

parentPort?.on('message', (task: RedactionTask) => {
  if (task.encoding === null) parentPort?.postMessage(search(task.bytes))
  else {
    const answer = redact(task.bytes, task.encoding)
    parentPort?.postMessage(answer, [answer.bytes.buffer as ArrayBuffer])
  }
})

function redact(bytes: Uint8Array, encoding: TextEncoding): RedactedText {
  const text = decodeText(bytes, encoding)
  const redaction = redactText(text, secrets)
  const redacted = new TextEncoder().encode(redaction.text)
  return {
    bytes: redacted,
    line_marks: countLineFeeds(redacted),
    count: redaction.count,
    by_rule: redaction.by_rule,
    media_type: isJsonText(text) ? 'application/json' : 'text/plain',
    withheld: redaction.withheld || isMixed(redaction.text, encoding),
  }
}

/** Whether a secret of another encoding is left in the bytes of a redacted text: a file can be put together from two. */
function isMixed(redacted: string, encoding: TextEncoding): boolean {
  if (!encoding.startsWith('utf-16') && !redacted.includes('\0')) return false
  return searchBytes([encodeText(redacted, encoding)], secrets).length > 0
}

function search(bytes: Uint8Array): FoundSecrets {
  const inside = unpackPngTexts(bytes).flatMap((text) => searchBytes([text], secrets))
  return { rules: [...new Set([...searchBytes(toChunks(bytes), secrets), ...inside])].toSorted() }
}

function* toChunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += MIB) yield bytes.subarray(at, at + MIB)
}
