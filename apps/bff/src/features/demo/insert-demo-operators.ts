import { foldName } from '@autopack/server-kit/fold-name'
import type { Database } from '@autopack/server-kit/open-database'
import type { DemoOperator } from '../../shared/demo-operators.ts'
import type { PasswordHasher } from '../../shared/password-hash.ts'
import { createSignIn, findSignIn } from '../../shared/sign-in-rows.ts'

/**
 * Sign-ins of the demo: inserted when missing, never overwritten, so that a changed password stays changed. Returns the
 * names whose password is no longer the generated one. Throws Error when somebody else has a name already.
 */
export async function insertDemoOperators(db: Database, passwords: PasswordHasher, operators: readonly DemoOperator[], now: Date): Promise<string[]> {
  const changed: string[] = []
  for (const { operator_id, name, password } of operators) {
    const present = await findSignIn(db, operator_id)
    if (!present) {
      const password_hash = await passwords.hash(password)
      const row = { operator_id, name, name_folded: foldName(name), password_hash, generated: true, changed_at: now }
      if (!(await createSignIn(db, row))) {
        const remedy = 'start with the data folder that this database was used with before, or with an empty database (drop its schemas)'
        throw new Error(`AUTOPACK_DEMO_FILE: somebody else is called ${name} here already; ${remedy}`)
      }
    } else if (!present.generated) changed.push(name)
  }
  return changed
}
