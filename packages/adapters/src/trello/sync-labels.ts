import { type EffectDelivery, type TicketEvent, priorityOfLabel, stateOf } from 'ticket-core'
import type { DeliveryFailure, VendorResult } from '../http/classify.ts'
import { asRead } from './find-list.ts'
import { type CardLabel, readLabels } from './read-answer.ts'
import type { TrelloApi } from './trello-api.ts'

/** Trello's limit of labels on a board. */
const MOST_LABELS = '1000'

/**
 * Makes the labels that name a priority agree with the ticket's: a label of another one goes, and after a change of
 * priority the label of the new one is added, if the board has one. None is made, and no other label is touched.
 */
export async function syncLabels(
  api: TrelloApi,
  delivery: EffectDelivery,
  { card, labels }: { readonly card: string; readonly labels: readonly CardLabel[] },
): Promise<DeliveryFailure | undefined> {
  const { priority } = stateOf(delivery.known)
  const ofPriority = labels.filter(({ name }) => priorityOfLabel(name) !== undefined)
  for (const { id, name } of ofPriority) {
    if (priorityOfLabel(name) === priority) continue
    const removed = await api.delete(`/1/cards/${card}/idLabels/${encodeURIComponent(id)}`)
    if (!isDone(removed)) return removed
  }
  if (ofPriority.some(({ name }) => priorityOfLabel(name) === priority)) return undefined
  if (!hasNew(delivery, ['priority-changed'])) return undefined
  const path = `/1/boards/${encodeURIComponent(api.secret.boardId)}/labels`
  const answer = await api.get(path, { fields: 'name', limit: MOST_LABELS })
  if (answer.kind !== 'ok') return asRead(answer)
  const label = readLabels(answer.body)?.find(({ name }) => priorityOfLabel(name) === priority)
  if (!label) return undefined
  const added = await api.post(`/1/cards/${card}/idLabels`, { value: label.id })
  return isDone(added) ? undefined : added
}

/** Whether an event of these kinds has come since the place was last made to agree. */
export function hasNew({ known, since }: EffectDelivery, kinds: readonly TicketEvent['kind'][]): boolean {
  const { history } = stateOf({ ...known, events: known.events.slice(since) })
  return history.some(({ kind }) => kinds.includes(kind))
}

/** 400: the label is there already, or is not there any more. */
function isDone(result: VendorResult): result is Extract<VendorResult, { kind: 'ok' }> {
  return result.kind === 'ok' || result.code === 'trello-400'
}
