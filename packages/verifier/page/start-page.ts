import { findLaterVersion } from '../src/receipt.ts'
import { verifyAuditLog } from '../src/verify-audit-log.ts'
import { verifyReceipt } from '../src/verify-receipt.ts'
import { buildElement, fromFile } from './build-element.ts'
import { buildVerdict } from './build-verdict.ts'
import type { ShownVerdict } from './build-verdict.ts'
import style from './page.css?inline'
import { PartlyReadError, readFileLines, readMaterial, readPasted } from './read-material.ts'
import type { Material, Note } from './read-material.ts'
import { showLogVerdict } from './show-log-verdict.ts'
import { showReceiptVerdict } from './show-receipt-verdict.ts'

// It travels deflated with the script; a sheet that a script makes needs no permission of the policy.
const sheet = new CSSStyleSheet()
sheet.replaceSync(style)
document.adoptedStyleSheets = [sheet]

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const drop = byId('drop')
const files = byId<HTMLInputElement>('files')
const pasted = byId<HTMLTextAreaElement>('pasted')
const material = byId('material')
const problem = byId('problem')
const progress = byId('progress')
const progressBar = byId<HTMLProgressElement>('progress-bar')
const progressWords = byId('progress-words')
const verdict = byId('verdict')
const findings = byId('findings')

const kindWords = {
  receipt: 'Receipt',
  log: 'Log',
  checkpoint: 'Checkpoint',
  rotation: 'Rotation',
  key: 'Key',
  offered: 'Key, not believed',
} as const
/** More keys out of one file are not told apart. */
const mostOffered = 10

let added: Material[] = []
let running: AbortController | null = null

files.addEventListener('change', () => {
  void addFiles([...(files.files ?? [])])
  // The same file again is a change, too.
  files.value = ''
})
for (const name of ['dragover', 'dragleave', 'drop'] as const) {
  document.addEventListener(name, (event) => {
    event.preventDefault()
    drop.classList.toggle('over', name === 'dragover')
    if (name === 'drop') void addFiles([...(event.dataTransfer?.files ?? [])])
  })
}
byId('add').addEventListener('click', () => {
  // A whole receipt may be pasted as well.
  const text = pasted.value.trim()
  if (text.startsWith('{')) return void addFiles([new File([text], 'pasted')])
  let found: Material[]
  try {
    found = readPasted(pasted.value)
  } catch (error) {
    return tellProblem((error as Error).message)
  }
  if (found.length > 0) {
    pasted.value = ''
    return add(found)
  }
  tellProblem('In what is pasted there is no key, no checkpoint and no rotation.')
})
byId('stop').addEventListener('click', () => running?.abort())

async function addFiles(chosen: readonly File[]): Promise<void> {
  if (chosen.length === 0) return
  const found: Material[] = []
  for (const file of chosen) {
    try {
      found.push(...(await readMaterial(file.name, file)))
    } catch (error) {
      if (error instanceof PartlyReadError) return tellProblem(error.message)
      return tellProblem(`${file.name} cannot be read. A folder cannot be checked; choose the file in it.`)
    }
  }
  add(found)
}

function add(found: readonly Material[]): void {
  for (const item of found) {
    // One receipt and one log: a new one takes the place of the one before.
    if ('file' in item) added = added.filter((other) => other.kind !== item.kind)
    // What is believed takes the place of what was only offered.
    else if (item.kind === 'key') added = added.filter((other) => !('text' in other && other.text === item.text))
    else if (added.some((other) => 'text' in other && other.text === item.text)) continue
    added.push(item)
  }
  void check()
}

/** What came out of one file and is of one kind stands in one line, however many there are; but a few keys that are offered one by one. */
function listMaterial(): void {
  const groups = new Map<string, Material[]>()
  const few = added.filter(({ kind }) => kind === 'offered').length <= mostOffered
  for (const item of added) {
    const group = few && item.kind === 'offered' ? item.text : `${item.kind} ${item.name}`
    groups.set(group, [...(groups.get(group) ?? []), item])
  }
  material.replaceChildren(
    ...[...groups.values()].map((items) => {
      const [item] = items as [Material]
      const what = items.length === 1 ? describe(item) : `${items.length.toLocaleString('en-GB')} from ${item.name}`
      const word = item.kind === 'offered' ? 'key' : kindWords[item.kind].toLowerCase()
      const kind = items.length === 1 ? `this ${word}` : `these ${word}s`
      const remove = buildElement('button', { type: 'button', 'aria-label': `Remove ${kind}` }, 'Remove')
      remove.addEventListener('click', () => {
        added = added.filter((other) => !items.includes(other))
        void check()
      })
      const believe = item.kind === 'offered' && items.length === 1 ? buildBelieve(item) : null
      return buildElement('li', {}, buildElement('span', { class: 'kind' }, kindWords[item.kind]), fromFile(what), believe, remove)
    }),
  )
}

