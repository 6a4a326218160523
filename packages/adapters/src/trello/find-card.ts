import type { DeliveryFailure } from '../http/classify.ts'
import { hasMarker } from './build-card.ts'
import { type TrelloCard, readCards } from './read-answer.ts'
import type { TrelloApi } from './trello-api.ts'

/** The result of looking for a ticket's card. */
export type CardLookup =
  | { readonly kind: 'found'; readonly card: TrelloCard }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly failure: DeliveryFailure }

/** Trello's most cards of one answer. */
const PAGE = 1000
/** A card's id begins with the second of its making; clocks may differ by some minutes. */
const MARGIN = 600_000

/**
 * Looks for a ticket's card among all cards of the board, archived ones too, made since ten minutes before `earliest`
 * (milliseconds since the epoch): newest first, page by page. Not by search, because its index lags.
 * https://developer.atlassian.com/cloud/trello/guides/rest-api/api-introduction/#paging
 */
export async function findCard(api: TrelloApi, id: string, earliest: number): Promise<CardLookup> {
  const since = new Date(earliest - MARGIN).toISOString()
  let before: string | undefined
  for (;;) {
    const answer = await api.get(`/1/boards/${encodeURIComponent(api.secret.boardId)}/cards`, {
      filter: 'all',
      fields: 'desc,shortLink,shortUrl',
      limit: String(PAGE),
      since,
      ...(before !== undefined && { before }),
    })
    if (answer.kind !== 'ok') return { kind: 'failed', failure: answer }
    const cards = readCards(answer.body)
    if (!cards) return { kind: 'failed', failure: unreadable }
    const card = cards.find(({ desc }) => hasMarker(desc ?? '', id))
    if (card) return { kind: 'found', card }
    const oldest = cards.map((one) => one.id).toSorted()[0]
    if (cards.length < PAGE || oldest === undefined) return { kind: 'absent' }
    // A page that does not advance would be requested without end.
    if (oldest === before) return { kind: 'failed', failure: unreadable }
    before = oldest
  }
}

const unreadable: DeliveryFailure = {
  kind: 'retry',
  code: 'trello-unreadable',
  reason: 'Trello answered 200 with something that is not a list of cards.',
}
