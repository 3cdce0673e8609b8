#!/usr/bin/env python3
"""Means and SDs from quantiles of skewed data, written from the papers.

    python3 skewed.py > skewed.csv     (needs numpy and scipy)

qe   McGrath et al. 2020, section 3.1: the best of normal, log-normal, gamma, Weibull and beta by least
     squares of quantiles at 1/n, 1/4, 1/2, 3/4, 1 - 1/n; Nelder-Mead in both parameters from many starts.
bc   McGrath et al. 2020, section 3.2: Box-Cox power in 0..3 by symmetry, Luo and Wan on that scale,
     moments by adaptive integration over the symmetrically truncated normal distribution.
mln  Cai et al. 2021: power in 0..10 by the likelihood of order statistics (without the Jacobian, as in
     their program), then mean and SD by maximum likelihood, moments as for bc.
"""
import platform

import numpy as np
import scipy
from scipy import integrate, optimize, special

print("# Means and SDs from quantiles of skewed data, each by three methods.")
print("# Tool: Python %s, numpy %s, scipy %s. Date: 2026-11-21." % (platform.python_version(), np.__version__, scipy.__version__))
print("# Regenerate: python3 skewed.py > skewed.csv")
print("min,q1,median,q3,max,n,method,mean,sd")
PREC = dict(xatol=1e-12, fatol=1e-17, maxiter=1500, maxfev=1500)


def quantile_estimation(p, q):
    p, q = np.array(p), np.array(q)
    z = special.ndtri(p)
    slope, intercept = np.polyfit(z, q, 1)
    found = [(float(np.sum((intercept + slope * z - q) ** 2)), intercept, slope)]
    # Quantiles and moments by both parameters.
    families = {}
    if q[0] >= 0:
        families["gamma"] = (lambda a, b: b * special.gammaincinv(a, p), lambda a, b: (a * b, np.sqrt(a) * b))
        g = lambda x: special.gamma(1 + x)
        families["Weibull"] = (lambda a, b: b * (-np.log1p(-p)) ** (1 / a), lambda a, b: (b * g(1 / a), b * np.sqrt(g(2 / a) - g(1 / a) ** 2)))
    if q[0] > 0:
        families["log-normal"] = (lambda a, b: b * np.exp(a * z), lambda a, b: (b * np.exp(a * a / 2), b * np.exp(a * a / 2) * np.sqrt(np.expm1(a * a))))
    if q[0] > 0 and q[-1] < 1:
        families["beta"] = (lambda a, b: special.betaincinv(a, b, p), lambda a, b: (a / (a + b), np.sqrt(a * b / (a + b + 1)) / (a + b)))
    for name, (quantiles, both) in families.items():
        def f(x):
            if np.any(np.abs(x) > 25):
                return np.inf
            with np.errstate(all="ignore"):
                value = float(np.sum((quantiles(*np.exp(x)) - q) ** 2))
            return value if np.isfinite(value) else np.inf
        best = None
        for shape in (-0.5, 1.0, 2.5):
            start = [shape, shape + 0.5 if name == "beta" else np.log(np.median(q)) - (shape if name == "gamma" else 0)]
            r = optimize.minimize(f, start, method="Nelder-Mead", options=PREC)
            r = optimize.minimize(f, r.x, method="Nelder-Mead", options=PREC)
            if best is None or r.fun < best.fun:
                best = r
        found.append((best.fun, *both(*np.exp(best.x))))
    return min(found)[1:3]


def bct(x, l):
    x = np.asarray(x, float)
    return np.log(x) if l == 0 else (x ** l - 1) / l


def luo_wan(t, n):
    e, u = special.ndtri((n - 0.375) / (n + 0.25)), special.ndtri((0.75 * n - 0.125) / (n + 0.25))
    return e, u


def located(t, n, kind):
    e, u = luo_wan(t, n)
    if kind == "range":
        w = 4 / (4 + n ** 0.75)
        return w * (t[0] + t[2]) / 2 + (1 - w) * t[1], (t[2] - t[0]) / (2 * e)
    if kind == "quartiles":
        w = 0.7 + 0.39 / n
        return w * (t[0] + t[2]) / 2 + (1 - w) * t[1], (t[2] - t[0]) / (2 * u)
    w1, w2 = 2.2 / (2.2 + n ** 0.75), 0.7 - 0.72 / n ** 0.55
    m = w1 * (t[0] + t[4]) / 2 + w2 * (t[1] + t[3]) / 2 + (1 - w1 - w2) * t[2]
    return m, (t[4] - t[0]) / (4 * e) + (t[3] - t[1]) / (4 * u)


