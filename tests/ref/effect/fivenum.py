#!/usr/bin/env python3
"""Means and SDs from quantiles, and the test for skewness, by their papers.

    python3 fivenum.py > fivenum.csv     (needs mpmath)

Luo et al. 2018 (eq. 7, 11, 15), Wan et al. 2014 (eq. 9, 16), Shi et al. 2020 (eq. 10), Shi et al. 2023,
as metafor 5's conv.fivenum documents its default. 50-digit arithmetic.
"""
import platform

import mpmath
from mpmath import mp, mpf

mp.dps = 50
print("# Means and SDs from quantiles, skewness statistic and critical value; 50-digit arithmetic, printed with 20 digits.")
print("# Tool: Python %s, mpmath %s. Date: 2026-11-21." % (platform.python_version(), mpmath.__version__))
print("# Regenerate: python3 fivenum.py > fivenum.csv")
print("min,q1,median,q3,max,n,mean,sd,statistic,critical")
inv = lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1)

for n in (5, 6, 7, 20, 61, 1000):
    for lo, q1, m, q3, hi in (("2", "4.1", "5.5", "6.9", "9.3"), ("0", "1", "2", "9", "40"), ("-3", "-1", "-0.2", "0.4", "2.5")):
        for kind in ("range", "quartiles", "all"):
            a, b, x, y, med, N = mpf(lo), mpf(hi), mpf(q1), mpf(q3), mpf(m), mpf(n)
            e, q = inv((N - mpf("0.375")) / (N + mpf("0.25"))), inv((mpf("0.75") * N - mpf("0.125")) / (N + mpf("0.25")))
            ra, qa = abs(a + b - 2 * med) / (b - a), abs(x + y - 2 * med) / (y - x)
            if kind == "range":
                w = 4 / (4 + N ** mpf("0.75"))
                mean, sd = w * (a + b) / 2 + (1 - w) * med, (b - a) / (2 * e)
                t, c = ra, 1 / mp.log(N + 9) + mpf("2.5") / (N + 1)
                shown = (lo, "", m, "", hi)
            elif kind == "quartiles":
                w = mpf("0.7") + mpf("0.39") / N
                mean, sd = w * (x + y) / 2 + (1 - w) * med, (y - x) / (2 * q)
                t, c = qa, mpf("2.65") / mp.sqrt(N) - 6 / N ** 2
                shown = ("", q1, m, q3, "")
            else:
                w1, w2 = mpf("2.2") / (mpf("2.2") + N ** mpf("0.75")), mpf("0.7") - mpf("0.72") / N ** mpf("0.55")
                mean = w1 * (a + b) / 2 + w2 * (x + y) / 2 + (1 - w1 - w2) * med
                r = N ** mpf("0.6")
                sd = (b - a) / ((2 + mpf("0.14") * r) * e) + (y - x) / ((2 + 2 / (mpf("0.07") * r)) * q)
                t = max(mpf("2.65") * mp.log(mpf("0.6") * N) / mp.sqrt(N) * ra, qa)
                c = 3 / mp.sqrt(N) - 40 / N ** 3
                shown = (lo, q1, m, q3, hi)
            print(",".join(list(shown) + [str(n)] + [mp.nstr(v, 20) for v in (mean, sd, t, c)]))
