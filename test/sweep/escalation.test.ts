import { startTestbed, type VirtualTestbed, type VirtualTestbedOptions } from '@ticketing/testbed'
import { type Case, type Priority, identify, indexKeysOf, newCase, readEvent } from 'ticket-core'
import { describe, expect, it } from 'vitest'
import { acceptedId, caseOf, listKeys } from '../support/bed.ts'

function start(options: Partial<VirtualTestbedOptions> = {}): Promise<VirtualTestbed> {
  return startTestbed({
    clock: 'virtual',
    callbacks: { trello: '/trello', slack: '/slack' },
    sweep: {},
    ...options,
  })
}

async function report(bed: VirtualTestbed, priority = 'high'): Promise<string> {
  return acceptedId(await bed.teams.send({ title: 'Login page is blank', priority, description: 'It is white.' }))
}

/** The steps that were made, each with the minutes since the start. */
async function stepsOf(bed: VirtualTestbed, id: string, start: number): Promise<readonly string[]> {
  return (await caseOf(bed, id)).events.flatMap((event) => {
    const read = readEvent(event)
    if (!read.ok || read.value.kind !== 'escalated') return []
    return [`${read.value.to} after ${Math.floor((read.value.at - start) / 60_000)} min`]
  })
}

function loudMessages(bed: VirtualTestbed): number {
  return bed.slack.messages.filter(({ pings }) => pings.includes('<!channel>')).length
}

describe('a high ticket that no one acknowledged', () => {
  it('is escalated to Slack, the team and the admin, one step every quarter of an hour, and no further', async () => {
    await using bed = await start()
    const begun = bed.clock.now()
    const id = await report(bed)
    await bed.clock.advance('14m')
    expect(await stepsOf(bed, id, begun)).toEqual([])
    await bed.clock.advance('2m')
    expect(await stepsOf(bed, id, begun)).toEqual(['alert after 15 min'])
    await bed.clock.advance('3h')
    expect(await stepsOf(bed, id, begun)).toEqual(['alert after 15 min', 'team after 30 min', 'admin after 45 min'])
    const loud = bed.slack.messages.filter(({ pings }) => pings.includes('<!channel>'))
    expect(loud.map(({ channel, shown }) => [channel, shown.includes(id)])).toEqual([
      ['tickets', true],
      ['ticket-admins', true],
    ])
  })

  it('is escalated once a step by any number of replicas', async () => {
    await using bed = await start({ replicas: 3 })
    const begun = bed.clock.now()
    const id = await report(bed)
    await bed.clock.advance('32m')
    expect(await stepsOf(bed, id, begun)).toHaveLength(2)
    expect(loudMessages(bed)).toBe(1)
  })

  it.each<[string, (bed: VirtualTestbed, id: string) => Promise<unknown>]>([
    ['acknowledged in Slack', (bed) => bed.slack.press(bed.slack.messages[0], 'acknowledge')],
    ['taken in Teams', (bed, id) => bed.teams.sendText(`take ${id}`)],
    ['closed', (bed, id) => bed.teams.sendText(`close ${id}`)],
    ['made medium', (bed, id) => bed.teams.sendText(`priority ${id} medium`)],
  ])('is left alone once it is %s', async (_what, act) => {
    await using bed = await start()
    const id = await report(bed)
    await bed.clock.advance('16m')
    await act(bed, id)
    await bed.clock.advance('2h')
    expect(await stepsOf(bed, id, bed.clock.now())).toHaveLength(1)
  })

  it('is escalated again when it is reopened, from then on', async () => {
    await using bed = await start()
    const id = await report(bed)
    await bed.clock.advance('16m')
    await bed.teams.sendText(`close ${id}`)
    await bed.clock.advance('1h')
    const reopened = bed.clock.now()
    await bed.teams.sendText(`reopen ${id}`)
    await bed.clock.advance('32m')
    expect((await stepsOf(bed, id, reopened)).slice(1)).toEqual(['alert after 15 min', 'team after 30 min'])
  })

  it('is escalated from when it became high', async () => {
    await using bed = await start()
    const id = await report(bed, 'medium')
    await bed.clock.advance('1h')
    const raised = bed.clock.now()
    await bed.teams.sendText(`priority ${id} high`)
    await bed.clock.advance('17m')
    expect(await stepsOf(bed, id, raised)).toEqual(['alert after 15 min'])
  })

  it('is escalated one step at a time after an outage of the server', async () => {
    await using bed = await start()
    const begun = bed.clock.now()
    const id = await report(bed)
    await bed.clock.advance('1m')
    await bed.replicas[0]?.stop()
    await bed.clock.advance('3h')
    await bed.replicas[0]?.start()
    await bed.clock.advance('17m')
    expect(await stepsOf(bed, id, begun)).toEqual(['alert after 181 min', 'team after 196 min'])
  })

  it('is never escalated with 0', async () => {
    await using bed = await start({ sweep: { escalateAfter: 0 } })
    const id = await report(bed)
    await bed.clock.advance('3h')
    expect(await stepsOf(bed, id, 0)).toEqual([])
  })
})

