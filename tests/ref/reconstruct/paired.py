"""Two cells of the same patients: exact ranges over all data sets and all pairings.

A joint table is a multiset of n pairs (before, after) whose two margins print as reported.  Small cases: for every pair of
admissible multisets all distinct pairings are listed (all permutations, duplicates removed), the number of tables is counted
again by a recursion over contingency tables, and t-tests are compared with scipy on a sample of the tables.
The half-step disability scale (35 million tables) is listed with arrays: pairings are taken once for each pattern of ties.

Differences are after - before.  SDs are sample SDs.  Tables whose differences are all equal have no d_z, t or p: they are
left out of those ranges and of `significant`; zero_sd counts them and zero_sd_moved those with a change other than 0.
r needs two positive SDs.  r_need: smallest correlation with two-sided p < 0.05, over pairs of data sets, not clipped to [-1, 1];
it too needs two positive SDs.
"""
import functools
import itertools
import math
import random
import sys
from collections import Counter

import numpy as np

from common import *
import ranktests as rt
from cells import report

HEADER = ["before_mean", "before_sd", "after_mean", "after_sd", "n", "before_scale", "after_scale", "rounding", "before_sets", "after_sets", "tables"] + \
         [f"{q}_{e}" for q in ("r", "sdchange", "dz", "t", "p", "w", "pratt", "sign", "rneed") for e in ("lo", "hi")] + \
         ["significant", "wilcoxon_significant", "zero_sd", "zero_sd_moved", "r_significant_lo", "r_other_hi"]


def data_sets(mean, sd, n, scale, rounding, g):
    """Every admissible sorted tuple of codes (g times the value)."""
    mset, spread = printed_set(mean, rounding), Spread(sd, n, rounding, "sample")
    cs = [int(v * g) for v in scale_values(scale)]
    out = []
    for d in itertools.combinations_with_replacement(cs, n):
        s = sum(d)
        if inside(F(s, n * g), mset):
            ss = F(n * sum(x * x for x in d) - s * s, n * g * g)
            if spread.admits(ss):
                assert spread.admits_forward(ss) and units(mean) in forward(F(s, n * g), decimals(mean), rounding)
                out.append(d)
    return out


def granularity(*scales):
    return math.lcm(*(codes(scale_values(s))[0] for s in scales))


@functools.lru_cache(maxsize=None)
def count_tables(rows, cols):
    """Number of non-negative integer matrices with these margins."""
    if not rows:
        return 1
    total = 0

    def fill(i, left, rest):
        nonlocal total
        if i == len(cols):
            if left == 0:
                total += count_tables(rows[1:], tuple(sorted(rest)))
            return
        for c in range(min(left, cols[i]) + 1):
            fill(i + 1, left - c, rest + (cols[i] - c,))

    fill(0, rows[0], ())
    return total


def multiplicities(d):
    return tuple(sorted(Counter(d).values()))


class Range:
    """Smallest and largest of exact keys; shown through a function."""

    def __init__(self):
        self.lo = self.hi = None

    def add(self, x):
        if self.lo is None or x < self.lo:
            self.lo = x
        if self.hi is None or x > self.hi:
            self.hi = x

    def shown(self, f=as_mp):
        return ["", ""] if self.lo is None else [num(f(self.lo)), num(f(self.hi))]


def r_needed(x, y, n, g, into):
    sx, sy = sum(x), sum(y)
    vx, vy = (F(n * sum(a * a for a in d) - sum(d) ** 2, n * (n - 1) * g * g) for d in (x, y))
    if vx == 0 or vy == 0:
        return
    change = F(sy - sx, n * g)
    t2 = as_mp(F(722, 39)) if n == 3 else t_crit_mp(n - 1) ** 2
    into.add((as_mp(vx + vy) - as_mp(n * change * change) / t2) / (2 * mpmath.sqrt(as_mp(vx * vy))))


