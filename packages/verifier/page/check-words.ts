/** What each check of a receipt means, in the order of docs/evidence.md: said of one that holds. */
export const checkWords: Readonly<Record<string, string>> = {
  malformed: 'The file is a receipt.',
  payload: 'The payload is in its one form, and has the hash that was approved.',
  descriptor: 'The description of this kind of action is the one that was in force.',
  checkpoint_key: 'A key that is believed signed the checkpoint of the log.',
  entry: 'Each entry of the log has the hash of its content.',
  inclusion: 'Each entry stands in the log that was signed.',
  record: 'Every record is what the log recorded, and none is left out.',
  state: 'The action got as far as the receipt says.',
  enrolment: 'Each passkey was made at this console, by somebody it knew to be its owner.',
  statement: 'What was signed says what this receipt says.',
  signature: 'Each signature is by the passkey of the person who is named.',
  display: 'What was approved is what is drawn here.',
  quorum: 'Everybody who had to approve did, and nobody counts twice.',
  execution: 'What was claimed is what was approved, when it was allowed.',
  sent: 'What was sent is what was approved, byte for byte.',
}

/** The same, said of one that does not hold. */
export const brokenWords: Readonly<Record<string, string>> = {
  malformed: 'The file is not a receipt.',
  payload: 'The payload is not the one that was approved.',
  descriptor: 'The description of this kind of action is not the one that was in force.',
  checkpoint_key: 'No key that is believed signed the checkpoint of the log.',
  entry: 'An entry of the log was changed.',
  inclusion: 'An entry is not in the log that was signed.',
  record: 'A record is not what the log recorded, or is left out.',
  state: 'The action did not get where the receipt says.',
  enrolment: 'A passkey was not made at this console, or not by its owner.',
  statement: 'What was signed says something else than this receipt.',
  signature: 'A signature is not by the passkey of the person who is named.',
  display: 'What was approved was drawn otherwise than this payload.',
  quorum: 'Somebody who had to approve did not, or counts twice.',
  execution: 'What was claimed is not what was approved, or not when it was allowed.',
  sent: 'What was sent is not what was approved.',
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
