import { describe, expect, test } from 'vitest'
import { createHandClock } from '../testing/hand-clock.ts'
import { createJournal } from './create-journal.ts'

/** A journal whose time-out is fired by hand. */
function start() {
  const clock = createHandClock()
  const limits: (() => void)[] = []
  const journal = createJournal({
    clock,
    waitLimit: (_ms, run) => {
      limits.push(run)
      return () => void limits.splice(limits.indexOf(run), 1)
    },
  })
  return { clock, journal, limits }
}

const card = (ticket: string) =>
  ({ source: 'trello', kind: 'card-created', card: 'c1', name: 'Login', ticket }) as const
const message = (ticket: string) =>
  ({ source: 'slack', kind: 'message-posted', channel: 'tickets', text: 'Login', ticket }) as const

describe('until', () => {
  test('resolves at once with an entry of the past', async () => {
    const { journal, limits } = start()
    journal.note(card('T-AAAAA-AAAAA'))
    await expect(journal.until({ source: 'trello', kind: 'card-created' })).resolves.toMatchObject({ n: 0, card: 'c1' })
    expect(limits).toEqual([])
  })

  test('resolves as soon as an entry of the future fits, and then needs no time limit any more', async () => {
    const { journal, limits } = start()
    const waiting = journal.until({ source: 'trello', ticket: 'T-BBBBB-BBBBB' })
    journal.note(card('T-AAAAA-AAAAA'))
    journal.note(message('T-BBBBB-BBBBB'))
    expect(limits).toHaveLength(1)
    journal.note(card('T-BBBBB-BBBBB'))
    await expect(waiting).resolves.toMatchObject({ n: 2 })
    expect(limits).toEqual([])
  })

  test('takes any question for a matcher', async () => {
    const { journal } = start()
    const waiting = journal.until((entry) => entry.n === 1)
    journal.note(card('T-AAAAA-AAAAA'))
    journal.note(message('T-AAAAA-AAAAA'))
    await expect(waiting).resolves.toMatchObject({ source: 'slack' })
  })

  test('waits for the n-th entry that fits, past ones counted', async () => {
    const { journal } = start()
    journal.note(card('T-AAAAA-AAAAA'))
    const waiting = journal.until({ kind: 'card-created' }, { count: 3 })
    journal.note(card('T-BBBBB-BBBBB'))
    journal.note(card('T-CCCCC-CCCCC'))
    await expect(waiting).resolves.toMatchObject({ ticket: 'T-CCCCC-CCCCC' })
  })

  test('rejects after the limit with what it waited for and the story of that ticket', async () => {
    const { journal, clock, limits } = start()
    const waiting = journal.until({ source: 'trello', kind: 'card-created', ticket: 'T-AAAAA-AAAAA' })
    journal.note({ source: 'teams', kind: 'sent', activity: '1', ticket: 'T-AAAAA-AAAAA' })
    clock.advance(1250)
    journal.note(message('T-BBBBB-BBBBB'))
    journal.note({ source: 'trello', kind: 'call', at: 'trello.createCard', outcome: 503, ticket: 'T-AAAAA-AAAAA' })
    limits[0]?.()
    await expect(waiting).rejects.toThrow(
      'Waited 10000 ms for {"source":"trello","kind":"card-created","ticket":"T-AAAAA-AAAAA"}. What happened to T-AAAAA-AAAAA:\n' +
        '+     0 ms  teams     sent             activity=1 ticket=T-AAAAA-AAAAA\n' +
        '+  1250 ms  trello    call             at=trello.createCard outcome=503 ticket=T-AAAAA-AAAAA',
    )
  })

  test('says how many of several came', async () => {
    const { journal, limits } = start()
    const waiting = journal.until({ kind: 'card-created' }, { count: 2, timeoutMs: 50 })
    journal.note(card('T-AAAAA-AAAAA'))
    limits[0]?.()
    await expect(waiting).rejects.toThrow('Waited 50 ms for {"kind":"card-created"} 2 times (so far 1).')
  })

  test('does not wait for ever in real time either', async () => {
    const journal = createJournal({ clock: createHandClock() })
    await expect(journal.until({ source: 's3' }, { timeoutMs: 1 })).rejects.toThrow('(nothing happened)')
  })
})

test('entries keep their order and the clock of the system', () => {
  const { journal, clock } = start()
  journal.note(card('T-AAAAA-AAAAA'))
  clock.advance(20)
  journal.note(message('T-AAAAA-AAAAA'))
  expect(journal.entries.map(({ n, time, source }) => [n, time, source])).toEqual([
    [0, 1795442602000, 'trello'],
    [1, 1795442602020, 'slack'],
  ])
})

test('delivered to Trello once and never to Slack is two short lines', () => {
  const { journal } = start()
  journal.note(card('T-AAAAA-AAAAA'))
  journal.note(message('T-BBBBB-BBBBB'))
  expect(journal.count({ kind: 'card-created', ticket: 'T-AAAAA-AAAAA' })).toBe(1)
  expect(journal.count({ kind: 'message-posted', ticket: 'T-AAAAA-AAAAA' })).toBe(0)
})

test('all narrows the type of what it finds', () => {
  const { journal } = start()
  journal.note(message('T-BBBBB-BBBBB'))
  expect(journal.all({ source: 'slack', kind: 'message-posted' }).map((entry) => entry.channel)).toEqual(['tickets'])
})

test('a story shows log fields and cuts long texts to one line', () => {
  const { journal } = start()
  journal.note({ source: 'server', kind: 'ticket.accepted', level: 'info', fields: { ms: 12, ticket: 'T-1' } })
  journal.note({ ...message('T-AAAAA-AAAAA'), text: `two\nlines ${'x'.repeat(200)}` })
  const [first, second] = journal.story().split('\n')
  expect(first).toBe('+     0 ms  server    ticket.accepted  level=info ms=12 ticket=T-1')
  expect(second).toContain(`text="two lines ${'x'.repeat(109)}…"`)
})

test('a listener hears of each entry until it is taken away', () => {
  const { journal } = start()
  const heard: number[] = []
  const stop = journal.onEntry(({ n }) => heard.push(n))
  journal.note(card('T-AAAAA-AAAAA'))
  stop()
  journal.note(card('T-AAAAA-AAAAA'))
  expect(heard).toEqual([0])
})
