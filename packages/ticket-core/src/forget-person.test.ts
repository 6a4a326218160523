import { describe, expect, it } from 'vitest'
import { newCase } from './case.ts'
import type { DeadLetter } from './dead-letter.ts'
import type { Change, Person, TicketEvent } from './event.ts'
import { FORGOTTEN, forgetInCase, forgetInLetter, peopleIn } from './forget-person.ts'
import { openEnvelope } from './open-envelope.ts'
import { stateOf } from './state.ts'
import type { Ticket } from './ticket.ts'
import { identify } from './ticket-id.ts'

const ADA: Person = { via: 'teams', name: 'Ada Lovelace', id: 'aad-ada' }
const OLA: Person = { via: 'teams', name: 'Ola Nordmann', id: 'aad-ola' }
const isAda = ({ name, id }: { name: string; id?: string }): boolean => id === 'aad-ada' || name === 'Ada Lovelace'

const isOla = ({ name }: { name: string }): boolean => name === OLA.name

const ticket: Ticket = {
  ...identify({ tenantId: 't', conversationId: 'c', activityId: 'a' }),
  title: 'SECRET title',
  priority: 'medium',
  description: 'SECRET description',
  steps: 'SECRET steps',
  links: [{ text: 'SECRET link', url: 'https://secret.test' }],
  createdAt: '2026-11-24T10:00:00.000Z',
  reporter: { name: 'Ada Lovelace', aadObjectId: 'aad-ada' },
  teamId: 'team-1',
}

/** One event of each kind, by a person. */
function allKinds(by: Person, text: string): TicketEvent[] {
  const changes: readonly Change[] = [
    { kind: 'acknowledged' },
    { kind: 'taken' },
    { kind: 'assigned', to: by },
    { kind: 'released', from: by },
    { kind: 'commented', text },
    { kind: 'priority-changed', to: 'high' },
    { kind: 'edited', title: text, description: text },
    { kind: 'withdrawn', reason: text },
    { kind: 'closed', reason: text, stage: 'Done' },
    { kind: 'reopened', reason: text },
    { kind: 'moved', stage: 'Doing' },
    { kind: 'attached', name: text, url: `https://x.test/${text}` },
    { kind: 'escalated', to: 'team' },
    { kind: 'assigned', to: by },
  ]
  return changes.map((change, at) => eventOf(change, { by, at }))
}

function eventOf(change: Change, { by, at }: { readonly by: Person; readonly at: number }): TicketEvent {
  const { id: of, source } = ticket
  return { v: 1, id: `teams:${by.id}:${at}`, ticket: of, source, at, by, ...change }
}

