import type { AuditVerdict } from '../src/verify-audit-log.ts'
import { buildElement, fromFile } from './build-element.ts'
import { buildPairs, buildRow, buildVerdict, toMomentWords } from './build-verdict.ts'
import type { ShownVerdict } from './build-verdict.ts'
import { tamperedWords } from './check-words.ts'

/** `name`: of the file, which says whether it is an extract. */
export function showLogVerdict(result: AuditVerdict, { name }: { name: string }): ShownVerdict {
  if (!result.ok) return showBroken(result, name)
  const { count, head, checkpoints } = result
  const all = count.toLocaleString('en-GB')
  const entries = `${all} ${count === 1 ? 'entry' : 'entries'}`
  const last = checkpoints.at(-1)
  const signed = last?.size.toLocaleString('en-GB')
  const after = count - (last?.size ?? 0)
  const rows = checkpoints.map(({ origin, size, time, key_id }) =>
    buildElement('p', {}, `The first ${size.toLocaleString('en-GB')} of `, fromFile(origin), `, signed ${toMomentWords(time)} by the key ${key_id}`),
  )
  const against = checkpoints.length === 1 ? 'its checkpoint' : `${checkpoints.length} checkpoints`
  const verdict =
    last === undefined
      ? buildVerdict(
          'needs',
          'Holds in itself',
          `${entries}, each of which follows from the one before it. It was compared with no checkpoint.`,
          'A log that was cut off at its end, or written anew as a whole, looks the same. Add a checkpoint that was kept elsewhere, and the key, to see either.',
        )
      : after === 0
        ? buildVerdict('ok', 'Verified', `${entries}: none changed, left out, added or moved. It holds against ${against}.`)
        : buildVerdict(
            'ok',
            `Verified: the first ${signed} of ${entries}`,
            `Of those none is changed, left out, added or moved. It holds against ${against}.`,
            `No checkpoint covers the ${after.toLocaleString('en-GB')} after them: anybody may have written ${after === 1 ? 'it' : 'those'}, or cut off more.`,
          )
  return {
    verdict: [verdict],
    findings: [
      buildElement(
        'div',
        { class: 'sheet' },
        ...(rows.length === 0 ? [] : [buildRow('Checkpoints', ...rows)]),
        buildRow(
          'Log',
          buildPairs([
            ['Entries', all],
            ['Hash of the last', buildElement('span', { class: 'mono' }, head)],
          ]),
        ),
      ),
    ],
  }
}

function showBroken(result: Extract<AuditVerdict, { ok: false }>, name: string): ShownVerdict {
  if (result.reason === 'missing' && /extract/i.test(name)) {
    const words = 'What a query found lacks the entries between, so it cannot be checked by itself. Take the whole log.'
    return { verdict: [buildVerdict('needs', 'This is an extract', words)], findings: [] }
  }
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
