import { replyText, type Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, eventually, placesOf, recordOf, runTicketing, startBed } from '../support/bed.ts'

describe('a rejected ticket reaches the dead-letter archive and the admin, and comes back', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  it('becomes a dead letter with its reason, an admin is notified, it is redriven once the cause is fixed, and lands once', async () => {
    const broken = bed.faults.add({
      at: 'trello.createCard',
      kind: '4xx',
      status: 400,
      body: 'invalid value for idList',
    })
    const id = acceptedId(
      await bed.teams.send({ title: 'Nobody wants me', priority: 'medium', description: 'Refused for good.' }),
    )
    const dead = await recordOf(bed, id, 'dead')
    expect(dead.failure?.reason).toContain('invalid value for idList')

    const notice = await bed.journal.until({
      source: 'slack',
      kind: 'message-posted',
      channel: 'ticket-admins',
      ticket: id,
    })
    expect(notice.text).toContain('Nobody wants me')
    expect(notice.text).toContain(`ticketing dead-letters redrive ${id}`)
    expect(notice.text).not.toContain('may have been delivered')
    await eventually(bed, async () =>
      expect(await bed.archive.read(id)).toMatchObject({
        kind: 'found',
        item: { life: 0, toldAt: expect.any(Number) },
      }),
    )
    expect(replyText(await bed.teams.sendText(`status ${id}`))).toMatch(/could not be delivered|dead|failed/i)

    const died = await Promise.all(
      [
        ['status', id],
        ['dead-letters', 'show', id],
      ].map(async (words) => {
        const { output } = await runTicketing(bed, words)
        return /^ {2}dead since: +(\S+)$/m.exec(output)?.[1] ?? output
      }),
    )
    expect(died[0]).toMatch(/^\d{4}-\S+Z$/)
    expect(died[1]).toBe(died[0])

    broken.remove()
    const listed = await runTicketing(bed, ['dead-letters', 'list'])
    expect(listed.output).toContain(id)
    const dry = await runTicketing(bed, ['dead-letters', 'redrive', '--all', '--dry-run'])
    expect(dry).toMatchObject({ code: 0, output: expect.stringContaining('1 of 1 would be redriven') })
    const redriven = await runTicketing(bed, ['dead-letters', 'redrive', id])
    expect(redriven.output).toMatch(/^account \d{12}, region \S+, prefix /)
    expect(redriven).toMatchObject({ code: 0, output: expect.stringContaining('1 of 1 redriven') })
    expect(await recordOf(bed, id, 'delivered')).toMatchObject({ life: 1 })
    expect(await placesOf(bed, id)).toEqual({ bucket: 0, board: 1, alert: 0 })

    const again = await runTicketing(bed, ['dead-letters', 'redrive', '--all'])
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('nothing to redrive') })
    const refused = await runTicketing(bed, ['dead-letters', 'redrive', id])
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('refused') })
    expect(await placesOf(bed, id)).toEqual({ bucket: 0, board: 1, alert: 0 })
  })
})
