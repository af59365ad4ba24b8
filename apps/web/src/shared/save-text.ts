/** Hands a text to the browser as a file. */
export function saveText(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has begun; what it reads is held by the browser.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
