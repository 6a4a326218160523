import { type Enqueued, type Ticket, indexKeysOf, newCase } from 'ticket-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { ADA, OLA, startCommandBed, type CommandBed } from '../test/command-bed.ts'
import { cardOf, createIntake, post, promised, says } from '../test/intake.ts'

let bed: CommandBed
beforeEach(async () => {
  bed = await startCommandBed()
})

describe('a ticket’s life in Teams', () => {
  it('is taken, commented, assigned, made urgent, closed, closed again and reopened, each with its card', async () => {
    const { id } = await bed.report('Login page is blank')
    await bed.people.remember('team-1', { v: 1, name: 'Ada Lovelace', id: 'aad-ada' })

    expect(await bed.say(`take ${id}`)).toEqual(
      expect.arrayContaining([`${id} taken`, 'Status: open → in progress', 'Assignee: none → Ola Nordmann']),
    )
    await bed.apply()
    expect(await bed.say(`comment ${id} it is back`)).toEqual(
      expect.arrayContaining([`${id} has a new comment`, 'Status: in progress', 'it is back']),
    )
    await bed.apply()
    expect(await bed.say(`assign ${id} to Ada`)).toContain('Assignee: Ola Nordmann → Ada Lovelace')
    await bed.apply()
    expect(await bed.say(`${id.toLowerCase()} priority high`)).toContain('Priority: Medium → High')
    await bed.apply()
    expect(await bed.say(`done ${id} fixed in 4.2`, { from: ADA })).toEqual(
      expect.arrayContaining([`${id} closed`, 'Status: in progress → closed', 'Reason: fixed in 4.2']),
    )
    await bed.apply()
    expect(await bed.say(`close ${id}`)).toEqual(
      expect.arrayContaining([
        `${id} is closed already`,
        'It was closed by Ada Lovelace, 2026-11-23 14:03 UTC: fixed in 4.2.',
      ]),
    )
    await bed.apply()
    expect(await bed.say(`reopen ${id}`)).toContain('Status: closed → in progress')
    await bed.apply()

    const { events } = await bed.caseOf(id)
    expect(events).toHaveLength(7)
    expect(events[0]).toMatchObject({
      id: expect.stringMatching(/^teams:\d{13}:[0-9a-f]{12}$/),
      kind: 'taken',
      by: { via: 'teams', name: 'Ola Nordmann', id: 'aad-ola' },
    })
    const status = await bed.say(`status ${id}`)
    expect(status).toEqual(
      expect.arrayContaining([
        `${id} is not delivered yet`,
        'Status: in progress',
        'Priority: High',
        'Assignee: Ada Lovelace',
        'Comments, 1: the last by Ola Nordmann, 2026-11-23 14:03 UTC: it is back',
      ]),
    )
  })

  it('needs no id in the thread of its report, and no other ticket is touched there', async () => {
    const { id, messageId = '' } = await bed.report('Login page is blank')
    await bed.report('Another')
    expect(await bed.say('take', { thread: messageId })).toContain(`${id} taken`)
    expect(await bed.say('status', { thread: messageId })).toContain('Title: Login page is blank')
    expect(await bed.say('close', { thread: '1763906000000' })).toContain('Which ticket?')
    expect((await bed.apply()).map(({ ticket }) => ticket)).toEqual([id])
  })

  it('keeps a change that seems to change nothing: an event on its way may come before it', async () => {
    const { id } = await bed.report('Login page is blank')
    await bed.say(`close ${id}`)
    await bed.apply()
    await bed.say(`reopen ${id}`)
    // The case still says that it is closed.
    expect(await bed.say(`close ${id}`)).toContain(`${id} is closed already`)
    expect((await bed.apply()).map(({ kind }) => kind)).toEqual(['reopened', 'closed'])
  })

  it('answers the same message again the same, and its event is one', async () => {
    const { id } = await bed.report('Login page is blank')
    const change = { id: '1763906602500', conversation: { id: '19:c;messageid=1763906602500' } }
    const first = await bed.say(`close ${id}`, { change })
    expect(await bed.say(`close ${id}`, { change })).toEqual(first)
    await bed.apply()
    expect(await bed.say(`close ${id}`, { change })).toEqual(first)
    expect(await bed.apply()).toEqual([])
    expect((await bed.caseOf(id)).events).toHaveLength(1)
  })

  it('keeps what two threads wrote in one millisecond', async () => {
    const { id } = await bed.report('Login page is blank')
    for (const thread of ['19:a', '19:b']) {
      await bed.say(`comment ${id} ${thread}`, { change: { id: '1763906602500', conversation: { id: thread } } })
    }
    await bed.apply()
    expect((await bed.caseOf(id)).events).toHaveLength(2)
  })
})

