#!/usr/bin/env python3
"""Reference values for counts: 2x2 tables, pairs, events over person-time.

    python3 counts.py > counts.csv      (needs mpmath)

From the definitions, in 40 digits, by ways that the program does not go:

* exact and mid-p limits: sums of binomial, Poisson or hypergeometric probabilities with exact
  integer coefficients, and bisection
* score limits (Miettinen-Nurminen, Tango): the constrained estimate is the zero of the derivative
  of the log-likelihood, found by bisection (not the closed form), and the limit by bisection
* Fisher's p: exact rational sum over all tables that are at most as likely
* Newcombe, Katz, Woolf, Byar, Bonett-Price: their formulas
"""
import platform
from fractions import Fraction
from math import comb

import mpmath
from mpmath import mp, mpf

mp.dps = 40
print("# Intervals (95 %) and p-values of counts, from their definitions; 40-digit arithmetic, printed with 20 digits.")
print("# Tool: Python %s, mpmath %s. Date: 2026-11-21." % (platform.python_version(), mpmath.__version__))
print("# Regenerate: python3 counts.py > counts.csv")
print("# kind is rates, table or pairs; counts are separated by spaces; an infinite end is inf.")
print("kind,counts,quantity,value")
z = mp.sqrt(2) * mp.erfinv(mpf("0.95"))
TAIL = mpf("0.025")


def emit(kind, counts, quantity, value):
    text = "inf" if value == mp.inf else mp.nstr(mpf(value) if not isinstance(value, Fraction) else mpf(value.numerator) / value.denominator, 20)
    print("%s,%s,%s,%s" % (kind, " ".join(str(c) for c in counts), quantity, text))


def both(kind, counts, name, lower, upper):
    emit(kind, counts, name + ".lower", lower)
    emit(kind, counts, name + ".upper", upper)


def bisect(f, a, b, steps=140):
    rises = f(b) > 0
    for _ in range(steps):
        m = (a + b) / 2
        if (f(m) > 0) == rises:
            b = m
        else:
            a = m
    return (a + b) / 2


def wilson(k, n):
    p, w = mpf(k) / n, 1 + z * z / n
    half = z * mp.sqrt(p * (1 - p) / n + z * z / (4 * mpf(n) ** 2))
    return (p + z * z / (2 * mpf(n)) - half) / w, (p + z * z / (2 * mpf(n)) + half) / w


def binomial_limits(k, n, share):
    pmf = lambda j, p: comb(n, j) * p ** j * (1 - p) ** (n - j)
    above = lambda p: sum(pmf(j, p) for j in range(k + 1, n + 1)) + share * pmf(k, p) - TAIL
    below = lambda p: sum(pmf(j, p) for j in range(0, k)) + share * pmf(k, p) - TAIL
    lower = mpf(0) if k == 0 else bisect(above, mpf(0), mpf(1))
    upper = mpf(1) if k == n else bisect(below, mpf(0), mpf(1))
    return lower, upper


def binomial_p(k, n, p):
    pmf = lambda j: comb(n, j) * p ** j * (1 - p) ** (n - j)
    lower, upper = sum(pmf(j) for j in range(k + 1)), sum(pmf(j) for j in range(k, n + 1))
    return min(1, 2 * min(lower, upper)), min(1, 2 * min(lower - pmf(k) / 2, upper - pmf(k) / 2))


def odds(p):
    return mp.inf if p == 1 else p / (1 - p)


for x1, t1, x2, t2 in ((20, "7", 3, "7"), (3, "7", 20, "7"), (0, "5.5", 4, "9"), (5, "0.25", 0, "8"), (12, "130.5", 31, "88")):
    counts = (x1, t1, x2, t2)
    T1, T2 = mpf(t1), mpf(t2)
    poisson = lambda m, j: mp.exp(-m) * m ** j / mp.factorial(j)
    lower = mpf(0) if x1 == 0 else bisect(lambda m: 1 - sum(poisson(m, j) for j in range(x1)) - TAIL, mpf(0), mpf(200))
    upper = bisect(lambda m: sum(poisson(m, j) for j in range(x1 + 1)) - TAIL, mpf(0), mpf(200))
    both("rates", counts, "garwood", lower / T1, upper / T1)
    lower = mpf(0) if x1 == 0 else x1 * (1 - mpf(1) / (9 * x1) - z / (3 * mp.sqrt(x1))) ** 3
    upper = (x1 + 1) * (1 - mpf(1) / (9 * (x1 + 1)) + z / (3 * mp.sqrt(x1 + 1))) ** 3
    both("rates", counts, "byar", lower / T1, upper / T1)
    for name, share in (("exact", 1), ("mid-p", mpf(1) / 2)):
        lower, upper = binomial_limits(x1, x1 + x2, share)
        both("rates", counts, "ratio." + name, odds(lower) * T2 / T1, odds(upper) * T2 / T1)
    exact, mid = binomial_p(x1, x1 + x2, T1 / (T1 + T2))
    emit("rates", counts, "p.exact", exact)
    emit("rates", counts, "p.mid-p", mid)
    if x1 and x2:
        log, half = mp.log(x1 / T1 / (x2 / T2)), z * mp.sqrt(mpf(1) / x1 + mpf(1) / x2)
        both("rates", counts, "ratio.wald", mp.exp(log - half), mp.exp(log + half))


