#!/usr/bin/env python3
"""Reference values of the distribution functions.

    python3 dist.py > dist.csv          (needs mpmath; takes a few minutes)

Nothing here uses a gamma function, an incomplete beta function, a series or a
library quantile.  All arithmetic is done with 50 digits.

* norm, t, beta: the density is written as exp(g(y)) with g concave (y = x for
  the normal; x = sqrt(df) sinh y for t, which turns the density into
  cosh(y)^-df; x = 1/(1+exp(-y)) for beta, which turns it into
  exp(a y)/(1+exp y)^(a+b)).  A tail is integrated outwards from y with
  40-point Gauss-Legendre panels; the normalising constant is the integral of
  the whole density, obtained the same way.
* quantiles: root of the integrated tail; every root is accepted only after the
  tails at root*(1 -+ 1e-28) have been seen to bracket p.
* noncentral t: P(T <= t) = E[ Phi(t W - ncp) ], W = sqrt(chi2_df/df).  The
  expectation is a trapezoidal sum in u, ln W = u - exp(-u), with the step
  halved until two sums agree to 30 digits.  nct_ncp solves cdf = p for ncp and is
  accepted only after ncp -+ 1e-28 (relative) bracket p.
* hedges_j(m) = 1 / E[1/W], W = sqrt(chi2_m/m), by the same trapezoidal sum.

Arguments are IEEE doubles: a value belongs to the double nearest to the
printed decimal argument (this matters for e.g. p = 0.9999999999999999).
"""
import sys
import mpmath
from mpmath import mp, mpf

mp.dps = 50
DATE = "2026-11-21"


# ---------------------------------------------------------------- quadrature
def gauss_legendre(n):
    with mp.workdps(70):
        out = []
        for i in range(1, n + 1):
            x = mp.cos(mp.pi * (i - mpf(1) / 4) / (n + mpf(1) / 2))
            for _ in range(12):
                p0, p1 = mpf(1), x
                for k in range(2, n + 1):
                    p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
                dp = n * (x * p1 - p0) / (x * x - 1)
                dx = p1 / dp
                x -= dx
                if abs(dx) < mpf(10) ** -68:
                    break
            out.append((x, 2 / ((1 - x * x) * dp * dp)))
        return out


GL = gauss_legendre(40)


class LogConcave:
    """exp(g(y)) on the real line; dg = g'; hmax = largest panel."""

    def __init__(self, g, dg, hmax, mode):
        self.g, self.dg, self.hmax, self.mode = g, dg, mpf(hmax), mpf(mode)
        self.total = self.tail(self.mode, 1) + self.tail(self.mode, -1)

    def tail(self, y, sgn):
        """integral of exp(g - g(mode)) from y to sgn*infinity"""
        g0 = self.g(self.mode)
        s = mpf(0)
        y = mpf(y)
        while True:
            d = abs(self.dg(y))
            h = self.hmax if d == 0 else min(self.hmax, 8 / d)
            c, r = y + sgn * h / 2, h / 2
            part = r * mp.fsum(w * mp.exp(self.g(c + r * x) - g0) for x, w in GL)
            s += part
            y += sgn * h
            if sgn * self.dg(y) < 0 and part < s * mpf(10) ** -56:
                return s

    def lower(self, y):
        """(cdf, sf) at y: the smaller tail is integrated"""
        if y <= self.mode:
            p = self.tail(y, -1) / self.total
            return p, 1 - p
        q = self.tail(y, 1) / self.total
        return 1 - q, q

    def quantile(self, p):
        """y with cdf(y) = p"""
        p = mpf(p)
        sgn, target = (-1, p) if p <= mpf(1) / 2 else (1, 1 - p)
        y = self.mode
        # Newton on ln(tail), which is concave: converges from the far side
        for _ in range(200):
            tl = self.tail(y, sgn) / self.total
            dens = mp.exp(self.g(y) - self.g(self.mode)) / self.total
            step = mp.log(tl / target) * tl / dens
            y += sgn * step
            if abs(step) < mpf(10) ** -40 * max(abs(y), mpf(10) ** -5):
                break
        return y, sgn, target

    def bracket_ok(self, y, sgn, target, rel=mpf(10) ** -28):
        e = abs(y) * rel
        out = self.tail(y + sgn * e, sgn) / self.total
        inn = self.tail(y - sgn * e, sgn) / self.total
        return out < target < inn


