"""Line 4, which adds events to the case; and those who read its index."""
from __future__ import annotations

from typing import Iterator

from case_rules import FORGETS, Case, changes, effects, fold, marks
from events_state import Applier, Cfg, State, more, sort
from explore import Step


def effects_of(g: Cfg, event: str, saw: Case, case: Case):
    known = case if g.decides == "now" else saw if event in saw else saw + (event,)
    out = effects(known, event, g.order_of(known), g.places, g.back, g.brings)
    if g.decides == "now": out = tuple(one for one in out if one[1] == "s" or one[0] in ("N", fold(case, g.order)[1]))
    if g.imperative: out = tuple((place, "s" + ("c" if event in "CX" else "o")) if message == "s" else (place, message) for place, message in out)
    if "w" in g.sends: out = tuple((place, "w" if place == "N" else message) for place, message in out)
    return tuple(sorted({one for one in out if one[1][0] in g.sends}))


def apply_event(state: State, g: Cfg, rest: tuple[Applier, ...], me: Applier) -> Iterator[Step]:
    """`rest`: the others at work. An event that is received is read in the same step: no other function
    sees the one without the other. What would go back at once changes nothing, and is no step."""
    at, event, saw, erased = me
    case, index = state.case, state.index
    name = "line 4, %s" % event
    entries = lambda known: marks(known, g.order_of(known), g.numbered)
    after = dict(zip(["read", *g.applies.split()], [*g.applies.split(), "acknowledge"]))

    def go(step, here=state, saw=saw, erased=erased):
        return here._replace(appliers=sort(rest + (Applier(step, event, saw, erased),)))

    def back(here=state):
        return here._replace(appliers=rest, queue=more(here.queue, event))

    if at != "read" and g.may(state, "crash"): yield name + " crashes before: " + at, back().fault(), "fault"
    if at == "read":
        if case is None:
            if g.no_case == "dropped": yield name + ": no case, dropped", state._replace(appliers=rest), "norm"
        elif event in case: yield name + " reads: it is there already", go(after["case"], saw=case, erased=state.erased), "norm"
        else: yield name + " reads the case", go(after[at], saw=case, erased=state.erased), "norm"
    elif at == "entries":
        yield name + " puts the entries that will be true", go(after[at], state._replace(index=index | entries(saw + (event,)))), "norm"
    elif at == "case":
        written = state._replace(case=saw + (event,), erased=erased)
        if (case, state.erased) != (saw, erased) and "line4" in g.conditional: yield name + " is refused (412), starts again", back(), "norm"
        else:
            yield name + " writes the case", go(after[at], written, saw + (event,)), "norm"
            if g.may(state, "lost"): yield name + " writes the case, the answer is lost", back(written).fault(), "fault"
    elif at == "tidy":
        gone = entries(saw[: saw.index(event)]) - entries(saw) if g.numbered else index - entries(saw)
        done = go(after[at] if g.index != "reread" else "read again", state._replace(index=index - gone if g.numbered else entries(saw)))
        yield name + " removes the entries no longer true", done, "norm"
        for mark in gone if g.may(state, "late") else ():
            yield name + " removes them; a first try of it lands later", done._replace(removals=(mark,)).fault(), "fault"
    elif at == "read again":
        if case == saw: yield name + " reads again: the same", go(after["tidy"]), "norm"
        else: yield name + " reads again: newer", go("tidy", saw=case), "norm"
    elif at == "effects":
        then = state
        for place, message in effects_of(g, event, saw, case):
            n = g.places.index(place)
            then = then.with_lane(n, messages=more(then.lanes[n].messages, message, 1))
        if after[at] != "acknowledge": yield name + " sends notes and syncs", go(after[at], then), "norm"
        else:
            yield name + " sends notes and syncs, acknowledges", then._replace(appliers=rest), "norm"
            if g.may(state, "crash"): yield name + " sends notes and syncs, crashes", back(then).fault(), "fault"
    elif at == "acknowledge": yield name + " acknowledges", state._replace(appliers=rest), "norm"


def forget(state: State, g: Cfg) -> Iterator[Step]:
    """An operator erases a person from the case: its events stay, with their ids."""
    case = state.case
    if FORGETS in state.todo and case is not None:
        yield "an operator forgets a person, reads the case", state._replace(todo=state.todo.replace(FORGETS, ""), forget=(case, state.erased)), "norm"
    if state.forget is None: return
    if g.may(state, "crash"): yield "the operator stops, and begins again", state._replace(forget=None, todo=state.todo + FORGETS).fault(), "fault"
    if state.forget != (case, state.erased) and "forget" in g.conditional: yield "the erased case is refused (412), read again", state._replace(forget=(case, state.erased)), "norm"
    else: yield "the erased case is written", state._replace(case=state.forget[0], erased=1, forget=None), "norm"


def read_index(state: State, g: Cfg) -> Iterator[Step]:
    """A list, or the sweep: finds an entry that the case does not ask for, and removes it, at any time later."""
    case, index = state.case, state.index
    if state.reader is None:
        for mark in index if case is not None else ():
            if mark in marks(case, g.order_of(case), g.numbered) or (g.numbered and mark[1] > changes(case)): continue
            yield "a reader finds %s not asked for" % (mark,), state._replace(reader=("remove", mark)), "norm"
        return
    at, mark = state.reader
    if g.may(state, "crash"): yield "the reader dies", state._replace(reader=None).fault(), "fault"
    if at == "remove": yield "the reader removes %s" % (mark,), state._replace(index=index - {mark}, reader=None if g.numbered else ("read again", mark)), "norm"
    else: yield "the reader reads again", state._replace(index=index | marks(case, g.order_of(case), False), reader=None), "norm"
