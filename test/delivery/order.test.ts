import { beforeEach, describe, expect, test } from 'vitest'
import { type DeliveryBed, startDeliveryBed } from './delivery-bed.ts'
import { buildTicket, envelopeOf } from '../support/records.ts'

let bed: DeliveryBed
beforeEach(async () => {
  bed = await startDeliveryBed()
})

/** Too short for a call: all go back uncalled for 180 s, received once more. */
const TOO_SHORT = { timeoutSeconds: 8 }

async function receive(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await bed.run('high', TOO_SHORT)
    await bed.clock.advance('180s')
  }
}

async function send(...numbers: readonly number[]): Promise<void> {
  for (const number of numbers) await bed.send('high', envelopeOf(buildTicket('high', number)))
}

/** Titles, in the order in which Slack got them. */
function arrived(): string[] {
  return bed.slack.messagesIn('tickets').map(({ shown }) => /Ticket \d+/.exec(shown)?.[0] ?? shown)
}

/** Queues a ticket whose delivery ends with a lost answer, and lets 180 s pass: it is a suspect, received once. */
async function makeSuspect(number: number): Promise<void> {
  await send(number)
  bed.faults.add({ at: 'slack.postMessage', kind: 'reset', when: 'before', times: 1 })
  await bed.run('high')
  await bed.clock.advance('180s')
}

describe('within a batch', () => {
  test('a suspect comes last, even if it was received less often', async () => {
    await send(1)
    await receive(1)
    await bed.run('high', TOO_SHORT)
    await makeSuspect(2)
    expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
    expect(arrived()).toEqual(['Ticket 1', 'Ticket 2'])
  })

  test('what was received more than ten times comes last, without being taken for a suspect', async () => {
    await send(1)
    await receive(10)
    await send(2)
    await bed.run('high')
    expect(arrived()).toEqual(['Ticket 2', 'Ticket 1'])
    expect((await bed.record(buildTicket('high', 1).id))?.suspect).toBeUndefined()
  })

  test('a turn is kept for the first suspect when time runs short', async () => {
    await send(1, 2, 3, 4)
    await receive(1)
    await bed.run('high', TOO_SHORT)
    await makeSuspect(5)
    expect((await bed.run('high', { timeoutSeconds: 16 })).back).toBe(1)
    expect(arrived()).toHaveLength(4)
    expect(arrived().at(-1)).toBe('Ticket 5')
  })

  test('one that kills the function leaves the others unclaimed and uncounted', async () => {
    await send(1, 2, 3)
    bed.faults.add({ at: 'function.high', kind: 'killed', when: 'before', call: 'slack.postMessage', times: 1 })
    await bed.run('high')
    expect(await bed.objects('ledger/')).toHaveLength(1)
    await bed.clock.advance('181s')
    expect(await bed.run('high')).toEqual({ kind: 'answered', back: 0 })
    expect(arrived()).toHaveLength(3)
    const records = await Promise.all([1, 2, 3].map((number) => bed.record(buildTicket('high', number).id)))
    expect(records.map((record) => record?.attempts.count)).toEqual([2, 1, 1])
  })
})
