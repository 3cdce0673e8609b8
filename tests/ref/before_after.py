#!/usr/bin/env python3
"""Reference values of before/after effects computed from reported summaries.

    python3 before_after.py > before_after.csv     (needs mpmath and dist.py beside it)

Inputs: n, mean and SD before (m1, s1), mean and SD after (m2, s2), the assumed
correlation r; all taken as exact decimals.  50-digit arithmetic throughout.
The t distribution, its noncentral form and J come from dist.py, i.e. from
numerical integration of the densities.

Rounding ranges (NAME.rounding.lower / .upper): exact extremes of NAME when m1,
s1, m2, s2 range over the closed box [printed - half unit, printed + half unit],
the unit being that of the last printed decimal of each number.  Found by brute
force, with no use of the shape of the function: a 9x9x9x9 grid on the box
(all corners, edges and faces included), then from the four best grid points a
pattern search over all 80 neighbours, step halved until 1e-10 of the box, in
double precision; the winner's coordinates within 1e-7 of a face are put on the
face, the free ones are searched on in 50 digits down to 1e-14 of the box, and
the value is that of the function there in 50 digits.  For p the same search is
made on |t| (p falls as |t| grows) and the end points are converted.
"""
import itertools
import math
from decimal import Decimal

import mpmath
from mpmath import mp, mpf

import dist

mp.dps = 50
CASES = [
    # case, n, mean before, SD before, mean after, SD after
    ("relapse-rate", 7, "2.9", "1.1", "0.4", "0.8"),
    ("edss", 7, "5.1", "1.7", "4.1", "1.6"),
    ("pain", 7, "3.0", "1.5", "0.9", "1.2"),
    ("fatigue", 7, "6.1", "2.0", "3.0", "1.4"),
    ("extra-n2", 2, "12.5", "3.25", "10.75", "2.5"),
    ("extra-n5", 5, "41.0", "2.9", "38.2", "4.4"),
    ("extra-n40", 40, "50.0", "10.0", "55.5", "12.5"),
    ("extra-equal-sd", 12, "20.0", "4.0", "18.5", "4.0"),
    ("extra-n3", 3, "2.9", "1.1", "0.4", "0.8"),          # ROMC.estimate: minimum inside an edge of the box
    ("extra-near-zero", 9, "4.0", "1.3", "4.05", "1.25"),  # the box contains equal means: p reaches 1
]
RS = ["-0.9", "-0.5", "0", "0.3", "0.5", "0.7", "0.9", "0.99"]
ALPHA = mpf(5) / 100


def t_crit(p, df):
    """upper quantile with exact p (not rounded to a double)"""
    return dist.t_quantile(p, df)


def p_two_sided(t, df):
    return 2 * dist.t_cdf_sf(abs(t), df)[1]


_J = {}


def hedges(n):
    """J(n-1); J(1) is not defined (Gamma(0))"""
    if n < 3:
        return None
    if n not in _J:
        _J[n] = dist.hedges_j(n - 1)
    return _J[n]


# ------------------------------------------------------------ rounding ranges
def searched(n, J, lib):
    """name -> function of (m1, s1, m2, s2, r), with lib = math or mpmath"""
    sqrt, log = lib.sqrt, lib.log

    def sd(s1, s2, r):
        return sqrt(s1 * s1 + s2 * s2 - 2 * r * s1 * s2)

    def dav(m1, s1, m2, s2, r):
        return (m2 - m1) / sqrt((s1 * s1 + s2 * s2) / 2)

    f = {
        "MC.estimate": lambda m1, s1, m2, s2, r: m2 - m1,
        "t": lambda m1, s1, m2, s2, r: (m2 - m1) / (sd(s1, s2, r) / sqrt(n)),
        "abs_t": lambda m1, s1, m2, s2, r: abs((m2 - m1) / (sd(s1, s2, r) / sqrt(n))),
        "dz": lambda m1, s1, m2, s2, r: (m2 - m1) / sd(s1, s2, r),
        "dpre": lambda m1, s1, m2, s2, r: (m2 - m1) / s1,
        "dav": dav,
        "ROMC.plain": lambda m1, s1, m2, s2, r: log(m2 / m1),
        "ROMC.estimate": lambda m1, s1, m2, s2, r:
            log(m2 / m1) + (s2 * s2 / (n * m2 * m2) - s1 * s1 / (n * m1 * m1)) / 2,
    }
    if J is not None:
        f["SMCC.estimate"] = lambda m1, s1, m2, s2, r: J * ((m2 - m1) / sd(s1, s2, r))
        f["SMCR.estimate"] = lambda m1, s1, m2, s2, r: J * ((m2 - m1) / s1)
        f["gav"] = lambda m1, s1, m2, s2, r: J * dav(m1, s1, m2, s2, r)
    return f


