import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  addEvent,
  forgetWords,
  newCase,
  readCard,
  replyChange,
  replyList,
  replyStatus,
  replyUnclear,
  replyWho,
  type Case,
  type Change,
  type Person,
  type Ticket,
  type TicketEvent,
} from './index.ts'

const ID = 'T-7QK2M-9XD4R'
const NINE = Date.UTC(2026, 10, 23, 9, 40)
const ADA: Person = { via: 'teams', name: 'Ada Lovelace', id: 'a' }
const GRACE: Person = { via: 'trello', name: 'Grace Hopper' }
const TICKET: Ticket = {
  id: ID,
  source: 'a'.repeat(64),
  title: 'Login page is blank',
  priority: 'medium',
  description: 'White since 9:40.',
  links: [],
  createdAt: '2026-11-23T09:40:00.000Z',
  reporter: { name: 'Ola Nordmann' },
  teamId: 'team',
}

function event(minutes: number, by: Person, change: Change): TicketEvent {
  return { v: 1, id: `e${minutes}`, ticket: ID, source: TICKET.source, at: NINE + minutes * 60_000, by, ...change }
}

function caseWith(...events: readonly TicketEvent[]): Case {
  return events.reduce<Case>((known, one) => addEvent(known, one, 'n'), newCase(TICKET, 'n'))
}

/** The card of the last event, after the others. */
function cardOf(...events: readonly TicketEvent[]): string[] {
  const last = events.at(-1)
  if (!last) throw new Error('no event')
  return readCard(replyChange({ known: caseWith(...events.slice(0, -1)), event: last })).split('\n')
}

