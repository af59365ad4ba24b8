/** What may happen at all: kill switches, dry run, caps. Effective = the environment's ceiling AND the live row. */
import * as z from 'zod/mini'
import { jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { timestampSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

/** Names of the kill switches; the environment variable is `AUTOPACK_ENABLE_<name>`. */
export const killSwitches = ['ETSY_PUBLISH', 'SHOPIFY_PUBLISH', 'YOUTUBE_PUBLISH', 'TRADING_ORDERS', 'DEMO_SHOP_PUBLISH'] as const
export type KillSwitch = (typeof killSwitches)[number]

const count = z.int().check(z.gte(0))

export const controlSchema = z.strictObject({
  /** False: no external action can be claimed live, whatever the switches say. */
  external_actions_enabled: z.boolean(),
  dry_run: z.boolean(),
  /** True: no claim commits. Also true when the control row is missing. */
  brake_engaged: z.boolean(),
  kill_switches: z.record(z.enum(killSwitches), z.boolean()),
  caps: z.array(
    z.strictObject({
      /** Null: the currency-free count of actions. */
      currency: z.nullable(z.string()),
      cap: count,
      used: count,
      reserved: count,
      resets_at: timestampSchema,
    }),
  ),
  version: count,
  now: timestampSchema,
})
export type Control = z.infer<typeof controlSchema>

const read = { step_up: 'none', rate_class: 'read', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const

export const getExecutorControl = defineRoute({
  id: 'getExecutorControl',
  method: 'GET',
  path: '/control',
  summary: 'What is switched on right now, for proposers and executors',
  answer: { status: 200, kind: 'json', schema: controlSchema },
  problems: [],
  retry: 'safe',
  policy: { plane: 'executor', scope: 'actions:propose', ...read },
})

export const getControl = defineRoute({
  id: 'getControl',
  method: 'GET',
  path: '/operator/control',
  summary: 'What is switched on right now',
  answer: { status: 200, kind: 'json', schema: controlSchema },
  problems: [],
  retry: 'safe',
  etag: true,
  policy: { plane: 'operator', role: 'viewer', ...read },
})
