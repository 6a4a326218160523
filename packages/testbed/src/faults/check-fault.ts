import { forward, milliseconds } from '@ticketing/local-aws'
import { EDGE_PLACES, FAULT_KINDS, PLACES, PROCESS_PLACES, VENDOR_PLACES } from './fault-kinds.ts'
import type { Fault } from './fault.ts'
import { mustBeOneOf, describeValue } from './one-of.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Throws a TypeError or RangeError for a fault that can never happen. Plain JavaScript and Vitest do not check types: a
 * misspelt fault would only show when the testbed stops, or would hit all calls in place of a few.
 */
export function checkFault(fault: Fault): void {
  const fields: Fields = { ...fault }
  const { at, kind } = fields
  mustBeOneOf(at, PLACES, "A fault's `at`")
  const place = String(at)
  mustBeOneOf(kind, Object.keys(FAULT_KINDS[place] ?? {}), `The \`kind\` of a fault at "${place}"`)
  const name = `of the fault "${place} ${String(kind)}"`
  for (const field of Object.keys(fields))
    if (fields[field] !== undefined) mustBeOneOf(field, fieldsOf(place, String(kind)), `A field ${name}`)
  const check = (field: string, isNeeded: boolean, test: (value: unknown, what: string) => void): void => {
    if (isNeeded || fields[field] !== undefined) test(fields[field], `\`${field}\` ${name}`)
  }
  check('call', PROCESS_PLACES.includes(place), (value, what) => mustBeOneOf(value, EDGE_PLACES, what))
  check('by', kind === 'jump', kind === 'jump' ? mustBe(milliseconds) : oneOf(PROCESS_PLACES))
  check('when', false, oneOf(['before', 'after']))
  check('what', kind === 'rotated', oneOf(['trello', 'slack', 'teams']))
  check('in', false, mustBe(forward))
  check('writtenAfter', false, mustBe(forward))
  check('times', false, mustBeTimes)
  check('chance', false, mustBeChance)
  check('ticket', false, mustBeText)
  check('text', false, mustBeText)
  check('status', kind === '4xx', kind === '4xx' ? mustBeRefusal : oneOfNumbers([500, 502, 503, 504]))
  check('body', false, mustBeText)
  check('retryAfter', false, mustBeRetryAfter)
  check('ms', ['slow', 'timeout-late-effect', 'delayed'].includes(String(kind)), mustBeMilliseconds)
}

const FILTERS = ['times', 'ticket', 'text', 'by', 'chance']
/** The fields of each kind, besides `at` and `kind`. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  reset: ['when', ...FILTERS],
  slow: ['ms', 'when', ...FILTERS],
  'timeout-late-effect': ['ms', ...FILTERS],
  delayed: ['ms', ...FILTERS],
  '429': ['retryAfter', ...FILTERS],
  '4xx': ['status', 'body', ...FILTERS],
  '5xx': ['when', ...FILTERS],
  jump: ['by', 'in'],
  rotated: ['what', 'in', 'writtenAfter'],
}

function fieldsOf(place: string, kind: string): readonly string[] {
  const own = PROCESS_PLACES.includes(place) ? ['call', 'when', ...FILTERS] : (FIELDS[kind] ?? FILTERS)
  // A service of AWS has its own status for this.
  const isVendors = kind === '5xx' && VENDOR_PLACES.includes(place)
  return ['at', 'kind', ...own, ...(isVendors ? ['status'] : [])]
}

function oneOf(allowed: readonly string[]) {
  return (value: unknown, what: string): void => mustBeOneOf(value, allowed, what)
}

/** A check by a reader of durations. */
function mustBe(read: typeof milliseconds) {
  return (value: unknown, what: string): void => {
    try {
      // The reader checks the type itself.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      read(value as Parameters<typeof milliseconds>[0])
    } catch (error) {
      throw new TypeError(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }
}

function oneOfNumbers(allowed: readonly number[]) {
  return (value: unknown, what: string): void => {
    if (typeof value !== 'number' || !allowed.includes(value))
      throw new RangeError(`${what} cannot be ${describeValue(value)}. It is one of ${allowed.join(', ')}.`)
  }
}

function mustBeRefusal(value: unknown, what: string): void {
  if (!Number.isSafeInteger(value) || Number(value) < 400 || Number(value) > 499)
    throw new RangeError(`${what} cannot be ${describeValue(value)}. It is a status of HTTP from 400 to 499.`)
}

function mustBeRetryAfter(value: unknown, what: string): void {
  if (value !== 'none' && (!Number.isSafeInteger(value) || Number(value) < 0))
    throw new RangeError(`${what} cannot be ${describeValue(value)}. It is whole seconds from 0, or "none".`)
}

function mustBeText(value: unknown, what: string): void {
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`${what} cannot be ${describeValue(value)}. It is a text that is not empty.`)
}

function mustBeTimes(value: unknown, what: string): void {
  if (!Number.isSafeInteger(value) || Number(value) < 1)
    throw new RangeError(`${what} cannot be ${describeValue(value)}. It is a whole number from 1.`)
}

function mustBeChance(value: unknown, what: string): void {
  if (typeof value !== 'number' || !(value > 0 && value <= 1))
    throw new RangeError(`${what} cannot be ${describeValue(value)}. It is a number above 0, up to 1.`)
}

function mustBeMilliseconds(value: unknown, what: string): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw new RangeError(`${what} cannot be ${describeValue(value)}. It is milliseconds, a number from 0.`)
}
