/** How the name of a person is compared with what somebody typed or reported: compatibility forms, case and what cannot be seen make no difference. */
export function foldName(name: string): string {
  return name
    .replaceAll(/\p{Cf}/gu, '')
    .normalize('NFKC')
    .trim()
    .toLowerCase()
}
