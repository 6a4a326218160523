"""Line 2: a ticket ("t", "r"), a sync ("s"), a note ("nE"). Each claims a record, calls the vendor, records."""
from __future__ import annotations

from typing import Callable, Iterator

from case_rules import FIRST, fold, marks, view
from events_state import Cfg, Record, State, Worker, less, more, sort
from explore import Step

# The steps between a claim and its end, by what claims.
DELIVERS, SYNCS, NOTES = ("look", "deliver", "write delivered"), ("set", "write version"), ("look for the note", "post", "write sent")
DELIVERED = ("delivered", "syncing", "sync over")


class Turn:
    """One worker of a lane about to do a step, and the states that can follow."""

    def __init__(self, state: State, g: Cfg, n: int, rest: tuple[Worker, ...], me: Worker):
        self.state, self.g, self.n, self.rest, self.me = state, g, n, rest, me
        self.place, self.lane = g.places[n], state.lanes[n]
        self.name = "%s: %s" % (self.place, me.message)
        self.is_note = me.message[0] == "n"
        # In a lane that is not the ticket's own, a redrive is the redrive of a sync.
        self.is_sync = me.message[0] == "s" or (me.message == "r" and self.place != FIRST)
        self.record = dict(self.lane.notes).get(me.message) if self.is_note else self.lane.record
        self.version = self.record.version if self.record else 0
        # A minute after a doubt, late effects have landed.
        self.is_early = bool(self.lane.flight) and (g.doubt == "waits" or not self.is_sync)
        suspect = self.lane.record is not None and (self.lane.record.suspect or self.lane.record.st == "claimed") and g.finishes
        # The ticket comes here, or may have come: the first priority or the present one asks for it, or a delivery began.
        self.is_awaited = self.place in (FIRST, fold(state.case or (), g.order_of(state.case))[1]) or suspect
        self.wants = view(state.case or (), g.order_of(state.case), self.place)

    def go(self, step: str, here: State | None = None, rest: tuple[Worker, ...] | None = None, **me) -> State:
        workers = sort((self.rest if rest is None else rest) + (self.me._replace(at=step, **me),))
        return (here or self.state).with_lane(self.n, workers=workers)

    def gone(self, here: State | None = None) -> State:
        return (here or self.state).with_lane(self.n, workers=self.rest)

    def back(self, here: State | None = None) -> State:
        here = self.gone(here)
        return here.with_lane(self.n, messages=sort(here.lanes[self.n].messages + (self.me.message,)))

    def keep(self, st: str, version: int = 0, suspect: int = 0, here: State | None = None) -> State:
        """With another record. That of the others is not fresh any more."""
        here, record = here or self.state, Record(st, version, suspect)
        if not self.is_note: return here.with_lane(self.n, record=record)
        notes = {**dict(self.lane.notes), self.me.message: record}
        return here.with_lane(self.n, notes=sort(notes.items()))

    @property
    def stale(self) -> tuple[Worker, ...]:
        same = lambda one: one.message == self.me.message if self.is_note else one.message[0] != "n"
        return sort(one._replace(fresh=0) if same(one) else one for one in self.rest)

    def claims(self, st: str, step: str, **me) -> Iterator[Step]:
        if not self.me.fresh: yield self.name + " claim is refused (412), starts again", self.back(), "norm"
        else: yield self.name + " claims", self.go(step, self.keep(st, self.version, self.me.suspect), self.stale, **me), "norm"

    def records(self, label: str, st: str, version: int = 0, suspect: int = 0) -> Iterator[Step]:
        if not self.me.fresh: yield self.name + label + " is refused (412), starts again", self.back(), "norm"
        else: yield from self.ends(label, self.keep(st, version, suspect).with_lane(self.n, workers=self.stale))

    def ends(self, label: str, here: State | None = None) -> Iterator[Step]:
        """The last step, and its acknowledgement, which may be missing."""
        here = here or self.gone()
        yield self.name + label, here, "norm"
        if self.g.may(self.state, "crash"):
            messages = sort(here.lanes[self.n].messages + (self.me.message,))
            yield self.name + label + ", crashes before it acknowledges", here.with_lane(self.n, messages=messages).fault(), "fault"

    def dies(self, here: State | None = None) -> State:
        """Killed: the message comes back, the claim ends."""
        at, here = self.me.at, self.back(here)
        if self.is_note: return self.keep("over", 0, 1, here) if at in NOTES and "record" in self.g.note else here
        if self.me.message == "w": return self.keep("over", self.version, 1, here) if at in ("post", "write cursor") else here
        if at in DELIVERS: return self.keep("over", self.version, 1, here)
        return self.keep("sync over", self.version, 1, here) if at in SYNCS and self.record.st == "syncing" else here

    def calls(self, effect: tuple[str, str, int], step: str, st: str) -> Iterator[Step]:
        """Done; or no answer, done or not; or done later, after the caller gave up."""
        label = "%s vendor: %s" % (self.name, effect)
        has_record = not self.is_note or "record" in self.g.note

        def in_doubt(here: State) -> State:
            here = self.back(here).with_lane(self.n, workers=self.stale)
            return (self.keep(st, self.version, 1, here) if has_record else here).fault()
        done = take(self.state, self.g, self.n, effect)
        yield label, self.go(step, done), "norm"
        if self.g.may(self.state, "unknown"):
            yield label + ", no answer", in_doubt(done), "fault"
            yield label + " is not done, no answer", in_doubt(self.state), "fault"
        if self.g.may(self.state, "late") and not self.lane.flight:
            later = self.state.with_lane(self.n, flight=(effect,))
            yield label + " is done later, no answer", in_doubt(later), "fault"
            yield label + " is done later, the function is killed", self.dies(later).fault(), "fault"


