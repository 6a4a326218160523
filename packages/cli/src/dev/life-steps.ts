import type { JournalEntry, Testbed } from '@ticketing/testbed'
import type { Priority, TicketState } from 'ticket-core'

/** What a person does to a ticket that was delivered, and what has to follow. */
export interface LifeStep {
  readonly where: 'Teams' | 'Trello' | 'Slack'
  /** "Grace Example moves the card to Doing" */
  readonly what: string
  act(): unknown
  /** What the ticket is then. */
  readonly state: Partial<TicketState>
  /** The places that have to show it, each with words that it shows then. */
  readonly shown?: Readonly<Partial<Record<'Trello' | 'Slack', string>>>
}

type Doing = Pick<LifeStep, 'where' | 'what' | 'act'>

/** The life of one sample. */
export interface Life {
  readonly steps: readonly LifeStep[]
  /** What its reporter's team is notified of, at the level `important`. */
  readonly news: readonly string[]
}

const OLA = 'Nordmann, Ola'
const GRACE = 'Grace Example'

/** What happens to the samples after they were delivered, so that each place hears of each other. */
export function livesOf(bed: Testbed): Readonly<Record<Priority, (ticket: string) => Life>> {
  const say = (what: string, text: string): Doing => ({
    where: 'Teams',
    what: `${OLA} writes: ${what}`,
    act: () => bed.teams.sendText(text),
  })
  const press = (ticket: string, button: string, by: string): Doing => ({
    where: 'Slack',
    what: `${by} presses “${button}”`,
    act: () => bed.slack.press(messageOf(bed, ticket), button.toLowerCase(), { by }),
  })
  return {
    medium: (ticket) => ({
      steps: [
        { ...say('take', `take ${ticket}`), state: { status: 'in-progress' }, shown: { Trello: `Taken by ${OLA}` } },
        {
          ...onCard('moves the card to “Doing”', () => bed.trello.moveCard(ticket, 'Doing', { by: GRACE })),
          state: { status: 'in-progress', stage: 'Doing' },
        },
        {
          ...onCard('comments: Only October?', () => bed.trello.comment(ticket, 'Only October?', { by: GRACE })),
          state: {},
        },
        {
          ...say('priority high', `priority ${ticket} high`),
          state: { priority: 'high' },
          shown: { Trello: 'Priority changed to high', Slack: 'Report counts twice' },
        },
        {
          ...press(ticket, 'Close', 'ada.example'),
          state: { status: 'closed' },
          shown: { Slack: 'Status: closed by ada.example' },
        },
        {
          ...say('reopen', `reopen ${ticket} It is back.`),
          state: { status: 'in-progress' },
          shown: { Slack: `Reopened by ${OLA}` },
        },
      ],
      news: [`Comment by ${GRACE} in Trello`, 'Closed by ada.example in Slack'],
    }),
    high: (ticket) => ({
      steps: [
        {
          ...press(ticket, 'Acknowledge', 'grace.example'),
          state: { status: 'acknowledged' },
          shown: { Slack: 'Status: acknowledged by grace.example' },
        },
        {
          ...say('comment', `comment ${ticket} It works in Chrome.`),
          state: {},
          shown: { Slack: 'It works in Chrome.' },
        },
        {
          ...press(ticket, 'Close', 'grace.example'),
          state: { status: 'closed' },
          shown: { Slack: 'Status: closed by grace.example' },
        },
      ],
      news: ['Closed by grace.example in Slack'],
    }),
    low: (ticket) => ({
      steps: [
        { ...say('take', `take ${ticket}`), state: { status: 'in-progress' } },
        { ...say('done', `done ${ticket} Spelt as it should be.`), state: { status: 'closed' } },
      ],
      news: [],
    }),
  }
}

function onCard(what: string, act: () => unknown): Doing {
  return { where: 'Trello', what: `${GRACE} ${what}`, act }
}

/** The message that has the ticket's buttons. */
function messageOf({ slack }: Testbed, ticket: string): string {
  const message = slack.messages.find(({ shown, blocks }) => shown.includes(ticket) && hasButtons(blocks))
  return message?.ts ?? 'of the ticket'
}

function hasButtons(blocks: readonly Readonly<Record<string, unknown>>[]): boolean {
  return blocks.some(({ type }) => type === 'actions')
}

/** Whether a place shows these words about the ticket: on its card, in the channel, in a card of news. */
export function isShown(
  entries: readonly JournalEntry[],
  {
    source,
    ticket,
    words,
  }: { readonly source: 'trello' | 'slack' | 'workflows'; readonly ticket: string; readonly words: string },
): boolean {
  return entries.some((entry) => entry.source === source && entry.ticket === ticket && textOf(entry).includes(words))
}

function textOf(entry: JournalEntry): string {
  if ('at' in entry) return ''
  if (entry.source === 'trello') return entry.name
  return entry.source === 'slack' || entry.source === 'workflows' ? entry.text : ''
}