class Ranges:
    def __init__(self, n, g):
        self.n, self.g = n, g
        self.r2, self.vd, self.dz2, self.t2, self.abs_t2 = (Range() for _ in range(5))
        self.w, self.pratt, self.sign, self.need = (Range() for _ in range(4))
        self.r2_sig, self.r2_other = Range(), Range()
        self.tables = self.significant = self.wsig = self.zero = self.zero_moved = 0

    def moments(self, sx, qx, sy, qy, c, times=1):
        """One table (or `times` tables) with these sums, squares and cross product, in codes."""
        n, g = self.n, self.g
        nvx, nvy, ncov = n * qx - sx * sx, n * qy - sy * sy, n * c - sx * sy
        nvd = nvx + nvy - 2 * ncov
        if nvx and nvy:
            self.r2.add(F(ncov * abs(ncov), nvx * nvy))
        self.vd.add(F(nvd, n * (n - 1) * g * g))
        dsum = sy - sx
        if nvd == 0:
            self.zero += times
            self.zero_moved += times if dsum else 0
            return
        # mean change over its SD: (dsum/n)² / (nvd/(n(n-1)))
        dz2 = F(dsum * abs(dsum) * (n - 1), n * nvd)
        self.dz2.add(dz2)
        self.t2.add(dz2 * n)
        self.abs_t2.add(abs(dz2 * n))
        hit = exceeds_crit(abs(dz2 * n), n - 1)
        self.significant += times if hit else 0
        if nvx and nvy:
            (self.r2_sig if hit else self.r2_other).add(F(ncov * abs(ncov), nvx * nvy))

    def row(self):
        p = Range()
        if self.abs_t2.lo is not None:
            p.lo, p.hi = t_p_from_sq(self.abs_t2.hi, self.n - 1), t_p_from_sq(self.abs_t2.lo, self.n - 1)
        return [self.tables] + self.r2.shown(signed_root) + self.vd.shown(signed_root) + self.dz2.shown(signed_root) + self.t2.shown(signed_root) + \
            p.shown() + self.w.shown() + self.pratt.shown() + self.sign.shown() + self.need.shown() + \
            [self.significant, self.wsig, self.zero, self.zero_moved, self.r2_sig.shown(signed_root)[0], self.r2_other.shown(signed_root)[1]]


def by_listing(case, rng):
    bm, bs, am, as_, n, sb, sa, rounding = case
    g = granularity(sb, sa)
    xs, ys = data_sets(bm, bs, n, sb, rounding, g), data_sets(am, as_, n, sa, rounding, g)
    out = Ranges(n, g)
    expected = sum(count_tables(multiplicities(x), multiplicities(y)) for x in xs for y in ys)
    for x in xs:
        sx, qx = sum(x), sum(a * a for a in x)
        for y in ys:
            sy, qy = sum(y), sum(a * a for a in y)
            r_needed(x, y, n, g, out.need)
            for pairs in {tuple(sorted(zip(x, p))) for p in itertools.permutations(y)}:
                d = [b - a for a, b in pairs]
                out.tables += 1
                out.moments(sx, qx, sy, qy, sum(a * b for a, b in pairs))
                w = rt.wilcoxon(d)
                out.w.add(w)
                out.pratt.add(rt.pratt(d))
                out.sign.add(rt.sign(d))
                out.wsig += w < F(1, 20)
                if rng.random() < 0.02 and len(set(d)) > 1:
                    compare_with_scipy(pairs, n)
    assert out.tables == expected
    return list(case) + [len(xs), len(ys)] + out.row()


COMPARED = 0


def compare_with_scipy(pairs, n):
    global COMPARED
    from scipy import stats
    a, b = np.array(pairs, dtype=float).T
    got = stats.ttest_rel(b, a)
    one = Ranges(n, 1)
    ia, ib = zip(*pairs)
    one.moments(sum(ia), sum(x * x for x in ia), sum(ib), sum(x * x for x in ib), sum(x * y for x, y in pairs))
    assert abs(float(signed_root(one.t2.lo)) - got.statistic) < 1e-9 * (1 + abs(got.statistic))
    assert abs(float(t_p_from_sq(one.abs_t2.lo, n - 1)) - got.pvalue) < 1e-9
    COMPARED += 1


# ---------------------------------------------------------------- arrays, for millions of tables
def composition(d):
    return tuple(len(list(grp)) for _, grp in itertools.groupby(d))


_PERMS = {}