def take(state: State, g: Cfg, n: int, effect: tuple[str, str, int]) -> State:
    """The vendor does what it was asked."""
    kind, what, marked = effect
    lane = state.lanes[n]
    count = lambda plain, repeats: (plain, min(2, repeats + 1)) if marked else (min(2, plain + 1), repeats)
    if kind == "post":
        posted = {event: counts for event, *counts in lane.posted}
        posted[what] = count(*posted.get(what, (0, 0)))
        return state.with_lane(n, posted=sort((event, *counts) for event, counts in posted.items()))
    if kind == "card":
        for event in what: state = take(state, g, n, ("post", "n" + event, marked))
        return state
    if kind == "make": return state.with_lane(n, card=what, copies=count(*lane.copies))
    if g.places[n] == FIRST and lane.card != what and g.echoes:
        state = state._replace(actions=state.actions + ("~" + what,), callbacks=more(state.callbacks, "~" + what, 2))
    return state.with_lane(n, card=what)


def work(state: State, g: Cfg, n: int, rest: tuple[Worker, ...], me: Worker) -> Iterator[Step]:
    turn = Turn(state, g, n, rest, me)
    if me.at != "read" and g.may(state, "crash"): yield "%s crashes before: %s" % (turn.name, me.at), turn.dies().fault(), "fault"
    kind: Callable[[Turn], Iterator[Step]] = note if turn.is_note else news if me.message == "w" else sync_or_ticket
    yield from kind(turn)


def note(turn: Turn) -> Iterator[Step]:
    """Of one event at one place, by a record of its own. There is no look into a channel."""
    g, me, known, name = turn.g, turn.me, turn.record, turn.name
    can_look = turn.place == FIRST and "look" in g.note
    ticket = turn.lane.record.st if turn.lane.record else ""
    if me.at == "read":
        if turn.place != "N" and ticket not in DELIVERED:
            if g.undelivered == "done" or (g.undelivered == "awaited" and not turn.is_awaited): yield name + " finds its ticket not delivered here, ends", turn.gone(), "norm"
        elif "record" not in g.note: yield name + " has no record", turn.go("post"), "norm"
        elif known and known.st == "delivered": yield name + " was sent, ends", turn.gone(), "norm"
        elif known and (known.st == "claimed" or (known.suspect and turn.is_early)): return
        else: yield name + " is to be sent", turn.go("claim", fresh=1, suspect=known.suspect if known and "suspect" in g.note else 0), "norm"
    elif me.at == "claim": yield from turn.claims("claimed", "look for the note" if me.suspect and can_look else "post")
    elif me.at == "look for the note":
        is_there = any(message == me.message and plain + repeats for message, plain, repeats in turn.lane.posted)
        yield name + (" looks: it is there" if is_there else " looks: it is not there"), turn.go("write sent" if is_there else "post"), "norm"
    elif me.at == "post": yield from turn.calls(("post", me.message, 1 if me.suspect and not can_look and "mark" in g.note else 0), "write sent", "waiting")
    elif "record" not in g.note: yield from turn.ends(" is sent")
    else: yield from turn.records(" writes sent", "delivered", 0, me.suspect)


def news(turn: Turn) -> Iterator[Step]:
    """What happened since the last card, as one card. The record is a cursor: so many events of the case were sent."""
    g, me, record, name, case, sent = turn.g, turn.me, turn.record, turn.name, turn.state.case, turn.version
    if me.at == "read":
        if record is not None and (record.st == "claimed" or (record.suspect and turn.is_early)): return
        yield name + " reads its record", turn.go("read case", fresh=1, version=sent, suspect=record.suspect if record and "suspect" in g.note else 0), "norm"
    elif me.at == "read case":
        if me.version >= len(case): yield from turn.ends(" finds no news")
        else: yield name + " reads the case", turn.go("claim", value="".join(case[me.version:]), version=len(case)), "norm"
    elif me.at == "claim":
        if g.news == "post, cursor" or not me.fresh: yield from turn.claims("claimed", "post")
        else: yield name + " claims, with its cursor moved", turn.go("post", turn.keep("claimed", me.version, me.suspect), turn.stale), "norm"
    elif me.at == "post": yield from turn.calls(("card", me.value, 1 if me.suspect and "mark" in g.note else 0), "write cursor", "waiting")
    elif me.at == "write cursor": yield from turn.records(" writes its cursor", "delivered", me.version)


