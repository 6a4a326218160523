import type { SlackSimulator, TeamsSimulator, TrelloSimulator } from '@ticketing/testbed'

/** Where people work: the vendors, and the servers that hear of it. */
export interface World {
  readonly teams: TeamsSimulator
  readonly trello: TrelloSimulator
  readonly slack: SlackSimulator
  readonly serverUrls: readonly string[]
  /** Whether our store says by now which ticket a card is. */
  readonly hasPlaceOf: (card: string) => Promise<boolean>
}
