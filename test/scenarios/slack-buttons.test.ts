import { type Testbed } from '@ticketing/testbed'
import { stateOf, type TicketState } from 'ticket-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, caseOf, eventually, recordOf, startBed } from '../support/bed.ts'

describe('a button below a message in Slack', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed({ callbacks: { slack: '/slack' } })
  })
  afterAll(() => bed.stop())

  async function deliver(title: string): Promise<string> {
    const id = acceptedId(await bed.teams.send({ title, priority: 'high', description: 'As in Slack.' }))
    await recordOf(bed, id, 'delivered')
    return id
  }

  function press(id: string, button: string, by: string): Promise<unknown> {
    const message = bed.slack.messages.find(({ shown }) => shown.includes(id))
    if (!message) throw new Error(`no message names ${id}`)
    return bed.slack.press(message, button, { by })
  }

  function state(id: string, expected: Partial<TicketState>): Promise<TicketState> {
    return eventually(bed, async () => {
      const now = stateOf(await caseOf(bed, id))
      expect(now).toMatchObject(expected)
      return now
    })
  }

  it('acknowledges, takes and closes its ticket, in the name of who pressed it', async () => {
    const id = await deliver('Login page is blank')
    await press(id, 'acknowledge', 'grace.example')
    await state(id, { status: 'acknowledged', acknowledged: expect.objectContaining({ at: expect.any(Number) }) })
    await press(id, 'take', 'grace.example')
    await state(id, {
      status: 'in-progress',
      assignee: expect.objectContaining({ via: 'slack', name: 'grace.example' }),
    })
    await press(id, 'close', 'ada.example')
    const { ending } = await state(id, { status: 'closed' })
    expect(ending?.by).toMatchObject({ via: 'slack', name: 'ada.example' })
  })

  it('pressed twice says the same twice: the first one counts', async () => {
    const id = await deliver('Twice')
    await press(id, 'acknowledge', 'grace.example')
    await press(id, 'acknowledge', 'ada.example')
    await eventually(bed, async () => expect((await caseOf(bed, id)).events).toHaveLength(2))
    const { acknowledged } = await state(id, { status: 'acknowledged' })
    expect(acknowledged?.by.name).toBe('grace.example')
  })

  it('shows a warning when we do not answer, and works when it is pressed again', async () => {
    const id = await deliver('Warning')
    bed.faults.add({ at: 'callback.slack', kind: '5xx', ticket: id, times: 1 })
    expect(await press(id, 'take', 'grace.example')).toMatchObject({ outcome: 'failed' })
    expect((await caseOf(bed, id)).events).toEqual([])
    expect(await press(id, 'take', 'grace.example')).toMatchObject({ outcome: 'answered' })
    await state(id, { status: 'in-progress' })
  })
})
