import { SendMessageCommand } from '@aws-sdk/client-sqs'
import type { Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listKeys, PATIENCE, startBed } from '../support/bed.ts'

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
    await expect.poll(() => listKeys(bed, 'tickets/'), PATIENCE).toEqual([expect.stringContaining('old-low')])
    await expect.poll(() => bed.trello.cards.map(({ name }) => name), PATIENCE).toEqual(['Old medium'])
    await expect
      .poll(() => bed.slack.messages.map(({ shown }) => shown), PATIENCE)
      .toEqual([expect.stringContaining('Old high')])
  })
})