MOVES = [m for m in itertools.product((-1, 0, 1), repeat=4) if any(m)]
GRID = list(itertools.product(range(9), repeat=4))


def extremes(n, nums, r):
    """name -> (min, max) over the box"""
    J = hedges(n)
    ff, fm = searched(n, None if J is None else float(J), math), searched(n, J, mp)
    box = []
    for s in nums:
        half = Decimal(1).scaleb(Decimal(s).as_tuple().exponent) / 2
        box.append((Decimal(s) - half, Decimal(s) + half))
    fbox = [(float(a), float(b)) for a, b in box]
    mbox = [(mpf(str(a)), mpf(str(b))) for a, b in box]
    fr, mr = float(r), mpf(r)

    def at(u):              # u in [0,1]^4 -> point, faces exact
        return [lo if x <= 0 else hi if x >= 1 else lo + x * (hi - lo) for x, (lo, hi) in zip(u, fbox)]

    pts = [at([g / 8 for g in idx]) for idx in GRID]
    out = {}
    for name, f in ff.items():
        vals = [f(*p, fr) for p in pts]
        res = []
        for sign in (1, -1):
            order = sorted(range(len(pts)), key=lambda i: sign * vals[i])
            best_v, best_u = None, None
            for i in order[:4]:
                u, v, step = [g / 8 for g in GRID[i]], sign * vals[i], 1 / 16
                while step > 1e-10:
                    cand_v, cand_u = v, None
                    for mv in MOVES:
                        w = [min(1.0, max(0.0, x + k * step)) for x, k in zip(u, mv)]
                        fv = sign * f(*at(w), fr)
                        if fv < cand_v:
                            cand_v, cand_u = fv, w
                    if cand_u is None:
                        step /= 2
                    else:
                        u, v = cand_u, cand_v
                if best_v is None or v < best_v:
                    best_v, best_u = v, u
            # 50 digits
            g = fm[name]
            u = [mpf(0) if x < 1e-7 else mpf(1) if x > 1 - 1e-7 else mpf(x) for x in best_u]
            free = [i for i in range(4) if 0 < u[i] < 1]

            def mat(u):
                return [lo + x * (hi - lo) for x, (lo, hi) in zip(u, mbox)]
            v = sign * g(*mat(u), mr)
            step = mpf(10) ** -6
            moves = [m for m in MOVES if all(m[i] == 0 for i in range(4) if i not in free)]
            while free and step > mpf(10) ** -14:
                better = None
                for mv in moves:
                    w = [min(mpf(1), max(mpf(0), x + k * step)) for x, k in zip(u, mv)]
                    fv = sign * g(*mat(w), mr)
                    if fv < v:
                        better, v = w, fv
                if better is None:
                    step /= 2
                else:
                    u = better
            assert abs(v - best_v) <= 1e-12 * max(1, abs(v)), (name, v, best_v)
            res.append(sign * v)
        out[name] = tuple(res)
    return out


