/** Milliseconds, or `90s`, `3m`, `6h`, `1d`; a jump may go back: `-2h`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Clocks stay within the range of a `Date`. */
const LONGEST = '1000000d'

/**
 * A duration in milliseconds, also a negative one; a TypeError for `NaN`, `Infinity` or any other text. A RangeError
 * for more than a million days.
 */
export function milliseconds(duration: Duration): number {
  const value = typeof duration === 'number' ? duration : read(duration)
  if (!Number.isFinite(value))
    throw new TypeError(`not a duration: ${show(duration)}; expected milliseconds, or 90s, 3m, 6h, 1d`)
  if (Math.abs(value) > read(LONGEST)) throw new RangeError(`too long: ${show(duration)}; at most ${LONGEST}`)
  return value
}

/** The same for time that passes: a RangeError for a negative duration. */
export function forward(duration: Duration): number {
  const value = milliseconds(duration)
  if (value < 0) throw new RangeError(`time does not go back: ${show(duration)}; only a jump of the wall clock does`)
  return value
}

function read(text: unknown): number {
  if (typeof text !== 'string') return Number.NaN
  const [, digits, unit] = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  return Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN)
}

function show(duration: unknown): string {
  return typeof duration === 'string' ? `"${duration}"` : String(duration)
}
