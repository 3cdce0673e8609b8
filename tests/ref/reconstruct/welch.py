"""Two independent arms: ranges over all pairs of data sets behind two printed cells, group 1 - group 2.

t, df, p and g depend on the mean and variance only, so the exact distinct (sum, sum of squares) classes are paired.
g = J·(mean1 - mean2)/pooled SD with J = gamma(m/2)/(sqrt(m/2)·gamma((m-1)/2)), m = n1 + n2 - 2.
Second method: scipy's t-tests on one data set of every class, all pairs.
"""
import itertools
import random

import numpy as np
from scipy import stats

from common import *
from cells import report


def classes(mean, sd, n, scale, rounding):
    """{(mean, sample variance): one data set}"""
    mset, spread = printed_set(mean, rounding), Spread(sd, n, rounding, "sample")
    g, cs = codes(scale_values(scale))
    out = {}
    sets = 0
    for d in itertools.combinations_with_replacement(cs, n):
        s = sum(d)
        m = F(s, n * g)
        if inside(m, mset):
            ss = F(n * sum(x * x for x in d) - s * s, n * g * g)
            if spread.admits(ss):
                assert spread.admits_forward(ss)
                sets += 1
                out[m, ss / (n - 1)] = [x / g for x in d]
    return sets, out


def ranges(case):
    m1, s1, n1, sc1, m2, s2, n2, sc2, r = case
    sets1, a = classes(m1, s1, n1, sc1, r)
    sets2, b = classes(m2, s2, n2, sc2, r)
    df = n1 + n2 - 2
    cols = {k: [] for k in ("t", "p", "welch_t", "welch_df", "welch_p", "g")}
    half = mp.mpf(df) / 2
    j = mpmath.gamma(half) / (mpmath.sqrt(half) * mpmath.gamma(half - mp.mpf(1) / 2))
    undefined = 0
    for (x, vx), dx in a.items():
        for (y, vy), dy in b.items():
            if vx == 0 and vy == 0:
                undefined += 1
                continue
            diff = x - y
            pooled = ((n1 - 1) * vx + (n2 - 1) * vy) / df
            t2 = diff * abs(diff) / (pooled * (F(1, n1) + F(1, n2)))
            e1, e2 = vx / n1, vy / n2
            w2 = diff * abs(diff) / (e1 + e2)
            wdf = (e1 + e2) ** 2 / (e1 ** 2 / (n1 - 1) + e2 ** 2 / (n2 - 1))
            values = (signed_root(t2), t_p_from_sq(abs(t2), df), signed_root(w2), as_mp(wdf), t_p_from_sq(abs(w2), wdf), j * signed_root(diff * abs(diff) / pooled))
            for k, v in zip(cols, values):
                cols[k].append(v)
            s, w = stats.ttest_ind(dx, dy), stats.ttest_ind(dx, dy, equal_var=False)
            for got, want in zip((s.statistic, s.pvalue, w.statistic, w.df, w.pvalue), values):
                assert abs(got - float(want)) < 1e-9 * (1 + abs(got)), (case, dx, dy)
    row = list(case) + [sets1, sets2]
    for v in cols.values():
        row += [num(min(v)), num(max(v))] if v else ["", ""]
    return row + [undefined]


def main():
    rng = random.Random(404)
    u = "up-or-down"
    cases = [("2.9", "1.1", 7, "0:20:1", "0.4", "0.8", 7, "0:20:1", u), ("3.0", "1.5", 7, "0:10:1", "0.9", "1.2", 7, "0:10:1", u), ("6.1", "2.0", 7, "0:10:1", "3.0", "1.4", 7, "0:10:1", u),
             ("3.0", "0.0", 4, "1:5:1", "2.2", "0.8", 5, "1:5:1", u), ("3.0", "0.0", 4, "1:5:1", "2.0", "0.0", 5, "1:5:1", u), ("2.5", "0.7", 2, "1:5:1", "3.5", "0.7", 2, "1:5:1", u),
             ("3.0", "9.0", 4, "1:5:1", "2.0", "0.5", 5, "1:5:1", u), ("2.0", "1.0", 3, "0:4:1", "2.0", "1.0", 3, "0:4:1", u)]
    scales = ["0:3:1", "1:5:1", "0:10:1", "-3:3:1", "0:4:0.5", "1:7:1", "0|1|2|4|8", "items=2:0:3"]
    while len(cases) < 36:
        r = ROUNDINGS[len(cases) % 6]
        sc = rng.choice(scales)
        sc2 = sc if rng.random() < 0.7 else rng.choice(scales)
        n1, n2, d = rng.randrange(2, 9), rng.randrange(2, 9), rng.choice([1, 1, 2])
        x, y = ([rng.choice(scale_values(s)) for _ in range(n)] for s, n in ((sc, n1), (sc2, n2)))
        a, b = report(x, d, d, r, "sample", rng), report(y, d, d, r, "sample", rng)
        if any(c.startswith("-") and units(c) == 0 for c in a + b):
            continue
        case = a + (n1, sc) + b + (n2, sc2, r)
        if len(classes(*a, n1, sc, r)[1]) * len(classes(*b, n2, sc2, r)[1]) <= 1500:
            cases.append(case)
    rows = [ranges(c) for c in cases]
    write("welch.csv", "welch.py",
          ["Ranges over all data sets of two independent arms (group 1 - group 2): Student t (p), Welch t, df (p), both two-sided, Hedges g with the exact J.",
           "undefined: pairs of (mean, variance) classes where both variances are 0; they are left out."],
          ["mean1", "sd1", "n1", "scale1", "mean2", "sd2", "n2", "scale2", "rounding", "sets1", "sets2"] +
          [f"{k}_{e}" for k in ("t", "p", "welch_t", "welch_df", "welch_p", "g") for e in ("lo", "hi")] + ["undefined"], rows)


if __name__ == "__main__":
    main()
