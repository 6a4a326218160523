import { array, assert, dictionary, property, string } from 'fast-check'
import { expect, it } from 'vitest'
import { sameDocument } from './compare.ts'

it.each([
  ['a list of one for its only element', '{"Action":["sqs:*"]}', '{"Action":"sqs:*"}'],
  ['another order of members and elements', '{"a":1,"b":["x","y"]}', '{"b":["y","x"],"a":1}'],
  ['numbers and booleans as text', '{"maxReceiveCount":1000,"on":true}', '{"maxReceiveCount":"1000","on":"true"}'],
  ['the two spellings of everybody', '{"Principal":"*"}', '{"Principal":{"AWS":"*"}}'],
  ['white space', '{ "a": 1 }', '{"a":1}'],
])('takes %s for the same', (_what, left, right) => {
  expect(sameDocument(left, right)).toBe(true)
})

it.each([
  ['another value', '{"a":1}', '{"a":2}'],
  ['a member too many', '{"a":1}', '{"a":1,"b":1}'],
  ['an element too few', '{"a":["x","y"]}', '{"a":["x"]}'],
  ['everybody as an action', '{"Action":"*"}', '{"Action":{"AWS":"*"}}'],
])('takes %s for a difference', (_what, left, right) => {
  expect(sameDocument(left, right)).toBe(false)
})

it('takes nothing for nothing only', () => {
  expect(sameDocument(undefined, undefined)).toBe(true)
  expect(sameDocument(undefined, '{}')).toBe(false)
})

it('does not mind the order of members (law)', () => {
  const anyDocument = dictionary(string(), array(string()))
  assert(
    property(anyDocument, (document) => {
      const turned = Object.fromEntries(Object.entries(document).toReversed())
      return sameDocument(JSON.stringify(document), JSON.stringify(turned))
    }),
  )
})
