import { executorNameSchema, operatorIdSchema } from '@autopack/contract/primitives'
import { roleSchema } from '@autopack/contract/roles'
import { readExecutorKey } from '@autopack/server-kit/executor-key'
import * as z from 'zod/mini'

const seedSchema = z.object({
  operators: z.array(
    z.object({
      operator_id: operatorIdSchema,
      name: z.string().check(z.minLength(1), z.maxLength(100)),
      role: roleSchema,
      // The password is the BFF's business; it is read here only to keep it out of our log.
      password: z.optional(z.string()),
    }),
  ),
  executors: z.array(
    z.object({
      executor_id: z.string().check(z.regex(/^exr_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)),
      name: executorNameSchema,
      key: z.string().check(z.refine((text: string) => readExecutorKey(text) !== null, { error: 'must be a well-formed executor key' })),
      owner_operator_id: operatorIdSchema,
      shared_with_everyone: z.boolean(),
    }),
  ),
})
export type DemoSeed = z.infer<typeof seedSchema>

/** The demo's operators and executors from JSON. `secrets` are to be cut out of the log. */
export function readDemoSeed(text: string): { ok: true; seed: DemoSeed; secrets: string[] } | { ok: false; why: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, why: 'is not JSON' }
  }
  const parsed = z.safeParse(seedSchema, value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return { ok: false, why: `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'does not have the expected form'}` }
  }
  const secrets = [...parsed.data.operators.flatMap(({ password }) => password ?? []), ...parsed.data.executors.map(({ key }) => key)]
  return { ok: true, seed: parsed.data, secrets }
}
