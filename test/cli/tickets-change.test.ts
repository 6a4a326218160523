import { AwsError } from '@ticketing/local-aws'
import { createAddressBook } from 'ticket-adapters/s3'
import { openEvent, type TicketEvent } from 'ticket-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTicketCloud, type TicketCloud } from './ticket-cloud.ts'

let cloud: TicketCloud
beforeEach(async () => {
  cloud = await startTicketCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

/** The events in their queue. */
async function queued(): Promise<TicketEvent[]> {
  return (await cloud.takeQueued('acme-EVQ')).map((body) => {
    const event = openEvent(body)
    if (!event.ok) throw new Error(event.failure)
    return event.value
  })
}

const BY = { via: 'cli', name: 'ops' }
const ID = /^cli:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

describe('a change is queued as an event, and what the ticket will be is said', () => {
  it.each([
    [['take'], { kind: 'taken' }, /queued: taken by ops at the command line\n.*status: +open → in progress/],
    [['comment', '--text', 'still white'], { kind: 'commented', text: 'still white' }, /queued: comment by ops/],
    [
      ['close', '--because', 'fixed'],
      { kind: 'closed', reason: 'fixed' },
      /status: +open → closed by ops \(operator\)/,
    ],
    [['close'], { kind: 'closed' }, /queued: closed by ops/],
    [['priority', '--to', 'HIGH'], { kind: 'priority-changed', to: 'high' }, /priority: +medium → high/],
  ])('%j', async ([verb = '', ...values], change, words) => {
    const known = await cloud.keep(1)
    const { code, output } = await cloud.run(['tickets', verb, known.id, ...values, '--as', 'ops'])
    expect(code, output).toBe(0)
    expect(output).toMatch(/^account 000000000000, region us-east-1, prefix acme at http/)
    expect(output).toMatch(words)
    expect(output).not.toMatch(/\bdone\b/)
    const events = await queued()
    expect(events).toEqual([
      {
        v: 1,
        id: expect.stringMatching(ID),
        ticket: known.id,
        source: known.source,
        at: expect.any(Number),
        by: BY,
        ...change,
      },
    ])
    // Line 4 writes cases, not the command.
    expect(await cloud.caseOf(known.id)).toEqual(known)
  })

  it('reopen: a closed ticket will be open again; an open one is so already, and the event is sent all the same', async () => {
    const closed = await cloud.keep(1, { changes: [{ kind: 'closed' }] })
    const open = await cloud.keep(2)
    const { code, output } = await cloud.run(`tickets reopen ${closed.id} ${open.id} --because again --as ops`)
    expect(code).toBe(0)
    expect(output).toMatch(/status: +closed by Grace Hopper, .* → open\n/)
    expect(output).toMatch(/will be: +as it is already: open/)
    expect((await queued()).map(({ ticket }) => ticket)).toEqual([closed.id, open.id])
  })

  it('counts after all that the case has, also where another clock is ahead', async () => {
    const ahead = Date.now() + 3_600_000
    const known = await cloud.keep(1, { changes: [{ kind: 'closed' }], at: ahead })
    const { output } = await cloud.run(`tickets reopen ${known.id} --as ops`)
    expect(output).toMatch(/status: +closed by Grace Hopper, .* → open\n/)
    expect(await queued()).toMatchObject([{ kind: 'reopened', at: ahead + 1 }])
  })

  it('assign finds a person of the team as the chat does, and guesses none', async () => {
    const known = await cloud.keep(1)
    const book = createAddressBook(cloud.store)
    const ada = { v: 1, name: 'Lovelace, Ada', id: 'aad-ada' } as const
    await book.remember('team-1', ada)
    const assign = (to: string): ReturnType<TicketCloud['run']> =>
      cloud.run(['tickets', 'assign', known.id, '--to', to, '--as', 'ops'])
    expect((await assign('Ada')).output).toMatch(/assignee: +none → Lovelace, Ada/)
    expect(await queued()).toMatchObject([{ kind: 'assigned', to: { via: 'teams', name: ada.name, id: ada.id } }])
    expect(await assign('Grace')).toMatchObject({ code: 1, output: expect.stringContaining('no person in its team') })
    await book.remember('team-1', { ...ada, id: 'aad-other' })
    expect(await assign('Ada')).toMatchObject({ code: 1, output: expect.stringContaining('several people') })
    expect(await queued()).toEqual([])
  })

  it('--json: one object with the event and both states, and nothing else on standard output', async () => {
    const known = await cloud.keep(1)
    const { said } = await cloud.run(`tickets close ${known.id} T-00000-00000 --as ops --json`)
    expect(said).toHaveLength(1)
    expect(JSON.parse(said[0] ?? '')).toEqual({
      tickets: [
        {
          ticket: known.id,
          outcome: 'queued',
          event: (await queued())[0],
          before: expect.objectContaining({ status: 'open' }),
          after: expect.objectContaining({ status: 'closed' }),
        },
        { ticket: 'T-00000-00000', outcome: 'not-queued', reason: expect.stringContaining('it has no case') },
      ],
    })
  })

  it('is by the user of the machine where --as does not name another', async () => {
    const known = await cloud.keep(1)
    await cloud.run(`tickets take ${known.id}`)
    const [event] = await queued()
    expect(event?.by).toEqual({ via: 'cli', name: expect.stringMatching(/\S/) })
  })
})

describe('what SQS does not confirm', () => {
  it('is not said to be queued; the same event is tried again, so that it is there once', async () => {
    const known = await cloud.keep(1)
    let sends = 0
    cloud.interceptCalls(async ({ operation }, _input, run) => {
      const result = await run()
      if (operation === 'SendMessageBatch' && (sends += 1) < 3)
        throw new AwsError('InternalFailure', 'the answer is lost', { status: 500 })
      return result
    })
    const { code, output } = await cloud.run(`tickets comment ${known.id} --text once --as ops`)
    expect(code, output).toBe(0)
    const events = await queued()
    expect(events.length).toBeGreaterThan(1)
    expect(new Set(events.map(({ id }) => id)).size).toBe(1)
  })

  it('and never does, may be queued', async () => {
    const known = await cloud.keep(1)
    cloud.interceptCalls(async ({ operation }, _input, run) => {
      if (operation === 'SendMessageBatch') throw new AwsError('InternalFailure', 'no', { status: 500 })
      return run()
    })
    const { code, output } = await cloud.run(`tickets close ${known.id} --as ops`)
    expect(code).toBe(1)
    expect(output).toMatch(/may be queued: .*Look before you run it again: .*tickets show T-/)
  })
})

it('says what is wrong with the words', async () => {
  for (const [words, problem] of [
    ['take', 'take: expected a ticket id'],
    ['comment T-00000-00000', 'comment: --text "…" is needed'],
    ['assign T-00000-00000', 'assign: --to NAME is needed'],
    ['priority T-00000-00000 --to urgent', 'priority: --to: expected low, medium, high, got "urgent"'],
    ['close T-00000-00000 fixed', 'close: expected a ticket id such as T-7QK2M-9XD4R, got "fixed"'],
  ])
    expect(await cloud.run(`tickets ${words}`)).toMatchObject({
      code: 2,
      output: expect.stringContaining(problem ?? ''),
    })
})
