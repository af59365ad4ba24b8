import type { Guard } from './guard.ts'

const proof = 'packages/approval-proof/src'
const catalog = 'packages/action-catalog/src'

/** What computes tier, grant and coverage, the same in the browser and on the server. */
export const policyGuards: readonly Guard[] = [
  {
    name: 'blind-is-on-no-grant',
    protects: 'An action of tier A or B that cannot be explained completely is tier C: people decide (I-1).',
    file: `${proof}/policy.ts`,
    remove: 'const grant = blind || escalated ||',
    put: 'const grant = escalated ||',
    test: { file: `${proof}/policy.test.ts`, name: 'computePolicy > tier B that cannot be explained is tier C' },
  },
  {
    name: 'escalated-is-for-people',
    protects: 'What is proposed beyond its grant is decided by people, not by the grant (I-1).',
    file: `${proof}/policy.ts`,
    remove: 'const grant = blind || escalated ||',
    put: 'const grant = blind ||',
    test: { file: `${proof}/policy.test.ts`, name: 'computePolicy > tier B beyond its grant is tier C' },
  },
  {
    name: 'grant-bounds-size',
    protects: 'A grant covers no more bytes than it says, files included (safety: Policy and descriptors).',
    file: `${proof}/find-grant-refusal.ts`,
    remove: 'reduce((sum, file) => sum + file.size_bytes, payloadBytes)',
    put: 'reduce((sum) => sum, payloadBytes)',
    test: { file: `${proof}/find-grant-refusal.test.ts`, name: 'findGrantRefusal > judges files that go beyond it' },
  },
  {
    name: 'grant-bounds-currency',
    protects: 'A cost in a currency without a bound is on no grant (safety: Policy and descriptors).',
    file: `${proof}/find-grant-refusal.ts`,
    remove: 'if (allowed === null) return',
    put: "if (allowed === null) return currency === 'USD' ? null :",
    test: { file: `${proof}/find-grant-refusal.test.ts`, name: 'findGrantRefusal > judges another currency' },
  },
  {
    name: 'path-is-filled-from-target',
    protects: 'The path that is sent is the one of the target that was shown (I-5).',
    file: `${proof}/explain-leaves.ts`,
    remove: "if (leaf.pointer === '/request/path' && leaf.value !== fillPath(descriptor.request.path, payload.target)) return null",
    put: '',
    test: { file: `${proof}/explain-leaves.test.ts`, name: 'the path of a request > explains another target than the payload names, or does not' },
  },
  {
    name: 'path-segments-are-plain',
    protects: 'No target climbs out of its segment of the path (I-5).',
    file: `${proof}/fill-path.ts`,
    remove: "&& text !== '.' && text !== '..'",
    put: '',
    test: { file: `${proof}/fill-path.test.ts`, name: 'fillPath > fills two dots' },
  },
  {
    name: 'fee-is-the-known-one',
    protects: 'A payload that denies what the provider charges is blind: caps count what is really spent (I-15).',
    file: `${proof}/explain-leaves.ts`,
    remove: "  return leaf.pointer === '/cost'\n",
    put: '  return false\n',
    test: { file: `${proof}/explain-leaves.test.ts`, name: 'the fee of the provider > explains no cost at all, or does not' },
  },
  {
    name: 'form-changes-nothing',
    protects: 'What a form would change on its way is not taken for what was read (I-5).',
    file: `${proof}/encode-form.ts`,
    remove: "item !== '' && !item.includes(',')",
    put: "item !== ''",
    test: {
      file: `${proof}/explain-leaves.test.ts`,
      name: 'a form > explains a comma in a list: one item would arrive as two, or does not',
    },
  },
  {
    name: 'get-has-no-body',
    protects: 'A read sends nothing along (tier A) (safety: Policy and descriptors).',
    file: `${proof}/payload.ts`,
    remove: "if (request.method === 'GET' && request.body !== null) {",
    put: "if (request.method === 'GET' && request.body === undefined) {",
    test: { file: `${proof}/payload.test.ts`, name: 'readPayload > refuses a GET with a body' },
  },
  {
    name: 'only-reads-are-tier-a',
    protects: 'The catalog describes no write as tier A, and no read as anything else (safety: Policy and descriptors).',
    file: `${catalog}/read-catalog.ts`,
    remove: "if ((tier === 'A') !== (request.method === 'GET')) {",
    put: "if (tier === 'A' && request.method === 'DELETE') {",
    test: { file: `${catalog}/catalog.test.ts`, name: 'readCatalog > refuses tier A that writes, and says where' },
  },
  {
    name: 'tier-c-has-no-grant',
    protects: 'The catalog grants nothing in tier C (I-1).',
    file: `${catalog}/read-catalog.ts`,
    remove: "if ((tier === 'C') !== (grant === null)) {",
    put: "if (tier !== 'C' && grant === null) {",
    test: { file: `${catalog}/catalog.test.ts`, name: 'readCatalog > refuses a grant for tier C, and says where' },
  },
]
