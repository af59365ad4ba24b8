import type { ReceiptReason } from '../src/receipt-check.ts'
import type { ReceiptFacts } from '../src/receipt-facts.ts'

/** What each check of a receipt came to, said of one that holds: never more than there was to check. */
export function toHeldWords(reason: ReceiptReason, facts: ReceiptFacts): string {
  const { decisions, execution, authorized_by, checkpoint } = facts
  const until = `until entry ${facts.complete_until.seq.toLocaleString('en-GB')}`
  const approvals = decisions.filter(({ kind }) => kind === 'approve')
  const isSigned = approvals.some(({ signed }) => signed)
  const unsigned = 'Nothing is signed with a passkey.'
  switch (reason) {
    case 'malformed':
      return 'The file is a receipt.'
    case 'payload':
      return 'The payload is in its one form, and has the hash that was recorded.'
    case 'descriptor':
      return 'What was known of this kind of action is what was recorded.'
    case 'checkpoint_key':
      return checkpoint.trust === 'trusted'
        ? 'A key that you trust, or that follows from one, signed the checkpoint of the log.'
        : 'The key that this file names signed the checkpoint of the log.'
    case 'entry':
      return 'Each entry of the log has the hash of its content.'
    case 'inclusion':
      return 'Each entry stands in the log of that checkpoint.'
    case 'record':
      return `Every record is what the log recorded, and ${until} none is left out.`
    case 'state':
      return `The action got as far as the receipt says, ${until}.`
    case 'policy':
      return facts.tier === 'C'
        ? 'It took the people and the times that this kind of action takes.'
        : 'It is a kind of action that a grant may cover.'
    case 'enrolment':
      return facts.relying_party === null ? unsigned : 'Each passkey was made at this console, by an authenticator that checked its owner.'
    case 'statement':
      return isSigned ? 'What was signed says what this receipt says.' : unsigned
    case 'signature':
      return isSigned ? 'Each signature is by the passkey that is enrolled for the person who is named.' : unsigned
    case 'display':
      return approvals.length > 0 ? 'What was approved is what is drawn here.' : 'Nobody approved it; it is drawn as they would have seen it.'
    case 'quorum':
      if (authorized_by === 'policy') return 'Nobody had to approve it.'
      return approvals.length > 0 || execution !== null
        ? 'Everybody who had to approve did, and nobody counts twice.'
        : 'It took no approval to get there.'
    case 'execution':
      return execution === null ? `Nobody had claimed it, ${until}.` : 'What was claimed is what was approved, when it was allowed.'
    case 'sent':
      return execution === null ? `Nothing was reported as sent, ${until}.` : toSentWords(execution.outcome)
    case 'log':
      return 'The log that came along has nothing later about this action but refusals.'
  }
}

/** A hash of what was begun to be sent stands in the report as well where nobody knows whether it arrived. */
function toSentWords(outcome: NonNullable<ReceiptFacts['execution']>['outcome']): string {
  if (outcome?.sent === 'yes' && outcome.sent_sha256 !== null)
    return 'The body that was reported as sent is the one that was approved, byte for byte.'
  const words = { yes: 'which bytes were sent, nobody reported', no: 'nothing was sent', unknown: 'whether it was sent, nobody knows' } as const
  return `What was to be sent is what was approved; ${outcome === null ? 'nobody reported what was sent' : words[outcome.sent]}.`
}

/** Said of a check that does not hold. */
export const brokenWords: Readonly<Record<ReceiptReason, string>> = {
  malformed: 'The file is not a receipt.',
  payload: 'The payload is not the one that was recorded.',
  descriptor: 'The description of this kind of action is not the one that was recorded.',
  checkpoint_key: 'No key that is believed signed the checkpoint of the log.',
  entry: 'An entry of the log was changed.',
  inclusion: 'An entry is not in the log that was signed.',
  record: 'A record is not what the log recorded, or is left out.',
  state: 'The action did not get where the receipt says.',
  policy: 'It asked for less, or for something else, than this kind of action takes.',
  enrolment: 'A passkey was not made at this console, or not by its owner.',
  statement: 'What was signed says something else than this receipt.',
  signature: 'A signature is not by the passkey of the person who is named.',
  display: 'What was approved was drawn otherwise than this payload.',
  quorum: 'Somebody who had to approve did not, or counts twice.',
  execution: 'What was claimed is not what was approved, or not when it was allowed.',
  sent: 'What was sent is not what was approved.',
  log: 'The log that came along does not hold, or knows something about this action that the receipt leaves out.',
}

/** What was done to a log, by the reason of its verdict. */
export const tamperedWords: Readonly<Record<string, string>> = {
  changed: 'An entry was changed.',
  missing: 'Entries are missing.',
  inserted: 'An entry was added.',
  reordered: 'Entries were moved.',
  malformed: 'A line is not an entry of a log.',
  cut: 'The end of the log was cut off.',
  rewritten: 'The log was written anew.',
  checkpoint_key: 'No key that is believed signed a checkpoint.',
}

/** What no receipt proves, in the words of docs/evidence.md. */
export const notProved: ReadonlyArray<readonly [string, string]> = [
  ['That nothing came later', 'It is complete until the entry it names. What came later, the exported log shows: add it beside the receipt.'],
  ['Who a person is', 'That the first passkey of a person is theirs is the word of the console; each further one was endorsed by one before it.'],
  ['When it was', 'Times are by the clock of the deployment.'],
  ['What the provider did', 'What was sent and what was read back is the report of the agent’s executor.'],
]
