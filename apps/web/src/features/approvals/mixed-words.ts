const word = /[\p{L}\p{M}]+/gu
const latin = /\p{Script=Latin}/u
const lookalike = /[\p{Script=Cyrillic}\p{Script=Greek}]/u
/** Greek letters that stand for units and numbers beside Latin ones. */
const units = /[\u03A9\u2126\u03BC\u03C0]/gu

/**
 * Words that mix Latin letters with Cyrillic or Greek ones, each once: honest texts change the alphabet between words, not inside one
 * (Unicode UTS 39, "mixed-script").
 */
export function findMixedWords(text: string): string[] {
  const words = text.match(word) ?? []
  return [...new Set(words.filter((each) => latin.test(each) && lookalike.test(each.replace(units, ''))))]
}

/** The word with the letters of the other alphabet as numbers: `d(U+0435)sk`. */
export function toSpelledWord(mixed: string): string {
  return [...mixed]
    .map((letter) => (lookalike.test(letter) ? `(U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})` : letter))
    .join('')
}
