/**
 * The whole journey in a real browser, against processes that `scripts/start.ts` starts the way a person would: own data
 * folder, own ports, a small workspace with planted secrets. One worker there: the journey is one story about one waiting action.
 * Whatever starts a console of its own runs beside it.
 */
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { console_, root } from './running-console.ts'

/** Those that share the one console; they run in this order. */
const onOneConsole = ['actions', 'deciding', 'examples', 'hostile-input', 'journey', 'markdown', 'pages', 'runs-and-audit', 'sign-in'].map((name) =>
  join(import.meta.dirname, `${name}.spec.ts`),
)
const behindNginx = '**/nginx/*.spec.ts'

export default defineConfig({
  testDir: '.',
  projects: [
    { name: 'one console', testMatch: onOneConsole, workers: 1 },
    { name: 'behind nginx', testMatch: behindNginx, workers: 1 },
    { name: 'consoles of their own', testMatch: '**/*.spec.ts', testIgnore: [...onOneConsole, behindNginx] },
  ],
  outputDir: join(root, '.cache/e2e-results'),
  workers: 3,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  // For a machine that does much else: a step that hangs is told by its own limit, much sooner.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json']],
  globalSetup: './start-console.ts',
  use: {
    baseURL: console_.origin,
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: 45_000,
    navigationTimeout: 60_000,
    // What the page was made of at each step takes a quarter of the time of all tests: for whoever looks into one that failed.
    trace: process.env['E2E_TRACE'] === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}),
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
})
