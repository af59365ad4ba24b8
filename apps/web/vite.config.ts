import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { precompress } from './precompress.ts'
import { unusedRouterParts } from './unused-router-parts.ts'

const inShared = /apps\/web\/src\/shared\//
// What is said of an action beyond its state: the pages of the ledger need it at once, the decision page when it is over.
const ofLedger = /apps\/web\/src\/shared\/(ledger\/|revoke-mutation)/
const onlyForLists =
  /apps\/web\/src\/shared\/(command-line|held-rows|is-braked|new-pill|phase-segments|request-mark|run-mark|search-field|waiting-cost|waiting-item)\.tsx?$/

// Small parts that several views of a decision share.
const ofDeciding =
  /apps\/web\/src\/features\/approvals\/(decide-mutation|field-value|mixed-words?|reject-kinds|reject-reason|coverage-ticks|rendered-sentence)\.tsx?$/

// The routes of runs, of artifacts and of control: of no use where none of them is shown.
const ofRuns = /apps\/web\/src\/shared\/(run|artifact|control)-queries\.ts$/

// Asked for when an act needs it, or on the settings pages.
const ofSettings = /apps\/web\/src\/shared\/(settings\/|passkeys\/|step-up\/(?!step-up-stopped))/

// What is checked in the browser, with the routes of evidence: only for the pages that show it.
const ofEvidence = /apps\/web\/src\/shared\/(evidence\/|own-worker)/

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), unusedRouterParts(), precompress()],
  // A descriptor is used whole: one value instead of one export a member.
  json: { namedExports: false },
  build: {
    target: 'es2023',
    manifest: true,
    // The policy allows images and fonts from our own origin only, no `data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'third-party-licences.md' },
    reportCompressedSize: false,
    rolldownOptions: {
      // Two files instead of twenty small ones: they compress worse, and each is a request of its own. What only lists need is in the
      // second, out of the way of the decision page; it comes second because a group takes along whatever it imports.
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'shared',
              test: (id) =>
                inShared.test(id) && !onlyForLists.test(id) && !ofLedger.test(id) && !ofRuns.test(id) && !ofSettings.test(id) && !ofEvidence.test(id),
              minShareCount: 2,
              priority: 1,
            },
            { name: 'lists', test: onlyForLists, minShareCount: 2 },
            { name: 'deciding', test: ofDeciding, minShareCount: 2 },
          ],
        },
      },
      // Schemas and routes are values without effects, but the bundler cannot know that `z.string().check(…)` is one: without this
      // every page carries the whole contract.
      treeshake: { manualPureFunctions: ['z', 'defineRoute', 'queryInteger', 'typedText', 'reportedText'] },
    },
  },
})