function buildBelieve(item: Note): HTMLElement {
  const believe = buildElement('button', { type: 'button' }, 'Believe this key')
  believe.addEventListener('click', () => add([{ ...item, kind: 'key' }]))
  return believe
}

function describe(item: Material): string {
  if ('file' in item) return item.name
  return item.kind === 'key' || item.kind === 'offered' ? item.text : `${item.text.split('\n', 2).join(', ')}, from ${item.name}`
}

function listTexts(kind: Exclude<Note['kind'], 'offered'>): string[] {
  return added.flatMap((item) => (item.kind === kind ? [item.text] : []))
}

function tellProblem(words: string): void {
  problem.replaceChildren(fromFile(words))
  problem.hidden = false
}

/** Checks what is there from the beginning; whatever is still running ends without a word. */
async function check(): Promise<void> {
  running?.abort()
  const current = new AbortController()
  running = current
  listMaterial()
  problem.hidden = true
  verdict.replaceChildren()
  findings.replaceChildren()
  progress.hidden = true
  const receipt = added.find((item) => item.kind === 'receipt')
  const log = added.find((item) => item.kind === 'log')
  if (receipt === undefined && log === undefined) {
    if (added.length > 0) verdict.replaceChildren('Add the receipt or the log that is to be checked.')
    return
  }
  progress.hidden = false
  progressBar.removeAttribute('value')
  progressWords.textContent = 'Reading'
  try {
    const shown = receipt === undefined ? await checkLog(log!, current.signal) : await checkReceipt(receipt.file, log?.file ?? null, current.signal)
    if (running !== current) return
    verdict.replaceChildren(...shown.verdict)
    findings.replaceChildren(...shown.findings)
  } catch (error) {
    if (running !== current) return
    const what = receipt === undefined ? 'log' : 'receipt'
    if (current.signal.aborted) verdict.replaceChildren(buildElement('p', { class: 'note' }, `Stopped: nothing is said about this ${what}.`))
    else tellProblem(`It cannot be read: ${error instanceof TypeError ? 'it is not text in UTF-8.' : (error as Error).message}`)
  } finally {
    if (running === current) progress.hidden = true
  }
}

async function checkReceipt(file: Blob, log: Blob | null, signal: AbortSignal): Promise<ShownVerdict> {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer())
  const later = findLaterVersion(text)
  if (later !== null) throw new Error(`it is ${later}, which came after this verifier: take a newer one.`)
  const read = log === null ? null : readLogLines(log, signal)
  const beside = read === null ? {} : { log: read.lines, checkpoints: listTexts('checkpoint'), onProgress: read.onProgress }
  const result = await verifyReceipt(text, {
    trustedKeys: listTexts('key'),
    rotations: listTexts('rotation'),
    ...beside,
    signal,
  })
  signal.throwIfAborted()
  return showReceiptVerdict(result, { hasLog: log !== null, hasCheckpoints: listTexts('checkpoint').length > 0 })
}

async function checkLog({ file, name }: { file: Blob; name: string }, signal: AbortSignal): Promise<ShownVerdict> {
  const checkpoints = listTexts('checkpoint')
  const trustedKeys = listTexts('key')
  if (checkpoints.length > 0 && trustedKeys.length === 0) {
    const words =
      'A checkpoint says nothing without the key that signed it. Add one that you have from somebody you trust, or remove the checkpoints. A key out of a file counts once you say that you believe it.'
    return { verdict: [buildVerdict('needs', 'The key is missing', words)], findings: [] }
  }
  const { lines, onProgress } = readLogLines(file, signal)
  const result = await verifyAuditLog(lines, { checkpoints, rotations: listTexts('rotation'), trustedKeys, signal, onProgress })
  signal.throwIfAborted()
  return showLogVerdict(result, { name })
}

/** The lines of a log, and what tells how far it is. */
function readLogLines(file: Blob, signal: AbortSignal): { lines: AsyncIterable<string>; onProgress: (count: number) => void } {
  let bytesRead = 0
  return {
    lines: readFileLines(file, (bytes) => {
      bytesRead = bytes
    }),
    onProgress: (count) => {
      if (signal.aborted) return
      progressBar.value = file.size === 0 ? 1000 : Math.floor((bytesRead / file.size) * 1000)
      progressWords.textContent = `${count.toLocaleString('en-GB')} entries hold so far`
    },
  }
}
