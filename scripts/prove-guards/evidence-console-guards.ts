import type { Guard } from './guard.ts'

const audit = 'apps/web/src/features/audit'
const shared = 'apps/web/src/shared/evidence'

/** What keeps the pages of the console from being surer of evidence than what they compared. */
export const evidenceConsoleGuards: readonly Guard[] = [
  {
    name: 'the-console-leaves-out-no-checkpoint-by-its-own-word',
    protects: 'A log that was cut off does not pass in the page because the console calls the checkpoint that shows it ahead (I-20).',
    file: `${audit}/read-checkpoints.ts`,
    remove: 'const notes = items.filter(({ given_up }) => !given_up)',
    put: "const notes = items.filter((item) => !item.given_up && (item as { standing?: string }).standing === 'holds')",
    test: {
      file: `${audit}/read-checkpoints.test.ts`,
      name: 'A log is held against every checkpoint that was not given up, also those that the console says it is behind or at odds with',
    },
  },
  {
    name: 'the-browser-holds-a-log-against-what-it-kept',
    protects: 'A console that gives up a checkpoint, or forgets it, does not make a browser forget it (I-20).',
    file: `${audit}/choose-grounds.ts`,
    remove: '[...ofConsole, ...ofReader, ...ofBrowser]',
    put: '[...ofConsole, ...ofReader]',
    test: {
      file: `${audit}/choose-grounds.test.ts`,
      name: 'chooseGrounds > says that the console gave up the very one that this browser kept, and goes on holding the log against it',
    },
  },
  {
    name: 'the-name-of-a-log-leaves-nothing-out-of-its-check',
    protects: 'A console that serves another log under another name does not get rid of what a browser and its reader have of the one before (I-20).',
    file: `${audit}/choose-grounds.ts`,
    remove: "const others = another && source === 'file'",
    put: 'const others = another',
    test: {
      file: `${audit}/choose-grounds.test.ts`,
      name: 'chooseGrounds > leaves nothing out for the log of the console, whatever it says the name of its log is',
    },
  },
  {
    name: 'a-file-that-does-not-say-where-it-ends-is-held-against-everything',
    protects: 'A last line in another form does not keep the checkpoints away that show that a log was written anew (I-20).',
    file: `${audit}/read-log-ends.ts`,
    remove: 'readSeq(last) ?? Number.POSITIVE_INFINITY',
    put: 'readSeq(last) ?? 0',
    test: {
      file: `${audit}/read-log-ends.test.ts`,
      name: 'the end of a log whose last line is longer than any of a log is not known',
    },
  },
  {
    name: 'the-browser-remembers-only-keys-that-signed',
    protects: 'A console cannot plant what later checks believe (I-20).',
    file: `${audit}/learn-from-check.ts`,
    remove: 'if (!verdict.ok || newest === null) {',
    put: 'if (!verdict.ok) {',
    test: { file: `${audit}/learn-from-check.test.ts`, name: 'learnFromCheck > learns no key where no checkpoint held, whatever the console states' },
  },
  {
    name: 'a-receipt-is-held-against-the-checkpoints-that-somebody-here-has',
    protects:
      'A receipt from a log that was written anew is not called verified where the reader or the browser has the same checkpoint otherwise (I-20).',
    file: `${shared}/hold-against-notes.ts`,
    remove: 'if (!contradicts) return verdict',
    put: 'if (!contradicts || contradicts) return verdict',
    test: {
      file: `${shared}/hold-against-notes.test.ts`,
      name: 'holdAgainstNotes > refuses a receipt whose checkpoint has the size of one that somebody here has, and another root',
    },
  },
  {
    name: 'the-console-verifies-only-by-a-known-key',
    protects: 'A receipt that somebody made and signed with a key of their own is not called verified (I-20).',
    file: `${shared}/verdict-title.ts`,
    remove: "if (verdict.facts.checkpoint.trust !== 'trusted') return",
    put: 'if (false) return',
    test: {
      file: `${shared}/verdict-title.test.ts`,
      name: 'the title of a verdict > calls a receipt verified only by a key that somebody here knew',
    },
  },
  {
    name: 'the-console-calls-a-log-intact-only-by-a-known-key',
    protects: 'A log that was written anew and signed with another key is not called intact (I-20).',
    file: `${shared}/verdict-title.ts`,
    remove: "if (newest.trust !== 'trusted') return",
    put: 'if (false) return',
    test: {
      file: `${shared}/verdict-title.test.ts`,
      name: 'the title of a verdict > calls a log intact only against a checkpoint by a key that somebody here knew',
    },
  },
]
