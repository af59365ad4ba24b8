const units = ['KiB', 'MiB', 'GiB', 'TiB']

/** `0 B`, `256 KiB`, `41.2 MiB`: one decimal below 100 where it says something. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  let value = bytes / 1024
  let unit = 0
  // 1023.95 would be printed as 1024.0 of the smaller unit.
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  const text = value < 99.95 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0)
  return `${text} ${units[unit]}`
}
