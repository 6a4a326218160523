import { findCard } from './answer-cards.ts'
import { toShortMember } from './answer-boards.ts'
import { findMember } from './members.ts'
import { answerJson, answerRefusal, invalidValue, refusals, type Refusal } from './trello-answer.ts'
import type { Answer, TrelloDependencies, TrelloRequest } from './trello-request.ts'
import type { Attachment, Card, Json } from './trello-state.ts'

/** Trello's operations on members, labels and attachments of a card. */
interface CardPartAnswers {
  readonly addMember: Answer
  readonly removeMember: Answer
  readonly addLabel: Answer
  readonly removeLabel: Answer
  readonly addAttachment: Answer
  readonly listAttachments: Answer
}

/** Trello's limit, from the `limits` of a board. */
const MAX_ATTACHMENTS = 1000
const MAX_ATTACHMENT_NAME = 256

export function createCardPartAnswers({ store, changes }: TrelloDependencies): CardPartAnswers {
  const onCard = (request: TrelloRequest, change: (card: Card) => Response): Response => {
    const card = findCard(request.id, store.state.cards)
    return card instanceof Response ? card : change(card)
  }
  const add = (request: TrelloRequest, list: PartList): Response =>
    onCard(request, (card) => {
      const { value } = request.parameters
      if (typeof value !== 'string' || !list.isKnown(value, card)) return answerRefusal(invalidValue('value'))
      if (card[list.field].includes(value)) return answerRefusal(list.isThere)
      const changed = changes.update(card, { [list.field]: [...card[list.field], value] }, request.actor)
      return answerJson(list.toAnswer(changed[list.field]))
    })
  const remove = (request: TrelloRequest, { field, isNotThere }: PartList): Response =>
    onCard(request, (card) => {
      if (!card[field].includes(request.part)) return answerRefusal(isNotThere)
      changes.update(card, { [field]: card[field].filter((id) => id !== request.part) }, request.actor)
      return answerJson([])
    })
  const members: PartList = {
    field: 'idMembers',
    isKnown: (id) => findMember(id) !== undefined,
    isThere: refusals.memberIsThere,
    isNotThere: refusals.memberIsNotThere,
    toAnswer: (ids) => ids.flatMap((id) => findMember(id) ?? []).map(toShortMember),
  }
  const labels: PartList = {
    field: 'idLabels',
    isKnown: (id, { idBoard }) => store.state.labels.some((label) => label.id === id && label.idBoard === idBoard),
    isThere: refusals.labelIsThere,
    isNotThere: refusals.labelIsNotThere,
    toAnswer: (ids) => ids,
  }
  return {
    addMember: (request) => add(request, members),
    removeMember: (request) => remove(request, members),
    addLabel: (request) => add(request, labels),
    removeLabel: (request) => remove(request, labels),
    addAttachment: (request) =>
      onCard(request, (card) => {
        const { url, name = url } = request.parameters
        if (typeof url !== 'string' || !/^https?:\/\//i.test(url) || !URL.canParse(url))
          return answerRefusal(invalidValue('url'))
        if (typeof name !== 'string' || name.length > MAX_ATTACHMENT_NAME) return answerRefusal(invalidValue('name'))
        if (card.attachments.length >= MAX_ATTACHMENTS) return answerRefusal(refusals.tooManyAttachments)
        return answerJson(toAttachmentJson(changes.attach(card, { name, url }, request.actor)))
      }),
    listAttachments: ({ id }) => {
      const card = findCard(id, store.state.cards, 'GET')
      return card instanceof Response ? card : answerJson(card.attachments.map(toAttachmentJson))
    },
  }
}

/** A list of ids on a card. */
interface PartList {
  readonly field: 'idMembers' | 'idLabels'
  isKnown(id: string, card: Card): boolean
  readonly isThere: Refusal
  readonly isNotThere: Refusal
  toAnswer(ids: readonly string[]): readonly unknown[]
}

function toAttachmentJson({ id, idMember, name, url, date }: Attachment): Json {
  return {
    id,
    bytes: null,
    date,
    edgeColor: null,
    idMember,
    isUpload: false,
    isMalicious: false,
    mimeType: '',
    name,
    previews: [],
    url,
    pos: 16_384,
    fileName: null,
  }
}
