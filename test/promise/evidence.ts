import type { Case, DeadLetter, Destination, LedgerRecord, NewsLevel, Ticket } from 'ticket-core'
import type { Answer } from './read-answer.ts'

/** What one message was meant to become. */
export interface SentTicket {
  /** Stands in the title, so that a copy is known without its id. */
  readonly serial: string
  /** Where a well-formed one must go. */
  readonly destination: Destination | 'nowhere'
  /** Texts of the ticket that must all arrive. */
  readonly texts: readonly string[]
}

/** One thing at a vendor that a ticket became. */
export interface Copy {
  readonly place: Destination
  readonly ticket: string
  readonly serial: string
  /** Milliseconds, by a clock that no jump of the wall clock changes, where there is one. */
  readonly at: number
  /** Its place in the order of all events; comparable with that of notices. */
  readonly order: number
  /** Says of itself that it may be a repeat. */
  readonly isMarked: boolean
  /** All of what a reader finds there. */
  readonly text: string
  /** What a person finds it by. */
  readonly where: string
}

/** What an admin read; one notice may be about several tickets. */
export interface Notice {
  /** When it was sent: a fault can show it later, and it cannot speak of what came in between. */
  readonly order: number
  readonly text: string
}

/** What one person did to a ticket, and what they saw. */
export interface Said {
  /** A part of the id of its event: the place where it was done names each thing that is done. */
  readonly origin: string
  /** Words that stand in no other event, where it has words. */
  readonly words?: string
  readonly answers: readonly Answer[]
  /** What the bot showed them. */
  readonly shown: string
  /** By a person of another team than the ticket's. */
  readonly isForeign: boolean
  /** Milliseconds from the beginning, by no clock that jumps; absent where it is not known. */
  readonly actedAt?: number
}

/** What a place shows of one event. */
export interface ShownNote {
  readonly place: Destination
  /** All of what a reader finds there. */
  readonly text: string
  readonly isMarked: boolean
}

/** A card that a flow of Workflows posted. */
export interface NewsCard {
  readonly text: string
  readonly isMarked: boolean
  /** In the channel of another team than the ticket's. */
  readonly isForeign: boolean
}

/** How a card looks: any of archived, complete, on the list of what is done. */
interface ShownCard {
  readonly isArchived: boolean
  readonly isDone: boolean
}

/** A ticket after its delivery: what people did to it, and what everybody shows of it. */
export interface Life {
  readonly said: readonly Said[]
  readonly known?: Case | undefined
  /** What it became at other places than the first, since its priority changed. */
  readonly moved: readonly Copy[]
  /** Places whose own record says that they have it. */
  readonly delivered: ReadonlySet<Destination>
  readonly notes: readonly ShownNote[]
  readonly cards: readonly ShownCard[]
  /** All keys of the index that name it. */
  readonly keys: ReadonlySet<string>
  /** Of its events, and of what they cause elsewhere. */
  readonly letters: readonly DeadLetter[]
  /** What its reporter's team is to be told, and the cards that name the ticket; absent where no flow is set up. */
  readonly news?: { readonly level: NewsLevel; readonly cards: readonly NewsCard[] } | undefined
  /** What the bot answers to `status` at the end. */
  readonly shown?: string | undefined
}

/** One ticket at the end of a run: what its sender saw, and what everybody holds of it. */
export interface TicketEvidence {
  readonly sent: SentTicket
  /** The id by which ledger and archive were read; empty when none is known. */
  readonly id: string
  /** All ids that the sender saw. */
  readonly ids: ReadonlySet<string>
  readonly answers: readonly Answer[]
  readonly copies: readonly Copy[]
  readonly record?: LedgerRecord | undefined
  readonly letter?: DeadLetter | undefined
  /** The case that the record names: its object, and the ticket in it. */
  readonly kept?: { readonly object: string; readonly ticket: Ticket } | undefined
  readonly notices: readonly Notice[]
  /** When a call met a fault whose effect comes late; comparable with {@link Copy.at}. */
  readonly lateEffects: readonly number[]
  /** What happened to it since it was delivered; absent where it was not looked at. */
  readonly life?: Life | undefined
  /** What only one who saw every call knows. */
  readonly history?: {
    /** SQS took it, at least once. */
    readonly isQueued: boolean
    /** How often its vendor said a final "no" before it was dead. */
    readonly refusals: number
    /** Milliseconds from the first receive to its death, jumps of the wall clock left out. */
    readonly triedForMs?: number | undefined
  }
}

/** A body that is not an envelope, and its dead letter. */
export interface StrayEvidence {
  readonly body: string
  readonly letter?: DeadLetter | undefined
}

/** What is there at the end of a run, seen from outside. */
export interface Evidence {
  readonly tickets: readonly TicketEvidence[]
  /** What vendors hold that no message of this run explains. */
  readonly strangers: readonly Copy[]
  readonly strays: readonly StrayEvidence[]
  /** Nothing was left to do. */
  readonly isQuiet: boolean
  readonly giveUpAfterMs: number
  /** By how much the wall clock was put forward in all: what is waited for by it may come so much sooner. @default 0 */
  readonly putForwardMs?: number | undefined
  /** By how much the wall clock was set back in all: a card may bear so much earlier a time than its ticket's claim. @default 0 */
  readonly setBackMs?: number | undefined
  /** Servers that, long after the last rotation, took the removed token, or refused the one that Teams signs with. */
  readonly tokens?: { readonly tookRemoved: readonly string[]; readonly refusedCurrent: readonly string[] } | undefined
  /** Objects of ours that name a person who was forgotten. */
  readonly traces?: readonly string[] | undefined
  /** When the board's cards were read, comparable with {@link Copy.at}; absent where that is not known to the millisecond. */
  readonly looks?: readonly number[] | undefined
}
