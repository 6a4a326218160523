import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { identifyOlderMessage, openEnvelope, writeEnvelope, type QueueMessage, type Ticket } from './index.ts'

const TICKET: Ticket = {
  id: 'T-7QK2M-9XD4R',
  source: 'a'.repeat(64),
  createdAt: '2026-11-23T14:03:22.000Z',
  title: 'Login',
  priority: 'high',
  description: 'White.',
  links: [{ text: 'the log', url: 'https://example.com/log' }],
  steps: 'Open',
  reporter: { name: 'Ada', aadObjectId: 'b15a9416' },
  tenantId: 't',
  teamId: 'team',
  channelId: 'ch',
  conversationId: 'c',
  messageId: 'm',
  locale: 'en-GB',
}
const OLDER = { Title: 'Printer', Description: 'It jams.', Priority: 'Low' }
const SQS_ID = '059f36b4-87a3-44ab-83d2-661975830a7d'

function write(ticket: Ticket, life = 0): string {
  const written = writeEnvelope({ ticket, life })
  if (!written.ok) throw new Error(written.failure.code)
  return written.value
}

function open(body: string, more: Partial<QueueMessage> = {}): unknown {
  const opened = openEnvelope({ body, messageId: SQS_ID, attributes: {}, ...more })
  return opened.ok ? opened.value : opened.failure
}

function damage(change: object): string {
  return JSON.stringify({ v: 1, life: 0, ticket: { ...TICKET, ...change } })
}

describe('an envelope', () => {
  test('opens to the ticket and life that it was written with', () => {
    expect(open(write(TICKET, 3))).toEqual({ ticket: TICKET, life: 3, kind: 'envelope' })
  })

  test('is what it was: messages queued by an earlier release open', () => {
    const { id, source, createdAt, title, priority, description, links } = TICKET
    const body = `{"v":1,"life":0,"ticket":{"id":"${id}","source":"${source}","createdAt":"${createdAt}","title":"${title}","priority":"${priority}","description":"${description}","links":[]}}`
    expect(open(body)).toEqual({
      ticket: { id, source, createdAt, title, priority, description, links: links.slice(1) },
      life: 0,
      kind: 'envelope',
    })
  })

  test('is pure ASCII, for any ticket', () => {
    const description = 'é 🍺 \ud800 \udc00\ud800 \ufffe \uffff \u0000 \u007f \u0085 \u2028'
    const body = write({ ...TICKET, description })
    expect(body).toMatch(/^[\x20-\x7e]+$/)
    expect(open(body)).toMatchObject({ ticket: { description } })
  })

  test('of exactly 256 KiB is written, one byte more is too large', () => {
    const room = 262_144 - write({ ...TICKET, description: '' }).length
    expect(write({ ...TICKET, description: 'x'.repeat(room) })).toHaveLength(262_144)
    expect(writeEnvelope({ ticket: { ...TICKET, description: 'x'.repeat(room + 1) }, life: 0 })).toEqual({
      ok: false,
      failure: { code: 'envelope-too-large', bytes: 262_145, limit: 262_144 },
    })
  })

  test('counts its bytes after escaping', () => {
    const written = writeEnvelope({ ticket: { ...TICKET, description: 'é'.repeat(50_000) }, life: 0 })
    expect(written).toMatchObject({ ok: false, failure: { code: 'envelope-too-large' } })
  })

  test('takes its life from the attribute of a redrive', () => {
    expect(open(write(TICKET), { attributes: { life: '2' } })).toMatchObject({ life: 2 })
  })

  test('leaves out keys that it does not know', () => {
    expect(open(damage({ __proto__: { x: 1 }, later: 'release' }))).toEqual({
      ticket: TICKET,
      life: 0,
      kind: 'envelope',
    })
  })

  test('of any ticket opens to the same one', () => {
    fc.assert(
      fc.property(
        fc.record({
          title: fc.string({ unit: 'binary', minLength: 1 }),
          description: fc.string({ unit: 'binary' }),
          steps: fc.string({ unit: 'binary' }),
        }),
        fc.nat(),
        (texts, life) => {
          const ticket = { ...TICKET, ...texts }
          expect(open(write(ticket, life))).toEqual({ ticket, life, kind: 'envelope' })
        },
      ),
    )
  })
})

