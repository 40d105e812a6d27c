const units = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** A number of bytes for people, in powers of 1000 as disks are sold: `4.2 GB`. */
export const bytesInWords = (bytes: number): string => {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  // 999.96 kB is 1.0 MB.
  if (power > 0 && power < units.length - 1 && value >= 999.95) return `1.0 ${units[power + 1]}`
  return `${power === 0 ? String(value) : value.toFixed(1)} ${units[power]}`
}
