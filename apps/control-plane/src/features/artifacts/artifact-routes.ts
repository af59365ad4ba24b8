import * as contract from '@autopack/contract/artifacts'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountExecutorRoute, mountOperatorRoute } from '../../shared/mount.ts'
import { getArtifactRaw } from './get-artifact-raw.ts'
import { listArtifacts } from './list-artifacts.ts'
import { listExecutorArtifacts } from './list-executor-artifacts.ts'
import { listHeldSecrets } from './list-held-secrets.ts'
import { previewArtifact } from './preview-artifact.ts'
import { putArtifact } from './put-artifact.ts'
import { readFingerprintKey } from './read-fingerprint-key.ts'
import { createRedactor } from './redactor.ts'

export function mountArtifactRoutes(app: App, deps: Deps): void {
  const redactor = createRedactor({
    log: deps.log,
    readSecrets: async () => ({
      knownSecrets: listHeldSecrets(deps.settings),
      fingerprintKey: await readFingerprintKey(deps.settings.artifactDir),
    }),
  })
  mountExecutorRoute(app, deps, contract.putArtifact, (input) => putArtifact(deps, redactor, input))
  mountExecutorRoute(app, deps, contract.listExecutorArtifacts, (input) => listExecutorArtifacts(deps, input))
  mountOperatorRoute(app, deps, contract.listArtifacts, (input) => listArtifacts(deps, input))
  mountOperatorRoute(app, deps, contract.previewArtifact, (input) => previewArtifact(deps, input))
  mountOperatorRoute(app, deps, contract.getArtifactRaw, (input) => getArtifactRaw(deps, input))
}
