import type { RandomNumber } from './random-number.ts'

const token = /"(?:[^"\\]|\\.)*"|-?[0-9]+|true|false|null|[{}[\]:,]/g
const numberTexts = ['-0', '0', '00', '01', '1.0', '1.5', '-1', '1e2', '1E2', '0e0', '-', '+1', '.5', '1.', 'NaN', 'Infinity', '0x10', '1_0']
const farNumbers = ['9007199254740991', '9007199254740992', '-9007199254740991', '-9007199254740992', '9007199254740993', '9999999999999999']
const longNumbers = ['10000000000000000', '18446744073709551616', '1'.repeat(400), '1e400', '9007199254740991.0', '1000000000000000', '0.1', '-0.0']
const stringTexts = [
  ...[
    '""',
    '"a"',
    '"live"',
    '"dry_run"',
    '"GET"',
    '"POST"',
    '"__proto__"',
    '"/"',
    '"//"',
    '"/.."',
    '"/%2e"',
    '"/a b"',
    '"\u{1f600}"',
    '"\ue000"',
    '"\ufeff"',
  ],
  ...[
    String.raw`"\u0000"`,
    String.raw`"\u0041"`,
    String.raw`"\/"`,
    String.raw`"\u001F"`,
    String.raw`"\u001f"`,
    String.raw`"\u000a"`,
    String.raw`"\n"`,
  ],
  ...[
    String.raw`"\ud800"`,
    String.raw`"\udc00"`,
    String.raw`"\ud83d\ude00"`,
    String.raw`"\x41"`,
    String.raw`"\u00g0"`,
    String.raw`"\\u0000"`,
    '"\u0001"',
    '"\n"',
    '"',
  ],
]
const structure = ['{', '}', '[', ']', ':', ',', '{}', '[]', '[[', ']]', ',,', 'null', 'true', 'false', 'v', 's', 'nul', 'undefined']
const whitespace = [' ', '\n', '\t', '\r', '\u00a0', '\u2028', '\ufeff', '\0', '/**/', '\v']
const members = [
  '"__proto__":1',
  '"a":1',
  '"":0',
  '"\u{1f600}":1',
  '"\ue000":1',
  '"\uffff":1',
  '"\u{10ffff}":1',
  String.raw`"\u0061":1`,
  '"v":1',
  '"zz":null',
  '"a":{"a":[]}',
]
const spoiledBytes = [
  'ff',
  'c0af',
  'c080',
  'e0809f',
  'eda080',
  'edbfbf',
  'eda0bdedb880',
  'f4908080',
  'f8888080',
  '80',
  'e282',
  'efbbbf',
  '00',
  '7f',
  'c280',
  'efbfbf',
  'f48fbfbf',
]

/** One to three small changes to a payload text, or to bits of two: most are refused, for every reason there is; some stay payloads. */
export function mutatePayloadText(random: RandomNumber, text: string, other: string): Buffer {
  let tokens: string[] = text.match(token) ?? []
  const changes = 1 + (random.below(4) === 0 ? 1 + random.below(2) : 0)
  for (let change = 0; change < changes && tokens.length > 0; change += 1) tokens = random.pick(tokenChanges)(random, tokens, other)
  const bytes = Buffer.from(tokens.join(''))
  return random.below(6) === 0 ? changeBytes(random, bytes, other) : bytes
}

type Change = (random: RandomNumber, tokens: string[], other: string) => string[]

const anything = [...structure, ...numberTexts, ...stringTexts]

