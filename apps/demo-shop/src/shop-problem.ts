/** What the shop answers when it says no. The shop is somebody else's place: its codes are its own, not the console's contract. */
const shopProblems = {
  token_refused: { status: 401, title: 'The token is missing or wrong' },
  malformed_listing: { status: 400, title: 'This is not a listing' },
  malformed_change: { status: 400, title: 'This is not a change of a listing' },
  unpublished_already: { status: 409, title: 'The listing was taken down before' },
  idempotency_key_required: { status: 400, title: 'An Idempotency-Key header is required' },
  idempotency_key_reused: { status: 409, title: 'This Idempotency-Key belongs to another request' },
  unsupported_media_type: { status: 415, title: 'A body is application/json' },
  body_too_large: { status: 413, title: 'The body is too large' },
  not_found: { status: 404, title: 'Nothing is here' },
  method_not_allowed: { status: 405, title: 'This path has no such method' },
  internal_error: { status: 500, title: 'The shop failed' },
} as const
export type ShopProblemCode = keyof typeof shopProblems

/** An RFC 9457 problem as a response. */
export function toShopProblem(code: ShopProblemCode, detail: string, headers: Record<string, string> = {}): Response {
  const { status, title } = shopProblems[code]
  return Response.json(
    { type: `urn:demo-shop:problem:${code}`, title, status, code, detail },
    { status, headers: { ...headers, 'content-type': 'application/problem+json' } },
  )
}
