import { asObject, isBoolean, isItems, isNumber, isString, parseObject, readField } from '../simulators/read-json.ts'
import type { Action, ActionType, Attachment, Card, Json, Pending, TrelloState, Webhook } from './trello-state.ts'

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
    labels: items('labels').map((saved) => ({
      id: readField(saved, 'id', isString),
      idBoard: readField(saved, 'idBoard', isString),
      name: readField(saved, 'name', isString),
      color: textOrNull(saved['color']),
    })),
    cards: items('cards').map(readCard),
    actions: items('actions').map(readAction),
    webhooks: items('webhooks').map(readWebhook),
    pending: items('pending').map(readPending),
  }
}

function readCard(saved: Json): Card {
  const text = (name: string): string => readField(saved, name, isString)
  return {
    id: text('id'),
    idBoard: text('idBoard'),
    idList: text('idList'),
    idShort: readField(saved, 'idShort', isNumber),
    name: text('name'),
    desc: text('desc'),
    pos: readField(saved, 'pos', isNumber),
    closed: readField(saved, 'closed', isBoolean),
    due: textOrNull(saved['due']),
    dueComplete: readField(saved, 'dueComplete', isBoolean),
    idLabels: readField(saved, 'idLabels', isItems).filter(isString),
    idMembers: readField(saved, 'idMembers', isItems).filter(isString),
    attachments: readField(saved, 'attachments', isItems).map(readAttachment),
    comments: readField(saved, 'comments', isNumber),
    dateLastActivity: text('dateLastActivity'),
  }
}

function readAttachment(item: unknown): Attachment {
  const saved = asObject(item) ?? {}
  const text = (name: string): string => readField(saved, name, isString)
  return { id: text('id'), idMember: text('idMember'), name: text('name'), url: text('url'), date: text('date') }
}

function readAction(saved: Json): Action {
  const text = (name: string): string => readField(saved, name, isString)
  return {
    id: text('id'),
    type: readField(saved, 'type', isActionType),
    date: text('date'),
    idMemberCreator: text('idMemberCreator'),
    byApp: readField(saved, 'byApp', isBoolean),
    idBoard: text('idBoard'),
    idCard: text('idCard'),
    data: asObject(saved['data']) ?? {},
  }
}

function readWebhook(saved: Json): Webhook {
  const text = (name: string): string => readField(saved, name, isString)
  return {
    id: text('id'),
    description: text('description'),
    idModel: text('idModel'),
    callbackURL: text('callbackURL'),
    active: readField(saved, 'active', isBoolean),
    consecutiveFailures: readField(saved, 'consecutiveFailures', isNumber),
    firstConsecutiveFailDate: textOrNull(saved['firstConsecutiveFailDate']),
    token: readField(saved, 'token', isNumber),
  }
}

function readPending(saved: Json): Pending {
  return {
    id: readField(saved, 'id', isNumber),
    idWebhook: readField(saved, 'idWebhook', isString),
    action: readAction(asObject(saved['action']) ?? {}),
    client: textOrNull(saved['client']),
    about: readField(saved, 'about', isString),
    attempts: readField(saved, 'attempts', isNumber),
    due: readField(saved, 'due', isNumber),
  }
}

const ACTION_TYPES: Readonly<Record<ActionType, true>> = {
  createCard: true,
  updateCard: true,
  deleteCard: true,
  commentCard: true,
  updateComment: true,
  deleteComment: true,
  addMemberToCard: true,
  removeMemberFromCard: true,
  addLabelToCard: true,
  removeLabelFromCard: true,
  addAttachmentToCard: true,
  updateCheckItemStateOnCard: true,
  moveCardFromBoard: true,
  moveCardToBoard: true,
}

function isActionType(value: unknown): value is ActionType {
  return isString(value) && Object.hasOwn(ACTION_TYPES, value)
}

function textOrNull(value: unknown): string | null {
  return isString(value) ? value : null
}
