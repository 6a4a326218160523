import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Line, startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'

let line: Line
beforeEach(async () => {
  line = await startLine()
})
afterEach(() => line.close())

/** Too short for a call: all go back uncalled for 180 s, received once more. */
const TOO_SHORT = 8_000

async function receive(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await line.run('high', { milliseconds: TOO_SHORT })
    await line.clock.advance('180s')
  }
}

async function send(...numbers: readonly number[]): Promise<void> {
  for (const number of numbers) await line.send('high', envelopeOf(buildTicket('high', number)))
}

/** Titles, in the order in which Slack got them. */
function arrived(): string[] {
  return line.slack.messagesIn('tickets').map(({ shown }) => /Ticket \d+/.exec(shown)?.[0] ?? shown)
}

/** Queues a ticket whose delivery ends with a lost answer, and lets 180 s pass: it is a suspect, received once. */
async function makeSuspect(number: number): Promise<void> {
  await send(number)
  line.faults.add({ at: 'slack.postMessage', kind: 'reset', when: 'before', times: 1 })
  await line.run('high')
  await line.clock.advance('180s')
}

describe('within a batch', () => {
  test('a suspect comes last, even if it was received less often', async () => {
    await send(1)
    await receive(1)
    await line.run('high', { milliseconds: TOO_SHORT })
    await makeSuspect(2)
    expect(await line.run('high')).toEqual({ kind: 'answered', back: [] })
    expect(arrived()).toEqual(['Ticket 1', 'Ticket 2'])
  })

  test('what was received more than ten times comes last, without being taken for a suspect', async () => {
    await send(1)
    await receive(10)
    await send(2)
    await line.run('high')
    expect(arrived()).toEqual(['Ticket 2', 'Ticket 1'])
    expect((await line.record(buildTicket('high', 1).id))?.suspect).toBeUndefined()
  })

  test('a turn is kept for the first suspect when time runs short', async () => {
    await send(1, 2, 3, 4)
    await receive(1)
    await line.run('high', { milliseconds: TOO_SHORT })
    await makeSuspect(5)
    expect((await line.run('high', { milliseconds: 16_000 })).back).toHaveLength(1)
    expect(arrived()).toHaveLength(4)
    expect(arrived().at(-1)).toBe('Ticket 5')
  })

  test('one that kills the function leaves the others unclaimed and uncounted', async () => {
    await send(1, 2, 3)
    await line.run('high', { vendor: () => 'killed-before' })
    expect(await line.objects('ledger/')).toHaveLength(1)
    await line.clock.advance('181s')
    expect(await line.run('high')).toEqual({ kind: 'answered', back: [] })
    expect(arrived()).toHaveLength(3)
    const records = await Promise.all([1, 2, 3].map((number) => line.record(buildTicket('high', number).id)))
    expect(records.map((record) => record?.attempts.count)).toEqual([2, 1, 1])
  })
})
