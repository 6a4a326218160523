import { readFileSync } from 'node:fs'
import { openEvent, openMessage, writeEffect, writeEnvelope, writeEvent, type Result } from 'ticket-core'
import { describe, expect, it } from 'vitest'
import {
  readBinding,
  readCase,
  readDeadLetter,
  readKnownPerson,
  readLedgerRecord,
  readSweepCursor,
  type Read,
} from './records.ts'

// A server and functions of two versions work side by side (docs/guides/upgrading.md). So what a released version wrote is
// kept here, as the whole system wrote it: every later version must read it. A new form gets a file of its own beside it.
const FORMATS: {
  readonly messages: Record<string, string>
  readonly objects: Record<string, Record<string, unknown>>
} = JSON.parse(readFileSync(new URL('../../test/formats-of-0.1.json', import.meta.url), 'utf8'))

const READERS: Readonly<Record<string, Read<unknown>>> = {
  cases: readCase,
  'dead-letters': readDeadLetter,
  ledger: readLedgerRecord,
  people: readKnownPerson,
  sweep: readSweepCursor,
  'token-teams': readBinding,
}

function readerOf(key: string): Read<unknown> {
  const [, reader] = Object.entries(READERS).find(([folder]) => key.startsWith(`${folder}/`)) ?? []
  if (!reader) throw new Error(`no reader of ${key}`)
  return reader
}

/** Opens a message as the function of its queue does. */
function open(name: string, body: string): Result<unknown, unknown> {
  return name.startsWith('event-') ? openEvent(body) : openMessage({ body, messageId: 'm', attributes: {} })
}

/** What today's code writes for what it read. */
function write(name: string, body: string): unknown {
  if (name.startsWith('event-')) {
    const event = openEvent(body)
    return event.ok && writeEvent(event.value)
  }
  const opened = openMessage({ body, messageId: 'm', attributes: {} })
  if (!opened.ok) return opened
  return opened.value.kind === 'effect' ? { ok: true, value: writeEffect(opened.value) } : writeEnvelope(opened.value)
}

describe('what version 0.1 put into a queue', () => {
  const messages = Object.entries(FORMATS.messages)

  it.each(messages)('%s: is read, and written the same, byte for byte', (name, body) => {
    expect(write(name, body)).toEqual({ ok: true, value: body })
  })

  it.each(messages)('%s: a member that a newer version added does not make it unreadable', (name, body) => {
    expect(open(name, JSON.stringify({ ...JSON.parse(body), added: { by: 'a newer version' } }))).toEqual(
      open(name, body),
    )
  })

  it.each(messages)('%s: another version of it is refused whole, to be redriven after the upgrade', (name, body) => {
    expect(open(name, JSON.stringify({ ...JSON.parse(body), v: 2 })).ok).toBe(false)
  })
})

describe('what version 0.1 put into the bucket', () => {
  const objects = Object.entries(FORMATS.objects)

  it('is all kinds of objects', () => {
    expect(new Set(objects.map(([key]) => key.split('/')[0]))).toEqual(new Set(Object.keys(READERS)))
  })

  it.each(objects)('%s: is read, and nothing of it is left out', (key, object) => {
    expect(readerOf(key)(JSON.stringify(object))).toEqual({ ok: true, value: object })
  })

  it.each(objects)('%s: a member that a newer version added does not make it unreadable', (key, object) => {
    expect(readerOf(key)(JSON.stringify({ ...object, added: 1 })).ok).toBe(true)
  })

  it('an event of a kind that a newer version added stays in the case that an older function writes', () => {
    const [, known = {}] = objects.find(([key]) => key.startsWith('cases/')) ?? []
    const events = [{ v: 1, id: 'x', kind: 'voted', at: 3, weight: 2 }]
    expect(readCase(JSON.stringify({ ...known, events }))).toMatchObject({ ok: true, value: { events } })
  })
})
