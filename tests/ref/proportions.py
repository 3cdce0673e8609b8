#!/usr/bin/env python3
"""Reference confidence limits of a binomial proportion.

    python3 proportions.py > proportions.csv     (needs mpmath and dist.py beside it)

50-digit arithmetic; no closed form or beta quantile is used for the exact limits:

* wilson: root of |k/n - p| = z sqrt(p(1-p)/n), by bisection on each side of k/n
* clopper-pearson: root of P(X >= k) = alpha/2 and of P(X <= k) = alpha/2, the tails
  being sums of binomial probabilities; 0 at k = 0 and 1 at k = n
* mid-p: the same with half of P(X = k) left out of the tail; 0 at k = 0, 1 at k = n
* jeffreys: quantiles of Beta(k+1/2, n-k+1/2) from the integrated density (dist.py);
  lower limit 0 at k = 0, upper limit 1 at k = n (Brown, Cai, DasGupta 2001)
* agresti-coull: p~ -+ z sqrt(p~(1-p~)/n~), n~ = n+z^2, p~ = (k+z^2/2)/n~, not clipped
"""
from math import comb

import mpmath
from mpmath import mp, mpf

import dist

mp.dps = 50
PAIRS = [(5, 7), (0, 7), (7, 7), (1500, 2080), (1100, 2080), (500, 2080), (6, 39), (6, 7), (1, 1), (0, 1), (3, 5),
         (1, 1000)]


def bisect(f, lo, hi):
    """root of f, f(lo) and f(hi) of different sign, to 1e-40 relative"""
    lo, hi = mpf(lo), mpf(hi)
    neg = f(lo) < 0
    while hi - lo > mpf(10) ** -40 * hi:
        mid = (lo + hi) / 2
        if (f(mid) < 0) == neg:
            lo = mid
        else:
            hi = mid
    return (lo + hi) / 2


_C = {}


def tail(n, ks, half, p):
    """sum of P(X = j), j in ks, the term j = half counted half"""
    if n not in _C:
        _C[n] = [mpf(comb(n, j)) for j in range(n + 1)]
    c = _C[n]
    if p == 0 or p == 1:
        at = 0 if p == 0 else n
        return mpf(0) if at not in ks else mpf(1) / 2 if at == half else mpf(1)
    odds = p / (1 - p)
    x, s = (1 - p) ** n * odds ** ks[0], mpf(0)
    for j in ks:
        s += c[j] * x / (2 if j == half else 1)
        x *= odds
    return s


def exact(k, n, alpha, mid):
    half = k if mid else None
    lo = mpf(0) if k == 0 else bisect(lambda p: tail(n, range(k, n + 1), half, p) - alpha / 2, 0, 1)
    hi = mpf(1) if k == n else bisect(lambda p: tail(n, range(0, k + 1), half, p) - alpha / 2, 0, 1)
    return lo, hi


def wilson(k, n, z):
    ph = mpf(k) / n
    f = lambda p: abs(ph - p) - z * mp.sqrt(p * (1 - p) / n)
    # just below/above k/n the right-hand side is larger
    lo = mpf(0) if k == 0 else bisect(f, 0, ph if k < n else ph - mpf(10) ** -30)
    hi = mpf(1) if k == n else bisect(f, ph if k > 0 else mpf(10) ** -30, 1)
    return lo, hi


def agresti_coull(k, n, z):
    nt = n + z ** 2
    pt = (k + z ** 2 / 2) / nt
    h = z * mp.sqrt(pt * (1 - pt) / nt)
    return pt - h, pt + h


def jeffreys(k, n, alpha):
    a, b = k + mpf(1) / 2, n - k + mpf(1) / 2
    lo = mpf(0) if k == 0 else dist.beta_quantile(alpha / 2, a, b)
    hi = mpf(1) if k == n else dist.beta_quantile(1 - alpha / 2, a, b)
    return lo, hi


def num(v):
    return str(int(v)) if v == 0 or v == 1 else mp.nstr(v, 20, strip_zeros=False)


def main():
    print("# Confidence limits of k/n, 20 significant digits.")
    print("# Tool: Python with mpmath %s, 50-digit arithmetic. Date: %s." % (mpmath.__version__, dist.DATE))
    print("# Regenerate: python3 proportions.py > proportions.csv  (dist.py beside it)")
    print("# wilson, clopper-pearson, mid-p by bisection on their defining equations (binomial tail sums);")
    print("# jeffreys: Beta(k+1/2,n-k+1/2) quantiles from the integrated density, 0 at k=0 and 1 at k=n;")
    print("# agresti-coull: closed form, not clipped to [0,1].")
    print("k,n,level,method,lower,upper")
    for k, n in PAIRS:
        for level in ("0.95", "0.99"):
            alpha = 1 - mpf(level)
            z = dist.norm_quantile(1 - alpha / 2)
            for name, (lo, hi) in (("wilson", wilson(k, n, z)),
                                   ("clopper-pearson", exact(k, n, alpha, False)),
                                   ("mid-p", exact(k, n, alpha, True)),
                                   ("jeffreys", jeffreys(k, n, alpha)),
                                   ("agresti-coull", agresti_coull(k, n, z))):
                print("%d,%d,%s,%s,%s,%s" % (k, n, level, name, num(lo), num(hi)), flush=True)


if __name__ == "__main__":
    main()
