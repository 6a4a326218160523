import { GetObjectCommand } from '@aws-sdk/client-s3'
import { replyText, type Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, recordOf, runTicketing, startBed } from '../support/bed.ts'

/** 24.5 KB: more than a Trello card or a Slack message shows. */
const DESCRIPTION = 'The page stays white, and here is the log of it: 0123456789 *#\n'.repeat(389)
/** 200 KB, no two lines of which are the same. */
const HUGE = Array.from({ length: 20_000 }, (_, line) => `line ${String(line).padStart(4, '0')}`)
  .join('\n')
  .slice(0, 200_000)
const MESSAGE = { title: 'Long', description: DESCRIPTION, steps: 'Open the login page.' }

describe('a ticket that is longer than its destination shows', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  async function caseOf(id: string): Promise<unknown> {
    const { Body } = await bed.clients.s3.send(new GetObjectCommand({ Bucket: bed.bucket, Key: `cases/${id}.json` }))
    return JSON.parse((await Body?.transformToString()) ?? '')
  }

  it.each([
    ['medium', (id: string) => bed.trello.cards.find(({ desc }) => desc.includes(id))?.desc],
    ['high', (id: string) => bed.slack.messages.find(({ shown }) => shown.includes(id))?.shown],
  ] as const)(
    '(%s) is kept whole, and whatever shows a part of it says where the rest is',
    async (priority, shownOf) => {
      const reply = await bed.teams.send({ ...MESSAGE, priority })
      const id = acceptedId(reply)
      expect(replyText(reply)).toContain('may show a part of it. All of it is kept.')
      await recordOf(bed, id, 'delivered')

      const shown = shownOf(id) ?? ''
      expect(shown).toContain(`The whole ticket is kept in the bucket: cases/${id}.json`)
      expect(shown).toContain('Open the login page.')
      expect(shown).toMatch(new RegExp(`priority:? ${priority}`, 'i'))
      expect(shown).toMatch(/by:? \w+/i)
      expect(await caseOf(id)).toMatchObject({
        ticket: { id, title: 'Long', priority, description: DESCRIPTION.trim(), steps: 'Open the login page.' },
      })
      expect(replyText(await bed.teams.sendText(`status ${id}`))).toContain(
        `it shows a part only. The whole is kept in the bucket: cases/${id}.json`,
      )
      const status = await runTicketing(bed, ['status', id])
      expect(status.output).toMatch(/cut: +what it shows is a part of the ticket/)
      expect(status.output).toMatch(new RegExp(`whole: +s3://\\S+/cases/${id}\\.json`))
    },
  )

  it('(low) lands uncut, and nothing speaks of a cut', async () => {
    const reply = await bed.teams.send({ ...MESSAGE, priority: 'low' })
    const id = acceptedId(reply)
    expect(replyText(reply)).not.toContain('a part of it')
    const { receipt } = await recordOf(bed, id, 'delivered')
    const { Body } = await bed.clients.s3.send(new GetObjectCommand({ Bucket: bed.bucket, Key: receipt?.vendorId }))
    expect(JSON.parse((await Body?.transformToString()) ?? '')).toMatchObject({ description: DESCRIPTION.trim() })
    expect(replyText(await bed.teams.sendText(`status ${id}`))).not.toContain('Cut')
  })

  it.each([
    ['medium', (id: string) => bed.trello.cards.find(({ desc }) => desc.includes(id))?.desc],
    ['high', (id: string) => bed.slack.messages.find(({ shown }) => shown.includes(id))?.shown],
  ] as const)('(%s) is kept whole with a description of 200 KB', async (priority, shownOf) => {
    const reply = await bed.teams.send({ title: 'Very long', description: HUGE, priority }, { shape: 'text-only' })
    const id = acceptedId(reply)
    await recordOf(bed, id, 'delivered')
    expect(await caseOf(id)).toMatchObject({ ticket: { description: HUGE } })
    expect(shownOf(id)).toContain(`The whole ticket is kept in the bucket: cases/${id}.json`)
  })

  it('(low) lands uncut with a description of 200 KB', async () => {
    const form = { title: 'Very long', description: HUGE, priority: 'low' }
    const id = acceptedId(await bed.teams.send(form, { shape: 'text-only' }))
    const { receipt } = await recordOf(bed, id, 'delivered')
    const { Body } = await bed.clients.s3.send(new GetObjectCommand({ Bucket: bed.bucket, Key: receipt?.vendorId }))
    expect(JSON.parse((await Body?.transformToString()) ?? '')).toMatchObject({ description: HUGE })
    expect(await caseOf(id)).toMatchObject({ ticket: { description: HUGE } })
  })
})
