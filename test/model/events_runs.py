"""Which configurations are explored: `python3 events.py check` in CI, `python3 events.py whole` with more faults."""
from __future__ import annotations

import sys
from functools import partial

import events
from events_state import Cfg, start
from explore import explore, show

# One part of the protocol each: all together have too many states.
INDEX = dict(events="CR", order="CR", places="T", vendor=False, sends="", index="numbered", applies="entries case tidy effects", allow="crash dup lost late")
SYNCS = dict(events="CR", order="CR", places="T", sends="s", allow="crash dup lost unknown late")
NOTES = dict(events="M", order="M", places="TN", sends="n", allow="crash dup unknown late")
NEWS = dict(events="CR", order="CR", places="TN", begun="", sends="w", allow="crash dup unknown late")
DEATH = dict(events="C", order="C", places="T", sends="s", allow="crash final")
BOARD = dict(events="M", order="MX", places="T", people="X", sends="s", allow="crash dup away")
SWEEPS = dict(events="", order="MX", places="T", people="X", begun="", sends="s", sweeps=2, appliers=1, hands=1, allow="crash away unlisted")
FORGETS = dict(events="CM", order="CM", places="T", people="F", begun="", sends="n", allow="crash dup lost")
ECHOES = dict(events="CR", order="CR", places="T", sends="s", echoes=True, appliers=1, hands=1, allow="crash")
MOVES = dict(events="PQ", order="PQ", places="TK", sends="s", hands=1, allow="crash unknown late")
MOVED_DEATH = dict(begun="", events="PQS", order="PQS", places="TK", sends="s", appliers=1, hands=1, allow="final")
TALK = dict(begun="", events="PM", order="PM", places="TK", appliers=1, hands=1, allow="crash")
RETURN = dict(begun="", events="PMQ", order="PMQ", places="TK", sends="n", appliers=1, hands=1, allow="crash")

