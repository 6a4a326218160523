import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '@ticketing/local-aws'
import { createJournal } from './create-journal.ts'

const START = Date.UTC(2026, 10, 23, 14, 3, 22)

/** A journal whose time-out is fired by hand. */
function start() {
  const clock = createVirtualClock(START)
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
  test('resolves immediately with an earlier entry', async () => {
    const { journal, limits } = start()
    journal.note(card('T-AAAAA-AAAAA'))
    await expect(journal.until({ source: 'trello', kind: 'card-created' })).resolves.toMatchObject({ n: 0, card: 'c1' })
    expect(limits).toEqual([])
  })

  test('resolves when a later entry matches, and cancels its time limit', async () => {
    const { journal, limits } = start()
    const waiting = journal.until({ source: 'trello', ticket: 'T-BBBBB-BBBBB' })
    journal.note(card('T-AAAAA-AAAAA'))
    journal.note(message('T-BBBBB-BBBBB'))
    expect(limits).toHaveLength(1)
    journal.note(card('T-BBBBB-BBBBB'))
    await expect(waiting).resolves.toMatchObject({ n: 2 })
    expect(limits).toEqual([])
  })

  test('takes a predicate as matcher', async () => {
    const { journal } = start()
    const waiting = journal.until((entry) => entry.n === 1)
    journal.note(card('T-AAAAA-AAAAA'))
    journal.note(message('T-AAAAA-AAAAA'))
    await expect(waiting).resolves.toMatchObject({ source: 'slack' })
  })

  test('waits for the n-th match, earlier ones included', async () => {
    const { journal } = start()
    journal.note(card('T-AAAAA-AAAAA'))
    const waiting = journal.until({ kind: 'card-created' }, { count: 3 })
    journal.note(card('T-BBBBB-BBBBB'))
    journal.note(card('T-CCCCC-CCCCC'))
    await expect(waiting).resolves.toMatchObject({ ticket: 'T-CCCCC-CCCCC' })
  })

  test('rejects with the error of its predicate, which does not reach the writer of the entry', async () => {
    const { journal } = start()
    const waiting = journal.until(() => {
      throw new TypeError('no such field')
    })
    journal.note(card('T-AAAAA-AAAAA'))
    await expect(waiting).rejects.toThrow('no such field')
  })

  test.each([undefined, null, 'card-created'])('refuses %j, which is not a matcher', async (wrong) => {
    const { journal } = start()
    // Plain JavaScript can pass anything.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    await expect(journal.until(wrong as never)).rejects.toThrow("such as { source: 'trello', kind: 'card-created' }")
  })

  test.each([0, -1, 1.5, Number.NaN])('refuses to wait for the %s-th entry', async (count) => {
    const { journal } = start()
    await expect(journal.until({ source: 'trello' }, { count })).rejects.toThrow('a whole number from 1; not for')
  })

  test('names the fields that no entry has', async () => {
    const { journal, limits } = start()
    journal.note(card('T-AAAAA-AAAAA'))
    // A pattern from other code: the compiler does not find a misspelt field there.
    const pattern = { kind: 'card-created', tikcet: 'T-AAAAA-AAAAA' } as const
    const waiting = journal.until(pattern)
    limits[0]?.()
    await expect(waiting).rejects.toThrow('No entry so far has a field `tikcet`. What happened')
  })

  test('rejects after the limit with what it waited for and the timeline of that ticket', async () => {
    const { journal, clock, limits } = start()
    const waiting = journal.until({ source: 'trello', kind: 'card-created', ticket: 'T-AAAAA-AAAAA' })
    journal.note({ source: 'teams', kind: 'sent', activity: '1', ticket: 'T-AAAAA-AAAAA' })
    await clock.advance(1250)
    journal.note(message('T-BBBBB-BBBBB'))
    journal.note({ source: 'trello', kind: 'call', at: 'trello.createCard', outcome: 503, ticket: 'T-AAAAA-AAAAA' })
    limits[0]?.()
    await expect(waiting).rejects.toThrow(
      'Waited 10 s for {"source":"trello","kind":"card-created","ticket":"T-AAAAA-AAAAA"}. What happened to T-AAAAA-AAAAA:\n' +
        '     +0 ms  teams     sent activity 1\n' +
        '   +1.25 s  trello    createCard: 503',
    )
  })

  test('says how many entries of several came', async () => {
    const { journal, limits } = start()
    const waiting = journal.until({ kind: 'card-created' }, { count: 2, timeoutMs: 50 })
    journal.note(card('T-AAAAA-AAAAA'))
    limits[0]?.()
    await expect(waiting).rejects.toThrow('Waited 50 ms for {"kind":"card-created"} 2 times (so far 1).')
  })

  test('has a limit of real time too', async () => {
    const journal = createJournal({ clock: createVirtualClock(START) })
    await expect(journal.until({ source: 's3' }, { timeoutMs: 1 })).rejects.toThrow('(nothing happened)')
  })
})

