"""DEBIT: counts k of ones among n zeros and ones whose mean k/n and SD print as reported.

Decided by interval and by forward rounding; the SD is the exact root of k(n-k)/(n(n-ddof)).
"""
import random

from common import *
from cells import report, show


def ones(mean, sd, n, rounding, kind):
    mset, spread = printed_set(mean, rounding), Spread(sd, n, rounding, kind)
    out = []
    for k in range(n + 1):
        m, ss = F(k, n), F(k * (n - k), n)
        a = inside(m, mset) and spread.admits(ss)
        b = units(mean) in forward(m, decimals(mean), rounding) and spread.admits_forward(ss)
        assert a == b
        if a:
            out.append(k)
    return out


def main():
    rng = random.Random(11)
    cases = []
    for m, s, n in [("0.36", "0.11", 20), ("0.35", "0.49", 20), ("0.5", "0.5", 10), ("0.50", "0.50", 100), ("0.50", "0.53", 10), ("0", "0", 7), ("1", "0", 7),
                    ("0.00", "0.00", 30), ("1.00", "0.00", 30), ("0.71", "0.49", 7), ("0.71", "0.45", 7), ("0.14", "0.38", 7), ("0.43", "0.53", 7),
                    ("0.06", "0.25", 15), ("0.07", "0.26", 15), ("0.25", "0.44", 40), ("0.32", "0.47", 1683), ("0.07", "0.25", 1683), ("0.31", "0.46", 340),
                    ("0.76", "0.48", 1683), ("0.66", "0.48", 340), ("0.53", "0.50", 1583), ("0.44", "0.50", 1583), ("0.50", "0.50", 3), ("1.0", "0.1", 5),
                    ("0.1", "0.3", 7), ("0.3", "0.5", 8), ("0.2", "0.4", 8), ("0.125", "0.354", 8), ("0.12", "0.35", 8), ("0.13", "0.35", 8), ("0.12", "0.33", 8), ("0.5", "0.7", 2), ("0.50", "0.71", 2)]:
        for kind in ("sample", "population"):
            cases.append((m, s, n, "up-or-down", kind))
    for r in ROUNDINGS[1:]:
        for m, s, n in [("0.12", "0.35", 8), ("0.13", "0.35", 8), ("0.25", "0.43", 4), ("0.2", "0.4", 4), ("0.3", "0.4", 4), ("0.00", "0.00", 9), ("1.00", "0.00", 9), ("0", "0", 2), ("1", "0", 2), ("0", "1", 2)]:
            cases += [(m, s, n, r, "population"), (m, s, n, r, "sample")]
    for i in range(140):
        n, d, r, kind = rng.randrange(2, 80), rng.choice([1, 2, 2, 2, 3]), ROUNDINGS[i % 6], ("sample", "population")[i // 6 % 2]
        k = rng.randrange(n + 1)
        m, s = report([F(1)] * k + [F(0)] * (n - k), d, rng.choice([d, d, 2]), r, kind, rng)
        roll = rng.random()
        if roll < 0.3:
            s = show(max(0, units(s) + rng.choice([-1, 1])), decimals(s))
        elif roll < 0.5:
            m = show(min(10 ** d, max(0, units(m) + rng.choice([-1, 1]))), d)
        cases.append((m, s, n, r, kind))
    rows = []
    for c in cases:
        k = ones(*c)
        rows.append(c + (bool(k), "|".join(map(str, k))))
    print(sum(r[5] for r in rows), "consistent of", len(rows))
    write("debit.csv", "debit.py", ["DEBIT: counts lists every k (ones among n zeros and ones) whose mean and SD print as reported."],
          ["mean", "sd", "n", "rounding", "sd_kind", "debit", "counts"], rows)


if __name__ == "__main__":
    main()
