"""Exact one-sample rank tests on a list of differences (fractions or integers)."""
import functools
import itertools
import math
from collections import Counter
from fractions import Fraction as F


def doubled_midranks(d):
    """Twice the midrank of every |d_i| within the whole list."""
    a = [abs(x) for x in d]
    return [2 * sum(y < x for y in a) + sum(y == x for y in a) + 1 for x in a]


@functools.lru_cache(maxsize=None)
def two_sided(ranks, w):
    """P over all sign patterns of the given (doubled) ranks: min(1, 2*min(P(W<=w), P(W>=w))), exact."""
    dist = Counter({0: 1})
    for r in ranks:
        new = Counter()
        for s, c in dist.items():
            new[s] += c
            new[s + r] += c
        dist = new
    total = 2 ** len(ranks)
    low = sum(c for s, c in dist.items() if s <= w)
    high = sum(c for s, c in dist.items() if s >= w)
    return min(F(1), F(2 * min(low, high), total))


def two_sided_listed(ranks, w):
    """The same by listing every sign pattern."""
    sums = [sum(r for r, k in zip(ranks, keep) if k) for keep in itertools.product((0, 1), repeat=len(ranks))]
    return min(F(1), F(2 * min(sum(s <= w for s in sums), sum(s >= w for s in sums)), len(sums)))


def wilcoxon_parts(d):
    d = [x for x in d if x != 0]
    r = doubled_midranks(d)
    return tuple(sorted(r)), sum(a for a, x in zip(r, d) if x > 0)


def pratt_parts(d):
    r = doubled_midranks(d)
    return tuple(sorted(a for a, x in zip(r, d) if x != 0)), sum(a for a, x in zip(r, d) if x > 0)


def wilcoxon(d):
    """Exact signed-rank p, zeros dropped, midranks for ties."""
    return two_sided(*wilcoxon_parts(d))


def pratt(d):
    """Exact p with Pratt's ranks: zeros are ranked, then dropped."""
    return two_sided(*pratt_parts(d))


def sign(d):
    """Exact sign test, zeros dropped."""
    up, down = sum(x > 0 for x in d), sum(x < 0 for x in d)
    n, k = up + down, min(up, down)
    return min(F(1), F(2 * sum(math.comb(n, i) for i in range(k + 1)), 2 ** n))
