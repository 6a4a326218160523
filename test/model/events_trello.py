"""The board: people who act, callbacks, the sweep."""
from __future__ import annotations

from typing import Iterator

from case_rules import FIRST, FORGETS, view
from events_state import Cfg, State, less, more, sort
from explore import Step


def people(state: State, g: Cfg) -> Iterator[Step]:
    n = g.places.index(FIRST)
    card = state.lanes[n].card
    for action in state.todo.replace(FORGETS, ""):
        if not card or (action == "X" and card != "o"): continue
        done = state._replace(todo=state.todo.replace(action, ""), actions=state.actions + (action,), callbacks=sort(state.callbacks + (action,)))
        done = done.with_lane(n, card="c") if action == "X" else done
        yield "a person in Trello: %s" % action, done, "env"
        if g.may(state, "unlisted"): yield "a person in Trello: %s, listed later" % action, done._replace(actions=state.actions, unlisted=state.unlisted + (action,)).fault(), "fault"
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
    """Reads the board's actions beyond its cursor, sends what is an event, moves the cursor. Several do it at once."""
    if g.sweep == "none": return
    for action in sorted(set(state.unlisted)):
        yield "the board lists %s" % action, state._replace(unlisted=less(state.unlisted, action), actions=state.actions + (action,)), "norm"
    # One that reads what another has read already does what that one does.
    if state.actions and len(state.sweeps) < g.sweeps:
        begun = (g.sweep.split(", ")[0], state.actions, state.unlisted, 1)
        yield "a sweep reads the board's actions", state._replace(sweeps=sort(state.sweeps + (begun,))), "norm"
    for me in sorted(set(state.sweeps)):
        at, seen, missed, fresh = me
        rest = less(state.sweeps, me)
        if g.may(state, "crash"): yield "a sweep crashes", state._replace(sweeps=rest).fault(), "fault"
        if at == "cursor" and not fresh:
            yield "a sweep's cursor is refused (412)", state._replace(sweeps=rest), "norm"
            continue
        others = sort((*one[:3], 0) for one in rest) if at == "cursor" else rest
        then = state._replace(sweeps=others if g.sweep.endswith(at) else sort(others + (("cursor" if at == "send" else "send", seen, missed, fresh),)))
        if at == "cursor":
            # By its time: what is listed later is older than the cursor, and is read again only where sweeps overlap.
            passed = () if g.overlap else missed
            left = tuple(one for one in state.actions if one not in seen + passed)
            yield "a sweep moves its cursor", then._replace(actions=left, unlisted=tuple(one for one in state.unlisted if one not in passed)), "norm"
        else:
            for action in seen: then = hear(then, g, action, "sweep")
            yield "a sweep sends what it saw", then, "norm"