const changeNumber: Change = (random, tokens) => replaceWhere(random, tokens, /^-?[0-9]/, () => String(random.below(2_000) - 1_000))
const growString: Change = (random, tokens) =>
  replaceWhere(random, tokens, /^"/, (string) => insertInto(random, string, random.pick(['x', 'ü', '\u{1f600}', '\ue000', '%41', '/', '.'])))
const spellOtherwise: Change = (random, tokens) => replaceWhere(random, tokens, /^"/, (string) => changeCharacter(random, string))
const swapMembers: Change = (random, tokens) => changeMember(random, tokens, 'swap')
const insertMember: Change = (random, tokens) => changeMember(random, tokens, 'insert')

/** As often as each stands here: what leaves a payload a payload, or almost one, says more than what breaks any parser. */
const tokenChanges: readonly Change[] = [
  (_random, tokens) => tokens,
  ...[changeNumber, changeNumber, growString, growString, growString, spellOtherwise, spellOtherwise],
  ...[swapMembers, swapMembers, insertMember, insertMember],
  (random, tokens) => changeMember(random, tokens, 'repeat'),
  (random, tokens) => changeMember(random, tokens, 'remove'),
  (random, tokens) => replaceWhere(random, tokens, /^-?[0-9]/, () => random.pick([...numberTexts, ...farNumbers, ...longNumbers])),
  (random, tokens) => replaceWhere(random, tokens, /^"/, () => random.pick(stringTexts)),
  (random, tokens) => tokens.with(random.below(tokens.length), random.pick(anything)),
  (random, tokens) => tokens.toSpliced(random.below(tokens.length + 1), 0, random.pick(whitespace)),
  (random, tokens) => tokens.toSpliced(random.pick([0, tokens.length]), 0, random.pick([...whitespace, ...anything])),
  (random, tokens) => tokens.toSpliced(random.below(tokens.length + 1), 0, random.pick(anything)),
  (random, tokens) => tokens.toSpliced(random.below(tokens.length), 1 + random.below(2)),
  (random, tokens) => {
    const [one, two] = [random.below(tokens.length), random.below(tokens.length)]
    return tokens.with(one, tokens[two]!).with(two, tokens[one]!)
  },
  (random, tokens) => tokens.slice(0, random.below(tokens.length + 1)),
  (random, tokens, other) => {
    const more = other.match(token) ?? []
    return [...tokens.slice(0, random.below(tokens.length + 1)), ...more.slice(random.below(more.length + 1))]
  },
  (random, tokens) => {
    // Around a value: from one level more to one too many.
    const levels = 1 + random.below(34)
    const place = random.below(tokens.length)
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
    ] as const)
    return tokens.with(place, `${open.repeat(levels)}${tokens[place]}${close.repeat(levels)}`)
  },
]

function replaceWhere(random: RandomNumber, tokens: string[], wanted: RegExp, change: (found: string) => string): string[] {
  const places = tokens.flatMap((text, place) => (wanted.test(text) ? [place] : []))
  if (places.length === 0) return tokens
  const place = random.pick(places)
  return tokens.with(place, change(tokens[place]!))
}

function insertInto(random: RandomNumber, string: string, piece: string): string {
  const place = 1 + random.below(Math.max(1, string.length - 1))
  return string.slice(0, place) + piece + string.slice(place)
}

/** Writes one character of a string in another way: by a number, in capitals, with an escape it does not need, or as its opposite. */
function changeCharacter(random: RandomNumber, string: string): string {
  const place = 1 + random.below(Math.max(1, string.length - 2))
  const unit = string.charCodeAt(place)
  const escape = `\\u${unit.toString(16).padStart(4, '0')}`
  const written = random.pick([
    escape,
    escape.toUpperCase().replace('U', 'u'),
    `\\${string[place]}`,
    String.fromCharCode(unit ^ 0x20),
    String.fromCharCode(unit + 1),
  ])
  return string.slice(0, place) + written + string.slice(place + 1)
}

/** Changes whole members of one object, so that the text stays JSON. */
function changeMember(random: RandomNumber, tokens: string[], how: 'swap' | 'repeat' | 'remove' | 'insert'): string[] {
  const starts = tokens.flatMap((text, place) => (text.startsWith('"') && tokens[place + 1] === ':' ? [place] : []))
  if (starts.length === 0) return tokens
  const start = random.pick(starts)
  const end = endOfValue(tokens, start + 2)
  const member = tokens.slice(start, end)
  if (how === 'insert') {
    const inserted = random.pick(members)
    return random.below(2) === 0 ? tokens.toSpliced(start, 0, inserted, ',') : tokens.toSpliced(end, 0, ',', inserted)
  }
  if (how === 'repeat') return tokens.toSpliced(end, 0, ',', ...member)
  if (how === 'remove') {
    if (tokens[end] === ',') return tokens.toSpliced(start, end + 1 - start)
    return tokens[start - 1] === ',' ? tokens.toSpliced(start - 1, end + 1 - start) : tokens.toSpliced(start, end - start)
  }
  if (tokens[end] !== ',') return tokens
  const nextEnd = endOfValue(tokens, end + 3)
  return [...tokens.slice(0, start), ...tokens.slice(end + 1, nextEnd), ',', ...member, ...tokens.slice(nextEnd)]
}

function endOfValue(tokens: readonly string[], start: number): number {
  let depth = 0
  for (let place = start; place < tokens.length; place += 1) {
    if (tokens[place] === '{' || tokens[place] === '[') depth += 1
    if (tokens[place] === '}' || tokens[place] === ']') depth -= 1
    if (depth <= 0) return place + 1
  }
  return tokens.length
}

function changeBytes(random: RandomNumber, bytes: Buffer, other: string): Buffer {
  const place = random.below(bytes.length + 1)
  const rest = bytes.subarray(place)
  switch (random.below(5)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, place), Buffer.from(random.pick(spoiledBytes), 'hex'), rest])
    case 1:
      return Buffer.concat([bytes.subarray(0, place), rest.subarray(1)])
    case 2: {
      const changed = Buffer.from(bytes)
      if (changed.length > 0) changed[place % changed.length]! ^= 1 << random.below(8)
      return changed
    }
    case 3:
      return bytes.subarray(0, place)
    default: {
      const more = Buffer.from(other)
      return Buffer.concat([bytes.subarray(0, place), more.subarray(random.below(more.length + 1))])
    }
  }
}
