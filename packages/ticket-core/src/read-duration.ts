const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90s`, `15m`, `24h`, `2d` in milliseconds; undefined for anything else, and for nothing at all (`0h`). */
export function readDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? []
  const factor = UNITS[unit ?? '']
  const value = Number(digits) * (factor ?? Number.NaN)
  return value > 0 ? value : undefined
}
