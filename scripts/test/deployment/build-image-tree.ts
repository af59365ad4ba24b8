import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { DockerfileParser } from 'dockerfile-ast'
import { readDockerignore } from './ignored-by-docker.ts'

export type ImageTree = {
  /** What is `/app` in the image, and the Node that stands for the one of its base. */
  app: string
  node: string
  remove: () => void
}

/**
 * Carries out the first stage of Dockerfile.server in a folder, instruction by instruction, without a container engine: COPY with
 * .dockerignore, RUN in a shell. Only the installation of pnpm is replaced: the version it names comes through npx.
 */
export function buildImageTree(root: string): ImageTree {
  const folder = mkdtempSync(join(tmpdir(), 'autopack-image-'))
  // Whoever the processes run as may look in, as into an image.
  chmodSync(folder, 0o755)
  const app = join(folder, 'app')
  mkdirSync(app)
  const isIgnored = readDockerignore(readFileSync(join(root, '.dockerignore'), 'utf8'))
  const instructions = DockerfileParser.parse(readFileSync(join(root, 'Dockerfile.server'), 'utf8')).getInstructions()
  const [first, second] = instructions.flatMap((each, index) => (each.getKeyword() === 'FROM' ? [index] : []))
  for (const instruction of instructions.slice(first! + 1, second)) {
    const words = instruction.getArguments().map((each) => each.getValue())
    const content = instruction.getArgumentsContent() ?? ''
    switch (instruction.getKeyword()) {
      case 'WORKDIR':
        if (content !== '/app') throw new Error(`the stage works in ${content}`)
        break
      case 'COPY':
        for (const source of words.slice(0, -1)) {
          const target = words.at(-1)!.endsWith('/') ? join(app, words.at(-1)!, source) : join(app, words.at(-1)!)
          const filter = (path: string) => path === join(root, source) || (!isIgnored(relative(root, path)) && !lstatSync(path).isSymbolicLink())
          cpSync(join(root, source), target, { recursive: true, filter })
        }
        break
      case 'RUN':
        runInTree(content, folder, app)
        break
      default:
        throw new Error(`the stage has ${instruction.getKeyword()}, which this does not know`)
    }
  }
  const node = join(folder, 'node')
  try {
    linkSync(process.execPath, node)
  } catch {
    copyFileSync(process.execPath, node)
  }
  return { app, node, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

function runInTree(command: string, folder: string, app: string): void {
  const pnpm = /^npm install --global .*(pnpm@[\d.]+)$/.exec(command)?.[1]
  if (pnpm !== undefined) {
    writeFileSync(join(folder, 'pnpm'), `#!/bin/sh\nexec npx --yes --ignore-scripts ${pnpm} "$@"\n`, { mode: 0o755 })
    return
  }
  const ended = spawnSync('sh', ['-euc', command.replaceAll('/app', app)], {
    cwd: app,
    encoding: 'utf8',
    // Copied, so that what the image does to its files is not done to the store of this machine.
    env: { ...process.env, PATH: `${folder}:${process.env['PATH']}`, npm_config_package_import_method: 'copy', CI: '1' },
  })
  if (ended.status !== 0) throw new Error(`RUN ${command}\nended with ${ended.status}:\n${ended.stdout}\n${ended.stderr}`)
}
