import { ApiProblem } from '@autopack/api-client/errors'
import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { problems, type ProblemCode } from '@autopack/contract/problems'
import { describe, expect, it } from 'vitest'
import { rejectSeveral, type RejectedOne } from './reject-several.ts'

const action = (action_id: string, revision = 1) => ({ action_id, revision, payload_hash: `hash of ${action_id}` }) as ExternalActionSummary
const three = [action('act_1'), action('act_2', 4), action('act_3')]
const words = { kind: 'never' as const, reason: ' no ' }

function refuse(code: ProblemCode): ApiProblem {
  return new ApiProblem(
    { type: `urn:autopack:problem:${code}`, title: problems[code].title, status: problems[code].status, code, detail: '', request_id: 'req-1' },
    null,
  )
}

async function run(answers: Record<string, ApiProblem>, stop = new AbortController(), onResult?: (result: RejectedOne) => void) {
  const sent: unknown[] = []
  const results: RejectedOne[] = []
  const send = async (input: { action_id: string }) => {
    sent.push(input)
    if (answers[input.action_id] !== undefined) throw answers[input.action_id]!
  }
  await rejectSeveral(three, words, send, (result) => (results.push(result), onResult?.(result)), stop.signal)
  return { sent, results: results.map((result) => [result.action.action_id, result.refusal?.title ?? null]) }
}

describe('rejectSeveral', () => {
  it('binds each rejection to the revision and hash of its own row', async () => {
    const { sent } = await run({})
    expect(sent[1]).toEqual({
      action_id: 'act_2',
      decision: { kind: 'reject', revision: 4, payload_hash: 'hash of act_2', reject_kind: 'never', reason: 'no' },
    })
  })

  it('goes on after one that was refused, and says which and why', async () => {
    const { results } = await run({ act_2: refuse('already_decided') })
    expect(results).toEqual([
      ['act_1', null],
      ['act_2', 'This was already decided'],
      ['act_3', null],
    ])
  })

  it('stops when it is too fast for the server, and when somebody stops it', async () => {
    expect((await run({ act_2: refuse('rate_limited') })).results).toHaveLength(2)
    const stop = new AbortController()
    expect((await run({}, stop, () => stop.abort())).results).toHaveLength(1)
  })
})
