import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

describe.each(['accept', 'prove:guards', 'test', 'demo:run', 'verify:audit'])('npm run %s', (command) => {
  const script = `scripts/${command.replace(':', '-')}.ts`
  const run = (flag: string) => spawnSync(process.execPath, [script, flag], { cwd: root, encoding: 'utf8', timeout: 20_000 })

  it('prints its flags when asked for help, and does nothing else', () => {
    const { status, stdout, stderr } = run('--help')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(new RegExp(`^npm (run )?${command} -- \\[`))
  })

  it('answers a flag that does not exist with one sentence and its flags', () => {
    const { status, stdout, stderr } = run('--nonsense')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(new RegExp(`^Unknown option '--nonsense'\\.\n\nnpm (run )?${command} -- \\[`))
  })
})
