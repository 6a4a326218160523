import { expect, test } from 'vitest'
import { readBatchResponse } from './read-batch-response.ts'

const ids = ['a', 'b', 'c']

test.each([
  ['null'],
  [''],
  ['{}'],
  ['""'],
  ['{"batchItemFailures":[]}'],
  ['{"batchItemFailures":null}'],
  ['{"other":1}'],
])('the answer %j is success', (payload) => {
  expect(readBatchResponse(payload, ids)).toEqual({ kind: 'all-succeeded' })
})

test('the named messages failed, also if they are named twice', () => {
  const payload = '{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"c"},{"itemIdentifier":"b"}]}'
  expect(readBatchResponse(payload, ids)).toEqual({ kind: 'some-failed', failed: new Set(['b', 'c']) })
})

test.each([
  ['{not json', 'the response is not JSON'],
  ['"done"', 'the response is a string, not an object'],
  ['{"batchItemFailures":{}}', 'batchItemFailures is not a list'],
  ['{"batchItemFailures":[{"itemIdentifier":""}]}', 'an itemIdentifier is missing or empty'],
  ['{"batchItemFailures":[{"itemIdentifier":null}]}', 'an itemIdentifier is missing or empty'],
  ['{"batchItemFailures":[{"itemIdentifier":7}]}', 'an itemIdentifier is missing or empty'],
  ['{"batchItemFailures":[{"itemId":"a"}]}', 'an itemIdentifier is missing or empty'],
  ['{"batchItemFailures":[null]}', 'an itemIdentifier is missing or empty'],
  [
    '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"z"}]}',
    'itemIdentifier "z" is not a message of this batch',
  ],
])('the answer %s fails the whole batch', (payload, reason) => {
  expect(readBatchResponse(payload, ids)).toEqual({ kind: 'all-failed', reason })
})