NORMAL = LogConcave(lambda y: -y * y / 2, lambda y: -y, 2, 0)
_T, _B = {}, {}


def t_dist(df):
    if df not in _T:
        v = mpf(df)
        _T[df] = LogConcave(lambda s: -v * mp.log(mp.cosh(s)), lambda s: -v * mp.tanh(s),
                            min(mpf(1) / 2, 2 / mp.sqrt(v)), 0)
    return _T[df]


def beta_dist(a, b):
    if (a, b) not in _B:
        A, B = mpf(a), mpf(b)
        _B[a, b] = LogConcave(lambda y: A * y - (A + B) * mp.log(1 + mp.exp(y)),
                              lambda y: A - (A + B) / (1 + mp.exp(-y)),
                              min(mpf(1) / 2, 4 / mp.sqrt(A + B)), mp.log(A / B))
    return _B[a, b]


def norm_cdf_sf(x):
    return NORMAL.lower(mpf(x))


def t_cdf_sf(x, df):
    return t_dist(df).lower(mp.asinh(mpf(x) / mp.sqrt(mpf(df))))


def beta_cdf(x, a, b):
    x = mpf(x)
    return beta_dist(a, b).lower(mp.log(x / (1 - x)))[0]


def _checked(dist, p):
    y, sgn, target = dist.quantile(p)
    if y != 0:
        assert dist.bracket_ok(y, sgn, target), ("bracket", p)
    return y


def norm_quantile(p):
    return mpf(0) if mpf(p) == mpf(1) / 2 else _checked(NORMAL, p)


def t_quantile(p, df):
    if mpf(p) == mpf(1) / 2:
        return mpf(0)
    return mp.sqrt(mpf(df)) * mp.sinh(_checked(t_dist(df), p))


def beta_quantile(p, a, b):
    if a == b and mpf(p) == mpf(1) / 2:
        return mpf(1) / 2
    return 1 / (1 + mp.exp(-_checked(beta_dist(a, b), p)))


# ------------------------------------------------- mixtures over chi/sqrt(df)
def Phi(x):
    if x < -23:
        return mpf(0)
    if x > 23:
        return mpf(1)
    return mp.erfc(-x / mp.sqrt(2)) / 2


class Chi:
    """Trapezoidal nodes (W, weight) for W = sqrt(chi2_df/df), by step level."""
    cache = {}

    def __init__(self, df):
        self.v = mpf(df)
        self.h0 = mpf(1) / 8 / max(1, mp.sqrt(self.v) / 2)
        self.u0 = mp.lambertw(1).real          # u0 = exp(-u0): W = 1
        self.levels = {}

    def node(self, u):
        e = mp.exp(-u)
        y = u - e
        w = mp.exp(y)
        return w, self.v * y - self.v * (w * w - 1) / 2, 1 + e

    def fresh(self, k):
        """nodes that level k adds to level k-1"""
        if k not in self.levels:
            h = self.h0 / 2 ** k
            out = []
            for sgn in (1, -1):
                j = 0 if sgn == 1 else 1
                while True:
                    if k == 0 or j % 2 == 1:
                        w, lf, jac = self.node(self.u0 + sgn * j * h)
                        if lf < -170:
                            break
                        out.append((w, mp.exp(lf) * jac))
                    j += 1
            self.levels[k] = out
        return self.levels[k]

    def mean(self, fs, tol=mpf(10) ** -30):
        """E[f(W)] for each f in fs; the first one and its complement decide"""
        sums, tot, old = [mpf(0)] * len(fs), mpf(0), None
        for k in range(14):
            nodes = self.fresh(k)
            tot += mp.fsum(wt for _, wt in nodes)
            for i, f in enumerate(fs):
                sums[i] += mp.fsum(f(w) * wt for w, wt in nodes)
            now = [s / tot for s in sums]
            if old is not None and abs(now[0] - old[0]) <= tol * min(abs(now[0]), max(abs(1 - now[0]), mpf(10) ** -12)):
                return now
            old = now
        raise ArithmeticError("no convergence")


