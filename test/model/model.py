#!/usr/bin/env python3
"""Explicit-state model of the delivery ledger (docs/pipeline.md). See README.md.

One ticket; message copies in the main queue and the DLQ; <=2 workers, <=2 report-dead executions, <=2 operator runs;
a budget of faults. Every `yield` below is one atomic step: (label, next state, kind), kind = norm | fault | env.

State  S = (L, C, W, D, O, ops, V, A, B)
  L  ledger   None | (st, life, sus, crashes, over, corr)   st: w(aiting) c(laimed) d(ead) D(elivered)
              g(iven up): waits with its cause until its dead letter is confirmed
  C  copies   sorted ((queue m|q, life), ...)               only those that no function holds
  W  workers  sorted ((pc, life, fresh, mine, sus, crashes), ...)   each holds one copy
  D  report-dead executions  ((pc, life, fresh), ...)       each holds one DLQ copy
  O  operators ((pc, life, fresh), ...), ops = runs left
  V  vendor   (unmarked effects, marked effects, unmarked in flight, marked in flight,
              1 + the life in which it said a final no, whether the ticket's case is written)
  A  archive  None | (life, told, redriven, corrected)
  B  faults left
`fresh` = the ETag this process read is still the record's (cleared in everybody else by each write).
"""
import sys

FIXES = ("life", "dlqclaim", "dlqdel", "over", "sticky", "lookdead", "nonce", "keepcause", "case")

class Cfg:
    def __init__(s, sink="slack", faults=3, ops=1, workers=2, dlqs=1, copies=2, skew=False, late=False,
                 maxcrash=3, redrive="text", allow=None, told="rewrite", must=None, optold=False, asks=False, kept=False, **fx):
        s.sink, s.faults, s.ops, s.workers, s.dlqs, s.copies = sink, faults, ops, workers, dlqs, copies
        s.skew, s.late, s.maxcrash, s.redrive, s.told = skew, late, maxcrash, redrive, told
        s.optold = optold                    # operators act only on archives whose admin was told
        s.must = must                        # "delivered": being dead is a violation too
        s.kept = kept                        # a delivery without a written case is a violation
        s.asks = asks                        # asking a vendor again after its final no is a violation
        s.allow = allow                      # None = every fault, else a set of fault names
        for f in FIXES: setattr(s, f, fx.get(f, False))

def srt(t): return tuple(sorted(t))
def without(t, i): return t[:i] + t[i+1:]
def stale_w(W): return srt((p, l, 0, m if p == "Y" else 0, s, c) for p, l, f, m, s, c in W)
def stale_x(X): return srt((p, l, 0) for p, l, f in X)

MAXLIFE = 2

