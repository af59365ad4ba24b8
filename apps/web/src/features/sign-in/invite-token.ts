/** The token in the fragment of an invite link; null without one. The server says whether it holds. */
export function readInviteToken(fragment: string): string | null {
  const token = /^#token=(.{1,200})$/.exec(fragment)?.[1]
  return token === undefined ? null : token.trim()
}
