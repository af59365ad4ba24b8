/** Server-sent events as text (WHATWG HTML, "Interpreting an event stream"): lines in, events out. */
export type ServerSentEvent = { id: string | null; event: string; data: string }

/** Give it text as it arrives, cut anywhere; it calls back once per complete event. */
export function createEventSourceParser(onEvent: (event: ServerSentEvent) => void): (text: string) => void {
  let rest = ''
  let id: string | null = null
  let name = ''
  let data: string[] = []

  function takeLine(line: string): void {
    if (line === '') {
      if (data.length > 0 || name !== '') onEvent({ id, event: name === '' ? 'message' : name, data: data.join('\n') })
      name = ''
      data = []
      return
    }
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'event') name = value
    else if (field === 'data') data.push(value)
    else if (field === 'id' && !value.includes('\0')) id = value
  }

  return (text) => {
    rest += text
    for (;;) {
      const end = rest.search(/\r|\n/)
      if (end === -1) return
      // A lone CR at the very end may be the first half of CRLF: wait for the other half.
      if (rest[end] === '\r' && end === rest.length - 1) return
      takeLine(rest.slice(0, end))
      rest = rest.slice(rest[end] === '\r' && rest[end + 1] === '\n' ? end + 2 : end + 1)
    }
  }
}
