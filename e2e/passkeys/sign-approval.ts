import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { approvalChallenge, toApprovalStatement } from '@autopack/approval-proof/approval-statement'
import type { ApprovalStatement } from '@autopack/approval-proof/approval-statement'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { readPayload } from '@autopack/approval-proof/payload'
import { renderAction } from '@autopack/approval-proof/render-action'
import { rendererVersion } from '@autopack/approval-proof/renderer-version'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { Assertion } from '@autopack/contract/webauthn'
import type { Page } from '@playwright/test'
import { expectAnswer } from './ask-as-page.ts'
import type { OwnAuthenticator } from './own-authenticator.ts'

export type Facts = Omit<ApprovalStatement, 'v' | 'purpose'>
export type ApprovalBody = { kind: 'approve'; signature: { statement: string; assertion: Assertion } } & Record<string, unknown>

/**
 * What the console gives one person to sign about the revision in force, and everything else a statement needs. `described`: as that console
 * describes this kind of action, where it is not the catalog of this project.
 */
export async function readFacts(page: Page, actionId: string, described?: Descriptor): Promise<{ facts: Facts; credentials: string[] }> {
  const action = (await expectAnswer(page, `/api/external-actions/${actionId}`)) as unknown as ExternalAction
  const text = (await page.evaluate(`fetch('/api/external-actions/${actionId}/payload').then((answer) => answer.text())`)) as string
  const read = readPayload(text)
  if (!read.ok) throw new Error(read.detail)
  const descriptor = described ?? findDescriptor(read.payload.provider, read.payload.operation) ?? null
  const { operator } = (await expectAnswer(page, '/api/auth/me')) as { operator: { operator_id: string } }
  const asked = { purpose: 'approve', action_id: actionId, revision: action.revision, payload_hash: read.hash }
  const challenge = (await expectAnswer(page, '/api/challenges', asked)) as {
    nonce: string
    credentials: { credential_id: string }[]
  }
  return {
    credentials: challenge.credentials.map(({ credential_id }) => credential_id),
    facts: {
      action: { id: actionId, revision: action.revision, payload_hash: read.hash },
      descriptor: descriptor && { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
      display_sha256: renderAction(read.payload, descriptor).display_sha256,
      mode: read.payload.mode,
      approver: { sub: operator.operator_id },
      requested_by: action.executor,
      console_build: 'e2e',
      renderer_version: rendererVersion,
      nonce: challenge.nonce,
      decide_by: action.decide_by,
      execute_by: action.latest_execute_by,
    },
  }
}

/** The decision as the page sends it, signed with one of these keys. */
export async function signApproval(device: OwnAuthenticator, facts: Facts, keys: readonly string[]): Promise<ApprovalBody> {
  const statement = toApprovalStatement(facts)
  const assertion = await device.sign(approvalChallenge(statement), keys)
  const { action, descriptor, display_sha256 } = facts
  const bound = { revision: action.revision, payload_hash: action.payload_hash, descriptor, display_sha256, reason: 'as asked' }
  return { kind: 'approve', ...bound, signature: { statement, assertion } }
}
