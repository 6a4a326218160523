import { replyText, type Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, eventually, recordOf, runTicketing, startBed } from '../support/bed.ts'

describe('an operator at the command line', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  it('works on a ticket of Teams, which shows it: taken, commented, closed, found again, reopened', async () => {
    const ticketing = async (...words: readonly string[]): Promise<string> => {
      const { code, output } = await runTicketing(bed, ['tickets', ...words])
      expect(code, output).toBe(0)
      return output
    }
    const shows = (what: RegExp, ...words: readonly string[]): Promise<void> =>
      eventually(bed, async () => expect(await ticketing(...words)).toMatch(what))
    const form = ['Title: Login page is blank', 'Priority: medium', 'Description: It stays white.']
    const id = acceptedId(await bed.teams.post(bed.teams.compose(form)))
    await recordOf(bed, id, 'delivered')

    await shows(new RegExp(`${id}  .*  medium  open .*Login page is blank`), 'list', '--unassigned')
    expect(await ticketing('take', id, '--as', 'ops')).toContain('queued: taken by ops')
    await shows(/status: +in progress/, 'show', id)
    await ticketing('comment', id, '--text', 'we look at it', '--as', 'ops')
    expect(await ticketing('close', id, '--because', 'fixed', '--as', 'ops')).toMatch(/status: +in progress → closed/)
    await shows(new RegExp(id), 'list', '--closed')
    // The comment and the closing are two messages: either may be applied first.
    await eventually(bed, async () => {
      const status = replyText(await bed.teams.sendText(`status ${id}`))
      expect(status).toContain('closed by ops (operator)')
      expect(status).toContain('we look at it')
    })
    await ticketing('reopen', id, '--as', 'ops')
    await shows(new RegExp(`${id}.*in progress.*\\[ops \\(operator\\)\\]`), 'list')
    expect(await ticketing('show', id)).toMatch(/Reopened by ops at the command line\n[^]*delivery: .*the team board/)
    await eventually(bed, () =>
      expect(bed.trello.cards.find(({ desc }) => desc.includes(id))).toMatchObject({ closed: false }),
    )
  })
})
