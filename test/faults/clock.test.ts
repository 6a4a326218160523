import { startTestbed, type Duration } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import { ALERTED, ON_THE_BOARD, play } from './play.ts'

const FORM = { title: 'Rotated', priority: 'low', description: 'Signed with the token of the day.' } as const
const OTHER_TOKEN = Buffer.from('a token that no secret ever held').toString('base64')

const JUMPS: readonly Duration[] = ['2h', '3d', '-30s', '-2h']

describe.each(JUMPS)('the wall clock that is put on by %s', (by) => {
  it('while a ticket waits for its next attempt: it is delivered once, and not dead early', async () => {
    const seen = await play({
      priority: 'high',
      faults: [
        { at: 'slack.postMessage', kind: '429', retryAfter: 60, times: 1 },
        { at: 'clock', kind: 'jump', by, in: '30s' },
      ],
    })
    expect(seen).toMatchObject(ALERTED)
  })

  it('while its function is under way: one card', async () => {
    const seen = await play({
      priority: 'medium',
      faults: [
        { at: 'trello.createCard', kind: 'slow', ms: 5_000, times: 1 },
        { at: 'clock', kind: 'jump', by, in: '2s' },
      ],
    })
    expect(seen).toMatchObject(ON_THE_BOARD)
  })
})

describe.each(JUMPS)('a token that is rotated when the wall clock was put on by %s', (by) => {
  it('is taken at its first message, and the old one is refused ten minutes later', async () => {
    await using bed = await startTestbed({ clock: 'virtual' })
    const old = bed.teams.token
    expect(await bed.teams.send(FORM)).toMatchObject({ kind: 'replied', status: 200 })
    // A request that fits no token makes the server read the secret again; the next such reading is 30 s later.
    expect(await bed.teams.send(FORM, { token: OTHER_TOKEN })).toMatchObject({ status: 401 })
    bed.faults.add({ at: 'clock', kind: 'jump', by })
    bed.faults.add({ at: 'secret', kind: 'rotated', what: 'teams' })
    await bed.clock.advance('30s')
    expect(await bed.teams.send(FORM)).toMatchObject({ kind: 'replied', status: 200 })
    await bed.clock.advance('10m')
    expect(await bed.teams.send(FORM, { token: old })).toMatchObject({ status: 401 })
    expect(await bed.teams.send(FORM)).toMatchObject({ kind: 'replied', status: 200 })
  })
})

it('a message that Teams sent before the clock was put on is stale, and the sender reads nothing that is not so', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  const activity = bed.teams.compose(['Title: Late', 'Priority: low', 'Description: x'])
  bed.faults.add({ at: 'clock', kind: 'jump', by: '6m' })
  await bed.clock.advance(1)
  expect(await bed.teams.post(activity)).toMatchObject({ kind: 'failed', status: 401 })
  await bed.clock.runUntilQuiet()
  expect(bed.journal.count({ source: 'sqs', kind: 'message-sent' })).toBe(0)
})

it('a jump that says not when comes at once, and so does a credential that is replaced', async () => {
  await using bed = await startTestbed({ clock: 'virtual' })
  const began = bed.clock.now()
  bed.faults.add({ at: 'clock', kind: 'jump', by: '1h' })
  expect(bed.clock.now() - began).toBe(3_600_000)
  bed.faults.add({ at: 'secret', kind: 'rotated', what: 'teams', writtenAfter: '1h' })
  const reply = await bed.teams.send({
    title: 'Too early',
    priority: 'low',
    description: 'The server has the old token.',
  })
  expect(reply).toMatchObject({ status: 401 })
})
