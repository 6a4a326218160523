/** The prefix of every cursor's object key. */
export const SWEEP = 'sweep/'

/** How far the sweep has read the board's actions: the object `sweep/trello.json`. */
export interface SweepCursor {
  readonly v: 1
  readonly key: string
  /** Every action before this instant is an event in the queue, or none. Milliseconds since the epoch. */
  readonly until: number
  /** When it was moved last: another replica need not sweep again so soon. */
  readonly at: number
  readonly nonce: string
}
