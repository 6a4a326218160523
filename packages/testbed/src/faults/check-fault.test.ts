import { expect, test } from 'vitest'
import { createFaults } from './create-faults.ts'
import type { Fault } from './fault.ts'

const CARD = { at: 'trello.createCard', kind: '5xx' }
const KILL = { at: 'server', kind: 'killed' }

test.each<readonly [fields: unknown, said: string]>([
  [undefined, '`at` cannot be undefined. It is one of "slack.*", '],
  [{ at: 'sqs.SendMessage', kind: '5xx' }, '`at` cannot be "sqs.SendMessage". Did you mean "sqs.sendMessage"?'],
  [{ at: 'createCard', kind: '5xx' }, 'Did you mean "trello.createCard"?'],
  [{ at: 'sqs.sendMesage', kind: '5xx' }, 'Did you mean "sqs.sendMessage"?'],
  [{ at: 'toString', kind: '5xx' }, '`at` cannot be "toString". It is one of'],
  [
    { at: 's3.getObject', kind: 'conflict' },
    'The `kind` of a fault at "s3.getObject" cannot be "conflict". It is one of "timeout-before-effect", ',
  ],
  [{ at: 'server', kind: 'timed_out' }, 'Did you mean "timed-out"? It is one of "crash", "killed", "timed-out".'],
  [KILL, '`call` of the fault "server killed" cannot be undefined. It is one of "slack.*", '],
  [{ ...KILL, call: 'server' }, '`call` of the fault "server killed" cannot be "server".'],
  [{ ...KILL, call: 'sqs.sendMessageBatch', when: 'During' }, '`when` of the fault "server killed" cannot be "During"'],
  ...[0, -1, 1.5, Number.NaN, '2'].map((times) => [{ ...CARD, times }, 'It is a whole number from 1.'] as const),
  ...[0, -0.1, 1.1, Number.NaN, '1'].map((chance) => [{ ...CARD, chance }, 'It is a number above 0, up to 1'] as const),
  ...[undefined, -1, Number.NaN, '5s'].map(
    (ms) => [{ ...CARD, kind: 'slow', ms }, `\`ms\` of the fault "trello.createCard slow" cannot be `] as const,
  ),
  [{ ...CARD, tmes: 1 }, 'A field of the fault "trello.createCard 5xx" cannot be "tmes". Did you mean "times"?'],
  [
    { ...CARD, ms: 1 },
    'cannot be "ms". It is one of "at", "kind", "when", "times", "ticket", "text", "by", "chance", "status".',
  ],
  [{ at: 's3.getObject', kind: '5xx', status: 503 }, 'A field of the fault "s3.getObject 5xx" cannot be "status".'],
  [{ ...CARD, status: 429 }, '`status` of the fault "trello.createCard 5xx" cannot be 429. It is one of 500, 502, '],
  ...[undefined, 399, 500, '404'].map((status) => [{ ...CARD, kind: '4xx', status }, 'from 400 to 499.'] as const),
  [{ ...CARD, kind: '4xx', status: 404, body: 1 }, '`body` of the fault "trello.createCard 4xx" cannot be 1.'],
  ...[-1, '5', Number.NaN, 0.5].map(
    (retryAfter) => [{ ...CARD, kind: '429', retryAfter }, 'It is whole seconds from 0, or "none".'] as const,
  ),
  ...['ticket', 'text'].map((field) => [{ ...CARD, [field]: '' }, 'It is a text that is not empty.'] as const),
  [{ at: 'clock', kind: 'jump', by: '1h', times: 2 }, 'cannot be "times". It is one of "at", "kind", "by", "in".'],
  [{ ...CARD, by: 'functions' }, '`by` of the fault "trello.createCard 5xx" cannot be "functions".'],
  [{ at: 'clock', kind: 'jump' }, '`by` of the fault "clock jump": not a duration: undefined; expected milliseconds'],
  [{ at: 'clock', kind: 'jump', by: '1h', in: 'soon' }, '`in` of the fault "clock jump": not a duration: "soon"'],
  [{ at: 'clock', kind: 'jump', by: '1h', in: -1 }, 'time does not go back: -1'],
  [{ at: 'secret', kind: 'rotated', what: 'jira' }, '`what` of the fault "secret rotated" cannot be "jira".'],
  [{ at: 'secret', kind: 'rotated', what: 'slack', writtenAfter: Number.NaN }, 'not a duration: NaN'],
])('refuses a fault that can never happen: %j', (fields, said) => {
  const faults = createFaults({ random: () => 0, schedule: () => () => undefined })
  // Plain JavaScript can pass anything.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  expect(() => faults.add(fields as Fault)).toThrow(said)
  expect(faults.unfired()).toEqual([])
})

test.each<Fault>([
  { at: 'trello.*', kind: 'slow', ms: 0, times: 1, chance: 1, by: 'function.*', when: 'after' },
  { at: 'function.dead', kind: 'crash', call: 's3.*', when: 'before' },
  { at: 'clock', kind: 'jump', by: '-2h', in: 0 },
])('accepts a fault that can happen: $at $kind', (fault) => {
  const faults = createFaults({ random: () => 0, schedule: () => () => undefined })
  expect(faults.add(fault).fault).toBe(fault)
})
