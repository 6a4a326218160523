"""The board: people who act, callbacks, the sweep."""
from __future__ import annotations

from typing import Iterator

from case_rules import FIRST, view
from events_state import Cfg, State, less, more, sort
from explore import Step


def people(state: State, g: Cfg) -> Iterator[Step]:
    n = g.places.index(FIRST)
    card = state.lanes[n].card
    for action in state.todo:
        if not card or (action == "X" and card != "o"): continue
        done = state._replace(todo=state.todo.replace(action, ""), actions=state.actions + (action,), callbacks=sort(state.callbacks + (action,)))
        yield "a person in Trello: %s" % action, done.with_lane(n, card="c") if action == "X" else done, "env"
    for action in sorted(set(state.callbacks)):
        tried = state._replace(callbacks=less(state.callbacks, action))
        yield "Trello calls back: %s" % action, hear(tried, g, action, "callback"), "norm"
        if g.may(state, "away"): yield "Trello gives a callback up: %s" % action, tried.fault(), "fault"


def hear(state: State, g: Cfg, action: str, seen_by: str) -> State:
    """An action becomes an event, or is none."""
    record = state.lanes[g.places.index(FIRST)].record
    is_known = record is not None and record.st in ("delivered", "syncing", "sync over")
    if not is_known and seen_by in g.strangers: return state
    if action[0] != "~": return state._replace(queue=more(state.queue, action + "2" if seen_by == "sweep" and g.sweep_ids == "other" else action))
    did = action[1]
    by_state = g.own == "state" or (g.own == "header, state" and seen_by == "sweep")
    if g.own == "creator" or (g.own.startswith("header") and seen_by == "callback"): return state
    if by_state and view(state.case, g.order_of(state.case), FIRST) == did: return state
    return state if did in state.queue or did in state.case else state._replace(queue=more(state.queue, did))


def sweep(state: State, g: Cfg) -> Iterator[Step]:
    """Reads the board's actions beyond its cursor, sends what is an event, moves the cursor."""
    if g.sweep == "none": return
    if state.sweep is None:
        if state.actions: yield "the sweep reads the board's actions", state._replace(sweep=(g.sweep.split(", ")[0], state.actions)), "norm"
        return
    at, seen = state.sweep
    if g.may(state, "crash"): yield "the sweep crashes", state._replace(sweep=None).fault(), "fault"
    last = g.sweep.endswith(at)
    then = state._replace(sweep=None if last else ("cursor" if at == "send" else "send", seen))
    if at == "cursor": yield "the sweep moves its cursor", then._replace(actions=state.actions[len(seen):]), "norm"
    else:
        for action in seen: then = hear(then, g, action, "sweep")
        yield "the sweep sends what it saw", then, "norm"
