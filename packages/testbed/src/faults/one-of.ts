import { inspect } from 'node:util'

/** Throws a TypeError unless the value is allowed. The error lists the allowed values, and the likely one. */
export function mustBeOneOf(value: unknown, allowed: readonly string[], what: string): void {
  if (typeof value === 'string' && allowed.includes(value)) return
  const meant = typeof value === 'string' ? nearMiss(value, allowed) : undefined
  const hint = meant === undefined ? '' : ` Did you mean ${quote(meant)}?`
  throw new TypeError(
    `${what} cannot be ${describeValue(value)}.${hint} It is one of ${allowed.map(quote).join(', ')}.`,
  )
}

/** A value as text for an error message. */
export function describeValue(value: unknown): string {
  return typeof value === 'string' ? quote(value) : inspect(value)
}

/** Equal but for case and punctuation; or the end of a name: `createCard`; or one letter differs. */
function nearMiss(value: string, allowed: readonly string[]): string | undefined {
  const said = plain(value)
  if (said === '') return undefined
  return (
    allowed.find((each) => plain(each) === said) ??
    allowed.find((each) => plain(each).endsWith(said)) ??
    allowed.find((each) => isOneLetterOff(plain(each), said))
  )
}

function isOneLetterOff(one: string, other: string): boolean {
  let same = 0
  while (same < one.length && one[same] === other[same]) same += 1
  const rests = [one.slice(same), other.slice(same)] as const
  return rests[0].slice(1) === rests[1].slice(1) || rests[0].slice(1) === rests[1] || rests[0] === rests[1].slice(1)
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function quote(text: string): string {
  return JSON.stringify(text)
}
