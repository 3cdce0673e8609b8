"""Profile intervals of standard deviations and correlations of residuals, by full maximum likelihood.

An independent implementation on matrices of each subject: the covariance is written with its standard
deviations and correlations, one of them is held, the others are found by a general optimiser, and the interval
ends where -2 log L has risen by the 95 % quantile of chi-squared with 1 df.

Run: python3 profile.py > profile.csv   (Python 3, numpy, scipy 1.17)
"""
import csv
import numpy as np
from scipy.optimize import brentq, minimize
from scipy.stats import chi2

rows = list(csv.DictReader(open("../../../data/published/orthodont.csv")))
who = sorted({r["Subject"] for r in rows})
ages = sorted({float(r["age"]) for r in rows})
m = len(ages)
sex = sorted({r["Sex"] for r in rows})
X, Y = [], []
for w in who:
    own = sorted((r for r in rows if r["Subject"] == w), key=lambda r: float(r["age"]))
    X.append([[1, float(r["age"]), float(r["Sex"] == sex[1]), float(r["age"]) * (r["Sex"] == sex[1])] for r in own])
    Y.append([float(r["distance"]) for r in own])
X, Y = np.array(X), np.array(Y)
lag = np.abs(np.subtract.outer(np.arange(m), np.arange(m)))

def counts(structure):
    """How many standard deviations, how many correlations."""
    return {"cs": (1, 1), "csh": (m, 1), "ar1": (1, 1), "ar1h": (m, 1), "toep": (1, m - 1), "toeph": (m, m - 1),
            "us": (m, m * (m - 1) // 2), "car1": (1, 1), "id": (1, 0)}[structure]

def sigma(structure, sd, r):
    s = np.full(m, sd[0]) if len(sd) == 1 else np.array(sd)
    if structure == "id": c = np.eye(m)
    if structure in ("cs", "csh"): c = np.where(lag == 0, 1.0, r[0])
    if structure in ("ar1", "ar1h"): c = np.sign(r[0]) ** lag * np.abs(r[0]) ** lag
    if structure == "car1": c = r[0] ** np.abs(np.subtract.outer(ages, ages)) if r[0] > 0 else np.eye(m)
    if structure in ("toep", "toeph"): c = np.where(lag == 0, 1.0, np.array([1.0] + list(r))[lag])
    if structure == "us":
        c = np.eye(m); at = 0
        for k in range(m):
            for j in range(k + 1, m):
                c[j, k] = c[k, j] = r[at]; at += 1
    return np.outer(s, s) * c

def deviance(S):
    try:
        L = np.linalg.cholesky(S)
    except np.linalg.LinAlgError:
        return 1e6
    if not np.all(np.isfinite(L)): return 1e6
    A = np.linalg.inv(L)
    x, y = np.einsum("ij,njk->nik", A, X).reshape(-1, X.shape[2]), np.einsum("ij,nj->ni", A, Y).ravel()
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    return len(who) * 2 * np.sum(np.log(np.diag(L))) + np.sum((y - x @ beta) ** 2) + y.size * np.log(2 * np.pi)

def lowest(structure, at, value, start):
    """The least deviance with parameter `at` held, over ln sd and atanh r of the others."""
    a, b = counts(structure)
    free = [i for i in range(a + b) if i != at]
    def values(z):
        t = np.zeros(a + b)
        t[free] = z
        out = [np.exp(t[i]) if i < a else np.tanh(t[i]) for i in range(a + b)]
        if at is not None: out[at] = value
        return out
    f = lambda z: deviance(sigma(structure, values(z)[:a], values(z)[a:]))
    if not free:
        return f([]), np.array([]), values([])
    best = minimize(f, start, method="BFGS", options={"gtol": 1e-6})
    # Once more from there, since differences make the last steps uncertain.
    best = min(best, minimize(f, best.x, method="BFGS", options={"gtol": 1e-7}), key=lambda of: of.fun)
    return best.fun, best.x, values(best.x)

print("structure,index,lower,upper")
for structure in ["id", "cs", "csh", "ar1", "ar1h", "car1", "toep", "toeph", "us"]:
    a, b = counts(structure)
    r0 = {"us": 0.6, "toep": 0.5, "toeph": 0.5, "car1": 0.8}.get(structure, 0.6)
    top, z, est = lowest(structure, None, None, np.array([0.8] * a + [np.arctanh(r0)] * b))
    target = top + chi2.ppf(0.95, 1)
    for at in range(a + b):
        ends = []
        for sign in (-1, 1):
            near = {"z": np.delete(z, at)}
            def rise(v):
                d, x, _ = lowest(structure, at, v, near["z"])
                near["z"] = x
                return d - target
            step = sign * (0.1 * est[at] if at < a else 0.5 * (1 - abs(est[at])) if sign > 0 else 0.1)
            inside, v = est[at], est[at] + step
            while rise(v) < 0:
                inside, v = v, v + step if at < a or sign < 0 else v + 0.5 * (1 - v)
            ends.append(brentq(rise, inside, v, xtol=1e-9))
        print(f"{structure},{at + 1},{ends[0]:.10g},{ends[1]:.10g}", flush=True)