describe('a damaged envelope is unreadable, with a reason', () => {
  test.each([
    ['the body is not JSON', '{"v":1'],
    ['the body is not JSON', ''],
    ['the body is not a JSON object', '[]'],
    ['the body is not a JSON object', 'null'],
    ['the envelope is not of version 1', '{}'],
    ['the envelope is not of version 1', JSON.stringify({ v: 2, life: 0, ticket: TICKET })],
    ['the life is not a whole number from 0 up', JSON.stringify({ v: 1, life: -1, ticket: TICKET })],
    ['the life is not a whole number from 0 up', JSON.stringify({ v: 1, life: '0', ticket: TICKET })],
    ['the envelope is damaged: there is no ticket in it', JSON.stringify({ v: 1, life: 0 })],
    ['the envelope is damaged: its id is not a ticket id', damage({ id: 't-7qk2m-9xd4r' })],
    ['the envelope is damaged: its source is not a SHA-256 in hex', damage({ source: 'abc' })],
    ['the envelope is damaged: its createdAt is not a UTC instant', damage({ createdAt: '2026-11-23' })],
    ['the envelope is damaged: its priority is not low, medium or high', damage({ priority: 'High' })],
    ['the envelope is damaged: its title is missing', damage({ title: '' })],
    ['the envelope is damaged: its description is missing', damage({ description: undefined })],
    ['the envelope is damaged: its links are not a list of texts and addresses', damage({ links: [{ text: 'a' }] })],
    ['the envelope is damaged: its links are not a list of texts and addresses', damage({ links: {} })],
    ['the envelope is damaged: one of its optional fields is not as it was written', damage({ steps: 1 })],
    ['the envelope is damaged: one of its optional fields is not as it was written', damage({ reporter: {} })],
    [
      'the envelope is damaged: one of its optional fields is not as it was written',
      damage({ reporter: { name: 'a', aadObjectId: 1 } }),
    ],
  ])('%s', (reason, body) => {
    expect(open(body)).toEqual({ code: 'unreadable', reason })
  })

  test('also when the attribute life is no number', () => {
    expect(open(write(TICKET), { attributes: { life: 'two' } })).toEqual({
      code: 'unreadable',
      reason: 'the life is not a whole number from 0 up',
    })
  })

  test('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.json()),
        fc.dictionary(fc.constantFrom('life', 'ticket', 'source'), fc.string()),
        (body, attributes) => {
          expect(openEnvelope({ body, messageId: '', attributes }).ok).toBe(false)
        },
      ),
    )
  })

  test('never throws on anything in any place', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(TICKET)), fc.jsonValue()), (change) => {
        expect(openEnvelope({ body: damage(change), messageId: '', attributes: {} }).ok).toBeTypeOf('boolean')
      }),
    )
  })
})

describe('a message of the older system', () => {
  test('opens with the SQS message’s id and time', () => {
    expect(open(JSON.stringify(OLDER), { sentAt: 1_732_370_602_000 })).toEqual({
      ticket: {
        ...identifyOlderMessage(SQS_ID),
        createdAt: '2024-11-23T14:03:22.000Z',
        title: 'Printer',
        priority: 'low',
        description: 'It jams.',
        links: [],
      },
      life: 0,
      kind: 'older-system',
    })
  })

  test('is another ticket when it is another SQS message', () => {
    expect(identifyOlderMessage('a').id).not.toBe(identifyOlderMessage('b').id)
  })

  test('keeps the id that its attribute names, and the life', () => {
    const attributes = { ticket: 'T-7QK2M-9XD4R', source: 'b'.repeat(64), life: '1' }
    expect(open(JSON.stringify(OLDER), { attributes })).toMatchObject({
      ticket: { id: 'T-7QK2M-9XD4R', source: 'b'.repeat(64) },
      life: 1,
    })
  })

  test('keeps its own source when the attribute names the id that it has anyway', () => {
    const { id, source } = identifyOlderMessage(SQS_ID)
    expect(open(JSON.stringify(OLDER), { attributes: { ticket: id } })).toMatchObject({ ticket: { id, source } })
  })

  test('always has the same source under the same known id', () => {
    const first = open(JSON.stringify(OLDER), { messageId: 'x', attributes: { ticket: 'T-7QK2M-9XD4R' } })
    expect(open(JSON.stringify(OLDER), { messageId: 'y', attributes: { ticket: 'T-7QK2M-9XD4R' } })).toEqual(first)
  })

  test('is read as Teams sent it: entities decoded, breaks kept, every mention kept', () => {
    const body = JSON.stringify({
      Title: 'R&amp;D',
      Description: '<at>Larry</at>&nbsp;says:\n<p>see https://example.com/a</p>',
      Priority: 'MEDIUM',
    })
    expect(open(body)).toMatchObject({
      ticket: {
        title: 'R&D',
        description: 'Larry says:\nsee https://example.com/a',
        priority: 'medium',
        links: [{ text: 'https://example.com/a', url: 'https://example.com/a' }],
      },
    })
  })

  test('without a title is delivered all the same', () => {
    expect(open(JSON.stringify({ ...OLDER, Title: ' ' }))).toMatchObject({ ticket: { title: '(no title)' } })
  })

  test('wrapped into an envelope opens as the same ticket', () => {
    const opened = openEnvelope({
      body: JSON.stringify(OLDER),
      messageId: SQS_ID,
      sentAt: 1_732_370_602_000,
      attributes: {},
    })
    if (!opened.ok) throw new Error(opened.failure.reason)
    expect(open(write(opened.value.ticket, 1), { messageId: 'another' })).toEqual({
      ticket: opened.value.ticket,
      life: 1,
      kind: 'envelope',
    })
  })

  test.each([
    [
      'a body of the older system needs the texts Title, Description and Priority',
      { Title: 'a', Description: 1, Priority: 'Low' },
    ],
    ['the Priority of the older body is not Low, Medium or High', { ...OLDER, Priority: 'Urgent' }],
  ])('that is damaged is unreadable: %s', (reason, body) => {
    expect(open(JSON.stringify(body))).toEqual({ code: 'unreadable', reason })
  })

  test('with an attribute that is not an id is unreadable', () => {
    expect(open(JSON.stringify(OLDER), { attributes: { ticket: 'x' } })).toEqual({
      code: 'unreadable',
      reason: 'the attribute ticket is not a ticket id',
    })
  })
})
