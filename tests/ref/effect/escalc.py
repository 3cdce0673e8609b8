#!/usr/bin/env python3
"""Effect sizes and sampling variances by the formulas that metafor 5 documents.

    python3 escalc.py > escalc5.csv      (needs mpmath)

For the measures that metafor 3.8-1, which made escalc.csv, does not have, has with another
definition, or computes only with packages that are not at hand:

* SMDH, SMD1H, SMCRH: since 4.6 the corrected estimate stands in the variance, with no factor J^2
* ROM, ROMC, CVR, CVRC: corrected for bias to second order by default since 5.0-1
* SMCRP, SMCRPH, SMN, CLES, CLESN, CLESCN, R2, ZR2, PRZ, ZPHI, ZPB, ZBIS, ZTET, ZSPCOR: newer
* PCOR, ZPCOR, SPCOR: mi counts the focal predictor since 4.4; variances with n - m and n - m - 2
* UCOR: the hypergeometric function itself; RTET: root of the bivariate normal integral
* SMCC with vtype UB, every measure with vtype AV (at a given average), and every one without its
  correction for bias: 3.8-1 ignores the argument correct

50-digit arithmetic. J is a ratio of gamma functions, 2F1 mpmath's, the bivariate normal
probability a one-dimensional quadrature of the conditional probability (not of the density in r,
which the program integrates).
"""
import platform

import mpmath
from mpmath import mp, mpf

mp.dps = 50
print("# yi and vi by the formulas that metafor 5 documents; 50-digit arithmetic, printed with 20 digits.")
print("# Tool: Python %s, mpmath %s. Date: 2026-11-21." % (platform.python_version(), mpmath.__version__))
print("# Regenerate: python3 escalc.py > escalc5.csv")
print("# inputs are name=value pairs with ; between them; an empty vi is NA.")
print("measure,options,inputs,yi,vi")


def emit(measure, inputs, yi, vi, **options):
    text = lambda pairs: ";".join("%s=%s" % (k, v) for k, v in pairs.items())
    show = lambda x: "" if x is None else mp.nstr(x, 20)
    print("%s,%s,%s,%s,%s" % (measure, text(options), text(inputs), show(yi), show(vi)))


def J(m):
    m = mpf(m)
    return None if m < 2 else mp.gamma(m / 2) / (mp.sqrt(m / 2) * mp.gamma((m - 1) / 2))


def Phi(x):
    return mp.ncdf(x)


def quantile(p):
    return mp.sqrt(2) * mp.erfinv(2 * mpf(p) - 1)


def root(f, a, b):
    """By bisection, to 30 digits."""
    rises = f(b) > 0
    for _ in range(105):
        m = (a + b) / 2
        if (f(m) > 0) == rises:
            b = m
        else:
            a = m
    return (a + b) / 2


def numbers(x):
    return {k: mpf(v) for k, v in x.items()}


