import { writeAuditQueryTerm } from '@autopack/contract/audit-query'
import { completeAuditQuery } from '@autopack/contract/complete-audit-query'

/** `start` to `end` of the text is replaced by `text`; `shown` is what the list says. */
export type Completion = { start: number; end: number; text: string; shown: string; explains: string }

/** What was seen so far, of the fields that take anything. */
export type SeenValues = Partial<Record<'who' | 'run' | 'action', readonly { value: string; explains: string }[]>>

const longestList = 12

/** What could be written at the caret, by the language and by what was seen. */
export function completeQuery(text: string, caret: number, seen: SeenValues): Completion[] {
  const { start, end, options } = completeAuditQuery(text, caret)
  const written = text.slice(start, caret).toLowerCase()
  const open = options.filter((option) => option.text !== written)
  if (open.length > 0) {
    // After a field comes its value; after a value, the next term.
    return open.slice(0, longestList).map(({ text: option, explains }) => ({
      start,
      end,
      text: option.endsWith(':') ? option : `${option} `,
      shown: option,
      explains,
    }))
  }
  const field = /(?:^|[\s-])(who|run|action):$/i.exec(text.slice(0, start))?.[1]?.toLowerCase() as keyof SeenValues | undefined
  return (field === undefined ? [] : (seen[field] ?? []))
    .filter(({ value }) => value.toLowerCase().includes(written) && value.toLowerCase() !== written)
    .slice(0, longestList)
    .map(({ value, explains }) => ({
      start: start - field!.length - 1,
      end,
      text: `${writeAuditQueryTerm(field!, value)} `,
      shown: value,
      explains,
    }))
}
