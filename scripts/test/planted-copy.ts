import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export type PlantedCopy = {
  root: string
  plant: (files: Readonly<Record<string, string>>) => void
  run: (command: readonly [string, ...string[]]) => { status: number; output: string }
  remove: () => void
}

/** A copy of the project's own files beside the same dependencies, for planting violations in. */
export function makePlantedCopy(): PlantedCopy {
  const root = mkdtempSync(join(tmpdir(), 'autopack-planted-'))
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && existsSync(file))
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    cpSync(file, join(root, file))
  }
  for (const file of files.filter((name) => name.endsWith('package.json'))) {
    const modules = join(dirname(file), 'node_modules')
    if (existsSync(modules)) symlinkSync(resolve(modules), join(root, modules))
  }
  // A checkout of its own, so that tools that ask git what belongs to the project get an answer (oxlint, oxfmt).
  execFileSync('git', ['init', '-q'], { cwd: root })
  const planted: string[] = []
  return {
    root,
    plant(violation) {
      for (const file of planted.splice(0)) {
        if (existsSync(file)) cpSync(file, join(root, file))
        else rmSync(join(root, file), { force: true })
      }
      for (const [file, text] of Object.entries(violation)) {
        mkdirSync(dirname(join(root, file)), { recursive: true })
        writeFileSync(join(root, file), text)
        planted.push(file)
      }
    },
    run([program, ...args]) {
      const ended = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
      return { status: ended.status ?? 1, output: `${ended.stdout}\n${ended.stderr}` }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}