def pairings(cx, cy, n):
    """One arrangement of positions of y per distinct table, for sorted x and y with these runs of equal values."""
    key = cx, cy
    if key not in _PERMS:
        if n not in _PERMS:
            _PERMS[n] = np.array(list(itertools.permutations(range(n))), dtype=np.int8)
        perms = _PERMS[n]
        label = np.repeat(np.arange(len(cy)), cy).astype(np.int64)
        lab = label[perms]
        start = 0
        for run in cx:
            lab[:, start:start + run].sort(axis=1)
            start += run
        code = (lab * (10 ** np.arange(n))).sum(axis=1)
        _, first = np.unique(code, return_index=True)
        _PERMS[key] = perms[first]
    return _PERMS[key]


def by_arrays(case):
    bm, bs, am, as_, n, sb, sa, rounding = case
    g = granularity(sb, sa)
    xs, ys = data_sets(bm, bs, n, sb, rounding, g), data_sets(am, as_, n, sa, rounding, g)
    out = Ranges(n, g)
    # rank tests only depend on the sorted doubled ranks and W: tally (zeros, runs of |d|, W) as integers
    top = n * (n + 1) + 1
    tally = [Counter(), Counter()]
    signs = Counter()
    moments = Counter()
    expected = 0
    for x in xs:
        xa = np.array(x, dtype=np.int64)
        ds = []
        for y in ys:
            r_needed(x, y, n, g, out.need)
            expected += count_tables(multiplicities(x), multiplicities(y))
            ya = np.array(y, dtype=np.int64)[pairings(composition(x), composition(y), n)]
            ds.append((ya - xa).astype(np.int16))
            cs, how = np.unique(ya @ xa, return_counts=True)
            base = sum(x), sum(a * a for a in x), sum(y), sum(a * a for a in y)
            for c, k in zip(cs.tolist(), how.tolist()):
                moments[base + (c,)] += k
        d = np.concatenate(ds)
        out.tables += len(d)
        a = np.abs(d)
        up, zero = d > 0, d == 0
        order = np.sort(a, axis=1)
        runs = ((order[:, 1:] == order[:, :-1]) * (1 << np.arange(n - 1))).sum(axis=1)
        nzero = zero.sum(axis=1)
        whole = np.ones_like(a)
        for j in range(n):
            whole += 2 * (a[:, j:j + 1] < a) + (a[:, j:j + 1] == a)
        for which, ranks in enumerate((whole - 2 * nzero[:, None], whole)):
            w = (ranks * up).sum(axis=1)
            key = (runs * (n + 1) + nzero) * top + w
            ks, how = np.unique(key, return_counts=True)
            for k, c in zip(ks.tolist(), how.tolist()):
                tally[which][k] += c
        ks, how = np.unique(up.sum(axis=1) * (n + 1) + nzero, return_counts=True)
        for k, c in zip(ks.tolist(), how.tolist()):
            signs[k] += c
    assert out.tables == expected
    for base, k in moments.items():
        out.moments(*base, times=k)
    for which, into in enumerate((out.w, out.pratt)):
        for key, c in tally[which].items():
            key, w = divmod(key, top)
            runs, nzero = divmod(key, n + 1)
            # rebuild |d| up to order: equal neighbours as the bits say, the first nzero values are 0
            level, levels = 0 if nzero else 1, []
            for i in range(n):
                if i and not runs >> (i - 1) & 1:
                    level += 1
                levels.append(level)
            assert levels.count(0) == nzero
            ranks = (rt.wilcoxon_parts, rt.pratt_parts)[which](levels)[0]
            p = rt.two_sided(ranks, w)
            into.add(p)
            if which == 0 and p < F(1, 20):
                out.wsig += c
    for key in signs:
        up, nzero = divmod(key, n + 1)
        out.sign.add(rt.sign([1] * up + [-1] * (n - up - nzero)))
    return list(case) + [len(xs), len(ys)] + out.row()


# ---------------------------------------------------------------- the cases
NMO = [("2.9", "1.1", "0.4", "0.8", 7, "0:20:1", "0:20:1", "up-or-down"),
       ("3.0", "1.5", "0.9", "1.2", 7, "0:10:1", "0:10:1", "up-or-down"),
       ("6.1", "2.0", "3.0", "1.4", 7, "0:10:1", "0:10:1", "up-or-down")]
