import { replyText, type TeamsReply, type TrelloSimulator } from '@ticketing/testbed'
import type { Said } from '../promise/evidence.ts'
import { readChangeAnswer, type Answer } from '../promise/read-answer.ts'
import type { Deed } from './deed.ts'
import type { World } from './world.ts'

/** What is done, by which of the people, and to which ticket. */
export interface Doing {
  readonly does: Deed
  readonly person: number
  /** The ticket's, whether it was accepted or not. */
  readonly id: string
  /** Its number among all that is done: its words stand in no other. */
  readonly index: number
}

/** In Teams. */
export const PEOPLE = ['Grace Hopper', 'Lovelace, Ada', 'Nordmann, Ola'] as const
const MEMBERS = ['Grace Example', 'Ada Example', 'Nordmann, Ola'] as const
const HANDLES = ['grace.example', 'ada.example', 'ola.example'] as const
/** Has no ticket of its own, and a webhook with its own token. */
export const FOREIGN_TEAM = '19:anotherteam@thread.tacv2'
export const FOREIGN_TOKEN = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64')

/** Does it, as far as it can be done by now, and says what the person saw. */
export async function doAct(world: World, doing: Doing): Promise<readonly Said[]> {
  const { does } = doing
  switch (does.in) {
    case 'teams':
      return [await command(world, does, doing)]
    case 'trello':
      return moveInTrello(world, does.move, doing)
    case 'slack':
      return press(world, does.button, doing)
  }
}

async function command(
  { teams, serverUrls }: World,
  { verb, again = false, isForeign = false }: Extract<Deed, { in: 'teams' }>,
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
  const activity = teams.compose([texts[verb]], { place })
  const post = (replica: number): Promise<TeamsReply> =>
    teams.post(activity, { to: serverUrls[replica % 2], ...(isForeign && { token: FOREIGN_TOKEN }) })
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

/** What people did in Trello is confirmed once we have answered 200: whether we did is known at the end of the run. */
async function moveInTrello(
  { trello, hasPlaceOf }: World,
  move: Extract<Deed, { in: 'trello' }>['move'],
  { id, index, person }: Doing,
): Promise<Said[]> {
  const find = (): TrelloSimulator['cards'] => trello.cards.filter(({ desc }) => desc.includes(id))
  const isKnown = await hasPlaceOf(find()[0]?.id ?? '')
  const [card, ...more] = find()
  if (!card || more.length > 0) return []
  const by = { by: MEMBERS[person] ?? '' }
  const isDone = card.closed || card.dueComplete || card.list === 'Done'
  const words = `said ${String(index).padStart(4, '0')}.`
  const before = trello.actions.length
  if (move === 'comment') trello.comment(card.id, words, by)
  else if (move === 'join') trello.joinCard(card.id, by)
  else if (move === 'archive') {
    if (!isDone) trello.archiveCard(card.id, by)
  } else if (move === 'unarchive') {
    if (card.closed && card.list !== 'Done' && !card.dueComplete) trello.unarchiveCard(card.id, by)
  } else if (!card.closed && !card.dueComplete) trello.moveCard(card.id, move, by)
  return trello.actions.slice(before).flatMap((action): readonly Said[] => {
    if (action.idCard !== card.id || !isEvent(action)) return []
    const answers: readonly Answer[] = isKnown ? ['accepted'] : ['none']
    const common = { origin: `trello:${action.id}`, answers, shown: '', isForeign: false }
    return [{ ...common, ...(move === 'comment' && { words }) }]
  })
}

function isEvent({ type, data: { old } }: World['trello']['actions'][number]): boolean {
  return type !== 'updateCard' || ['idList', 'closed'].some((field) => Object.hasOwn(Object(old), field))
}

async function press({ slack }: World, button: string, { id, person }: Doing): Promise<Said[]> {
  const message = slack
    .messagesIn('tickets')
    .find(({ shown, blocks }) => shown.includes(id) && blocks.some(({ type }) => type === 'actions'))
  if (!message) return []
  // A press replaces the message: then there are other buttons, and a person presses one that is there.
  const there = message.blocks
    .flatMap(({ elements }) => (Array.isArray(elements) ? elements : []))
    .map((element) => String(Object(element).action_id))
  const chosen = there.includes(button) ? button : there[0]
  if (chosen === undefined) return []
  const pressed = await slack.press(message, chosen, { by: HANDLES[person] ?? '' })
  if (!pressed) return []
  const { ts, outcome, actionId } = pressed
  const answers: readonly Answer[] = [outcome === 'answered' ? 'accepted' : 'none']
  return [{ origin: `:${message.ts}:${actionId}:${ts}`, answers, shown: '', isForeign: false }]
}
