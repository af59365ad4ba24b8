/** Routes with their credentials: who may call is decided here, from the contract's policy, before any action runs. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { AuditEvent } from '@autopack/contract/audit'
import type { Route } from '@autopack/contract/route'
import { hasRole } from '@autopack/contract/roles'
import type { App, AppVariables } from '@autopack/server-kit/create-app'
import { honoPath, wireTarget } from '@autopack/server-kit/create-app'
import { readExecutorKey } from '@autopack/server-kit/executor-key'
import { mountRoute } from '@autopack/server-kit/mount-route'
import type { Transaction } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Context } from 'hono'
import { recordAudit } from '../audit/record-audit.ts'
import type { Deps } from '../deps.ts'
import { AuditedRefusal } from './audited-refusal.ts'
import { beginsWork } from './begins-work.ts'
import { findAskingOperator, findExecutorByKey, recordKeyUse, recordSeen, spendAssertion } from './credential-rows.ts'
import { isConcernOf } from './decided-thing-rows.ts'
import { assertionHeader, checkBodyHash, clockToleranceSeconds, verifyAssertion } from './operator-assertion.ts'
import type { AssertionClaims, OperatorClaims, VerifiedAssertion } from './operator-assertion.ts'
import type { ConsolePrincipal, ExecutorPrincipal, OperatorPrincipal, Principal, SystemPrincipal } from './principal.ts'

type Action<R extends Route, P> = Parameters<typeof mountRoute<R, P>>[3]
type RequestContext = Context<AppVariables>

/** Who the request is from, as far as it is known at this point of it. */
const known = new WeakMap<RequestContext, Principal>()

/** Mounts a route of the executor plane: a live key with the needed scope, or 403. */
export function mountExecutorRoute<const R extends Route>(app: App, deps: Deps, route: R, action: Action<R, ExecutorPrincipal>): void {
  recordRefusals(app, deps, route)
  mountRoute<R, ExecutorPrincipal>(
    app,
    route,
    {
      beforeBody: async (c) => {
        const principal = await authenticateExecutor(deps, c)
        known.set(c, principal)
        // Counted before anything else is refused: each refusal of a mutation is an audit event.
        await deps.rateLimits.count(route.policy.rate_class, principal.executorId)
        if (route.policy.scope && !principal.scopes.includes(route.policy.scope))
          throw new ProblemError('scope_missing', `This key does not carry the scope ${route.policy.scope}.`)
        // What runs is told to its end; nothing new begins that nobody answers for.
        if (!principal.ownerEnabled && beginsWork(route))
          throw new ProblemError('key_refused', 'The owner of this executor is disabled. An admin hands it to somebody else, or enables them.')
      },
      authenticate: async (c) => known.get(c) as ExecutorPrincipal,
    },
    action,
  )
}

/**
 * Mounts a route of the operator plane: instance key, an assertion for exactly this request, and the role, or 403. `checkRate: false`: the
 * action counts, since only the body tells what it is.
 */
export function mountOperatorRoute<const R extends Route>(
  app: App,
  deps: Deps,
  route: R,
  action: Action<R, OperatorPrincipal>,
  options = { checkRate: true },
): void {
  mountBehindConsole<R, OperatorPrincipal>(app, deps, route, action, async (c, { claims, keyId }) => {
    if (!('sid' in claims)) throw new ProblemError('role_missing', 'This needs a person; the console does not do it by itself.')
    const { operator, enabled } = await getOperator(deps, claims, keyId)
    known.set(c, operator)
    if (options.checkRate) await deps.rateLimits.count(route.policy.rate_class, operator.operatorId)
    if (!enabled) throw new ProblemError('operator_disabled', 'This operator is disabled. An admin can enable it again.')
    const role = route.policy.role ?? 'admin'
    if (!hasRole(operator.role, role)) throw new ProblemError('role_missing', `This needs the role ${role}; you are ${operator.role}.`)
    return operator
  })
}

/** Mounts a route that only the console itself calls, with the assertion subject `console`. */
export function mountConsoleRoute<const R extends Route>(app: App, deps: Deps, route: R, action: Action<R, ConsolePrincipal>): void {
  mountBehindConsole<R, ConsolePrincipal>(app, deps, route, action, async (_c, { claims }) => {
    if ('sid' in claims) throw new ProblemError('role_missing', 'Only the console itself may do this.')
    return { kind: 'console' }
  })
}

