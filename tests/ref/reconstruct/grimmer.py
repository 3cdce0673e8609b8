"""GRIM and GRIMMER on the unbounded scale of whole numbers, decided exactly for every admissible sum.

Shift the data by a whole number so that their sum is S mod n.  The pair (S, Q) exists if n integers have that
sum and sum of squares.  Reachable pairs come from an exhaustive programme over integers (bit sets of Q), complete
because Q bounds every deviation.  Checks: (1) all multisets listed outright for n <= 9; (2) a recursive search for
one data set, n <= 8; (3) for n >= 5 the theorem: reachable iff Q = S (mod 2) and Q is at least that of the most
balanced split.
"""
import functools
import itertools
import math
import random

from common import *
from cells import report, show

TOP = {n: 1500 for n in range(1, 31)} | {57: 60}
_TABLES = {}


def build(nmax, top):
    """R[k][s]: bit q set when k integers with sum s and sum of squares q <= top exist."""
    layers = [{0: 1}]
    mask, reach = (1 << (top + 1)) - 1, math.isqrt(top)
    for k in range(1, nmax + 1):
        new = {}
        for s, bits in layers[-1].items():
            for v in range(-reach, reach + 1):
                b = (bits << (v * v)) & mask
                if b:
                    new[s + v] = new.get(s + v, 0) | b
        layers.append(new)
    return layers


def reachable(n, e, q):
    top = TOP[n]
    key = (max(k for k, v in TOP.items() if v == top), top)
    if key not in _TABLES:
        _TABLES[key] = build(*key)
    assert q <= top, "table too small"
    return bool(_TABLES[key][n].get(e, 0) >> q & 1)


@functools.lru_cache(maxsize=None)
def search(n, s, q, biggest):
    """Is there a data set of n integers, each at most `biggest`, with sum s and sum of squares q?"""
    if n == 0:
        return s == 0 and q == 0
    if n * q < s * s or s > n * biggest:
        return False
    for v in range(min(biggest, math.isqrt(q)), -math.isqrt(q) - 1, -1):
        if v * n < s:
            return False
        if search(n - 1, s - v, q - v * v, v):
            return True
    return False


def balanced(n, e):
    a, r = divmod(e, n)
    return (n - r) * a * a + r * (a + 1) ** 2


