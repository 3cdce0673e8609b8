#!/usr/bin/env python3
"""tau2 by ML, REML, PM and EB with 40 digits.

    python3 tau2.py > tau2.csv          (needs mpmath; in this folder)

The defining equations are written with matrices of mpmath and solved by bisection:
ML: sum w^2 e^2 = sum w; REML: y'PPy = tr P; PM and EB: sum w e^2 = k - p.
Every sign change on a fine grid is found, and the likelihoods are compared.
"""
import csv
import os
import mpmath
from mpmath import mp, mpf, matrix

mp.dps = 40
HERE = os.path.dirname(os.path.abspath(__file__))


def read(name):
    with open(os.path.join(HERE, "../../../data/published", name)) as file:
        return list(csv.DictReader(file))


def parts(y, v, x, t):
    k, p = len(y), len(x[0])
    w = [1 / (vi + t) for vi in v]
    xx = matrix(p, p)
    xy = matrix(p, 1)
    for i in range(k):
        for a in range(p):
            xy[a] += w[i] * x[i][a] * y[i]
            for b in range(p):
                xx[a, b] += w[i] * x[i][a] * x[i][b]
    inv = xx ** -1
    beta = inv * xy
    e = [y[i] - sum(x[i][a] * beta[a] for a in range(p)) for i in range(k)]
    lev = [sum(x[i][a] * inv[a, b] * x[i][b] for a in range(p) for b in range(p)) for i in range(k)]
    q = sum(w[i] * e[i] ** 2 for i in range(k))
    s = sum(w[i] ** 2 * e[i] ** 2 for i in range(k))
    tr = sum(w[i] - w[i] ** 2 * lev[i] for i in range(k))
    ll = -sum(mpmath.log(vi + t) for vi in v) / 2 - q / 2
    return q, s, tr, sum(w), ll, ll - mpmath.log(mpmath.det(xx)) / 2


def solve(y, v, x, method):
    k, p = len(y), len(x[0])

    def f(t):
        q, s, tr, total, _, _ = parts(y, v, x, t)
        return {"ML": s - total, "REML": s - tr, "PM": q - (k - p), "EB": q - (k - p)}[method]

    top = sum((yi - sum(y) / k) ** 2 for yi in y) * 10
    grid = [mpf(0)] + [top * mpf(10) ** (-mpf(j) / 8) for j in range(112, -1, -1)]
    roots = [mpf(0)] if f(mpf(0)) <= 0 else []
    for a, b in zip(grid, grid[1:]):
        if f(a) > 0 and f(b) <= 0:
            for _ in range(140):
                c = (a + b) / 2
                a, b = (c, b) if f(c) > 0 else (a, c)
            roots.append(a)
    index = {"ML": 4, "REML": 5}.get(method)
    if index is None:
        return roots[-1] if roots else mpf(0)
    return max(roots, key=lambda t: parts(y, v, x, t)[index])


def column(rows, name):
    return [mpf(float(r[name])) for r in rows]


print("# tau2 to 20 significant digits.")
print(f"# Tool: Python with mpmath {mpmath.__version__}, 40-digit arithmetic. Date: 2026-11-21.")
print("# Regenerate: python3 tau2.py > tau2.csv")
print("table,mods,method,tau2")
CASES = [("bcg", "bcg.csv", "1"), ("bcg", "bcg.csv", "ablat"), ("bcg", "bcg.csv", "year"), ("bcg", "bcg.csv", "ablat + year"),
         ("raudenbush", "raudenbush1985.csv", "1"), ("raudenbush", "raudenbush1985.csv", "year"),
         ("hackshaw", "hackshaw1998.csv", "1"), ("hackshaw", "hackshaw1998.csv", "year"), ("normand", "normand1999.csv", "1"),
         ("konstantopoulos", "konstantopoulos2011.csv", "1"), ("konstantopoulos", "konstantopoulos2011.csv", "year"),
         ("berkey", "berkey1998.csv", "1"), ("berkey", "berkey1998.csv", "year"), ("ishak", "ishak2007.csv", "time")]


def answers(name, mods, y, v, x):
    for method in ["ML", "REML", "PM", "EB"]:
        print(f"{name},{mods},{method},{mpmath.nstr(solve(y, v, x, method), 20)}", flush=True)


for name, file, mods in CASES:
    rows = read(file)
    names = [] if mods == "1" else mods.split(" + ")
    x = [[mpf(1)] + [mpf(float(r[n])) for n in names] for r in rows]
    answers(name, mods, column(rows, "yi"), column(rows, "vi"), x)
with open(os.path.join(HERE, "tau2_data.csv")) as file:
    data = list(csv.DictReader(line for line in file if not line.startswith("#")))
for name in dict.fromkeys(r["set"] for r in data):
    rows = [r for r in data if r["set"] == name]
    y, v = column(rows, "yi"), column(rows, "vi")
    answers(name, "1", y, v, [[mpf(1)]] * len(rows))
    if len(rows) > 4:
        answers(name, "x", y, v, [[mpf(1), mpf(float(r["x"]))] for r in rows])
