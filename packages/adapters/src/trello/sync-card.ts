import { type Case, type DeliveryOutcome, type EffectDelivery, destinationFor, stateOf } from 'ticket-core'
import { buildCard, withAssignee } from './build-card.ts'
import { CARD_GONE, cardOf } from './card-ref.ts'
import { asRead } from './find-list.ts'
import { type CardState, readCardState } from './read-answer.ts'
import { hasNew, syncLabels } from './sync-labels.ts'
import type { TrelloApi } from './trello-api.ts'

/** Finds the ids of lists; a failure is one of the secret or of Trello. */
export interface ListFinder {
  /** The list of new cards. */
  open(): Promise<ListId>
  /** The list of what is done; `undefined` where none is configured. */
  done(): Promise<ListId | undefined>
}

/** The id of a list, or why there is none. */
export type ListId = { readonly kind: 'found'; readonly id: string } | Exclude<DeliveryOutcome, { kind: 'delivered' }>

/** `elsewhere`: another destination has the ticket now, and the card is out of the way. */
type Look = 'open' | 'done' | 'elsewhere'

/** Makes a card agree with its case: reads it, and writes only what differs. */
export async function syncCard(api: TrelloApi, delivery: EffectDelivery, lists: ListFinder): Promise<DeliveryOutcome> {
  const ref = cardOf(delivery.receipt)
  if (ref.kind === 'rejected') return ref
  const look = lookOf(delivery.known)
  const answer = await api.get(`/1/cards/${ref.id}`, { fields: 'name,desc,closed,dueComplete,idList,labels' })
  if (answer.kind !== 'ok') {
    const failure = asRead(ref.explain(answer))
    // A card that was deleted is as closed as can be.
    return failure.code === CARD_GONE && look !== 'open' ? { kind: 'delivered', receipt: ref.receipt } : failure
  }
  const card = readCardState(answer.body)
  if (!card) return unreadable
  const place = await placeOf(look, card, lists)
  if ('kind' in place) return place
  const change = { ...place, ...wordsOf(delivery, card) }
  if (Object.keys(change).length > 0) {
    const written = await api.put(`/1/cards/${ref.id}`, change)
    if (written.kind !== 'ok') return ref.explain(written)
  }
  const failure = await syncLabels(api, delivery, { card: ref.id, labels: card.labels })
  return failure ? ref.explain(failure) : { kind: 'delivered', receipt: ref.receipt }
}

function lookOf(known: Case): Look {
  const { priority, status } = stateOf(known)
  if (destinationFor(priority) !== 'board') return 'elsewhere'
  return status === 'closed' ? 'done' : 'open'
}

type Fields = Readonly<Partial<Record<'closed' | 'dueComplete', boolean> & Record<'idList' | 'name' | 'desc', string>>>

/** What of the card's place differs. Done is any of: archived, complete, on the done list. */
async function placeOf(
  look: Look,
  { closed, dueComplete, idList }: CardState,
  lists: ListFinder,
): Promise<Fields | Exclude<ListId, { kind: 'found' }>> {
  if (look === 'elsewhere') return closed ? {} : { closed: true }
  if (look === 'done' && (closed || dueComplete)) return {}
  const done = await lists.done()
  if (done && done.kind !== 'found') return done
  const isOnDoneList = done !== undefined && idList === done.id
  if (look === 'done') {
    if (isOnDoneList) return {}
    return done === undefined ? { closed: true } : { idList: done.id, dueComplete: true }
  }
  const open = isOnDoneList ? await lists.open() : undefined
  if (open && open.kind !== 'found') return open
  return {
    ...(closed && { closed: false }),
    ...(dueComplete && { dueComplete: false }),
    ...(open && { idList: open.id }),
  }
}

/**
 * Name and description, after an edit that no sync has shown yet, or the line of the assignee after a change of them: what
 * people changed on the card stays otherwise.
 */
function wordsOf(delivery: EffectDelivery, card: CardState): Fields {
  const { known, keptAt } = delivery
  const { title, description, assignee } = stateOf(known)
  const isEdited = hasNew(delivery, ['edited'])
  if (!isEdited && !hasNew(delivery, ['taken', 'assigned', 'released'])) return {}
  const { name, desc } = isEdited
    ? buildCard({ ...known.ticket, title, description }, keptAt, assignee)
    : { name: card.name, desc: withAssignee(card.desc, assignee) }
  return { ...(name !== card.name && { name }), ...(desc !== card.desc && { desc }) }
}

const unreadable: DeliveryOutcome = {
  kind: 'retry',
  code: 'trello-unreadable',
  reason: 'Trello answered 200 with something that is not a card.',
}