/** Mounts a route of the checkpoint plane: the key of the checkpoint writer, or 403. It opens nothing else, and no other key opens this. */
export function mountCheckpointRoute<const R extends Route>(app: App, deps: Deps, route: R, action: Action<R, SystemPrincipal>): void {
  // Counted, never one by one: a writer that is refused tries again, and each entry in the log would be another thing to sign.
  app.on(route.method, honoPath(route.path), async (c, next) => {
    await next()
    if (c.error instanceof ProblemError && !isOurFault(c.error)) deps.refusals.note(known.get(c) ?? { kind: 'anonymous' }, c.error.code)
  })
  mountRoute<R, SystemPrincipal>(
    app,
    route,
    {
      beforeBody: async (c) => {
        if (!holdsKey(deps.settings.checkpoints.apiKey, c)) throw keyRefused()
        known.set(c, checkpointWriter)
      },
      authenticate: async () => checkpointWriter,
    },
    action,
  )
}

const checkpointWriter: SystemPrincipal = { kind: 'system', name: 'checkpoint-writer' }

/** Mounts a route that needs no credential. */
export function mountPublicRoute<const R extends Route>(app: App, route: R, action: Action<R, null>): void {
  mountRoute<R, null>(app, route, { authenticate: async () => null }, action)
}

function mountBehindConsole<const R extends Route, P extends Principal>(
  app: App,
  deps: Deps,
  route: R,
  action: Action<R, P>,
  identify: (c: RequestContext, assertion: VerifiedAssertion) => Promise<P>,
): void {
  const verified = new WeakMap<RequestContext, { claims: AssertionClaims; principal: P }>()
  recordRefusals(app, deps, route)
  mountRoute<R, P>(
    app,
    route,
    {
      beforeBody: async (c) => {
        if (!holdsKey(deps.settings.instanceKey, c)) throw await refuseOtherKey(deps, c, route)
        known.set(c, { kind: 'console' })
        const assertion = await verifyAssertion(deps.settings.assertionJwks, c.req.header(assertionHeader), {
          method: c.req.method,
          target: wireTarget(c),
        })
        verified.set(c, { claims: assertion.claims, principal: await identify(c, assertion) })
      },
      authenticate: async (c, _route, bodyBytes) => {
        const { claims, principal } = verified.get(c)!
        checkBodyHash(claims, bodyBytes)
        if (isUnsafe(route)) {
          const expiresAt = new Date((claims.exp + clockToleranceSeconds) * 1000)
          if (!(await spendAssertion(deps.db, claims.jti, expiresAt)))
            throw new ProblemError('assertion_refused', 'The operator assertion was used before.')
        }
        return principal
      },
    },
    action,
  )
}

async function authenticateExecutor(deps: Deps, c: RequestContext): Promise<ExecutorPrincipal> {
  const key = readExecutorKey(c.req.header('x-api-key') ?? '')
  const found = key && (await findExecutorByKey(deps.db, key, deps.now))
  if (!found) throw keyRefused()
  if (found.useIsStale)
    await recordKeyUse(deps.db, found.principal.keyId, deps.now).catch((error: unknown) => deps.log.warn({ error }, 'key use not recorded'))
  return found.principal
}

async function getOperator(deps: Deps, claims: OperatorClaims, keyId: string): Promise<{ operator: OperatorPrincipal; enabled: boolean }> {
  const found = await findAskingOperator(deps.db, claims.sub, deps.now)
  if (!found) throw new ProblemError('assertion_refused', 'The operator assertion names nobody that is known here.')
  const { row } = found
  if (found.seenIsStale && row.enabled)
    await recordSeen(deps.db, row.operator_id, deps.now).catch((error: unknown) => deps.log.warn({ error }, 'last request not recorded'))
  const operator: OperatorPrincipal = {
    kind: 'operator',
    operatorId: row.operator_id,
    name: row.name,
    role: row.role,
    sidHash: claims.sid,
    keyId,
    amr: claims.amr,
    authAgeSeconds: claims.iat - claims.auth_time,
  }
  return { operator, enabled: row.enabled }
}

