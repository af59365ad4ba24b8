import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { precompress } from './precompress.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), precompress()],
  build: {
    target: 'es2023',
    manifest: true,
    // The policy allows images and fonts from our own origin only, no `data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'third-party-licences.md' },
    reportCompressedSize: false,
    rolldownOptions: {
      // One file instead of twenty small ones: they compress worse, and each is a request of its own.
      output: { codeSplitting: { groups: [{ name: 'shared', test: /apps\/web\/src\/shared\//, minShareCount: 2 }] } },
      // Schemas and routes are values without effects, but the bundler cannot know that `z.string().check(…)` is one: without this
      // every page carries the whole contract.
      treeshake: { manualPureFunctions: ['z', 'defineRoute', 'queryInteger', 'typedText', 'reportedText'] },
    },
  },
})
