/** The longest wait that a vendor may ask for, in milliseconds: one hour. */
const LONGEST = 3_600_000

/**
 * Reads `Retry-After` (seconds, or an HTTP date) as milliseconds from `now`, 0 to one hour; undefined when it says
 * neither. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (text === '') return undefined
  // Whole seconds by the standard; some proxies send decimals.
  const ms = /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1000) : readDate(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST)
}

function readDate(text: string): number {
  // Every form of an HTTP date names its day; without this `Date.parse` would take "5" or "-1" for a year.
  return /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
}
