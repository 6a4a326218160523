/** Milliseconds, or `90s`, `3m`, `6h`, `1d`; a jump may go back: `-2h`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration in milliseconds; a TypeError for a text that is none. */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') return duration
  const [, digits, unit] = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration) ?? []
  const value = Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN)
  if (!Number.isFinite(value))
    throw new TypeError(`not a duration: "${duration}"; expected milliseconds, or 90s, 3m, 6h, 1d`)
  return value
}
