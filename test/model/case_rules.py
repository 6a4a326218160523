"""What a set of events means: the pure part of the model in events.py, as ticket-core is of the code.

An event is a letter, followed by "2" where a sweep made up an id of its own. A case is the tuple of its events in the
order in which they came; the state is their fold in order of time.
  C closed, R reopened, P priority high, S the same again, Q priority medium, M commented: written in Teams
  X archived, m commented: done by a person in Trello     c o: archive and unarchive by ourselves, taken for news
Places: T the board (medium), K the alert channel (high), N the news in Teams.
"""
from __future__ import annotations

from functools import lru_cache

Case = tuple[str, ...]
Mark = tuple[str, int]      # an index entry: the list it is in, and the number of changes that it was made of
FIRST = "T"                 # the ticket's own priority is medium
CLOSES, OPENS, COMMENTS, MOVES = "CXc", "Ro", "Mm", {"P": "K", "Q": "T", "S": "K"}
ECHOES = "co"
FORGETS = "F"               # an operator erases a person's name and words from the case


def origin(event: str) -> str:
    return FIRST if event[0] in "Xmco" else "N"


@lru_cache(None)
def fold(case: Case, order: str) -> tuple[bool, str]:
    """(is it open, the place that its priority asks for), whatever the order in which the events came."""
    is_open, place = True, FIRST
    for event in sorted(case, key=lambda one: (order.find(one[0]) if one[0] in order else 100 + case.index(one), one)):
        if event[0] in CLOSES: is_open = False
        elif event[0] in OPENS: is_open = True
        else: place = MOVES.get(event[0], place)
    return is_open, place


def view(case: Case, order: str, place: str) -> str:
    """How the ticket must look at a place: o(pen), or c(losed) there."""
    is_open, asked = fold(case, order)
    return "o" if is_open and asked == place else "c"


def changes(case: Case) -> int:
    """How many events of a case can change its index entries: comments change none."""
    return sum(event[0] not in COMMENTS for event in case)


@lru_cache(None)
def marks(case: Case, order: str, numbered: bool) -> frozenset[Mark]:
    """The index entries of a case."""
    is_open, place = fold(case, order)
    return frozenset([(place, changes(case) if numbered else 0)] if is_open else [])


@lru_cache(None)
def effects(case: Case, event: str, order: str, places: str, back: str, brings: bool) -> tuple[tuple[str, str], ...]:
    """The notes and syncs of one event, as (place, message). They follow from the case up to the event and from nothing
    that came later, so that a repeat decides the same."""
    upto = case[: case.index(event) + 1]
    was, now = fold(upto[:-1], order)[1], fold(upto, order)[1]
    held = {FIRST, *(fold(upto[:n], order)[1] for n in range(len(upto) + 1))}
    out = set()
    for place in held:
        came_from_here = origin(event) == place
        did = "c" if event[0] in CLOSES else "o"
        if not came_from_here or back == "always" or (back == "differs" and view(upto, order, place) != did):
            out.add((place, "s"))
    if was != now:
        out.add((was, "n" + event))
        if brings: out.update((now, "n" + one) for one in upto[:-1] if one[0] in COMMENTS and origin(one) != now)
    elif origin(event) != now:
        out.add((now, "n" + event))
    out.add(("N", "n" + event))
    return tuple(sorted(one for one in out if one[0] in places))