describe('the search for them', () => {
  it('reads a case only when its step is due, and removes stale keys', async () => {
    await using bed = await start()
    const ids = await Promise.all(Array.from({ length: 5 }, () => report(bed)))
    await bed.clock.advance('16m')
    const [id = ''] = ids
    const stale = (await listKeys(bed, 'index/open/')).find((key) => key.includes(id)) ?? ''
    await bed.teams.sendText(`take ${id}`)
    await bed.clock.advance('1m')
    await bed.index.put(stale)
    expect(await listKeys(bed, 'index/open/')).toContain(stale)
    await bed.clock.advance('2m')
    expect(await listKeys(bed, 'index/open/')).not.toContain(stale)
    const reads = (): number =>
      bed.journal.count((entry) => entry.source === 's3' && JSON.stringify(entry).includes('cases/'))
    const before = reads()
    await bed.clock.advance('5m')
    expect(reads() - before).toBe(0)
  })
})

describe('among more open tickets than one listing holds, of several teams', () => {
  it('the high ones that wait are found in each team', async () => {
    await using bed = await start()
    const teams = ['one', 'two', 'three', 'four'].map((name) => ({ teamId: `19:${name}@thread.tacv2` }))
    const others = teams.flatMap(({ teamId }) =>
      Array.from({ length: 300 }, (_, number) => openCase(number, { teamId, priority: 'low' })),
    )
    const waiting = teams.map(({ teamId }, number) => openCase(1000 + number, { teamId, priority: 'high' }))
    const recent = openCase(2000, { teamId: teams[0]?.teamId ?? '', priority: 'high', at: bed.clock.now() })
    for (const known of [...waiting, recent]) await bed.cases.write(known.id, known, 'absent')
    for (const known of [...others, ...waiting, recent])
      for (const key of indexKeysOf(known)) if (key.startsWith('index/open/')) await bed.index.put(key)
    await bed.clock.advance('2m')
    const steps = await Promise.all(waiting.map(async ({ id }) => (await caseOf(bed, id)).events.length))
    expect(steps).toEqual([1, 1, 1, 1])
    expect((await caseOf(bed, recent.id)).events).toEqual([])
  })
})

/** An open ticket that was reported an hour before the testbed's start. */
function openCase(
  number: number,
  { teamId, priority, at = Date.parse('2026-11-24T09:00:00Z') }: { teamId: string; priority: Priority; at?: number },
): Case {
  const id = identify({ tenantId: 'tenant', conversationId: teamId, activityId: String(number) })
  const createdAt = new Date(at).toISOString()
  const ticket = { ...id, teamId, priority, createdAt, title: 'T', description: 'D', links: [] }
  return newCase(ticket, 'n')
}
