/** Sizes and times that both sides of the wire must agree on. */
export const KIB = 1024
export const MIB = 1024 * KIB

export const noBodyLimitBytes = 0
export const signInBodyLimitBytes = 4 * KIB
export const decisionBodyLimitBytes = 32 * KIB
export const reportBodyLimitBytes = 1 * MIB
export const proposalBodyLimitBytes = 768 * KIB
/** Of what executors ask people: approval and governance requests. */
export const requestBodyLimitBytes = 128 * KIB
export const artifactBodyLimitBytes = 25 * MIB
/** Of a signed note and the announcements of keys. */
export const checkpointBodyLimitBytes = 64 * KIB
/** UTF-8 bytes of an artifact's name: encoded in a query, and once more in the assertion, it has to fit into 8 KiB of headers. */
export const artifactPathLimitBytes = 800
/** UTF-8 bytes of a payload text. */
export const payloadLimitBytes = 256 * KIB
/** UTF-16 units of each text in the report of an execution. */
export const reportTextLimits = { external_object_id: 200, external_url: 2_000, error_code: 100, error_summary: 1_000 } as const
/** UTF-16 units of an effect as it was read back. */
export const observedTextLimit = 262_144
/** UTF-8 bytes of a receipt; a verifier reads no larger one (docs/evidence.md). */
export const receiptLimitBytes = 8 * MIB
/** What the BFF takes from the control plane for one JSON answer. */
export const answerLimitBytes = 8 * MIB

export const previewDefaultBytes = 256 * KIB
export const previewLimitBytes = 1 * MIB

export const jsonTimeoutMs = 10_000
export const uploadTimeoutMs = 120_000

export const leaseMs = 60_000
export const heartbeatIntervalMs = 20_000
export const sweepIntervalMs = 5_000
/** A running run without a heartbeat for this long is shown as silent. */
export const silentAfterMs = 120_000
/** Counting in lists stops here. */
export const exactCountLimit = 10_000
/** In use at one time. */
export const mostPasskeysPerOperator = 10
export const pendingActionsPerExecutor = 20
/** Of each kind: approval requests, governance requests. */
export const pendingRequestsPerExecutor = 20
/** The same approval request again is the same one for this long after it was decided. */
export const repeatedRequestMs = 60_000

/** Queries of the audit log that one person keeps. */
export const savedQueriesPerOperator = 50

/** Revisions of one external action. */
export const revisionsPerAction = 50

/** Times that an effect is read back. */
export const observationsPerExecution = 50
/** Bytes that everything read back of one execution takes as JSON texts: its receipt holds all of it. More than one text at its limit. */
export const observedBytesPerExecution = 2 * MIB
