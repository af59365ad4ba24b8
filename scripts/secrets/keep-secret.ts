import { chmodSync, existsSync, renameSync, writeFileSync } from 'node:fs'

/** Writes what `make` gives when nothing is there yet; a secret that exists is never overwritten. */
export function keepSecret(path: string, mode: number, make: () => string): void {
  if (!existsSync(path)) writeSecret(path, mode, make())
}

/** Whole or not at all, with one newline at its end. */
export function writeSecret(path: string, mode: number, text: string): void {
  writeFileSync(`${path}.new`, `${text.trim()}\n`, { mode: 0o600 })
  // Said again: the umask takes bits away from the mode that a file is made with.
  chmodSync(`${path}.new`, mode)
  renameSync(`${path}.new`, path)
}
