import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
/** What a build makes is named too, and is not there before it. */
const isBuilt = (path: string) => /(^|\/)dist(\/|$)/.test(path)
const pathsIn = (text: string) =>
  [...text.matchAll(/`((?:apps|packages|scripts|e2e|bench|docs)\/[A-Za-z0-9._/-]+)`/g)].map((found) => found[1]!).filter((path) => !isBuilt(path))

test('every path that the walkthrough of Approve names exists', () => {
  const paths = pathsIn(read('docs/walkthrough-approve.md'))
  expect(paths.length).toBeGreaterThan(15)
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('every path that the README, the pages on architecture and deployment and the decisions name exists', () => {
  const decisions = readdirSync(join(root, 'docs/decisions')).map((file) => `docs/decisions/${file}`)
  for (const file of ['README.md', 'docs/architecture.md', 'docs/deployment.md', ...decisions]) {
    expect([file, pathsIn(read(file)).filter((path) => !existsSync(join(root, path)))]).toEqual([file, []])
  }
  const linked = [...read('README.md').matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((found) => found[1]!)
  expect(linked.length).toBeGreaterThan(3)
  expect(linked.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('the architecture page names every app and every package, and no other', () => {
  const page = read('docs/architecture.md')
  const folders = (room: string) => readdirSync(join(root, room)).filter((name) => existsSync(join(root, room, name, 'package.json')))
  for (const app of folders('apps')) expect(page).toContain(`\`apps/${app}\``)
  for (const name of folders('packages')) expect(page).toMatch(new RegExp(`\\| \`${name}\` +\\|`))
})

test('decisions are numbered without gaps and fit on one screen', () => {
  const files = readdirSync(join(root, 'docs/decisions')).toSorted()
  files.forEach((file, index) => {
    expect(file).toMatch(new RegExp(`^${String(index + 1).padStart(4, '0')}-[a-z0-9-]+\\.md$`))
    expect(read(`docs/decisions/${file}`).split('\n').length).toBeLessThan(40)
  })
})