# ------------------------------------------------------------------ estimates
def quantities(n, nums, r):
    m1, s1, m2, s2 = (mpf(x) for x in nums)
    rr = mpf(r)
    d = m2 - m1
    sd = mp.sqrt(s1 ** 2 + s2 ** 2 - 2 * rr * s1 * s2)
    J = hedges(n)
    df = n - 1
    z = dist.norm_quantile(1 - ALPHA / 2)
    tq = t_crit(1 - ALPHA / 2, df)
    q = []

    def add(name, v):
        q.append((name, v))

    def times_j(v):
        return None if J is None else J * v

    se = sd / mp.sqrt(n)
    t = d / se
    p = p_two_sided(t, df)
    add("MC.estimate", d)
    add("MC.se", se)
    add("MC.lower", d - tq * se)
    add("MC.upper", d + tq * se)
    add("t", t)
    add("p", p)

    dz = d / sd
    lo = dist.nct_ncp(t, df, 1 - ALPHA / 2) / mp.sqrt(n)
    hi = dist.nct_ncp(t, df, ALPHA / 2) / mp.sqrt(n)
    add("dz", dz)
    add("dz.lower", lo)
    add("dz.upper", hi)
    add("dz.se", mp.sqrt(mpf(1) / n + dz ** 2 / (2 * n)))
    add("gz", times_j(dz))
    add("gz.lower", times_j(lo))
    add("gz.upper", times_j(hi))

    e = times_j(dz)
    add("SMCC.estimate", e)
    add("SMCC.var", None if J is None else mpf(1) / n + e ** 2 / (2 * n))
    e = times_j(d / s1)
    add("SMCR.estimate", e)
    add("SMCR.var", None if J is None else 2 * (1 - rr) / n + e ** 2 / (2 * n))
    add("SMCRH.estimate", e)
    add("SMCRH.var", None if J is None else sd ** 2 / (s1 ** 2 * df) + e ** 2 / (2 * df))

    dpre = d / s1
    v = sd ** 2 / (s1 ** 2 * df) + dpre ** 2 / (2 * df)
    lo, hi = dpre - z * mp.sqrt(v), dpre + z * mp.sqrt(v)
    add("dpre", dpre)
    add("dpre.var", v)
    add("dpre.lower", lo)
    add("dpre.upper", hi)
    add("gpre", times_j(dpre))
    add("gpre.lower", times_j(lo))
    add("gpre.upper", times_j(hi))

    sav = mp.sqrt((s1 ** 2 + s2 ** 2) / 2)
    dav = d / sav
    v = dav ** 2 * (s1 ** 4 + s2 ** 4 + 2 * (rr * s1 * s2) ** 2) / (8 * df * sav ** 4) + sd ** 2 / (df * sav ** 2)
    lo, hi = dav - z * mp.sqrt(v), dav + z * mp.sqrt(v)
    add("dav", dav)
    add("dav.var", v)
    add("dav.lower", lo)
    add("dav.upper", hi)
    add("gav", times_j(dav))
    add("gav.lower", times_j(lo))
    add("gav.upper", times_j(hi))
    add("dav_lakens", d / ((s1 + s2) / 2))
    drm = dz * mp.sqrt(2 * (1 - rr))
    add("drm", drm)
    add("grm", times_j(drm))

    plain = mp.log(m2 / m1)
    est = plain + (s2 ** 2 / (n * m2 ** 2) - s1 ** 2 / (n * m1 ** 2)) / 2
    v = s2 ** 2 / (n * m2 ** 2) + s1 ** 2 / (n * m1 ** 2) - 2 * rr * s1 * s2 / (n * m1 * m2)
    add("ROMC.plain", plain)
    add("ROMC.estimate", est)
    add("ROMC.var", v)
    add("ROMC.lower", est - z * mp.sqrt(v))
    add("ROMC.upper", est + z * mp.sqrt(v))
    add("VRC.estimate", mp.log(s2 / s1))
    add("VRC.var", (1 - rr ** 2) / df)
    add("CVRC.plain", mp.log((s2 / m2) / (s1 / m1)))

    ext = extremes(n, nums, r)
    for name in ("MC.estimate", "dz", "SMCC.estimate", "SMCR.estimate", "dav", "gav", "dpre",
                 "ROMC.estimate", "ROMC.plain", "t"):
        a, b = ext.get(name, (None, None))
        add(name + ".rounding.lower", a)
        add(name + ".rounding.upper", b)
    a, b = ext["abs_t"]
    add("p.rounding.lower", p_two_sided(b, df))
    add("p.rounding.upper", p_two_sided(a, df))
    return q


