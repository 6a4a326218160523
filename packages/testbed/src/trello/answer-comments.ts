import { toActionJson, toPostedCommentJson } from './action-json.ts'
import { answerFields, answerItem, findBy } from './answer-fields.ts'
import { findCard } from './answer-cards.ts'
import { CARD_FILTER, selectActions } from './select-actions.ts'
import { answerJson, answerRefusal, invalidValue, refusals } from './trello-answer.ts'
import type { Answer, TrelloDependencies, TrelloRequest } from './trello-request.ts'
import type { Action } from './trello-state.ts'

/** Trello's operations on what was done to cards: comments, and the history. */
interface CommentAnswers {
  readonly addComment: Answer
  readonly listActionsOfCard: Answer
  readonly getAction: Answer
  readonly updateAction: Answer
  readonly deleteAction: Answer
}

const MAX_COMMENT = 16_384

export function createCommentAnswers({ store, changes }: TrelloDependencies): CommentAnswers {
  const actionOf = (id: string): Action | Response =>
    findBy(id, { among: store.state.actions, names: (action) => [action.id] })
  /** Comments can be changed by their writers alone. */
  const ownComment = ({ id, actor }: TrelloRequest): Action | Response => {
    const action = actionOf(id)
    if (action instanceof Response) return action
    if (action.type !== 'commentCard') return answerRefusal(refusals.invalidAction)
    return action.idMemberCreator === actor.member.id ? action : answerRefusal(refusals.unauthorized)
  }
  return {
    addComment: ({ id, parameters, actor }) => {
      const card = findCard(id, store.state.cards)
      if (card instanceof Response) return card
      const { text } = parameters
      if (!isComment(text)) return answerRefusal(invalidValue('text'))
      const comment = changes.comment(card, text, actor)
      return answerJson(toPostedCommentJson(comment))
    },
    listActionsOfCard: ({ id, query }) => {
      const card = findCard(id, store.state.cards, 'GET')
      if (card instanceof Response) return card
      const own = store.state.actions.filter((action) => action.idCard === card.id)
      const selected = selectActions(own, query, CARD_FILTER)
      return selected.ok ? answerFields(selected.value.map(toActionJson), query) : answerRefusal(selected.failure)
    },
    getAction: ({ id, query }) => {
      const action = actionOf(id)
      return action instanceof Response ? action : answerItem(toActionJson(action), query)
    },
    updateAction: (request) => {
      const comment = ownComment(request)
      if (comment instanceof Response) return comment
      const { text } = request.parameters
      if (!isComment(text)) return answerRefusal(invalidValue('text'))
      changes.editComment(comment, text, request.actor)
      return answerJson(toActionJson({ ...comment, data: { ...comment.data, text } }))
    },
    deleteAction: (request) => {
      const comment = ownComment(request)
      if (comment instanceof Response) return comment
      changes.removeComment(comment, request.actor)
      return answerJson({ _value: null })
    },
  }
}

function isComment(text: unknown): text is string {
  return typeof text === 'string' && text.length > 0 && text.length <= MAX_COMMENT
}
