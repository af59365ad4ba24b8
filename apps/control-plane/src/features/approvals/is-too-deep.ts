/** Whether JSON is nested deeper than `most`: what reads or writes it again would run out of stack, here or on the page. */
export function isTooDeep(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return most === 0 || Object.values(value).some((item) => isTooDeep(item, most - 1))
}
