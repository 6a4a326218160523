import { quoteLines, spellOut } from '../simulators/plain-text.ts'
import { shortLinkOf } from './object-id.ts'
import type { Card, TrelloState } from './trello-state.ts'

/** The board, or one card of it (`/c/<short link>`), as a person reads them. */
export function showCards({ boards, lists, cards }: TrelloState, path: string): string | undefined {
  const nameOf = (idList: string): string => lists.find(({ id }) => id === idList)?.name ?? ''
  if (path === '/')
    return [
      `Trello simulator: ${boards.map(({ name }) => spellOut(name)).join(', ')}, newest card last`,
      ...cards.map((card) => describeCard(card, nameOf(card.idList))),
      '',
    ].join('\n\n')
  const [, shortLink] = /^\/c\/([A-Za-z0-9]{8})(?:\/|$)/.exec(path) ?? []
  if (shortLink === undefined) return undefined
  const card = cards.find(({ id }) => shortLinkOf(id) === shortLink)
  return card
    ? `${describeCard(card, nameOf(card.idList))}\n`
    : 'There is no such card: it was never created, or was deleted.\n'
}

function describeCard({ id, name, desc, closed }: Card, list: string): string {
  const where = `list ${spellOut(list)}${closed ? ', archived' : ''}`
  return [`${spellOut(name)}  [${where}]  /c/${shortLinkOf(id)}`, ...quoteLines(desc)].join('\n')
}
