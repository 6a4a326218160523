import { type CardLine, type CardReply, block, card, fact, heading, line } from './card.ts'
import { echoLine, echoLines } from './echo.ts'
import type { BadDraft, Problem } from './parse-draft.ts'
import { capitalise } from './render-message.ts'
import { describeDestination, destinationFor } from './lanes.ts'
import type { Ticket } from './ticket.ts'

/** For the hints on a card: the bot's name as the user sees it, without `@`. @default 'tickets' */
export interface Hint {
  readonly mention?: string | undefined
}

/** The parts of a message that cannot become part of a ticket; a `Message` has both. */
interface LeftOut {
  readonly ignored?: number | undefined
  readonly hasQuote?: boolean | undefined
}

type Accepted = Pick<Ticket, 'id' | 'title' | 'priority'> & Partial<Pick<Ticket, 'description' | 'steps'>>

/** Characters. Trello and Slack show more of most texts; each character can need two, and pages break early. */
const SURELY_SHOWN = 8_000

/** The card of a queued ticket: its id, priority, destination, and how to ask for its status. */
export function replyAccepted({
  ticket,
  ignored,
  hasQuote,
  mention,
}: { readonly ticket: Accepted } & LeftOut & Hint): CardReply {
  return card([
    heading(`Ticket ${ticket.id} accepted`, 'Good'),
    fact('Title', echoLine(ticket.title)),
    fact('Priority', capitalise(ticket.priority)),
    fact('Goes to', describeDestination(destinationFor(ticket.priority))),
    ...warnOfLength(ticket),
    ...warnOfLeftOut({ ignored, hasQuote }),
    line(`Where is it? ${command(mention, `status ${ticket.id}`)}`, { isSubtle: true }),
  ])
}

/** The bucket stores everything; the others may have to cut. */
function warnOfLength({ title, description = '', steps = '', priority }: Accepted): CardLine[] {
  const destination = destinationFor(priority)
  if (destination === 'bucket' || title.length + description.length + steps.length <= SURELY_SHOWN) return []
  return [line(`It is long: ${describeDestination(destination)} may show a part of it. All of it is kept.`)]
}

/** The card that names every problem and shows the corrected form to paste. */
export function replyProblems({
  problems,
  correctedForm,
  blanks,
  ignored,
  hasQuote,
  meant,
  mention,
}: BadDraft & LeftOut & Hint & { readonly meant?: string | undefined }): CardReply {
  const form = echoLines(correctedForm, FORM_BYTES)
  return card([
    heading('This is not a ticket yet', 'Attention'),
    ...problems.map((problem) => line(`• ${describeProblem(problem)}`)),
    ...(meant === undefined
      ? []
      : [line(`About the ticket of this thread: ${command(mention, echoLine(meant, 300))}`)]),
    line(`Copy this, ${blanks.length > 0 ? 'fill the blanks' : 'check it'}, and send it to ${nameOfBot(mention)}:`),
    ...block(form.text),
    ...(form.isCut ? [line('Your text is longer than a card can show: add the rest of it when you paste.')] : []),
    ...warnOfLeftOut({ ignored, hasQuote }),
    line(`How it works: ${command(mention, 'help')}`, { isSubtle: true }),
  ])
}

/** The card that says: nothing was queued, and sending again is safe. */
export function replyNotAccepted({ mention }: Hint = {}): CardReply {
  return card([
    heading('Your ticket was not accepted', 'Attention'),
    line(
      `Our side could not take it, and nothing of it was kept. Please send your message to ${nameOfBot(mention)} again.`,
    ),
  ])
}

/** The card that says: the queue did not answer in time, and the ticket may or may not arrive. */
export function replyMaybe({ id, mention }: { readonly id: string } & Hint): CardReply {
  return card([
    heading(`${id} may or may not arrive`, 'Warning'),
    line('The queue did not answer in time, so it is not known yet whether it took your ticket.'),
    line(`In a few minutes, ${command(mention, `status ${id}`)} shows what became of it.`),
    line('Sending the same text again makes a new ticket: it may then arrive twice.'),
  ])
}

/** The card that shows the size of the ticket as a queue message, and the limit; bytes. */
export function replyTooLarge({ bytes, limit }: { readonly bytes: number; readonly limit: number }): CardReply {
  return card([
    heading('Your ticket is too large', 'Attention'),
    line(
      `It takes ${kib(bytes)} KiB in the queue; ${kib(limit)} KiB is the most. Nothing was cut and nothing was sent.`,
    ),
    line(
      'Please shorten the description, or put the long part where a link can lead to it. Letters outside of English count six times.',
    ),
  ])
}

/** The bot as people mention it. */
export function nameOfBot(mention: string | undefined): string {
  return `@${echoLine(mention ?? '', 60) || 'tickets'}`
}

/** A command as people type it. */
export function command(mention: string | undefined, words: string): string {
  return `${nameOfBot(mention)} ${words}`
}

/** Bytes of JSON for the echoed form: the whole card stays under Teams' 28 KB. */
const FORM_BYTES = 18_000

function describeProblem({ field, code, came, allowed, suggestion }: Problem): string {
  const label = field.charAt(0).toUpperCase() + field.slice(1)
  switch (code) {
    case 'missing':
      return `${label} is missing: write “${label}:” and ${allowed}.`
    case 'empty':
      return `${label} is empty: it needs ${allowed}.`
    case 'not-allowed': {
      const meant = suggestion ? ` Did you mean ${capitalise(suggestion)}?` : ''
      return `${label} is “${echoLine(came ?? '', 80)}”: it must be ${allowed}.${meant}`
    }
  }
}

function warnOfLeftOut({ ignored = 0, hasQuote = false }: LeftOut): CardLine[] {
  const what =
    ignored === 1 ? 'A picture or file in your message was' : `${ignored} pictures or files in your message were`
  const warnings = [
    ...(ignored > 0 ? [`${what} ignored: only text can be taken over. Add a link to it instead.`] : []),
    ...(hasQuote ? ['The message that you quoted is not part of the ticket: copy from it what matters.'] : []),
  ]
  return warnings.map((warning) => line(warning, { color: 'Warning' }))
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1).replace(/\.0$/, '')
}
