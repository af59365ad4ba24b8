import { expect, test } from 'vitest'
import type { Verdict } from './contract-verdict.ts'
import { isLimited, isUnreached, judgeAnswer } from './judge-answer.ts'
import type { Answer } from './send-bytes.ts'

const route = { id: 'readThing', problems: ['not_found'], answer: { status: 200, kind: 'json' } } as const
const accepts: Verdict = { accepts: true }
const refuses: Verdict = { accepts: false, codes: new Set(['invalid_request']) }
const id = 'request-0001'
const headers = {
  'content-type': 'application/problem+json; charset=utf-8',
  'x-request-id': id,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'",
  'cache-control': 'no-store',
}
const body = {
  type: 'urn:autopack:problem:invalid_request',
  title: 'The request does not fit the contract',
  status: 400,
  code: 'invalid_request',
  detail: 'body text: Invalid input: expected string, received number',
  request_id: id,
}
const problem = (change: object = {}, status = 400, more: Record<string, string> = {}): Answer => ({
  status,
  headers: { ...headers, ...more },
  text: JSON.stringify({ ...body, ...change }),
})
const judge = (answer: Answer, verdict: Verdict, requestText = '') =>
  judgeAnswer(answer, { route, verdict, requestText, secrets: ['hunter2-hunter2'] })

test('a problem of the contract to a request that the contract refuses is right, and so is an answer to one that it accepts', () => {
  expect(judge(problem(), refuses)).toEqual([])
  expect(judge({ status: 200, headers, text: '{}' }, accepts)).toEqual([])
  expect(
    judge(
      problem(
        {
          type: 'urn:autopack:problem:not_found',
          title: 'Nothing is here, or you may not see it',
          status: 404,
          code: 'not_found',
          detail: 'There is no such thing.',
        },
        404,
      ),
      accepts,
    ),
  ).toEqual([])
})

test.each<[what: string, answer: Answer, verdict: Verdict, words: RegExp]>([
  ['a route that is mounted without its schema', { status: 200, headers, text: '{}' }, refuses, /mounted with its schemas/],
  [
    'a route that throws',
    problem({ code: 'internal_error', status: 500, title: 'Something failed on our side', type: 'urn:autopack:problem:internal_error' }, 500),
    refuses,
    /no input may cause a 5xx/,
  ],
  ['an empty 400', { status: 400, headers, text: '' }, refuses, /not a problem/],
  ['plain text', problem({}, 400, { 'content-type': 'text/plain' }), refuses, /of type text\/plain/],
  ['a code that is none', problem({ code: 'oops' }), refuses, /not a problem/],
  ['a status that is not that of the code', problem({}, 422), refuses, /is 400 in the contract/],
  ['another request id', problem({ request_id: 'another' }), refuses, /request id/],
  ['words that tell nothing', problem({ detail: 'body text: Invalid input' }), refuses, /tells nobody/],
  ['an issue that tells nothing', problem({ issues: [{ where: 'body', message: 'Invalid' }] }), refuses, /tells nobody/],
  ['a stack', problem({ detail: 'It failed at mount (/srv/a.ts:12:3)' }), refuses, /from the inside/],
  ['SQL', problem({ detail: 'Failed query: INSERT INTO "run" values' }), refuses, /from the inside/],
  ['the message of an error', problem({ detail: 'Cannot read properties of undefined' }), refuses, /from the inside/],
  ['a secret in the words', problem({ detail: 'The key is hunter2-hunter2, not that.' }), refuses, /secret/],
  ['a secret in a header', problem({}, 400, { 'x-a': 'hunter2-hunter2' }), refuses, /secret/],
  ['a missing header', problem({}, 400, { 'x-content-type-options': '' }), refuses, /x-content-type-options/],
  ['a polluted prototype', { status: 200, headers, text: '{"polluted-prototype":true}' }, accepts, /prototype/],
  [
    'a refusal for another reason',
    problem({ code: 'malformed_json', type: 'urn:autopack:problem:malformed_json', title: 'The body is not JSON' }),
    refuses,
    /refused as malformed_json/,
  ],
  ['a shape that only the server refuses', problem(), accepts, /the schema has to say so/],
  [
    'a problem that the contract does not list',
    problem({ code: 'expired', status: 409, title: 'The time to do this is over', type: 'urn:autopack:problem:expired' }, 409),
    accepts,
    /not among the problems/,
  ],
])('%s is found', (_, answer, verdict, words) => {
  expect(judge(answer, verdict).join('\n')).toMatch(words)
})

test('what is only a repetition of the request is no leak', () => {
  const repeated = problem({ detail: 'query q: may not be SELECT a' })
  expect(judge(repeated, refuses).join()).toContain('from the inside')
  expect(judge(repeated, refuses, 'q=SELECT a')).toEqual([])
})

test('an answer of the limiter is told apart from one that was judged', () => {
  expect(isLimited(problem({ code: 'rate_limited', status: 429 }, 429))).toBe(true)
  expect(isLimited(problem({ code: 'too_many_pending', status: 429 }, 429))).toBe(false)
})

test('only the words that nobody answered in time count as asked too fast, and no other error of a server', () => {
  expect(isUnreached(problem({ code: 'control_plane_unreachable', status: 502 }, 502))).toBe(true)
  expect(isUnreached(problem({ code: 'not_ready', status: 503 }, 503))).toBe(true)
  expect(isUnreached(problem({ code: 'internal_error', status: 500 }, 500))).toBe(false)
})
