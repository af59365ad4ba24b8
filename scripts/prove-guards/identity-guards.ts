import type { Guard } from './guard.ts'

const shared = 'apps/control-plane/src/shared'
const operator = (name: string) => ({ file: `${shared}/mount-operator.test.ts`, name })
const assertion = (name: string) => operator(`403 assertion_refused > ${name}`)
const executor = (name: string) => ({ file: `${shared}/mount-executor.test.ts`, name })

/** Who the control plane takes a request to be from (security: BFF → control plane, executor keys). */
export const identityGuards: readonly Guard[] = [
  {
    name: 'instance-key',
    protects: 'The operator plane answers only who holds the instance key (security: BFF → control plane).',
    file: `${shared}/mount.ts`,
    remove: 'return expected !== null && offered !== undefined && timingSafeEqual(digest(offered), digest(expected))',
    put: 'return expected !== null && offered !== undefined && digest(offered).length > 0',
    test: operator('403 key_refused > a wrong instance key is refused'),
  },
  {
    name: 'assertion-method',
    protects: 'An operator assertion is good for its method only (htm).',
    file: `${shared}/operator-assertion.ts`,
    remove: 'if (claims.htm !== request.method)',
    put: "if (claims.htm === '')",
    test: assertion('an assertion for another method is refused'),
  },
  {
    name: 'assertion-target',
    protects: 'An operator assertion is good for its path and query only (htp).',
    file: `${shared}/operator-assertion.ts`,
    remove: 'if (claims.htp !== request.target)',
    put: "if (claims.htp.split('?')[0] !== request.target.split('?')[0])",
    test: assertion('an assertion for the same path with another query is refused'),
  },
  {
    name: 'assertion-body',
    protects: 'An operator assertion is good for its body only (bh).',
    file: `${shared}/mount.ts`,
    remove: '        checkBodyHash(claims, bodyBytes)\n',
    put: '        if (bodyBytes.length === 0) checkBodyHash(claims, bodyBytes)\n',
    test: assertion('an assertion for another body is refused'),
  },
  {
    name: 'assertion-once',
    protects: 'An operator assertion changes something once, however often it is sent (jti).',
    file: `${shared}/mount.ts`,
    remove: 'if (!(await spendAssertion(deps.db, claims.jti, expiresAt)))',
    put: "if (!(await spendAssertion(deps.db, claims.jti, expiresAt)) && claims.jti === '')",
    test: assertion('a mutation sent twice with one assertion happens once'),
  },
  {
    name: 'assertion-lifetime',
    protects: 'An operator assertion lives a minute at most, whatever it says (exp).',
    file: `${shared}/operator-assertion.ts`,
    remove: 'if (claims.exp - claims.iat > assertionLifetimeSeconds)',
    put: 'if (claims.exp - claims.iat < 0)',
    test: assertion('an assertion made to live longer than a minute is refused'),
  },
  {
    name: 'assertion-type',
    protects: 'A session token of the same key is no operator assertion (typ).',
    file: `${shared}/operator-assertion.ts`,
    remove: '        typ: assertionType,\n',
    put: '',
    test: assertion('a session token of the same key is refused by its type'),
  },
  {
    name: 'assertion-audience',
    protects: 'A token made for somebody else is no operator assertion (aud).',
    file: `${shared}/operator-assertion.ts`,
    remove: '        audience: assertionAudience,\n',
    put: '',
    test: assertion('another audience is refused'),
  },
  {
    name: 'role-of-now',
    protects: 'The role is the one of our own table at this moment, not of a token (I-10).',
    file: `${shared}/mount.ts`,
    remove: 'if (!hasRole(operator.role, role)) throw',
    put: 'if (!hasRole(operator.role, role) && operator.amr.length === 0) throw',
    test: operator('403 by role > the role is the one of our table at this moment, not of any token'),
  },
  {
    name: 'disabled-operator',
    protects: 'A disabled operator does nothing any more (I-10).',
    file: `${shared}/mount.ts`,
    remove: "if (!enabled) throw new ProblemError('operator_disabled'",
    put: "if (!enabled && operator.role === 'viewer') throw new ProblemError('operator_disabled'",
    test: operator('403 by role > a disabled operator does nothing, and the attempt is audited under their name'),
  },
  {
    name: 'key-secret',
    protects: 'The public half of an executor key opens nothing (security: executor keys).',
    file: `${shared}/credential-rows.ts`,
    remove: 'if (!row || !timingSafeEqual(row.key.sha256, key.sha256) || !row.live) return null',
    put: 'if (!row || !row.live) return null',
    test: executor('403 key_refused > a key with the right id and another secret'),
  },
  {
    name: 'key-revoked',
    protects: 'A revoked executor key opens nothing from the next request on (security: executor keys).',
    file: `${shared}/credential-rows.ts`,
    remove: 'sql`${executorKeyTable.revoked_at} IS NULL AND ${executorKeyTable.expires_at} > ${now}`',
    put: 'sql`${executorKeyTable.expires_at} > ${now}`',
    test: executor('403 key_refused > a key that was revoked, from the very next request on'),
  },
  {
    name: 'key-scope',
    protects: 'An executor key does what its scopes say and nothing else (security: executor keys).',
    file: `${shared}/mount.ts`,
    remove: 'if (route.policy.scope && !principal.scopes.includes(route.policy.scope))',
    put: 'if (route.policy.scope && principal.scopes.length > 99)',
    test: executor('403 scope_missing > a key without the scope of the route'),
  },
  {
    name: 'idempotency-body',
    protects: 'One Idempotency-Key never stands for two different requests (security: limits and retries).',
    file: `${shared}/idempotency.ts`,
    remove: 'if (row.body_sha256 !== place.bodySha256)',
    put: "if (row.body_sha256 === '')",
    test: { file: `${shared}/idempotency.test.ts`, name: 'the same key for something else is refused' },
  },
]
