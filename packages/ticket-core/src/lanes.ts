import { PRIORITIES } from './priority.ts'
import type { Destination, Place, Priority } from './ticket.ts'

/** The lanes that carry tickets, one for each priority: a queue, a function, a part of the ledger. */
export type TicketLane = Priority
/** Every lane that carries tickets, least urgent first. */
export const TICKET_LANES: readonly TicketLane[] = PRIORITIES

/** The lanes that deliver: those of the tickets, and the one of news for the reporters' teams. */
export type DeliveryLane = TicketLane | 'news'
/** Every lane that delivers. */
export const DELIVERY_LANES: readonly DeliveryLane[] = [...TICKET_LANES, 'news']

/** The lanes that do the work: those that deliver, and the one that adds events to cases. */
export type WorkLane = DeliveryLane | 'events'
/** Every lane that does work. What one of them cannot do goes to the dead-letter lane. */
export const WORK_LANES: readonly WorkLane[] = [...DELIVERY_LANES, 'events']

/** The lanes that the server sends to. */
export const INTAKE_LANES: readonly (TicketLane | 'events')[] = [...TICKET_LANES, 'events']

/** Every lane. */
export type Lane = WorkLane | 'dead'
/** Every lane, the dead-letter lane last. */
export const LANES: readonly Lane[] = [...WORK_LANES, 'dead']

const DESTINATIONS: Readonly<Record<Priority, Destination>> = { low: 'bucket', medium: 'board', high: 'alert' }

const PLACE_NAMES: Readonly<Record<Place, string>> = {
  bucket: 'the ticket bucket (S3)',
  board: 'the team board (Trello)',
  alert: 'the alert channel (Slack)',
  team: 'the reporter’s team (Teams)',
}

/**
 * Parts of resource names: of the function and, where it differs, of the queue. Those of tickets and dead letters are the
 * older system's, so that its deployment can be taken over.
 */
const STEMS: Readonly<Record<Lane, { readonly function: string; readonly queue?: string }>> = {
  low: { function: 'LP' },
  medium: { function: 'MP' },
  high: { function: 'HP' },
  news: { function: 'N', queue: 'NQ' },
  events: { function: 'EV', queue: 'EVQ' },
  dead: { function: 'DLQ' },
}

/** The lane that carries tickets of this priority. */
export function laneOf(priority: Priority): TicketLane {
  return priority
}

/** Where tickets of this priority go: low to the bucket, medium to the board, high to the alert channel. */
export function destinationFor(priority: Priority): Destination {
  return DESTINATIONS[priority]
}

/** The lane that delivers what concerns a place. */
export function laneOfPlace(place: Place): DeliveryLane {
  return place === 'team' ? 'news' : priorityOf(place)
}

/** The place that a lane delivers to. */
export function placeOfLane(lane: DeliveryLane): Place {
  return lane === 'news' ? 'team' : destinationFor(lane)
}

/** The priority whose tickets go to a destination. */
export function priorityOf(destination: Destination): Priority {
  const priority = PRIORITIES.find((one) => destinationFor(one) === destination)
  if (priority === undefined) throw new RangeError(`no priority goes to ${destination}`)
  return priority
}

/** The place in words, for a sentence: "the alert channel (Slack)". */
export function describeDestination(place: Place): string {
  return PLACE_NAMES[place]
}

/** Names of one lane's resources. */
export interface LaneNames {
  readonly queue: string
  readonly function: string
  readonly role: string
}

/** Names of line 1 as a function. */
interface IntakeNames {
  readonly function: string
  readonly role: string
  /** The rule that calls it once a minute. */
  readonly schedule: string
}

/** The names of all resources of a prefix. */
export interface StackNames {
  readonly bucket: string
  /** The permissions boundary of the roles. */
  readonly boundary: string
  readonly lanes: Readonly<Record<Lane, LaneNames>>
  /** Only where line 1 is a function. */
  readonly intake: IntakeNames
}

/**
 * The names of all resources of a prefix. The bucket may have another name: a bucket cannot be renamed, so a system that
 * got another prefix keeps the one it has.
 */
export function nameResources(prefix: string, bucket: string = `${prefix}-bucket`): StackNames {
  const nameLane = (lane: Lane): LaneNames => {
    const stems = STEMS[lane]
    const name = `${prefix}-${stems.function}`
    return { queue: `${prefix}-${stems.queue ?? stems.function}`, function: name, role: `${name}-Role` }
  }
  return {
    bucket,
    boundary: `${prefix}-Boundary`,
    lanes: {
      low: nameLane('low'),
      medium: nameLane('medium'),
      high: nameLane('high'),
      news: nameLane('news'),
      events: nameLane('events'),
      dead: nameLane('dead'),
    },
    intake: { function: `${prefix}-IN`, role: `${prefix}-IN-Role`, schedule: `${prefix}-IN-Sweep` },
  }
}
