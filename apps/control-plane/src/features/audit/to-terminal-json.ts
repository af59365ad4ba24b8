/**
 * Lines of JSON in which nothing moves a cursor, turns the direction of writing or hides: what strangers wrote into the log stands in escapes, which
 * say the same to whoever reads JSON, a verifier among them.
 */
export function toTerminalJson(lines: string): string {
  return lines.replace(unsafe, (found) =>
    Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  )
}

/** Outside of texts JSON has none of these but the line feed. */
const unsafe = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
