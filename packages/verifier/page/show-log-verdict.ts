import type { AuditVerdict } from '../src/verify-audit-log.ts'
import { fromFile } from './build-element.ts'
import { buildNote, buildPairs, buildRow, buildVerdict, toMomentWords } from './build-verdict.ts'
import type { ShownVerdict } from './build-verdict.ts'
import { buildElement } from './build-element.ts'
import { tamperedWords } from './check-words.ts'

export function showLogVerdict(result: AuditVerdict): ShownVerdict {
  if (!result.ok) return showBroken(result)
  const { count, head, checkpoints } = result
  const entries = `${count.toLocaleString('en-GB')} ${count === 1 ? 'entry' : 'entries'}`
  const against =
    checkpoints.length === 0
      ? 'It was compared with no checkpoint.'
      : `It holds against ${checkpoints.length === 1 ? 'its checkpoint' : `${checkpoints.length} checkpoints`}.`
  const notes =
    checkpoints.length === 0
      ? [
          buildNote(
            'needs',
            'A log that was cut off at its end, or written anew as a whole, looks the same. Add a checkpoint that was kept elsewhere to see either.',
          ),
        ]
      : []
  if (checkpoints.some(({ trust }) => trust === 'stated')) notes.push(buildNote('needs', 'The key is only the word of whoever made these files.'))
  const last = checkpoints.at(-1)
  if (last !== undefined && last.size < count) {
    const after = (count - last.size).toLocaleString('en-GB')
    notes.push(buildNote('idle', `The last ${after} came after the newest of these checkpoints: the chain alone speaks for them.`))
  }
  const rows = checkpoints.map(({ origin, size, time, key_id }) =>
    buildElement('p', {}, `The first ${size.toLocaleString('en-GB')} of `, fromFile(origin), `, signed ${toMomentWords(time)} by the key ${key_id}`),
  )
  return {
    verdict: [buildVerdict('ok', 'Verified', `${entries}: none changed, left out, added or moved. ${against}`)],
    findings: [
      ...notes,
      buildElement(
        'div',
        { class: 'sheet' },
        ...(rows.length === 0 ? [] : [buildRow('Checkpoints', ...rows)]),
        buildRow(
          'Log',
          buildPairs([
            ['Entries', count.toLocaleString('en-GB')],
            ['Hash of the last', buildElement('span', { class: 'mono' }, head)],
          ]),
        ),
      ),
    ],
  }
}

function showBroken(result: Extract<AuditVerdict, { ok: false }>): ShownVerdict {
  const where = result.seq === null ? '' : ` From entry ${result.seq.toLocaleString('en-GB')} on it is not what was written.`
  const words = `${tamperedWords[result.reason] ?? ''}${where}`
  const before = result.seq === null ? 0 : result.seq - 1
  const rows = [
    buildRow(
      'Reason',
      buildPairs([
        ['Called', result.reason],
        ['Found', fromFile(result.detail)],
      ]),
    ),
  ]
  if (before > 0) rows.push(buildRow('Before it', buildElement('p', {}, `${before.toLocaleString('en-GB')} entries that follow from each other`)))
  return { verdict: [buildVerdict('failed', 'Not verified', words)], findings: [buildElement('div', { class: 'sheet' }, ...rows)] }
}
