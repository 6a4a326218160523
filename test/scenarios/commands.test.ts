import { DEFAULT_PLACE, replyText, type Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, eventually, recordOf, startBed } from '../support/bed.ts'

const ADA = { person: { id: '29:ada', name: 'Lovelace, Ada', aadObjectId: '00000000-0000-4000-8000-00000000ada0' } }
const OLA = DEFAULT_PLACE.person.name

describe('commands in Teams', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  const say = async (text: string, options: Parameters<Testbed['teams']['sendText']>[1] = {}): Promise<string> =>
    replyText(await bed.teams.sendText(text, options))
  /** Waits until what was said is in the ticket. */
  const shows = (id: string, what: string): Promise<void> =>
    eventually(bed, async () => expect(await say(`status ${id}`)).toContain(what))

  async function report(title: string, priority = 'medium'): Promise<{ readonly id: string; readonly thread: string }> {
    const form = [`Title: ${title}`, `Priority: ${priority}`, 'Description: It stays white.']
    const activity = bed.teams.compose(form)
    const id = acceptedId(await bed.teams.post(activity))
    await recordOf(bed, id, 'delivered')
    return { id, thread: activity.id }
  }

  it('a ticket lives a whole life: taken, commented, assigned, made urgent, closed, reopened, each with its card', async () => {
    const { id, thread } = await report('Login page is blank')

    expect(await say('take', { inReplyTo: thread, place: ADA })).toMatch(
      /taken\n[^]*Status: open → in progress\n[^]*Assignee: none → Lovelace, Ada/,
    )
    await shows(id, 'Assignee: Lovelace, Ada')
    expect(await say(`comment ${id.toLowerCase()}: still white`)).toMatch(/has a new comment\n[^]*still white/)
    await shows(id, `the last by ${OLA}`)
    // By the name alone: the address book knows who wrote, and the ticket its reporter.
    expect(await say(`assign ${id} to Ola Nordmann`)).toContain(`Assignee: Lovelace, Ada → ${OLA}`)
    await shows(id, `Assignee: ${OLA}`)
    expect(await say(`${id} priority high`)).toContain('Priority: Medium → High')
    await shows(id, 'Priority: High')
    expect(await say(`done ${id} fixed in 4.2`, { place: ADA })).toMatch(/closed\n[^]*Reason: fixed in 4.2/)
    await shows(id, 'closed by Lovelace, Ada')
    expect(await say(`close ${id}`)).toMatch(/is closed already\nIt was closed by Lovelace, Ada, .*: fixed in 4.2/)
    expect(await say(`reopen ${id} it is back`)).toContain('Status: closed → in progress')
    await shows(id, 'Status: in progress')
  })

  it('a person is known once they have written, and their tickets are found again', async () => {
    const { id } = await report('Report counts twice', 'low')
    const grace = {
      person: { id: '29:grace', name: 'Grace Hopper', aadObjectId: '00000000-0000-4000-8000-0000000000c0' },
    }
    expect(await say(`assign ${id} Grace`)).toContain('I do not know Grace yet')
    await say(`ack ${id}`, { place: grace })
    await eventually(bed, async () =>
      expect(await say(`assign ${id} Grace`)).toContain('Assignee: none → Grace Hopper'),
    )
    await eventually(bed, async () => expect(await say('mine', { place: grace })).toContain(id))
    expect(await say('list low')).toMatch(new RegExp(`${id}: Report counts twice \\(Low, in progress, Grace Hopper\\)`))
    expect(await say('mine', { place: ADA })).not.toContain(id)
    await say(`withdraw ${id} not needed`)
    await eventually(bed, async () => expect(await say('closed')).toMatch(new RegExp(`${id}: .*withdrawn by ${OLA}`)))
    expect(await say('list low')).not.toContain(id)
  })

  it('an answer that quotes the card, or the message that reported it, needs no id', async () => {
    const { id, thread } = await report('Search finds nothing')
    const quoting = async (quote: string, itemid: string, words: string): Promise<string> => {
      const mention = '<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">tickets</span>'
      const reply = `<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="${itemid}"><p itemprop="preview">${quote}</p></blockquote>`
      const message = { text: `<at>tickets</at> ${words}`, html: `${reply}<p>${mention}&nbsp;${words}</p>` }
      return replyText(await bed.teams.post(bed.teams.composeRaw(message, { inReplyTo: thread })))
    }
    expect(await quoting(`Ticket ${id} accepted`, '1795442600000', 'comment the index is old')).toContain(
      `${id} has a new comment`,
    )
    expect(await quoting('Search finds nothing', thread, 'assign me')).toContain(`${id} taken`)
    await shows(id, `Assignee: ${OLA}`)
  })

  it('what is near a command is suggested and not done; what only begins like one is no command', async () => {
    const { id, thread } = await report('Typo on the imprint', 'low')
    expect(await say(`clsoe ${id}`)).toContain(`Did you mean: @tickets close ${id}`)
    expect(await say(`take ${id} off my list`)).toContain('Nothing was done')
    expect(await say('close the popup and it comes back', { inReplyTo: thread })).toContain('This is not a ticket yet')
    expect(await say('close T-00000-00001')).toContain('is not known here')
    expect(await say(`status ${id}`)).toContain('Status: open')
  })
})
