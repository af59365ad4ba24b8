import type { AuditVerdict } from '@autopack/verifier/verify-audit-log'
import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'

/** What a log is checked against. All are texts as docs/evidence.md describes them. */
export type LogGrounds = {
  checkpoints: readonly string[]
  rotations: readonly string[]
  /** What the deployment says its keys are. */
  keys: readonly string[]
  /** Keys that the reader got from elsewhere; they count instead of `keys`. */
  trustedKeys: readonly string[]
}

/** `log`: from an address of this origin, or from a file of the reader. `rotations` of a receipt: beside those that it brings; `notes`: beside its own. */
export type CheckOrder =
  | ({ kind: 'log'; source: { address: string } | { file: Blob } } & LogGrounds)
  | { kind: 'receipt'; text: string; trustedKeys: readonly string[]; rotations: readonly string[]; notes: readonly string[] }

export type CheckProgress = { count: number; bytes: number }

/** `newest`: the note of the largest checkpoint that the log holds against; null where there is none. */
export type LogResult = { verdict: AuditVerdict; newest: string | null; bytes: number; tookMs: number }

/** What the worker says. `stopped`: the log could not be read to its end; `status` null: no answer at all, or it broke off. */
export type CheckMessage =
  | { kind: 'progress'; progress: CheckProgress }
  | { kind: 'log'; result: LogResult }
  | { kind: 'receipt'; verdict: ReceiptVerdict }
  | { kind: 'stopped'; status: number | null; words: string }
