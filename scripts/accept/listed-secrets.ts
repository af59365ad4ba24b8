import { createPrivateKey } from 'node:crypto'
import type { ConsoleUnderTest } from './console-under-test.ts'
import type { PlantedSecret } from './random-workspace.ts'

/** What of a console's data folder nobody may ever read anywhere else. */
export function listConsoleSecrets(console_: ConsoleUnderTest): PlantedSecret[] {
  const pem = console_.secret('jwt-private.pem')
  const { d } = createPrivateKey(pem).export({ format: 'jwk' })
  const of = (what: string, value: string): PlantedSecret => ({ what: `${what} of the ${console_.name} console`, value, line: value })
  return [
    of('the instance key', console_.secret('instance-key')),
    of("the agent's executor key", console_.secret('demo-agent-key')),
    of("the shop's token", console_.secret('shop-token')),
    of('the key of the checkpoint writer', console_.secret('checkpoint-api-key')),
    of('the key that signs checkpoints', console_.secret('checkpoint-private-key').split('+').slice(4).join('+').trim()),
    of('the signing key as PEM', pem.split('\n')[1]!),
    of('the signing key itself', d!),
    ...(['admin', 'approver', 'viewer'] as const).map((role) => of(`the ${role}'s password`, console_.password(role))),
  ]
}

/** A secret as it is and as it would look inside base64, base64url or hex text; lower and upper case where both are the same. */
export function toForms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const forms = new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ])
  for (let shift = 0; shift < 3; shift += 1) {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes])
    // Only the characters that depend on the secret alone, whatever stands before and after it.
    const first = Math.ceil((shift * 8) / 6)
    const last = Math.floor((shifted.length * 8) / 6)
    forms.add(shifted.toString('base64').slice(first, last))
    forms.add(shifted.toString('base64url').slice(first, last))
  }
  return [...forms]
}
