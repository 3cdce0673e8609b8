"""Exact numbers of data sets behind one printed "mean ± spread" on a bounded scale.

Small cells: every multiset of n scale values is listed; its exact mean and sum of squares decide.
Each verdict is taken twice, by interval and by forward rounding.  Cells without a median constraint are
counted again by a dynamic programme over (value, count, sum, sum of squares).
Larger cells: the same dynamic programme, and a second method that lists the counts of all but three values
and solves for the last three.
"""
import itertools
import math
import random
import re
from collections import Counter

import numpy as np

from common import *

COUNT = re.compile(r"^(>|<)?\s*(\S+)\s*(>=|<=|=)\s*(\S+)$")


def parse_where(where):
    out = []
    for part in filter(None, where.split(";")):
        m = COUNT.match(part.strip())
        out.append((m.group(1), m.group(2), m.group(3), F(m.group(4))))
    return out


def compare(a, op, b):
    return a == b if op == "=" else a >= b if op == ">=" else a <= b


def satisfies(data, constraints):
    """data: sorted tuple of fractions."""
    n = len(data)
    for side, what, op, bound in constraints:
        if what == "min":
            got = data[0]
        elif what == "max":
            got = data[-1]
        elif what == "median":
            got = (data[(n - 1) // 2] + data[n // 2]) / 2
        elif side == ">":
            got = sum(1 for x in data if x > F(what))
        elif side == "<":
            got = sum(1 for x in data if x < F(what))
        else:
            got = sum(1 for x in data if x == F(what))
        if not compare(got, op, bound):
            return False
    return True


def admissible(tally, n, g, mean, sd, rounding, kind):
    """Sum of tally over the classes (S, Q) that print as reported, each decided twice."""
    mset, spread = printed_set(mean, rounding), Spread(sd, n, rounding, kind)
    total = 0
    for (s, q), c in tally.items():
        m = F(s, n * g)
        ok_mean = inside(m, mset)
        assert ok_mean == (units(mean) in forward(m, decimals(mean), rounding))
        if ok_mean:
            ss = F(n * q - s * s, n * g * g)
            ok = spread.admits(ss)
            assert ok == spread.admits_forward(ss)
            total += c if ok else 0
    return total


def brute(mean, sd, n, scale, rounding, kind, where=""):
    values = scale_values(scale)
    g, cs = codes(values)
    constraints = parse_where(where)
    tally = Counter()
    for data in itertools.combinations_with_replacement(cs, n):
        if constraints and not satisfies([F(x, g) for x in data], constraints):
            continue
        tally[sum(data), sum(x * x for x in data)] += 1
    return admissible(tally, n, g, mean, sd, rounding, kind)


def allowed_counts(values, n, where):
    """Per value the set of allowed multiplicities plus group constraints; None if a median is asked for."""
    allowed = [set(range(n + 1)) for _ in values]
    groups = []
    for side, what, op, bound in parse_where(where):
        if what == "median":
            return None
        if what in ("min", "max"):
            if op != "=":
                return None
            for i, v in enumerate(values):
                if v == bound:
                    allowed[i].discard(0)
                elif (v < bound) == (what == "min"):
                    allowed[i] &= {0}
            if bound not in values:
                allowed[0] = set()
        elif side:
            groups.append(([(v > F(what)) if side == ">" else (v < F(what)) for v in values], op, bound))
        else:
            for i, v in enumerate(values):
                if v == F(what):
                    allowed[i] = {c for c in allowed[i] if compare(c, op, bound)}
    return allowed, groups


def dp(mean, sd, n, scale, rounding, kind, where=""):
    """States (count, sum, sum of squares, members of each group), one value at a time; None if not applicable."""
    values = scale_values(scale)
    g, cs = codes(values)
    prepared = allowed_counts(values, n, where)
    if prepared is None:
        return None
    allowed, groups = prepared
    shift = cs[len(cs) // 2]
    states = {(0, 0, 0, (0,) * len(groups)): 1}
    for i, c0 in enumerate(cs):
        c, new = c0 - shift, Counter()
        for (k, s, q, members), ways in states.items():
            for j in allowed[i]:
                if k + j <= n:
                    mem = tuple(x + j * inn[i] for x, (inn, _, _) in zip(members, groups))
                    new[k + j, s + j * c, q + j * c * c, mem] += ways
        states = new
    tally = Counter()
    for (k, s, q, members), ways in states.items():
        if k == n and all(compare(x, op, b) for x, (_, op, b) in zip(members, groups)):
            tally[s + n * shift, q + 2 * shift * s + n * shift * shift] += ways
    return admissible(tally, n, g, mean, sd, rounding, kind)


def target_classes(mean, sd, n, scale, rounding, kind):
    """All integer pairs (S, Q) in code units that print as reported (Q need not be reachable)."""
    values = scale_values(scale)
    g, cs = codes(values)
    mset, spread = printed_set(mean, rounding), Spread(sd, n, rounding, kind)
    out = []
    qmax = n * max(c * c for c in cs)
    for s in range(n * cs[0], n * cs[-1] + 1):
        if inside(F(s, n * g), mset):
            for q in range(-(-s * s // n), qmax + 1):
                if spread.admits(F(n * q - s * s, n * g * g)):
                    out.append((s, q))
    return g, cs, out


def coin_dp(mean, sd, n, scale, rounding, kind):
    """Coin-change counting for large n: f[count, sum, sum of squares], codes shifted to the mean, 64-bit
    integers (the number of all multisets is below 2^62, asserted).  Squares above the largest target are dropped:
    they only grow."""
    g, cs, targets = target_classes(mean, sd, n, scale, rounding, kind)
    if not targets:
        return 0
    m = len(cs)
    assert math.comb(n + m - 1, m - 1) < 2 ** 62
    a = round(F(mean) * g)
    v = [c - a for c in cs]
    shifted = [(s - n * a, q - 2 * a * s + n * a * a) for s, q in targets]
    top = max(q for _, q in shifted)
    # |sum| of k items with squares <= top is at most sqrt(n*top)
    reach = math.isqrt(n * top) + max(abs(x) for x in v) + 1
    f = np.zeros((n + 1, 2 * reach + 1, top + 1), dtype=np.int64)
    f[0, reach, 0] = 1
    for x in v:
        x2 = x * x
        if x2 > top:
            continue
        for k in range(n):
            src = f[k, max(0, -x): 2 * reach + 1 - max(0, x), : top + 1 - x2]
            f[k + 1, max(0, x): 2 * reach + 1 - max(0, -x), x2:] += src
    return int(sum(int(f[n, s + reach, q]) for s, q in shifted if abs(s) <= reach and 0 <= q <= top))


def solve_three(mean, sd, n, scale, rounding, kind):
    """List the counts of all values but three; the counts of those three follow from (n, S, Q)."""
    g, cs, targets = target_classes(mean, sd, n, scale, rounding, kind)
    if not targets:
        return 0
    *free, a, b, c = cs
    # all vectors of the free counts, as (used, sum, squares)
    used, s0, q0 = (np.zeros(1, dtype=np.int64) for _ in range(3))
    smax = max(s for s, _ in targets)
    qmax = max(q for _, q in targets)
    nonneg = cs[0] >= 0
    for x in free:
        pu, ps, pq = [], [], []
        for j in range(n + 1):
            keep = used + j <= n
            if nonneg:
                keep &= (q0 + j * x * x <= qmax) & (s0 + j * x <= smax)
            if not keep.any():
                break
            pu.append(used[keep] + j), ps.append(s0[keep] + j * x), pq.append(q0[keep] + j * x * x)
        used, s0, q0 = np.concatenate(pu), np.concatenate(ps), np.concatenate(pq)
    k = n - used
    total = 0
    for s, q in targets:
        r, t = s - s0, q - q0
        # x+y+z = k, ax+by+cz = r, a²x+b²y+c²z = t
        zn = t - (a + b) * r + a * b * k
        yn = t - (a + c) * r + a * c * k
        xn = t - (b + c) * r + b * c * k
        zd, yd, xd = (c - a) * (c - b), (b - a) * (b - c), (a - b) * (a - c)
        ok = (zn % zd == 0) & (yn % yd == 0) & (xn % xd == 0)
        ok &= (zn // zd >= 0) & (yn // yd >= 0) & (xn // xd >= 0)
        total += int(ok.sum())
    return total


# ---------------------------------------------------------------- the cases
def show(u, d):
    """Whole number of units as a decimal string."""
    if d == 0:
        return str(u)
    sign = "-" if u < 0 else ""
    return f"{sign}{abs(u) // 10 ** d}.{abs(u) % 10 ** d:0{d}d}"


def report(data, d, dsd, rounding, kind, rng):
    """Print the mean and spread of a data set under a convention."""
    n = len(data)
    m = sum(data, F(0)) / n
    ss = sum((x - m) ** 2 for x in data)
    sp = Spread("0", n, rounding, kind)
    mean = rng.choice(sorted(forward(m, d, rounding)))
    sd = 0 if sp.empty else rng.choice(sorted(forward_root(sp.squares(ss)[0], dsd, rounding)))
    return show(mean, d), show(sd, dsd)


SCALES = ["0:2:1", "0:3:1", "1:4:1", "0:4:1", "1:5:1", "0:5:1", "1:7:1", "0:8:1", "0:10:1", "-3:3:1", "-2:2:1",
          "-5:-1:1", "0:2:0.5", "1:5:0.5", "0:3:0.5", "-1:1:0.5", "0:1:0.25", "0:100:10", "0:100:25", "10:30:5",
          EDSS, "0|1|3", "0|1|2|4|8", "-4|-1|0|5", "0|0.5|2|2.5|7", "1|1.5|2|3|5|8", "0|3|6|9|12", "0|0.1|0.4|1.7",
          "items=2:1:5", "items=3:1:4", "items=3:0:2", "items=2:-1:1", "items=4:0:2", "items=5:1:3", "items=3:1:5"]


def some_where(data, values, rng):
    """A constraint that holds for the data set, or, now and then, one that may not."""
    data = sorted(data)
    n = len(data)
    v = rng.choice(values)
    vs = str(v) if v.denominator not in (2, 4, 10, 5) else str(float(v)).removesuffix(".0")
    c = data.count(v)
    pick = rng.randrange(9)
    off = rng.choice([0, 0, 0, 1])
    fmt = lambda x: str(x) if x.denominator not in (2, 4, 5, 10, 20) else str(float(x)).removesuffix(".0")
    return [f"{vs} = {c + off}", f"{vs} >= {c}", f"{vs} <= {c}", f"> {vs} = {sum(x > v for x in data)}",
            f"> {vs} >= {max(0, sum(x > v for x in data) - 1)}", f"min = {fmt(data[0])}", f"max = {fmt(data[-1])}",
            f"median = {fmt((data[(n - 1) // 2] + data[n // 2]) / 2)}", f"> {vs} <= {sum(x > v for x in data)}"][pick]


def random_cases(rng):
    cases = []
    while len(cases) < 350:
        i = len(cases)
        scale = rng.choice(SCALES)
        values = scale_values(scale)
        n = rng.choice([2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9])
        while math.comb(n + len(values) - 1, n) > 60000:
            n -= 1
        rounding = ROUNDINGS[i % 6]
        kind = KINDS[(i // 6) % 4] if i % 3 == 0 else "sample"
        d, dsd = rng.choice([(0, 0), (0, 1), (1, 0), (1, 1), (1, 1), (1, 1), (2, 1), (1, 2), (2, 2), (2, 2)])
        data = [rng.choice(values) for _ in range(n)]
        mean, sd = report(data, d, dsd, rounding, kind, rng)
        where = ""
        roll = rng.random()
        if roll < 0.12:  # a spread a little off
            sd = show(max(0, units(sd) + rng.choice([-2, -1, 1, 2])), dsd)
        elif roll < 0.18:  # a mean a little off
            mean = show(units(mean) + rng.choice([-2, -1, 1, 2]), d)
        elif roll < 0.55:
            where = ";".join(dict.fromkeys(some_where(data, values, rng) for _ in range(rng.choice([1, 1, 2, 3]))))
        if mean.startswith("-") and units(mean) == 0:
            continue
        cases.append((mean, sd, n, scale, rounding, kind, where))
    return cases


def edge_cases():
    cases = []
    for r in ROUNDINGS:
        cases += [("3", "0", 1, "1:5:1", r, "population", ""), ("2.5", "0.0", 1, "1:5:1", r, "population", ""),
                  ("2.5", "0.0", 1, "0:4:0.5", r, "population", "")]
        # both ends of the scale, spread 0
        cases += [("1.0", "0.0", 5, "1:5:1", r, "sample", ""), ("5.0", "0.0", 5, "1:5:1", r, "sample", ""),
                  ("0.00", "0.00", 6, "0:3:1", r, "population", ""), ("-3.0", "0.0", 4, "-3:3:1", r, "se", ""),
                  ("0.0", "0.1", 6, "-3:3:1", r, "sample", ""), ("0", "1", 5, "-3:3:1", r, "sample", ""),
                  ("0.0", "0.0", 3, "-2:2:1", r, "ci95", "")]
        # ties: means and spreads exactly half-way
        cases += [("2.3", "0.9", 4, "1:4:1", r, "population", ""), ("2.2", "0.8", 4, "1:4:1", r, "population", ""),
                  ("2", "0", 2, "1:4:1", r, "population", ""), ("3", "1", 2, "1:4:1", r, "population", ""),
                  ("-1.3", "0.8", 4, "-3:3:1", r, "population", ""), ("-1.2", "0.9", 4, "-3:3:1", r, "population", ""),
                  ("0.3", "0.4", 4, "0:1:1", r, "population", ""), ("0.2", "0.4", 4, "0:1:1", r, "population", "")]
    # spreads no data on the scale can have; n = 2
    cases += [("3.0", "2.4", 6, "1:5:1", "up-or-down", "sample", ""), ("3.0", "9.9", 6, "1:5:1", "up-or-down", "sample", ""),
              ("1.0", "0.5", 6, "1:5:1", "up-or-down", "sample", ""), ("5.2", "0.5", 6, "1:5:1", "up-or-down", "sample", ""),
              ("0.9", "0.0", 6, "1:5:1", "up-or-down", "sample", ""), ("3.5", "0.0", 3, "1:5:1", "up-or-down", "sample", ""),
              ("2.5", "0.7", 2, "1:5:1", "up-or-down", "sample", ""), ("2.5", "0.7", 2, "1:7:1", "up-or-down", "sample", ""),
              ("2.5", "0.7", 2, "1:5:1", "half-even", "population", ""), ("2.5", "0.5", 2, "1:5:1", "half-even", "population", ""),
              ("3.0", "25.4", 2, "1:5:1", "up-or-down", "ci95", ""), ("3.0", "12.7", 2, "1:5:1", "up-or-down", "ci95", ""),
              ("2.5", "0.5", 2, "1:5:1", "up-or-down", "se", "")]
    # n = 1: a sample SD, standard error or t interval does not exist, so nothing prints as reported
    for k in ("sample", "se", "ci95"):
        cases.append(("3", "0", 1, "1:5:1", "up-or-down", k, ""))
    return cases


NMO = [("2.9", "1.1", "0:20:1"), ("0.4", "0.8", "0:20:1"), ("5.1", "1.7", EDSS), ("4.1", "1.6", EDSS),
       ("5.1", "1.7", "0:10:0.5"), ("4.1", "1.6", "0:10:0.5"), ("3.0", "1.5", "0:10:1"), ("0.9", "1.2", "0:10:1"),
       ("6.1", "2.0", "0:10:1"), ("3.0", "1.4", "0:10:1")]


def nmo_cases():
    cases = [(m, s, 7, sc, "up-or-down", k, "") for m, s, sc in NMO for k in KINDS]
    for r in ROUNDINGS[1:]:
        cases += [(m, s, 7, sc, r, "sample", "") for m, s, sc in NMO if sc != "0:10:0.5"]
    cases += [("0.4", "0.8", 7, "0:20:1", "up-or-down", "sample", w) for w in ("0 = 5", "0 = 4", "> 0 = 2", "max = 2", "median = 0")]
    cases += [("0.9", "1.2", 7, "0:10:1", "up-or-down", "sample", w) for w in ("0 = 4", "max = 3", "max = 3;0 = 4;> 1 = 2")]
    cases += [("4.1", "1.6", 7, EDSS, "up-or-down", "sample", w) for w in ("min = 2", "max = 6.5", "median = 4", "min = 2;max = 6.5;median = 4", "> 6 = 1", "4 >= 2")]
    cases += [("6.1", "2.0", 7, "0:10:1", "up-or-down", "sample", w) for w in ("min = 3", "max = 8", "median = 6", "5 <= 1")]
    return cases


LARGE = [("4.7", "2.2", 50, "1:7:1"), ("3.7", "1.2", 120, "1:5:1"), ("4.26", "1.58", 100, "1:7:1"), ("3.0", "1.2", 200, "1:5:1"),
         ("6.1", "2.0", 25, "0:10:1"), ("2.9", "0.5", 25, "1:5:1"), ("3.5", "1.7", 70, "1:5:1"), ("4.0", "1.5", 30, "1:7:1"),
         ("3.81", "3.09", 156, "1:7:1"), ("4.3", "1.6", 100, "1:7:1"),
         ("3.32", "1.27", 40, "1:5:1"), ("3.43", "1.36", 40, "1:5:1"), ("4.22", "0.80", 40, "1:5:1"), ("4.48", "1.30", 40, "1:5:1"),
         ("3.32", "1.27", 40, "1:7:1"), ("3.43", "1.36", 40, "1:7:1"), ("4.22", "0.80", 40, "1:7:1"), ("4.48", "1.30", 40, "1:7:1"),
         ("0.3", "0.9", 12, "-3:3:1"), ("6.1", "2.0", 12, "0:10:1"), ("6.1", "2.0", 15, "0:10:1"), ("6.1", "2.0", 20, "0:10:1"),
         ("3.0", "1.4", 12, "0:10:1"), ("3.0", "1.4", 15, "0:10:1"), ("3.0", "1.4", 20, "0:10:1")]
EXTRA = [("3.32", "1.27", 40, "1:5:1", r, k) for r in ROUNDINGS for k in ("sample", "population")] + \
        [("2.75", "0.14", 40, "1:5:1", "up-or-down", "se"), ("2.75", "0.29", 40, "1:5:1", "up-or-down", "ci95"),
         ("-0.4", "1.3", 30, "-3:3:1", "half-even", "sample"), ("2.3", "0.8", 20, "0:4:0.5", "half-away", "sample"),
         ("2.12", "0.61", 20, "items=3:1:3", "floor", "sample"), ("41.3", "22.6", 24, "0:100:10", "up-or-down", "sample")]


def main():
    rng = random.Random(20261121)
    rows, checked = [], 0
    for case in edge_cases() + nmo_cases() + random_cases(rng):
        count = brute(*case)
        mean, sd, n, scale, rounding, kind, where = case
        if n * len(scale_values(scale)) <= 150:
            again = dp(*case)
            if again is not None:
                assert again == count, case
                checked += 1
        rows.append((mean, sd, n, scale, rounding, kind, where, count))
    small = len(rows)
    for mean, sd, n, scale in LARGE:
        rows.append((mean, sd, n, scale, "up-or-down", "sample", "", 0))
    for mean, sd, n, scale, r, k in EXTRA:
        rows.append((mean, sd, n, scale, r, k, "", 0))
    for i in range(small, len(rows)):
        mean, sd, n, scale, r, k, _, _ = rows[i]
        count = coin_dp(mean, sd, n, scale, r, k)
        free = len(scale_values(scale)) - 3
        if math.comb(n + free, free) <= 14_000_000:
            assert solve_three(mean, sd, n, scale, r, k) == count, rows[i]
            checked += 1
        else:
            # second method where listing is too long: no data reach this SD (variance <= (max-mean)(mean-min), n/(n-1))
            lo, hi = (float(x) for x in (scale_values(scale)[0], scale_values(scale)[-1]))
            beyond = F(n, n - 1) * (F(hi) - F(mean) + F(1, 100)) * (F(mean) - F(lo) + F(1, 100)) < (F(sd) - F(1, 100)) ** 2
            assert beyond and count == 0, rows[i]
            checked += 1
        rows[i] = rows[i][:7] + (count,)
        print(*rows[i], flush=True)
    print(f"{checked} of {len(rows)} counted by two methods; {sum(r[7] == 0 for r in rows)} zero counts")
    write("cells.csv", "cells.py",
          ["Exact numbers of data sets (multisets of n scale values) that print as mean ± sd.",
           "sd_kind: what the ± is; se: SD² = n·SE², ci95: half-width of the t-based 95 % interval. where: constraints joined by ';'.",
           "items=k:lo:hi: per-person totals k·lo..k·hi divided by k. With n = 1 only the population SD exists; the others count 0."],
          ["mean", "sd", "n", "scale", "rounding", "sd_kind", "where", "count"], rows)


if __name__ == "__main__":
    main()