def sync_or_ticket(turn: Turn) -> Iterator[Step]:
    state, g, me, record, name = turn.state, turn.g, turn.me, turn.record, turn.name
    case, n, is_sync, made = state.case, turn.n, turn.is_sync, turn.version
    st, doubt = (record.st, record.suspect) if record else ("", 0)
    if me.at == "read":
        if st in DELIVERED and not is_sync: yield name + " finds it delivered, ends", turn.gone(), "norm"
        elif st in DELIVERED and g.sync.startswith("case"): yield name + " reads the case, before the record", turn.go("read record", version=len(case), value=turn.wants), "norm"
        elif (st in ("claimed", "syncing") and g.sync != "record case") or (doubt and turn.is_early): return
        elif st in DELIVERED: yield name + " finds it delivered", turn.go("read case", fresh=1, suspect=doubt), "norm"
        elif is_sync and (turn.place == FIRST or not turn.is_awaited):
            if not turn.is_awaited or g.undelivered == "done": yield name + " finds it not delivered here, ends", turn.gone(), "norm"
        # A redrive tries a dead one again, and so does a newer event.
        elif st == "dead" and me.message != "r" and not (is_sync and len(case) > made and g.revives): yield name + " finds it dead, ends", turn.gone(), "norm"
        else: yield name + " is to be delivered", turn.go("claim" if record or is_sync else "first entry" if g.index else "open case", fresh=1, suspect=doubt, version=len(case) if is_sync else 0), "norm"
    elif me.at in ("first entry", "open case", "old entry", "read again"): yield from open_case(turn)
    # a delivery
    elif me.at == "claim": yield from turn.claims("claimed", "look" if me.suspect and turn.place == FIRST else "deliver")
    elif me.at == "look": yield name + " looks", turn.go("write delivered" if sum(turn.lane.copies) else "deliver"), "norm"
    elif me.at == "deliver":
        yield from turn.calls(("make", "o", 1 if me.suspect and turn.place != FIRST else 0), "write delivered", "waiting")
        if g.may(state, "final"): yield name + " vendor: refused for good, dead", turn.keep("dead", me.version, me.suspect).with_lane(n, workers=turn.stale, messages=more(turn.lane.messages, "r")).fault(), "fault"
    elif me.at == "write delivered":
        # A sync that delivered comes back: what it made may be older than the state.
        if not is_sync or not g.comes_back: yield from turn.records(" writes delivered", "delivered")
        elif me.fresh: yield name + " writes delivered, comes back", turn.back(turn.keep("delivered")).with_lane(n, workers=turn.stale), "norm"
        else: yield name + " is refused (412), starts again", turn.back(), "norm"
    # a sync of what is delivered
    elif me.at == "read record":
        if st == "syncing" or (doubt and turn.is_early): yield name + " finds another sync at work, back", turn.back(), "norm"
        else: yield name + " finds it delivered", turn.go("claim sync", fresh=1, suspect=doubt), "norm"
    elif me.at == "read case":
        is_command = len(me.message) > 1
        if made == len(case) and not is_command: yield from turn.ends(" finds that version made")
        else: yield name + " reads the case", turn.go("claim sync" if "claim" in g.sync else "set", version=len(case), value=me.message[1] if is_command else turn.wants), "norm"
    elif me.at == "claim sync": yield from turn.claims("syncing", "set")
    elif me.at == "set": yield from turn.calls(("set", me.value, 0), "write version", "delivered")
    elif me.at == "write version": yield from turn.records(" writes the version", "delivered", me.version if g.records == "made" else len(case))


def open_case(turn: Turn) -> Iterator[Step]:
    """Entries first, then the case, if there is none."""
    state, g, me, name, case = turn.state, turn.g, turn.me, turn.name, turn.state.case
    first = marks((), g.order, g.numbered)
    if me.at == "first entry":
        yield name + " puts the first entry", turn.go("open case", state._replace(index=state.index | first)), "norm"
    elif me.at == "open case":
        opened = state._replace(case=case or ())
        if case is not None and g.index: yield name + " finds the case", turn.go("old entry", version=len(case)), "norm"
        else: yield name + " opens the case", turn.go("claim", opened) if g.vendor else turn.gone(opened), "norm"
    elif me.at == "old entry":
        seen = case[: me.version]
        index = state.index - (first - marks(seen, g.order_of(seen), True)) if g.numbered else marks(seen, g.order_of(seen), False)
        settled = state._replace(index=index)
        yield name + " removes its entry unless it is asked for", turn.go("read again", settled) if g.index == "reread" else turn.gone(settled), "norm"
    elif len(case) == me.version: yield name + " reads again: the same", turn.gone(), "norm"
    else: yield name + " reads again: newer", turn.go("old entry", version=len(case)), "norm"
