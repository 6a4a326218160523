import type { Verb } from './command-table.ts'
import type { Change } from './event.ts'
import type { Priority } from './ticket.ts'

/** The ticket that a command is about. */
export interface TicketReference {
  /** The likeliest first: the first that is a ticket of the team counts. */
  readonly ids: readonly string[]
  /** `thread`: nothing names it; it may be the ticket that the thread is about. */
  readonly from: 'text' | 'quote' | 'thread'
}

/** A person as a message names them. */
export interface NamedPerson {
  readonly name: string
  /** Teams' id, and the account's name, where the message lists the mention. */
  readonly id?: string
  readonly account?: string
}

/** A change that a message asks for; the person of `assigned` is still to be found. */
export type RequestedChange =
  | Extract<
      Change,
      {
        kind:
          | 'acknowledged'
          | 'taken'
          | 'released'
          | 'commented'
          | 'priority-changed'
          | 'edited'
          | 'withdrawn'
          | 'closed'
          | 'reopened'
      }
    >
  | { readonly kind: 'assigned'; readonly to: NamedPerson }

/** Why a command cannot be done as it is written. */
export type Unclear =
  /** No such command, or a word that is near one. */
  | 'unknown'
  /** The command takes nothing more, and there is more. */
  | 'extra-words'
  /** The command is about one ticket, and several are named. */
  | 'several-tickets'
  /** It is asked, or taken back, and not ordered. */
  | 'question'
  | 'no-person'
  | 'no-text'
  | 'no-priority'
  /** `list` shows a priority of the open tickets only. */
  | 'filters'
  /** `more` of which list, and after which ticket? */
  | 'which-more'
  | 'no-fields'
  /** `edit` changes title and description; others have commands of their own. */
  | 'other-fields'

/** A question for a list of tickets. */
export interface ListQuestion {
  readonly kind: 'list'
  readonly which: 'mine' | 'open' | 'unassigned' | 'closed'
  readonly priority?: Priority
  /** The last ticket that was shown: the list goes on after it. */
  readonly after?: string
}

/** What a command asks for. */
export type Request =
  | { readonly kind: 'help'; readonly topic?: Verb }
  | ListQuestion
  | { readonly kind: 'status'; readonly ticket: TicketReference }
  | {
      readonly kind: 'change'
      readonly verb: Verb
      readonly ticket: TicketReference
      readonly change: RequestedChange
    }
  /** `given` cannot be a ticket id; empty when nothing was given. */
  | { readonly kind: 'which-ticket'; readonly verb: Verb; readonly given: string }
  /** `suggestions`: commands as they can be typed after the bot's name; nothing was done. */
  | {
      readonly kind: 'unclear'
      readonly why: Unclear
      readonly said: string
      readonly suggestions: readonly string[]
    }
