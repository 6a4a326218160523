"""Which configurations are explored: `python3 model.py check` in CI, `python3 model.py whole` with one fault more."""
import sys
from functools import partial
import model
from explore import explore, show
from model import Cfg

SINKS = ("slack", "trello", "s3")
# What the code does. `over` and `lookdead` of the model are not part of it.
AS_BUILT = dict(redrive="msg", life=True, dlqclaim=True, dlqdel=True, sticky=True, nonce=True, keepcause=True, case=True, kept=True)

def run(title, expected, **k):
    """`expected`: part of the violation that must be found, or None where there must be none."""
    g = Cfg(**{**AS_BUILT, **k})
    result = explore(model.start(g), partial(model.steps, g=g), partial(model.unsafe, g=g), partial(model.verdict, g=g))
    found = list(result.found)
    good = result.complete and (not found if expected is None else any(expected in one for one in found))
    print("%s  %s: %d states, %s (%.0f s)" % ("as expected" if good else "UNEXPECTED ", title, result.states,
          "; ".join(found) or "no violation", result.secs))
    if not good: show(title, result)
    return good

def as_built(faults):
    return all([run("as built, %s, %d faults, 2 redrives, 3 copies" % (sink, faults), None, sink=sink, faults=faults, ops=2, copies=3)
                for sink in SINKS])

def no_is_final():
    """Without crashes and failures of S3 a final "no" is never asked for again, whatever the dead-letter queue does."""
    allow = {"vfinal", "sqsunk", "dup", "acklost"}
    return all([run("a final no, %s" % sink, None, sink=sink, faults=3, ops=1, allow=allow, asks=True) for sink in SINKS])

# One rule left out at a time: the model must find the violation that the rule prevents.
RULES_LEFT_OUT = [
    ("a redrive that writes the ledger", "LOST", dict(redrive="text", life=False, faults=1, ops=1, allow={"vfinal"})),
    ("report-dead does not wait for a live claim", "told dead, record says delivered", dict(dlqclaim=False, faults=3, ops=1, copies=3, allow={"dup", "native", "acklost"})),
    ("report-dead ignores what was delivered", "told dead, record says delivered", dict(dlqdel=False, life=False, redrive="text", faults=2, ops=0, allow={"acklost", "native"})),
    ("a doubt that a retry forgets", "neither marked", dict(sticky=False, faults=2, ops=0, allow={"vunk", "vretry"})),
    ("a writer that does not know its own write", "dead, though", dict(nonce=False, faults=3, ops=0, allow={"s3lost"}, must="delivered")),
    ("a cause that is not kept", "asked again", dict(keepcause=False, faults=2, ops=0, allow={"vfinal", "sqsunk"}, asks=True)),
    ("a vendor called before the case is written", "kept whole nowhere", dict(case=False, faults=0, ops=0)),
]

def main(args):
    faults = 3 if "whole" in args else 2
    good = all([as_built(faults), no_is_final(), *[run("without: " + title, want, **k) for title, want, k in RULES_LEFT_OUT]])
    sys.exit(0 if good else 1)
