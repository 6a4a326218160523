import { changeSecret, startTestbed, type Fault } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import { acceptedId } from '../support/bed.ts'
import { rowsOf, type Outcomes } from './play.ts'

const CARD = { at: 'workflows.postCard', times: 1 } as const

/** An admin is notified of a death in Slack and in Teams; how often in each, when this goes wrong in Teams. */
async function die(
  ...faults: Fault[]
): Promise<{ readonly slack: number; readonly teams: number; readonly isNoted: boolean }> {
  await using bed = await startTestbed({ clock: 'virtual' })
  await changeSecret(bed, { TEAMS_NOTIFY_URL: bed.workflows.webhookUrl })
  bed.faults.add({ at: 'trello.createCard', kind: '4xx', status: 400, times: 1 })
  for (const fault of faults) bed.faults.add(fault)
  const id = acceptedId(await bed.teams.send({ title: 'Nobody wants me', priority: 'medium', description: 'No.' }))
  await bed.clock.runUntilQuiet()
  const letter = await bed.archive.read(id)
  return {
    slack: bed.slack.messages.filter(({ shown }) => shown.includes(id)).length,
    teams: bed.workflows.posts.filter(({ shown }) => shown.includes(id)).length,
    isNoted: letter.kind === 'found' && letter.item.toldAt !== undefined,
  }
}

/** Cards in the channel, while Slack takes its notice: one way that gets through is enough, and none is sent twice. */
const POSTING: Outcomes<'workflows.postCard', 0 | 1> = {
  '429': [[{ ...CARD, kind: '429' }, 0]],
  '5xx': [
    [{ ...CARD, kind: '5xx' }, 0],
    [{ ...CARD, kind: '5xx', when: 'after' }, 1],
  ],
  '4xx': [[{ ...CARD, kind: '4xx', status: 404 }, 0]],
  'timeout-before-effect': [[{ ...CARD, kind: 'timeout-before-effect' }, 0]],
  'timeout-after-effect': [[{ ...CARD, kind: 'timeout-after-effect' }, 1]],
  'timeout-late-effect': [[{ ...CARD, kind: 'timeout-late-effect', ms: 60_000 }, 1]],
  reset: [
    [{ ...CARD, kind: 'reset' }, 0],
    [{ ...CARD, kind: 'reset', when: 'after' }, 1],
  ],
  slow: [[{ ...CARD, kind: 'slow', ms: 5_000 }, 1]],
  'half-answer': [[{ ...CARD, kind: 'half-answer' }, 1]],
}

describe('a notice to a channel of Teams', () => {
  it('is posted beside the one in Slack', async () => {
    expect(await die()).toEqual({ slack: 1, teams: 1, isNoted: true })
  })

  it.each(rowsOf(POSTING))('%s: it stands in Slack', async (_name, fault, teams) => {
    expect(await die(fault)).toEqual({ slack: 1, teams, isNoted: true })
  })

  it.each(rowsOf(POSTING))(
    '%s, while Slack does not take it either: an admin is notified all the same',
    async (_name, fault) => {
      const seen = await die(fault, { at: 'slack.postMessage', kind: '5xx', times: 1 })
      expect(seen.isNoted).toBe(true)
      expect(seen.slack + seen.teams).toBeGreaterThan(0)
    },
  )
})
