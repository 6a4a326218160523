import { replyText, type TeamsReply, type VirtualTestbed } from '@ticketing/testbed'
import type { Said } from '../promise/evidence.ts'
import { readChangeAnswer, type Answer } from '../promise/read-answer.ts'
import { listKeys } from '../support/bed.ts'
import type { Act, TrelloMove } from './acts.ts'

/** The ticket, by the id that its message has whether it was accepted or not. */
interface Target {
  readonly id: string
  /** Its number among all acts: its words stand in no other. */
  readonly index: number
}

const PEOPLE = ['Grace Hopper', 'Lovelace, Ada', 'Nordmann, Ola'] as const
const MEMBERS = ['Grace Example', 'Ada Example', 'Nordmann, Ola'] as const
const HANDLES = ['grace.example', 'ada.example', 'ola.example'] as const
/** Has no ticket of its own, and a webhook with its own token. */
export const FOREIGN_TEAM = '19:anotherteam@thread.tacv2'
export const FOREIGN_TOKEN = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64')

/** Does it, as far as it can be done by now, and says what the person saw. */
export async function doAct(bed: VirtualTestbed, act: Act, target: Target): Promise<readonly Said[]> {
  switch (act.does.in) {
    case 'teams':
      return [await command(bed, act.does, { ...target, person: act.person })]
    case 'trello':
      return moveInTrello(bed, act.does.move, { ...target, person: act.person })
    case 'slack':
      return press(bed, act.does.button, { ...target, person: act.person })
  }
}

type Doing = Target & { readonly person: number }

async function command(
  bed: VirtualTestbed,
  { verb, again = false, isForeign = false }: Extract<Act['does'], { in: 'teams' }>,
  { id, index, person }: Doing,
): Promise<Said> {
  const words = `said ${String(index).padStart(4, '0')}.`
  const name = PEOPLE[person] ?? ''
  const place = {
    person: { id: `29:${person}`, name, aadObjectId: `00000000-0000-4000-8000-00000000000${person + 1}` },
    ...(isForeign && { teamId: FOREIGN_TEAM }),
  }
  const texts: Readonly<Record<typeof verb, string>> = {
    acknowledge: `acknowledge ${id}`,
    take: `take ${id}`,
    comment: `comment ${id} ${words}`,
    assign: `assign ${id} to me`,
    low: `priority ${id} low`,
    medium: `priority ${id} medium`,
    high: `priority ${id} high`,
    close: `close ${id} ${words}`,
    reopen: `reopen ${id} ${words}`,
  }
  const activity = bed.teams.compose([texts[verb]], { place })
  const post = (replica: number): Promise<TeamsReply> =>
    bed.teams.post(activity, { to: bed.replicas[replica % 2]?.url, ...(isForeign && { token: FOREIGN_TOKEN }) })
  const replies = [await post(index)]
  if (again) replies.push(await post(index + 1))
  return {
    origin: `teams:${activity.id}:`,
    ...((verb === 'comment' || verb === 'close' || verb === 'reopen') && { words }),
    answers: replies.map(readChangeAnswer),
    shown: replies.map((reply) => (reply.kind === 'failed' ? '' : replyText(reply))).join('\n'),
    isForeign,
  }
}

interface TrelloAction {
  readonly id: string
  readonly type: string
  readonly idCard: string
  readonly data: { readonly old?: Readonly<Record<string, unknown>> }
}

/** What people did in Trello is confirmed once we have answered 200: whether we did is known at the end of the run. */
async function moveInTrello(bed: VirtualTestbed, move: TrelloMove, { id, index, person }: Doing): Promise<Said[]> {
  const { trello } = bed
  const [card, ...more] = trello.cards.filter(({ desc }) => desc.includes(id))
  if (!card || more.length > 0) return []
  const by = { by: MEMBERS[person] ?? '' }
  const isDone = card.closed || card.dueComplete || card.list === 'Done'
  const words = `said ${String(index).padStart(4, '0')}.`
  const isKnown = (await listKeys(bed, `places/trello/${card.id}/`)).length > 0
  const before = new Set(actionsOf(bed).map((action) => action.id))
  if (move === 'comment') trello.comment(card.id, words, by)
  else if (move === 'join') trello.joinCard(card.id, by)
  else if (move === 'archive') {
    if (!isDone) trello.archiveCard(card.id, by)
  } else if (move === 'unarchive') {
    if (card.closed && card.list !== 'Done' && !card.dueComplete) trello.unarchiveCard(card.id, by)
  } else if (!card.closed && !card.dueComplete) trello.moveCard(card.id, move, by)
  return actionsOf(bed).flatMap((action): readonly Said[] => {
    if (before.has(action.id) || action.idCard !== card.id || !isEvent(action)) return []
    const answers: readonly Answer[] = isKnown ? ['accepted'] : ['none']
    const common = { origin: `trello:${action.id}`, answers, shown: '', isForeign: false }
    return [{ ...common, ...(move === 'comment' && { words }) }]
  })
}

function actionsOf({ trello }: VirtualTestbed): readonly TrelloAction[] {
  const { actions }: { actions: readonly TrelloAction[] } = JSON.parse(trello.save())
  return actions
}

function isEvent({ type, data: { old = {} } }: TrelloAction): boolean {
  return type !== 'updateCard' || ['idList', 'closed'].some((field) => Object.hasOwn(old, field))
}

async function press(bed: VirtualTestbed, button: string, { id, person }: Doing): Promise<Said[]> {
  const message = bed.slack
    .messagesIn('tickets')
    .find(({ shown, blocks }) => shown.includes(id) && blocks.some(({ type }) => type === 'actions'))
  if (!message) return []
  const pressed = await bed.slack.press(message, button, { by: HANDLES[person] ?? '' })
  if (!pressed) return []
  const { ts, outcome, actionId } = pressed
  const answers: readonly Answer[] = [outcome === 'answered' ? 'accepted' : 'none']
  return [{ origin: `:${message.ts}:${actionId}:${ts}`, answers, shown: '', isForeign: false }]
}