describe('a case without a person', () => {
  it('holds nothing that they wrote, nor their name, whatever the kind of the event; a new kind too', () => {
    const unknown = { v: 1, id: 'x', kind: 'voted', by: ADA, at: 3, why: 'SECRET', more: { deep: 'SECRET' }, weight: 2 }
    const known = { ...newCase(ticket, 'n'), events: [...allKinds(ADA, 'SECRET'), unknown] }
    const text = JSON.stringify(forgetInCase(known, isAda))
    // Ids of events stay: the same click must be the same event.
    expect(text.replaceAll(/"id":"teams:aad-ada:\d+"/g, '')).not.toMatch(/SECRET|secret|Ada|aad-ada/)
  })

  it('keeps its events, in their order, and the state but for names and words', () => {
    const known = { ...newCase(ticket, 'n'), events: [...allKinds(ADA, 'SECRET'), ...allKinds(OLA, 'kept')] }
    const left = forgetInCase(known, isAda)
    expect(left.events.length).toBe(known.events.length)
    const [before, after] = [stateOf(known), stateOf(left)]
    const shape = ({ history, ...state }: typeof before): unknown => [
      history.map(({ id, at, kind }) => [id, at, kind]),
      state.status,
      state.priority,
      state.stage,
      state.assignee?.name,
    ]
    expect(shape(after)).toEqual(shape(before))
    expect(after.comments.map(({ text }) => text).toSorted()).toEqual([FORGOTTEN, 'kept'])
  })

  it('keeps what others wrote in the ticket of another, and is the same case where they are not in it', () => {
    const theirs = { ...newCase({ ...ticket, reporter: { name: 'Ola Nordmann' } }, 'n'), events: allKinds(OLA, 'kept') }
    expect(forgetInCase(theirs, isAda)).toBe(theirs)
    const event = { ...allKinds(OLA, 'kept')[2], to: ADA }
    const left = forgetInCase({ ...theirs, events: [event] }, isAda)
    expect(left.ticket).toEqual(theirs.ticket)
    expect(left.events).toEqual([{ ...event, to: { via: 'teams', name: FORGOTTEN } }])
  })

  it('holds no edited words of a ticket of theirs, no matter who edited them', () => {
    const events = allKinds(OLA, 'SECRET').filter(({ kind }) => kind === 'edited')
    const left = forgetInCase({ ...newCase(ticket, 'n'), events }, isAda)
    expect(stateOf(left)).toMatchObject({ title: FORGOTTEN, description: FORGOTTEN })
  })

  it('keeps two forgotten people apart: what one let go of stays the other’s', () => {
    const [taken, released] = [
      { ...allKinds(OLA, '')[1], at: 1 },
      { ...allKinds(ADA, '')[3], at: 2 },
    ]
    const known = { ...newCase(ticket, 'n'), events: [taken, released] }
    const left = forgetInCase(forgetInCase(known, isAda), isOla)
    expect(stateOf(known).assignee).toBeDefined()
    expect(stateOf(left).assignee).toEqual({ via: 'teams', name: '(forgotten 2)' })
  })

  it('is forgotten once: a second time nothing is left to do', () => {
    const left = forgetInCase({ ...newCase(ticket, 'n'), events: allKinds(ADA, 'SECRET') }, isAda)
    expect(forgetInCase(left, isAda)).toBe(left)
    expect(peopleIn(left).some(isAda)).toBe(false)
  })
})

describe('a dead letter without a person', () => {
  const letter: DeadLetter = {
    v: 1,
    key: ticket.id,
    nonce: 'n',
    kind: 'ticket',
    life: 2,
    at: 0,
    cause: { code: 'trello-400', reason: 'no' },
    ticket,
    message: { messageId: 'm', body: JSON.stringify({ v: 1, life: 2, ticket }), attributes: {} },
    mayBeDelivered: false,
    history: [],
  }

  it('of their ticket is closed, and its message is an envelope without words', () => {
    const left = forgetInLetter(letter, isAda, 7)
    expect(JSON.stringify(left)).not.toMatch(/SECRET|Ada|aad-ada/)
    expect(left).toMatchObject({ forgottenAt: 7, closed: { at: 7 } })
    const opened = openEnvelope({ ...left.message, attributes: {} })
    expect(opened).toMatchObject({ ok: true, value: { life: 2, ticket: { id: ticket.id, title: FORGOTTEN } } })
  })

  it('of their event keeps the event without words', () => {
    const event = allKinds(ADA, 'SECRET').find(({ kind }) => kind === 'commented')
    const { ticket: _, ...rest } = letter
    if (!event) throw new Error('no event')
    const left = forgetInLetter({ ...rest, kind: 'event', event }, isAda, 7)
    expect(left.event).toMatchObject({ id: event.id, kind: 'commented', text: FORGOTTEN, by: { name: FORGOTTEN } })
    expect(left.message.body).not.toContain('SECRET')
  })

  it('of another person is the same', () => {
    const other = { ...letter, ticket: { ...ticket, reporter: { name: 'Ola Nordmann' } } }
    expect(forgetInLetter(other, isAda, 7)).toBe(other)
  })
})
