/** How a field's value is read, checked and shown. A value that does not fit its format counts as unexplained. */
export type FieldFormat =
  | 'text'
  | 'long_text'
  | 'markdown'
  | 'html'
  | 'code'
  | 'money'
  | 'currency'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'url'
  | 'account'
  | 'date'
  | 'image'
  | 'sha256'
  | 'bytes'

export type DescriptorField = {
  /** JSON pointer into the payload; the segment `*` stands for any place in a list. */
  path: string
  label: string
  group: string
  format: FieldFormat
  /** For `money`: pointer of the ISO 4217 code that belongs to this integer of minor units. */
  currency_at?: string
  must_see: boolean
  /** Points added to the risk score when the field is present. */
  risk_weight: number
  role?: 'target' | 'money' | 'title'
  /** Name of the `{slot}` of the sentence that this field fills. */
  slot?: string
  /** The provider wants a JSON number: a decimal string is copied digit by digit. */
  wire?: 'number'
}

export type ApprovalRequirement = {
  /** Every group must be filled; nobody counts twice. */
  all_of: Array<{ role: 'approver' | 'admin'; count: number }>
  step_up: 'passkey' | 'preferred' | 'none'
  decide_within_seconds: number
  execute_within_seconds: number
  hold_seconds: number
}

/** How far an action may go without a person deciding: bounded by size, time, cost and count. */
export type Grant = {
  /** Bytes of the payload's text and of all its files together. */
  max_bytes: number
  /** How long after the proposal it may be claimed. */
  execute_within_seconds: number
  /** Per action, in minor units; what costs money in another currency is not granted. */
  max_cost_minor: Record<string, number>
  /** Per UTC day, for all executors together; the ledger counts it as the cap of the scope `grant:<descriptor id>`. */
  actions_per_day: number
  cost_minor_per_day: Record<string, number>
}

/** What the console knows about one kind of action. The catalog's schema is the judge of its shape. */
export type Descriptor = {
  id: string
  version: number
  provider: string
  operation: string
  title: string
  tier: 'A' | 'B' | 'C'
  kill_switch: string
  /** The only request this kind of action may make. A segment `{name}` of the path is filled with `/target/name`. */
  request: { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; path: string; encoding: 'json' | 'form' }
  /** What the provider charges each time; the payload's cost must say exactly this. Null: the payload alone says what it costs. */
  fee: { amount_minor: number; currency: string } | null
  sentence: string
  seen_by: string
  fields: DescriptorField[]
  /** What the provider gets besides the payload, by name only: credentials that the executor adds as headers. Empty: nothing. */
  hidden: Array<{ label: string; why: string }>
  /** Who decides for tier C, and for an action of tier A or B that is proposed beyond its grant. */
  approval: ApprovalRequirement
  /** Tier A and B: what is granted without a person. Tier C: null. */
  grant: Grant | null
  limits: { actions_per_day: number; amount_minor_per_day: Record<string, number> }
  /** `nothing`: it only reads. */
  undo: { kind: 'irreversible' | 'nothing'; text: string } | { kind: 'compensate'; operation: string; within_seconds: number | null; text: string }
  /**
   * Where the effect is read from the provider (a GET; `{name}` is `/target/name` or `{external_object_id}`), and which sent values must
   * come back; null when there is nothing to read.
   */
  verify: { path: string; fields: Array<{ sent: string; observed: string }> } | null
  risk_levels: { medium: number; high: number; critical: number }
}
