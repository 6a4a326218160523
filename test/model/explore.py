"""Breadth first through every state that a protocol can reach; the shortest trace of each violation."""
from __future__ import annotations

import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Callable, Iterable

# What follows a state: (what happened, the state then, "norm" | "fault" | "env"). Only "norm" must come to an end.
Step = tuple[str, Any, str]


@dataclass
class Result:
    states: int
    complete: bool
    secs: float
    found: dict[str, tuple[list[str], Any]] = field(default_factory=dict)


def explore(first: Any, steps: Callable[[Any], Iterable[Step]], unsafe: Callable[[Any], str | None],
            verdict: Callable[[Any], str | None], *, limit: int = 6_000_000, budget_s: float = 600, until_found: bool = False) -> Result:
    """`unsafe` judges every state, `verdict` those where nothing is left to do without a fault. From each state one of
    those must be reachable. `until_found` ends with the first violation."""
    began = time.time()
    index, states, came = {first: 0}, [first], [(-1, "")]
    before: list[list[int]] = [[]]              # normal steps backwards, for the check that there is a way out
    found: dict[str, int] = {}
    ends: list[int] = []
    todo, complete = deque([0]), True
    while todo:
        at = todo.popleft()
        why = unsafe(states[at])
        goes_on = False
        if why is None:
            for label, then, kind in steps(states[at]):
                known = index.get(then)
                if known is None:
                    if len(states) >= limit or time.time() - began > budget_s: complete = False; continue
                    known = index[then] = len(states)
                    states.append(then); came.append((at, label)); before.append([]); todo.append(known)
                if kind == "norm":
                    goes_on = True
                    if known != at: before[known].append(at)
            if not goes_on: why = verdict(states[at])
        if why is not None: found.setdefault(why, at)
        if not goes_on: ends.append(at)
        if found and until_found: break
    if complete and not (found and until_found):
        reached = bytearray(len(states))
        for at in ends: reached[at] = 1
        while ends:
            for one in before[ends.pop()]:
                if not reached[one]: reached[one] = 1; ends.append(one)
        stuck = reached.find(0)
        if stuck >= 0: found["no exit: never quiet again (livelock or stuck)"] = stuck

    def trace(at: int) -> list[str]:
        out = []
        while came[at][0] >= 0: out.append(came[at][1]); at = came[at][0]
        return out[::-1]
    return Result(len(states), complete, time.time() - began, {why: (trace(at), states[at]) for why, at in found.items()})


def show(title: str, result: Result, most: int = 3) -> None:
    print("\n== %s: %d states, %s" % (title, result.states, "exhaustive within bounds" if result.complete else "CUT OFF"))
    for why, (trace, state) in sorted(result.found.items(), key=lambda one: len(one[1][0]))[:most]:
        print(" * %s" % why)
        for number, label in enumerate(trace, 1): print("   %2d. %s" % (number, label))
        print("       end: %s" % (state,))
    sys.stdout.flush()