def chi(df):
    key = df, mp.dps                                     # nodes belong to one precision
    if key not in Chi.cache:
        Chi.cache[key] = Chi(df)
    return Chi.cache[key]


def nct_cdf(t, df, ncp):
    t, ncp = mpf(t), mpf(ncp)
    return chi(df).mean([lambda w: Phi(t * w - ncp)])[0]


def nct_ncp(t, df, p):
    t, p = mpf(t), mpf(p)
    c = 1 / mp.sqrt(2 * mp.pi)
    z = norm_quantile(p)
    x = t - z * mp.sqrt(1 + t * t / (2 * mpf(df)))       # start
    lo, hi = None, None                                  # cdf(lo) > p > cdf(hi)
    for _ in range(60):
        F, d = chi(df).mean([lambda w: Phi(t * w - x),
                             lambda w: c * mp.exp(-(t * w - x) ** 2 / 2)])
        if F > p:
            lo = x
        else:
            hi = x
        step = (F - p) / d
        new = x + step
        if lo is not None and hi is not None and not (lo <= new <= hi):
            new = (lo + hi) / 2
        elif abs(step) > 3:
            new = x + 3 * mp.sign(step)
        if abs(new - x) < mpf(10) ** -33 * max(1, abs(x)):
            x = new
            break
        x = new
    e = mpf(10) ** -28 * max(abs(x), mpf(10) ** -3)
    assert nct_cdf(t, df, x - e) > p > nct_cdf(t, df, x + e), ("bracket", t, df, p)
    return x


def hedges_j(m):
    """J(m) = Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)) = 1 / E[1/W]"""
    return 1 / chi(m).mean([lambda w: 1 / w])[0]


# ---------------------------------------------------------------------- table
def num(v):
    return mp.nstr(v, 20, strip_zeros=False) if v != 0 else "0"


def arg(x):
    return repr(x) if isinstance(x, float) and x != int(x) or abs(x) >= 1e16 else str(int(x))


def row(name, args, v):
    cells = [arg(a) for a in args] + [""] * (3 - len(args))
    print(",".join([name] + cells + [num(v)]))
    sys.stdout.flush()


TINY = mpf(2) ** -1022


def nct_points():
    """t at about the given probability, rounded to 5 digits (about 1e-4 relative)"""
    probs = [1e-10, 1e-6, 1e-3, .025, .5, .975, .999, 1 - 1e-6, 1 - 1e-10]
    ncps = [-45.0, -10.0, -2.5, 0.0, 0.7, 10.0, 45.0]
    i = 0
    for df in (1, 2, 4, 6, 9, 30, 200, 10000, 1000000):
        for ncp in ncps:
            for _ in range(2):
                p = probs[i % 9]
                i += 1
                # bisection on a signed logarithmic scale, double-size tolerance
                f = lambda s: nct_low(float(mp.sinh(s)), df, ncp) - p
                lo, hi = -30.0, 30.0
                while hi - lo > 1e-5:
                    mid = (lo + hi) / 2
                    if f(mid) < 0:
                        lo = mid
                    else:
                        hi = mid
                yield float("%.5g" % float(mp.sinh((lo + hi) / 2))), df, ncp
        i += 1


def nct_low(t, df, ncp):
    """the same expectation, low accuracy, only to place the points"""
    with mp.workdps(20):
        return chi(df).mean([lambda w: Phi(mpf(t) * w - ncp)], tol=mpf(10) ** -3)[0]


