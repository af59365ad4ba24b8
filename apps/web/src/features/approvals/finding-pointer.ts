/** How the arming rule names a finding that has to be seen. */
export function toFindingPointer(finding: { code: string; title: string }): string {
  return `finding:${finding.code} ${finding.title}`
}
