import { asObject } from '../simulators/read-json.ts'
import { quoteLines, spellOut } from '../simulators/plain-text.ts'
import { findMember } from './members.ts'
import { shortLinkOf } from './object-id.ts'
import type { Action, Card, TrelloState } from './trello-state.ts'

/** The board, or one card of it with its history (`/c/<short link>`), as a person reads them. */
export function showCards(state: TrelloState, path: string): string | undefined {
  const { boards, cards, webhooks } = state
  if (path === '/')
    return [
      `Trello simulator: ${boards.map(({ name }) => spellOut(name)).join(', ')}, newest card last`,
      ...webhooks.map(
        ({ callbackURL, active, consecutiveFailures }) =>
          `Webhook to ${spellOut(callbackURL)}${active ? '' : ', switched off'}, failures in a row: ${consecutiveFailures}`,
      ),
      ...cards.map((card) => describeCard(card, state)),
      '',
    ].join('\n\n')
  const [, shortLink] = /^\/c\/([A-Za-z0-9]{8})(?:\/|$)/.exec(path) ?? []
  if (shortLink === undefined) return undefined
  const card = cards.find(({ id }) => shortLinkOf(id) === shortLink)
  if (!card) return 'There is no such card: it was never created, or was deleted.\n'
  const history = state.actions.filter(({ idCard }) => idCard === card.id)
  return [describeCard(card, state), '', ...history.flatMap(describeAction), ''].join('\n')
}

function describeCard(card: Card, { lists, labels }: TrelloState): string {
  const { id, idList, name, desc, closed, dueComplete, due, idLabels, idMembers, attachments, comments } = card
  const list = lists.find((each) => each.id === idList)?.name ?? ''
  const labelled = labels.filter((label) => idLabels.includes(label.id)).map((label) => label.name || label.color)
  const notes = [
    `list ${spellOut(list)}`,
    closed ? 'archived' : '',
    dueComplete ? 'complete' : '',
    due === null ? '' : `due ${due}`,
    labelled.length > 0 ? `labels ${spellOut(labelled.join(' '))}` : '',
    idMembers.length > 0 ? `members ${idMembers.map(nameOf).join('; ')}` : '',
    attachments.length > 0 ? `links ${attachments.map(({ url }) => spellOut(url)).join(' ')}` : '',
    comments > 0 ? `comments: ${comments}` : '',
  ]
  const noted = notes.filter((note) => note !== '').join(', ')
  return [`${spellOut(name)}  [${noted}]  /c/${shortLinkOf(id)}`, ...quoteLines(desc)].join('\n')
}

function describeAction({ date, type, idMemberCreator, byApp, data }: Action): readonly string[] {
  const changed = Object.keys(asObject(data['old']) ?? {})
  const what = changed.length > 0 ? `${type} ${changed.join(' ')}` : type
  const app = byApp ? ', by an application' : ''
  const text = typeof data['text'] === 'string' && type === 'commentCard' ? quoteLines(data['text']) : []
  return [`${date}  ${what}  ${nameOf(idMemberCreator)}${app}`, ...text]
}

function nameOf(idMember: string): string {
  return findMember(idMember)?.fullName ?? idMember
}
