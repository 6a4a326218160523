import type { Case } from './case.ts'
import type { Change, Person } from './event.ts'
import { type Shape, asShape, asText, parseJson } from './json-shape.ts'
import { destinationFor } from './lanes.ts'
import { PRIORITIES } from './priority.ts'
import { stateOf } from './state.ts'
import type { Priority } from './ticket.ts'
import { isTrelloNote } from './trello-note.ts'

/** What a person did to a card, as the event of its ticket needs it; the ticket itself is found by the card. */
export interface TrelloChange {
  readonly kind: 'change'
  readonly change: Change
  /** The event's id: the same action is the same event, from a callback or from the board's list of actions. */
  readonly id: string
  readonly card: string
  readonly at: number
  readonly by: Person
  /** Written by a program through Trello's API, which may be ours. */
  readonly isByProgram: boolean
}

/** What an action of Trello comes to. `what`: its type and the fields that it changed, for a log. */
export type TrelloReading =
  | TrelloChange
  | { readonly kind: 'ignored'; readonly what: string }
  | { readonly kind: 'unreadable'; readonly reason: string }

export interface BoardWords {
  /** The list that holds what is done; absent: only completed and archived cards are done. */
  readonly doneListName?: string | undefined
  /** The board, by id or short link: actions of other boards are ignored. Absent: any board. */
  readonly boardId?: string | undefined
}

/**
 * Reads the (already verified) body of a board webhook's callback. `model` and `webhook` are not read: they are of the
 * time of the callback, not of the action.
 */
export function readTrelloCallback(body: Uint8Array, words: BoardWords): TrelloReading {
  const json = parseJson(new TextDecoder('utf-8').decode(body))
  if (!json) return { kind: 'unreadable', reason: 'the body is not JSON' }
  return readTrelloAction(asShape(json.value)?.['action'], words)
}

/**
 * Reads one action of a board, by its type and the keys of `data.old`, which say what changed. `display.translationKey`
 * is not read: it is "unknown" at times. What a ticket does not need is ignored: docs/decisions/0033.
 */
export function readTrelloAction(value: unknown, words: BoardWords): TrelloReading {
  const action = asShape(value)
  const id = asText(action?.['id'])
  const type = asText(action?.['type'])
  const at = Date.parse(asText(action?.['date']) ?? '')
  const data = asShape(action?.['data'])
  if (!action || !data || type === undefined) return { kind: 'unreadable', reason: 'there is no action in it' }
  if (id === undefined || !OBJECT_ID.test(id)) return { kind: 'unreadable', reason: 'its action has no id' }
  if (Number.isNaN(at)) return { kind: 'unreadable', reason: 'its action has no date' }
  if (!isOfBoard(data, words)) return { kind: 'ignored', what: `${nameAction(type, data)} on another board` }
  const card = asText(asShape(data['card'])?.['id'])
  const by = memberOf(asShape(action['memberCreator']), asText(action['idMemberCreator']))
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined
  const change = read?.({ action, data, by, isDoneList: doneListOf(words) })
  if (!change || card === undefined || !OBJECT_ID.test(card)) return { kind: 'ignored', what: nameAction(type, data) }
  const isByProgram = asShape(action['appCreator']) !== undefined
  return { kind: 'change', change, id: `trello:${id}`, card, at, by, isByProgram }
}

/**
 * What a change of a card means for its ticket. Where the ticket has left the board for another priority, an old card may
 * be tidied away: that means nothing. Taken out of the archive, it is archived again. Comments, members and labels on it
 * still count.
 */
export function changeOfTicket(change: Change, known: Pick<Case, 'ticket' | 'events'>): Change | undefined {
  const { priority } = stateOf(known)
  if (destinationFor(priority) === 'board') return change
  if (change.kind === 'reopened') return { kind: 'unarchived', to: priority }
  return change.kind === 'moved' || change.kind === 'closed' ? undefined : change
}

/** Whether a change was made with our own token: then it says nothing new, whatever the state is (docs/decisions/0031). */
export function isOwnChange({ isByProgram, by }: TrelloChange, ownMember: string): boolean {
  return isByProgram && by.id === ownMember
}

/** The types of actions that can be a change. */
export function changingTypes(): readonly string[] {
  return Object.keys(READERS)
}

/** The priority that a label means: "high", "Priority: high", in any case; no other word, however near. */
export function priorityOfLabel(name: string): Priority | undefined {
  const [, word] = /^(?:priority\s{0,4}:?\s{0,4})?(low|medium|high)$/i.exec(name.trim()) ?? []
  return PRIORITIES.find((priority) => priority === word?.toLowerCase())
}

/** An id of Trello's: 24 hex digits. */
const OBJECT_ID = /^[0-9a-f]{24}$/
/** Of a name that people gave; the rest is cut. */
const LONGEST_NAME = 200