describe('the card of a change', () => {
  test('says who did it, when, and what changed from what to what', () => {
    expect(cardOf(event(2, ADA, { kind: 'taken' }))).toEqual([
      'T-7QK2M-9XD4R taken',
      'Title: Login page is blank',
      'Status: open → in progress',
      'Priority: Medium',
      'Assignee: none → Ada Lovelace',
      'By: Ada Lovelace, 2026-11-23 09:42 UTC',
      'All of it: @tickets status T-7QK2M-9XD4R',
    ])
  })

  test.each<[string, Change, readonly string[]]>([
    ['acknowledged', { kind: 'acknowledged' }, ['T-7QK2M-9XD4R acknowledged', 'Status: open → acknowledged']],
    ['assigned', { kind: 'assigned', to: GRACE }, ['Assignee: none → Grace Hopper (Trello)']],
    ['a priority', { kind: 'priority-changed', to: 'high' }, ['Priority: Medium → High']],
    ['a comment', { kind: 'commented', text: 'a\nb' }, ['T-7QK2M-9XD4R has a new comment', 'Comment:', 'a', 'b']],
    ['closed', { kind: 'closed', reason: 'fixed' }, ['T-7QK2M-9XD4R closed', 'Status: open → closed', 'Reason: fixed']],
    ['withdrawn', { kind: 'withdrawn' }, ['T-7QK2M-9XD4R withdrawn', 'Status: open → closed']],
    [
      'edited',
      { kind: 'edited', title: 'White page', description: 'c\nd' },
      ['Title: Login page is blank → White page', 'Description: c', 'd'],
    ],
  ])('shows %s', (_what, change, expected) => {
    expect(cardOf(event(2, ADA, change))).toEqual(expect.arrayContaining([...expected]))
  })

  test('shows the state as it is with what came before', () => {
    expect(cardOf(event(1, GRACE, { kind: 'taken' }), event(2, ADA, { kind: 'released' }))).toEqual(
      expect.arrayContaining(['Status: in progress → acknowledged', 'Assignee: Grace Hopper (Trello) → none']),
    )
    expect(cardOf(event(1, ADA, { kind: 'closed' }), event(2, ADA, { kind: 'reopened' }))).toContain(
      'Status: closed → open',
    )
  })

  test('says how a closed ticket is opened again, when it was changed', () => {
    expect(cardOf(event(1, ADA, { kind: 'closed' }), event(2, ADA, { kind: 'commented', text: 'a' }))).toContain(
      'It is closed. To open it again: @tickets reopen T-7QK2M-9XD4R',
    )
  })

  test.each<[string, readonly Change[], Change, readonly string[]]>([
    [
      'closed',
      [{ kind: 'closed', reason: 'fixed' }],
      { kind: 'closed' },
      ['T-7QK2M-9XD4R is closed already', 'It was closed by Grace Hopper (Trello), 2026-11-23 09:41 UTC: fixed.'],
    ],
    ['closed, then withdrawn', [{ kind: 'closed' }], { kind: 'withdrawn' }, ['T-7QK2M-9XD4R is closed already']],
    ['open', [], { kind: 'reopened' }, ['T-7QK2M-9XD4R is open already']],
    [
      'acknowledged',
      [{ kind: 'acknowledged' }],
      { kind: 'acknowledged' },
      ['T-7QK2M-9XD4R was acknowledged already', 'By Grace Hopper (Trello), 2026-11-23 09:41 UTC.'],
    ],
    [
      'assigned',
      [{ kind: 'assigned', to: ADA }],
      { kind: 'taken' },
      ['T-7QK2M-9XD4R is Ada Lovelace’s already', 'By Grace Hopper (Trello), 2026-11-23 09:41 UTC.'],
    ],
    ['released', [], { kind: 'released' }, ['T-7QK2M-9XD4R has no assignee already']],
    [
      'of that priority',
      [],
      { kind: 'priority-changed', to: 'medium' },
      ['T-7QK2M-9XD4R has medium priority already', 'It has it since it was reported by Ola Nordmann.'],
    ],
    ['edited so', [], { kind: 'edited', title: TICKET.title }, ['T-7QK2M-9XD4R says that already']],
  ])('says of a ticket that it is %s already, by whom and when', (_what, before, change, expected) => {
    const card = cardOf(...before.map((one) => event(1, GRACE, one)), event(2, ADA, change))
    expect(card).toEqual(expect.arrayContaining([...expected]))
    expect(card.join('\n')).not.toContain('→')
    expect(card.join('\n')).not.toMatch(/^By: /m)
  })

  test('is the same for a repeat of the message, before and after the event was applied', () => {
    const closed = event(2, ADA, { kind: 'closed' })
    const before = replyChange({ known: caseWith(), event: closed })
    expect(replyChange({ known: caseWith(closed), event: closed })).toEqual(before)
  })

  test('of a repeat says what has changed since, and nothing that is not so', () => {
    const closed = event(2, ADA, { kind: 'closed' })
    const known = caseWith(closed, event(3, GRACE, { kind: 'reopened' }))
    const shown = readCard(replyChange({ known, event: closed })).split('\n')
    expect(shown).toEqual(expect.arrayContaining([`${ID} closed`, 'Status: open → closed', 'Now: open']))
    expect(shown.join()).not.toContain('already')
  })
})

describe('status', () => {
  test('of a dead ticket whose reporter was forgotten offers no delivery', () => {
    const answer = { kind: 'dead', id: ID, reason: 'Trello refused it', mayBeDelivered: false } as const
    const known = { ...caseWith(), ticket: forgetWords(TICKET) }
    expect(readCard(replyStatus({ answer, known }))).toContain('erased with the person who reported it')
    expect(readCard(replyStatus({ answer, known }))).not.toContain('an admin can deliver it')
    expect(readCard(replyStatus({ answer, known: caseWith() }))).toContain('an admin can deliver it')
  })

  test('shows how far the ticket is, beside where it is', () => {
    const known = caseWith(
      event(1, GRACE, { kind: 'moved', stage: 'Doing' }),
      event(2, ADA, { kind: 'taken' }),
      event(3, GRACE, { kind: 'commented', text: 'Found it.' }),
    )
    expect(readCard(replyStatus({ answer: { kind: 'delivering', id: ID }, known })).split('\n')).toEqual([
      'T-7QK2M-9XD4R is being delivered now',
      'Title: Login page is blank',
      'Status: in progress, on the board in “Doing”',
      'Priority: Medium',
      'Assignee: Ada Lovelace',
      'Acknowledged: Grace Hopper (Trello), 2026-11-23 09:41 UTC',
      'Comments, 1: the last by Grace Hopper (Trello), 2026-11-23 09:43 UTC: Found it.',
      'Ask again: @tickets status T-7QK2M-9XD4R',
    ])
    expect(readCard(replyStatus({ answer: { kind: 'no-record', id: ID }, known }))).toContain('is not delivered yet')
  })
})

