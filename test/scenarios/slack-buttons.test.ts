import { type Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, caseOf, eventually, recordOf, startBed, untilState } from '../support/bed.ts'

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

  it('acknowledges, takes and closes its ticket, in the name of who pressed it', async () => {
    const id = await deliver('Login page is blank')
    await press(id, 'acknowledge', 'grace.example')
    await untilState(bed, id, {
      status: 'acknowledged',
      acknowledged: expect.objectContaining({ at: expect.any(Number) }),
    })
    await press(id, 'take', 'grace.example')
    await untilState(bed, id, {
      status: 'in-progress',
      assignee: expect.objectContaining({ via: 'slack', name: 'grace.example' }),
    })
    await press(id, 'close', 'ada.example')
    const { ending } = await untilState(bed, id, { status: 'closed' })
    expect(ending?.by).toMatchObject({ via: 'slack', name: 'ada.example' })
  })

  it('is replaced at once by what can be done next, whatever is pressed', async () => {
    const id = await deliver('Replaced at once')
    const buttons = (): readonly unknown[] => {
      const { blocks = [] } = bed.slack.messages.find(({ shown }) => shown.includes(id)) ?? {}
      return blocks.flatMap(({ elements }) => elements ?? []).map((button) => Object(button).action_id)
    }
    const text = (): string => bed.slack.messages.find(({ shown }) => shown.includes(id))?.shown ?? ''
    expect(buttons()).toEqual(['acknowledge', 'take', 'close'])
    await press(id, 'acknowledge', 'grace.example')
    expect(buttons()).toEqual(['take', 'close'])
    expect(text()).toContain('Status: acknowledged by grace.example (Slack)')
    await untilState(bed, id, { status: 'acknowledged' })
    await press(id, 'close', 'ada.example')
    expect(buttons()).toEqual(['reopen'])
    expect(text()).toContain('Status: closed by ada.example (Slack)')
    await untilState(bed, id, { status: 'closed' })
    await press(id, 'reopen', 'ada.example')
    expect(buttons()).toEqual(['acknowledge', 'take', 'close'])
    await untilState(bed, id, { status: 'open' })
    expect(bed.slack.messages.filter(({ shown }) => shown.includes(id))).toHaveLength(1)
  })

  it.each(['5xx', 'timeout-before-effect', 'reset'] as const)(
    'counts although its message cannot be replaced (%s): the next press replaces it',
    async (kind) => {
      const id = await deliver(`Not replaced, ${kind}`)
      bed.faults.add({ at: 'slack.respond', kind, times: 1 })
      expect(await press(id, 'take', 'grace.example')).toMatchObject({ outcome: 'answered' })
      await untilState(bed, id, { status: 'in-progress' })
      const text = (): string => bed.slack.messages.find(({ shown }) => shown.includes(id))?.shown ?? ''
      expect(text()).not.toContain('Assignee')
      await press(id, 'acknowledge', 'ada.example')
      expect(text()).toContain('Assignee: grace.example (Slack)')
    },
  )

  it('pressed twice says the same twice: the first one counts', async () => {
    const id = await deliver('Twice')
    // Both see the message as it was.
    bed.faults.add({ at: 'slack.respond', kind: '5xx', times: 1 })
    await press(id, 'acknowledge', 'grace.example')
    await press(id, 'acknowledge', 'ada.example')
    await eventually(bed, async () => expect((await caseOf(bed, id)).events).toHaveLength(2))
    const { acknowledged } = await untilState(bed, id, { status: 'acknowledged' })
    expect(acknowledged?.by.name).toBe('grace.example')
  })

  it('shows a warning when we do not answer, and works when it is pressed again', async () => {
    const id = await deliver('Warning')
    bed.faults.add({ at: 'callback.slack', kind: '5xx', ticket: id, times: 1 })
    expect(await press(id, 'take', 'grace.example')).toMatchObject({ outcome: 'failed' })
    expect((await caseOf(bed, id)).events).toEqual([])
    expect(await press(id, 'take', 'grace.example')).toMatchObject({ outcome: 'answered' })
    await untilState(bed, id, { status: 'in-progress' })
  })
})