def decide(mean, sd, n, items, rounding, kind):
    """(grim, grimmer)"""
    mset, spread = printed_set(mean, rounding), Spread(sd, n, rounding, kind)
    lo, hi = math.floor(mset[0] * n * items) - 1, math.ceil(mset[2] * n * items) + 1
    grim = grimmer = False
    classes = {}
    for s in range(lo, hi + 1):
        m = F(s, n * items)
        ok = inside(m, mset)
        assert ok == (units(mean) in forward(m, decimals(mean), rounding))
        grim |= ok
        if ok:
            classes[s % n] = True
    for e in classes:
        # SS = q - e²/n; stop when the spread is past its upper end
        q = -(-e * e // n)
        while True:
            ss = F(n * q - e * e, n * items * items)
            if spread.squares(ss)[0] > spread.bounds[2]:
                break
            ok = spread.admits(ss)
            assert ok == spread.admits_forward(ss)
            if ok:
                there = reachable(n, e, q)
                if n <= 8:
                    assert there == search(n, e, q, math.isqrt(q)), (n, e, q)
                if n >= 5:
                    assert there == (q % 2 == e % 2 and q >= balanced(n, e)), (n, e, q)
                grimmer |= there
            q += 1
    return grim, grimmer


def verify_tables():
    for n in range(1, 10):
        r = 4 if n >= 7 else 6
        seen = set()
        for data in itertools.combinations_with_replacement(range(-r, r + 1), n):
            q = sum(x * x for x in data)
            if q < (r + 1) ** 2:
                seen.add((sum(data), q))
        for s in range(-40, 41):
            for q in range((r + 1) ** 2):
                assert ((s, q) in seen) == reachable(n, s, q), (n, s, q)
                assert ((s, q) in seen) == search(n, s, q, math.isqrt(q)), (n, s, q)
    for n in range(5, 13):  # the theorem, well beyond the rows used
        for e in range(n):
            for q in range(0, 700):
                assert reachable(n, e, q) == (q % 2 == e % 2 and q >= balanced(n, e)), (n, e, q)
    exceptions = {n: sum(reachable(n, e, q) != (q % 2 == e % 2 and q >= balanced(n, e)) for e in range(n) for q in range(200)) for n in (2, 3, 4)}
    print("pairs with Q < 200 where the theorem is not sufficient:", exceptions)


NAMED = [("3.0", "1.37", 25, 1), ("2.4", "1.45", 25, 1), ("8.9", "2.81", 25, 1), ("8.90", "2.81", 25, 1), ("1.2", "0.3", 57, 1),
         ("3.00", "2.24", 3, 1), ("2.9", "1.1", 7, 1), ("0.4", "0.8", 7, 1), ("5.1", "1.7", 7, 2), ("4.1", "1.6", 7, 2),
         ("3.0", "1.5", 7, 1), ("0.9", "1.2", 7, 1), ("6.1", "2.0", 7, 1), ("3.0", "1.4", 7, 1), ("3.44", "2.47", 18, 1),
         ("5.21", "1.6", 28, 1), ("5.19", "1.36", 28, 1), ("3.45", "1.2", 20, 1), ("3.45", "1.21", 20, 1), ("2.5", "0.7", 2, 1),
         ("2.50", "0.71", 2, 1), ("2.50", "0.50", 2, 1), ("0.0", "0.0", 5, 1), ("0", "0", 2, 1), ("1", "0", 2, 1)]


def cases(rng):
    for m, s, n, k in NAMED:
        for kind in ("sample", "population"):
            yield m, s, n, k, "up-or-down", kind
    for m, s, n, k in NAMED[:6]:
        for r in ROUNDINGS[1:]:
            yield m, s, n, k, r, "sample"
    # exact ties in mean and SD
    for r in ROUNDINGS:
        for m, s, n, k in [("2.2", "0.8", 4, 1), ("2.3", "0.9", 4, 1), ("0.12", "0.3", 8, 1), ("0.13", "0.4", 8, 1), ("-1.2", "0.9", 4, 1), ("-1.3", "0.8", 4, 1),
                           ("-0.12", "0.33", 8, 1), ("0", "1", 2, 1), ("1", "1", 2, 1), ("3", "2", 2, 1)]:
            yield m, s, n, k, r, "population"
    i = 0
    while i < 380:
        n = rng.choice([2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 22, 25, 28, 30])
        k = rng.choice([1, 1, 1, 2, 3])
        r, kind = ROUNDINGS[i % 6], ("sample", "population")[i // 6 % 2]
        d, dsd = rng.choice([(2, 2), (2, 2), (2, 2), (1, 2), (2, 1), (1, 1), (0, 2), (1, 0), (0, 0)])
        c = rng.randrange(-6, 12)
        w = rng.choice([1, 2, 4])
        data = [F(c + rng.randint(-w, w), k) for _ in range(n)]
        mean, sd = report(data, d, dsd, r, kind, rng)
        roll = rng.random()
        if roll < 0.45:
            sd = show(max(0, units(sd) + rng.choice([-3, -2, -1, 1, 2, 3])), dsd)
        elif roll < 0.60:
            mean = show(units(mean) + rng.choice([-1, 1]), d)
        if mean.startswith("-") and units(mean) == 0:
            continue
        i += 1
        yield mean, sd, n, k, r, kind


def main():
    verify_tables()
    rows = [c + decide(*c) for c in cases(random.Random(31))]
    from collections import Counter
    print(Counter(r[-2:] for r in rows))
    for r in rows[:12]:
        print(*r)
    write("grimmer.csv", "grimmer.py",
          ["GRIM and GRIMMER without scale limits: do n per-person whole-number totals (divided by items) exist that print as mean ± sd?",
           "Every admissible sum is tried; existence is decided by exhaustive search, not by congruences."],
          ["mean", "sd", "n", "items", "rounding", "sd_kind", "grim", "grimmer"], rows)


if __name__ == "__main__":
    main()
