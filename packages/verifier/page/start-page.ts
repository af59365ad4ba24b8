import { verifyAuditLog } from '../src/verify-audit-log.ts'
import { verifyReceipt } from '../src/verify-receipt.ts'
import { buildElement, fromFile } from './build-element.ts'
import { readFileLines, readMaterial, readPasted } from './read-material.ts'
import type { Material } from './read-material.ts'
import { showLogVerdict } from './show-log-verdict.ts'
import { showReceiptVerdict } from './show-receipt-verdict.ts'

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

const kindWords = { receipt: 'Receipt', log: 'Log', checkpoint: 'Checkpoint', rotation: 'Rotation', key: 'Key' } as const

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
  const found = readPasted(pasted.value, 'pasted')
  if (found.length > 0) {
    pasted.value = ''
    return add(found)
  }
  // A whole receipt may be pasted as well.
  const text = pasted.value.trim()
  if (text.startsWith('{')) return void addFiles([new File([text], 'pasted')])
  tellProblem('In what is pasted there is no key, no checkpoint and no rotation.')
})
byId('stop').addEventListener('click', () => running?.abort())

async function addFiles(chosen: readonly File[]): Promise<void> {
  if (chosen.length === 0) return
  const found: Material[] = []
  for (const file of chosen) {
    try {
      found.push(...(await readMaterial(file.name, file)))
    } catch {
      return tellProblem(`${file.name} cannot be read. A folder cannot be checked; choose the file in it.`)
    }
  }
  add(found)
}

function add(found: readonly Material[]): void {
  for (const item of found) {
    // One file is checked at a time: a new one takes the place of the one before.
    if ('file' in item) added = added.filter((other) => !('file' in other))
    else if (added.some((other) => 'text' in other && other.text === item.text)) continue
    added.push(item)
  }
  void check()
}

function listMaterial(): void {
  material.replaceChildren(
    ...added.map((item) => {
      const remove = buildElement('button', { type: 'button', 'aria-label': `Remove this ${kindWords[item.kind].toLowerCase()}` }, 'Remove')
      remove.addEventListener('click', () => {
        added = added.filter((other) => other !== item)
        void check()
      })
      const what = 'file' in item ? item.name : item.kind === 'key' ? item.text : `${item.text.split('\n', 2).join(', ')}, from ${item.name}`
      return buildElement('li', {}, buildElement('span', { class: 'kind' }, kindWords[item.kind]), fromFile(what), remove)
    }),
  )
}

function listTexts(kind: 'checkpoint' | 'rotation' | 'key'): string[] {
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
  const item = added.find((one) => 'file' in one)
  if (item === undefined) {
    if (added.length > 0) verdict.replaceChildren('Add the receipt or the log that is to be checked.')
    return
  }
  try {
    if (item.kind === 'receipt') await checkReceipt(item.file, current.signal)
    else await checkLog(item.file, current.signal)
  } catch (error) {
    if (running !== current) return
    if (current.signal.aborted) verdict.replaceChildren(buildElement('p', { class: 'note' }, 'Stopped: nothing is said about this log.'))
    else tellProblem(`It cannot be read: ${error instanceof TypeError ? 'it is not text in UTF-8.' : (error as Error).message}`)
  } finally {
    if (running === current) progress.hidden = true
  }
}

async function checkReceipt(file: Blob, signal: AbortSignal): Promise<void> {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer())
  const result = await verifyReceipt(text, { trustedKeys: listTexts('key') })
  if (signal.aborted) return
  const shown = showReceiptVerdict(result, { hasNotes: listTexts('checkpoint').length + listTexts('rotation').length > 0 })
  verdict.replaceChildren(...shown.verdict)
  findings.replaceChildren(...shown.findings)
}

async function checkLog(file: Blob, signal: AbortSignal): Promise<void> {
  progress.hidden = false
  progressBar.value = 0
  progressWords.textContent = 'Reading'
  let bytesRead = 0
  const lines = readFileLines(file, (bytes) => {
    bytesRead = bytes
  })
  const result = await verifyAuditLog(lines, {
    checkpoints: listTexts('checkpoint'),
    rotations: listTexts('rotation'),
    trustedKeys: listTexts('key'),
    signal,
    onProgress: (count) => {
      if (signal.aborted) return
      progressBar.value = file.size === 0 ? 1000 : Math.floor((bytesRead / file.size) * 1000)
      progressWords.textContent = `${count.toLocaleString('en-GB')} entries hold so far`
    },
  })
  if (signal.aborted) return
  const shown = showLogVerdict(result)
  verdict.replaceChildren(...shown.verdict)
  findings.replaceChildren(...shown.findings)
}
