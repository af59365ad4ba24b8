import {
  addPasskey as addPasskeyRoute,
  createChallenge as createChallengeRoute,
  createSignInChallenge as createSignInChallengeRoute,
  listOwnPasskeys as listOwnPasskeysRoute,
  removePasskey as removePasskeyRoute,
  renamePasskey as renamePasskeyRoute,
  resetPasskeys as resetPasskeysRoute,
  verifyPasskeySignIn as verifyPasskeySignInRoute,
} from '@autopack/contract/passkeys'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountConsoleRoute, mountOperatorRoute } from '../../shared/mount.ts'
import { addPasskey } from './add-passkey.ts'
import { createChallenge } from './create-challenge.ts'
import { createSignInChallenge } from './create-sign-in-challenge.ts'
import { listOwnPasskeys } from './list-own-passkeys.ts'
import { removePasskey } from './remove-passkey.ts'
import { renamePasskey } from './rename-passkey.ts'
import { resetPasskeys } from './reset-passkeys.ts'
import { verifyPasskeySignIn } from './verify-passkey-sign-in.ts'

export function mountPasskeyRoutes(app: App, deps: Deps): void {
  mountOperatorRoute(app, deps, createChallengeRoute, (input) => createChallenge(deps, input))
  mountOperatorRoute(app, deps, listOwnPasskeysRoute, ({ principal }) => listOwnPasskeys(deps, principal))
  mountOperatorRoute(app, deps, addPasskeyRoute, (input) => addPasskey(deps, input))
  mountOperatorRoute(app, deps, renamePasskeyRoute, (input) => renamePasskey(deps, input))
  mountOperatorRoute(app, deps, removePasskeyRoute, (input) => removePasskey(deps, input))
  mountOperatorRoute(app, deps, resetPasskeysRoute, (input) => resetPasskeys(deps, input))
  mountConsoleRoute(app, deps, createSignInChallengeRoute, () => createSignInChallenge(deps))
  mountConsoleRoute(app, deps, verifyPasskeySignInRoute, (input) => verifyPasskeySignIn(deps, input))
}
