/** Where bytes of artifacts live, found by their SHA-256 alone. Names never reach it. */
export type StoredObject = { sha256: string; size_bytes: number }

/** Bytes `from` (inclusive) to `to` (exclusive). */
export type ByteRange = { from: number; to: number }

export type ArtifactStore = {
  /** Durable when it resolves; the same bytes again are the same object. */
  put: (bytes: Uint8Array) => Promise<StoredObject>
  /** Throws when there is no such object. */
  open: (sha256: string, range?: ByteRange) => Promise<ReadableStream<Uint8Array>>
  /** Null: there is no such object. */
  size: (sha256: string) => Promise<number | null>
  /** Removing what is not there is not an error. */
  remove: (sha256: string) => Promise<void>
}
