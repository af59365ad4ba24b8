/**
 * A control plane for tests that need one that misbehaves, or that records what it was sent. It checks key and assertion
 * as the real one does; what it answers is up to the test.
 */
import { createHash } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jwtVerify } from 'jose'
import type { JWTPayload } from 'jose'

export type Received = { method: string; target: string; headers: IncomingHttpHeaders; body: string; claims: JWTPayload | null }
export type Answer = (request: IncomingMessage, response: ServerResponse, received: Received) => void

export type TestUpstream = {
  url: string
  received: Received[]
  /** By path without query; replaces the answer of that path. */
  answers: Map<string, Answer>
  operators: Map<string, { name: string; role: 'viewer' | 'approver' | 'admin'; enabled: boolean }>
  close: () => Promise<void>
}

export function answerJson(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(status, { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
}

export function problem(code: string, status: number): Record<string, unknown> {
  return { type: `urn:autopack:problem:${code}`, title: code, status, code, detail: `the words of ${code}`, request_id: 'upstream-request' }
}

export async function startTestUpstream(apiKey: string, publicKey: () => KeyObject, now: () => Date): Promise<TestUpstream> {
  const received: Received[] = []
  const answers = new Map<string, Answer>()
  const operators: TestUpstream['operators'] = new Map()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => void answer(request, response, Buffer.concat(parts)))
  })

  const answer = async (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const target = request.url ?? ''
    const claims = await readClaims(String(request.headers['x-operator-assertion'] ?? ''), publicKey(), {
      htm: request.method ?? '',
      htp: target,
      bh: createHash('sha256').update(body).digest('hex'),
      now: now(),
    })
    const entry: Received = { method: request.method ?? '', target, headers: request.headers, body: body.toString('utf8'), claims }
    received.push(entry)
    const path = target.split('?')[0]!
    const own = answers.get(path)
    if (own) return own(request, response, entry)
    if (path === '/health') return answerJson(200, { status: 'ready' })(request, response, entry)
    if (request.headers['x-api-key'] !== apiKey) return answerJson(403, problem('key_refused', 403))(request, response, entry)
    if (!claims) return answerJson(403, problem('assertion_refused', 403))(request, response, entry)
    if (path === '/operator/sign-in-events') return answerJson(200, { recorded: 1 })(request, response, entry)
    const operator = operators.get(claims.sub ?? '')
    if (!operator) return answerJson(403, problem('assertion_refused', 403))(request, response, entry)
    if (!operator.enabled) return answerJson(403, problem('operator_disabled', 403))(request, response, entry)
    if (path === '/operator/operators/me') return answerJson(200, { operator_id: claims.sub, ...operator })(request, response, entry)
    return answerJson(404, problem('not_found', 404))(request, response, entry)
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers,
    operators,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readClaims(token: string, key: KeyObject, bound: { htm: string; htp: string; bh: string; now: Date }): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      typ: 'op-assertion+jwt',
      issuer: 'autopack-bff',
      audience: 'autopack-control-plane',
      requiredClaims: ['sub', 'iat', 'exp', 'jti', 'htm', 'htp', 'bh'],
      maxTokenAge: 60,
      currentDate: bound.now,
    })
    const isWhole = payload.sub === 'console' || ['sid', 'amr', 'auth_time'].every((claim) => payload[claim] !== undefined)
    return isWhole && payload['htm'] === bound.htm && payload['htp'] === bound.htp && payload['bh'] === bound.bh ? payload : null
  } catch {
    return null
  }
}
