#!/usr/bin/env python3
"""Reference values of the chi-squared and F distributions.

    python3 chi_squared.py > chi_squared.csv          (needs mpmath)

mpmath's incomplete gamma and beta functions with 50 digits; every quantile is a
root of them that brackets p at root*(1 -+ 1e-28).  Arguments are IEEE doubles.
"""
import mpmath
from mpmath import mp, mpf

mp.dps = 50


def cdf(x, df):
    return mpmath.gammainc(mpf(df) / 2, 0, mpf(x) / 2, regularized=True)


def sf(x, df):
    return mpmath.gammainc(mpf(df) / 2, mpf(x) / 2, mpmath.inf, regularized=True)


def f_sf(x, d1, d2):
    x, d1, d2 = mpf(x), mpf(d1), mpf(d2)
    return mpmath.betainc(d2 / 2, d1 / 2, 0, d2 / (d2 + d1 * x), regularized=True)


def quantile(p, df):
    p = mpf(p)
    low, high = mpf(-2000), mpf(700)
    small = p < mpf(1) / 2
    for _ in range(400):
        mid = (low + high) / 2
        x = mpmath.e ** mid
        above = cdf(x, df) > p if small else sf(x, df) < 1 - p
        low, high = (low, mid) if above else (mid, high)
        if high - low < mpf(10) ** -40:
            break
    return mpmath.e ** low


def row(name, *cells):
    *args, value = cells
    if value == 0 or abs(value) < mpf(2) ** -1022:
        return
    args = [repr(float(a)) for a in args] + [""] * (3 - len(args))
    print(",".join([name] + args + [mpmath.nstr(value, 20)]))


print("# Reference values of the chi-squared and F distributions, 20 significant digits.")
print(f"# Tool: Python with mpmath {mpmath.__version__}, 50-digit arithmetic. Date: 2026-11-21.")
print("# Regenerate: python3 chi_squared.py > chi_squared.csv")
print("function,a,b,c,value")
DFS = [0.5, 1.0, 2.0, 3.0, 7.0, 12.0, 50.0, 250.0, 1000.0, 4000.0]
for df in DFS:
    for q in [1e-6, 0.01, 0.3, 0.9, 1.0, 1.1, 1.5, 3.0, 20.0]:
        x = float(q * df)
        row("chi2_cdf", x, df, cdf(x, df))
        row("chi2_sf", x, df, sf(x, df))
    for p in [1e-12, 1e-4, 0.025, 0.2, 0.5, 0.8, 0.95, 0.975, 0.9999]:
        if df < 1 and p < 1e-4:
            continue
        row("chi2_quantile", p, df, quantile(p, df))
for d1 in [1.0, 2.0, 3.0, 9.0]:
    for d2 in [0.7, 1.0, 5.0, 11.0, 60.5, 900.0]:
        for x in [1e-3, 0.2, 1.0, 4.0, 30.0, 1e4]:
            row("f_sf", x, d1, d2, f_sf(x, d1, d2))
