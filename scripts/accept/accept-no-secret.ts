import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AcceptanceSetup } from './acceptance-setup.ts'
import { listConsoleSecrets, toForms } from './listed-secrets.ts'
import type { RecordedAnswer } from './answer-book.ts'

/** Section 7: bundle, logs, terminal and every answer are searched for every secret there is, in every form in which it could hide. */
export function acceptNoSecret(setups: readonly AcceptanceSetup[], agentLogs: readonly string[]): void {
  const { report, book, clone, workspace, secrets } = setups[0]!
  const bundle = readFolder(join(clone.root, 'apps/web/dist'))
  const logs = [
    ...setups.flatMap(({ console: console_ }) => ['logs', 'demo-agent'].flatMap((name) => readFolder(join(console_.dataDir, name)))),
    ...agentLogs.map((path) => ({ from: path, bytes: readFileSync(path) })),
  ]
  const terminal = setups.flatMap(({ console: console_ }) =>
    // The three sign-ins are printed at each start on purpose; everything else that is printed counts.
    console_
      .outputs()
      .map((text) => ({ from: `${console_.name} terminal`, bytes: Buffer.from(text.replace(/^ {4}(admin|approver|viewer) +\S+ /gm, '')) })),
  )
  const html = book.answers.filter(({ bytes }) => bytes.subarray(0, 15).toString('latin1').toLowerCase() === '<!doctype html>')
  const places = { 'the bundle': bundle, 'HTML answers': html, logs, 'the terminal': terminal, 'all answers': book.answers }
  const wanted = [...secrets, ...setups.flatMap(({ console: console_ }) => listConsoleSecrets(console_))]
  for (const [place, texts] of Object.entries(places)) {
    const bytes = texts.reduce((sum, text) => sum + text.bytes.length, 0)
    const found = wanted.flatMap((secret) => findSecret(secret.value, texts).map((where) => `${secret.what} in ${where}`))
    const words = `${place} (${texts.length} texts, ${(bytes / 1e6).toFixed(1)} MB): none of ${wanted.length} keys, passwords and planted secrets`
    report.check('7', texts.length > 0 && bytes > 0 && found.length === 0, words, [...new Set(found)].slice(0, 30))
  }
  // A search that finds nothing proves nothing unless it finds what is there.
  const there = findSecret(workspace.name, [...logs, ...book.answers])
  report.check(
    '7',
    there.some((from) => from.startsWith('/')) && there.length > 3,
    'the same search does find what really stands in logs and answers',
    there,
  )
}

function findSecret(secret: string, texts: readonly RecordedAnswer[]): string[] {
  const forms = toForms(secret)
  return texts.filter(({ bytes }) => forms.some((form) => bytes.includes(form))).map(({ from }) => from)
}

function readFolder(folder: string): RecordedAnswer[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ from: path, bytes: readFileSync(path) }))
}
