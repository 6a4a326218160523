import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listKeys, eventually, startBed } from '../support/bed.ts'

describe("the older system's queued messages are delivered", () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  const send = (queue: string, body: unknown): Promise<unknown> =>
    bed.clients.sqs.send(
      new SendMessageCommand({ QueueUrl: bed.queueUrls[`${bed.prefix}-${queue}`], MessageBody: JSON.stringify(body) }),
    )

  it('low, medium and high', async () => {
    await send('LP', { Title: 'Old low', Description: 'From Flask', Priority: 'Low' })
    await send('MP', { Title: 'Old medium', Description: 'From Flask', Priority: 'Medium' })
    await send('HP', { Title: 'Old high', Description: 'From Flask', Priority: 'High' })
    await eventually(bed, async () => {
      expect(await listKeys(bed, 'tickets/')).toEqual([expect.stringContaining('old-low')])
      expect(bed.trello.cards.map(({ name }) => name)).toEqual(['Old medium'])
      expect(bed.slack.messages.map(({ shown }) => shown)).toEqual([expect.stringContaining('Old high')])
    })
  })
})
