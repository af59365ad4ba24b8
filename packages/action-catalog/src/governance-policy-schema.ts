import * as z from 'zod/mini'

const points = z.int().check(z.gte(0), z.lte(100))
const steps = z.array(z.strictObject({ over: z.int().check(z.gte(0)), points })).check(z.maxLength(10))
const seconds = z.int().check(z.gte(60), z.lte(604_800))
const prefix = z.string().check(z.regex(/^(?:[a-z0-9._-]+\/)+$/, 'is a folder in small letters that ends with /'))
const words = z.string().check(z.minLength(1, 'must not be empty'), z.maxLength(200, 'is too long for a person to read'))

/** What no policy may leave to itself; the database refuses the rest of the tree too. */
export const protectedFolders = ['docs/', 'tests/', 'config/', '.github/', 'src/autopack/'] as const
export const automaticFolders = ['examples/', 'scripts/'] as const

/** `config/governance.json`: who may say yes to a change of files, and how risky it is. */
export const governancePolicySchema = z.strictObject({
  version: z.int().check(z.gte(1)),
  decide_within_seconds: seconds,
  paths: z.strictObject({
    /** Everything else waits for people. */
    automatic: z.array(z.enum(automaticFolders)),
    never_automatic: z.array(prefix).check(z.maxLength(50)),
    /** Nobody may change what has such a segment. */
    denied_names: z.array(z.string().check(z.regex(/^[a-z0-9._-]+$/, 'is a name in small letters'))).check(z.maxLength(50)),
  }),
  automatic: z.strictObject({
    enabled: z.boolean(),
    most_paths: z.int().check(z.gte(1), z.lte(200)),
    most_changed_lines: z.int().check(z.gte(1), z.lte(10_000)),
    most_risk_score: points,
  }),
  risk: z.strictObject({
    levels: z.strictObject({ medium: points, high: points, critical: points }),
    /** The riskiest of all paths counts. */
    paths: z.array(z.strictObject({ prefix, points, why: words })).check(z.maxLength(50)),
    other_path_points: points,
    denied_path_points: points,
    many_paths: steps,
    many_lines: steps,
    unknown_lines_points: points,
  }),
  approval_requests: z.strictObject({
    decide_within_seconds: seconds,
    /** What no claim of the executor takes away. */
    base_points: points,
    claimed_level_points: z.strictObject({ low: points, medium: points, high: points, critical: points }),
    unknown_level_points: points,
    net_deletion: steps,
  }),
})
export type GovernancePolicy = z.infer<typeof governancePolicySchema>
