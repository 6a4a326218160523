import { type DeadLetter, type Effect, effectKey, LETTER_KEYS, writeEvent } from 'ticket-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildEvent, buildLetter, buildTicket } from '../support/records.ts'
import { type DeadLetterCloud, startDeadLetterCloud } from './dead-letter-cloud.ts'

let cloud: DeadLetterCloud
beforeEach(async () => {
  cloud = await startDeadLetterCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

const ticket = buildTicket('medium', 3)
const event = buildEvent(ticket, { kind: 'priority-changed', to: 'high' })
const KEY = 'event-0123456789abcdef'

/** An event whose ticket had no case for a day. */
function buildEventLetter(): DeadLetter {
  const { ticket: _, ...letter } = buildLetter(3)
  const body = writeEvent(event)
  return {
    ...letter,
    key: KEY,
    kind: 'event',
    event,
    cause: { code: 'no-case', reason: `there is no case of ${ticket.id}` },
    message: { messageId: 'message-3', body: body.ok ? body.value : '', attributes: { code: 'no-case' } },
  }
}

describe('the dead letter of an event', () => {
  it('is listed by what happened to which ticket, with the command that sends it on its way again', async () => {
    await cloud.archive(buildEventLetter())
    const { output, code } = await cloud.run('dead-letters list')
    expect(code).toBe(0)
    expect(output).toContain(`priority changed ${ticket.id}, by Grace`)
    expect(output).toContain('dead-letters redrive --cause no-case')
  })

  it('is shown with its kind, its writer and its time', async () => {
    await cloud.archive(buildEventLetter())
    const { output } = await cloud.run(`dead-letters show ${KEY}`)
    expect(output).toContain(`${KEY}  an event that could not be added to its ticket`)
    expect(output).toMatch(new RegExp(String.raw`event: +priority changed ${ticket.id}, by Grace Hopper \(teams\)`))
    expect(output).toMatch(/happened: +2026-11-24T09:59:59/)
  })

  it('goes to the queue of events again, in its next life, and once', async () => {
    await cloud.archive(buildEventLetter(), buildLetter(4))
    const { said, code } = await cloud.run('dead-letters redrive --all')
    expect(code).toBe(0)
    expect(said.at(-1)).toBe('2 of 2 redriven')
    const bodies = await cloud.takeQueued('acme-EVQ')
    expect(bodies.map((body): unknown => JSON.parse(body))).toEqual([event])
    expect((await cloud.run(`dead-letters redrive ${KEY}`)).output).toContain(`${KEY} is on its way again already`)
    expect(await cloud.takeQueued('acme-EVQ')).toEqual([])
  })

  it('is closed with a reason', async () => {
    await cloud.archive(buildEventLetter())
    expect((await cloud.run(['dead-letters', 'close', KEY, '--because', 'the ticket was a test'])).code).toBe(0)
    expect(await cloud.letter(KEY)).toMatchObject({ closed: { because: 'the ticket was a test' } })
  })
})

describe('the dead letter of an effect', () => {
  const about = { ticket: ticket.id, source: ticket.source }
  const effects: readonly Effect[] = [
    { kind: 'note', place: 'board', ...about, event: event.id },
    { kind: 'sync', place: 'board', ...about },
    { kind: 'death', place: 'team', ...about, ticketLife: 2 },
  ]

  it.each(effects)('of kind $kind is found by its key, in any case', async (effect) => {
    const { ticket: _, ...letter } = buildLetter(3)
    const key = effectKey(effect)
    await cloud.archive({ ...letter, key, kind: 'effect', effect })
    for (const given of [key, key.toUpperCase(), `${key}.json`])
      expect((await cloud.run(['dead-letters', 'show', given])).output).toContain(key)
  })
})

describe('the help and the refusal of a key', () => {
  it('name every kind of key that a letter can have', async () => {
    const { output: help } = await cloud.run('dead-letters --help')
    const { output: refusal } = await cloud.run('dead-letters show T-1')
    expect(Object.keys(LETTER_KEYS).filter((kind) => !help.includes(`${kind}-…  `))).toEqual([])
    expect(Object.keys(LETTER_KEYS).filter((kind) => !refusal.includes(`${kind}-…`))).toEqual([])
  })
})