test('status of a ticket that has left the board says nothing of the list of its old card', () => {
  const known = caseWith(
    event(1, GRACE, { kind: 'moved', stage: 'Done' }),
    event(2, ADA, { kind: 'priority-changed', to: 'low' }),
  )
  const shown = readCard(replyStatus({ answer: { kind: 'no-record', id: ID }, known }))
  expect(shown).toContain('Status: acknowledged\n')
  expect(shown).not.toContain('on the board')
})

test('what changes nothing, as far as is known, says that it counts all the same', () => {
  const known = caseWith(event(1, ADA, { kind: 'closed' }))
  const shown = readCard(replyChange({ known, event: event(2, GRACE, { kind: 'closed' }) }))
  expect(shown).toContain('is closed already')
  expect(shown).toContain('counts all the same, after what others sent in the last seconds')
})

describe('a list', () => {
  test('shows one line a ticket, how many more there are, and how to see them', () => {
    const known = caseWith(event(1, ADA, { kind: 'taken' }), event(2, GRACE, { kind: 'commented', text: 'a' }))
    const question = { kind: 'list', which: 'open', priority: 'medium' } as const
    expect(
      readCard(replyList({ question, shown: [known], more: 23, isCounted: true, mention: 'Helpdesk' })).split('\n'),
    ).toEqual([
      'Open tickets, medium priority',
      'T-7QK2M-9XD4R: Login page is blank (Medium, in progress, Ada Lovelace, 1 comment)',
      '23 more: @Helpdesk list medium after T-7QK2M-9XD4R',
      'One of them: @Helpdesk status T-…, with the id in place of T-…',
    ])
  })

  test('shows who closed a ticket, and says when there is none', () => {
    const question = { kind: 'list', which: 'closed' } as const
    const known = caseWith(event(1, ADA, { kind: 'closed', reason: 'fixed' }))
    expect(readCard(replyList({ question, shown: [known], more: 0, isCounted: true }))).toContain(
      'Login page is blank (Medium, closed by Ada Lovelace, 2026-11-23 09:41 UTC: fixed)',
    )
    expect(readCard(replyList({ question, shown: [], more: 0, isCounted: true }))).toBe('Closed tickets\nNone.')
  })
})

describe('text of people on these cards', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
    fc.constantFrom(
      '[a](https://evil.example)',
      '{{DATE(2017-02-14T06:08:00Z)}}',
      '\u202egnp.exe',
      'a\nBy: nobody',
      'x'.repeat(100_000),
    ),
  )

  test('never breaks a card, forges a line or makes it larger than Teams takes', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, name) => {
        const by: Person = { via: 'teams', name }
        const changes: readonly Change[] = [
          { kind: 'commented', text },
          { kind: 'edited', title: text, description: text },
          { kind: 'assigned', to: by },
          { kind: 'closed', reason: text },
          { kind: 'moved', stage: text },
        ]
        const known = caseWith(...changes.map((change, at) => event(at, by, change)))
        const cards = [
          ...changes.map((change) => replyChange({ known, event: event(9, by, change), mention: text })),
          replyStatus({ answer: { kind: 'delivering', id: ID }, known, mention: text }),
          replyList({
            question: { kind: 'list', which: 'open' },
            shown: Array.from({ length: 10 }, () => known),
            more: 1,
            isCounted: false,
          }),
          replyWho({ id: ID, name, why: 'unknown' }),
          replyUnclear({ why: 'unknown', suggestions: [text, text], mention: text }),
        ]
        for (const card of cards) {
          for (const { type, inlines } of card.attachments[0].content.body) {
            expect(type).toBe('RichTextBlock')
            for (const run of inlines) expect(run.text).not.toMatch(/[\n\u202a-\u202e]|\{\{/)
          }
          expect(new TextEncoder().encode(JSON.stringify(card)).byteLength).toBeLessThan(28_000)
        }
      }),
      { numRuns: 60 },
    )
  })
})