DISABILITY = [("5.1", "1.7", "4.1", "1.6", 7, EDSS, EDSS, "up-or-down"),
              ("5.1", "1.7", "4.1", "1.6", 7, "0:10:0.5", "0:10:0.5", "up-or-down")]
SCALES = ["0:3:1", "0:4:1", "1:5:1", "0:5:1", "0:2:0.5", "-2:2:1", "0:3:0.5", "0|1|1.5|2|2.5|3", "0:6:1", "0|1|2|4|8", "items=2:0:2", "items=3:1:2"]


def random_cases(rng):
    seen = set()
    i = 0
    while i < 62:
        n = rng.choice([2, 3, 3, 4, 4, 5, 5, 6, 6])
        sb = rng.choice(SCALES)
        sa = sb if rng.random() < 0.7 else rng.choice(SCALES)
        r = ROUNDINGS[i % 6]
        d = rng.choice([1, 1, 1, 2])
        x = [rng.choice(scale_values(sb)) for _ in range(n)]
        y = [max(scale_values(sa)[0], min(scale_values(sa)[-1], rng.choice(scale_values(sa)) - (1 if rng.random() < 0.5 else 0))) for _ in range(n)]
        if any(v not in scale_values(sa) for v in y):
            continue
        case = report(x, d, d, r, "sample", rng) + report(y, d, d, r, "sample", rng) + (n, sb, sa, r)
        if case in seen or any(c.startswith("-") and units(c) == 0 for c in case[:4]):
            continue
        g = granularity(sb, sa)
        xs, ys = data_sets(*case[:2], n, sb, r, g), data_sets(*case[2:4], n, sa, r, g)
        if sum(count_tables(multiplicities(a), multiplicities(b)) for a in xs for b in ys) > 30000:
            continue
        seen.add(case)
        i += 1
        yield case


def edge_cases():
    """Constant changes, constant cells, an impossible cell, no change at all."""
    u = "up-or-down"
    return [("2.0", "1.0", "1.0", "1.0", 3, "0:4:1", "0:4:1", u), ("2.0", "0.0", "1.0", "1.0", 3, "0:4:1", "0:4:1", u),
            ("2.0", "0.0", "1.0", "0.0", 4, "0:4:1", "0:4:1", u), ("2.0", "1.0", "2.0", "1.0", 3, "0:4:1", "0:4:1", u),
            ("2.0", "0.0", "2.0", "0.0", 4, "0:4:1", "0:4:1", u), ("1.5", "0.7", "3.5", "0.7", 2, "0:5:1", "0:5:1", u),
            ("2.0", "9.0", "1.0", "1.0", 3, "0:4:1", "0:4:1", u), ("1.00", "0.00", "3.50", "0.58", 4, "1:5:1", "1:5:1", "half-even")]


def main():
    rng = random.Random(77)
    rows = []
    for case in NMO:
        row = by_listing(case, rng)
        assert row == by_arrays(case), "the two ways of listing differ"
        rows.append(row)
        print(dict(zip(HEADER, row)), flush=True)
    for case in DISABILITY:
        rows.append(by_arrays(case))
        print(dict(zip(HEADER, rows[-1])), flush=True)
    for case in list(edge_cases()) + list(random_cases(rng)):
        row = by_listing(case, rng)
        if row[HEADER.index("tables")]:
            assert row == by_arrays(case), case
        rows.append(row)
    print(f"{COMPARED} tables compared with scipy")
    write("paired.csv", "paired.py",
          ["Ranges over all joint tables (multisets of pairs, after - before) behind two printed cells of the same n patients.",
           "p: paired t-test, two-sided; w: exact signed-rank, zeros dropped; pratt: exact, Pratt's ranks; sign: exact, zeros dropped; all differences 0: p = 1.",
           "Tables with equal differences (zero_sd; of these zero_sd_moved with a change other than 0) are outside the ranges of dz, t, p and outside significant.",
           "r_significant_lo: smallest r of a table with p < 0.05; r_other_hi: largest r of a table without (zero_sd tables apart).",
           "r and rneed (smallest r with p < 0.05 over pairs of data sets, not clipped) need two positive SDs. Empty: no such table."],
          HEADER, rows)


if __name__ == "__main__":
    main()