test('entries keep their order and the clock of the system', async () => {
  const { journal, clock } = start()
  journal.note(card('T-AAAAA-AAAAA'))
  await clock.advance(20)
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

describe('a timeline', () => {
  test('of one ticket begins with its message, and shows failures that concern all tickets', async () => {
    const { journal, clock } = start()
    const ticket = 'T-AAAAA-AAAAA'
    const queue = 'test-MP'
    journal.note({ source: 'teams', kind: 'sent', activity: '1' })
    journal.note({ source: 'teams', kind: 'sent', activity: '2' })
    journal.note({ source: 'teams', kind: 'replied', activity: '1', status: 200, text: 'accepted\nok', ticket })
    journal.note({
      source: 'sqs',
      kind: 'message-received',
      detail: { queue, messageId: 'm', receiveCount: 2, visibleAt: clock.now() + 180_000 },
      ticket,
    })
    journal.note({ source: 'note', kind: 'test-MP: START RequestId: 1 Version: $LATEST' })
    journal.note({ source: 'note', kind: 's3.GetObject answered NoSuchKey' })
    journal.note({ source: 'lambda', kind: 'batch-started', detail: { functionName: queue } })
    journal.note(message('T-BBBBB-BBBBB'))
    await clock.advance(3_725_000)
    journal.note({ source: 'fault', kind: 'jump', at: 'clock' })
    journal.note({
      source: 'lambda',
      kind: 'invocation-ended',
      detail: { functionName: queue, error: 'exit status 1' },
    })
    const line = JSON.stringify({
      time: '2026-11-23T14:03:22.000Z',
      level: 'warn',
      event: 'delivery.unknown',
      ticket,
      code: 'trello-503',
      reason: 'It said no.',
    })
    journal.note({ source: 'function', kind: 'delivery.unknown', level: 'warn', fields: { by: queue, line }, ticket })
    expect(journal.timeline(ticket).split('\n')).toEqual([
      '     +0 ms  teams     sent activity 1',
      '     +0 ms  teams     replied 200: "accepted ok"',
      '     +0 ms  sqs       message-received test-MP time 2 hidden for 3 m 00 s',
      ' +1 h 02 m  fault     jump at clock',
      ' +1 h 02 m  lambda    test-MP failed: "exit status 1"',
      ' +1 h 02 m  function  test-MP warn delivery.unknown code=trello-503 reason="It said no."',
    ])
  })

  test('of all tickets names the ticket of each line, and leaves noise out', () => {
    const { journal } = start()
    journal.note({ source: 'note', kind: 's3.GetObject answered NoSuchKey' })
    journal.note({ source: 'note', kind: 'test-MP: END RequestId: 1' })
    journal.note({ source: 'lambda', kind: 'batch-started', detail: { functionName: 'test-MP' } })
    journal.note(card('T-AAAAA-AAAAA'))
    journal.note({
      source: 'server',
      kind: 'ticket.accepted',
      level: 'info',
      fields: { ms: 12 },
      ticket: 'T-BBBBB-BBBBB',
    })
    expect(journal.timeline()).toBe(
      '     +0 ms  trello    card-created: "Login" (T-AAAAA-AAAAA)\n' +
        '     +0 ms  server    ticket.accepted ms=12 (T-BBBBB-BBBBB)',
    )
  })

  test('cuts long texts to one line', () => {
    const { journal } = start()
    journal.note({ ...message('T-AAAAA-AAAAA'), text: `two\nlines ${'x'.repeat(200)}` })
    expect(journal.timeline('T-AAAAA-AAAAA')).toBe(
      `     +0 ms  slack     message-posted in tickets: "two lines ${'x'.repeat(109)}…"`,
    )
  })

  test.each([
    [0, '+0 ms'],
    [999, '+999 ms'],
    [12_500, '+12.5 s'],
    [188_000, '+3 m 08 s'],
    [3_720_000, '+1 h 02 m'],
    [97_200_000, '+1 d 03 h'],
    [-90_000, '-1 m 30 s'],
  ])('shows %i ms as %s', (ms, shown) => {
    const { journal, clock } = start()
    journal.note(card('T-AAAAA-AAAAA'))
    clock.jump(ms)
    journal.note(card('T-AAAAA-AAAAA'))
    expect(journal.timeline().split('\n')[1]?.trim().startsWith(`${shown}  `)).toBe(true)
  })
})

test('a listener gets each entry until it is removed', () => {
  const { journal } = start()
  const heard: number[] = []
  const stop = journal.onEntry(({ n }) => heard.push(n))
  journal.note(card('T-AAAAA-AAAAA'))
  stop()
  journal.note(card('T-AAAAA-AAAAA'))
  expect(heard).toEqual([0])
})
