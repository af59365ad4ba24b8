import type { Role } from '@autopack/contract/roles'
import type { Scope } from '@autopack/contract/scopes'

/** A program, by one of its keys. */
export type ExecutorPrincipal = {
  kind: 'executor'
  keyId: string
  executorId: string
  name: string
  ownerOperatorId: string
  ownerEnabled: boolean
  sharedWithEveryone: boolean
  scopes: readonly Scope[]
}

/** A person, by an assertion of the console; the role is the one in our own table at this moment. */
export type OperatorPrincipal = {
  kind: 'operator'
  operatorId: string
  name: string
  role: Role
  /** SHA-256 of the session id, hex. */
  sidHash: string
  /** The key of the console that signed the assertion. */
  keyId: string
  amr: readonly string[]
  /** How long before this request they last showed who they are, by the clock of the console. */
  authAgeSeconds: number
}

/** The console speaking for itself (sign-in events). */
export type ConsolePrincipal = { kind: 'console' }

/** We ourselves: sweeps, seeds; and the checkpoint writer, whose key only says that it is that. */
export type SystemPrincipal = { kind: 'system'; name: string }

/** Nobody that we know: refusals without a valid credential, refused sign-ins. */
export type AnonymousPrincipal = { kind: 'anonymous' }

export type Principal = ExecutorPrincipal | OperatorPrincipal | ConsolePrincipal | SystemPrincipal | AnonymousPrincipal

/** What the audit log and idempotency rows call a principal. */
export function toPrincipalId(principal: Principal): string {
  switch (principal.kind) {
    case 'executor':
      return principal.executorId
    case 'operator':
      return principal.operatorId
    case 'system':
      return principal.name
    default:
      return principal.kind
  }
}
