#!/usr/bin/env python3
"""Sampling variances of the golden tables against the delta method with numeric derivatives.

    python3 delta.py     (needs scipy; prints how many rows of each measure agree how far)

The gradient of each estimate at the observed shares, by central differences, with the covariance of
binomial, multinomial or Poisson counts; no formula of a variance stands here. 2026-11-21: 26 kinds,
worst 7e-7, which is what the differences can do.
"""
import collections
import csv
import os
from math import asin, atanh, log, sqrt

from scipy.special import ndtri as probit

HERE = os.path.dirname(os.path.abspath(__file__))


def phi(p):
    a, b, c, d = p
    return (a * d - b * c) / sqrt((a + b) * (c + d) * (a + c) * (b + d))


def logit(p):
    return log(p / (1 - p))


def arcsine(p):
    return asin(sqrt(p))


# Of two independent risks, of four or three shares, of one share, of two rates, of one rate.
RISKS = {
    "RR": lambda p, q: log(p / q), "OR": lambda p, q: logit(p) - logit(q), "RD": lambda p, q: p - q,
    "AS": lambda p, q: arcsine(p) - arcsine(q), "PBIT": lambda p, q: probit(p) - probit(q),
}
SHARES = {
    "PHI": lambda *p: phi(p),
    "ZPHI": lambda *p: atanh(phi(p)),
    "YUQ": lambda a, b, c, d: (a * d - b * c) / (a * d + b * c),
    "YUY": lambda a, b, c, d: (sqrt(a * d) - sqrt(b * c)) / (sqrt(a * d) + sqrt(b * c)),
    "MPRR": lambda a, b, c, d: log((a + b) / (a + c)),
    "MPOR": lambda a, b, c, d: log((a + b) / (c + d)) - log((a + c) / (b + d)),
    "MPRD": lambda a, b, c, d: b - c,
    "REH": lambda a, b, c: log(b / (2 * sqrt(a * c))),
}
SHARE = {"PR": lambda p: p, "PLN": log, "PLO": logit, "PAS": arcsine, "PRZ": probit}
RATES = {"IRR": lambda r, s: log(r / s), "IRD": lambda r, s: r - s, "IRSD": lambda r, s: sqrt(r) - sqrt(s)}
RATE = {"IR": lambda r: r, "IRLN": log, "IRS": sqrt}


def slopes(f, x):
    found = []
    for k, value in enumerate(x):
        h = 1e-6 * max(abs(value), 1e-3)
        ends = [f(*(v + sign * h * (i == k) for i, v in enumerate(x))) for sign in (1, -1)]
        found.append((ends[0] - ends[1]) / (2 * h))
    return found


def independent(f, x, variances):
    return sum(g * g * v for g, v in zip(slopes(f, x), variances))


def multinomial(f, counts):
    n = sum(counts)
    p = [c / n for c in counts]
    g = slopes(f, p)
    return (sum(q * s * s for q, s in zip(p, g)) - sum(q * s for q, s in zip(p, g)) ** 2) / n


def expected(measure, vtype, row):
    """The variance, or none where it has none at a zero."""
    if measure in RATES or measure in RATE:
        events, times = (["x1i", "x2i"], ["t1i", "t2i"]) if measure in RATES else (["xi"], ["ti"])
        rates = [row[x] / row[t] for x, t in zip(events, times)]
        return independent({**RATES, **RATE}[measure], rates, [r / row[t] for r, t in zip(rates, times)]) if all(rates) else None
    if measure in SHARE:
        n = row.get("ni") or row["xi"] + row["mi"]
        p = row["xi"] / n
        return independent(SHARE[measure], [p], [p * (1 - p) / n]) if 0 < p < 1 else None
    if measure == "REH":
        counts = [row[c] for c in ("ai", "bi", "ci")]
    else:
        counts = [row["ai"], row["bi"] if "bi" in row else row["n1i"] - row["ai"]]
        counts += [row["ci"], row["di"] if "di" in row else row["n2i"] - row["ci"]]
    if not all(counts):
        return None
    if measure in RISKS or vtype == "ST":
        n, m = counts[0] + counts[1], counts[2] + counts[3]
        p, q = counts[0] / n, counts[2] / m
        of_table = lambda p, q: SHARES[measure](n * p, n * (1 - p), m * q, m * (1 - q))
        return independent(RISKS.get(measure, of_table), [p, q], [p * (1 - p) / n, q * (1 - q) / m])
    return multinomial(SHARES[measure], counts)


pairs = lambda text: dict(pair.split("=") for pair in text.split(";") if pair)
worst = collections.defaultdict(lambda: [0, 0.0])
for name in ("escalc.csv", "escalc5.csv"):
    with open(os.path.join(HERE, name)) as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            measure, options = row["measure"], pairs(row["options"])
            vtype = options.pop("vtype", "LS")
            known = any(measure in table for table in (RISKS, SHARES, SHARE, RATES, RATE))
            if not known or options or not row["vi"] or vtype not in ("LS", "ST", "CS"):
                continue
            found = expected(measure, vtype, {k: float(v) for k, v in pairs(row["inputs"]).items()})
            if found is not None:
                entry = worst[measure, vtype]
                entry[0] += 1
                entry[1] = max(entry[1], abs(found / float(row["vi"]) - 1))
for (measure, vtype), (rows, distance) in sorted(worst.items()):
    print("%-5s %s %3d rows, at most %.1e" % (measure, vtype, rows, distance))
