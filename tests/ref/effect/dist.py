#!/usr/bin/env python3
"""Reference values of gamma, F, noncentral chi-squared and F, and the bivariate normal distribution.

    python3 dist.py > dist.csv     (needs mpmath; takes some ten minutes)

By integrating densities, not by the series, fractions and mixtures of the program:

* gamma: the density as exp(a y - exp(y)) in y = ln x, integrated outwards from the point
* F: the density of the beta share in its logit, as in ../dist.py
* noncentral chi-squared: as the mean, over a normal variable Z, of the central probability with
  df - 1 degrees of freedom of x - (Z + sqrt(ncp))^2 (for df > 1; df = 1 directly)
* noncentral F: as the mean, over the scaled chi-squared in the denominator, of the noncentral
  chi-squared probability
* bivariate normal: the density of the first times the conditional probability of the second
* quantiles: by bisection on those
"""
import platform

import mpmath
from mpmath import mp, mpf

mp.dps = 30
print("# Distribution functions from integrals of densities; 30-digit arithmetic, printed with 20 digits.")
print("# Tool: Python %s, mpmath %s. Date: 2026-11-21." % (platform.python_version(), mpmath.__version__))
print("# Regenerate: python3 dist.py > dist.csv")
print("function,a,b,c,d,value")


def emit(name, args, value):
    fields = [str(x) for x in args] + [""] * (4 - len(args))
    print("%s,%s,%s" % (name, ",".join(fields), mp.nstr(value, 20)))


def tails(density, point, width, panels=60):
    """The integrals below and above a point of a density that falls on both sides."""
    below = sum(mp.quad(density, [point - (k + 1) * width, point - k * width]) for k in range(panels))
    above = sum(mp.quad(density, [point + k * width, point + (k + 1) * width]) for k in range(panels))
    return below / (below + above), above / (below + above)


def gamma_tails(x, a):
    a, y = mpf(a), mp.log(mpf(x))
    top = a * mp.log(a) - a
    width = 1 / mp.sqrt(a) if a > 1 else 1 / a
    return tails(lambda t: mp.exp(a * t - mp.exp(t) - top), y, width)


for x, a in (("0.001", "0.5"), ("0.3", "0.5"), ("7", "0.5"), ("1", "1"), ("0.2", "3"), ("3", "3"), ("25", "3"), ("60", "101.5"),
             ("100", "101.5"), ("180", "101.5"), ("9800", "10000"), ("10050", "10000")):
    lower, upper = gamma_tails(x, a)
    emit("gamma_cdf", (x, a), lower)
    emit("gamma_sf", (x, a), upper)


def f_tails(f, d1, d2):
    d1, d2 = mpf(d1), mpf(d2)
    y = mp.log(d1 / d2 * mpf(f))
    g = lambda t: mp.exp(d1 / 2 * t - (d1 + d2) / 2 * mp.log(1 + mp.exp(t)) - top)
    top = 0
    mode = mp.log(d1 / d2)
    top = d1 / 2 * mode - (d1 + d2) / 2 * mp.log(1 + mp.exp(mode))
    return tails(g, y, mp.sqrt(2 / d1 + 2 / d2))


for f, d1, d2 in (("0.1", "1", "5"), ("4.2", "1", "5"), ("2", "4", "11"), ("30", "4", "11"), ("1.3", "60", "90"), ("1e-3", "2", "2"), ("400", "3", "3")):
    lower, upper = f_tails(f, d1, d2)
    emit("f_cdf", (f, d1, d2), lower)
    emit("f_sf", (f, d1, d2), upper)

chi2 = lambda x, df: mp.gammainc(df / 2, 0, x / 2, regularized=True) if x > 0 else mpf(0)


def ncx2(x, df, ncp):
    x, df, root = mpf(x), mpf(df), mp.sqrt(mpf(ncp))
    s = mp.sqrt(x)
    if df == 1:
        return mp.ncdf(s - root) - mp.ncdf(-s - root)
    # z = s sin(t) takes the edge of the square root away
    g = lambda t: mp.npdf(s * mp.sin(t) - root) * chi2(x * mp.cos(t) ** 2, df - 1) * s * mp.cos(t)
    return mp.quad(g, mp.linspace(-mp.pi / 2, mp.pi / 2, 17))


for x, df, ncp in (("4", "1", "2.25"), ("0.5", "3", "1"), ("9", "3", "1"), ("30", "6", "20"), ("8", "6", "20"), ("120", "10", "100"), ("60", "10", "100"), ("2", "2.5", "0.1")):
    emit("ncx2_cdf", (x, df, ncp), ncx2(x, df, ncp))


def ncf(f, d1, d2, ncp):
    f, d1, d2 = mpf(f), mpf(d1), mpf(d2)
    # the denominator is v = exp(y), with d2 v chi-squared
    a = d2 / 2
    g = lambda y: mp.exp(a * mp.log(a) - mp.loggamma(a) + a * (y - mp.exp(y))) * ncx2(d1 * f * mp.exp(y), d1, ncp)
    w = 1 / mp.sqrt(a)
    return mp.quad(g, [k * w for k in (-24, -16, -10, -6, -4, -2, -1, 0, 1, 2, 3, 4, 6)])


mp.dps = 18
for f, d1, d2, ncp in (("4", "1", "6", "2.25"), ("2", "3", "12", "5"), ("8", "3", "12", "5")):
    emit("ncf_cdf", (f, d1, d2, ncp), ncf(f, d1, d2, ncp))
mp.dps = 30


def bivariate(h, k, r):
    h, k, r = mpf(h), mpf(k), mpf(r)
    rest = mp.sqrt(1 - r ** 2)
    points = [mpf(-12), -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4]
    return mp.quad(lambda t: mp.npdf(t) * mp.ncdf((k - r * t) / rest), [p for p in points if p < h] + [h])


for h, k, r in (("0", "0", "0.5"), ("0.3", "-1.2", "0.7"), ("-2", "-2", "0.9"), ("1", "2", "-0.95"), ("-1", "1.5", "-0.4"), ("0.5", "0.5", "0.99"), ("-0.1", "-3", "0.2")):
    emit("bivariate", (h, k, r), bivariate(h, k, r))


def bisect(f, a, b, steps=100):
    for _ in range(steps):
        m = (a + b) / 2
        if f(m) > 0:
            b = m
        else:
            a = m
    return (a + b) / 2


regularized = lambda x, a: mp.gammainc(mpf(a), 0, x, regularized=True)
for p, a in (("0.025", "3"), ("0.975", "4"), ("1e-6", "0.5"), ("0.9375", "2"), ("0.5", "1000"), ("0.025", "20"), ("1e-10", "30")):
    emit("gamma_quantile", (p, a), mp.exp(bisect(lambda y: regularized(mp.exp(y), a) - mpf(p), mpf(-60), mpf(10))))
