import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export type FreshClone = {
  root: string
  /** Whether `text` stands in any file of the repository, as it is. */
  holds: (text: string) => boolean
}

/**
 * The project as a stranger gets it: nothing installed, nothing built. `head` is what is committed; `working-tree` adds what is not
 * committed yet, for `npm test`, which is about what is there now.
 */
export function makeFreshClone(source: string, target: string, what: 'head' | 'working-tree'): FreshClone {
  const git = (...parameters: string[]) => execFileSync('git', parameters, { cwd: source, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 })
  if (what === 'head') git('clone', '--quiet', '--no-hardlinks', source, target)
  const list =
    what === 'head' ? git('ls-tree', '-r', '-z', '--name-only', 'HEAD') : git('ls-files', '-z', '--cached', '--others', '--exclude-standard')
  const files = list.split('\0').filter((file) => file !== '' && (what === 'head' || existsSync(join(source, file))))
  if (what === 'working-tree') {
    for (const file of files) {
      mkdirSync(dirname(join(target, file)), { recursive: true })
      cpSync(join(source, file), join(target, file))
    }
  }
  const everything = Buffer.concat(files.map((file) => readFileSync(join(target, file))))
  return { root: target, holds: (text) => everything.includes(text) }
}
