/** Also beside a passkey: the password signs in without it. */
export const passwordLeastCharacters = 15

/** Why a typed new password cannot be sent yet, in words; null when the server may judge it. The server has the last word. */
export function findPasswordProblem(typed: { current: string; next: string; again: string }): string | null {
  if (typed.current === '') return 'Type the current password first.'
  const count = [...typed.next].length
  if (count < passwordLeastCharacters) {
    return `The new password has ${count} of at least ${passwordLeastCharacters} characters; a few unrelated words are fine.`
  }
  if (typed.next === typed.current) return 'The new password is the current one.'
  return typed.next === typed.again ? null : 'The two new passwords are not the same.'
}
