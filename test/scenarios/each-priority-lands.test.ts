import { GetObjectCommand } from '@aws-sdk/client-s3'
import { acceptedId, placesOf, recordOf, startBed } from '../support/bed.ts'
import type { Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('each priority lands where it must, and nowhere else', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  it('a low ticket becomes an object in S3', async () => {
    const id = acceptedId(
      await bed.teams.send({ title: 'Typo on the imprint', priority: 'low', description: 'It says "adress".' }),
    )
    const { receipt } = await recordOf(bed, id, 'delivered')
    expect(await placesOf(bed, id)).toEqual({ bucket: 1, board: 0, alert: 0 })
    const object = await bed.clients.s3.send(
      new GetObjectCommand({ Bucket: bed.bucket, Key: receipt?.vendorId ?? receipt?.where }),
    )
    const ticket: unknown = JSON.parse((await object.Body?.transformToString()) ?? '')
    expect(ticket).toMatchObject({
      id,
      title: 'Typo on the imprint',
      priority: 'low',
      description: 'It says "adress".',
    })
  })

  it('a medium ticket becomes one Trello card with the whole text', async () => {
    const description = 'Two lines,\nand a link: <https://example.com/?a=1&b=2> ünï😀'
    const id = acceptedId(
      await bed.teams.send({
        title: 'Report lists a month twice',
        priority: 'medium',
        description,
        steps: 'Open it twice',
      }),
    )
    await recordOf(bed, id, 'delivered')
    expect(await placesOf(bed, id)).toEqual({ bucket: 0, board: 1, alert: 0 })
    const card = bed.trello.cards.find(({ desc }) => desc.includes(id))
    expect(card).toMatchObject({ name: 'Report lists a month twice', list: 'To Do' })
    expect(card?.desc).toContain('ünï😀')
    expect(card?.desc).toContain('Open it twice')
  })

  it('a high ticket becomes one Slack message that mentions no one', async () => {
    const id = acceptedId(
      await bed.teams.send({ title: 'Everything is down <!channel>', priority: 'HIGH', description: '<!here> & co' }),
    )
    await recordOf(bed, id, 'delivered')
    expect(await placesOf(bed, id)).toEqual({ bucket: 0, board: 0, alert: 1 })
    const message = bed.slack.messages.find(({ shown }) => shown.includes(id))
    expect(message?.shown).toContain('Everything is down <!channel>')
    expect(message?.pings).toEqual([])
    // Markup is only the link to the message in Teams.
    expect(JSON.stringify(message).match(/"mrkdwn"/g)).toHaveLength(1)
  })

  it('a burst of sixty is delivered whole, each ticket once', async () => {
    const priorities = ['low', 'medium'] as const
    const ids: string[] = []
    // Not every cloud takes sixty at once within the five seconds that Teams waits.
    while (ids.length < 60) {
      const replies = await Promise.all(
        Array.from({ length: 12 }, (_, one) => {
          const n = ids.length + one
          return bed.teams.send({
            title: `Burst ${n}`,
            priority: priorities[n % 2] ?? 'low',
            description: `Number ${n}`,
          })
        }),
      )
      ids.push(...replies.map(acceptedId))
    }
    expect(new Set(ids).size).toBe(60)
    await Promise.all(ids.map((id) => recordOf(bed, id, 'delivered')))
    for (const [n, id] of ids.entries()) {
      expect(await placesOf(bed, id)).toEqual(
        n % 2 === 0 ? { bucket: 1, board: 0, alert: 0 } : { bucket: 0, board: 1, alert: 0 },
      )
    }
  })
})
