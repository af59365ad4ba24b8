const whole = new Intl.NumberFormat('en')

/** `1,204,311` */
export function formatCount(count: number): string {
  return whole.format(count)
}

/** Totals are exact up to 10,000; beyond that the number is a lower bound: `10,000+`. */
export function formatTotal(total: { count: number; exact: boolean }): string {
  return total.exact ? formatCount(total.count) : `${formatCount(total.count)}+`
}
