/** What happened on the board, as far as it is a {@link readTrelloAction}. */
export type ListedActions =
  | {
      readonly kind: 'actions'
      readonly actions: readonly unknown[]
      /** False: there are more, and these are not the first ones. */
      readonly isWhole: boolean
      /** Trello's id of the member that our token belongs to: what a program did in their name is our own work. */
      readonly ownMember: string
    }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** The ticket that a card names in its marker line. */
export type MarkedTicket =
  | { readonly kind: 'read'; readonly ticket?: string | undefined }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** Reads the board. Both calls are over before the deadline (`Clock.monotonic`). */
export interface BoardReader {
  /** From `since` (included) up to `before`; milliseconds since the epoch. */
  listActions(
    window: { readonly since: number; readonly before?: number | undefined },
    deadline: number,
  ): Promise<ListedActions>
  readMarker(card: string, deadline: number): Promise<MarkedTicket>
}