BUILT = [
    ("index", INDEX, dict(faults=2)), ("index, the other order", INDEX, dict(faults=2, order="RC")),
    ("index, closed, reopened, moved", INDEX, dict(events="CRP", order="CRP", faults=0)), ("index, moved", INDEX, dict(events="CP", order="PC")),
    ("syncs", SYNCS, dict(faults=1)), ("syncs, the other order", SYNCS, dict(faults=1, order="RC")),
    ("notes", NOTES, dict(faults=2)),
    ("news of several events in one card", NEWS, {}),
    ("a dead ticket is redriven", DEATH, dict(faults=2)),
    ("a person archives, Teams comments", BOARD, {}), ("a person archives, Teams reopens", BOARD, dict(events="R", order="XR")),
    ("a person comments", BOARD, dict(events="C", order="mC", people="m", sends="n")),
    ("two sweeps at once, and an action that is listed late", SWEEPS, dict(faults=2)), ("two sweeps, two actions", SWEEPS, dict(people="Xm", order="mX", sends="n")),
    ("a person is forgotten", FORGETS, {}),
    ("our own actions come back", ECHOES, {}),
    ("moves, and back", MOVES, {}), ("moves back first", MOVES, dict(order="QP", begun="")),
    ("moves, with a comment", TALK, dict(begun="M", events="P", allow="crash unknown")), ("a comment at a place that it leaves", RETURN, {}),
]
WHOLE = [
    ("index", INDEX, dict(faults=3)), ("index, closed, reopened, moved", INDEX, dict(events="CRP", order="PRC", faults=2)),
    ("syncs", SYNCS, dict(faults=2)), ("syncs, the other order", SYNCS, dict(faults=2, order="RC")),
    ("notes", NOTES, dict(faults=3)), ("news of several events in one card", NEWS, dict(faults=2)), ("a dead ticket is redriven", DEATH, dict(faults=3, allow="crash final unknown late")),
    ("a person archives, Teams comments", BOARD, dict(faults=2)), ("our own actions come back", ECHOES, dict(faults=2)),
    ("moves, dies there, and back, and moves", MOVED_DEATH, {}),
    ("moves, and back", MOVES, dict(hands=2)), ("moves, and a comment", TALK, dict(hands=2, faults=0)),
    ("moves, and a comment", TALK, dict(allow="crash unknown")), ("moves, and a comment, late", TALK, dict(begun=None)),
]
# One rule left out at a time: the model must find the violation that the rule prevents.
RULES_LEFT_OUT = [
    ("entries without a number, a reader dies", "not in the index", INDEX, dict(index="reread", allow="crash")),
    ("entries without a number, a removal lands late", "not in the index", INDEX, dict(index="reread", allow="late")),
    ("entries without a number, not read again", "not in the index", INDEX, dict(index="once", faults=0)),
    ("entries after the write", "not in the index", INDEX, dict(applies="case entries tidy effects", order="RC", faults=0)),
    ("an event without a case waits", "an event is lost", INDEX, dict(no_case="dropped", faults=0)),
    ("events in order of time", "does not agree", SYNCS, dict(fold="arrival", faults=0)),
    ("effects after the write", "does not agree", SYNCS, dict(applies="effects case", faults=0)),
    ("effects before the acknowledgement", "does not agree", SYNCS, dict(applies="case", faults=0, order="RC")),
    ("syncs, no commands", "does not agree", SYNCS, dict(imperative=True, faults=0)),
    ("a claim for syncs", "does not agree", SYNCS, dict(sync="record case", faults=0)),
    ("the record read before the case", "does not agree", SYNCS, dict(sync="case record claim", faults=0)),
    ("the version that was made", "does not agree", SYNCS, dict(records="now", faults=0)),
    ("a wait after a doubt", "does not agree", SYNCS, dict(doubt="goes on")),
    ("a sync waits for a ticket that comes", "does not agree", DEATH, dict(undelivered="done", faults=0)),
    ("a note waits for a ticket that comes", "a note is missing", NOTES, dict(undelivered="done", faults=0)),
    ("a record for a note", "a note twice", NOTES, dict(note="suspect look mark", allow="dup")),
    ("a note in doubt is a suspect", "a note twice", NOTES, dict(note="record look mark", allow="crash")),
    ("a repeated note is marked", "a note twice", NOTES, dict(note="record suspect look", allow="crash")),
    ("a suspect comment is looked for", "a note twice", NOTES, dict(note="record suspect mark", places="T", allow="crash")),
    ("the cursor of the news after the card", "a note is missing", NEWS, dict(news="cursor, post", allow="crash")),
    ("a repeated card of news is marked", "a note twice", NEWS, dict(note="record suspect", allow="crash")),
    ("news in doubt are a suspect", "a note twice", NEWS, dict(note="record mark", allow="unknown")),
    ("a sync to where the event came from", "does not agree", BOARD, dict(back="never", events="R", order="XR", faults=0)),
    ("also where the state is what the event did", "does not agree", BOARD, dict(back="differs", faults=0)),
    ("a sweep", "an event is lost", BOARD, dict(sweep="none", allow="away")),
    ("a sweep sends, then moves its cursor", "an event is lost", BOARD, dict(sweep="cursor, send", events="", faults=2)),
    ("a sweep reads again what is older than its cursor", "an event is lost", SWEEPS, dict(overlap=False, people="Xm", order="mX", sends="n", faults=2)),
    ("two sweeps, the same ids", "never happened", SWEEPS, dict(sweep_ids="other", faults=0)),
    ("line 4 writes over what it has read", "an event is lost", SYNCS, dict(conditional="forget", faults=0)),
    ("a person who is forgotten stays so", "a forgotten person", FORGETS, dict(conditional="forget", events="C", faults=0)),
    ("forget writes over what it has read", "an event is lost", FORGETS, dict(conditional="line4", faults=0)),
    ("a sweep uses the same ids", "never happened", BOARD, dict(sweep_ids="other", faults=0)),
    ("a sweep reads a card that is not known", "an event is lost", BOARD, dict(strangers="callback sweep", events="", faults=0)),
    ("our own action is no event", "never happened", ECHOES, dict(own="nothing", faults=0)),
    ("not by the header alone", "never happened", ECHOES, dict(own="header", faults=0)),
    ("not by the header, and by the state in the sweep", "never happened", ECHOES, dict(own="header, state", faults=0)),
    ("not by the state", "never happened", ECHOES, dict(own="state", faults=0)),
    ("earlier comments come to a new place", "a note is missing", RETURN, dict(brings=False, faults=0)),
    ("effects by the case up to the event", "a note is missing", RETURN, dict(decides="now")),
    ("no effect waits for a ticket that went on", "waits for ever", RETURN, dict(undelivered="waits", sends="sn", faults=0)),
    ("a delivery that may have begun is finished", "does not agree", MOVES, dict(finishes=False, allow="unknown")),
    ("a sync that delivered makes the place agree", "does not agree", MOVES, dict(comes_back=False)),
    ("a newer event tries a dead delivery again", "not delivered at K", MOVED_DEATH, dict(revives=False)),
]


def run(title: str, expected: str | None, **settings) -> bool:
    """`expected`: part of the violation that must be found first, or None where there must be none."""
    g = Cfg(**settings)
    result = explore(start(g), partial(events.steps, g=g), partial(events.unsafe, g=g), partial(events.verdict, g=g), until_found=expected is not None)
    found = list(result.found)
    good = result.complete and (not found if expected is None else any(expected in one for one in found))
    print("%s  %s: %d states, %s (%.1f s)" % ("as expected" if good else "UNEXPECTED ", title, result.states, "; ".join(found) or "no violation", result.secs), flush=True)
    if not good or "-v" in sys.argv: show(title, result)
    return good


def main(args: list[str]) -> None:
    results = [run("%s, %d faults" % (title, {"faults": 1, **k}["faults"]), None, **{**part, **k}) for title, part, k in (WHOLE if "whole" in args else [] if "rules" in args else BUILT)]
    results += [run("without: " + title, expected, **{**part, **k}) for title, expected, part, k in ([] if "whole" in args else RULES_LEFT_OUT)]
    sys.exit(0 if all(results) else 1)
