import { type DeliveryOutcome, type NoteDelivery, eventWords, trelloNoteMark, visibleText } from 'ticket-core'
import { cutWithNote } from '../http/text.ts'
import { BETWEEN, cutEscaped, LONGEST } from './build-card.ts'
import { escapeMarkdown } from './escape-markdown.ts'
import { asLookup, cardOf, type CardRef } from './card-ref.ts'
import { readAction, readComments } from './read-answer.ts'
import type { TrelloApi } from './trello-api.ts'

const LONGEST_HEADLINE = 500
/** The most actions of one answer. */
const PAGE = 1000
/** The clocks of machines may differ by some minutes. */
const MARGIN = 600_000

/** Writes a note as a comment on its ticket's card. A suspect is looked for first, by its mark. */
export async function writeNote(api: TrelloApi, delivery: NoteDelivery, now: number): Promise<DeliveryOutcome> {
  const card = cardOf(delivery.receipt)
  if (card.kind === 'rejected') return card
  if (delivery.suspect) {
    const found = await findNote(api, card, { key: delivery.key, since: Math.min(delivery.firstClaimAt, now) - MARGIN })
    if (found !== 'absent') return found
  }
  const answer = await api.post(`/1/cards/${card.id}/actions/comments`, { text: buildNote(delivery) })
  if (answer.kind !== 'ok') return card.explain(answer)
  const action = readAction(answer.body)
  if (action) return { kind: 'delivered', receipt: { ...card.receipt, where: `a comment on ${card.receipt.where}` } }
  const reason = 'Trello answered 200 to a new comment with something that is not an action.'
  return { kind: 'unknown', code: 'trello-unreadable', reason }
}

/** The text of a comment. The mark at its end is never cut; what is cut says where the whole is. */
function buildNote({ key, event, keptAt }: Pick<NoteDelivery, 'key' | 'event' | 'keptAt'>): string {
  const { headline, text = '' } = eventWords(event)
  const head = `**${escapeMarkdown(cutWithNote(visibleText(headline).replaceAll(/\s+/g, ' '), LONGEST_HEADLINE, '…'))}**`
  const shown = escapeMarkdown(visibleText(text))
  const mark = trelloNoteMark(key)
  const whole = [head, ...(shown === '' ? [] : [shown]), mark].join(BETWEEN)
  if (whole.length <= LONGEST) return whole
  const cut = `**Cut: too long for Trello.** All of it is kept in the bucket: ${keptAt}`
  const room = LONGEST - [head, '', cut, mark].join(BETWEEN).length
  return [head, cutEscaped(shown, room), cut, mark].join(BETWEEN)
}

/** Looks for our comment among the card's, newest first, page by page. A failed look is a retry. */
async function findNote(
  api: TrelloApi,
  card: CardRef,
  { key, since }: { readonly key: string; readonly since: number },
): Promise<DeliveryOutcome | 'absent'> {
  const mark = trelloNoteMark(key)
  let before: string | undefined
  for (;;) {
    const answer = await api.get(`/1/cards/${card.id}/actions`, {
      filter: 'commentCard',
      limit: String(PAGE),
      since: new Date(since).toISOString(),
      ...(before !== undefined && { before }),
    })
    if (answer.kind !== 'ok') return asLookup(card.explain(answer), 'Looking for the comment')
    const comments = readComments(answer.body)
    const oldest = comments?.at(-1)?.id
    // A page that does not advance would be requested without end.
    if (!comments || (oldest !== undefined && oldest === before)) return unreadable
    if (comments.some(({ data: { text } }) => (text ?? '').split('\n').some((line) => line.trim() === mark)))
      return {
        kind: 'delivered',
        receipt: { ...card.receipt, where: `a comment on ${card.receipt.where}`, found: true },
      }
    if (comments.length < PAGE || oldest === undefined) return 'absent'
    before = oldest
  }
}

const unreadable: DeliveryOutcome = {
  kind: 'retry',
  code: 'trello-unreadable',
  reason: 'Trello answered 200 with something that is not a list of comments.',
}
