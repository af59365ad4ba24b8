/** Where the checkpoints are, in a few words. */
export function toKeptWords(independent: boolean): string {
  return independent ? 'stored outside' : 'kept beside the log, not independent'
}
