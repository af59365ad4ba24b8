import * as z from 'zod/mini'
import { operatorIdSchema } from '@autopack/contract/primitives'

const demoSchema = z.object({
  operators: z
    .array(
      z.object({
        operator_id: operatorIdSchema,
        name: z.string().check(z.minLength(1), z.maxLength(100)),
        password: z.string().check(z.minLength(15), z.maxLength(1_000)),
      }),
    )
    .check(z.maxLength(20)),
})
export type DemoOperator = z.infer<typeof demoSchema>['operators'][number]

/** Reads what the start script wrote. Null when it is not that; the text is never quoted. */
export function readDemoOperators(text: string): DemoOperator[] | null {
  try {
    const parsed = z.safeParse(demoSchema, JSON.parse(text))
    return parsed.success ? parsed.data.operators : null
  } catch {
    return null
  }
}
