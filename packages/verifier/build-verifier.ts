/**
 * `node packages/verifier/build-verifier.ts`: builds what strangers get into `packages/verifier/dist`, `verify-evidence.html`, one file that
 * fetches nothing, and `verify-evidence.mjs`, a command for plain Node 20. The same sources give the same bytes.
 */
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { build } from 'vite'
import type { Rolldown } from 'vite'

/** Of the page as a file: small enough to send along with a receipt. */
const pageBudgetBytes = 60_000
/** Of the command, which has everything in it. */
const commandBudgetBytes = 120_000

/** Writes both files. Throws Error where one is over its budget. */
async function buildVerifier(folder: string): Promise<void> {
  const page = await buildPage(join(folder, 'page'))
  const command = await buildCommand(join(folder, 'src/autopack-verify.ts'))
  for (const [name, content, budgetBytes] of [
    ['verify-evidence.html', page, pageBudgetBytes],
    ['verify-evidence.mjs', command, commandBudgetBytes],
  ] as const) {
    const bytes = Buffer.byteLength(content)
    if (bytes > budgetBytes) throw new Error(`${name} has ${bytes} bytes, more than ${budgetBytes}.`)
    mkdirSync(join(folder, 'dist'), { recursive: true })
    writeFileSync(join(folder, 'dist', name), content)
  }
  chmodSync(join(folder, 'dist/verify-evidence.mjs'), 0o755)
}

async function buildPage(folder: string): Promise<string> {
  const script = await bundle(join(folder, 'start-page.ts'), 'iife', ['es2023', 'chrome120', 'firefox129', 'safari17'])
  const loader = readFileSync(join(folder, 'unpack.js'), 'utf8')
    .replaceAll(/^\s+|\/\*[^]*?\*\//gm, '')
    .trim()
  const packed = deflateRawSync(script, { level: 9 }).toString('base64')
  const policy = [
    `default-src 'none'`,
    // The second is the script as it is unpacked: the browser runs exactly this one.
    `script-src '${toSource(loader)}' '${toSource(script)}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ')
  const parts: Record<string, string> = { policy, packed, loader }
  const template = readFileSync(join(folder, 'page.html'), 'utf8').replaceAll(/\s*\n\s*/g, '\n')
  // A function, because a replacement text may not hold a dollar sign.
  return template.replaceAll(/\s*%(policy|packed|loader)%\s*/g, (_whole, name: string) => parts[name]!)
}

/** What a policy calls an element with exactly this content. */
function toSource(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`
}

async function buildCommand(entry: string): Promise<string> {
  // The first line of the entry, which makes it a command, is kept.
  return `${await bundle(entry, 'es', ['node20'])}\n`
}

/** One minified script, with nothing of this machine or its environment in it. */
async function bundle(entry: string, format: 'iife' | 'es', target: string[]): Promise<string> {
  const built = (await build({
    configFile: false,
    envDir: false,
    publicDir: false,
    root: join(entry, '..'),
    logLevel: 'warn',
    mode: 'production',
    build: {
      write: false,
      target,
      minify: true,
      ssr: format === 'es',
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input: entry, output: { format, codeSplitting: false }, platform: format === 'es' ? 'node' : 'browser' },
    },
    ssr: { noExternal: true },
  })) as Rolldown.RolldownOutput
  const [script, ...others] = built.output
  if (others.length > 0 || script.imports.some((name) => !name.startsWith('node:'))) throw new Error(`${entry} does not build into one file.`)
  return script.code.trim()
}

await buildVerifier(import.meta.dirname)