def steps(S, g):
    L, C, W, D, O, ops, V, A, B = S
    F = B > 0
    ok = lambda name: F and (g.allow is None or name in g.allow)
    ncop = len(C) + sum(w[0] != "Y" for w in W) + len(D)

    # ---- environment -------------------------------------------------------------------------------------------
    if ok("dup") and ncop < g.copies:
        for c in set(C): yield "SQS duplicates a copy in %s" % c[0], (L, srt(C + (c,)), W, D, O, ops, V, A, B-1), "fault"
        for w in W[:1]: yield "visibility runs out under a holder / duplicate", (L, srt(C + (("m", w[1]),)), W, D, O, ops, V, A, B-1), "fault"
        for d in D[:1]: yield "SQS duplicates a DLQ copy in flight", (L, srt(C + (("q", d[1]),)), W, D, O, ops, V, A, B-1), "fault"
    if ok("native"):
        for i, c in enumerate(C):
            if c[0] == "m": yield "SQS dead-letters a copy natively", (L, srt(without(C, i) + (("q", c[1]),)), W, D, O, ops, V, A, B-1), "fault"
    if L and L[0] == "c" and not L[4]:
        alive = any(w[3] and w[0] != "Y" for w in W)
        if not alive or g.skew:
            yield "the claim ends" + (" (holder alive: skew)" if alive else ""), ((*L[:4], 1, L[5]), C, W, D, O, ops, V, A, B), "norm"
    if V[2]: yield "a late unmarked request takes effect", (L, C, W, D, O, ops, (min(1 if g.sink == "s3" else 2, V[0]+1), V[1], V[2]-1, *V[3:]), A, B), "norm"
    if V[3]: yield "a late marked request takes effect", (L, C, W, D, O, ops, (V[0], min(2, V[1]+1), V[2], V[3]-1, *V[4:]), A, B), "norm"

    # ---- receive ---------------------------------------------------------------------------------------------
    seen = set()
    for i, c in enumerate(C):
        if c in seen: continue
        seen.add(c)
        if c[0] == "m" and sum(w[0] != "Y" for w in W) < g.workers:
            yield "worker receives (life %d)" % c[1], (L, without(C, i), srt(W + (("R", c[1], 0, 0, 0, 0),)), D, O, ops, V, A, B), "norm"
        if c[0] == "q" and len(D) < g.dlqs:
            yield "report-dead receives (life %d)" % c[1], (L, without(C, i), W, srt(D + (("0", c[1], 0),)), O, ops, V, A, B), "norm"

    # ---- workers ---------------------------------------------------------------------------------------------
    for i, w in enumerate(W):
        if i and w == W[i-1]: continue
        pc, life, fresh, mine, sus, cr = w
        R = without(W, i)
        def nxt(npc, L=L, C=C, V=V, A=A, B=B, rest=None, **k):
            me = (npc, k.get("life", life), k.get("fresh", fresh), k.get("mine", mine), k.get("sus", sus), k.get("cr", cr))
            return (L, C, srt((R if rest is None else rest) + (me,)), D, O, ops, V, A, B)
        def back(L=L, C=C, V=V, B=B, rest=None, D=D, O=O):      # message returns to the queue, worker is gone
            return (L, srt(C + (("m", life),)), R if rest is None else rest, D, O, ops, V, A, B)
        def gone(L=L, C=C, B=B, rest=None, D=D, O=O):
            return (L, C, R if rest is None else rest, D, O, ops, V, A, B)
        def write(newL):                                         # everybody else's ETag is stale now
            return dict(L=newL, rest=stale_w(R)), dict(D=stale_x(D), O=stale_x(O))
        def put(newL, npc, **k):
            return (newL, C, srt(stale_w(R) + ((npc, life, 1, k.get("mine", mine), k.get("sus", sus), k.get("cr", cr)),)),
                    stale_x(D), stale_x(O), ops, V, A, k.get("B", B))
        def put_back(newL, B=B): return (newL, srt(C + (("m", life),)), stale_w(R), stale_x(D), stale_x(O), ops, V, A, B)
        def put_gone(newL, B=B): return (newL, C, stale_w(R), stale_x(D), stale_x(O), ops, V, A, B)
        nm = "worker(%s,life %d)" % (pc, life)

        if pc == "Y":                                             # a write whose sender gave up lands after all, or not
            if fresh: yield "a late S3 write lands: %s" % ("claim" if mine == 0 else "waiting"), put_gone(("c" if mine == 0 else "w", life, sus, cr, 0, 0)), "norm"
            yield "a late S3 write never lands", gone(), "norm"
            continue
        if ok("crash"): yield nm + " crashes", back(B=B-1), "fault"

        if pc == "R":
            if L is None: yield nm + " reads: no record", nxt("B" if g.case else "C", fresh=1, sus=0, cr=0), "norm"
            elif L[0] == "g" and life <= L[1]: yield nm + " reads: given up, only its dead letter is missing", nxt("Q", fresh=1, sus=L[2]), "norm"
            elif L[0] == "g": yield nm + " reads: given up in an older life", nxt("B" if g.case and not V[5] else "C", fresh=1, sus=L[2], cr=0), "norm"
            elif L[0] == "w": yield nm + " reads: waiting", nxt("C", fresh=1, sus=L[2], cr=L[3]), "norm"
            elif L[0] == "c" and not L[4]: yield nm + " reads: claimed by another, back to the queue", back(), "norm"
            elif L[0] == "c":
                n = L[3] + 1
                if n >= g.maxcrash:
                    if g.lookdead and g.sink == "trello" and n == g.maxcrash:
                        yield nm + " reads: claim over, crash %d: last look" % n, nxt("C", fresh=1, sus=1, cr=n), "norm"
                    else: yield nm + " reads: claim over, crash %d: give up" % n, nxt("Q", fresh=1, sus=1, cr=n), "norm"
                else: yield nm + " reads: claim over, crash %d: suspect" % n, nxt("C", fresh=1, sus=1, cr=n), "norm"
            elif L[0] == "D":
                if L[5] and g.over: yield nm + " reads: delivered, correction owed", nxt("X"), "norm"
                else: yield nm + " reads: delivered", nxt("A"), "norm"
            else:
                if g.redrive == "msg" and life > L[1]: yield nm + " reads: dead in an older life", nxt("B" if g.case and not V[5] else "C", fresh=1, sus=L[2] if g.sticky else 0, cr=0), "norm"
                else: yield nm + " reads: dead, acknowledges", nxt("A"), "norm"

        elif pc == "B":                                           # opens the case
            kept = (*V[:5], 1)
            yield nm + (" finds the case" if V[5] else " writes the case"), nxt("C", V=kept), "norm"
            if ok("s3lost"): yield nm + " writes the case, answer lost, knows it by its nonce", nxt("C", V=kept, B=B-1), "fault"
            if ok("s3fail"):
                yield nm + " cannot write the case", back(B=B-1), "fault"
                yield nm + " writes the case and does not learn it", back(V=kept, B=B-1), "fault"

        elif pc == "C":
            nl = max(life, L[1]) if (g.life and L) else (life if g.life else 0)
            rec = ("c", nl, sus, cr, 0, 0)
            go = "K" if (sus and g.sink == "trello") else "V"
            if fresh:
                yield nm + " writes its claim" + (" (suspect)" if sus else ""), put(rec, go, mine=1), "norm"
                if ok("s3lost"):
                    if g.nonce: yield nm + " writes its claim, answer lost, knows it by its nonce", put(rec, go, mine=1, B=B-1), "fault"
                    else: yield nm + " writes its claim, answer lost, SDK retry says 412", put(rec, "R", mine=0, B=B-1), "fault"
            else: yield nm + " claim refused (412), reads again", nxt("R", fresh=0), "norm"
            if ok("s3fail"):
                yield nm + " cannot write its claim", back(B=B-1), "fault"
                if fresh and not any(x[0] == "Y" for x in R):
                    yield nm + " claim times out, still under way", (L, srt(C + (("m", life),)), srt(R + (("Y", nl, 1, 0, sus, cr),)), D, O, ops, V, A, B-1), "fault"

        elif pc == "K":                                           # look for the card
            if V[0] + V[1]: yield nm + " looks: card found", nxt("T"), "norm"
            elif g.lookdead and cr >= g.maxcrash: yield nm + " looks a last time: no card, gives up", nxt("Q"), "norm"
            else: yield nm + " looks: no card", nxt("V"), "norm"
            if ok("look"): yield nm + " look fails", nxt("N", B=B-1), "fault"

        elif pc == "V":
            u, m, pu, pm, no, case = V
            marked = 1 if (sus and g.sink == "slack") else 0
            eff = (u, min(2, m+1), pu, pm, no, case) if marked else (min(2, u+1), m, pu, pm, no, case)
            if g.sink == "s3" and u: eff = V
            pend = (u, m, pu, min(1, pm+1), no, case) if marked else (u, m, min(1, pu+1), pm, no, case)
            if g.asks and no == L[1] + 1: eff = (*eff[:4], -1, case)
            yield nm + " vendor: done" + (" (marked)" if marked else ""), nxt("T", V=eff), "norm"
            if ok("vunk"):
                yield nm + " vendor: done, outcome unknown", nxt("U", V=eff, B=B-1), "fault"
                yield nm + " vendor: not done, outcome unknown", nxt("U", B=B-1), "fault"
            if g.late and ok("vlate"):
                yield nm + " vendor: times out, effect comes later", nxt("U", V=pend, B=B-1), "fault"
                yield nm + " vendor: killed in mid-request, effect comes later", back(V=pend, B=B-1), "fault"
            if ok("vretry"): yield nm + " vendor: refused, retry", nxt("N", B=B-1), "fault"
            if ok("vfinal"): yield nm + " vendor: refused for good", nxt("Q", V=(u, m, pu, pm, L[1] + 1, case) if g.asks else V, B=B-1), "fault"

        elif pc in "UN":
            s2 = 1 if pc == "U" else ((L[2] | sus) if (g.sticky and L) else 0)
            if fresh:
                rec = ("w", L[1], s2, L[3], 0, 0)
                yield nm + " writes waiting%s, back to the queue" % (" (suspect)" if s2 else ""), put_back(rec), "norm"
                if ok("s3fail"):
                    yield nm + " cannot write waiting", back(B=B-1), "fault"
                    if not any(x[0] == "Y" for x in R):
                        yield nm + " waiting times out, still under way", (L, srt(C + (("m", life),)), srt(R + (("Y", L[1], 1, 1, s2, L[3]),)), D, O, ops, V, A, B-1), "fault"
                if ok("age"): # too old by now
                    if g.lookdead and g.sink == "trello" and s2 and pc == "U":
                        yield nm + " too old: last look", nxt("K", sus=1, cr=g.maxcrash, B=B-1), "fault"
                    else: yield nm + " too old: gives up", nxt("Q", sus=s2, B=B-1), "fault"
            else: yield nm + " waiting refused (412), reads again", nxt("R", fresh=0), "norm"

        elif pc == "T":
            if fresh:
                rec = ("D", L[1], L[2], L[3], 0, L[5])
                yield nm + " writes delivered", put(rec, "A"), "norm"
                if ok("s3lost"): yield nm + " writes delivered, answer lost, time is up", put_back(rec, B=B-1), "fault"
            elif g.over:
                if L and L[0] == "D": yield nm + " finds delivered", nxt("A"), "norm"
                else: yield nm + " has a receipt: reads again to overrule", nxt("T", fresh=1, mine=0) if L and L[0] != "d" else nxt("Z", fresh=1), "norm"
            else: yield nm + " delivered refused (412), reads again", nxt("R", fresh=0), "norm"
            if ok("s3fail"): yield nm + " cannot write delivered", back(B=B-1), "fault"

        elif pc == "Z":                                           # overrules a dead record, owes a correction
            if fresh: yield nm + " overrules dead with delivered", put(("D", L[1], L[2], L[3], 0, 1), "X"), "norm"
            else: yield nm + " reads again", nxt("T", fresh=0), "norm"
            if ok("s3fail"): yield nm + " cannot write delivered", back(B=B-1), "fault"

        elif pc == "X":
            yield nm + " sends the correction to the DLQ", nxt("A", C=srt(C + (("q", L[1] if g.life else life),))), "norm"

        elif pc == "Q":
            lf = L[1] if (g.life and L) else life
            yield nm + " sends to the DLQ", nxt("E", C=srt(C + (("q", lf),)), sus=sus), "norm"
            if ok("sqsunk") and ncop < g.copies + 1:
                sent = srt(C + (("q", lf),))
                yield nm + " sends to the DLQ, outcome unknown (done)", nxt("P", C=sent, B=B-1) if g.keepcause else (L, srt(sent + (("m", life),)), R, D, O, ops, V, A, B-1), "fault"
            if ok("sqsunk"): yield nm + " cannot send to the DLQ", nxt("P", B=B-1) if g.keepcause else back(B=B-1), "fault"

        elif pc == "P":                                           # the dead letter is not confirmed: keeps the cause
            if fresh:
                yield nm + " writes given up, back to the queue", put_back(("g", L[1], (sus | L[2]) if g.sticky else 0, 0, 0, 0)), "norm"
                if ok("s3lost"): yield nm + " writes given up, answer lost", put_back(("g", L[1], (sus | L[2]) if g.sticky else 0, 0, 0, 0), B=B-1), "fault"
                if ok("s3fail"): yield nm + " cannot write given up", back(B=B-1), "fault"
            else: yield nm + " given up refused (412), reads again", nxt("R", fresh=0), "norm"

        elif pc == "E":
            if fresh:
                rec = ("d", L[1] if L else life, sus if g.sticky else 0, 0, 0, 0)
                yield nm + " writes dead", put(rec, "A"), "norm"
                if ok("s3lost"): yield nm + " writes dead, answer lost, time is up", put_back(rec, B=B-1), "fault"
                if ok("s3fail"): yield nm + " cannot write dead", back(B=B-1), "fault"
            else: yield nm + " dead refused (412), reads again", nxt("R", fresh=0), "norm"

        elif pc == "A":
            yield nm + " acknowledges", gone(), "norm"
            if ok("acklost"): yield nm + " acknowledgement lost", back(B=B-1), "fault"

    # ---- report-dead -----------------------------------------------------------------------------------------
    for i, d in enumerate(D):
        if i and d == D[i-1]: continue
        pc, life, fresh = d
        R = without(D, i)
        nm = "report-dead(%s,life %d)" % (pc, life)
        def nx(npc, A=A, B=B, fr=None): return (L, C, W, srt(R + ((npc, life, fresh if fr is None else fr),)), O, ops, V, A, B)
        def bk(B=B, A=A): return (L, srt(C + (("q", life),)), W, R, O, ops, V, A, B)
        def putd(newL, npc): return (newL, C, stale_w(W), srt(stale_x(R) + ((npc, life, 1),)), stale_x(O), ops, V, A, B)
        if ok("crash"): yield nm + " crashes", bk(B=B-1), "fault"
        textorder = not g.dlqclaim
        if pc == "0":
            yield nm + " starts", nx("a" if textorder else "r"), "norm"
        elif pc == "a":
            if A is None: A2 = (life, 0, 0, 0)
            elif g.life: A2 = A if A[0] >= life else (life, 0, 0, 0)
            else: A2 = (0, 0, 0, 0) if g.told == "rewrite" else A
            yield nm + " writes the archive", nx("r" if textorder else "w", A=A2), "norm"
            if ok("s3fail"): yield nm + " cannot write the archive", bk(B=B-1), "fault"
        elif pc == "r":
            if g.life and L and life < L[1]: yield nm + " reads: a newer life, acknowledges", nx("k"), "norm"
            elif L and L[0] == "D":
                if g.dlqdel:
                    if A and not A[2] and not A[3]: yield nm + " reads: delivered, puts the archive right", nx("z"), "norm"
                    else: yield nm + " reads: delivered", nx("k"), "norm"
                else: yield nm + " reads: delivered, leaves the ledger", nx("n", A=A or (life, 0, 0, 0)), "norm"
            elif g.dlqclaim and L and L[0] == "c" and not L[4]: yield nm + " reads: a live claim, later", bk(), "norm"
            elif textorder: yield nm + " reads the ledger", nx("n" if L and L[0] == "d" else "w", fr=1), "norm"
            else: yield nm + " reads the ledger", nx("a", fr=1), "norm"
        elif pc == "w":
            if fresh:
                if L and L[0] == "d" and (not g.life or L[1] >= life): yield nm + " ledger dead already", nx("n"), "norm"
                else:
                    s2 = (1 if L[0] == "c" else L[2]) if (L and g.sticky) else 0
                    lf = max(life, L[1]) if (L and g.life) else life
                    yield nm + " writes dead", putd(("d", lf, s2, 0, 0, 0), "n"), "norm"
                    if ok("s3lost"): yield nm + " writes dead, answer lost, time is up", (("d", lf, s2, 0, 0, 0), srt(C + (("q", life),)), stale_w(W), stale_x(R), stale_x(O), ops, V, A, B-1), "fault"
                    if ok("s3fail"): yield nm + " cannot write dead", bk(B=B-1), "fault"
            else: yield nm + " dead refused (412), reads again", nx("r"), "norm"
        elif pc == "n":
            if A[1] or A[3] or (g.life and A[0] != life): yield nm + " admin told already", nx("k"), "norm"
            else: yield nm + " tells the admin", nx("t"), "norm"
            if ok("notify"): yield nm + " notice fails or is unknown", bk(B=B-1), "fault"
        elif pc == "t":
            A2 = (A[0], 1, A[2], A[3]) if (not g.life or A[0] == life) else A
            if A[3]: yield nm + " finds the archive corrected meanwhile", nx("z", A=A2), "norm"
            else: yield nm + " notes that it told", nx("k", A=A2), "norm"
            if ok("s3fail"): yield nm + " cannot note it", bk(B=B-1), "fault"
        elif pc == "z":
            yield nm + " corrects archive and admin", nx("k", A=(A[0], A[1], A[2], 1)), "norm"
        elif pc == "k":
            yield nm + " acknowledges", (L, C, W, R, O, ops, V, A, B), "norm"
            if ok("acklost"): yield nm + " acknowledgement lost", bk(B=B-1), "fault"

    # ---- operator --------------------------------------------------------------------------------------------
    if ops and A and not A[2] and not A[3] and len(O) < 2 and (A[1] or not g.optold):
        yield "operator starts a redrive", (L, C, W, D, srt(O + (("1", 0, 0),)), ops-1, V, A, B), "env"
    for i, o in enumerate(O):
        if i and o == O[i-1]: continue
        pc, life, fresh = o
        R = without(O, i)
        nm = "operator(%s)" % pc
        def no(npc, C=C, A=A, B=B, l=life, fr=fresh): return (L, C, W, D, srt(R + ((npc, l, fr),)), ops, V, A, B)
        end = (L, C, W, D, R, ops, V, A, B)
        if ok("opstop"): yield nm + " is interrupted", (L, C, W, D, R, ops, V, A, B-1), "fault"
        if pc == "1":
            if A is None or A[2] or (L and L[0] == "D"): yield nm + " refuses", end, "norm"
            elif g.redrive == "msg":
                if L and L[0] == "d" and L[1] == A[0] and A[0] < MAXLIFE: yield nm + " reads: dead, life %d" % A[0], no("3", l=A[0]+1), "norm"
                else: yield nm + " refuses: not dead", end, "norm"
            else:
                al = A[0]
                if L and L[0] == "d":
                    if g.life and (L[1] != al or al >= MAXLIFE): yield nm + " refuses", end, "norm"
                    else: yield nm + " reads: dead", no("2", l=al+1 if g.life else 0, fr=1), "norm"
                elif g.life:
                    if L and L[0] == "w" and L[1] == al + 1: yield nm + " reads: an interrupted redrive, sends again", no("3", l=al+1), "norm"
                    else: yield nm + " refuses: not dead", end, "norm"
                else: yield nm + " reads: not dead, sends again", no("3", l=0), "norm"
        elif pc == "2":
            if fresh:
                rec = ("w", L[1]+1 if g.life else 0, L[2] if g.sticky else 0, 0, 0, 0)
                yield nm + " writes dead -> waiting", (rec, C, stale_w(W), stale_x(D), srt(stale_x(R) + (("3", life, 1),)), ops, V, A, B), "norm"
            else: yield nm + " refused (412), reads again", no("1", fr=0), "norm"
        elif pc == "3":
            if ncop < g.copies + 1:
                yield nm + " sends to the source queue (life %d)" % life, no("4", C=srt(C + (("m", life),))), "norm"
                if ok("sqsunk"): yield nm + " sends, outcome unknown (done), stops", (L, srt(C + (("m", life),)), W, D, R, ops, V, A, B-1), "fault"
        elif pc == "4":
            if g.life: A2 = (A[0], A[1], 1, A[3]) if A and A[0] == life - 1 else A
            else: A2 = (A[0], A[1], 1, A[3])
            yield nm + " marks the archive redriven", (L, C, W, D, R, ops, V, A2, B), "norm"

