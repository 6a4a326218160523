"""The state of the model in events.py, and what a run explores."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from case_rules import FIRST, Case, Mark

# ---- the state: tuples only, sorted where the order means nothing ----


class Record(NamedTuple):
    """A ticket's ledger record in one lane, or a note's. What is "over" was claimed, and its holder died."""
    st: str             # claimed | over | waiting | dead | delivered | syncing | sync over
    version: int        # of the case, as the place shows it
    suspect: int        # the vendor may have done what was not confirmed


class Worker(NamedTuple):
    """A function that holds one message."""
    at: str             # its next step
    message: str
    fresh: int = 0      # the record is still the one that it read: its If-Match holds
    suspect: int = 0
    version: int = 0
    value: str = ""


class Lane(NamedTuple):
    """A queue, its functions, its part of the ledger, and its vendor. Messages: "t" the ticket, "r" its redrive, "s" a
    sync, "nE" the note of event E, "w" the news of all events that its record does not know."""
    messages: tuple[str, ...]                           # those that no worker holds
    record: Record | None = None
    notes: tuple[tuple[str, Record], ...] = ()
    workers: tuple[Worker, ...] = ()
    card: str = ""                                      # what people see: o(pen), c(losed), or nothing
    copies: tuple[int, int] = (0, 0)                    # of the ticket: unmarked, marked as a possible repeat
    posted: tuple[tuple[str, int, int], ...] = ()       # notes: unmarked, marked
    flight: tuple[tuple[str, str, int], ...] = ()       # what the vendor has yet to do, after its caller gave up


class Applier(NamedTuple):
    """Line 4 at work on one event."""
    at: str
    event: str
    saw: Case = ()      # the case as read, later as written
    erased: int = 0     # whether a person was forgotten in what it read


class State(NamedTuple):
    queue: tuple[str, ...]                              # events on their way to line 4
    lanes: tuple[Lane, ...]
    todo: str                                           # what people in Trello may still do
    faults: int
    case: Case | None = None                            # its version is the number of its events
    index: frozenset[Mark] = frozenset()
    removals: tuple[Mark, ...] = ()                     # of entries: under way, their sender believes them done
    appliers: tuple[Applier, ...] = ()
    actions: tuple[str, ...] = ()                       # the board's, beyond the sweep's cursor; "~c", "~o": our own
    callbacks: tuple[str, ...] = ()                     # Trello is still trying
    unlisted: tuple[str, ...] = ()                      # actions that are not in the board's list yet
    sweeps: tuple[tuple[str, Any, Any, int], ...] = ()  # (its next step, what it read, what was not listed then, whether the cursor is still the one that it read)
    forget: tuple[Case, int] | None = None              # what an operator who forgets a person has read
    erased: int = 0                                     # whether the case has that person no more
    reader: tuple[str, Mark] | None = None

    def with_lane(self, n: int, **parts: Any) -> State:
        return self._replace(lanes=self.lanes[:n] + (self.lanes[n]._replace(**parts),) + self.lanes[n + 1:])

    def fault(self) -> State:
        return self._replace(faults=self.faults - 1)


def sort(items):
    return tuple(sorted(items))


def less(items: tuple, one) -> tuple:
    at = items.index(one)
    return items[:at] + items[at + 1:]


def more(items: tuple, one, most: int = 3) -> tuple:
    """Equal messages, not held, beyond `most` would do what those before them do."""
    return items if items.count(one) >= most else sort(items + (one,))


# ---- what a run explores, and the rules, one field each: the default is the protocol ----


@dataclass(frozen=True)
class Cfg:
    events: str                                 # written in Teams, at once on their way
    order: str                                  # of all events by time
    places: str
    people: str = ""                            # what people in Trello may do
    faults: int = 1
    allow: str = ""                             # kinds of faults
    appliers: int = 2                           # line 4 at once
    hands: int = 2                              # workers of a lane at once
    begun: str | None = None                    # the ticket is delivered when it begins, with these comments noted there
    vendor: bool = True                         # False: line 2 ends when the case is open
    sends: str = "sn"                           # line 4 sends s(yncs), n(otes), w: news, several events in one card
    echoes: bool = False                        # our own actions are in the board's list, too
    # index: "" is not looked at
    index: str = ""                             # numbered | reread | once: entries without a number
    applies: str = "case effects"               # steps of line 4
    # case and events
    fold: str = "time"                          # | arrival
    no_case: str = "waits"                      # | dropped
    decides: str = "prefix"                     # effects, by the case up to the event | now: by all of it
    back: str = "always"                        # a sync to where the event came from | never | differs
    brings: bool = True                         # earlier comments to a new place
    # deliveries
    undelivered: str = "awaited"                # an effect waits for a ticket that comes | waits: always | done: never
    finishes: bool = True                       # where a delivery may have begun, it is finished, asked for or not
    comes_back: bool = True                     # a sync that delivered makes the place agree, too
    revives: bool = True                        # a newer event tries a dead delivery again
    # syncs
    sync: str = "record case claim"             # the order of reading and claiming | case record claim | record case
    imperative: bool = False                    # commands ("archive") instead of syncs
    records: str = "made"                       # the version that was made | now: the newest
    doubt: str = "waits"                        # after an unknown outcome, until late effects have landed | goes on
    news: str = "post, cursor"                  # | cursor, post
    note: str = "record suspect look mark"      # what a note is guarded by
    # Trello
    own: str = "creator"                        # an action is ours by | nothing | header | header, state | state
    strangers: str = "callback"                 # who passes over a card that is not known yet: the sweep reads the card
    sweep: str = "send, cursor"                 # | cursor, send | none
    sweep_ids: str = "same"                     # | other
    sweeps: int = 1                             # at once
    overlap: bool = True                        # a sweep reads again what is older than its cursor
    # cases: who writes only over what it has read
    conditional: str = "line4 forget"

    def may(self, state: State, fault: str) -> bool:
        return state.faults > 0 and fault in self.allow.split()

    @property
    def numbered(self) -> bool:
        return self.index == "numbered"

    def order_of(self, case: Case | None) -> str:
        """What the code takes for the order of the events."""
        return self.order if self.fold == "time" else "".join(case or ())


def start(g: Cfg) -> State:
    state = State(sort(g.events), tuple(Lane(("t",) if place == FIRST else ()) for place in g.places), g.people, g.faults)
    if g.begun is None: return state
    noted = dict(notes=sort(("n" + one, Record("delivered", 0, 0)) for one in g.begun), posted=sort(("n" + one, 1, 0) for one in g.begun))
    record = Record("delivered", len(g.begun), 0)
    return state._replace(case=tuple(g.begun)).with_lane(g.places.index(FIRST), messages=(), record=record, card="o", copies=(1, 0), **noted)