def constrained(slope, lower, upper):
    """Where the log-likelihood of a constrained share is largest: its slope falls."""
    eps = (upper - lower) * mpf(10) ** -22
    if slope(lower + eps) <= 0:
        return lower
    if slope(upper - eps) >= 0:
        return upper
    return bisect(slope, lower + eps, upper - eps, 130)


def table(a, b, c, d):
    counts = (a, b, c, d)
    n1, n2 = a + b, c + d
    n, k = n1 + n2, a + c
    p1, p2 = mpf(a) / n1, mpf(c) / n2
    # Fisher
    low, high = max(0, k - n2), min(n1, k)
    weight = {j: comb(n1, j) * comb(n2, k - j) for j in range(low, high + 1)}
    total = sum(weight.values())
    emit("table", counts, "fisher_p", Fraction(sum(w for w in weight.values() if w <= weight[a]), total))
    for name, share in (("exact", 1), ("mid-p", mpf(1) / 2)):
        def tail(theta, keep):
            w = {j: weight[j] * theta ** j for j in weight}
            return (sum(w[j] for j in w if keep(j)) + share * w[a]) / sum(w.values()) - TAIL
        lower = mpf(0) if a == low else mp.exp(bisect(lambda t: tail(mp.exp(t), lambda j: j > a), mpf(-40), mpf(40)))
        upper = mp.inf if a == high else mp.exp(bisect(lambda t: tail(mp.exp(t), lambda j: j < a), mpf(-40), mpf(40)))
        both("table", counts, "OR." + name, lower, upper)
    if 0 not in counts:
        log, half = mp.log(mpf(a) * d / (mpf(b) * c)), z * mp.sqrt(sum(mpf(1) / v for v in counts))
        both("table", counts, "OR.woolf", mp.exp(log - half), mp.exp(log + half))
    if a and c:
        log, half = mp.log(p1 / p2), z * mp.sqrt(mpf(1) / a - mpf(1) / n1 + mpf(1) / c - mpf(1) / n2)
        both("table", counts, "RR.katz", mp.exp(log - half), mp.exp(log + half))
    (l1, u1), (l2, u2) = wilson(a, n1), wilson(c, n2)
    l1, l2 = (0 if a == 0 else l1), (0 if c == 0 else l2)
    u1, u2 = (1 if b == 0 else u1), (1 if d == 0 else u2)
    both("table", counts, "RD.newcombe", p1 - p2 - mp.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2),
         p1 - p2 + mp.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2))
    N = mpf(n) / (n - 1)

    def part(x, m, p):
        """x/p - (m - x)/(1 - p), with nothing where nothing was seen."""
        return (x / p if x else 0) - ((m - x) / (1 - p) if m - x else 0)

    def rd_score(delta):
        q = constrained(lambda q: part(a, n1, q + delta) + part(c, n2, q), max(mpf(0), -delta), min(mpf(1), 1 - delta))
        v = ((q + delta) * (1 - q - delta) / n1 + q * (1 - q) / n2) * N
        return (p1 - p2 - delta) / mp.sqrt(v) if v > 0 else mp.inf * mp.sign(p1 - p2 - delta)

    e = mpf(10) ** -12
    lower = mpf(-1) if p1 - p2 == -1 else bisect(lambda t: rd_score(t) - z, mpf(-1) + e, p1 - p2, 110)
    upper = mpf(1) if p1 - p2 == 1 else bisect(lambda t: rd_score(t) + z, p1 - p2, 1 - e, 110)
    both("table", counts, "RD.miettinen-nurminen", lower, upper)

    def rr_score(log):
        theta = mp.exp(log)
        q = constrained(lambda q: theta * part(a, n1, theta * q) + part(c, n2, q), mpf(0), min(mpf(1), 1 / theta))
        v = (theta * q * (1 - theta * q) / n1 + theta ** 2 * q * (1 - q) / n2) * N
        return (p1 - theta * p2) / mp.sqrt(v) if v > 0 else mp.inf * mp.sign(p1 - theta * p2)

    if k:
        lower = mpf(0) if a == 0 else mp.exp(bisect(lambda t: rr_score(t) - z, mpf(-25), mpf(25), 110))
        upper = mp.inf if c == 0 else mp.exp(bisect(lambda t: rr_score(t) + z, mpf(-25), mpf(25), 110))
        both("table", counts, "RR.miettinen-nurminen", lower, upper)

    def or_score(log):
        theta = mp.exp(log)
        first = lambda q: theta * q / (1 - q + theta * q)
        # all events are expected: n1 p1 + n2 p2 = k
        q = bisect(lambda q: n1 * first(q) + n2 * q - k, mpf(0), mpf(1), 130)
        p = first(q)
        return n1 * (p1 - p) * mp.sqrt((1 / (n1 * p * (1 - p)) + 1 / (n2 * q * (1 - q))) / N)

    if k and b + d:
        lower = mpf(0) if a == 0 or d == 0 else mp.exp(bisect(lambda t: or_score(t) - z, mpf(-25), mpf(25), 110))
        upper = mp.inf if b == 0 or c == 0 else mp.exp(bisect(lambda t: or_score(t) + z, mpf(-25), mpf(25), 110))
        both("table", counts, "OR.miettinen-nurminen", lower, upper)


