import { expect, test } from 'vitest'
import type { SourceMessage } from './event-source-ports.ts'
import { takeBatch } from './take-batch.ts'

function messageOf(size: number): SourceMessage {
  return { messageId: 'm', receiptHandle: 'h', body: 'x'.repeat(size), md5OfBody: '', attributes: {} }
}

test('a batch is not larger than its limit', () => {
  const buffer = [messageOf(1), messageOf(1), messageOf(1)]
  expect(takeBatch(buffer, 2)).toHaveLength(2)
  expect(buffer).toHaveLength(1)
})

test('an event stays below 6 MB: ten messages of 1 MiB need two', () => {
  const buffer = Array.from({ length: 10 }, () => messageOf(1_048_576))
  expect(takeBatch(buffer, 10)).toHaveLength(5)
  expect(takeBatch(buffer, 10)).toHaveLength(5)
})

test('a message of any size is a batch, if it is alone', () => {
  const buffer = [{ ...messageOf(0), body: '\u0001'.repeat(1_048_576) }, messageOf(1)]
  expect(takeBatch(buffer, 10)).toHaveLength(1)
})
