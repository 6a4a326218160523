#!/usr/bin/env python3
"""Explicit-state model of what follows acceptance: case, events, index, notes, syncs (docs/pipeline.md). See README.md.

One ticket; line 2 in each of its lanes, line 4, Trello's people and callbacks, the sweep, a reader of the index; a
budget of faults. Every step is atomic: (label, next state, kind), kind = norm | fault | env (a person may act, or not).
"""
from __future__ import annotations

import sys
from typing import Iterator

import events_apply
import events_lane
import events_trello
from case_rules import FIRST, FORGETS, effects, fold, marks, view
from events_state import Applier, Cfg, State, Worker, less, more
from explore import Step


def steps(state: State, g: Cfg) -> Iterator[Step]:
    for applier in sorted(set(state.appliers)): yield from events_apply.apply_event(state, g, less(state.appliers, applier), applier)
    for event in sorted(set(state.queue)):
        if len(state.appliers) < g.appliers:
            yield from events_apply.apply_event(state._replace(queue=less(state.queue, event)), g, state.appliers, Applier("read", event))
    if g.may(state, "dup"):
        for event in {*state.queue, *(applier.event for applier in state.appliers)}:
            if state.queue.count(event) < 2: yield "SQS duplicates %s" % event, state._replace(queue=more(state.queue, event)).fault(), "fault"
    for n, (place, lane) in enumerate(zip(g.places, state.lanes)):
        for worker in sorted(set(lane.workers)): yield from events_lane.work(state, g, n, less(lane.workers, worker), worker)
        for message in sorted(set(lane.messages)):
            if len(lane.workers) < g.hands:
                yield from events_lane.work(state.with_lane(n, messages=less(lane.messages, message)), g, n, lane.workers, Worker("read", message))
        if g.may(state, "dup"):
            for message in {*lane.messages, *(worker.message for worker in lane.workers)}:
                if lane.messages.count(message) < 2: yield "%s: SQS duplicates %s" % (place, message), state.with_lane(n, messages=more(lane.messages, message)).fault(), "fault"
        for effect in lane.flight:
            yield "%s: a late effect lands: %s" % (place, effect), events_lane.take(state.with_lane(n, flight=less(lane.flight, effect)), g, n, effect), "norm"
    for mark in state.removals:
        yield "a first try of a removal lands: %s" % (mark,), state._replace(index=state.index - {mark}, removals=less(state.removals, mark)), "norm"
    if g.people or g.echoes:
        yield from events_trello.people(state, g)
        yield from events_trello.sweep(state, g)
    if g.index: yield from events_apply.read_index(state, g)
    if FORGETS in g.people: yield from events_apply.forget(state, g)


def unsafe(state: State, g: Cfg) -> str | None:
    if g.numbered and state.case is not None and not marks(state.case, g.order, True) <= state.index: return "an open ticket is not in the index"
    for place, lane in zip(g.places, state.lanes):
        # Where a function can look, it makes no second one, marked or not.
        count = sum if place == FIRST else (lambda counts: counts[0])
        if count(lane.copies) > 1: return "delivered twice at %s, not marked" % place
        if any(count(counts) > 1 for _, *counts in lane.posted): return "a note twice at %s, not marked" % place
    return None


def verdict(state: State, g: Cfg) -> str | None:
    """Of a state where nothing is left to do."""
    case, index = state.case, state.index
    if state.queue or state.appliers or state.sweeps or state.forget or state.reader or any(lane.messages or lane.workers for lane in state.lanes): return "stuck: a message waits for ever"
    if case is None: return "no case"
    if FORGETS in g.people and not state.erased: return "a forgotten person is in the case"
    happened = {*g.events, *g.people.replace(FORGETS, ""), *(g.begun or "")} - set(state.todo)
    if set(case) - happened: return "an event that never happened"
    if happened - set(case): return "an event is lost"
    if g.index and not {place for place, _ in marks(case, g.order, False)} <= {place for place, _ in index}: return "an open ticket is not in the index"
    if g.index and index != marks(case, g.order, g.numbered): return "a stale entry stays in the index"
    is_open, asked = fold(case, g.order)
    for place, lane in zip(g.places, state.lanes) if g.vendor else ():
        is_there = place == "N" or sum(lane.copies) > 0
        if not is_there and (place == FIRST or (place == asked and is_open)): return "not delivered at %s" % place
        due = {message for event in case for at, message in effects(case, event, g.order, g.places, "always", True) if at == place and message != "s"}
        if is_there and ("n" in g.sends or (place == "N" and "w" in g.sends)) and due - {message for message, *_ in lane.posted}: return "a note is missing at %s" % place
        if is_there and "s" in g.sends and place != "N" and lane.card != view(case, g.order, place): return "%s does not agree with the state" % place
    return None


if __name__ == "__main__":
    import events_runs
    events_runs.main(sys.argv[1:])
