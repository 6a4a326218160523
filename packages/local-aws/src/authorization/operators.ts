import { BlockList, isIP, isIPv4 } from 'node:net'
import { matchesArn, matchesPattern } from './match-pattern.ts'

/** Compares one value of the request with one of the policy. */
type Compare = (found: string, wanted: string) => boolean

/** An operator: its comparison, and whether it is negated. */
export interface Operator {
  readonly compare: Compare
  readonly negated: boolean
}

const equals: Compare = (found, wanted) => found === wanted
const equalsIgnoreCase: Compare = (found, wanted) => found.toLowerCase() === wanted.toLowerCase()
const like: Compare = (found, wanted) => matchesPattern(wanted, found)
const arnLike: Compare = (found, wanted) => matchesArn(wanted, found)

/**
 * The condition operators of IAM, except `Null`, which tests whether a key is present.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', equals),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoreCase),
  ...pair('StringLike', 'StringNotLike', like),
  ...pair('ArnEquals', 'ArnNotEquals', arnLike),
  ...pair('ArnLike', 'ArnNotLike', arnLike),
  ...pair('IpAddress', 'NotIpAddress', inRange),
  ...ordered('Numeric', readNumber),
  ...ordered('Date', readDate),
  one('Bool', equalsIgnoreCase),
  one('BinaryEquals', equals),
])

type Named = readonly [string, Operator]

function one(name: string, compare: Compare, negated = false): Named {
  return [name, { compare, negated }]
}

function pair(name: string, opposite: string, compare: Compare): readonly Named[] {
  return [one(name, compare), one(opposite, compare, true)]
}

/** An unreadable value equals nothing, as NaN does. */
function ordered(kind: string, read: (text: string) => number): readonly Named[] {
  const by =
    (holds: (found: number, wanted: number) => boolean): Compare =>
    (found, wanted) =>
      holds(read(found), read(wanted))
  return [
    ...pair(
      `${kind}Equals`,
      `${kind}NotEquals`,
      by((found, wanted) => found === wanted),
    ),
    one(
      `${kind}LessThan`,
      by((found, wanted) => found < wanted),
    ),
    one(
      `${kind}LessThanEquals`,
      by((found, wanted) => found <= wanted),
    ),
    one(
      `${kind}GreaterThan`,
      by((found, wanted) => found > wanted),
    ),
    one(
      `${kind}GreaterThanEquals`,
      by((found, wanted) => found >= wanted),
    ),
  ]
}

function readNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

/** ISO 8601, or seconds since the epoch. */
function readDate(text: string): number {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}

function inRange(found: string, wanted: string): boolean {
  const [address = '', bits] = wanted.split('/')
  if (isIP(address) === 0 || isIP(found) === 0) return false
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(address, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family)
  return list.check(found, isIPv4(found) ? 'ipv4' : 'ipv6')
}
