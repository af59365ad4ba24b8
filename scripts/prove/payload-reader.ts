/** One implementation of the payload profile, asked about many texts at once. */
export type PayloadReader = {
  name: string
  /** For each text, in order: `payload <sha256>`, `canonical <sha256>` or `refused`. Rejects when the implementation is gone. */
  judge: (texts: readonly Buffer[]) => Promise<string[]>
  close: () => Promise<void>
}
