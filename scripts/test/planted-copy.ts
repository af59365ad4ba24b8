import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'

export type PlantedCopy = {
  root: string
  plant: (files: Readonly<Record<string, string>>) => void
  run: (command: readonly [string, ...string[]]) => { status: number; output: string }
  remove: () => void
}

/** A copy of the project's own files beside the same dependencies, for planting violations in. */
export function makePlantedCopy(): PlantedCopy {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'autopack-planted-')))
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && existsSync(file))
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    cpSync(file, join(root, file))
  }
  for (const file of files.filter((name) => name.endsWith('package.json'))) {
    const modules = join(dirname(file), 'node_modules')
    if (existsSync(modules)) linkModules(modules, root)
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

/**
 * Links every dependency, our own packages to their copies: what is planted in a package must be seen by the apps. Caches stay behind, so
 * that nothing of a changed copy is ever found by the project itself.
 */
function linkModules(folder: string, root: string): void {
  mkdirSync(join(root, folder), { recursive: true })
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    const isScope = entry.isDirectory() && entry.name.startsWith('@')
    if (isScope) linkModules(path, root)
    else if (!/^\.(cache|vite)/.test(entry.name)) symlinkSync(toCopied(realpathSync(path), root), join(root, path))
  }
}

function toCopied(target: string, root: string): string {
  const path = relative(realpathSync('.'), target)
  const isOurs = !path.startsWith('..') && !path.split(sep).includes('node_modules')
  return isOurs ? resolve(root, path) : target
}
