import { createOneTimeToken, hashOneTimeToken } from '@autopack/server-kit/one-time-token'
import type { Deps } from '../../deps.ts'
import { replaceSetUpToken } from '../../shared/set-up-rows.ts'

const validMinutes = 15

/**
 * The line with the link by which the first admin is made, or null when there is nothing to set up. Whatever link was
 * printed before is void. Print it and nothing else: it is in no log and in no row, and the fragment is in no request.
 */
export async function issueSetUpLink(deps: Deps): Promise<string | null> {
  const token = createOneTimeToken('aps')
  if (!(await replaceSetUpToken(deps.db, hashOneTimeToken(token), validMinutes, deps.now))) return null
  return `Set up this console (valid for ${validMinutes} minutes): ${deps.settings.consoleOrigin}/setup#token=${token}`
}
