import { isSettledDeath } from '../promise/check-promise.ts'
import type { Breach, BreachKind } from '../promise/breach.ts'
import type { Evidence, TicketEvidence } from '../promise/evidence.ts'
import { standingOf, type Standing } from '../promise/read-answer.ts'
import { repeatOf } from '../promise/repeats.ts'

export interface Figures {
  readonly sent: number
  readonly acknowledged: number
  /** Its sender saw no answer, or that it may or may not arrive. */
  readonly mayArrive: number
  readonly refused: number
  readonly malformed: number
  /** Acknowledged tickets that are where they belong. */
  readonly delivered: number
  /** Tickets of `mayArrive` that did arrive. */
  readonly arrivedUnacknowledged: number
  readonly doubledMarked: number
  readonly doubledUnmarked: number
  /** A second card where the first appeared only after the look that missed it. */
  readonly doubledLate: number
  /** Archived, and an admin notified. */
  readonly dead: number
  /** Was dead, was redriven, and is where it belongs. */
  readonly revived: number
  readonly lost: number
  /** Things that people tried to do to tickets. */
  readonly acts: number
  /** Changes of which a person saw that they are done. */
  readonly confirmed: number
  /** Those that were refused, or that another team tried. */
  readonly declined: number
  /** Events in all cases. */
  readonly events: number
  /** What the board and the alert channel show of them. */
  readonly notes: number
  readonly notesMarked: number
  /** Tickets that are at another place than at first, since their priority changed. */
  readonly moved: number
}

/** Counts what became of all messages. Pure. */
export function countFigures(
  { tickets, looks }: Evidence,
  { breaches, acts }: { readonly breaches: readonly Breach[]; readonly acts: number },
): Figures {
  const lives = tickets.flatMap(({ life }) => life ?? [])
  const said = lives.flatMap((life) => life.said)
  const notes = lives.flatMap((life) => life.notes)
  const count = (is: (ticket: TicketEvidence) => boolean): number => tickets.filter(is).length
  const countKind = (kind: BreachKind): number => breaches.filter((each) => each.kind === kind).length
  return {
    sent: tickets.length,
    acknowledged: count((each) => stands(each) === 'acknowledged'),
    mayArrive: count((each) => stands(each) === 'may-arrive'),
    refused: count((each) => stands(each) === 'refused' && !isMalformed(each)),
    malformed: count((each) => stands(each) === 'refused' && isMalformed(each)),
    delivered: count((each) => stands(each) === 'acknowledged' && isThere(each)),
    arrivedUnacknowledged: count((each) => stands(each) === 'may-arrive' && isThere(each)),
    doubledMarked: count((each) => repeatOf(each, { looks }) === 'marked'),
    doubledUnmarked: countKind('repeat-not-marked'),
    doubledLate: count((each) => repeatOf(each, { looks }) === 'late'),
    dead: count((each) => isSettledDeath(each) && !isThere(each)),
    revived: count((each) => isThere(each) && each.letter?.redrivenAt !== undefined),
    lost: countKind('lost'),
    acts,
    confirmed: said.filter(({ answers }) => standingOf(answers) === 'acknowledged').length,
    declined: said.filter(({ answers, isForeign }) => isForeign || standingOf(answers) === 'refused').length,
    events: lives.reduce((sum, { known }) => sum + (known?.events.length ?? 0), 0),
    notes: notes.length,
    notesMarked: notes.filter(({ isMarked }) => isMarked).length,
    moved: lives.filter(({ moved }) => moved.length > 0).length,
  }
}

function stands({ answers }: TicketEvidence): Standing {
  return standingOf(answers)
}

function isThere({ copies }: TicketEvidence): boolean {
  return copies.length > 0
}

function isMalformed({ sent }: TicketEvidence): boolean {
  return sent.destination === 'nowhere'
}
