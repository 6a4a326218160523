import { startTestbed } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'

/** What an operator may type into the Lambda console: `up` would have written it in lower case, or not at all. */
const TYPED_BY_HAND = {
  TICKETING_LOG_LEVEL: ' INFO ',
  TICKETING_GIVE_UP_AFTER: '',
}

describe('the settings of a function', () => {
  it('take a level in any case, and an empty value as none, as those of the server do', async () => {
    await using bed = await startTestbed({ clock: 'virtual', functionSettings: TYPED_BY_HAND })
    await bed.teams.send({ title: 'Printer is on fire', priority: 'medium', description: 'Smoke.' })
    await bed.clock.runUntilQuiet()
    expect(bed.trello.cards).toMatchObject([{ name: 'Printer is on fire' }])
  })
})
