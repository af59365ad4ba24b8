/** A stretch of text that must not be shown: UTF-16 offsets, end exclusive. */
export type Span = {
  start: number
  end: number
  rule: string
  /** Where spans overlap, the rule with the higher priority names the whole. */
  priority: number
  /** What the fingerprint is taken of, where it is not the text itself: the secret behind an encoded form. */
  value?: string
}

/** Spans in order, overlapping ones joined to one that covers them all and is named by the strongest rule. */
export function joinSpans(spans: Span[]): Span[] {
  const joined: Span[] = []
  const inOrder = spans.filter((span) => span.end > span.start).toSorted((one, other) => one.start - other.start || other.end - one.end)
  for (const span of inOrder) {
    const last = joined.at(-1)
    if (last === undefined || span.start >= last.end) {
      joined.push({ ...span })
      continue
    }
    last.end = Math.max(last.end, span.end)
    if (span.priority > last.priority) {
      last.rule = span.rule
      last.priority = span.priority
      last.value = span.value
    }
  }
  return joined
}
