import type { BrakeScope } from '@autopack/contract/control'
import type { Brake } from '@autopack/contract/operator-control'
import type { BrakeRow } from './brake-rows.ts'

/** A brake as this operator may see it: of one over a run or an executor they may not see, only that there is one. */
export function toBrake({ brake, visible, ...names }: BrakeRow): Brake {
  const scope: BrakeScope = { kind: brake.scope_kind, id: visible ? brake.scope_id : '' }
  const released = brake.released_at === null ? null : { operator_id: brake.released_by!, name: names.released_by_name! }
  return {
    brake_id: brake.brake_id,
    scope,
    scope_name: visible
      ? toScopeName(scope, names.run_name ?? names.executor_name)
      : `a${scope.kind === 'executor' ? 'n' : ''} ${scope.kind} you may not see`,
    engaged_at: brake.engaged_at.toISOString(),
    engaged_by: { operator_id: brake.engaged_by, name: names.engaged_by_name },
    engaged_reason: visible ? brake.engaged_reason : '',
    audited: brake.audited,
    released_at: brake.released_at?.toISOString() ?? null,
    released_by: released,
    released_reason: visible ? brake.released_reason : null,
  }
}

function toScopeName(scope: BrakeScope, name: string | null): string {
  return scope.kind === 'all' ? 'everything' : (name ?? scope.id)
}
