"""Shared pieces of the reference scripts: what a printed number says about the true one.

A printed number x with d decimals has the unit u = 10^-d and h = u/2.  The true value t lies in

    up-or-down  [x-h, x+h]
    half-away   [x-h, x+h) for x > 0, (x-h, x+h] for x < 0, (-h, h) for 0
    half-down   (x-h, x+h]
    half-even   [x-h, x+h] if the last printed digit is even, (x-h, x+h) otherwise
    floor       [x, x+u)
    ceil        (x-u, x]

Every decision is made with integers and fractions.  Two decision methods exist for everything:
the interval above (`printed_set`, `Spread.admits`) and forward rounding (`forward`, `forward_root`),
which rounds the exact value and compares it with what was printed.
"""
import math
import platform
from fractions import Fraction as F

import mpmath
from mpmath import mp

mp.dps = 50
DATE = "2026-11-21"
ROUNDINGS = ["up-or-down", "half-away", "half-down", "half-even", "floor", "ceil"]
KINDS = ["sample", "population", "se", "ci95"]


# ---------------------------------------------------------------- printed numbers
def decimals(text):
    return len(text.split(".")[1]) if "." in text else 0


def printed_set(text, rounding):
    """(lo, lo_closed, hi, hi_closed) of the true values behind a printed number."""
    x, u = F(text), F(1, 10 ** decimals(text))
    h = u / 2
    if rounding == "up-or-down":
        return x - h, True, x + h, True
    if rounding == "half-away":
        return x - h, x > 0, x + h, x < 0
    if rounding == "half-down":
        return x - h, False, x + h, True
    if rounding == "half-even":
        even = text[-1] in "02468"
        return x - h, even, x + h, even
    if rounding == "floor":
        return x, True, x + u, False
    if rounding == "ceil":
        return x - u, False, x, True
    raise ValueError(rounding)


def inside(t, bounds):
    lo, lo_closed, hi, hi_closed = bounds
    return (t > lo or (lo_closed and t == lo)) and (t < hi or (hi_closed and t == hi))


def _settle(fl, side, positive, zero_side, rounding):
    """Printed units for a value in [fl, fl+1) units; `side` is -1, 0, 1: below, at, above the middle."""
    if rounding == "floor":
        return {fl}
    if rounding == "ceil":
        return {fl} if zero_side else {fl + 1}
    if side < 0:
        return {fl}
    if side > 0:
        return {fl + 1}
    if rounding == "up-or-down":
        return {fl, fl + 1}
    if rounding == "half-away":
        return {fl + 1} if positive else {fl}
    if rounding == "half-down":
        return {fl}
    return {fl if fl % 2 == 0 else fl + 1}


def forward(t, d, rounding):
    """The whole numbers of units 10^-d that the exact value t may print as."""
    q = F(t) * 10 ** d
    fl = math.floor(q)
    rest = q - fl
    side = (rest > F(1, 2)) - (rest < F(1, 2))
    return _settle(fl, side, q > 0, rest == 0, rounding)


def forward_root(square, d, rounding):
    """The same for the square root of an exact non-negative rational."""
    q2 = F(square) * 100 ** d
    fl = math.isqrt(q2.numerator // q2.denominator)
    middle = (fl + F(1, 2)) ** 2
    side = (q2 > middle) - (q2 < middle)
    return _settle(fl, side, True, q2 == fl * fl, rounding)


def units(text):
    return int(F(text) * 10 ** decimals(text))


# ---------------------------------------------------------------- Student's t
_T2 = {}


def t_crit(df):
    """t with P(|T| > t) = 0.05, 50 digits."""
    with mp.workdps(70):
        lo, hi = mp.mpf("1.9"), mp.mpf(13)
        f = lambda t: mpmath.betainc(mp.mpf(df) / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True) - mp.mpf("0.05")
        for _ in range(60):  # bisection to a safe start, then Newton-like secant steps
            mid = (lo + hi) / 2
            if f(mid) > 0:
                lo = mid
            else:
                hi = mid
        t = mpmath.findroot(f, (lo, hi), solver="secant", tol=mp.mpf(10) ** -120, verify=False)
        assert abs(f(t)) < mp.mpf(10) ** -60, df
        return +t


def t_crit_sq(df):
    """(lower, upper) rationals around t^2; equal where t^2 is rational (two degrees of freedom)."""
    if df not in _T2:
        if df == 2:
            _T2[df] = (F(722, 39), F(722, 39))
        else:
            with mp.workdps(70):
                t2 = t_crit(df) ** 2
                mid = F(int(mpmath.floor(t2 * mp.mpf(10) ** 50)), 10 ** 50)
            _T2[df] = (mid - F(1, 10 ** 45), mid + F(1, 10 ** 45))
    return _T2[df]


def t_crit_mp(df):
    if df == 2:
        return mpmath.sqrt(mp.mpf(722) / 39)
    return +t_crit_cached(df)


_TC = {}


def t_crit_cached(df):
    if df not in _TC:
        _TC[df] = t_crit(df)
    return _TC[df]


def t_p_from_sq(t2, df):
    """Two-sided p for a given t squared (exact rational, mpf) and any positive df."""
    t2 = as_mp(t2)
    if t2 == 0:
        return mp.mpf(1)
    df = as_mp(df)
    return mpmath.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + t2), regularized=True)


