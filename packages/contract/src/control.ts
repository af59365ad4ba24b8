/** What may happen at all: kill switches, dry run, caps, the brake. Effective = the environment's ceiling AND the live row. */
import * as z from 'zod/mini'
import { jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { timestampSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

/** Names of the kill switches; the environment variable is `AUTOPACK_ENABLE_<name>`. */
export const killSwitches = ['ETSY_PUBLISH', 'SHOPIFY_PUBLISH', 'YOUTUBE_PUBLISH', 'TRADING_ORDERS', 'DEMO_SHOP_PUBLISH'] as const
export type KillSwitch = (typeof killSwitches)[number]
/** Everything an operator can turn: the switch over all live actions, dry run, and the kill switches. */
export const controlSwitches = ['EXTERNAL_ACTIONS_ENABLED', 'DRY_RUN', ...killSwitches] as const
export type ControlSwitch = (typeof controlSwitches)[number]

const count = z.int().check(z.gte(0))

export const brakeScopeKinds = ['all', 'provider', 'run', 'executor'] as const
/** What a brake stops. `id` is empty for `all`, otherwise the provider's name, the `run_id` or the `executor_id`. */
export const brakeScopeSchema = z.strictObject({ kind: z.enum(brakeScopeKinds), id: z.string().check(z.maxLength(200), z.regex(/^[^\u0000]*$/)) })
export type BrakeScope = z.infer<typeof brakeScopeSchema>

export const inForceShape = {
  /** False: no external action can be claimed live, whatever the switches say. */
  external_actions_enabled: z.boolean(),
  dry_run: z.boolean(),
  /** True: no claim commits. Also true when the control row is missing. Brakes of a smaller scope are in `brakes`. */
  brake_engaged: z.boolean(),
  kill_switches: z.record(z.enum(killSwitches), z.boolean()),
}

export const capSchema = z.strictObject({
  /** Null: the currency-free count of actions. */
  currency: z.nullable(z.string()),
  /** In force: the smaller of the environment's ceiling and the working value. */
  cap: count,
  used: count,
  reserved: count,
  resets_at: timestampSchema,
})

/** What executors, and every page, need to know of it. */
export const controlInForceSchema = z.strictObject({
  ...inForceShape,
  /**
   * The brakes that are engaged; an executor reads those of everything, of providers, of its own runs and of itself. A person reads all;
   * over a run or executor that they may not see, without its id.
   */
  brakes: z.array(brakeScopeSchema),
  caps: z.array(capSchema),
  version: count,
  now: timestampSchema,
})
export type ControlInForce = z.infer<typeof controlInForceSchema>

const read = { step_up: 'none', rate_class: 'read', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const

export const getExecutorControl = defineRoute({
  id: 'getExecutorControl',
  method: 'GET',
  path: '/control',
  summary: 'What is switched on right now, for proposers and executors',
  answer: { status: 200, kind: 'json', schema: controlInForceSchema },
  problems: [],
  retry: 'safe',
  policy: { plane: 'executor', scope: 'actions:propose', ...read },
})
