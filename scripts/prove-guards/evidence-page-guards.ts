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
    remove: "checkpoint.trust === 'trusted'\n      ? buildVerdict('ok', 'Verified'",
    put: "checkpoint.trust !== null\n      ? buildVerdict('ok', 'Verified'",
    test: page('verifies a receipt from disk, says whose word the key is, and draws what the approver saw'),
  },
  {
    name: 'the-page-asks-for-a-checkpoint',
    protects: 'A log that was cut off or written anew does not pass for proven where no checkpoint was compared (I-20).',
    file: `${folder}/page/show-log-verdict.ts`,
    remove: "last === undefined\n      ? buildVerdict(\n          'needs'",
    put: "count < 0\n      ? buildVerdict(\n          'needs'",
    test: page('warns that a log alone may be cut off or written anew'),
  },
  {
    name: 'the-page-names-what-nobody-signed',
    protects: 'What somebody wrote after the newest checkpoint does not pass for signed (I-20).',
    file: `${folder}/page/show-log-verdict.ts`,
    remove: ': after === 0\n        ? buildVerdict',
    put: ': after >= 0\n        ? buildVerdict',
    test: page('says how many of the entries are signed, and that anybody may have written the others'),
  },
  {
    name: 'the-page-holds-a-receipt-against-the-log-beside-it',
    protects: 'What a receipt leaves out is found by whoever has the log (I-20).',
    file: `${folder}/page/start-page.ts`,
    remove: 'const beside = read === null ? {}',
    put: 'const beside = read !== undefined ? {}',
    test: page('finds in the log beside a receipt what the receipt leaves out'),
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
  {
    name: 'python-checks-who-endorsed',
    protects: 'A further passkey of a person is not taken without one they had before (I-18).',
    file: python,
    remove: 'check_assertion(endorsement, by, b"autopack-act/1")',
    put: 'pass',
    test: vectors('the vectors of receipts > are judged by both verifiers as they say: enrolment: endorsed by another key, and signed into the log'),
  },
  {
    name: 'python-asks-what-the-descriptor-asks',
    protects: 'A console that asks people for less than its descriptor does is found out (I-18).',
    file: python,
    remove: 'if STEP_UPS.index(revision["step_up"]) < STEP_UPS.index(step_up):',
    put: 'if False:',
    test: vectors('the vectors of receipts > are judged by both verifiers as they say: policy: no passkey, and signed into the log'),
  },
  {
    name: 'python-counts-the-events',
    protects: 'An event about an action cannot be left out of the middle of its receipt (I-20).',
    file: python,
    remove: 'if not same_json(event.get("approval_ref_no"), no):',
    put: 'if False:',
    test: vectors('the vectors of receipts > are judged by both verifiers as they say: record: a refusal left out'),
  },
  {
    name: 'python-finds-in-the-log-what-a-receipt-leaves-out',
    protects: 'What a receipt leaves out is found by whoever has the log (I-20).',
    file: python,
    remove: 'if needed > 0:',
    put: 'if False:',
    test: vectors('the vectors of receipts > are judged by both verifiers as they say: log: cut off where it was only approved'),
  },
  {
    name: 'python-small-order',
    protects: 'No key with which anybody can sign is taken by Python either (I-18).',
    file: python,
    remove: '    if kind == 1 and not is_ed25519_key(key[-2]):',
    put: '    if kind == 0:',
    test: vectors(
      'the vectors of receipts > are judged by both verifiers as they say: enrolment: a key that is the identity, and signed into the log',
    ),
  },
  {
    name: 'python-identity-as-r',
    protects: 'No signature that proves no secret is taken (I-18).',
    file: python,
    remove: ' or not is_ed25519_key(signature[:32]):',
    put: ':',
    test: vectors(
      'the vectors of receipts > are judged by both verifiers as they say: signature: of EdDSA that proves no secret, and signed into the log',
    ),
  },
  {
    name: 'python-cbor-true',
    protects: 'In Python alone true is 1, and a receipt is judged alike (safety: Audit log).',
    file: python,
    remove: 'not is_integer(key[-1]) or ',
    put: '',
    test: vectors(
      'the vectors of receipts > are judged by both verifiers as they say: enrolment: a key whose curve is true, and signed into the log',
    ),
  },
  {
    name: 'python-names-what-nobody-signed',
    protects: 'What somebody wrote after the newest checkpoint does not pass for signed (I-20).',
    file: python,
    remove: 'signed = "" if after == 0 else',
    put: 'signed = "" if after >= 0 else',
    test: vectors('verify_evidence.py > verifies a log against checkpoints and rotations'),
  },
  {
    name: 'python-names-a-key-that-nobody-vouched-for',
    protects: 'Who signed the log is not taken from the receipt without a word (I-20).',
    file: python,
    remove: 'title = "VERIFIED" if verdict["trusted"] else',
    put: 'title = "VERIFIED" if True else',
    test: vectors('verify_evidence.py > says what holds of a receipt, and that nobody vouched for the key'),
  },
]