def unsafe(S, g):
    V = S[6]
    if V[4] == -1: return "the vendor is asked again after its final no"
    if g.kept and V[0] + V[1] and not V[5]: return "delivered, and kept whole nowhere"
    if g.sink == "slack" and V[0] >= 2: return "two deliveries, neither marked as a possible repeat"
    if g.sink != "slack" and V[0] + V[1] >= 2: return "two deliveries"
    return None

def verdict(S, g):
    """of a quiet state (nothing left to do without a fault or an operator)"""
    L, C, W, D, O, ops, V, A, B = S
    n = V[0] + V[1]
    if C or W or D or O: return "stuck: a function waits for ever"
    if L is None: return "LOST: no record, no copy"
    if L[0] == "D":
        if n == 0: return "record says delivered, vendor has nothing"
        if A and A[1] and not A[2] and not A[3] and (not g.life or L[1] == A[0]) and (g.life or ops == OPS0[0]):
            return "told dead, record says delivered, never put right"
        return None
    if L[0] == "d":
        if g.must == "delivered": return "dead, though the vendor would have taken it"
        if A is None: return "LOST: dead, not archived"
        if not A[1] : return "dead, admin never told"
        if A[2] and (not g.life or A[0] == L[1]): return "LOST: dead, but the archive says redriven and no admin is notified again"
        if g.life and A[0] != L[1]: return "archive is of another life"
        if n and not L[2]: return "dead and told while the vendor has it, no word of doubt in the record"
        return None
    if A and A[1] and not A[2]: 
        return None if ops < OPS0[0] and L[0] == "w" else "LOST: record %s, no copy left; archived and told" % L[0]
    return "LOST: record says %s, no copy left" % {"w": "waiting", "g": "given up"}.get(L[0], "claimed")

OPS0 = [0]

def start(g):
    OPS0[0] = g.ops
    return (None, (("m", 0),), (), (), (), g.ops, (0, 0, 0, 0, 0, 0), None, g.faults)

if __name__ == "__main__":
    import runs
    runs.main(sys.argv[1:])