describe('another team', () => {
  // Tokens of teams are bound elsewhere; here a ticket of another team is asked for by the own one.
  it('gets one and the same answer for a ticket that is not its own and for one that does not exist', async () => {
    const { id, messageId = '' } = await bed.report('Secret of the others', { team: 'team-2' })
    const absent = 'T-00000-00001'
    const commands = [
      'status T',
      'take T',
      'ack T',
      'assign T to me',
      'assign T Ada Lovelace',
      'release T',
      'comment T hello',
      'priority T high',
      'close T',
      'reopen T',
      'edit T Title: x',
      'withdraw T',
      'list after T',
    ]
    for (const text of commands) {
      const [theirs, none] = [await bed.say(text.replace('T', id)), await bed.say(text.replace('T', absent))]
      expect(theirs.join('\n').replaceAll(id, 'T')).toBe(none.join('\n').replaceAll(absent, 'T'))
      expect(theirs.join('\n')).not.toContain('Secret')
    }
    expect(await bed.say('close', { thread: messageId })).toContain('Which ticket?')
    for (const list of ['list', 'mine', 'unassigned', 'closed']) expect(await bed.say(list)).toContain('None.')
    expect(await bed.apply()).toEqual([])
  })

  it('is what a message without a team counts as', async () => {
    const { id } = await bed.report('Login page is blank')
    const change = { channelData: {} }
    expect(await bed.say(`close ${id}`, { change })).toContain(`${id} is not known here`)
    expect(await bed.say('list', { change })).toContain('None.')
  })
})

describe('edit and withdraw', () => {
  it('are the reporter’s own', async () => {
    const { id } = await bed.report('Login page is blank', { from: OLA })
    for (const text of [`edit ${id} Title: x`, `withdraw ${id}`])
      expect((await bed.say(text, { from: ADA }))[0]).toMatch(/^Only Ola Nordmann, who reported it, can/)
    // Another person of the same name.
    expect((await bed.say(`withdraw ${id}`, { from: { ...OLA, aadObjectId: 'aad-2' } }))[0]).toMatch(/^Only/)
    expect((await bed.say(`withdraw ${id}`, { from: { id: '29:x', name: OLA.name } }))[0]).toMatch(/^Only/)
    expect(await bed.apply()).toEqual([])
    expect(await bed.say(`edit ${id}\nTitle: White page\nDescription: Since 9:40.`)).toEqual(
      expect.arrayContaining([`${id} edited`, 'Title: Login page is blank → White page', 'Description: Since 9:40.']),
    )
    expect(await bed.say(`withdraw ${id} not needed`)).toContain(`${id} withdrawn`)
    expect(await bed.apply()).toHaveLength(2)
  })
})

