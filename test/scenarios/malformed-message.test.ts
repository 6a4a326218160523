import { correctedFormOf, replyText, TEAMS_SHAPES, toLines, type Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, expectQueued, recordOf, startBed } from '../support/bed.ts'

describe('a malformed message gets help that can be pasted back', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  it('names the misspelt priority, suggests the right one, and accepts its own form', async () => {
    const reply = await bed.teams.sendText('Title: Printer\nPriority: hgih\nDescription: It prints twice.')
    expect(replyText(reply)).toContain('hgih')
    expect(replyText(reply)).toMatch(/low.*medium.*high/i)
    const id = acceptedId(await bed.teams.sendText(correctedFormOf(reply)))
    expectQueued(bed, id, 1)
    await recordOf(bed, id, 'delivered')
    expect(bed.slack.messages.at(-1)?.shown).toContain('Printer')
  })

  it('names every problem at once', async () => {
    const text = replyText(await bed.teams.sendText('Priority: urgent'))
    for (const field of ['Title', 'Priority', 'Description']) expect(text).toContain(field)
  })

  it('answers help, and a mention without words, with the form', async () => {
    for (const words of ['help', ''])
      expect(replyText(await bed.teams.sendText(words))).toMatch(/Title:[^]*Priority:[^]*Description:/)
  })

  it.each(TEAMS_SHAPES)('reads the shape that Teams calls its own: %s', async (shape) => {
    const form = { title: `Shape ${shape}`, priority: 'low', description: 'One & two\nthird "line"' }
    const id = acceptedId(await bed.teams.post(bed.teams.compose(toLines(form), { shape })))
    const { receipt } = await recordOf(bed, id, 'delivered')
    expect(receipt?.where).toContain(`shape-${shape}`)
  })
})