/** Compares digests, so that neither content nor length of the key can be timed. Without configuration nobody passes. */
function holdsKey(expected: string | null, c: RequestContext): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const offered = c.req.header('x-api-key')
  return expected !== null && offered !== undefined && timingSafeEqual(digest(offered), digest(expected))
}

/** An executor that tries what only people may is known: its attempt to change something is recorded under its name. */
async function refuseOtherKey(deps: Deps, c: RequestContext, route: Route): Promise<ProblemError> {
  const key = readExecutorKey(c.req.header('x-api-key') ?? '')
  const found = key && isUnsafe(route) ? await findExecutorByKey(deps.db, key, deps.now) : null
  if (!found) return keyRefused()
  known.set(c, found.principal)
  await deps.rateLimits.count('mutation', found.principal.executorId)
  return new ProblemError('key_refused', 'An executor key opens nothing here: this is for people who are signed in to the console.')
}

function keyRefused(): ProblemError {
  return new ProblemError('key_refused', 'The key is missing, wrong, expired or revoked.')
}

function isUnsafe(route: Route): boolean {
  return route.method !== 'GET'
}

/**
 * Refused requests leave a trace: of nobody we know, and over a rate limit, as a count; a refused mutation of somebody
 * we know as an audit event of its own, in its own transaction, unless the action has recorded it already.
 */
function recordRefusals(app: App, deps: Deps, route: Route): void {
  app.on(route.method, honoPath(route.path), async (c, next) => {
    await next()
    const error = c.error
    if (!(error instanceof ProblemError) || error instanceof AuditedRefusal) return
    const principal = known.get(c)
    if (!principal) return deps.refusals.note({ kind: 'anonymous' }, error.code)
    if (error.code === 'rate_limited') return deps.refusals.note(principal, error.code)
    if (!isUnsafe(route) || isOurFault(error)) return
    await recordRefusal(deps, c, route, principal, error)
  })
}

function isOurFault(error: ProblemError): boolean {
  return ['internal_error', 'db_unavailable', 'audit_unavailable', 'not_ready'].includes(error.code)
}

/** What the path names of the things people decide about; the prefix says of which kind. */
function toApprovalRef(params: Record<string, string>): { kind: string; id: string } | null {
  const id = params['action_id'] ?? params['approval_id'] ?? params['request_id'] ?? ''
  if (/^act_[0-9a-f-]{36}$/.test(id)) return { kind: 'external_action', id }
  if (/^apr_[1-9]\d{0,14}$/.test(id)) return { kind: 'approval_request', id }
  return /^gov_[0-9a-f]{8}$/.test(id) ? { kind: 'governance_request', id } : null
}

/**
 * The thing itself is named only by those whose it is: an event about it is part of its story and of its receipt, and whoever guessed an id
 * is in neither. What they tried is said in words.
 */
async function toRefusedThing(
  tx: Transaction,
  principal: Principal,
  params: Record<string, string>,
): Promise<Pick<AuditEvent, 'approval_ref' | 'payload_summary'>> {
  const named = toApprovalRef(params)
  if (named === null) return { approval_ref: null, payload_summary: null }
  if (await isConcernOf(tx, principal, named.id)) return { approval_ref: named, payload_summary: null }
  return { approval_ref: null, payload_summary: `about ${named.id}, which is not theirs` }
}

async function recordRefusal(deps: Deps, c: RequestContext, route: Route, principal: Principal, error: ProblemError): Promise<void> {
  const params = c.req.param() as Record<string, string>
  try {
    await deps.db.transaction(async (tx) =>
      recordAudit(
        tx,
        principal,
        {
          event_type: 'request.refused',
          result_status: 'refused',
          action_type: route.id,
          error_code: error.code,
          error_summary: error.detail.slice(0, 500),
          ...(await toRefusedThing(tx, principal, params)),
          run_id: params['run_id'] ?? null,
        },
        { requestId: c.get('requestId') },
      ),
    )
  } catch (failure) {
    // The request is refused either way; that its refusal could not be recorded must not be silent.
    deps.log.error({ error: failure, request_id: c.get('requestId'), code: error.code }, 'a refusal could not be recorded')
  }
}
