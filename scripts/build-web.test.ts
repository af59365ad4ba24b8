import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashWebInputs } from './build-web.ts'

let root: string
function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'build-web-'))
  write('pnpm-lock.yaml', '')
  write('tsconfig.base.json', '{}')
  write('apps/web/package.json', '{"dependencies":{"@autopack/contract":"workspace:*","react":"catalog:"}}')
  write('apps/web/src/main.tsx', 'one')
  write('packages/contract/package.json', '{"dependencies":{"@autopack/deeper":"workspace:*"}}')
  write('packages/deeper/package.json', '{}')
  write('packages/deeper/src/a.ts', 'one')
  write('packages/other/package.json', '{}')
})
afterEach(() => rmSync(root, { recursive: true }))

test('the pages are built again when they, a package they use at any depth, or the lockfile change', () => {
  const seen = new Set([hashWebInputs(root)])
  for (const path of ['apps/web/src/main.tsx', 'packages/deeper/src/a.ts', 'pnpm-lock.yaml']) {
    write(path, `changed ${path}`)
    seen.add(hashWebInputs(root))
  }
  expect(seen.size).toBe(4)
})

test('what the pages are not made of builds nothing again: tests, output, other packages', () => {
  const before = hashWebInputs(root)
  for (const path of ['apps/web/dist/index.html', 'apps/web/src/main.test.tsx', 'packages/other/src/a.ts', 'apps/web/node_modules/x/y.js'])
    write(path, 'new')
  expect(hashWebInputs(root)).toBe(before)
})