interface Action {
  readonly action: Shape
  readonly data: Shape
  readonly by: Person
  readonly isDoneList: (name: string | undefined) => boolean
}

const READERS: Readonly<Record<string, (action: Action) => Change | undefined>> = {
  updateCard: readUpdate,
  moveCardToBoard: readUpdate,
  moveCardFromBoard: ({ data }) => {
    const board = nameOf(data['boardTarget'])
    const where = board === undefined ? 'another board' : `the board "${board}"`
    return { kind: 'commented', text: `(moved the card to ${where}; what happens to it there is not seen here)` }
  },
  deleteCard: () => ({ kind: 'closed', reason: 'its card was deleted in Trello' }),
  commentCard: ({ data }) => readComment(data['text'], ''),
  updateComment: ({ data }) => readComment(asShape(data['action'])?.['text'], '(edited) '),
  addMemberToCard: ({ action, data, by }) => {
    const member = memberOf(asShape(action['member']) ?? asShape(data['member']), asText(data['idMember']))
    if (member.id === undefined) return undefined
    return member.id === by.id ? { kind: 'taken' } : { kind: 'assigned', to: member }
  },
  removeMemberFromCard: ({ action, data }) => {
    const from = memberOf(asShape(action['member']) ?? asShape(data['member']), asText(data['idMember']))
    return from.id === undefined ? undefined : { kind: 'released', from }
  },
  addLabelToCard: ({ data }) => {
    const to = priorityOfLabel(asText(asShape(data['label'])?.['name']) ?? '')
    return to && { kind: 'priority-changed', to }
  },
  addAttachmentToCard: ({ data }) => {
    const attachment = asShape(data['attachment'])
    const url = asText(attachment?.['url'])
    if (url === undefined || !/^https?:\/\//i.test(url)) return undefined
    return { kind: 'attached', name: nameOf(attachment) ?? url, url }
  },
}

/**
 * A card is done while it is on the done list, marked complete, or archived. An action says only what it changed, and the
 * card's list: what it does not say counts as not done.
 */
function readUpdate({ data, isDoneList }: Action): Change | undefined {
  const [old, card] = [asShape(data['old']) ?? {}, asShape(data['card']) ?? {}]
  const hasMoved = data['listAfter'] !== undefined || data['boardSource'] !== undefined
  const list = nameOf(data['listAfter']) ?? nameOf(data['list'])
  const flags = ['closed', 'dueComplete'].filter((flag) => typeof old[flag] === 'boolean')
  if (!hasMoved && flags.length === 0) return undefined
  const wasDone = flags.some((flag) => old[flag] === true) || isDoneList(hasMoved ? nameOf(data['listBefore']) : list)
  const isDone = flags.some((flag) => card[flag] === true) || isDoneList(list)
  const stage = hasMoved ? list : undefined
  // Also on the done list, where a sync of ours that was late may have put it: closed twice is closed once.
  const isEnded = flags.some((flag) => card[flag] === true) && !hasMoved
  if (isEnded || isDone !== wasDone)
    return { kind: isDone ? 'closed' : 'reopened', ...(stage !== undefined && { stage }) }
  return stage === undefined ? undefined : { kind: 'moved', stage }
}

function readComment(text: unknown, before: string): Change | undefined {
  if (typeof text !== 'string' || text.trim() === '' || isTrelloNote(text)) return undefined
  return { kind: 'commented', text: `${before}${text}` }
}

/** As with `TRELLO_LIST_NAME`, spaces around a name do not count. */
function doneListOf({ doneListName }: BoardWords): Action['isDoneList'] {
  const done = doneListName?.trim()
  return (name) => done !== undefined && name?.trim() === done
}

/** A card can be moved to another board that calls us back, too: its lists mean nothing to us. */
function isOfBoard(data: Shape, { boardId }: BoardWords): boolean {
  const { id, shortLink } = asShape(data['board']) ?? {}
  return boardId === undefined || id === undefined || id === boardId || shortLink === boardId
}

function memberOf(member: Shape | undefined, id = asText(member?.['id'])): Person {
  const name = asText(member?.['fullName']) ?? asText(member?.['name']) ?? asText(member?.['username'])
  const known = id !== undefined && OBJECT_ID.test(id) ? { id } : {}
  return { via: 'trello', name: cut(name ?? 'a member of the board'), ...known }
}

function nameOf(value: unknown): string | undefined {
  const name = asText(asShape(value)?.['name'])
  return name === undefined ? undefined : cut(name)
}

function cut(name: string): string {
  return name.slice(0, LONGEST_NAME).toWellFormed()
}

/** The type and the changed fields, without any text of a person. */
function nameAction(type: string, data: Shape): string {
  const changed = Object.keys(asShape(data['old']) ?? {})
  return [type, ...changed.slice(0, 4)].map((word) => word.replaceAll(/[^A-Za-z]/g, '').slice(0, 40)).join(' ')
}
