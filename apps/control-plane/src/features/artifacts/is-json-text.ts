const parsedLimit = 4 * 1024 * 1024

/** Whether a text is a JSON object or array. Longer ones than 4 Mi characters are believed by their brackets. */
export function isJsonText(text: string): boolean {
  const inner = text.trim()
  const brackets = `${inner.at(0)}${inner.at(-1)}`
  if (brackets !== '{}' && brackets !== '[]') return false
  if (inner.length > parsedLimit) return true
  try {
    JSON.parse(inner)
    return true
  } catch {
    return false
  }
}
