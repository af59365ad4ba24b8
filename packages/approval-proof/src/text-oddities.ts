/** What is odd about one text, as `code` of a finding and why, in words. */
type Oddity = { code: TextOddity; why: string }
export type TextOddity = 'nested_content' | 'encoded_text' | 'odd_spacing' | 'stacked_marks' | 'two_directions' | 'look_alike_number' | 'long_value'

/** `line`: shown on one line. `block`: shown as lines. `markup`: HTML or Markdown is its own language. */
export type TextForm = 'line' | 'block' | 'markup'

const longLine = 300
const longBlock = 5_000

/** Content of another kind in a text, and what hides part of it from a reader. Linear in its length. */
export function listTextOddities(text: string, form: TextForm): Oddity[] {
  const found: Oddity[] = []
  const add = (code: TextOddity, why: string) => found.push({ code, why })
  if (isJson(text.trim())) add('nested_content', 'is itself JSON: a program that reads it again finds values that are not explained here')
  else if (/["']\s*:\s*(?:["'[{]|true\b|false\b|null\b|-?\d)/.test(text)) add('nested_content', 'holds a piece of JSON')
  if (/<!--|<\/?(?:script|style|iframe|object|embed|form|input|meta|link|svg|base|template|img|video|audio)\b/i.test(text)) {
    add('nested_content', 'holds HTML that is carried out or hidden where it is drawn')
  } else if (form !== 'markup' && /<\/?[a-z][a-z0-9-]*(?:\s[^<>]{0,500})?>/i.test(text)) add('nested_content', 'holds HTML, in a text that is none')
  if (/<[a-z][^<>]{0,500}\s(?:hidden\b|on[a-z]+\s*=|style\s*=)/i.test(text)) add('nested_content', 'holds HTML that hides or acts')
  if (/^\s{0,3}\[[^\]]{1,200}\]:\s*(?:#|<>|\/\/)/m.test(text)) add('nested_content', 'holds a Markdown comment, which is drawn nowhere')
  if (/^---\n[^]{0,2000}?\n---(?:\n|$)/.test(text)) add('nested_content', 'begins with settings for a program')
  if (/\$\{|\{\{|<%|\{%/.test(text)) add('nested_content', 'holds a template that a program may fill in')
  const code =
    /[A-Za-z0-9+/]{100,}={0,2}|(?:%[0-9a-f]{2}){3,}|(?:&#x?[0-9a-f]{1,7};){2,}|(?:\\u[0-9a-f]{4}|\\x[0-9a-f]{2}){2,}|\b(?:[0-9a-f]{2}[ :]){9,}/i
  if (code.test(text)) add('encoded_text', 'holds text written in code, which nobody can read here')
  const gap = form === 'line' ? /\s{4,}|[\u00a0\u3000]{2,}/ : /[^\S\n]{20,}|(?:[^\S\n]*\n){6,}|[\u00a0\u3000]{4,}/
  if (gap.test(text)) add('odd_spacing', 'has a gap that pushes what follows out of sight')
  if (/^\s|\s$/.test(text) && form === 'line') add('odd_spacing', 'begins or ends with a space')
  if (/[\p{Script=Latin}\p{Script=Cyrillic}\p{N}\p{P}]\p{M}{3,}/u.test(text) || /[\u0334-\u0338\u20d2-\u20df\u20e4-\u20e8]/.test(text)) {
    add('stacked_marks', 'has marks drawn over other characters')
  }
  if (/[\u0591-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(text) && /[A-Za-z0-9]/.test(text) && form === 'line') {
    add('two_directions', 'is drawn in two directions, so that its parts stand in another order than they are sent')
  }
  const number = /\b(?=\S{0,30}\d)(?=\S{0,30}[OolI])(?:[\dOolI][.,]?){2,}\b|(?![0-9])\p{Nd}/u.exec(text)
  if (number !== null) add('look_alike_number', `holds “${number[0]}”, which is drawn like another number`)
  const length = Array.from(text).length
  if (length > (form === 'line' ? longLine : longBlock))
    add('long_value', `is ${length} characters long: its middle is as much sent as its beginning`)
  return found
}

/** Why the name of a file says something else than what the file is; nothing where it does not. */
export function listFileNameOddities(name: string): string[] {
  const found: string[] = []
  if (/[\\/:]|^\.|\.\./.test(name)) found.push('has parts that a program may read as a folder or as hidden')
  if (/[ .]$/.test(name)) found.push('ends with a space or a dot, which some systems leave out')
  if (/\.(?:pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|txt|md|csv|mp[34]|zip)\s*\.(?!(?:gz|xz|zst|sig|asc|sha256)$)[a-z0-9]{1,6}$/i.test(name)) {
    found.push('has two endings: only the last one counts')
  }
  if (/\.(?:exe|scr|bat|cmd|com|pif|js|vbs|ps1|sh|jar|msi|apk|app|dmg|lnk|hta|reg|dll|desktop)$/i.test(name))
    found.push('is a program: it runs where it is opened')
  return found
}

/** Why an integer is easily read as another; null where it is not. */
export function findMisreadInteger(value: number): string | null {
  const digits = String(Math.abs(value))
  return digits.length >= 6 && /(\d)\1{4}/.test(digits)
    ? `has ${digits.length} digits, ${/(\d)\1{4,}/.exec(digits)![0].length} of them the same in a row: count them`
    : null
}

/** Why a decimal is easily read as another; null where it is not. */
export function findMisreadDecimal(text: string): string | null {
  if (/^-?[1-9]\d{0,2}\.\d{3}$/.test(text)) return `is ${text.replace('.', ' point ')}: in many countries ${text} means thousands`
  return /^-?\d+\.\d{5,}$/.test(text) ? `has ${text.split('.')[1]!.length} digits after its point` : null
}

function isJson(text: string): boolean {
  if (!/^[[{"]/.test(text)) return false
  try {
    return JSON.parse(text) !== undefined
  } catch {
    return false
  }
}