describe('assign', () => {
  /** As Teams lists it: a shortened mention keeps the account's name. */
  const mentionsAda = {
    recipient: { id: '28:bot' },
    entities: [
      { type: 'mention', mentioned: { id: '28:bot', name: 'tickets' }, text: '<at>tickets</at>' },
      { type: 'mention', mentioned: { id: '29:ada', name: 'Ada Lovelace' }, text: '<at>Ada</at>' },
    ],
  }

  it.each([
    ['the whole name', 'Ada Lovelace'],
    ['the first name', 'ada'],
    ['the last name first', 'Lovelace, Ada'],
    ['a mention in the text alone', '<at>Ada Lovelace</at>'],
    ['a mention in two parts', '<at>Ada</at> <at>Lovelace</at>'],
  ])('finds a person by %s', async (_what, name) => {
    const { id } = await bed.report('Login page is blank')
    await bed.people.remember('team-1', { v: 1, name: 'Ada Lovelace', id: 'aad-ada' })
    expect(await bed.say(`assign ${id} ${name}`)).toContain('Assignee: none → Ada Lovelace')
    expect(await bed.apply()).toMatchObject([
      { kind: 'assigned', to: { via: 'teams', name: 'Ada Lovelace', id: 'aad-ada' } },
    ])
  })

  it('finds the people of the ticket before the address book has them', async () => {
    const { id } = await bed.report('Login page is blank', { from: ADA })
    expect(await bed.say(`assign ${id} @Ada Lovelace`)).toContain('Assignee: none → Ada Lovelace')
  })

  it('guesses no one: a name of two, or of a person who is not known, is said to be that', async () => {
    const { id } = await bed.report('Login page is blank')
    for (const person of ['Ada Lovelace', 'Ada Byron'])
      await bed.people.remember('team-1', { v: 1, name: person, id: person })
    expect(await bed.say(`assign ${id} Ada`)).toEqual(
      expect.arrayContaining([`${id} was not assigned`, 'Several people of this team are called Ada.']),
    )
    const card = await bed.say(`assign ${id} Grace`)
    expect(card).toContain('I do not know Grace yet: people are known once they have written to me.')
    expect(card).toContain(`Grace can write: @tickets take ${id}`)
    expect(await bed.apply()).toEqual([])
    expect(await bed.say(`assign ${id} Ada Byron`)).toContain('Assignee: none → Ada Byron')
  })

  it('does not know the people of another team', async () => {
    const { id } = await bed.report('Login page is blank')
    await bed.people.remember('team-2', { v: 1, name: 'Ada Lovelace', id: 'aad-ada' })
    expect(await bed.say(`assign ${id} Ada`)).toContain(`${id} was not assigned`)
  })

  it('takes Teams’ own id of a mention where the name does not say who; that person finds the ticket', async () => {
    const { id } = await bed.report('Login page is blank')
    for (const person of ['1', '2']) await bed.people.remember('team-1', { v: 1, name: 'Ada Lovelace', id: person })
    expect(await bed.say(`assign ${id} <at>Ada</at>`, { change: mentionsAda })).toContain(
      'Assignee: none → Ada Lovelace',
    )
    expect(await bed.apply()).toMatchObject([{ to: { id: '29:ada' } }])
    expect((await bed.say('mine', { from: ADA })).join('\n')).toContain(id)
  })
})

describe('lists', () => {
  it('show the most urgent first, then the newest, ten at a time, and the command for the rest', async () => {
    for (let at = 0; at < 12; at += 1) await bed.report(`Low ${at}`, { priority: 'low', age: at * 1000 })
    const high = await bed.report('Urgent', { priority: 'high', age: 1e9 })
    const first = await bed.say('list')
    expect(first.slice(0, 3)).toEqual([
      'Open tickets',
      `${high.id}: Urgent (High, open)`,
      expect.stringMatching(/^T-\S+: Low 0 \(Low, open\)$/),
    ])
    expect(first).toHaveLength(13)
    const more = /^3 more: @tickets (list after T-\S+)$/.exec(first[11] ?? '')?.[1] ?? ''
    expect((await bed.say(more)).map((line) => /Low \d+/.exec(line)?.[0])).toEqual([
      undefined,
      'Low 9',
      'Low 10',
      'Low 11',
      undefined,
    ])
    expect(await bed.say('list high')).toHaveLength(3)
  })

  it('follow a ticket from unassigned to mine to closed', async () => {
    const { id } = await bed.report('Login page is blank', { from: ADA })
    const shows = async (list: string, from = OLA): Promise<boolean> =>
      (await bed.say(list, { from })).join('\n').includes(id)
    expect([await shows('unassigned'), await shows('mine'), await shows('mine', ADA)]).toEqual([true, false, true])
    await bed.say(`take ${id}`)
    await bed.apply()
    expect([await shows('unassigned'), await shows('mine'), await shows('mine', ADA)]).toEqual([false, true, true])
    await bed.say(`close ${id}`)
    await bed.apply()
    expect([await shows('open'), await shows('mine'), await shows('mine', ADA)]).toEqual([false, false, false])
    expect(await shows('closed')).toBe(true)
  })

  it('read no more than they show: one page of keys, and the cases of ten tickets', async () => {
    for (let at = 0; at < 11; at += 1) await bed.report(`New ${at}`)
    const { ticket } = await bed.caseOf((await bed.report('Last', { priority: 'low' })).id)
    for (let at = 0; at < 120; at += 1) {
      const id = `T-00000-${String(at).padStart(5, '0')}`
      const [key = ''] = indexKeysOf(newCase({ ...ticket, id, createdAt: '2026-01-01T00:00:00.000Z' }, 'n'))
      await bed.index.put(key)
    }
    // The first message of a token reads whose it is.
    await bed.say('help')
    const calls: Record<string, number> = {}
    for (const operation of ['GetObject', 'ListObjectsV2', 'HeadObject'])
      bed.account.before.set(operation, async () => {
        calls[operation] = (calls[operation] ?? 0) + 1
      })
    const card = await bed.say('list')
    expect(calls).toEqual({ GetObject: 10, ListObjectsV2: 1 })
    expect(card.filter((line) => /New \d+/.test(line))).toHaveLength(10)
    expect(card).toContainEqual(expect.stringMatching(/^More than 90 more: @tickets list after T-/))
  })

  it('pass over stale entries, and still show ten', async () => {
    const closed = await Promise.all(Array.from({ length: 12 }, (_, at) => bed.report(`Old ${at}`)))
    const keys = await bed.index.list('index/', { limit: 1000 })
    for (const { id } of closed) await bed.say(`close ${id}`)
    await bed.apply()
    if (keys.kind === 'page') for (const key of keys.keys) await bed.index.put(key)
    for (let at = 0; at < 11; at += 1) await bed.report(`New ${at}`, { age: 1e6 })
    const card = await bed.say('list')
    expect(card.filter((line) => /New \d+/.test(line))).toHaveLength(10)
    expect(card.join('\n')).not.toContain('Old')
    expect(card).toContainEqual(expect.stringMatching(/^1 more: /))
  })
})

