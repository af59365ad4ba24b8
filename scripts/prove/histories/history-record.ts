/** What clients saw, what the database and the shop have on record, and when each of it was so. All times in milliseconds since 1970. */

/** One request of one client, from before it was sent until its answer was read. */
export type Asked = {
  client: string
  operation: string
  started: number
  ended: number
  /** 0: no answer came. */
  status: number
  /** Of the refusal; null: it was not refused. */
  code: string | null
  action_id: string | null
  revision: number | null
  payload_hash: string | null
  execution_id: string | null
  /** Of a brake: `all`, `provider/demo_shop`, `executor/exr_…`. */
  scope: string | null
}

/** One committed audit event, with the moment of its transaction's commit. */
export type Audited = {
  seq: number
  committed: number
  event_type: string
  result_status: string
  action_id: string | null
  revision: number | null
  payload_hash: string | null
  auth_principal_id: string
  error_code: string | null
  /** The members of the event that only control events have. */
  scope: string | null
}

export type Execution = {
  execution_id: string
  action_id: string
  revision: number
  payload_hash: string
  expected_sha256: string
  executor_id: string
  provider: string
  committed: number
  mode: 'live' | 'dry_run'
  outcome: string | null
  sent: string | null
}

export type Decided = { action_id: string; revision: number; payload_hash: string; kind: string; operator_id: string; committed: number }

/** A request whose body the shop received. */
export type Effect = { execution_id: string; received: number; sha256: string; status: number }

/** What a cap allowed and held at the commit of one claim: `used + reserved` after it, by its own reservation rows. */
export type CapRow = { day: string; scope: string; currency: string; cap: number; used: number; reserved: number; held: number }

export type HistoryRecord = {
  asked: readonly Asked[]
  audited: readonly Audited[]
  executions: readonly Execution[]
  decided: readonly Decided[]
  effects: readonly Effect[]
  caps: readonly CapRow[]
  actions: readonly { action_id: string; state: string; revision: number; slots: number }[]
  /** How often the chain did not verify, in words. */
  chain: readonly string[]
}
