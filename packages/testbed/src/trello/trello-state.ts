import { quoteLines, spellOut } from '../simulators/plain-text.ts'
import { asObject, isBoolean, isItems, isNumber, isString, parseObject, readField } from '../simulators/read-json.ts'
import { shortLinkOf } from './object-id.ts'

export interface Board {
  readonly id: string
  readonly name: string
}

export interface List {
  readonly id: string
  readonly idBoard: string
  readonly name: string
  readonly pos: number
  readonly closed: boolean
}

/** A card as the simulator keeps it; {@link toCardJson} makes Trello's shape of it. */
export interface Card {
  readonly id: string
  readonly idBoard: string
  readonly idList: string
  readonly idShort: number
  readonly name: string
  readonly desc: string
  readonly pos: number
  readonly closed: boolean
  readonly due: string | null
  readonly idLabels: readonly string[]
  readonly idMembers: readonly string[]
  /** ISO 8601, UTC. */
  readonly dateLastActivity: string
}

/** Everything that a restart must keep. `made` counts the ids that were given out. */
export interface TrelloState {
  readonly made: number
  readonly boards: readonly Board[]
  readonly lists: readonly List[]
  readonly cards: readonly Card[]
}

/** Reads what `JSON.stringify` wrote of a state. */
export function readTrelloState(json: string): TrelloState {
  const state = parseObject(json) ?? {}
  const items = (name: string) => readField(state, name, isItems).map((item) => asObject(item) ?? {})
  return {
    made: readField(state, 'made', isNumber),
    boards: items('boards').map((saved) => ({
      id: readField(saved, 'id', isString),
      name: readField(saved, 'name', isString),
    })),
    lists: items('lists').map((saved) => ({
      id: readField(saved, 'id', isString),
      idBoard: readField(saved, 'idBoard', isString),
      name: readField(saved, 'name', isString),
      pos: readField(saved, 'pos', isNumber),
      closed: readField(saved, 'closed', isBoolean),
    })),
    cards: items('cards').map(readCard),
  }
}

function readCard(saved: Readonly<Record<string, unknown>>): Card {
  const text = (name: string): string => readField(saved, name, isString)
  const due = saved['due']
  return {
    id: text('id'),
    idBoard: text('idBoard'),
    idList: text('idList'),
    idShort: readField(saved, 'idShort', isNumber),
    name: text('name'),
    desc: text('desc'),
    pos: readField(saved, 'pos', isNumber),
    closed: readField(saved, 'closed', isBoolean),
    due: isString(due) ? due : null,
    idLabels: readField(saved, 'idLabels', isItems).filter(isString),
    idMembers: readField(saved, 'idMembers', isItems).filter(isString),
    dateLastActivity: text('dateLastActivity'),
  }
}

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
