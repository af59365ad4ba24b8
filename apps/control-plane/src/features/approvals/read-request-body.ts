import { requestApproval } from '@autopack/contract/approval-requests'
import { requestGovernance } from '@autopack/contract/governance'
import type { BodyOf } from '@autopack/contract/route'
import * as z from 'zod/mini'

/** What an approval request asked, read anew from its stored bytes. */
export function readRequestBody(body: Buffer): BodyOf<typeof requestApproval> {
  return z.parse(requestApproval.body, readJson(body))
}

export function readGovernanceBody(body: Buffer): BodyOf<typeof requestGovernance> {
  return z.parse(requestGovernance.body, readJson(body))
}

/** As the route read it when it came: a byte order mark is not part of the JSON. */
function readJson(body: Buffer): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
}
