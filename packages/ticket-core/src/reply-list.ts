import { type CardReply, card, fact, heading, line } from './card.ts'
import type { Case } from './case.ts'
import { describeEnding, describePerson, describeStatus } from './describe-state.ts'
import { echoLine } from './echo.ts'
import { capitalise } from './render-message.ts'
import { type Hint, command } from './reply.ts'
import type { ListQuestion } from './request.ts'
import { stateOf } from './state.ts'

/** What a list came to. */
export interface ListAnswer {
  readonly question: ListQuestion
  readonly shown: readonly Case[]
  /** How many follow; `isCounted`: and no more than that. */
  readonly more: number
  readonly isCounted: boolean
}

const HEADINGS: Readonly<Record<ListQuestion['which'], string>> = {
  mine: 'Your tickets',
  open: 'Open tickets',
  unassigned: 'Open tickets without an assignee',
  closed: 'Closed tickets',
}

/** The card of a list: one line a ticket, and the command that shows the next ones. */
export function replyList({ question, shown, more, isCounted, mention }: ListAnswer & Hint): CardReply {
  const { which, priority } = question
  const words = [
    which === 'mine' ? 'mine' : 'list',
    ...(which === 'mine' || which === 'open' ? [] : [which]),
    ...(priority ? [priority] : []),
  ]
  const last = shown.at(-1)
  return card([
    heading(`${HEADINGS[which]}${priority ? `, ${priority} priority` : ''}`),
    ...(shown.length === 0 ? [line(question.after === undefined ? 'None.' : 'No more.')] : []),
    ...shown.map((one) => fact(one.id, describe(one))),
    ...((more === 0 && isCounted) || !last
      ? []
      : [
          line(
            `${isCounted ? '' : 'More than '}${more} more: ${command(mention, `${words.join(' ')} after ${last.id}`)}`,
          ),
        ]),
    ...(last
      ? [line(`One of them: ${command(mention, 'status T-…')}, with the id in place of T-…`, { isSubtle: true })]
      : []),
  ])
}

function describe(known: Case): string {
  const { title, priority, status, assignee, ending, comments } = stateOf(known)
  const who = assignee && !ending ? `, ${describePerson(assignee)}` : ''
  const said = comments.length === 0 ? '' : `, ${comments.length} ${comments.length === 1 ? 'comment' : 'comments'}`
  return `${echoLine(title, 120)} (${capitalise(priority)}, ${ending ? describeEnding(ending) : describeStatus(status)}${who}${said})`
}

/** The card for a list that could not be read. */
export function replyNoList({ mention }: Hint = {}): CardReply {
  return card([
    heading('The list could not be read', 'Warning'),
    line(`The records cannot be read at the moment. Ask again: ${command(mention, 'list')}`),
  ])
}
