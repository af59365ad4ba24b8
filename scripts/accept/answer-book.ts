export type RecordedAnswer = { from: string; bytes: Buffer }

/** Everything that any server answered to the acceptance or to its browser: what must not hold a secret. */
export type AnswerBook = {
  answers: readonly RecordedAnswer[]
  record: (from: string, bytes: Uint8Array | string) => void
  ask: (method: string, url: string, options?: { headers?: Record<string, string>; body?: string; forMs?: number }) => Promise<HeardAnswer>
}

export type HeardAnswer = { status: number; headers: Headers; bytes: Buffer; text: string; json: <T>() => T }

const timeoutMs = 20_000

export function openAnswerBook(): AnswerBook {
  const answers: RecordedAnswer[] = []
  const record = (from: string, bytes: Uint8Array | string) => void answers.push({ from, bytes: Buffer.from(bytes as Uint8Array) })
  return {
    answers,
    record,
    async ask(method, url, { headers = {}, body, forMs } = {}) {
      const response = await fetch(url, { method, headers, body, redirect: 'manual', signal: AbortSignal.timeout(forMs ?? timeoutMs) })
      const bytes = await readAll(response, forMs !== undefined)
      const from = `${method} ${url}`
      record(from, bytes)
      record(`${from} (headers)`, [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n'))
      const text = bytes.toString()
      return { status: response.status, headers: response.headers, bytes, text, json: <T>() => JSON.parse(text) as T }
    },
  }
}

/** All of it; of a stream that does not end, what came until the time was over. */
async function readAll(response: Response, mayBeCut: boolean): Promise<Buffer> {
  const parts: Uint8Array[] = []
  try {
    for await (const part of response.body ?? []) parts.push(part as Uint8Array)
  } catch (error) {
    if (!mayBeCut) throw error
  }
  return Buffer.concat(parts)
}