def main():
    print("# Reference values of distribution functions, 20 significant digits.")
    print("# Tool: Python with mpmath %s, 50-digit arithmetic. Date: %s." % (mpmath.__version__, DATE))
    print("# Regenerate: python3 dist.py > dist.csv")
    print("# Densities integrated numerically, roots bracketed on those integrals; see dist.py.")
    print("# A value belongs to the IEEE double nearest to the printed argument.")
    print("# norm_cdf(x) norm_sf(x) norm_quantile(p) t_cdf(x,df) t_sf(x,df) t_quantile(p,df)")
    print("# beta_cdf(x,a,b) beta_quantile(p,a,b) nct_cdf(t,df,ncp) nct_ncp(t,df,p) hedges_j(m)")
    print("# Values below 2^-1022 (the smallest normal double) are left out, except norm_cdf(-38) and norm_sf(38).")
    print("function,a,b,c,value")

    xs = [0.0]
    for x in (1e-10, 1e-5, .1, .5, 1.0, 1.96, 2.5758293, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 37.0, 37.5, 38.0):
        xs += [-x, x]
    xs.sort()
    for x in xs:
        row("norm_cdf", [x], norm_cdf_sf(x)[0])
    for x in xs:
        row("norm_sf", [x], norm_cdf_sf(x)[1])
    for p in (1e-300, 1e-200, 1e-100, 1e-50, 1e-20, 1e-16, 1e-12, 1e-10, 1e-6, 1e-3, .005, .01, .025, .05, .1,
              .25, .3, .5, .75, .9, .95, .975, .99, .995, .999, 1 - 1e-6, 1 - 1e-10, 1 - 1e-13, 1 - 1e-16):
        row("norm_quantile", [p], norm_quantile(p))

    dfs = (1, 2, 3, 4, 6, 10, 30, 100, 10000, 1000000, 100000000)
    xs = [0.0]
    for x in (1e-8, 1e-3, .1, .5, 1.0, 1.96, 2.447, 5.0, 8.0, 12.02, 20.0, 37.0, 100.0, 1000.0):
        xs += [-x, x]
    xs.sort()
    for which, name in ((0, "t_cdf"), (1, "t_sf")):
        for df in dfs:
            for x in xs:
                v = t_cdf_sf(x, df)[which]
                if v >= TINY:
                    row(name, [x, df], v)
    for df in dfs:
        for p in (1e-12, 1e-6, .005, .025, .05, .3, .5, .975, .995):
            row("t_quantile", [p, df], t_quantile(p, df))

    shapes = ((.5, .5), (5.0, 3.0), (6.0, 2.0), (1.0, 7.0), (7.0, 1.0), (.5, 7.5), (1500.0, 581.0), (1501.0, 580.0))
    for a, b in shapes:
        for x in (1e-6, .001, .01, .1, .3, .5, .65, .7, .7175, .72, .74, .8, .9, .99, .999):
            v = beta_cdf(x, a, b)
            if v >= TINY:
                row("beta_cdf", [x, a, b], v)
    for a, b in shapes:
        for p in (.005, .025, .5, .975, .995):
            row("beta_quantile", [p, a, b], beta_quantile(p, a, b))

    for t, df, ncp in nct_points():
        row("nct_cdf", [t, df, ncp], nct_cdf(t, df, ncp))
    for df in (2, 4, 6, 9, 30, 1000):
        for t in (-12.02, -6.7, -3.5, -2.788, -2.447, -.3, 0.0, .73, 5.0, 15.0, 37.0):
            for p in (.975, .025, .95, .05):
                row("nct_ncp", [t, df, p], nct_ncp(t, df, p))

    for m in (2, 3, 4, 6, 10, 50, 100, 1000, 100000, 10000000, 100000000):
        row("hedges_j", [m], hedges_j(m))


if __name__ == "__main__":
    main()