def exceeds_crit(t2, df):
    """Is p < 0.05 for this exact t^2?"""
    lo, hi = t_crit_sq(df)
    a, b = t2 > lo, t2 > hi
    assert a == b, "undecided: t^2 too near its critical value"
    return a


# ---------------------------------------------------------------- the number after the plus-minus sign
class Spread:
    """The set of variances (sum of squares about the mean, `ss`) a printed spread allows."""

    def __init__(self, text, n, rounding, kind):
        self.text, self.n, self.rounding, self.kind = text, n, rounding, kind
        lo, lc, hi, hc = printed_set(text, rounding)
        if lo < 0:
            lo, lc = F(0), True
        self.bounds = (lo * lo, lc, hi * hi, hc)
        self.empty = n == 1 and kind != "population"  # no such spread exists

    def squares(self, ss):
        """Exact square of the printed quantity (a pair of rationals around it for ci95)."""
        n = self.n
        if self.kind == "population":
            return (F(ss) / n,) * 2
        if self.kind == "sample":
            return (F(ss) / (n - 1),) * 2
        v = F(ss) / (n * (n - 1))
        if self.kind == "se":
            return v, v
        lo, hi = t_crit_sq(n - 1)
        return v * lo, v * hi

    def admits(self, ss):
        if self.empty:
            return False
        a, b = (inside(q, self.bounds) for q in self.squares(ss))
        assert a == b, "undecided: spread too near a bound"
        return a

    def admits_forward(self, ss):
        if self.empty:
            return False
        d, want = decimals(self.text), units(self.text)
        a, b = (want in forward_root(q, d, self.rounding) for q in self.squares(ss))
        assert a == b
        return a


# ---------------------------------------------------------------- scales
EDSS = "0|" + "|".join(str(F(k, 2)) if k % 2 == 0 else f"{k // 2}.5" for k in range(2, 21))


def scale_values(text):
    """Sorted list of fractions: `lo:hi`, `lo:hi:step`, `a|b|c` or `items=k:lo:hi`."""
    if text.startswith("items="):
        k, lo, hi = (int(p) for p in text[6:].split(":"))
        return [F(c, k) for c in range(k * lo, k * hi + 1)]
    if "|" in text:
        return sorted(F(p) for p in text.split("|"))
    parts = [F(p) for p in text.split(":")]
    lo, hi = parts[0], parts[1]
    step = parts[2] if len(parts) > 2 else F(1)
    out, v = [], lo
    while v <= hi:
        out.append(v)
        v += step
    return out


def codes(values):
    """(granularity g, integer codes g*value)."""
    g = 1
    for v in values:
        g = math.lcm(g, v.denominator)
    return g, [int(v * g) for v in values]


# ---------------------------------------------------------------- output
def as_mp(x):
    if isinstance(x, F):
        return mp.mpf(x.numerator) / x.denominator
    return mp.mpf(x)


def num(x):
    """17 significant digits."""
    if x is None:
        return ""
    x = as_mp(x)
    return "0" if x == 0 else mpmath.nstr(x, 17, strip_zeros=True)


def signed_root(sq):
    """sign(x)*sqrt(|x|) of a signed square."""
    r = mpmath.sqrt(as_mp(abs(sq)))
    return r if sq >= 0 else -r


def write(path, script, about, header, rows):
    """One CSV: comment lines, header, rows (fields never contain commas or quotes)."""
    with open(path, "w") as out:
        for line in about:
            out.write("# " + line + "\n")
        out.write(f"# {script}, Python {platform.python_version()}, mpmath {mpmath.__version__} (50 digits), {DATE}\n")
        out.write(",".join(header) + "\n")
        for row in rows:
            assert len(row) == len(header)
            fields = [str(x).lower() if isinstance(x, bool) else str(x) for x in row]
            assert not any("," in f or '"' in f for f in fields)
            out.write(",".join(fields) + "\n")
    print(f"{path}: {len(rows)} rows")
