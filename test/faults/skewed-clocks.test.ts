import { replyText, startTestbed, type Duration, type VirtualTestbed } from '@ticketing/testbed'
import { readEvent, stateOf, type Change, type TicketEvent, type Via } from 'ticket-core'
import { expect, it } from 'vitest'
import { acceptedId, caseOf, recordOf, runTicketing } from '../support/bed.ts'

const FORM = { title: 'Login page is blank', priority: 'medium', description: 'It stays white.' } as const
const HOUR = 3_600_000
const YEAR_2099 = Date.UTC(2099, 0, 1)

async function deliver(bed: VirtualTestbed): Promise<string> {
  const id = acceptedId(await bed.teams.send(FORM))
  await recordOf(bed, id, 'delivered')
  return id
}

async function say(bed: VirtualTestbed, text: string): Promise<string> {
  const shown = replyText(await bed.teams.sendText(text))
  await bed.clock.advance('10s')
  return shown
}

async function eventsOf(bed: VirtualTestbed, id: string): Promise<readonly TicketEvent[]> {
  return (await caseOf(bed, id)).events.map((value) => {
    const read = readEvent(value)
    if (!read.ok) throw new Error(read.failure)
    return read.value
  })
}

/** What a vendor dated wrong. */
async function sendDated(
  bed: VirtualTestbed,
  id: string,
  at: number,
  change: Change,
  via: Via = 'trello',
): Promise<void> {
  const { source } = await caseOf(bed, id)
  await bed.sendEvent({ v: 1, id: `${via}:${at}`, ticket: id, source, at, by: { via, name: 'Grace' }, ...change })
  await bed.clock.advance('10s')
}

it.each(['1h', '-1h'] as const)(
  'an operator whose clock is off by %s leaves a ticket that Teams can change',
  async (by) => {
    await using bed = await startTestbed({ clock: 'virtual' })
    const id = await deliver(bed)
    await bed.clock.advance('2h')
    const off = by === '1h' ? HOUR : -HOUR
    const clock = { ...bed.clock, now: () => bed.clock.now() + off, monotonic: () => bed.clock.monotonic() }
    expect(await runTicketing(bed, ['tickets', 'close', id], { clock })).toMatchObject({ code: 0 })
    await bed.clock.advance('10s')

    const shown = await say(bed, `reopen ${id} it is not fixed`)
    expect(shown).toContain(`${id} reopened`)
    expect(shown).not.toContain('already')
    expect(stateOf(await caseOf(bed, id)).status).toBe('open')
    for (const { at } of await eventsOf(bed, id)) expect(at).toBeLessThanOrEqual(bed.clock.now())
  },
)

it('an action that Trello dates 2099 counts as done when it was queued', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  const id = await deliver(bed)
  await sendDated(bed, id, YEAR_2099, { kind: 'moved', stage: 'Doing' })
  expect(await runTicketing(bed, ['tickets', 'take', id, '--as', 'root'])).toMatchObject({ code: 0 })
  await bed.clock.advance('10s')

  expect(await say(bed, `close ${id}`)).toContain('Status: in progress → closed')
  expect(stateOf(await caseOf(bed, id)).status).toBe('closed')
  for (const { at } of await eventsOf(bed, id)) expect(at).toBeLessThanOrEqual(bed.clock.now())
})

it('events that are dated ahead and wait for line 4 keep the order in which they were queued', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  const id = await deliver(bed)
  const outage = bed.faults.add({ at: 's3.putObject', kind: '5xx', by: 'function.events' })
  await sendDated(bed, id, YEAR_2099, { kind: 'closed' }, 'cli')
  await sendDated(bed, id, YEAR_2099 - HOUR, { kind: 'reopened' }, 'cli')
  await bed.clock.advance('5m')
  outage.remove()
  await bed.clock.advance('30m')
  expect(stateOf(await caseOf(bed, id))).toMatchObject({ status: 'open', history: [{}, {}] })
})

const BACK: readonly Duration[] = ['-1h', '-3d']

it.each(BACK)('a case that is ahead of a clock that was set back by %s takes every change', async (by) => {
  await using bed = await startTestbed({ clock: 'virtual', callbacks: { trello: '/trello', slack: '/slack' } })
  const id = await deliver(bed)
  expect(await say(bed, `close ${id}`)).toContain(`${id} closed`)
  bed.faults.add({ at: 'clock', kind: 'jump', by })
  await bed.clock.advance('1s')

  expect(await say(bed, `reopen ${id}`)).toContain('Status: closed → open')
  expect(await say(bed, `take ${id}`)).toContain('Status: open → in progress')
  bed.trello.archiveCard(id)
  await bed.clock.advance('10s')
  expect(stateOf(await caseOf(bed, id)).status).toBe('closed')
  expect(await say(bed, `reopen ${id}`)).toContain('Status: closed → in progress')
  expect(stateOf(await caseOf(bed, id)).status).toBe('in-progress')
  // Ahead by a millisecond for each event, no more: the clock comes by.
  const { events } = await caseOf(bed, id)
  const first = readEvent(events[0])
  expect(first.ok && (await eventsOf(bed, id)).every(({ at }) => at < first.value.at + events.length)).toBe(true)
})

it('what happened earlier, and was heard of late, stays earlier', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  const id = await deliver(bed)
  const then = bed.clock.now()
  await bed.clock.advance('5m')
  expect(await say(bed, `close ${id}`)).toContain(`${id} closed`)
  expect(await say(bed, `reopen ${id}`)).toContain(`${id} reopened`)
  await sendDated(bed, id, then, { kind: 'closed' })
  expect(stateOf(await caseOf(bed, id))).toMatchObject({ status: 'open', history: [{}, {}, {}] })
})
