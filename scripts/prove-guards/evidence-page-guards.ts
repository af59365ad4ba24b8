import type { Guard } from './guard.ts'

const page = (name: string) => ({ file: 'scripts/verifier/verifier-page.test.ts', name: `the page > ${name}` })
const vectors = (name: string) => ({ file: 'scripts/verifier/evidence-vectors.test.ts', name })
const folder = 'packages/verifier'
const python = 'docs/examples/verify_evidence.py'

/** What keeps a file that somebody sent from doing anything in the page that checks it, and Python from being milder than the verifier. */
export const evidencePageGuards: readonly Guard[] = [
  {
    name: 'the-page-fetches-nothing',
    protects: 'A file that is checked can send nothing anywhere, whatever is in it (security: pages).',
    file: `${folder}/build-verifier.ts`,
    remove: "`default-src 'none'`,",
    put: '`default-src *`,',
    test: page('is one file of less than 60 kB that may fetch nothing'),
  },
  {
    name: 'the-page-writes-out-what-hides',
    protects: 'A text of a file cannot turn the words around it, nor hide a part of itself (security: pages).',
    file: `${folder}/page/build-element.ts`,
    remove: 'showText(text, block).text',
    put: 'text',
    test: page('writes out what hides, takes nothing from the file for markup, and keeps its own title'),
  },
  {
    name: 'the-page-names-a-key-that-nobody-vouched-for',
    protects: 'Who signed the log is not taken from the receipt without a word (I-20).',
    file: `${folder}/page/show-receipt-verdict.ts`,
    remove: "facts.checkpoint.trust === 'trusted'",
    put: 'facts.checkpoint.trust !== null',
    test: page('verifies a receipt from disk, says whose word the key is, and draws what the approver saw'),
  },
  {
    name: 'the-page-asks-for-a-checkpoint',
    protects: 'A log that was cut off or written anew does not pass for proven where no checkpoint was compared (I-20).',
    file: `${folder}/page/show-log-verdict.ts`,
    remove: "? 'It was compared with no checkpoint.'",
    put: "? ''",
    test: page('warns that a log alone may be cut off or written anew'),
  },
  {
    name: 'python-refuses-a-key-twice',
    protects: 'Two readers of one file cannot see two things (I-20).',
    file: python,
    remove: 'if len(members) != len(pairs):',
    put: 'if False:',
    test: vectors('the vectors of receipts > are judged by both verifiers as they say: malformed: a key that appears twice'),
  },
  {
    name: 'python-checks-who-signed',
    protects: 'The second implementation believes no signature that it did not verify (I-18).',
    file: python,
    remove: 'if not is_signed_by(read_cose_key(read_base64url(passkey["public_key"])), data',
    put: 'if False and not is_signed_by(read_cose_key(read_base64url(passkey["public_key"])), data',
    test: vectors('the vectors of receipts > are judged by both verifiers as they say: signature: by another key, and signed into the log'),
  },
]
