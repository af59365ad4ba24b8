import { ApiProblem } from '@autopack/api-client/errors'
import type { WaitingItem } from '@autopack/contract/approvals'
import { problems } from '@autopack/contract/problem-titles'
import { type ProblemCode } from '@autopack/contract/problems'
import { describe, expect, it } from 'vitest'
import { rejectSeveral, type RejectedOne } from './reject-several.ts'

const action = (id: string, revision = 1) => {
  const kind = 'external_action' as const
  return { kind, approval_ref: { kind, id }, action: { action_id: id, revision, payload_hash: `hash of ${id}` } } as WaitingItem
}
const request = (kind: 'approval_request' | 'governance_request', id: string) =>
  ({ kind, approval_ref: { kind, id }, request: { body_sha256: `hash of ${id}` } }) as WaitingItem
const three = [action('act_1'), action('act_2', 4), action('act_3')]
const words = { kind: 'never' as const, reason: ' no ' }

function refuse(code: ProblemCode): ApiProblem {
  return new ApiProblem(
    { type: `urn:autopack:problem:${code}`, title: problems[code].title, status: problems[code].status, code, detail: '', request_id: 'req-1' },
    null,
  )
}

type Watch = { stop?: AbortController; onResult?: (result: RejectedOne) => void; items?: readonly WaitingItem[] }

async function run(answers: Record<string, ApiProblem>, { stop = new AbortController(), onResult, items = three }: Watch = {}) {
  const sent: unknown[] = []
  const results: RejectedOne[] = []
  const send = async (input: { action_id: string } | { id: string }) => {
    sent.push(input)
    const refusal = answers['id' in input ? input.id : input.action_id]
    if (refusal !== undefined) throw refusal
  }
  await rejectSeveral(items, words, send, (result) => (results.push(result), onResult?.(result)), stop.signal)
  return { sent, results: results.map((result) => [result.item.approval_ref.id, result.refusal?.title ?? null]) }
}

describe('rejectSeveral', () => {
  it('binds each rejection to the revision and hash of its own row', async () => {
    const { sent } = await run({})
    expect(sent[1]).toEqual({
      action_id: 'act_2',
      decision: { kind: 'reject', revision: 4, payload_hash: 'hash of act_2', reject_kind: 'never', reason: 'no' },
    })
  })

  it('binds the rejection of a request to the hash of its body, whatever stands beside it', async () => {
    const items = [request('approval_request', 'apr_7'), action('act_1'), request('governance_request', 'gov_0badcafe')]
    const { sent } = await run({}, { items })
    const decision = { kind: 'reject', reject_kind: 'never', reason: 'no' }
    expect(sent[0]).toEqual({ kind: 'approval_request', id: 'apr_7', decision: { ...decision, body_sha256: 'hash of apr_7' } })
    expect(sent[2]).toEqual({ kind: 'governance_request', id: 'gov_0badcafe', decision: { ...decision, body_sha256: 'hash of gov_0badcafe' } })
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
    expect((await run({}, { stop, onResult: () => stop.abort() })).results).toHaveLength(1)
  })
})
