import { getOwnOperator, listStandings } from '@autopack/contract/operators'
import {
  disableOperator as disableRoute,
  enableOperator as enableRoute,
  inviteOperator as inviteRoute,
  listOperators,
  reissueInvite as reissueRoute,
  setOperatorRole,
} from '@autopack/contract/people'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountConsoleRoute, mountOperatorRoute } from '../../shared/mount.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { disableOperator } from './disable-operator.ts'
import { enableOperator } from './enable-operator.ts'
import { inviteOperator } from './invite-operator.ts'
import type { Invited } from './invite-operator.ts'
import { listStandingRows } from './operator-rows.ts'
import { presentPeople, presentPerson } from './present-people.ts'
import { reissueInvite } from './reissue-invite.ts'
import { setRole } from './set-role.ts'

export function mountOperatorRoutes(app: App, deps: Deps): void {
  mountOperatorRoute(app, deps, getOwnOperator, async ({ principal }) => ({
    operator_id: principal.operatorId,
    name: principal.name,
    role: principal.role,
    // Nobody who is disabled gets this far.
    enabled: true,
  }))
  mountConsoleRoute(app, deps, listStandings, async () => ({ items: await listStandingRows(deps.db) }))

  const presentOne = async (principal: OperatorPrincipal, operatorId: string) =>
    presentPerson(deps.db, principal, operatorId, await readClock(deps.db, deps.now))
  const presentInvited = async (principal: OperatorPrincipal, { operatorId, ...issued }: Invited) => ({
    operator: await presentOne(principal, operatorId),
    ...issued,
  })

  mountOperatorRoute(app, deps, listOperators, async ({ principal }) => {
    const now = await readClock(deps.db, deps.now)
    return { items: await presentPeople(deps.db, principal, now), now: now.toISOString() }
  })
  mountOperatorRoute(app, deps, inviteRoute, async ({ principal, body, requestId }) =>
    presentInvited(principal, await inviteOperator(deps, { principal, body, requestId })),
  )
  mountOperatorRoute(app, deps, reissueRoute, async ({ principal, params, body, requestId }) =>
    presentInvited(principal, await reissueInvite(deps, { principal, operatorId: params.operator_id, ...body, requestId })),
  )
  mountOperatorRoute(app, deps, setOperatorRole, async ({ principal, params, body, requestId }) => {
    await setRole(deps, { principal, operatorId: params.operator_id, ...body, requestId })
    return presentOne(principal, params.operator_id)
  })
  mountOperatorRoute(app, deps, disableRoute, async ({ principal, params, body, requestId }) => {
    await disableOperator(deps, { principal, operatorId: params.operator_id, ...body, requestId })
    return presentOne(principal, params.operator_id)
  })
  mountOperatorRoute(app, deps, enableRoute, async ({ principal, params, body, requestId }) => {
    await enableOperator(deps, { principal, operatorId: params.operator_id, ...body, requestId })
    return presentOne(principal, params.operator_id)
  })
}
