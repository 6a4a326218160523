import { findBoard, findList } from './answer-boards.ts'
import { answerFields, answerItem, findBy } from './answer-fields.ts'
import { toCardJson } from './card-json.ts'
import { checkCardFields } from './check-card-fields.ts'
import { isObjectId, shortLinkOf } from './object-id.ts'
import { selectCards } from './select-cards.ts'
import { answerJson, answerRefusal, invalidValue, refusals } from './trello-answer.ts'
import type { Answer, TrelloDependencies } from './trello-request.ts'
import type { Card, Json } from './trello-state.ts'

/** Trello's operations on cards. */
interface CardAnswers {
  readonly createCard: Answer
  readonly getCard: Answer
  readonly updateCard: Answer
  readonly deleteCard: Answer
  readonly listCardsOfBoard: Answer
  readonly listCardsOfList: Answer
}

export function createCardAnswers({ store, changes, site }: TrelloDependencies): CardAnswers {
  const toJson = (card: Card): Json => toCardJson(card, { site: site(), labels: store.state.labels })
  const answerCards = (cards: readonly Card[], query: URLSearchParams): Response => {
    const selected = selectCards(cards, store.state.lists, query)
    return selected.ok ? answerFields(selected.value.map(toJson), query) : answerRefusal(selected.failure)
  }

  return {
    createCard: ({ parameters, actor }) => {
      if (!isObjectId(parameters['idList'])) return answerRefusal(invalidValue('idList'))
      const fields = checkCardFields(parameters)
      if (!fields.ok) return answerRefusal(fields.failure)
      const list = store.state.lists.find(({ id }) => id === fields.value.idList)
      if (!list) return answerRefusal(refusals.noBoardOfCard)
      const card = changes.create(list, fields.value, actor)
      return answerJson(toJson(card))
    },
    getCard: ({ id, query }) => {
      const card = findCard(id, store.state.cards, 'GET')
      return card instanceof Response ? card : answerItem(toJson(card), query)
    },
    updateCard: ({ id, parameters, actor }) => {
      const card = findCard(id, store.state.cards)
      if (card instanceof Response) return card
      const fields = checkCardFields(parameters)
      if (!fields.ok) return answerRefusal(fields.failure)
      const { idList } = fields.value
      if (idList !== undefined && !store.state.lists.some((list) => list.id === idList)) {
        return answerRefusal(refusals.noBoardOfCard)
      }
      const updated = changes.update(card, fields.value, actor)
      return answerJson(toJson(updated))
    },
    deleteCard: ({ id, actor }) => {
      const card = findCard(id, store.state.cards)
      if (card instanceof Response) return card
      changes.remove(card, actor)
      return answerJson({ limits: {} })
    },
    listCardsOfBoard: ({ id, query }) => {
      const board = findBoard(id, store.state.boards)
      if (board instanceof Response) return board
      return answerCards(
        store.state.cards.filter((card) => card.idBoard === board.id),
        query,
      )
    },
    listCardsOfList: ({ id, query }) => {
      const list = findList(id, store.state.lists)
      if (list instanceof Response) return list
      return answerCards(
        store.state.cards.filter((card) => card.idList === list.id),
        query,
      )
    },
  }
}

/** A card by id or short link. Reads and writes refuse an unknown short link in different words. */
export function findCard(id: string, among: readonly Card[], method: 'GET' | 'write' = 'write'): Card | Response {
  return findBy(id, {
    among,
    names: (card) => [card.id, shortLinkOf(card.id)],
    unknownShortLink: method === 'GET' ? refusals.noCard : refusals.invalidId,
  })
}
