import { asObject } from '../simulators/read-json.ts'
import { APP_ID, findMember, toMemberJson, type Member } from './members.ts'
import type { Action, Json } from './trello-state.ts'

/** An action as Trello's API and callbacks show it: the shapes of `fixtures/trello/callback-*.json`. */
export function toActionJson(action: Action): Json & { readonly id: string } {
  const { id, idMemberCreator, data, byApp, type, date } = action
  const member = findMember(String(data['idMember']))
  return {
    id,
    idMemberCreator,
    data,
    appCreator: byApp ? { id: APP_ID } : null,
    type,
    date,
    limits: type === 'commentCard' ? COMMENT_LIMITS : null,
    display: toDisplay(action),
    ...(member && { member: toMemberJson(member) }),
    memberCreator: memberCreatorOf(action),
  }
}

/** The answer to a new comment repeats the display's parts: `fixtures/trello/comment-posted-by-api-2023.json`. */
export function toPostedCommentJson(action: Action): Json {
  const { comment, card } = entitiesOf(action)
  const { memberCreator, ...rest } = toActionJson(action)
  const on = { type: 'text', text: 'on', hideIfContext: true, idContext: action.idCard }
  return { ...rest, entities: [creatorEntity(action), on, card, comment], memberCreator }
}

const COMMENT_LIMITS = {
  reactions: {
    perAction: { status: 'ok', disableAt: 900, warnAt: 720 },
    uniquePerAction: { status: 'ok', disableAt: 17, warnAt: 14 },
  },
}

function memberCreatorOf({ idMemberCreator }: Action): Json {
  const member = findMember(idMemberCreator)
  return member ? toMemberJson(member) : { id: idMemberCreator }
}

function toDisplay(action: Action): Json {
  const translationKey = translationKeyOf(action)
  const memberCreator = creatorEntity(action)
  return {
    translationKey,
    entities: translationKey === 'unknown' ? { memberCreator } : { ...entitiesOf(action), memberCreator },
  }
}

function creatorEntity({ idMemberCreator: id }: Action): Json {
  const { username, fullName }: Partial<Member> = findMember(id) ?? {}
  return { type: 'member', id, username, text: fullName }
}

/** A hint for people. Trello sends `unknown` for some, so programs must look at `type` and the names in `data.old`. */
function translationKeyOf(action: Action): string {
  const { type, data, idMemberCreator } = action
  const isOwn = data['idMember'] === idMemberCreator
  switch (type) {
    case 'createCard':
      return 'action_create_card'
    case 'deleteCard':
      return 'action_delete_card'
    case 'commentCard':
      return 'action_comment_on_card'
    case 'updateComment':
    case 'deleteComment':
      return 'unknown'
    case 'addMemberToCard':
      return isOwn ? 'action_member_joined_card' : 'action_added_member_to_card'
    case 'removeMemberFromCard':
      return isOwn ? 'action_member_left_card' : 'action_removed_member_from_card'
    case 'addLabelToCard':
      return 'action_add_label_to_card'
    case 'removeLabelFromCard':
      return 'action_remove_label_from_card'
    case 'addAttachmentToCard':
      return 'action_add_attachment_to_card'
    case 'updateCheckItemStateOnCard':
      return 'action_completed_checkitem'
    case 'moveCardFromBoard':
      return 'action_move_card_from_board'
    case 'moveCardToBoard':
      return 'action_move_card_to_board'
    case 'updateCard':
      return updateKeyOf(asObject(data['old']) ?? {}, asObject(data['card']) ?? {})
  }
}

function updateKeyOf(old: Json, card: Json): string {
  switch (Object.keys(old)[0]) {
    case 'name':
      return 'action_renamed_card'
    case 'desc':
      return 'action_changed_description_of_card'
    case 'idList':
      return 'action_move_card_from_list_to_list'
    case 'closed':
      return card['closed'] === true ? 'action_archived_card' : 'action_sent_card_to_board'
    case 'due':
      if (old['due'] === null) return 'action_added_a_due_date'
      return card['due'] === null ? 'action_removed_a_due_date' : 'action_changed_a_due_date'
    case 'dueComplete':
      return `action_marked_the_due_date_${card['dueComplete'] === true ? 'complete' : 'incomplete'}`
    case 'pos':
      return Number(card['pos']) > Number(old['pos']) ? 'action_moved_card_lower' : 'action_moved_card_higher'
    default:
      return 'unknown'
  }
}

/** Fields of a changed card that its entity repeats. */
const REPEATED = ['idList', 'due', 'dueComplete', 'closed'] as const

function entitiesOf({ type, data, idCard }: Action): Readonly<Record<string, Json>> {
  const { id, name, shortLink, ...changed }: Json = asObject(data['card']) ?? {}
  const repeated = Object.fromEntries(
    REPEATED.filter((field) => field in changed).map((field) => [field, changed[field]]),
  )
  const isComment = type === 'commentCard'
  const card = { type: 'card', ...(isComment && { hideIfContext: true }), ...repeated, id, shortLink, text: name }
  const old = asObject(data['old']) ?? {}
  const label = asObject(data['label'])
  const attachment = asObject(data['attachment'])
  const item = asObject(data['checkItem'])
  const context = { type: 'translatable', translationKey: 'action_on', hideIfContext: true, idContext: idCard }
  return {
    ...(label && { label: { type: 'label', color: label['color'], text: label['name'] } }),
    ...(attachment && { attachment: toAttachmentEntity(attachment) }),
    ...(item && { checkitem: { type: 'checkItem', nameHtml: item['name'], ...item, text: item['name'] } }),
    ...(isComment && { contextOn: context }),
    card,
    ...(isComment && { comment: { type: 'comment', text: data['text'] } }),
    ...listEntity('list', type === 'createCard' ? data['list'] : undefined),
    ...listEntity('listBefore', data['listBefore']),
    ...listEntity('listAfter', data['listAfter']),
    ...('name' in old && { name: { type: 'text', text: old['name'] } }),
    ...('due' in changed && { date: { type: 'date', date: changed['due'] } }),
  }
}

function listEntity(as: string, value: unknown): Readonly<Record<string, Json>> {
  const list = asObject(value)
  return list ? { [as]: { type: 'list', id: list['id'], text: list['name'] } } : {}
}

function toAttachmentEntity({ id, name, url }: Json): Json {
  return { type: 'attachment', id, link: true, text: name, url }
}
