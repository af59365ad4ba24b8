/** Exported logs that hold, and logs with which somebody did everything that can be done to one: with checkpoints kept elsewhere, and without. */
import { chain, makeCheckpoint, makeNoteKey, makeRotation, toLines } from './make-log.ts'
import type { MadeEntry } from './make-log.ts'

/** `verdict`: `ok`, or the reason; `seq`: the entry from which on it does not hold, null where it holds or where no entry is to blame. */
export type LogVector = {
  what: string
  verdict: string
  seq: number | null
  checkpoints: string[]
  rotations: string[]
  trusted_keys: string[]
  keys: string[]
  lines: string[]
}

type Given = Partial<Pick<LogVector, 'checkpoints' | 'rotations' | 'trusted_keys' | 'keys'>>

const count = 12
const event = (number: number) => ({ event_type: 'run.reported', at: '2026-11-23T10:00:00.000Z', number, says: '«é»\u2028𝄞\\"\n' })
const events = (least: number, most: number) => Array.from({ length: most - least + 1 }, (_, place) => event(least + place))

export function listLogVectors(): LogVector[] {
  const [first, second, stranger] = [makeNoteKey(), makeNoteKey(), makeNoteKey()]
  const log = chain(events(1, count))
  const rotation = makeRotation(second, 8, [first, second])
  const checkpoints = [4, 8, 12].map((size) => makeCheckpoint(log, size, [size > 8 ? second : first]))
  const known: Given = { checkpoints, rotations: [rotation], trusted_keys: [first.verifierKey] }
  const lines = toLines(log)
  const line = (entry: MadeEntry) => toLines([entry])[0]!
  const changed = { ...log[4]!, event: { ...event(5), number: 0 } }
  /** What follows is hashed anew, so that the chain holds in itself. */
  const rewritten = (from: number) => toLines(chain([event(0), ...events(from + 1, count)], log.slice(0, from - 1)))
  const other = makeCheckpoint(toLog(rewritten(6)), 8, [first])
  const vectors: Array<[what: string, verdict: string, seq: number | null, lines: string[], given?: Given]> = [
    ['nothing', 'ok', null, []],
    ['twelve entries', 'ok', null, lines],
    ['twelve entries against three checkpoints', 'ok', null, lines, known],
    ['checkpoints in another order', 'ok', null, lines, { ...known, checkpoints: checkpoints.toReversed() }],
    ['the same checkpoint twice', 'ok', null, lines, { ...known, checkpoints: [checkpoints[0]!, checkpoints[0]!] }],
    ['entries after the last checkpoint', 'ok', null, lines, { ...known, checkpoints: checkpoints.slice(0, 2) }],
    ['the newer key alone is trusted', 'ok', null, lines, { ...known, checkpoints: [checkpoints[2]!], trusted_keys: [second.verifierKey] }],
    ['no key is trusted, and one is stated', 'ok', null, lines, { ...known, trusted_keys: [], keys: [first.verifierKey] }],
    ['empty lines between', 'ok', null, lines.flatMap((one) => ['', one])],
    ['members in another order', 'ok', null, lines.map((one) => one.replace(/^\{("seq":\d+),(.*),("event":.*)\}$/, '{$3,$2,$1}'))],
    ['white space between members', 'ok', null, lines.map((one) => one.replace(/^\{/, '{ '))],

    ['an entry changed', 'changed', 5, lines.with(4, line(changed))],
    ['a hash changed', 'changed', 5, lines.with(4, line({ ...log[4]!, hash: 'a'.repeat(64) }))],
    ['the hash before changed', 'changed', 5, lines.with(4, line({ ...log[4]!, prev: 'a'.repeat(64) }))],
    ['an entry changed and hashed anew', 'changed', 6, lines.with(4, rewritten(5)[4]!)],
    ['the first entry changed', 'changed', 1, lines.with(0, line({ ...log[0]!, event: event(0) }))],
    ['the last entry changed', 'changed', 12, lines.with(11, line({ ...log[11]!, event: event(0) }))],
    ['an entry left out', 'missing', 5, lines.toSpliced(4, 1)],
    ['three entries left out', 'missing', 5, lines.toSpliced(4, 3)],
    ['the first entry left out', 'missing', 1, lines.slice(1)],
    ['an entry left out, the others renumbered', 'changed', 5, toLines(log.toSpliced(4, 1).map((entry, place) => ({ ...entry, seq: place + 1 })))],
    ['an entry twice', 'inserted', 5, lines.toSpliced(5, 0, lines[4]!)],
    ['an entry of another log', 'inserted', 5, lines.toSpliced(5, 0, line(changed))],
    ['the first entry twice', 'inserted', 1, lines.toSpliced(1, 0, lines[0]!)],
    ['two entries swapped', 'reordered', 5, lines.with(4, lines[5]!).with(5, lines[4]!)],
    ['an entry at the end', 'reordered', 5, [...lines.toSpliced(4, 1), lines[4]!]],
    ['a line that is no JSON', 'malformed', 5, lines.with(4, '{')],
    ['a line with a byte order mark', 'malformed', 1, lines.with(0, `\ufeff${lines[0]}`)],
    ['a line that ends with a carriage return, which JSON lets stand', 'ok', null, lines.map((one) => `${one}\r`)],
    ['a list', 'malformed', 5, lines.with(4, '[]')],
    ['a member too many', 'malformed', 5, lines.with(4, lines[4]!.replace('{', '{"also":1,'))],
    ['a member twice', 'malformed', 5, lines.with(4, lines[4]!.replace('{', '{"seq":5,'))],
    ['a key twice in an event', 'malformed', 5, lines.with(4, lines[4]!.replace('"number":5', '"number":5,"number":5'))],
    ['a fraction', 'malformed', 5, lines.with(4, lines[4]!.replace('"number":5', '"number":5.0'))],
    ['a number beyond the safe integers', 'malformed', 5, lines.with(4, lines[4]!.replace('"number":5', '"number":9007199254740993'))],
    ['half of a surrogate pair', 'malformed', 5, lines.with(4, lines[4]!.replace('run.reported', '\\ud800'))],
    ['a seq of 0', 'malformed', 1, lines.with(0, lines[0]!.replace('"seq":1', '"seq":0'))],
    ['a hash in capitals', 'malformed', 1, lines.with(0, lines[0]!.replace('"prev":"0', '"prev":"A'))],
    ['an event that is no object', 'malformed', 1, lines.with(0, lines[0]!.replace(/"event":.*/, '"event":[]}'))],
    [
      'nesting without end',
      'malformed',
      1,
      lines.with(0, lines[0]!.replace(/"event":.*/, `"event":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`)),
    ],

    ['cut off after the last checkpoint but one', 'cut', 12, lines.slice(0, 11), known],
    ['cut off in the middle', 'cut', 7, lines.slice(0, 6), known],
    ['nothing left', 'cut', 1, [], known],
    ['cut off, and nobody kept a checkpoint', 'ok', null, lines.slice(0, 6)],
    ['cut off behind the checkpoint that somebody kept', 'ok', null, lines.slice(0, 6), { ...known, checkpoints: checkpoints.slice(0, 1) }],
    ['written anew as a whole', 'rewritten', 1, rewritten(1), known],
    ['written anew between two checkpoints', 'rewritten', 5, rewritten(6), known],
    ['written anew after the last checkpoint but one', 'rewritten', 9, rewritten(12), known],
    ['written anew, and nobody kept a checkpoint', 'ok', null, rewritten(1)],
    ['written anew behind the checkpoint that somebody kept', 'ok', null, rewritten(6), { ...known, checkpoints: checkpoints.slice(0, 1) }],
    ['changed after it was written anew', 'rewritten', 1, rewritten(1).with(9, line(changed)), known],

    ['a checkpoint that is none', 'checkpoint_key', null, lines, { ...known, checkpoints: ['autopack'] }],
    ['a checkpoint with another size', 'checkpoint_key', null, lines, { ...known, checkpoints: [checkpoints[0]!.replace('\n4\n', '\n5\n')] }],
    ['a checkpoint with another head', 'checkpoint_key', null, lines, { ...known, checkpoints: [checkpoints[0]!.replace(/head ../, 'head 00')] }],
    ['a checkpoint of another log', 'checkpoint_key', null, lines, { ...known, checkpoints: [checkpoints[0]!.replaceAll('localhost', 'otherhost')] }],
    ['a checkpoint with a line too many', 'checkpoint_key', null, lines, { ...known, checkpoints: [checkpoints[0]!.replace('\n\n', '\nmore\n\n')] }],
    ['a checkpoint without its end', 'checkpoint_key', null, lines, { ...known, checkpoints: [checkpoints[0]!.slice(0, -1)] }],
    ['a key that signed nothing', 'checkpoint_key', null, lines, { ...known, trusted_keys: [stranger.verifierKey] }],
    ['no key', 'checkpoint_key', null, lines, { ...known, trusted_keys: [] }],
    ['no rotation', 'checkpoint_key', null, lines, { ...known, rotations: [] }],
    ['the old key for a size after it was replaced', 'checkpoint_key', null, lines, { ...known, checkpoints: [makeCheckpoint(log, 12, [first])] }],
    ['the new key for a size before it', 'checkpoint_key', null, lines, { ...known, checkpoints: [makeCheckpoint(log, 4, [second])] }],
    ['a rotation that the new key did not sign', 'checkpoint_key', null, lines, { ...known, rotations: [makeRotation(second, 8, [first])] }],
    ['a rotation that the old key did not sign', 'checkpoint_key', null, lines, { ...known, rotations: [makeRotation(second, 8, [second])] }],
    ['a checkpoint that others signed, too', 'ok', null, lines, { ...known, checkpoints: [makeCheckpoint(log, 12, [second, stranger])] }],
    ['two checkpoints of one size that disagree, the log being the first', 'rewritten', 5, lines, { ...known, checkpoints: [...checkpoints, other] }],
    [
      'two checkpoints of one size that disagree, the log being the second',
      'rewritten',
      5,
      lines,
      { ...known, checkpoints: [other, ...checkpoints] },
    ],
    ['two checkpoints of one size, neither of them of this log', 'rewritten', 5, rewritten(7), { ...known, checkpoints: [other, ...checkpoints] }],
    [
      'a checkpoint whose size is right and whose root is not',
      'rewritten',
      1,
      lines,
      { ...known, checkpoints: [makeCheckpoint(toLog(rewritten(2)), 4, [first])] },
    ],
  ]
  const none: Required<Given> = { checkpoints: [], rotations: [], trusted_keys: [], keys: [] }
  return vectors.map(([what, verdict, seq, texts, given]) => ({ what, verdict, seq, ...none, ...given, lines: texts }))
}

function toLog(lines: readonly string[]): MadeEntry[] {
  return lines.map((one) => JSON.parse(one) as MadeEntry)
}