def two_groups(x):
    v = numbers(x)
    m1, s1, n1, m2, s2, n2 = (v[k] for k in ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"))
    N = n1 + n2
    for correct in (True, False):
        o = {} if correct else {"correct": "FALSE"}
        av = (s1 ** 2 + s2 ** 2) / 2
        j = J(N - 2) if correct else mpf(1)
        if j is not None:
            d = j * (m1 - m2) / mp.sqrt(av)
            for vt, a, b in (("LS", 1, 1), ("LS2", 0, 0), ("LS3", 0, 1)):
                vi = sum(s ** 2 / (av * (n - a)) + d ** 2 * s ** 4 / (8 * av ** 2 * (n - b)) for s, n in ((s1, n1), (s2, n2)))
                emit("SMDH", x, d, vi, vtype=vt, **o)
        for code, sd, m, size in (("SMD", mp.sqrt(((n1 - 1) * s1 ** 2 + (n2 - 1) * s2 ** 2) / (N - 2)), N - 2, N),
                                  ("SMD1", s2, n2 - 1, n2)):
            j = J(m) if correct else mpf(1)
            if j is None:
                continue
            d, base = (m1 - m2) / sd, 1 / n1 + 1 / n2
            emit(code, x, j * d, base + (j * d) ** 2 / (2 * size), **o)
            emit(code, x, j * d, j ** 2 * (base + d ** 2 / (2 * size)), vtype="LS2", **o)
            emit(code, x, j * d, base + (1 - (m - 2) / (m * j ** 2)) * (j * d) ** 2, vtype="UB", **o)
        if not correct:
            emit("VR", x, mp.log(s1 / s2), 1 / (2 * (n1 - 1)) + 1 / (2 * (n2 - 1)), **o)
        j = J(n2 - 1) if correct else mpf(1)
        if j is not None:
            d = j * (m1 - m2) / s2
            emit("SMD1H", x, d, s1 ** 2 / s2 ** 2 / (n1 - 1) + 1 / (n2 - 1) + d ** 2 / (2 * (n2 - 1)), **o)
        c1, c2 = s1 ** 2 / (n1 * m1 ** 2), s2 ** 2 / (n2 * m2 ** 2)
        k = 1 if correct else 0
        emit("ROM", x, mp.log(m1 / m2) + k * (c1 - c2) / 2, c1 + c2, **o)
        if correct:
            sp = ((n1 - 1) * s1 ** 2 + (n2 - 1) * s2 ** 2) / (N - 2)
            emit("ROM", x, mp.log(m1 / m2) + (c1 - c2) / 2, sp / (n1 * m1 ** 2) + sp / (n2 * m2 ** 2), vtype="HO")
        w1, w2 = 1 / (2 * (n1 - 1)), 1 / (2 * (n2 - 1))
        emit("CVR", x, mp.log(s1 / m1) - mp.log(s2 / m2) + k * (w1 - w2 + (c2 - c1) / 2), w1 + w2 + c1 + c2, **o)
    # by the normal model
    d = (m1 - m2) / mp.sqrt(av)
    for vt, a, b in (("LS", 1, 1), ("LS2", 0, 0), ("LS3", 0, 1)):
        vi = sum(s ** 2 / (av * (n - a)) + d ** 2 * s ** 4 / (8 * av ** 2 * (n - b)) for s, n in ((s1, n1), (s2, n2)))
        emit("CLESN", x, Phi(d / mp.sqrt(2)), mp.exp(-d ** 2 / 2) / (4 * mp.pi) * vi, vtype=vt)
    d = (m1 - m2) / mp.sqrt(sp)
    vd = 1 / n1 + 1 / n2 + d ** 2 / (2 * N)
    emit("CLESN", x, Phi(d / mp.sqrt(2)), mp.exp(-d ** 2 / 2) / (4 * mp.pi) * vd, vtype="HO")
    r = d / mp.sqrt(d ** 2 + (N - 2) / n1 + (N - 2) / n2)
    h = (N - 2) / n1 + (N - 2) / n2
    emit("ZPB", x, mp.atanh(r), h ** 2 / (h + d ** 2) ** 3 * vd / (1 - r ** 2) ** 2)
    p, q = n1 / N, n2 / N
    z = quantile(1 - p)
    f = mp.npdf(z)
    b = mp.sqrt(p * q) / f * r
    if abs(b) < 1:
        vb = (p * q / f ** 2 - (mpf(3) / 2 + (1 - p * z / f) * (1 + q * z / f)) * b ** 2 + b ** 4) / (N - 1)
        emit("ZBIS", x, mp.atanh(b), vb / (1 - b ** 2) ** 2)
    for avg in ("0.3",):
        g = J(N - 2) * (m1 - m2) / mp.sqrt(sp) if N > 3 else None
        if g is not None:
            emit("SMD", x, g, 1 / n1 + 1 / n2 + mpf(avg) ** 2 / (2 * N), vtype="AV", average=avg)


def change(x):
    v = numbers(x)
    m1, s1, m2, s2, r, n = (v[k] for k in ("m1i", "sd1i", "m2i", "sd2i", "ri", "ni"))
    sd2 = s1 ** 2 + s2 ** 2 - 2 * r * s1 * s2
    av = (s1 ** 2 + s2 ** 2) / 2
    share = (s1 ** 4 + s2 ** 4 + 2 * r ** 2 * s1 ** 2 * s2 ** 2) / (8 * av ** 2)
    for correct in (True, False):
        o = {} if correct else {"correct": "FALSE"}
        k = 1 if correct else 0
        j = J(n - 1) if correct else mpf(1)
        if j is not None:
            y = j * (m1 - m2) / s1
            emit("SMCRH", x, y, sd2 / (s1 ** 2 * (n - 1)) + y ** 2 / (2 * (n - 1)), **o)
            emit("SMCRH", x, y, sd2 / (s1 ** 2 * n) + y ** 2 / (2 * n), vtype="LS2", **o)
            if sd2 > 0:
                y = j * (m1 - m2) / mp.sqrt(sd2)
                m = n - 1
                emit("SMCC", x, y, 1 / n + y ** 2 / (2 * n), **o)
                g = j * (m1 - m2) / s1
                emit("SMCR", x, g, 2 * (1 - r) / n + g ** 2 / (2 * n), **o)
                emit("SMCC", x, y, 1 / n + (1 - (m - 2) / (m * j ** 2)) * y ** 2, vtype="UB", **o)
        df = 2 * (n - 1) / (1 + r ** 2)
        j = J(df) if correct else mpf(1)
        if j is not None:
            y = j * (m1 - m2) / mp.sqrt(av)
            emit("SMCRP", x, y, 2 * (1 - r) / n + y ** 2 * (1 + r ** 2) / (4 * n), **o)
            emit("SMCRPH", x, y, (sd2 / av + y ** 2 * share) / (n - 1), **o)
            emit("SMCRPH", x, y, (sd2 / av + y ** 2 * share) / n, vtype="LS2", **o)
        c1, c2 = s1 ** 2 / m1 ** 2, s2 ** 2 / m2 ** 2
        vr = (c1 + c2 - 2 * r * s1 * s2 / (m1 * m2)) / n
        emit("ROMC", x, mp.log(m1 / m2) + k * (c1 - c2) / (2 * n), vr, **o)
        emit("CVRC", x, mp.log(s1 / m1) - mp.log(s2 / m2) + k * (c2 - c1) / (2 * n), (1 - r ** 2) / (n - 1) + vr, **o)
    d = (m1 - m2) / mp.sqrt(av)
    emit("CLESCN", x, Phi(d / mp.sqrt(2)), mp.exp(-d ** 2 / 2) / (4 * mp.pi) * (sd2 / av + d ** 2 * share) / (n - 1))


GROUPS = [
    ("2.9", "1.1", 7, "0.4", "0.8", 7), ("5.1", "1.7", 12, "4.1", "1.6", 15), ("103", "5.5", 50, "100", "4.5", 50),
    ("8", "2", 2, "6.5", "1", 2), ("8", "2", 3, "6.5", "1", 4), ("1.2", "0.1", 5, "3.4", "2.5", 6),
    ("0.2", "9", 400, "0.21", "8", 3500), ("3", "1", 8, "3", "1", 8), ("41", "3", 1000000, "40", "3", 1000000),
]
for g in GROUPS:
    x = dict(zip(("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"), g))
    two_groups(x)
    for r in ("-0.9", "0", "0.5", "0.9"):
        change({"m1i": g[0], "sd1i": g[1], "m2i": g[3], "sd2i": g[4], "ri": r, "ni": g[2]})
    n, m, s = mpf(g[2]), mpf(g[0]), mpf(g[1])
    for o, j in (({}, J(n - 1)), ({"correct": "FALSE"}, mpf(1))):
        if j is not None:
            y = j * m / s
            emit("SMN", {"mi": g[0], "sdi": g[1], "ni": g[2]}, y, 1 / n + y ** 2 / (2 * n), **o)
    w, c = 1 / (2 * (n - 1)), s ** 2 / (n * m ** 2)
    emit("SDLN", {"sdi": g[1], "ni": g[2]}, mp.log(s), w, correct="FALSE")
    emit("CVLN", {"mi": g[0], "sdi": g[1], "ni": g[2]}, mp.log(s / m), w + c, correct="FALSE")

for a, n1, n2 in (("0.8", 20, 30), ("0.5", 5, 7), ("0.03", 12, 3), ("1", 6, 6)):
    x, A, N1, N2 = {"ai": a, "n1i": n1, "n2i": n2}, mpf(a), mpf(n1), mpf(n2)
    av = (N1 + N2) / 2
    emit("CLES", x, A, A * (1 - A) / ((N1 - 1) * (N2 - 1)) * (2 * av - 1 - (3 * av - 3) / ((2 - A) * (1 + A))))
    q1, q2 = A / (2 - A) - A ** 2, 2 * A ** 2 / (1 + A) - A ** 2
    emit("CLES", x, A, (A * (1 - A) + (N1 - 1) * q1 + (N2 - 1) * q2) / ((N1 - 1) * (N2 - 1)), vtype="LS2")
    if A < 1:
        d = mp.sqrt(2) * quantile(A)
        emit("CLESN", x, A, mp.exp(-d ** 2 / 2) / (4 * mp.pi) * (1 / N1 + 1 / N2 + d ** 2 / (2 * (N1 + N2))))


def bivariate(h, k, r):
    """P(X <= h, Y <= k): the density of X times the conditional probability of Y."""
    rest = mp.sqrt(1 - r ** 2)
    f = lambda t: mp.npdf(t) * Phi((k - r * t) / rest)
    return mp.quad(f, [-mp.inf, -8, -4, -2, -1, -0.5, 0, h] if h > 0 else [-mp.inf, -8, -4, -2, h])


mp.dps = 30
for cells in ((3, 9, 5, 6), (4, 119, 11, 128), (20, 10, 8, 25), (1, 1, 1, 2), (40, 2, 1, 60), (0, 9, 5, 6)):
    x = dict(zip(("ai", "bi", "ci", "di"), cells))
    a, b, c, d = (mpf(v) + (mpf("0.5") if 0 in cells else 0) for v in cells)
    n = a + b + c + d
    h, k = quantile((a + b) / n), quantile((a + c) / n)
    r = root(lambda r: bivariate(h, k, r) - a / n, mpf("-0.99999"), mpf("0.99999"))
    rest = mp.sqrt(1 - r ** 2)
    density = mp.exp(-(h ** 2 - 2 * r * h * k + k ** 2) / (2 * rest ** 2)) / (2 * mp.pi * rest)
    # the delta method: r solves F(h, k, r) = p11 with h, k from the margins, p multinomial
    fh, fk = mp.npdf(h) * Phi((k - r * h) / rest), mp.npdf(k) * Phi((h - r * k) / rest)
    gh, gk = fh / mp.npdf(h), fk / mp.npdf(k)
    grad = [(1 - gh - gk) / density, -gh / density, -gk / density, mpf(0)]
    p = [a / n, b / n, c / n, d / n]
    mean = sum(g * q for g, q in zip(grad, p))
    vi = (sum(g ** 2 * q for g, q in zip(grad, p)) - mean ** 2) / n
    o = {"add": "0.5"} if 0 in cells else {}
    emit("RTET", x, r, vi, **o)
    emit("ZTET", x, mp.atanh(r), vi / (1 - r ** 2) ** 2, **o)
    r1, r2, c1, c2 = (a + b) / n, (c + d) / n, (a + c) / n, (b + d) / n
    y = (a * d - b * c) / n ** 2 / mp.sqrt(r1 * r2 * c1 * c2)
    vi = (1 - y ** 2 + y * (1 + y ** 2 / 2) * (r1 - r2) * (c1 - c2) / mp.sqrt(r1 * r2 * c1 * c2)
          - mpf(3) / 4 * y ** 2 * ((r1 - r2) ** 2 / (r1 * r2) + (c1 - c2) ** 2 / (c1 * c2))) / n
    emit("ZPHI", x, mp.atanh(y), vi / (1 - y ** 2) ** 2, **o)
mp.dps = 50

for k, n in ((5, 7), (0, 7), (7, 7), (1, 2), (114, 731), (1, 1000000)):
    x, a, b = {"xi": k, "ni": n}, mpf(k), mpf(n - k)
    if k in (0, n):
        a, b = a + mpf("0.5"), b + mpf("0.5")
    p = a / (a + b)
    z = quantile(p)
    emit("PRZ", x, z, 2 * mp.pi * p * (1 - p) * mp.exp(z ** 2) / (a + b))
    emit("PR", x, p, p * (1 - p) / (a + b - 1), vtype="UB")

for r, n in (("0.5", 20), ("-0.93", 5), ("0.02", 6), ("0", 9), ("0.99", 7), ("0.7", 7), ("-0.4", 300), ("0.999", 12),
             ("0.01", 5), ("0.000001", 6), ("0.6", 33), ("0.3", 2000), ("0.3", "6.5"), ("1", 9)):
    x, R, N = {"ri": r, "ni": n}, mpf(r), mpf(n)
    y = R * mp.hyp2f1(mpf(1) / 2, mpf(1) / 2, (N - 2) / 2, 1 - R ** 2)
    emit("UCOR", x, y, (1 - y ** 2) ** 2 / (N - 1))
    if abs(R) < 1 and N < 3000:
        emit("UCOR", x, y, y ** 2 - 1 + (N - 3) / (N - 2) * (1 - R ** 2) * mp.hyp2f1(1, 1, N / 2, 1 - R ** 2), vtype="UB")
    emit("COR", x, R, (1 - mpf("0.3") ** 2) ** 2 / (N - 1), vtype="AV", average="0.3")

for t, n, m, r2 in (("2.1", 50, 4, "0.3"), ("-1.4", 12, 3, "0.5"), ("0.2", 9, 5, "0.05"), ("3", 400, 1, "0.2")):
    T, N, M, R2 = mpf(t), mpf(n), mpf(m), mpf(r2)
    df = N - M - 1
    r = T / mp.sqrt(T ** 2 + df)
    x = {"ti": t, "ni": n, "mi": m}
    emit("PCOR", x, r, (1 - r ** 2) ** 2 / (N - M))
    emit("ZPCOR", x, mp.atanh(r), 1 / (N - M - 2))
    x["r2i"] = r2
    r = T * mp.sqrt(1 - R2) / mp.sqrt(df)
    vi = (R2 ** 2 - 2 * R2 + (R2 - r ** 2) + 1 - (R2 - r ** 2) ** 2) / N
    emit("SPCOR", x, r, vi)
    emit("ZSPCOR", x, mp.atanh(r), vi / (1 - r ** 2) ** 2)
    x = {"r2i": r2, "ni": n, "mi": m}
    emit("R2", x, R2, 4 * R2 * (1 - R2) ** 2 / N)
    emit("R2", x, R2, 4 * R2 * (1 - R2) ** 2 * df ** 2 / ((N ** 2 - 1) * (N + 3)), vtype="LS2")
    emit("ZR2", x, mp.atanh(mp.sqrt(R2)), 1 / N)
    F = T ** 2
    R2 = M * F / (M * F + df)
    emit("R2", {"fi": mp.nstr(F, 17), "ni": n, "mi": m}, R2, 4 * R2 * (1 - R2) ** 2 / N)


def t_tail(t, df):
    return mp.betainc(df / 2, mpf(1) / 2, 0, df / (df + t ** 2), regularized=True)


# from signed p-values: t is the root of the two-sided tail
for p, n1, n2 in (("-0.018", 20, 20), ("0.5", 3, 4), ("0.0001", 7, 9)):
    N1, N2, P = mpf(n1), mpf(n2), mpf(p)
    df = N1 + N2 - 2
    t = root(lambda t: t_tail(t, df) - abs(P), mpf("0.01"), mpf(60)) * mp.sign(P)
    d = t * mp.sqrt(1 / N1 + 1 / N2)
    g = J(df) * d
    x = {"pi": p, "n1i": n1, "n2i": n2}
    emit("SMD", x, g, 1 / N1 + 1 / N2 + g ** 2 / (2 * (N1 + N2)))
    emit("D2ORN", x, mpf("1.65") * d, mpf("1.65") ** 2 * (1 / N1 + 1 / N2 + d ** 2 / (2 * (N1 + N2))))
    n = N1 + N2
    df = n - 1
    t = root(lambda t: t_tail(t, df) - abs(P), mpf("0.01"), mpf(60)) * mp.sign(P)
    g = J(df) * t / mp.sqrt(n)
    emit("SMCC", {"pi": p, "ni": n1 + n2}, g, 1 / n + g ** 2 / (2 * n))
    df = n - 2
    t = root(lambda t: t_tail(t, df) - abs(P), mpf("0.01"), mpf(60)) * mp.sign(P)
    r = t / mp.sqrt(t ** 2 + df)
    emit("ZCOR", {"pi": p, "ni": n1 + n2}, mp.atanh(r), 1 / (n - 3))
    m = mpf(2)
    df = n - 3
    f = root(lambda f: mp.betainc(df / 2, m / 2, 0, df / (df + m * f), regularized=True) - abs(P), mpf("0.001"), mpf(600))
    R2 = m * f / (m * f + df)
    emit("R2", {"pi": p.lstrip("-"), "ni": n1 + n2, "mi": 2}, R2, 4 * R2 * (1 - R2) ** 2 / n)