for cells in ((56, 14, 48, 32), (5, 2, 1, 6), (9, 1, 3, 7), (0, 7, 3, 4), (3, 0, 4, 2), (0, 10, 0, 20), (10, 0, 0, 10),
              (1, 1, 1, 2), (4, 119, 11, 128), (6, 300, 29, 274)):
    table(*cells)


def pairs(a, b, c, d):
    counts = (a, b, c, d)
    n = a + b + c + d
    diff = mpf(b - c) / n
    if b + c:
        exact, mid = binomial_p(b, b + c, mpf(1) / 2)
        if b == c:  # Fagerland, Lydersen & Laake (2013): the exact p, 1, less half of what was seen
            mid = 1 - comb(2 * b, b) / mpf(2) ** (2 * b + 1)
        emit("pairs", counts, "mcnemar.exact_p", exact)
        emit("pairs", counts, "mcnemar.mid_p", mid)
        emit("pairs", counts, "mcnemar.statistic", mpf((b - c) ** 2) / (b + c))
        emit("pairs", counts, "mcnemar.p", mp.erfc(mp.sqrt(mpf((b - c) ** 2) / (b + c) / 2)))
        for name, share in (("exact", 1), ("mid-p", mpf(1) / 2)):
            lower, upper = binomial_limits(b, b + c, share)
            both("pairs", counts, "odds_ratio." + name, odds(lower), odds(upper))
    p, q = mpf(b + 1) / (n + 2), mpf(c + 1) / (n + 2)
    half = z * mp.sqrt((p + q - (p - q) ** 2) / (n + 2))
    both("pairs", counts, "difference.bonett-price", p - q - half, p - q + half)
    (l1, u1), (l2, u2) = wilson(a + b, n), wilson(a + c, n)
    l1, l2 = (0 if a + b == 0 else l1), (0 if a + c == 0 else l2)
    u1, u2 = (1 if c + d == 0 else u1), (1 if b + d == 0 else u2)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    cross = mpf(a * d - b * c)
    if cross > 0:
        cross = max(cross - mpf(n) / 2, 0)
    phi = cross / mp.sqrt(margins) if margins else mpf(0)
    p1, p2 = mpf(a + b) / n, mpf(a + c) / n
    far = lambda x, y: mp.sqrt(x * x - 2 * phi * x * y + y * y)
    both("pairs", counts, "difference.newcombe", diff - far(p1 - l1, u2 - p2), diff + far(u1 - p1, p2 - l2))

    def tango(delta):
        # shares: yes/no = q + delta, no/yes = q, the rest 1 - 2 q - delta
        slope = lambda q: (b / (q + delta) if b else 0) + (c / q if c else 0) - (2 * mpf(a + d) / (1 - 2 * q - delta) if a + d else 0)
        q = constrained(slope, max(mpf(0), -delta), (1 - delta) / 2)
        v = n * (2 * q + delta * (1 - delta))
        return (b - c - n * delta) / mp.sqrt(v) if v > 0 else mp.inf * mp.sign(b - c - n * delta)

    e = mpf(10) ** -12
    lower = mpf(-1) if diff == -1 else bisect(lambda t: tango(t) - z, mpf(-1) + e, diff, 110)
    upper = mpf(1) if diff == 1 else bisect(lambda t: tango(t) + z, diff, 1 - e, 110)
    both("pairs", counts, "difference.tango", lower, upper)


for cells in ((0, 0, 5, 2), (36, 12, 2, 0), (20, 12, 2, 16), (7, 3, 3, 7), (10, 0, 0, 10), (0, 5, 0, 0), (1, 1, 7, 12), (212, 144, 256, 707)):
    pairs(*cells)
