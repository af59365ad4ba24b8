import { ProblemError } from './problem-error.ts'

export type BodyTiming = { totalMs: number; idleMs: number }
export const jsonBodyTiming: BodyTiming = { totalMs: 15_000, idleMs: 15_000 }
export const uploadBodyTiming: BodyTiming = { totalMs: 300_000, idleMs: 30_000 }

/** Reads at most `limitBytes`; refuses more as `body_too_large` without reading it, and a body that stalls as `invalid_request`. */
export async function readBody(request: Request, limitBytes: number, timing: BodyTiming): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new ProblemError('body_too_large', `The body may be at most ${limitBytes.toLocaleString('en')} bytes here.`)
  if (Number(request.headers.get('content-length') ?? 0) > limitBytes) throw tooLarge()
  if (!request.body) return new Uint8Array()
  const reader = request.body.getReader()
  const parts: Uint8Array[] = []
  let size = 0
  const started = Date.now()
  try {
    for (;;) {
      const left = Math.min(timing.idleMs, timing.totalMs - (Date.now() - started))
      const part = await within(reader.read(), left)
      if (part.done) break
      size += part.value.byteLength
      if (size > limitBytes) throw tooLarge()
      parts.push(part.value)
    }
  } catch (error) {
    reader.cancel().catch(() => undefined)
    if (error instanceof ProblemError) throw error
    throw new ProblemError('invalid_request', 'The body did not arrive completely.')
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProblemError('invalid_request', 'The body took too long to arrive.')), Math.max(0, milliseconds))
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
