"""GRIM: whole-number totals S with S/(n·items) printing as the mean, or k with 100·k/n printing as the percentage.

Found twice: by the interval of true values, and by rounding every candidate forward.  Negative totals are allowed for
means; k is a whole number >= 0, and may exceed n (a percentage above 100).
"""
import math
import random

from common import *
from cells import show


def totals(x, n, items, percent, rounding):
    unit = F(100, n) if percent else F(1, n * items)
    bounds = printed_set(x, rounding)
    lo, hi = math.floor(bounds[0] / unit) - 2, math.ceil(bounds[2] / unit) + 2
    if percent:
        lo = max(lo, 0)
    a = [s for s in range(lo, hi + 1) if inside(s * unit, bounds)]
    b = [s for s in range(lo, hi + 1) if units(x) in forward(s * unit, decimals(x), rounding)]
    assert a == b
    return a


KNOWN = [("5.19", 28, 1), ("5.18", 28, 1), ("5.21", 28, 1), ("3.45", 20, 1), ("3.44", 20, 1), ("4.00", 20, 1), ("3.56", 17, 1), ("5.23", 20, 1),
         ("2.97", 28, 1), ("4.71", 12, 1), ("5.2", 8, 1), ("2.33", 6, 1), ("1.37", 5, 2), ("7.22", 32, 1), ("4.74", 25, 1), ("5.23", 29, 1),
         ("2.57", 24, 1), ("6.77", 27, 1), ("2.68", 26, 1), ("7.01", 28, 1), ("7.38", 26, 1), ("3.14", 27, 1), ("6.89", 31, 1), ("5.00", 25, 1),
         ("0.24", 29, 1), ("1.10", 10, 1), ("3", 7, 1), ("71", 7, 1), ("3.0", 7, 1), ("8.9", 25, 1), ("1.2", 57, 1), ("3.10", 10, 3), ("2.9", 7, 1),
         ("0.4", 7, 1), ("5.1", 7, 2), ("4.1", 7, 2), ("0.9", 7, 1), ("6.1", 7, 1), ("-1.35", 20, 1), ("-1.34", 20, 1), ("0.00", 3, 1), ("-0.33", 3, 1),
         ("0.125", 8, 1), ("0.12", 8, 1), ("0.13", 8, 1), ("-0.12", 8, 1), ("-0.13", 8, 1), ("2.5", 4, 1), ("2.50", 4, 1), ("2.500", 4, 1)]
PERCENT = [("71", 7), ("71.4", 7), ("71.43", 7), ("71.42", 7), ("14", 7), ("15", 7), ("29", 7), ("28", 7), ("33.3", 3), ("33.4", 3), ("66.7", 3), ("66.6", 3),
           ("120", 5), ("120.0", 5), ("133.3", 3), ("133", 3), ("250", 4), ("101", 7), ("114.3", 7), ("100", 9), ("100.0", 9), ("0", 9), ("0.0", 9), ("12.5", 8), ("12", 8), ("13", 8),
           ("37.5", 8), ("38", 8), ("37", 8), ("62.5", 8), ("62", 8), ("87.5", 24), ("50", 11), ("50.0", 11), ("45.5", 11), ("55", 21), ("0.5", 200), ("1", 200), ("2", 200), ("99.5", 200),
           ("32.5", 438), ("35.6", 455), ("21.7", 78), ("30.3", 300), ("28.0", 200), ("88.8", 1200), ("59.2", 300), ("35.5", 449)]


def main():
    rng = random.Random(7)
    rows = []

    def add(x, n, items, percent, rounding):
        t = totals(x, n, items, percent, rounding)
        rows.append((x, n, items, percent, rounding, bool(t), "|".join(map(str, t))))

    for x, n, k in KNOWN:
        add(x, n, k, False, "up-or-down")
    for x, n in PERCENT:
        add(x, n, 1, True, "up-or-down")
    for r in ROUNDINGS[1:]:
        for x, n, k in KNOWN[-13:]:
            add(x, n, k, False, r)
        for x, n in PERCENT[25:32]:
            add(x, n, 1, True, r)
    i = 0
    while i < 160:
        d, n = rng.choice([0, 1, 1, 2, 2, 2, 2, 3]), rng.randrange(2, 90)
        r = ROUNDINGS[i % 6]
        percent = i % 4 == 3
        items = 1 if percent else rng.choice([1, 1, 1, 2, 3, 5])
        if percent:
            d = min(d, 2)
            x = rng.randrange(0, 130 * 10 ** d) if rng.random() < 0.4 else rng.choice(sorted(forward(F(100 * rng.randrange(0, n + 3), n), d, r)))
        else:
            x = rng.randrange(-9 * 10 ** d, 9 * 10 ** d) if rng.random() < 0.5 else rng.choice(sorted(forward(F(rng.randrange(-3 * n, 9 * n), n * items), d, r)))
        add(show(x, d), n, items, percent, r)
        i += 1
    print(sum(r[5] for r in rows), "consistent of", len(rows))
    write("grim.csv", "grim.py",
          ["GRIM: totals lists every whole-number S with S/(n·items) printing as the mean; for percent every k >= 0 with 100·k/n printing as it."],
          ["mean", "n", "items", "percent", "rounding", "grim", "totals"], rows)


if __name__ == "__main__":
    main()
