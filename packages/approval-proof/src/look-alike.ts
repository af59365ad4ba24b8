/** Pairs of a letter and the plain one it is drawn like: the part of UTS #39 that spells words people read in Latin letters. */
const pairs =
  'аaеeоoрpсcуyхxіiјjѕsԁdһhԛqԝwӏlүyАAВBЕEКKМMНHОOРPСCТTУYХXЅSІIЈJҮYԌGԚQԜW' +
  'αaγyεeιiκkνvοoρpτtυuχxωwΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX' +
  'օoհhոnսuցgզqյjᎪAᏴBᏟCᎠDᎬEᎻHᎫJᏦKᏞLᎷMᏢPᎡRᏚSᎢTᏙVᎳWᏃZ' +
  'ıiɩiɑaɡgƅbɯwʋvᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢzłlŁLøoØOđdĐDħhŧt'
const plainOf = new Map<string, string>()
const letters = Array.from(pairs)
for (let place = 0; place < letters.length; place += 2) plainOf.set(letters[place]!, letters[place + 1]!)

const spellingScripts = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Coptic', 'Georgian'] as const
const inScript = spellingScripts.map((name) => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const)

/** The text in plain letters, as far as it is drawn with letters that look like them: fullwidth, mathematical, of another alphabet, with marks. */
export function toPlainLetters(text: string): string {
  const composed = text.normalize('NFKD').replaceAll(/\p{M}+/gu, '')
  return Array.from(composed, (letter) => plainOf.get(letter) ?? letter).join('')
}

/** What is left of a name when everything is taken away that a hurried eye does not tell apart. Equal for two names: they look alike. */
export function toSkeleton(name: string): string {
  return toPlainLetters(name.replaceAll(/\p{Cf}+/gu, ''))
    .toLowerCase()
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('cl', 'd')
    .replaceAll('0', 'o')
    .replaceAll(/[1i|!]/g, 'l')
    .replaceAll('5', 's')
    .replaceAll(/[\s._~-]+/g, '')
}

/** Words whose letters come from several alphabets; never a word of one, in any language. */
export function listMixedWords(text: string): string[] {
  return listWords(text).filter((word) => {
    if (/^μ\p{Script=Latin}{1,2}$/u.test(word)) return false
    return inScript.filter(([, script]) => script.test(word)).length > 1
  })
}

/** Words of another alphabet of which every letter is drawn like a Latin one. In a text of that alphabet they are words like others. */
export function listDisguisedWords(text: string, everywhere: boolean): string[] {
  const foreign = listWords(text).filter((word) => /^(?!\p{Script=Latin})\p{L}+$/u.test(word))
  if (foreign.length === 0) return []
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0
  const others = text.match(/[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/gu)?.length ?? 0
  if (!everywhere && latin < others) return []
  return foreign.filter((word) => word.length > 1 && /^[A-Za-z]+$/.test(toPlainLetters(word)))
}

/** Fullwidth, mathematical, circled and small-capital letters and digits: drawn like plain ones, and found by no search for them. */
export function listStyledRuns(text: string): string[] {
  return text.match(/[\u{ff10}-\u{ff5a}\u{1d400}-\u{1d7ff}\u{2460}-\u{24ff}\u{1f130}-\u{1f189}ᴀ-ᴢꜰꜱɢɪɴʀʏʙʜʟ]{2,}/gu) ?? []
}

/** Whether one change turns a text into the other: a character more, less, another, or the same ones in another order. Not when they are equal. */
export function differByOne(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false
  if (Array.from(one).toSorted().join('') === Array.from(other).toSorted().join('')) return true
  let start = 0
  while (start < one.length && one[start] === other[start]) start += 1
  let end = 0
  while (end < Math.min(one.length, other.length) - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1
  const [left, right] = [one.slice(start, one.length - end), other.slice(start, other.length - end)]
  return left.length <= 1 && right.length <= 1
}

function listWords(text: string): string[] {
  return text.match(/[\p{L}\p{M}]+/gu) ?? []
}
