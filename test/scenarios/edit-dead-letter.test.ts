import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFolder } from '../cli/start-command.ts'
import { acceptedId, eventually, listKeys, recordOf, runTicketing, startBed } from '../support/bed.ts'

describe('a ticket whose words a vendor refuses', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  /** A ticket that its vendor refused once, and its letter. */
  async function refused(priority: 'medium' | 'high', title: string): Promise<string> {
    const at = priority === 'medium' ? 'trello.createCard' : 'slack.postMessage'
    bed.faults.add({ at, kind: '4xx', status: 400, times: 1 })
    const id = acceptedId(await bed.teams.send({ title, priority, description: 'It stays white.' }))
    await recordOf(bed, id, 'dead')
    await eventually(bed, async () => expect(await listKeys(bed, 'dead-letters/')).toContain(`dead-letters/${id}.json`))
    return id
  }

  it('is edited by --set, and delivered in its next life with the new words; the ticket says who edited it', async () => {
    const id = await refused('medium', 'A title that Trello refuses')
    const dry = await runTicketing(bed, ['dead-letters', 'redrive', id, '--set', 'title=Short', '--dry-run'])
    expect(dry.output).toContain('title: A title that Trello refuses → Short')
    expect(dry.said.at(-1)).toBe('1 of 1 would be redriven')
    const words = ['redrive', id, '--set', 'title=Short', '--set', 'description=Still white.', '--as', 'ops']
    const { code, output } = await runTicketing(bed, ['dead-letters', ...words])
    expect(code, output).toBe(0)
    expect(output).toContain('1 of 1 redriven')
    expect(await recordOf(bed, id, 'delivered')).toMatchObject({ life: 1 })
    const cards = bed.trello.cards.filter(({ desc }) => desc.includes(id))
    expect(cards).toMatchObject([{ name: 'Short', desc: expect.stringContaining('Still white.') }])
    const shown = await runTicketing(bed, ['tickets', 'show', id])
    expect(shown.output).toMatch(new RegExp(`^${id} {2}Short\n[^]*Edited by ops at the command line`))
  })

  it('is edited by --edit FILE for Slack, too', async () => {
    await using folder = await makeFolder()
    const id = await refused('high', 'A title that Slack refuses')
    await writeFile(join(folder.path, 'new.json'), JSON.stringify({ title: 'Fits' }))
    const words = ['dead-letters', 'redrive', id, '--edit', 'new.json']
    const { code, output } = await runTicketing(bed, words, { cwd: folder.path })
    expect(code, output).toBe(0)
    await recordOf(bed, id, 'delivered')
    const message = bed.slack.messagesIn('tickets').find(({ shown }) => shown.includes(id))
    expect(message?.shown).toContain('Fits')
    expect(message?.shown).not.toContain('refuses')
    // It is delivered: nothing is edited behind its back.
    const again = await runTicketing(bed, ['dead-letters', 'redrive', id, '--set', 'title=Late'])
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining('nothing was edited') })
  })
})
