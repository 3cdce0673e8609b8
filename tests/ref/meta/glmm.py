#!/usr/bin/env python3
"""Models with a normal random effect, by direct integration with 25 digits.

    python3 glmm.py > glmm.csv          (needs mpmath; in this folder)

The marginal likelihood of each study is integrated by mpmath over z in [-12, 12], and
theta and tau are found by Newton's method on derivatives from finite differences.
"""
import csv
import os
import mpmath
from mpmath import mp, mpf

mp.dps = 20
HERE = os.path.dirname(os.path.abspath(__file__))
GL = None


def nodes():
    global GL
    if GL is None:
        xs = []
        n = 400
        h = mpf(24) / n
        GL = [(-12 + h * i, h * mpmath.npdf(-12 + h * i)) for i in range(n + 1)]
    return GL


def marginal(f, theta, tau):
    # The trapezoidal rule on a smooth integrand that vanishes at both ends.
    return mpmath.log(sum(w * mpmath.e ** f(theta + tau * z) for z, w in nodes()))


def log_choose(n, k):
    return mpmath.log(mpmath.binomial(n, k))


def binomial(a, n, off):
    return lambda eta: a * (eta + off) - n * mpmath.log1p(mpmath.e ** (eta + off)) + log_choose(n, a)


def hypergeometric(a, n1, c, n2):
    m = a + c
    terms = [(u, mpmath.binomial(n1, u) * mpmath.binomial(n2, m - u)) for u in range(max(0, m - n2), min(n1, m) + 1)]
    own = dict(terms)[a]
    return lambda eta: mpmath.log(own) + a * eta - mpmath.log(sum(w * mpmath.e ** (u * eta) for u, w in terms))


def fit(fs, start):
    def ll(t, s):
        return sum(marginal(f, t, s) for f in fs)

    t, s = map(mpf, start)
    h = mpf(10) ** -4
    for _ in range(12):
        c = ll(t, s)
        tp, tm, sp, sm = ll(t + h, s), ll(t - h, s), ll(t, s + h), ll(t, s - h)
        pp, mm = ll(t + h, s + h), ll(t - h, s - h)
        gt, gs = (tp - tm) / (2 * h), (sp - sm) / (2 * h)
        tt, ss = (tp - 2 * c + tm) / h ** 2, (sp - 2 * c + sm) / h ** 2
        ts = (pp - tp - sp + 2 * c - tm - sm + mm) / (2 * h ** 2)
        det = tt * ss - ts * ts
        dt, ds = (ss * gt - ts * gs) / det, (tt * gs - ts * gt) / det
        t, s = t - dt, s - ds
        if abs(dt) + abs(ds) < mpf(10) ** -9:
            break
    return t, s, mpmath.sqrt(-ss / det), c


rows = list(csv.DictReader(open(os.path.join(HERE, "../../../data/published/nielweise2007.csv"))))
tab = [tuple(int(r[c]) for c in ("ai", "n1i", "ci", "n2i")) for r in rows]
both = [x for x in tab if x[0] + x[2] > 0]
print("# Binomial and hypergeometric models with a normal random effect.")
print(f"# Tool: Python with mpmath {mpmath.__version__}, 20-digit arithmetic. Date: 2026-11-21.")
print("# Regenerate: python3 glmm.py > glmm.csv")
print("model,theta,tau2,se,loglik")
for name, fs, start in [
    ("PLO", [binomial(a, n1, 0) for a, n1, _, _ in tab], (-4.5, 1)),
    ("CM.AL", [binomial(a, a + c, mpmath.log(mpf(n1) / n2)) for a, n1, c, n2 in both], (-1.3, 0.8)),
    ("CM.EL", [hypergeometric(*x) for x in both], (-1.3, 0.8)),
]:
    t, s, se, c = fit(fs, start)
    print(f"{name},{mpmath.nstr(t, 12)},{mpmath.nstr(s * s, 12)},{mpmath.nstr(se, 10)},{mpmath.nstr(c, 14)}", flush=True)
