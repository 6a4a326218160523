import { inspect } from 'node:util'
import type { Journal } from '../journal/create-journal.ts'
import type { Testbed } from '../system/testbed.ts'

// An expectation that is never true, or always, is a mistake of the test. It throws, with `not` too.

type Bed = Pick<Testbed, 'journal' | 'seesCloud'>

const PLACES: readonly string[] = ['s3', 'trello', 'slack']
/** How many known ids the error lists beside an unknown one. */
const LISTED_IDS = 5

/** Throws a `TypeError` unless the value is a testbed. */
export function asTestbed(value: unknown, matcher: string): Bed {
  if (isTestbed(value)) return value
  const hint = value instanceof Promise ? ' Await it first.' : ''
  const shown = inspect(value, { depth: 0, breakLength: Infinity })
  throw new TypeError(`${matcher} is about a testbed, which startTestbed returns; this is not one: ${shown}.${hint}`)
}

function isTestbed(value: unknown): value is Bed {
  return typeof value === 'object' && value !== null && 'journal' in value && 'seesCloud' in value
}

/** Throws a `TypeError` for an unknown place or a wrong count. */
export function checkDeliveries(deliveries: unknown): asserts deliveries is object {
  if (typeof deliveries !== 'object' || deliveries === null)
    throw new TypeError('toHaveDelivered counts by place, such as { trello: 1 }; {} is nothing at all.')
  for (const [place, count] of Object.entries(deliveries)) {
    if (!PLACES.includes(place))
      throw new TypeError(`toHaveDelivered knows no place "${place}": it takes ${PLACES.join(', ')}.`)
    if (count !== undefined && (!Number.isInteger(count) || count < 0))
      throw new TypeError(`toHaveDelivered counts ${place} in whole numbers from 0, not in ${inspect(count)}.`)
  }
}

/** Throws when nothing ever happened to a ticket of that id. */
export function checkTicket({ entries }: Journal, ticket: string): void {
  const known = new Set(entries.flatMap((entry) => entry.ticket ?? []))
  if (known.has(ticket)) return
  const listed = [...known].slice(0, LISTED_IDS).join(', ')
  const others = known.size === 0 ? 'of no ticket yet' : `of ${listed}${known.size > LISTED_IDS ? ', …' : ''}`
  throw new Error(
    `this testbed knows no ticket ${inspect(ticket)}, but ${others}. ` +
      'Take the id from a reply: ticketIdOf(await bed.teams.send(…)).',
  )
}
