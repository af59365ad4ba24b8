/** Sign-ins of the demo: inserted when missing, never overwritten, so that a changed password stays changed. */
import { readFileSync, statSync } from 'node:fs'
import * as z from 'zod/mini'
import { operatorIdSchema } from '@autopack/contract/primitives'
import type { Database } from '@autopack/server-kit/open-database'
import type { PasswordHasher } from '../../shared/password-hash.ts'
import { createSignIn, findSignIn, foldName } from '../../shared/sign-in-rows.ts'

const demoSchema = z.object({
  operators: z
    .array(
      z.object({
        operator_id: operatorIdSchema,
        name: z.string().check(z.minLength(1), z.maxLength(100)),
        password: z.string().check(z.minLength(15)),
      }),
    )
    .check(z.maxLength(20)),
})

/** Returns the names whose password is no longer the generated one. Throws Error naming the file's problem, never its content. */
export async function insertDemoOperators(db: Database, passwords: PasswordHasher, file: string, now: Date): Promise<string[]> {
  if ((statSync(file).mode & 0o077) !== 0) throw new Error('AUTOPACK_DEMO_FILE: others than its owner may read or write the file; chmod 600 it')
  let text: unknown
  try {
    text = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new Error('AUTOPACK_DEMO_FILE: is not JSON')
  }
  const demo = z.safeParse(demoSchema, text)
  if (!demo.success) throw new Error('AUTOPACK_DEMO_FILE: does not have the shape that the start script writes')
  const changed: string[] = []
  for (const operator of demo.data.operators) {
    const present = await findSignIn(db, operator.operator_id)
    if (!present) {
      const password_hash = await passwords.hash(operator.password)
      const row = {
        operator_id: operator.operator_id,
        name: operator.name,
        name_folded: foldName(operator.name),
        password_hash,
        generated: true,
        changed_at: now,
      }
      if (!(await createSignIn(db, row))) throw new Error(`AUTOPACK_DEMO_FILE: somebody else is called ${operator.name}`)
    } else if (!present.generated) changed.push(operator.name)
  }
  return changed
}
