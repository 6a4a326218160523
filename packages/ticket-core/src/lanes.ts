import { PRIORITIES } from './priority.ts'
import type { Destination, Priority } from './ticket.ts'

/** The lanes that carry tickets, one for each priority: a queue, a function, a part of the ledger. */
export type TicketLane = Priority
/** Every lane that carries tickets, least urgent first. */
export const TICKET_LANES: readonly TicketLane[] = PRIORITIES

/** Every lane. Undeliverable tickets go to the fourth. */
export type Lane = TicketLane | 'dead'
/** Every lane, the dead-letter lane last. */
export const LANES: readonly Lane[] = [...TICKET_LANES, 'dead']

const DESTINATIONS: Readonly<Record<Priority, Destination>> = { low: 'archive', medium: 'board', high: 'alert' }

const DESTINATION_NAMES: Readonly<Record<Destination, string>> = {
  archive: 'the ticket archive (S3)',
  board: 'the team board (Trello)',
  alert: 'the alert channel (Slack)',
}

/** Parts of resource names, as in the older system, so that its deployment can be taken over. */
const STEMS: Readonly<Record<Lane, string>> = { low: 'LP', medium: 'MP', high: 'HP', dead: 'DLQ' }

/** The lane that carries tickets of this priority. */
export function laneOf(priority: Priority): TicketLane {
  return priority
}

/** Where tickets of this priority go: low to the archive, medium to the board, high to the alert channel. */
export function destinationFor(priority: Priority): Destination {
  return DESTINATIONS[priority]
}

/** The destination in words, for a sentence: "the alert channel (Slack)". */
export function describeDestination(destination: Destination): string {
  return DESTINATION_NAMES[destination]
}

/** Names of one lane's resources. */
export interface LaneNames {
  readonly queue: string
  readonly function: string
  readonly role: string
}

/** The names of all resources of a prefix. */
export interface StackNames {
  readonly bucket: string
  /** The permissions boundary of the roles. */
  readonly boundary: string
  readonly lanes: Readonly<Record<Lane, LaneNames>>
}

/** The names of all resources of a prefix. */
export function nameResources(prefix: string): StackNames {
  const nameLane = (lane: Lane): LaneNames => {
    const name = `${prefix}-${STEMS[lane]}`
    return { queue: name, function: name, role: `${name}-Role` }
  }
  return {
    bucket: `${prefix}-bucket`,
    boundary: `${prefix}-Boundary`,
    lanes: { low: nameLane('low'), medium: nameLane('medium'), high: nameLane('high'), dead: nameLane('dead') },
  }
}
