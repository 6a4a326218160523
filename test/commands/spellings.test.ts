import { replyText, type Testbed, type TeamsReply } from '@ticketing/testbed'
import { readEvent, type TicketEvent } from 'ticket-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, caseOf, eventually, recordOf, startBed } from '../support/bed.ts'

type Kind = TicketEvent['kind']

/** As people write on a bad day. `ID`: the ticket's; `id`: in lower case, without dashes. */
const CHANGES: readonly (readonly [text: string, kind: Kind])[] = [
  ['take ID', 'taken'],
  ['TAKE id', 'taken'],
  ['ID take', 'taken'],
  ['id: take!', 'taken'],
  ['please take ID, thanks', 'taken'],
  ['can you take ID?', 'taken'],
  ['take\u00A0ID', 'taken'],
  ['take\nID', 'taken'],
  ['take “ID”', 'taken'],
  ['take ‘ID’.', 'taken'],
  ['take #ID 👍', 'taken'],
  ['👋 take ID 🙏', 'taken'],
  ['I’ll take ID', 'taken'],
  ['ill take ID', 'taken'],
  ["ID i'll take it", 'taken'],
  ['take over ID', 'taken'],
  ['working on ID', 'taken'],
  ['assign ID to me', 'taken'],
  ['assign me ID please', 'taken'],
  ['ID assign me', 'taken'],
  ['ack ID', 'acknowledged'],
  ['seen ID, thanks', 'acknowledged'],
  ['release ID please', 'released'],
  ['give back ID', 'released'],
  ['unassign ID', 'released'],
  ['comment ID it is back', 'commented'],
  ['comment on ID: it is back', 'commented'],
  ['ID comment “it is back”', 'commented'],
  ['note ID\nline one\nline two', 'commented'],
  ['add a comment to ID it is back 🎉', 'commented'],
  ['priority ID high', 'priority-changed'],
  ['priority medium ID', 'priority-changed'],
  ['ID priority: high', 'priority-changed'],
  ['ID prio medium!', 'priority-changed'],
  ['set priority of ID to HIGH', 'priority-changed'],
  ['set ID to medium', 'priority-changed'],
  ['raise priority of ID to high', 'priority-changed'],
  ['make ID medium please', 'priority-changed'],
  ['bump ID to high', 'priority-changed'],
  ['lower ID to medium', 'priority-changed'],
  ['close ID', 'closed'],
  ['pls close the ticket ID thx', 'closed'],
  ['ID done!', 'closed'],
  ['ID is done', 'closed'],
  ['ID → done', 'closed'],
  ['done with ID', 'closed'],
  ['closing ID', 'closed'],
  ['close ID\nfixed in 4.2', 'closed'],
  ['close ID - fixed', 'closed'],
  ['reopen ID it is back', 'reopened'],
  ['re open ID', 'reopened'],
  ['ID reopen please', 'reopened'],
  ['cancel ID, sorry', 'withdrawn'],
]

/** What is answered with a question or a list, and changes nothing. */
const OTHERS: readonly (readonly [text: string, answer: RegExp])[] = [
  ['status ID?', /ID is delivered/],
  ['id', /ID is delivered/],
  ['ID ✅', /ID is delivered/],
  ['where is ID', /ID is delivered/],
  ['whats the status of ID?', /ID is delivered/],
  ['any news on ID?', /ID is delivered/],
  ['view ID please', /ID is delivered/],
  ['ID is mine', /Did you mean: @tickets take ID/],
  ['ID urgent', /Did you mean: @tickets priority ID high/],
  ['change ID to low', /Did you mean: @tickets priority ID low/],
  ['set ID to done', /Did you mean: @tickets close ID/],
  ['update ID it is back', /Or: @tickets comment ID it is back/],
  ['open ID again', /Did you mean: @tickets reopen ID/],
  ['list foo', /Did you mean: @tickets list/],
  ['my open tickets, please', /open ticket|No open tickets|none/i],
]

describe('a spelling of a bad day', () => {
  let bed: Testbed
  let id: string
  beforeAll(async () => {
    bed = await startBed()
    id = acceptedId(await bed.teams.send({ title: 'Spelt', priority: 'medium', description: 'As people do.' }))
    await recordOf(bed, id, 'delivered')
  })
  afterAll(() => bed.stop())

  const say = async (text: string): Promise<string> => {
    const said = text.replaceAll('ID', id).replaceAll(/\bid\b/g, id.replaceAll('-', '').toLowerCase())
    const reply: TeamsReply = await bed.teams.sendText(said)
    return replyText(reply).replaceAll(id, 'ID')
  }

  it('does what it says, each one', async () => {
    const answers: string[] = []
    for (const [text] of CHANGES) answers.push(`${text}: ${(await say(text)).split('\n')[0] ?? ''}`)
    const expected = CHANGES.map(([, kind]) => kind)
    await eventually(bed, async () => {
      const { events } = await caseOf(bed, id)
      const kinds = events
        .map(readEvent)
        .flatMap((read) => (read.ok ? [read.value] : []))
        .toSorted((one, other) => one.at - other.at)
        .map(({ kind }) => kind)
      expect(kinds, answers.join('\n')).toEqual(expected)
    })
  })

  it.each(OTHERS)('"%s" is answered with what can be done, and changes nothing', async (text, answer) => {
    const { length } = (await caseOf(bed, id)).events
    expect(await say(text)).toMatch(answer)
    expect((await caseOf(bed, id)).events).toHaveLength(length)
  })

  it.each([
    ['comment please look at this', 'comment: please look at this'],
    ['fixed in 4.2', 'close: fixed in 4.2'],
    ['Close it, I think', 'close: it, I think'],
  ])('"%s" in a thread is not guessed: the answer shows how to say it', async (text, meant) => {
    const reply = replyText(await bed.teams.sendText(text, { inReplyTo: '1763906602000' }))
    expect(reply).toContain('This is not a ticket yet')
    expect(reply).toContain(`About the ticket of this thread: @tickets ${meant}`)
  })
})
