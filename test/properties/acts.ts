import * as fc from 'fast-check'
import { type Deed, SLACK_BUTTONS, TEAMS_VERBS, TRELLO_MOVES } from '../life/deed.ts'

/** A person does something to a ticket; seconds count from the beginning of the run. */
export interface Act {
  readonly at: number
  /** Which ticket: a number of the plan's sends, modulo how many there are. */
  readonly ticket: number
  readonly person: number
  readonly does: Deed
}

const teams = fc.record(
  {
    in: fc.constant('teams' as const),
    verb: fc.constantFrom(...TEAMS_VERBS, 'comment' as const, 'close' as const, 'reopen' as const),
    again: fc.boolean(),
    isForeign: fc.constantFrom(false, false, false, true),
  },
  { requiredKeys: ['in', 'verb'] },
)
const trello = fc.constantFrom(...TRELLO_MOVES).map((move) => ({ in: 'trello' as const, move }))
const slack = fc.constantFrom(...SLACK_BUTTONS).map((button) => ({ in: 'slack' as const, button }) as const)

/** Most of what happens follows upon something else within seconds: there order matters. */
const instants = fc.oneof(fc.nat({ max: 1500 }), fc.integer({ min: 20, max: 60 }), fc.integer({ min: 300, max: 310 }))

/** What people do with a few tickets. */
export const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record({
    at: instants,
    ticket: fc.nat({ max: 3 }),
    person: fc.nat({ max: 2 }),
    does: fc.oneof({ weight: 4, arbitrary: teams }, { weight: 3, arbitrary: trello }, { weight: 1, arbitrary: slack }),
  }),
  { minLength: 3, maxLength: 16, size: 'max' },
)
