import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export type BuildResult = { built: boolean; seconds: number }

const verifierDownloads = ['verify-evidence.html', 'verify-evidence.mjs']
const skippedFolders = new Set(['node_modules', 'dist', '.vite'])

/**
 * Builds the SPA into `apps/web/dist` when one of its inputs changed: its own files, those of the workspace packages it depends on,
 * the lockfile. Beside it lie the page and the command that verify evidence, for download. Vite gets none of the caller's environment, so no
 * secret can end in a bundle. Throws Error with Vite's output.
 */
export async function buildWeb(root: string): Promise<BuildResult> {
  const startedAt = performance.now()
  // Vite empties the folder first, so a build that was cut off leaves no stamp.
  const stampPath = join(root, 'apps/web/dist/.build-stamp')
  const wanted = hashWebInputs(root)
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === wanted) return { built: false, seconds: 0 }
  const web = join(root, 'apps/web')
  const verifier = join(root, 'packages/verifier')
  await run(web, [join(web, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'])
  await run(verifier, [join(verifier, 'build-verifier.ts')])
  for (const name of verifierDownloads) copyFileSync(join(verifier, 'dist', name), join(web, 'dist', name))
  writeFileSync(stampPath, wanted)
  return { built: true, seconds: (performance.now() - startedAt) / 1000 }
}

/** SHA-256 over names and contents of everything that decides the bundle, but for tests. */
export function hashWebInputs(root: string): string {
  const hash = createHash('sha256').update(process.version)
  const files = [join(root, 'pnpm-lock.yaml'), join(root, 'tsconfig.base.json')]
  for (const folder of listWorkspaceFolders(root, 'apps/web')) files.push(...listInputs(join(root, folder)))
  for (const file of files) hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

/** The package and, transitively, the workspace packages among its dependencies, as folders relative to the root. */
function listWorkspaceFolders(root: string, folder: string): string[] {
  const found = new Set<string>([folder])
  for (const current of found) {
    const manifest = JSON.parse(readFileSync(join(root, current, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> }
    for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
      if (version.startsWith('workspace:')) found.add(`packages/${name.slice('@autopack/'.length)}`)
    }
  }
  return [...found]
}

function listInputs(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : listInputs(join(folder, entry.name))
      return entry.isFile() && !/\.test\.tsx?$/.test(entry.name) ? [join(folder, entry.name)] : []
    })
}

function run(folder: string, parameters: string[]): Promise<void> {
  const child = spawn(process.execPath, parameters, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => (status === 0 ? resolve() : reject(new Error(`The console's pages could not be built.\n${output.trim()}`))))
  })
}