def moments(mu, sigma, l):
    if l < 1e-8:
        m = np.exp(mu + sigma ** 2 / 2)
        return m, m * np.sqrt(np.expm1(sigma ** 2))
    # The density of the data on their own scale, truncated as the transform asks.
    y0 = (l * mu + 1) ** (1 / l)
    top = (2 * (l * mu + 1)) ** (1 / l)
    g = lambda y: np.exp(-0.5 * (((y ** l - 1) / l - mu) / sigma) ** 2) * y ** (l - 1)
    pieces = sorted({0.0, top} | {min(top, max(0.0, (max(0.0, l * (mu + k * sigma) + 1)) ** (1 / l))) for k in (-12, -6, -3, -1, 0, 1, 3, 6, 12)})
    total = lambda f: sum(integrate.quad(f, a, b, epsabs=0, epsrel=1e-12, limit=500)[0] for a, b in zip(pieces, pieces[1:]) if b > a)
    z = total(g)
    m = total(lambda y: y * g(y)) / z
    return m, np.sqrt(total(lambda y: (y - m) ** 2 * g(y)) / z)


def box_cox(q, n, kind):
    def loss(l):
        t = bct(np.array(q) / q[0], l if abs(l) > 1e-12 else 0)
        mid = len(t) // 2
        return sum(((t[-1 - i] - t[mid]) / (t[mid] - t[i]) - 1) ** 2 for i in range(mid))
    grid = np.linspace(-2, 3, 501)
    i = int(np.argmin([loss(l) for l in grid]))
    r = optimize.minimize_scalar(loss, bounds=(grid[max(0, i - 1)], grid[min(500, i + 1)]), method="bounded", options=dict(xatol=1e-13))
    l = r.x if r.fun < loss(grid[i]) else grid[i]
    l = 0.0 if l < 1e-8 else l
    mu, sigma = located(bct(q, l), n, kind)
    return moments(mu, sigma, l)


def cai(q, n, kind):
    h, j, k = (int(np.floor(p * n + 1)) for p in (0.25, 0.5, 0.75))
    counts = {"range": [0, j - 2, n - j - 1, 0], "quartiles": [h - 1, j - h - 1, k - j - 1, n - k], "all": [0, h - 2, j - h - 1, k - j - 1, n - k - 1, 0]}[kind]

    def loglik(t, mu, sigma):
        z = (t - mu) / sigma
        edges = np.concatenate([[-np.inf], z, [np.inf]])
        gaps = [special.ndtr(-a) - special.ndtr(-b) if a > 0 else special.ndtr(b) - special.ndtr(a) for a, b in zip(edges, edges[1:])]
        return float(np.sum(-0.5 * z * z - np.log(sigma * np.sqrt(2 * np.pi)))) + sum(c * np.log(g) for c, g in zip(counts, gaps) if c)
    loss = lambda l: -loglik(bct(q, l), *located(bct(q, l), n, kind))
    grid = np.linspace(0, 10, 501)
    values = [loss(l) for l in grid]
    i = int(np.nanargmin(values))
    r = optimize.minimize_scalar(loss, bounds=(grid[max(0, i - 1)], grid[min(500, i + 1)]), method="bounded", options=dict(xatol=1e-13))
    l = r.x if r.fun < values[i] else grid[i]
    t = bct(q, l)
    m0, s0 = located(t, n, kind)
    f = lambda x: -loglik(t, m0 + s0 * x[0], s0 * np.exp(x[1]))
    r = optimize.minimize(f, [0, 0], method="Nelder-Mead", options=PREC)
    r = optimize.minimize(f, r.x, method="Nelder-Mead", options=PREC)
    return moments(m0 + s0 * r.x[0], s0 * np.exp(r.x[1]), l)


SETS = [
    (2, 3.1, 4, 5.2, 9), (0.5, 2, 5, 11, 60), (10, 31, 40, 44, 47), (0.05, 0.2, 0.31, 0.46, 0.9),
    (120, 300, 410, 620, 2400), (1, 12, 19, 23, 26), (-4, -1, 0.5, 2.5, 5), (0, 2, 5, 9, 21),
]
for n in (8, 30, 999):
    for values in SETS:
        for kind in ("range", "quartiles", "all"):
            take = {"range": (0, 2, 4), "quartiles": (1, 2, 3), "all": (0, 1, 2, 3, 4)}[kind]
            q = [values[i] for i in take]
            p = {"range": [1 / n, 0.5, 1 - 1 / n], "quartiles": [0.25, 0.5, 0.75], "all": [1 / n, 0.25, 0.5, 0.75, 1 - 1 / n]}[kind]
            shown = [str(v) if i in take else "" for i, v in enumerate(values)]
            rows = [("qe", quantile_estimation(p, q))]
            if q[0] > 0:
                rows += [("bc", box_cox(q, n, kind)), ("mln", cai(q, n, kind))]
            for name, (mean, sd) in rows:
                print(",".join(shown + [str(n), name, "%.12g" % mean, "%.12g" % sd]), flush=True)
