/** The first operator, an admin, for whoever holds the token that the start printed. */
import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { createFirstOperator as createFirstOperatorRoute, Operator } from '@autopack/contract/operators'
import type { ProblemCode } from '@autopack/contract/problems'
import type { BodyOf } from '@autopack/contract/route'
import type { Transaction } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { hashOneTimeToken } from '@autopack/server-kit/one-time-token'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { findOperator } from '../../shared/credential-rows.ts'
import type { ConsolePrincipal } from '../../shared/principal.ts'
import { insertFirstOperator, isSetUpNeeded, lockSetUp } from '../../shared/set-up-rows.ts'
import { toOperator } from '../../shared/to-operator.ts'

type Input = { principal: ConsolePrincipal; body: BodyOf<typeof createFirstOperatorRoute>; requestId: string }

/** Compared with when there is no token, so that the answer takes as long. */
const noToken = Buffer.alloc(32)

/**
 * Makes the operator once. With the same token and name again, until somebody signs in, it answers the one it made: the
 * console may have been cut off before it could store the password. Throws `setup_closed`, `setup_link_refused`,
 * `setup_begun`.
 */
export async function createFirstOperator(deps: Deps, { principal, body, requestId }: Input): Promise<Operator> {
  try {
    return await deps.db.transaction(async (tx) => {
      const setUp = await lockSetUp(tx, deps.now)
      if (!(await isSetUpNeeded(tx))) throw new ProblemError('setup_closed', 'Somebody is here already, so no link sets this console up. Sign in.')
      const same = timingSafeEqual(hashOneTimeToken(body.token), setUp?.sha256 ?? noToken)
      if (!setUp || !same || !setUp.live)
        throw new ProblemError('setup_link_refused', 'The set-up link does not hold. Restart the control plane and open the link that it prints.')
      if (setUp.operatorId !== null) return await findBegun(tx, setUp.operatorId, body.name)
      const operatorId = `op_${randomUUID()}`
      await insertFirstOperator(tx, { operatorId, name: body.name }, deps.now)
      const facts = { external_object_id: operatorId, payload_summary: `${body.name}, admin, by the set-up link` }
      await recordAudit(tx, principal, { event_type: 'operator.created', result_status: 'ok', ...facts }, { requestId })
      return { operator_id: operatorId, name: body.name, role: 'admin', enabled: true }
    })
  } catch (error) {
    if (!(error instanceof ProblemError) || !refusals.includes(error.code)) throw error
    // Nobody has shown to be anybody: counted here, listed with their addresses by the console.
    deps.refusals.note(principal, error.code)
    throw new AuditedRefusal(error.code, error.detail)
  }
}

async function findBegun(tx: Transaction, operatorId: string, name: string): Promise<Operator> {
  const operator = await findOperator(tx, operatorId)
  if (!operator) throw new Error('the operator of the set-up vanished')
  // Whoever holds the token may know, and cannot go on without knowing.
  if (operator.name !== name) throw new ProblemError('setup_begun', `This set-up was begun for ${operator.name}. Enter that name to finish it.`)
  return toOperator(operator)
}

const refusals: readonly ProblemCode[] = ['setup_closed', 'setup_link_refused', 'setup_begun']
