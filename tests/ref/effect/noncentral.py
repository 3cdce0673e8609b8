#!/usr/bin/env python3
"""Noncentral chi-squared and F by their definition: a Poisson mixture, summed from its first term.

    python3 noncentral.py > noncentral.csv     (needs mpmath)

The program starts at the mode of the mixture; here every term is added, with 60 digits.
"""
import platform

import mpmath
from mpmath import mp, mpf

mp.dps = 60
print("# Noncentral chi-squared (df, ncp) and F (d1, d2, ncp): lower and upper tail; 60-digit sums, printed with 20 digits.")
print("# Tool: Python %s, mpmath %s. Date: 2026-11-21." % (platform.python_version(), mpmath.__version__))
print("# Regenerate: python3 noncentral.py > noncentral.csv")
print("function,x,a,b,ncp,lower,upper")


def mixture(ncp, tail):
    half, total, j = mpf(ncp) / 2, mpf(0), 0
    last = int(half + 40 * mp.sqrt(half) + 120)
    weight = mp.exp(-half)
    while j <= last:
        total += weight * tail(j)
        j += 1
        weight *= half / j
    return total


def show(name, x, a, b, ncp, lower, upper):
    print("%s,%s,%s,%s,%s,%s,%s" % (name, x, a, b, ncp, mp.nstr(lower, 20), mp.nstr(upper, 20)))


for df in (1, 3, 10, 100):
    for ncp in ("0.1", "5", "80"):
        for factor in ("0.3", "1", "2.5"):
            x = mpf(factor) * (df + mpf(ncp))
            text = mp.nstr(x, 12)
            x = mpf(text)
            lower = mixture(ncp, lambda j: mp.gammainc(mpf(df) / 2 + j, 0, x / 2, regularized=True))
            upper = mixture(ncp, lambda j: mp.gammainc(mpf(df) / 2 + j, x / 2, regularized=True))
            show("ncx2", text, df, "", ncp, lower, upper)
for d1, d2 in ((1, 6), (3, 20), (10, 100)):
    for ncp in ("0.5", "10", "60"):
        for x in ("0.2", "2", "9"):
            y = d1 * mpf(x) / (d1 * mpf(x) + d2)
            lower = mixture(ncp, lambda j: mp.betainc(mpf(d1) / 2 + j, mpf(d2) / 2, 0, y, regularized=True))
            upper = mixture(ncp, lambda j: mp.betainc(mpf(d2) / 2, mpf(d1) / 2 + j, 0, 1 - y, regularized=True))
            show("ncf", x, d1, d2, ncp, lower, upper)
