import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readLogVectors, readReceiptVectors } from './read-vectors.ts'

const verifier = join(import.meta.dirname, '../../packages/verifier')
const folder = mkdtempSync(join(tmpdir(), 'verifier-package-'))
let tarball: string

/** What a machine has of its own: not the Node of this project, and nothing that npm told this process. */
const path = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'))
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
  PATH: path.join(delimiter),
  // Whatever it does, it may not ask a registry.
  npm_config_offline: 'true',
  npm_config_cache: join(folder, 'cache'),
  npm_config_update_notifier: 'false',
}
/** `/usr/bin/node` where there is one; else the first on the machine's own PATH. */
const machineNode = ['/usr/bin', ...path].map((entry) => join(entry, 'node')).find((file) => existsSync(file))

function run(command: string, args: string[], cwd = folder) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: environment, encoding: 'utf8', timeout: 120_000 })
  return { status, stdout, stderr }
}

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(verifier, 'build-verifier.ts')], { encoding: 'utf8', timeout: 120_000 })
  if (built.status !== 0) throw new Error(built.stderr)
  const packed = run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], verifier)
  if (packed.status !== 0) throw new Error(packed.stderr)
  tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
  const receipt = readReceiptVectors().find(({ what }) => what === 'done, by two people')!
  writeFileSync(join(folder, 'receipt.json'), receipt.text)
  writeFileSync(join(folder, 'tampered.json'), receipt.text.replace('"name":"Bo"', '"name":"Eve"'))
  const log = readLogVectors().find(({ what }) => what === 'twelve entries against three checkpoints')!
  writeFileSync(join(folder, 'log.ndjson'), `${log.lines.join('\n')}\n`)
  writeFileSync(join(folder, 'checkpoint'), log.checkpoints[0]!)
  writeFileSync(join(folder, 'key'), log.trusted_keys[0]!)
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('holds one command and one page, and nothing that would have to be installed', () => {
  const { stdout } = run('tar', ['-tzf', tarball])
  const files = stdout.trim().split('\n').toSorted()
  expect(files).toEqual(['package/dist/verify-evidence.html', 'package/dist/verify-evidence.mjs', 'package/package.json'])
  const manifest = JSON.parse(readFileSync(join(verifier, 'package.json'), 'utf8')) as { bin: object; dependencies?: object }
  expect([manifest.bin, manifest.dependencies]).toEqual([{ 'autopack-verify': 'dist/verify-evidence.mjs' }, undefined])
})

it('runs with npx from the tarball alone, without a registry', () => {
  const [receiptKey] = (JSON.parse(readFileSync(join(folder, 'receipt.json'), 'utf8')) as { keys: [string] }).keys
  const said = run('npx', ['--yes', `./${tarball}`, 'receipt.json', '--key', receiptKey])
  expect(said).toMatchObject({ status: 0, stdout: expect.stringMatching(/^VERIFIED act_/) })
  expect(run('npx', ['--yes', `./${tarball}`, 'tampered.json'])).toMatchObject({ status: 1, stdout: expect.stringMatching(/^NOT VERIFIED: record/) })
}, 120_000)

it('runs with the oldest Node of this machine, as one file', () => {
  expect(machineNode, 'there is a Node on this machine besides that of the project').toBeDefined()
  const command = join(verifier, 'dist/verify-evidence.mjs')
  const said = run(machineNode!, [command, 'receipt.json'])
  expect(said).toMatchObject({ status: 3, stdout: expect.stringMatching(/^HOLDS IN ITSELF, SIGNER UNKNOWN: act_/) })
  expect(run(machineNode!, [command, 'tampered.json']).status).toBe(1)
  expect(run(machineNode!, [command, 'nowhere']).status).toBe(2)
  const key = readFileSync(join(folder, 'key'), 'utf8')
  const log = run(machineNode!, [command, 'log.ndjson', '--checkpoint', 'checkpoint', '--key', key])
  expect(log).toMatchObject({ status: 0, stdout: expect.stringMatching(/^VERIFIED the first 4 of 12 events/) })
})
