import { maxDepth, maxMembers, refusalWords, toPointer } from './canonical-profile.ts'
import type { CanonicalProblem, CanonicalRule, JsonValue } from './canonical-profile.ts'

/** How a reader stops: carries the refusal to parseCanonical and never leaves the package. */
export class Refusal extends Error {
  readonly problem: CanonicalProblem
  constructor(problem: CanonicalProblem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** Reads one document that must be its own canonical form; throws Refusal at the first character that is not. */
export class CanonicalReader {
  readonly #text: string
  readonly #path: Array<string | number> = []
  #offset = 0
  #members = 0

  constructor(text: string) {
    this.#text = text
  }

  readDocument(): JsonValue {
    const value = this.#readValue()
    if (this.#offset < this.#text.length) {
      this.#refuseHere('Something follows the end of the value: remove it.')
    }
    return value
  }

  #refuse(rule: CanonicalRule, detail: string, offset = this.#offset): never {
    throw new Refusal({ ok: false, rule, at: toPointer(this.#path), offset, detail })
  }

  /** Names whitespace as what it is, so that a pretty-printed text is not called broken. */
  #refuseHere(detail: string): never {
    const character = this.#text[this.#offset]
    if (character === ' ' || character === '\n' || character === '\r' || character === '\t') {
      this.#refuse('whitespace', 'Remove the white space between values: the canonical form has none.')
    }
    if (character === undefined) this.#refuse('not_json', 'The text ends in the middle of a value: send all of it.')
    this.#refuse('not_json', detail)
  }

  #readValue(): JsonValue {
    const character = this.#text[this.#offset]
    if (character === '{') return this.#readObject()
    if (character === '[') return this.#readArray()
    if (character === '"') return this.#readString()
    if (character === '-' || isDigit(this.#text.charCodeAt(this.#offset))) return this.#readNumber()
    if (this.#text.startsWith('null', this.#offset)) return this.#skip('null', null)
    if (this.#text.startsWith('true', this.#offset)) return this.#skip('true', true)
    if (this.#text.startsWith('false', this.#offset)) return this.#skip('false', false)
    return this.#refuseHere('A JSON value was expected here.')
  }

  #skip<T>(word: string, value: T): T {
    this.#offset += word.length
    return value
  }

  #enter(): void {
    if (this.#path.length >= maxDepth) this.#refuse('too_deep', refusalWords.tooDeep)
    this.#offset += 1
  }

  #countMember(): void {
    this.#members += 1
    if (this.#members > maxMembers) this.#refuse('too_many_members', refusalWords.tooManyMembers)
  }

  #readArray(): JsonValue[] {
    this.#enter()
    const items: JsonValue[] = []
    if (this.#text[this.#offset] === ']') return this.#skip(']', items)
    for (;;) {
      this.#path.push(items.length)
      this.#countMember()
      items.push(this.#readValue())
      this.#path.pop()
      const next = this.#text[this.#offset]
      if (next === ']') return this.#skip(']', items)
      if (next !== ',') this.#refuseHere('A comma or the end of the list was expected here.')
      this.#offset += 1
    }
  }

  #readObject(): { [key: string]: JsonValue } {
    this.#enter()
    const object: { [key: string]: JsonValue } = {}
    if (this.#text[this.#offset] === '}') return this.#skip('}', object)
    let previous: string | undefined
    for (;;) {
      const keyOffset = this.#offset
      if (this.#text[keyOffset] !== '"') this.#refuseHere('A key in double quotes was expected here.')
      const key = this.#readString()
      this.#path.push(key)
      this.#countMember()
      if (key === '__proto__') this.#refuse('forbidden_key', refusalWords.forbiddenKey, keyOffset)
      if (Object.hasOwn(object, key)) {
        this.#refuse('duplicate_key', 'This key appears twice: keep one of them.', keyOffset)
      }
      // String comparison in JavaScript is by UTF-16 code units, the order RFC 8785 asks for.
      if (previous !== undefined && key < previous) {
        this.#refuse('key_order', 'Keys must be sorted by UTF-16 code units.', keyOffset)
      }
      if (this.#text[this.#offset] !== ':') this.#refuseHere('A colon was expected after the key.')
      this.#offset += 1
      object[key] = this.#readValue()
      this.#path.pop()
      previous = key
      const next = this.#text[this.#offset]
      if (next === '}') return this.#skip('}', object)
      if (next !== ',') this.#refuseHere('A comma or the end of the object was expected here.')
      this.#offset += 1
    }
  }

  #readNumber(): number {
    const start = this.#offset
    if (this.#text[this.#offset] === '-') this.#offset += 1
    const digitsStart = this.#offset
    while (isDigit(this.#text.charCodeAt(this.#offset))) this.#offset += 1
    const digits = this.#offset - digitsStart
    const next = this.#text[this.#offset]
    if (digits === 0) this.#refuse('not_json', 'A minus sign must be followed by digits.', start)
    if (digits > 1 && this.#text[digitsStart] === '0') {
      this.#refuse('not_json', 'A number must not start with a zero.', start)
    }
    if (next === '.' || next === 'e' || next === 'E') this.#refuse('number_not_integer', refusalWords.notInteger, start)
    if (digits > 16) this.#refuse('number_out_of_range', refusalWords.outOfRange, start)
    const number = Number(this.#text.slice(start, this.#offset))
    if (Object.is(number, -0)) this.#refuse('negative_zero', refusalWords.negativeZero, start)
    if (!Number.isSafeInteger(number)) this.#refuse('number_out_of_range', refusalWords.outOfRange, start)
    return number
  }

  #readString(): string {
    this.#offset += 1
    let string = ''
    let plainStart = this.#offset
    for (;;) {
      const unit = this.#text.charCodeAt(this.#offset)
      if (Number.isNaN(unit)) this.#refuse('not_json', 'The text ends inside a string: send all of it.')
      if (unit === 0x22) {
        string += this.#text.slice(plainStart, this.#offset)
        this.#offset += 1
        return string
      }
      if (unit === 0x5c) {
        string += this.#text.slice(plainStart, this.#offset) + this.#readEscape()
        plainStart = this.#offset
      } else if (unit < 0x20) {
        if (unit === 0) this.#refuse('nul', refusalWords.nulCharacter)
        this.#refuse('not_json', 'Control characters in a string must be escaped.')
      } else if (unit >= 0xd800 && unit <= 0xdfff) {
        const low = this.#text.charCodeAt(this.#offset + 1)
        if (unit > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) {
          this.#refuse('lone_surrogate', refusalWords.loneSurrogate)
        }
        this.#offset += 2
      } else {
        this.#offset += 1
      }
    }
  }

  #readEscape(): string {
    const start = this.#offset
    const letter = this.#text[start + 1]
    if (letter === undefined) this.#refuse('not_json', 'The text ends inside a string: send all of it.')
    const character = letter === 'u' ? this.#readUnicodeEscape() : escapedCharacters[letter]
    if (character === undefined) this.#refuse('not_json', `\\${letter} is not a JSON escape: write the character itself.`)
    const unit = character.charCodeAt(0)
    if (unit === 0) this.#refuse('nul', refusalWords.nulCharacter)
    const end = start + (letter === 'u' ? 6 : 2)
    const canonical = unit < 0x20 || unit === 0x22 || unit === 0x5c ? toEscape(unit) : character
    if (this.#text.slice(start, end) !== canonical) {
      if (unit >= 0xd800 && unit <= 0xdfff && !this.#isEscapedPair(start, unit)) {
        this.#refuse('lone_surrogate', refusalWords.loneSurrogate)
      }
      this.#refuse('string_form', `Write ${this.#text.slice(start, end)} in its canonical form.`)
    }
    this.#offset = end
    return character
  }

  #readUnicodeEscape(): string {
    const digits = this.#text.slice(this.#offset + 2, this.#offset + 6)
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) {
      this.#refuse('not_json', '\\u must be followed by four hexadecimal digits.')
    }
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  #isEscapedPair(start: number, unit: number): boolean {
    return unit <= 0xdbff && /^\\u[dD][c-fC-F]/.test(this.#text.slice(start + 6, start + 12))
  }
}

const shortEscapes: Record<number, string> = {
  0x08: '\\b',
  0x09: '\\t',
  0x0a: '\\n',
  0x0c: '\\f',
  0x0d: '\\r',
  0x22: '\\"',
  0x5c: '\\\\',
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39
}

function toEscape(unit: number): string {
  return shortEscapes[unit] ?? `\\u${unit.toString(16).padStart(4, '0')}`
}

const escapedCharacters: Record<string, string | undefined> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
