import { replyText, type Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, recordOf, startBed } from '../support/bed.ts'

describe('@tickets status', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  it('shows the team where its ticket landed, and another team nothing', async () => {
    const id = acceptedId(await bed.teams.send({ title: 'Ask me', priority: 'medium', description: 'Where is it?' }))
    await recordOf(bed, id, 'delivered')
    const own = replyText(await bed.teams.sendText(`status ${id}`))
    expect(own).toMatch(/delivered/i)
    expect(own).toMatch(/https?:\/\/[\w.:-]+\/c\/\w+/)
    const lowered = replyText(await bed.teams.sendText(`status ${id.toLowerCase()}`))
    expect(lowered).toMatch(/delivered/i)
    const place = { teamId: '19:anotherteam@thread.tacv2' }
    expect(await bed.teams.sendText(`status ${id}`, { place })).toMatchObject({ kind: 'failed', status: 401 })
  })

  it('says of an unknown id that it may never have been accepted, and of a wrong one that it is none', async () => {
    expect(replyText(await bed.teams.sendText('status T-00000-00000'))).toMatch(/never accepted/i)
    expect(replyText(await bed.teams.sendText('status T-123'))).toContain('T-123')
  })
})
