const structure = /[{}[\],:]|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y
const whiteSpace = /[ \t\r\n]*/y

/**
 * The value of a JSON text, nested `maxLevels` deep at most; objects have no prototype. Throws Error for anything else, also for a key that
 * appears twice: two readers could see two things. Not JSON.parse: it keeps the last of two keys, and V8 14.6 may give a key that follows
 * another and is one escape the wrong name (nodejs/node#63785). Only what stands alone is left to it, which it reads correctly. Numbers are
 * safe integers: others are rounded by one reader and not by the next.
 */
export function readJson(text: string, maxLevels: number): unknown {
  let offset = 0
  const value = readValue(next(), 0)
  skipWhiteSpace()
  if (offset !== text.length) throw new Error('something follows the value')
  return value

  function skipWhiteSpace(): void {
    whiteSpace.lastIndex = offset
    whiteSpace.exec(text)
    offset = whiteSpace.lastIndex
  }

  function next(): string {
    skipWhiteSpace()
    if (text[offset] === '"') return nextText()
    structure.lastIndex = offset
    const found = structure.exec(text)
    if (!found) throw new Error(`no JSON at ${offset}`)
    offset = structure.lastIndex
    return found[0]
  }

  /** In a loop: an expression that takes escapes one after the other runs out of the engine's stack where there are millions. */
  function nextText(): string {
    const start = offset
    let end = start
    do {
      end = text.indexOf('"', end + 1)
      if (end === -1) throw new Error(`no JSON at ${start}`)
    } while (isEscaped(end))
    offset = end + 1
    return text.slice(start, offset)
  }

  /** Whether an odd number of backslashes stands before this place. */
  function isEscaped(place: number): boolean {
    let first = place
    while (text[first - 1] === '\\') first -= 1
    return (place - first) % 2 === 1
  }

  function readValue(token: string, level: number): unknown {
    if (token.startsWith('{')) return readObject(level)
    if (token.startsWith('[')) return readArray(level)
    if (/^[\]},:]/.test(token)) throw new Error(`no value at ${offset}`)
    const value: unknown = JSON.parse(token)
    if (typeof value === 'number' && String(value) !== token) throw new Error(`${token.slice(0, 100)} is not written as an integer`)
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Error(`${token.slice(0, 100)} is no safe integer`)
    return value
  }

  function enter(level: number): void {
    if (level >= maxLevels) throw new Error('nested too deep')
  }

  /** Whether another one follows. */
  function goOn(close: string): boolean {
    const token = next()
    if (token !== ',' && token !== close) throw new Error(`neither a comma nor ${close} at ${offset}`)
    return token === ','
  }

  function readArray(level: number): unknown[] {
    enter(level)
    const items: unknown[] = []
    let token = next()
    if (token === ']') return items
    for (;;) {
      items.push(readValue(token, level + 1))
      if (!goOn(']')) return items
      token = next()
    }
  }

  function readObject(level: number): Record<string, unknown> {
    enter(level)
    const object = Object.create(null) as Record<string, unknown>
    let token = next()
    if (token === '}') return object
    for (;;) {
      if (!token.startsWith('"')) throw new Error(`no key at ${offset}`)
      const key = JSON.parse(token) as string
      if (key in object) throw new Error(`the key ${token.slice(0, 100)} appears twice`)
      if (next() !== ':') throw new Error(`no colon at ${offset}`)
      object[key] = readValue(next(), level + 1)
      if (!goOn('}')) return object
      token = next()
    }
  }
}
