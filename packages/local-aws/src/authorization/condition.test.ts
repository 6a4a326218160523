import { expect, test } from 'vitest'
import { evaluate } from './evaluate.ts'
import { readPolicy } from './read-policy.ts'

const principal = { accountId: '000000000000', arn: 'arn:aws:sts::000000000000:assumed-role/worker/me' }

type Keys = Readonly<Record<string, string | readonly string[]>>

/** Whether a statement with this condition allows a request that has these keys. */
function holds(condition: object, keys: Keys): boolean {
  const read = readPolicy(
    JSON.stringify({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: condition }] }),
  )
  if (!read.ok) throw new Error(read.problem)
  const valuesOf = (key: string): readonly string[] | undefined => {
    const value = keys[key]
    return typeof value === 'string' ? [value] : value
  }
  return evaluate(read.statements, { action: 's3:GetObject', resource: '*', valuesOf }, principal)?.effect === 'Allow'
}

test.each<readonly [boolean, object, Keys]>([
  [true, { StringEquals: { k: 'a' } }, { k: 'a' }],
  [false, { StringEquals: { k: 'a' } }, { k: 'A' }],
  [false, { StringEquals: { k: 'a' } }, {}],
  [true, { StringEquals: { k: ['a', 'b'] } }, { k: 'b' }],
  [false, { StringEquals: { k: 'a', l: 'b' } }, { k: 'a', l: 'c' }],
  [false, { StringEquals: { k: 'a' }, StringLike: { l: 'b*' } }, { k: 'a', l: 'c' }],
  [false, { StringEquals: { k: 'a*' } }, { k: 'ab' }],
  [true, { StringNotEquals: { k: 'a' } }, { k: 'b' }],
  [false, { StringNotEquals: { k: ['a', 'b'] } }, { k: 'b' }],
  [true, { StringNotEquals: { k: 'a' } }, {}],
  [true, { StringEqualsIgnoreCase: { k: 'aB' } }, { k: 'Ab' }],
  [false, { StringNotEqualsIgnoreCase: { k: 'aB' } }, { k: 'Ab' }],
  [true, { StringLike: { k: 'ledger/*' } }, { k: 'ledger/T-1.json' }],
  [true, { StringLike: { k: 'a?c' } }, { k: 'abc' }],
  [false, { StringLike: { k: 'a?c' } }, { k: 'ac' }],
  [false, { StringNotLike: { k: 'ledger/*' } }, { k: 'ledger/T-1.json' }],
  [true, { StringEqualsIfExists: { k: 'a' } }, {}],
  [false, { StringEqualsIfExists: { k: 'a' } }, { k: 'b' }],
  [
    true,
    { ArnLike: { k: 'arn:aws:lambda:*:000000000000:function:P-*' } },
    { k: 'arn:aws:lambda:eu-west-1:000000000000:function:P-LP' },
  ],
  [true, { ArnEquals: { k: 'arn:aws:sqs:*:*:q' } }, { k: 'arn:aws:sqs:eu-west-1:000000000000:q' }],
  [false, { ArnLike: { k: 'arn:aws:*:q' } }, { k: 'arn:aws:sqs:eu-west-1:000000000000:q' }],
  [false, { ArnNotLike: { k: 'arn:aws:sqs:*:*:q' } }, { k: 'arn:aws:sqs:eu-west-1:000000000000:q' }],
  [true, { Bool: { k: 'false' } }, { k: 'false' }],
  [true, { Bool: { k: false } }, { k: 'false' }],
  [false, { Bool: { k: 'true' } }, { k: 'false' }],
  [true, { NumericLessThanEquals: { k: '10' } }, { k: '10' }],
  [false, { NumericLessThan: { k: 10 } }, { k: '10' }],
  [true, { NumericGreaterThan: { k: '9.5' } }, { k: '10' }],
  [false, { NumericEquals: { k: '10' } }, { k: 'ten' }],
  [true, { DateGreaterThan: { k: '2026-11-24T09:59:59Z' } }, { k: '2026-11-24T10:00:00.000Z' }],
  [false, { DateLessThan: { k: '1795514400' } }, { k: '2026-11-24T10:00:00Z' }],
  [true, { DateLessThanEquals: { k: '1795514400' } }, { k: '2026-11-24T10:00:00Z' }],
  [true, { IpAddress: { k: '127.0.0.0/8' } }, { k: '127.0.0.1' }],
  [false, { IpAddress: { k: '10.0.0.0/8' } }, { k: '127.0.0.1' }],
  [true, { IpAddress: { k: '2001:db8::/32' } }, { k: '2001:db8::1' }],
  [false, { NotIpAddress: { k: ['10.0.0.0/8', '127.0.0.1'] } }, { k: '127.0.0.1' }],
  [true, { Null: { k: 'true' } }, {}],
  [false, { Null: { k: 'true' } }, { k: 'a' }],
  [true, { Null: { k: 'false' } }, { k: 'a' }],
  [true, { 'ForAnyValue:StringEquals': { k: ['a', 'b'] } }, { k: ['b', 'c'] }],
  [false, { 'ForAnyValue:StringEquals': { k: ['a'] } }, { k: ['b', 'c'] }],
  [false, { 'ForAnyValue:StringEquals': { k: ['a'] } }, {}],
  [true, { 'ForAllValues:StringLike': { k: ['a*', 'b'] } }, { k: ['ab', 'b'] }],
  [false, { 'ForAllValues:StringLike': { k: ['a*'] } }, { k: ['ab', 'b'] }],
  [true, { 'ForAllValues:StringLike': { k: ['a*'] } }, {}],
  [true, { StringEquals: { k: '${l}' } }, { k: 'a', l: 'a' }],
  [false, { StringEquals: { k: '${l}' } }, { k: 'a' }],
  [true, { StringEquals: { k: "${l, 'a'}" } }, { k: 'a' }],
  [true, { StringLike: { k: 'a${*}' } }, { k: 'a*' }],
])('%s: %j of %j', (expected, condition, keys) => {
  expect(holds(condition, keys)).toBe(expected)
})

test('a hostile pattern does not take long to match', () => {
  expect(holds({ StringLike: { k: `${'*a'.repeat(40)}b` } }, { k: 'a'.repeat(2000) })).toBe(false)
})

test.each([
  ['{', 'it is not valid JSON'],
  ['[]', 'it is not a JSON object'],
  [{ Effect: 'Maybe', Action: '*', Resource: '*' }, 'Effect is Maybe, not Allow or Deny'],
  [{ Effect: 'Allow', Resource: '*' }, 'a statement has no Action'],
  [{ Effect: 'Allow', Action: '*', NotAction: '*', Resource: '*' }, 'a statement has both Action and NotAction'],
  [{ Effect: 'Allow', Action: '*', Ressource: '*' }, 'a statement has the unknown element Ressource'],
  [
    { Effect: 'Allow', Action: '*', Condition: { StringIs: { k: 'a' } } },
    'Condition has the unknown operator StringIs',
  ],
  [
    { Effect: 'Allow', Action: '*', Condition: { NullIfExists: { k: 'a' } } },
    'Condition has the unknown operator NullIfExists',
  ],
  [
    { Effect: 'Allow', Action: '*', Condition: { 'ForSome:Bool': { k: 'a' } } },
    'Condition has the unknown operator ForSome:Bool',
  ],
])('%j is rejected: %s', (statement, problem) => {
  const document = typeof statement === 'string' ? statement : JSON.stringify({ Statement: statement })
  expect(readPolicy(document)).toEqual({ ok: false, problem })
})
