import { type Case, type NewsLevel, type TicketEvent, eventWords } from 'ticket-core'
import type { Check } from './breach.ts'
import type { Life, TicketEvidence } from './evidence.ts'

/**
 * The reporter's team is told each change that did not happen in Teams, as its level says, once or marked as a possible
 * repeat; of the end of a ticket, once for each life; and no other team hears anything of it.
 */
export function checkNews(
  ticket: TicketEvidence,
  { events, life }: { readonly events: readonly TicketEvent[]; readonly life: Life },
  check: Check,
): void {
  const { news, known, letters } = life
  if (!news || !known) return
  for (const card of news.cards) check(!card.isForeign, 'news-to-another-team', () => card.text)
  const cards = news.cards.filter(({ isForeign }) => !isForeign)
  const isDead = letters.some(({ effect }) => effect?.kind === 'sync' && effect.place === 'team')
  const groups = Map.groupBy(events, wordsOf)
  for (const [words, some] of groups) {
    const asked = some.filter((event) => isAsked(event, known, news.level)).length
    const count = (among: typeof cards): number =>
      among.reduce((sum, { text }) => sum + bare(text).split(words).length - 1, 0)
    const unmarked = count(cards.filter(({ isMarked }) => !isMarked))
    const name = (): string => `"${words}": asked for ${asked}, told ${count(cards)}, ${unmarked} without a mark`
    check(isDead || count(cards) >= asked, 'news-missing', name)
    check(unmarked <= asked, asked === 0 ? 'news-not-asked' : 'news-repeated', name)
  }
  checkDeath(ticket, { life, news }, check)
}

/** A change counts by its headline, and by its own words where it has any. */
function wordsOf(event: TicketEvent): string {
  const { headline, text = '' } = eventWords(event)
  return bare(`${headline}${text}`)
}

function isAsked(event: TicketEvent, { ticket: { reporter } }: Case, level: NewsLevel): boolean {
  if (level === 'none' || event.by.via === 'teams' || event.kind === 'unarchived') return false
  if (event.kind === 'escalated' && event.to !== 'team') return false
  if (level === 'all' || ['closed', 'reopened', 'escalated'].includes(event.kind)) return true
  return event.kind === 'commented' && event.by.name !== reporter?.name
}

const DEATH = 'It could not be delivered.'

function checkDeath(
  { record, letter }: TicketEvidence,
  { life, news }: { readonly life: Life; readonly news: NonNullable<Life['news']> },
  check: Check,
): void {
  if (!letter) return
  const told = news.cards.filter(({ text }) => text.includes(DEATH))
  const isOver = record?.state === 'dead' && letter.redrivenAt === undefined && letter.toldAt !== undefined
  const isLost = life.letters.some(({ effect }) => effect?.kind === 'death')
  check(!isOver || news.level === 'none' || isLost || told.length > 0, 'death-not-told', () => letter.cause.reason)
  const unmarked = told.filter(({ isMarked }) => !isMarked).length
  check(unmarked <= letter.life + 1, 'death-told-again', () => `${unmarked} times in ${letter.life + 1} lives`)
}

/** Without white space: where lines break does not matter. */
function bare(text: string): string {
  return text.replaceAll(/\s+/g, '')
}
