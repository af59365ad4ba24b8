import type { Descriptor } from './descriptor.ts'
import type { ExplainedLeaf } from './explain-leaves.ts'
import type { Payload } from './payload.ts'
import type { RenderedField } from './render-action.ts'
import { cutText, toVisibleText } from './visible-text.ts'

/** `value` marks what comes from the payload: show it as data, isolated from the words around it. */
export type SentencePart = { text: string; value?: true }

const maxValueCharacters = 160

/**
 * The sentence that follows “Agent X wants to”: the descriptor's words with the payload's values in their slots, and in words what the
 * sentence leaves out. `missing` names the slots nothing fills.
 */
export function renderSentence(
  payload: Payload,
  descriptor: Descriptor | null,
  explained: ExplainedLeaf[],
  fields: RenderedField[],
): { parts: SentencePart[]; missing: string[] } {
  const parts: SentencePart[] = []
  const missing: string[] = []
  if (descriptor === null) {
    parts.push({ text: `send ${payload.request.method} ` })
    parts.push({ text: cutText(toVisibleText(payload.request.path, false).text, maxValueCharacters), value: true })
    parts.push({ text: ` to ${payload.provider}: none of its ${fields.length} values can be explained` })
  } else {
    for (const [place, piece] of descriptor.sentence.split(/\{([a-z_]+)\}/).entries()) {
      if (place % 2 === 0) {
        if (piece !== '') parts.push({ text: piece })
        continue
      }
      const found = explained.findIndex((item) => item.field?.slot === piece)
      if (found === -1) missing.push(piece)
      parts.push({ text: found === -1 ? '(not given)' : toSlotText(fields[found]!), value: true })
    }
    const unexplained = explained.filter((item) => item.field === null).length
    if (unexplained > 0) {
      const values = unexplained === 1 ? '1 value' : `${unexplained} values`
      parts.push({ text: `, and ${values} that cannot be explained` })
    }
  }
  if (payload.mode === 'dry_run') parts.push({ text: ', as a dry run: nothing is sent' })
  return { parts, missing }
}

/** One line, and no closing quote of ours: a title must not be able to end its own quotation and go on as the console. */
function toSlotText(field: RenderedField): string {
  const line = field.value_text.replace(/[«»\n\t]/g, (character) => {
    return `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
  return cutText(line, maxValueCharacters)
}
