import { type CardLine, type CardReply, card, fact, heading, line } from './card.ts'
import type { Case } from './case.ts'
import type { StatusAnswer } from './decide-status.ts'
import { describeDoing, describePerson, describeProgress, formatInstant } from './describe-state.ts'
import { echoLine } from './echo.ts'
import { isForgotten } from './forget-person.ts'
import { type Hint, command } from './reply.ts'
import { describeDestination } from './lanes.ts'
import { capitalise } from './render-message.ts'
import { stateOf } from './state.ts'

/** The card that shows where a ticket is, and how far: its delivery, and the case if the team may see it. */
export function replyStatus({
  answer,
  known,
  mention,
}: { readonly answer: StatusAnswer; readonly known?: Case | undefined } & Hint): CardReply {
  const { id } = answer
  const state = known ? describeCase(known) : []
  const again = line(`Ask again: ${command(mention, `status ${id}`)}`, { isSubtle: true })
  switch (answer.kind) {
    case 'delivered': {
      const { at, receipt, keptAt } = answer
      const url = receipt?.url !== undefined && /^https?:\/\//i.test(receipt.url) ? receipt.url : undefined
      return card(
        [
          heading(`${id} is delivered`, 'Good'),
          ...state,
          ...(at === undefined ? [] : [fact('Delivered', formatInstant(at))]),
          ...(receipt
            ? [fact('Where', `${describeDestination(receipt.destination)}: ${echoLine(receipt.where)}`)]
            : []),
          ...(url === undefined ? [] : [fact('Link', url)]),
          ...(keptAt === undefined
            ? []
            : [fact('Cut', `it shows a part only. The whole is kept in the bucket: ${keptAt}`)]),
        ],
        url === undefined ? [] : [{ type: 'Action.OpenUrl', title: 'Open', url }],
      )
    }
    case 'dead':
      return card([
        heading(`${id} could not be delivered`, 'Attention'),
        ...state,
        fact('Cause', echoLine(answer.reason)),
        ...(answer.mayBeDelivered ? [line('It may have been delivered already: the outcome is not known.')] : []),
        line(known && isForgotten(known.ticket) ? ERASED : KEPT),
      ])
    case 'retrying':
      return card([
        heading(`${id} is being retried`, 'Warning'),
        ...state,
        fact('Reason', echoLine(answer.reason)),
        fact('Next attempt', answer.nextAt === undefined ? 'at work now' : formatInstant(answer.nextAt)),
        again,
      ])
    case 'delivering':
      return card([heading(`${id} is being delivered now`), ...state, again])
    case 'no-record':
      return card([
        heading(known ? `${id} is not delivered yet` : `${id}: not delivered yet, or never accepted`),
        ...state,
        line('If it was just sent, give it a minute.'),
        again,
      ])
    case 'unavailable':
      return card([
        heading(known ? `Where ${id} was delivered could not be looked up` : `${id} could not be looked up`, 'Warning'),
        ...state,
        line('The records cannot be read at the moment.'),
        again,
      ])
  }
}

const KEPT = 'It is kept whole, and an admin can deliver it once the cause is put right.'
const ERASED = 'Its words were erased with the person who reported it: it cannot be delivered any more.'

/** How far the ticket is, and who last said something. */
function describeCase(known: Case): CardLine[] {
  const state = stateOf(known)
  const { title, priority, assignee, acknowledged, comments, status } = state
  const last = comments.at(-1)
  return [
    fact('Title', echoLine(title, 200)),
    fact('Status', describeProgress(state)),
    fact('Priority', capitalise(priority)),
    fact('Assignee', assignee ? describePerson(assignee) : 'none'),
    ...(status !== 'closed' && acknowledged ? [fact('Acknowledged', describeDoing(acknowledged))] : []),
    ...(last
      ? [fact(`Comments, ${comments.length}`, `the last by ${describeDoing(last)}: ${echoLine(last.text)}`)]
      : []),
  ]
}
