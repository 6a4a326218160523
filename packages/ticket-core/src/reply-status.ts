import { type CardReply, card, fact, heading, line } from './card.ts'
import type { StatusAnswer } from './decide-status.ts'
import { echoLine } from './echo.ts'
import { type Hint, command } from './reply.ts'
import { describeDestination } from './lanes.ts'

/** The card that shows the status of a ticket. */
export function replyStatus({ answer, mention }: { readonly answer: StatusAnswer } & Hint): CardReply {
  const { id } = answer
  const again = line(`Ask again: ${command(mention, `status ${id}`)}`, { isSubtle: true })
  switch (answer.kind) {
    case 'delivered': {
      const { at, receipt, keptAt } = answer
      const url = receipt?.url !== undefined && /^https?:\/\//i.test(receipt.url) ? receipt.url : undefined
      return card(
        [
          heading(`${id} is delivered`, 'Good'),
          ...(at === undefined ? [] : [fact('When', formatInstant(at))]),
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
        fact('Cause', echoLine(answer.reason)),
        ...(answer.mayBeDelivered ? [line('It may have been delivered already: the outcome is not known.')] : []),
        line('It is kept whole, and an admin can deliver it once the cause is put right.'),
      ])
    case 'retrying':
      return card([
        heading(`${id} is being retried`, 'Warning'),
        fact('Reason', echoLine(answer.reason)),
        fact('Next attempt', answer.nextAt === undefined ? 'at work now' : formatInstant(answer.nextAt)),
        again,
      ])
    case 'delivering':
      return card([heading(`${id} is being delivered now`), again])
    case 'no-record':
      return card([
        heading(`${id}: not delivered yet, or never accepted`),
        line('If it was just sent, give it a minute.'),
        again,
      ])
    case 'unavailable':
      return card([
        heading(`${id} could not be looked up`, 'Warning'),
        line('The records cannot be read at the moment.'),
        again,
      ])
  }
}

/** The card for a `status` without a valid ticket id. */
export function replyNotAnId({ given, mention }: { readonly given: string } & Hint): CardReply {
  return card([
    heading(given === '' ? 'Which ticket?' : `“${echoLine(given, 80)}” is not a ticket id`, 'Attention'),
    line('An id looks like T-7QK2M-9XD4R and stands on the card that accepted the ticket.'),
    line(`Then: ${command(mention, 'status T-…')}, with the id in place of T-…`, { isSubtle: true }),
  ])
}

/** To the minute, in UTC: "2026-11-23 14:03 UTC". */
function formatInstant(at: number): string {
  return Math.abs(at) <= 8.64e15 ? `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'unknown'
}
