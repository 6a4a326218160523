import { changeSecret, replyText, type Testbed } from '@ticketing/testbed'
import { stateOf } from 'ticket-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptedId, caseOf, eventually, recordOf, startBed, untilState } from '../support/bed.ts'

/** Of the webhook of another team. */
const OTHER_TOKEN = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64')

describe('a ticket lives a whole life', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed({ callbacks: { trello: '/trello', slack: '/slack' } })
    const url = bed.addresses.workflows === '' ? bed.workflows.webhookUrl : bed.workflows.at(bed.addresses.workflows)
    await changeSecret(bed, { TEAMS_HMAC_SECRET: `${bed.teams.token},${OTHER_TOKEN}` })
    await changeSecret(bed, { TEAMS_NOTIFY_URL: JSON.stringify({ default: { url, level: 'all' } }) })
  })
  afterAll(() => bed.stop())

  async function deliver(title: string, priority: 'low' | 'medium' | 'high'): Promise<string> {
    const id = acceptedId(await bed.teams.send({ title, priority, description: 'Since 9:40.' }))
    await recordOf(bed, id, 'delivered')
    return id
  }

  const card = (id: string): Testbed['trello']['cards'][number] | undefined =>
    bed.trello.cards.find(({ desc }) => desc.includes(id))
  const inSlack = (id: string): string =>
    bed.slack.messages
      .filter(({ channel }) => channel === 'tickets')
      .map(({ shown, text }) => `${text}\n${shown}`)
      .filter((words) => words.includes(id))
      .join('\n')
  const inTeams = (id: string): string =>
    bed.workflows.posts
      .map(({ shown }) => shown)
      .filter((words) => words.includes(id))
      .join('\n')
  const seen = (look: () => string, ...words: readonly string[]): Promise<void> =>
    eventually(bed, () => {
      for (const word of words) expect(look()).toContain(word)
    })
  const say = async (text: string): Promise<string> => replyText(await bed.teams.sendText(text))

  it('on a card: moved, assigned and commented from both sides, closed in Teams, reopened in Trello', async () => {
    const id = await deliver('Report counts twice', 'medium')
    bed.trello.moveCard(id, 'Doing', { by: 'Grace Example' })
    await untilState(bed, id, { status: 'acknowledged', stage: 'Doing' })
    await say(`take ${id}`)
    await untilState(bed, id, { status: 'in-progress' })
    await say(`comment ${id} Which month?`)
    bed.trello.comment(id, 'October only.', { by: 'Grace Example' })
    await eventually(bed, () => expect(card(id)?.comments).toBe(3))
    await seen(() => inTeams(id), 'Moved to the list "Doing" by Grace Example in Trello', 'October only.')
    expect(inTeams(id)).not.toContain('Which month?')
    await say(`close ${id} Fixed.`)
    await eventually(bed, () => expect(card(id)).toMatchObject({ list: 'Done', dueComplete: true, comments: 4 }))
    bed.trello.moveCard(id, 'Doing', { by: 'Grace Example' })
    bed.trello.uncompleteCard(id, { by: 'Grace Example' })
    await untilState(bed, id, { status: 'in-progress', stage: 'Doing' })
    await seen(() => inTeams(id), 'Reopened by Grace Example in Trello')
    // Our own writes came back as callbacks, and are no events.
    const { events } = await caseOf(bed, id)
    expect(events).toHaveLength(7)
  })

  it('in Slack: acknowledged there, commented in Teams, lowered to a card, closed in Trello and posted in Slack no more', async () => {
    const id = await deliver('Login page is blank', 'high')
    const message = bed.slack.messages.find(({ shown }) => shown.includes(id))
    if (!message) throw new Error('no message')
    await bed.slack.press(message, 'acknowledge', { by: 'grace.example' })
    await untilState(bed, id, { status: 'acknowledged' })
    await say(`comment ${id} It is back.`)
    await seen(() => inSlack(id), 'It is back.')
    expect(bed.slack.messages.find(({ shown }) => shown.includes('It is back.'))?.threadTs).toBe(message.ts)
    await say(`priority ${id} medium`)
    await eventually(bed, () => expect(card(id)).toMatchObject({ list: 'To Do', comments: 2 }))
    await seen(() => inSlack(id), 'Priority changed to medium')
    bed.trello.moveCard(id, 'Done', { by: 'Grace Example' })
    await untilState(bed, id, { status: 'closed' })
    await seen(() => inTeams(id), 'Acknowledged by grace.example in Slack', 'Closed by Grace Example in Trello')
    expect(inSlack(id)).not.toContain('Closed by')
  })

  it('in the bucket: raised, alerted with what was said, closed by a button, posted to the team', async () => {
    const id = await deliver('Typo', 'low')
    await say(`comment ${id} On the first page.`)
    await untilState(bed, id, { comments: [expect.objectContaining({ text: 'On the first page.' })] })
    await say(`priority ${id} high`)
    await seen(() => inSlack(id), 'Priority: high', 'On the first page.')
    const message = bed.slack.messages.find(({ shown }) => shown.includes(id) && shown.includes('Since 9:40.'))
    if (!message) throw new Error('no message')
    await bed.slack.press(message, 'close', { by: 'ada.example' })
    await untilState(bed, id, { status: 'closed' })
    await seen(() => inTeams(id), 'Closed by ada.example in Slack')
  })

  it.each(['low', 'medium', 'high'] as const)(
    '(%s) of which another team sees nothing and changes nothing',
    async (priority) => {
      const id = await deliver('Salaries of the board', priority)
      const theirs = async (text: string): Promise<string> =>
        replyText(
          await bed.teams.sendText(text, { token: OTHER_TOKEN, place: { teamId: '19:anotherteam@thread.tacv2' } }),
        )
      for (const command of [
        'take',
        'acknowledge',
        'close',
        'reopen',
        'priority low',
        'comment',
        'assign',
        'withdraw',
        'edit',
      ]) {
        const [verb, ...rest] = command.split(' ')
        const ends: Readonly<Record<string, string>> = { comment: 'Me too.', assign: 'me', edit: 'Title: Theirs' }
        const shown = await theirs([verb, id, ...rest, ends[command] ?? ''].join(' ').trim())
        expect(shown).toContain(`${id} is not known here`)
        expect(shown).not.toContain('Salaries')
      }
      for (const question of [`status ${id}`, 'list', 'mine', 'closed'])
        expect(await theirs(question)).not.toContain('Salaries')
      await say(`comment ${id} Ours.`)
      await untilState(bed, id, { comments: [expect.objectContaining({ text: 'Ours.' })] })
      const { events } = await caseOf(bed, id)
      expect(events).toHaveLength(1)
      expect(stateOf(await caseOf(bed, id))).toMatchObject({ title: 'Salaries of the board', priority })
    },
  )
})
