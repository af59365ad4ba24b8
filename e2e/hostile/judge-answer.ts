/** Whether an answer to a hostile request is one that the contract promises: a pure rule, so that a table can test it. */
import { problems } from '@autopack/contract/problem-titles'
import { problemSchema } from '@autopack/contract/problems'
import type { Problem, ProblemCode } from '@autopack/contract/problems'
import type { Route } from '@autopack/contract/route'
import * as z from 'zod/mini'
import { pollution } from './body-variants.ts'
import type { Verdict } from './contract-verdict.ts'
import type { Answer } from './send-bytes.ts'

/** The limiter answered: whoever checks the shape never saw the request, so it says nothing and is not counted. */
const limiterCodes: readonly ProblemCode[] = ['rate_limited', 'login_busy', 'too_many_attempts']
/** Said before the contract's schemas have a word: for a request that the schemas accept they are wrong. */
const shapeCodes: readonly ProblemCode[] = [
  'malformed_json',
  'invalid_request',
  'invalid_path',
  'unsupported_media_type',
  'body_too_large',
  'method_not_allowed',
  'idempotency_key_required',
  'headers_too_large',
  'expectation_failed',
  'request_timeout',
]
const wordsOfCode =
  /\bat \S+ \(|\.(ts|js|mjs):\d+|node_modules|file:\/\/\/|\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s+["\w]+|\b(drizzle|pglite|postgres|SQLSTATE|relation "|violates|ECONN\w+|TypeError|RangeError|SyntaxError|undefined is not|Cannot read|is not a function)/i
const emptyWords = /^(invalid input|invalid|error|bad request|required|unknown)\.?$/i
const neededHeaders: Readonly<Record<string, RegExp>> = {
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'x-frame-options': /^DENY$/,
  'content-security-policy': /default-src 'none'/,
  'cache-control': /no-store|no-cache|private/,
  'x-request-id': /^[A-Za-z0-9][A-Za-z0-9-]{7,63}$/,
}

export type Judged = {
  route: Pick<Route, 'problems' | 'answer' | 'id'>
  verdict: Verdict
  /** The text of the request: what an answer repeats of it is no leak. */
  requestText: string
  /** Never in any answer, whatever was asked. */
  secrets: readonly string[]
}

export function isLimited(answer: Answer): boolean {
  return answer.status === 429 && limiterCodes.includes(codeOf(answer) as ProblemCode)
}

/** The console, or its health, says that the control plane did not answer in time: nothing was judged either. */
export function isUnreached(answer: Answer): boolean {
  return ['control_plane_unreachable', 'not_ready'].includes(codeOf(answer) ?? '')
}

export function codeOf(answer: Answer): string | null {
  return toProblem(answer)?.code ?? null
}

/** What is wrong with the answer, in words for whoever has to mend the server; nothing when all is well. */
export function judgeAnswer(answer: Answer, judged: Judged): string[] {
  const complaints = [...judgeLeaks(answer, judged), ...judgeHeaders(answer)]
  if (answer.status >= 400) complaints.push(...judgeProblem(answer, judged))
  else if (!judged.verdict.accepts)
    complaints.push(
      `accepted (${answer.status}) what the contract refuses as ${[...judged.verdict.codes].join(' or ')}: is the route mounted with its schemas?`,
    )
  else if (![judged.route.answer.status, 304, 206].includes(answer.status))
    complaints.push(`answered ${answer.status}; the contract says ${judged.route.answer.status}`)
  return complaints
}

function judgeProblem(answer: Answer, { verdict, route, requestText }: Judged): string[] {
  const complaints: string[] = []
  if (answer.status >= 500) complaints.push(`answered ${answer.status}: no input may cause a 5xx`)
  if (!answer.headers['content-type']?.startsWith('application/problem+json'))
    complaints.push(`a ${answer.status} of type ${answer.headers['content-type'] ?? 'none'} instead of a problem`)
  const problem = toProblem(answer)
  if (!problem) return [...complaints, 'the body is not a problem of the contract (RFC 9457 with a code of the table)']
  const { status, title } = problems[problem.code]
  if (problem.status !== answer.status || status !== answer.status)
    complaints.push(`${problem.code} is ${status} in the contract, the answer says ${answer.status} outside and ${problem.status} inside`)
  if (problem.title !== title || problem.type !== `urn:autopack:problem:${problem.code}`) complaints.push('title or type are not those of the code')
  if (problem.request_id === '' || problem.request_id !== answer.headers['x-request-id'])
    complaints.push('the request id in the body is not the one in the header')
  for (const words of [problem.detail, ...(problem.issues ?? []).map(({ message }) => message)]) {
    const said = words.replace(/^(body|query|path|header)\b[^:]*: /, '')
    if (emptyWords.test(said) || said.length < 8) complaints.push(`"${words}" tells nobody what to do: give the check words of its own`)
    const leak = wordsOfCode.exec(words)?.[0]
    if (leak && !requestText.includes(leak)) complaints.push(`the words "${words.slice(0, 160)}" come from the inside (${leak})`)
  }
  if (!verdict.accepts && !verdict.codes.has(problem.code))
    complaints.push(`refused as ${problem.code}; the contract refuses it as ${[...verdict.codes].join(' or ')}`)
  if (verdict.accepts && !route.problems.includes(problem.code)) {
    complaints.push(
      shapeCodes.includes(problem.code)
        ? `the contract accepts this request, the server refuses its shape (${problem.code}: ${problem.detail.slice(0, 160)}): the schema has to say so`
        : `${problem.code} is not among the problems that the contract lists for ${route.id}`,
    )
  }
  return complaints
}

function judgeLeaks(answer: Answer, { secrets }: Judged): string[] {
  const everything = `${Object.entries(answer.headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n\n${answer.text}`
  const complaints = secrets
    .filter((secret) => everything.includes(secret))
    .map((secret) => `a secret of the deployment is in the answer (${secret.slice(0, 4)}…)`)
  if (everything.includes(pollution)) complaints.push('a prototype was changed by the request')
  if (/root:x:0:0/.test(everything)) complaints.push('the answer holds a file of this machine')
  if (Object.values(answer.headers).some((value) => /(^|\n)session=x($|;|\n)/.test(value)))
    complaints.push('the request wrote a header of the answer')
  if (answer.headers['server'] !== undefined || answer.headers['x-powered-by'] !== undefined) complaints.push('the answer says which software runs')
  return complaints
}

function judgeHeaders(answer: Answer): string[] {
  return Object.entries(neededHeaders).flatMap(([name, pattern]) =>
    pattern.test(answer.headers[name] ?? '') ? [] : [`the header ${name} is ${JSON.stringify(answer.headers[name] ?? 'missing')}`],
  )
}

function toProblem(answer: Answer): Problem | null {
  try {
    const parsed = z.safeParse(problemSchema, JSON.parse(answer.text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