def without_r(n, nums):
    m1, s1, m2, s2 = (mpf(x) for x in nums)
    d, df = m2 - m1, n - 1
    q = []
    for name, alpha in (("r_needed.05", mpf(5) / 100), ("r_needed.01", mpf(1) / 100)):
        sd = mp.sqrt(n) * abs(d) / t_crit(1 - alpha / 2, df)
        r = (s1 ** 2 + s2 ** 2 - sd ** 2) / (2 * s1 * s2)
        assert abs(p_two_sided(d * mp.sqrt(n) / sd, df) - alpha) < mpf(10) ** -27
        q.append((name, r))
    a, b = abs(s1 - s2), s1 + s2
    q += [("bounds.sd_change.lower", a), ("bounds.sd_change.upper", b)]
    ends = [None if a == 0 else d / a, d / b]         # largest and smallest |dz|
    lo, hi = ends if d < 0 else ends[::-1]
    root = mp.sqrt(n)
    q += [("bounds.dz.lower", lo), ("bounds.dz.upper", hi)]
    q += [("bounds.t.lower", None if lo is None else lo * root), ("bounds.t.upper", None if hi is None else hi * root)]
    q += [("bounds.p.lower", mpf(0) if ends[0] is None else p_two_sided(ends[0] * root, df)),
          ("bounds.p.upper", p_two_sided(ends[1] * root, df))]
    return q


def num(v):
    return "" if v is None else "0" if v == 0 else mp.nstr(v, 20, strip_zeros=False)


def main():
    print("# Before/after effects from reported n, mean and SD, 20 significant digits.")
    print("# Tool: Python with mpmath %s, 50-digit arithmetic. Date: %s." % (mpmath.__version__, dist.DATE))
    print("# Regenerate: python3 before_after.py > before_after.csv  (dist.py beside it)")
    print("# m1,s1 = mean and SD before, m2,s2 = after, as printed; d = m2 - m1; 95 % level.")
    print("# s_d^2 = s1^2+s2^2-2 r s1 s2; J = exact Gamma-function J(n-1), not defined for n = 2 (value empty).")
    print("# MC: d, s_d/sqrt n, d -+ t(.975,n-1) se; t, p: paired t test, two-sided.")
    print("# dz = d/s_d, limits: noncentrality limits of t over sqrt n; dz.se^2 = 1/n+dz^2/(2n); gz = J dz, limits times J.")
    print("# SMCC = J dz, var 1/n+SMCC^2/(2n). SMCR = J d/s1, var 2(1-r)/n+SMCR^2/(2n).")
    print("# SMCRH = SMCR, var s_d^2/(s1^2(n-1))+SMCRH^2/(2(n-1)). dpre = d/s1, var alike with dpre, limits -+ z; gpre = J times these.")
    print("# dav = d/s_av, s_av^2 = (s1^2+s2^2)/2, var = dav^2 (s1^4+s2^4+2(r s1 s2)^2)/(8(n-1)s_av^4) + s_d^2/((n-1)s_av^2); gav = J times.")
    print("# dav_lakens = d/((s1+s2)/2); drm = dz sqrt(2(1-r)); grm = J drm.")
    print("# ROMC.plain = ln(m2/m1); ROMC.estimate adds (s2^2/(n m2^2)-s1^2/(n m1^2))/2; var s2^2/(n m2^2)+s1^2/(n m1^2)-2 r s1 s2/(n m1 m2); limits -+ z.")
    print("# VRC = ln(s2/s1), var (1-r^2)/(n-1); CVRC.plain = ln((s2/m2)/(s1/m1)).")
    print("# r empty: r_needed.A = r at which the paired-t p is A (not clipped); bounds.* = range over |r| <= 1 (empty: unbounded; p then reaches 0).")
    print("# NAME.rounding.*: extremes over the box of numbers that round to the printed ones, half a unit of the last")
    print("# printed decimal each way; brute force (9^4 grid with all corners, edges and faces, pattern search over all")
    print("# 80 neighbours from the best four points to 1e-10 of the box in double precision, then 50-digit search to 1e-14")
    print("# of the box); p through the extremes of |t|. Agreement far beyond 1e-11 relative.")
    print("case,n,m1,s1,m2,s2,r,quantity,value")
    for case, n, *nums in CASES:
        head = ",".join([case, str(n)] + nums)
        for r in RS:
            for name, v in quantities(n, nums, r):
                print("%s,%s,%s,%s" % (head, r, name, num(v)), flush=True)
        for name, v in without_r(n, nums):
            print("%s,,%s,%s" % (head, name, num(v)), flush=True)


if __name__ == "__main__":
    main()
