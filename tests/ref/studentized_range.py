#!/usr/bin/env python3
"""Reference values of the studentized range.

    python3 studentized_range.py > studentized_range.csv      (plain Python and R; takes a minute)

The probability P(Q <= q) as Copenhaver & Holland (1988), J Stat Comput Simul 30:1, write it: over the density of
s = sqrt(chi2_df/df) the probability k * integral phi(z) [Phi(z) - Phi(z - q s)]^(k-1) dz of the range.  Both integrals by
Gauss and Legendre's rule with 20 points on panels, s as it is, and the upper tail as one minus the whole: good to some
1e-13 absolutely.  R 4.2.2's ptukey, whose own error reaches 1e-5 with few degrees of freedom, is in the last column; it
is NaN below two degrees of freedom.
"""
import math
import subprocess

INF = float("inf")


def legendre(n):
    nodes = []
    for i in range(1, n + 1):
        x = math.cos(math.pi * (i - 0.25) / (n + 0.5))
        for _ in range(20):
            p0, p1 = 1.0, x
            for k in range(2, n + 1):
                p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
            slope = n * (x * p1 - p0) / (x * x - 1)
            x -= p1 / slope
        nodes.append((x, 2 / ((1 - x * x) * slope * slope)))
    return nodes


NODES = legendre(20)


def integral(f, breaks):
    parts = []
    for a, b in zip(breaks, breaks[1:]):
        parts += [0.5 * (b - a) * w * f(0.5 * (a + b) + 0.5 * (b - a) * x) for x, w in NODES]
    return math.fsum(parts)


def cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


Z = [-9 + 1.5 * i for i in range(13)]


def range_cdf(w, k):
    return integral(lambda z: k * math.exp(-z * z / 2) / math.sqrt(2 * math.pi) * (cdf(z) - cdf(z - w)) ** (k - 1), Z)


def upper(q, k, df):
    if df == INF:
        return 1 - range_cdf(q, k)
    h = df / 2
    log_constant = math.log(2) + h * math.log(h) - math.lgamma(h)
    density = lambda s: math.exp(log_constant + (df - 1) * math.log(s) - h * s * s)
    sd = 1 / math.sqrt(2 * df)
    low, high = max(0.0, 1 - 9 * sd), 1 + 9 * sd
    # Near 0 the density of few degrees of freedom is a power that is no polynomial: panels halve towards it.
    breaks = [low + (high - low) * i / 16 for i in range(17)]
    if low == 0:
        breaks = [0] + [breaks[1] / 2**i for i in range(30, 0, -1)] + breaks[1:]
    return 1 - integral(lambda s: density(s) * range_cdf(q * s, k), breaks)


CASES = [
    (3.5, 3, 20), (1.2, 3, 4.5), (3.5, 3, 1.5), (4, 10, 3), (10, 50, 5), (8, 6, 12), (3.3, 4, 120),
    (4.5, 8, 33.25), (2.5, 5, INF), (5, 20, INF), (5.5, 12, 1000), (2, 5, 1),
]
call = "cat(sprintf('%.15g', ptukey(c({}), c({}), c({}), lower.tail = FALSE)), sep = ' ')"
text = call.format(*[",".join("Inf" if v == INF else str(v) for v in column) for column in zip(*CASES)])
r = subprocess.run(["Rscript", "-e", text], capture_output=True, text=True).stdout.split()
print("# made by studentized_range.py; see there")
print("q,means,df,upper,ptukey")
for (q, k, df), from_r in zip(CASES, r):
    print(f"{q},{k},{df},{upper(q, k, df):.15g},{'' if from_r == 'NaN' else from_r}")
