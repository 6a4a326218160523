import type { Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, expectQueued, placesOf, recordOf, startBed, untilDelivered } from '../support/bed.ts'

describe('the same activity twice is one ticket', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed({ replicas: 2 })
  })
  afterAll(() => bed.stop())

  it('at one replica: the same id, queued once', async () => {
    const activity = bed.teams.compose(['Title: Twice', 'Priority: medium', 'Description: Teams sent it two times.'])
    const [first, second] = await Promise.all([bed.teams.post(activity), bed.teams.post(activity)])
    const third = await bed.teams.post(activity)
    const id = acceptedId(first)
    expect([acceptedId(second), acceptedId(third)]).toEqual([id, id])
    await recordOf(bed, id, 'delivered')
    expectQueued(bed, id, 1)
    expect(await placesOf(bed, id)).toEqual({ bucket: 0, board: 1, alert: 0 })
  })

  it.each(['low', 'medium', 'high'])(
    'at two replicas, %s: the same id, queued twice, delivered once',
    async (priority) => {
      const activity = bed.teams.compose([
        `Title: Twice, ${priority}`,
        `Priority: ${priority}`,
        'Description: At two replicas.',
      ])
      const replies = await Promise.all(bed.replicas.map(({ url }) => bed.teams.post(activity, { to: url })))
      const [id = '', other] = replies.map(acceptedId)
      expect(other).toBe(id)
      await recordOf(bed, id, 'delivered')
      // The second message finds the ledger; it may be late, since it waits for the first one's claim.
      expectQueued(bed, id, 2)
      const places = await placesOf(bed, id)
      expect(places.bucket + places.board + places.alert).toBe(1)
    },
  )

  it('two people who write the same words have two tickets', async () => {
    const form = { title: 'Same words', priority: 'low', description: 'Twice on purpose.' }
    const ids = [acceptedId(await bed.teams.send(form)), acceptedId(await bed.teams.send(form))]
    expect(new Set(ids).size).toBe(2)
    await untilDelivered(bed, ids)
  })
})