describe('when AWS does not do it', () => {
  const TICKET: Ticket = {
    id: 'T-7QK2M-9XD4R',
    source: 'a'.repeat(64),
    title: 'Login page is blank',
    priority: 'high',
    description: 'White.',
    links: [],
    createdAt: '2026-11-23T14:03:00.000Z',
    teamId: 'team-1',
  }
  const close = (intake: ReturnType<typeof createIntake>): Promise<string> =>
    intake.receive(post(says(`close ${TICKET.id}`))).then(cardOf)
  const intakeWithCase = (): ReturnType<typeof createIntake> => {
    const intake = createIntake()
    intake.cases = async () => ({ kind: 'found', item: newCase(TICKET, 'n'), version: '"1"' })
    return intake
  }

  it('a change is called done only after the queue has the event', async () => {
    const intake = intakeWithCase()
    const queue = promised<Enqueued>()
    intake.answerEvent = () => queue.promise
    let answered = false
    const card = close(intake).finally(() => {
      answered = true
    })
    await intake.clock.advance(3900)
    expect(answered).toBe(false)
    queue.resolve({ kind: 'accepted' })
    expect(await card).toContain('T-7QK2M-9XD4R closed')
    expect(intake.metrics.render()).toContain('ticketing_commands_total{outcome="accepted",verb="close"} 1')
  })

  it.each<[string, Enqueued, RegExp]>([
    ['refuses it', { kind: 'refused', reason: 'AccessDenied' }, /That was not done[^]*again/],
    ['does not say', { kind: 'unknown', reason: 'no answer' }, /not known yet whether T-7QK2M-9XD4R was changed/],
    ['finds it too large', { kind: 'too-large', bytes: 307_200, limit: 262_144 }, /300 KiB[^]*256 KiB/],
  ])('the card is honest when the queue %s', async (_what, outcome, expected) => {
    const intake = intakeWithCase()
    intake.answerEvent = async () => outcome
    expect(await close(intake)).toMatch(expected)
    expect(intake.lines.at(-1)).toMatchObject({ event: 'command.answered', fields: { outcome: outcome.kind } })
  })

  it('a case that cannot be read is changed by nothing, and the card says to send again', async () => {
    const intake = createIntake()
    intake.cases = async () => ({ kind: 'unavailable', reason: 'S3 is silent' })
    expect(await close(intake)).toContain('That was not done')
    expect(cardOf(await intake.receive(post(says('status T-7QK2M-9XD4R'))))).toContain('not delivered yet')
    expect(intake.events).toEqual([])
  })

  it.each([
    [
      'the case',
      'That was not done',
      (intake: ReturnType<typeof createIntake>) => (intake.cases = () => promised<never>().promise),
    ],
    [
      'the queue',
      'not known yet',
      (intake: ReturnType<typeof createIntake>) => (intake.answerEvent = () => promised<never>().promise),
    ],
  ])('the answer comes within five seconds when %s is silent', async (_what, expected, hang) => {
    const intake = intakeWithCase()
    hang(intake)
    const card = close(intake)
    await intake.clock.advance(4999)
    expect(await card).toContain(expected)
  })

  it('no text of a ticket, comment or name is in the log', async () => {
    const intake = intakeWithCase()
    await intake.receive(post(says('comment T-7QK2M-9XD4R hush')))
    await intake.receive(post(says('assign T-7QK2M-9XD4R Ada Lovelace')))
    expect(JSON.stringify(intake.lines)).not.toMatch(/hush|Ada|Ola|Login/)
  })
})
