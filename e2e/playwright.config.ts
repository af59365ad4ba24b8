/**
 * The whole journey in a real browser, against processes that `scripts/start.ts` starts the way a person would: own data
 * folder, own ports, a small workspace with planted secrets. One worker: the journey is one story about one waiting action.
 */
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { console_, root } from './running-console.ts'

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: join(root, '.cache/e2e-results'),
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json']],
  globalSetup: './start-console.ts',
  use: {
    baseURL: console_.origin,
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
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
