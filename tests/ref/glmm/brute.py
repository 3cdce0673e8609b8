"""Laplace's approximation and the exact integral for models with one scalar random effect a group.

An independent implementation: one-dimensional modes by scipy, the integral over u by a fine trapezoidal rule
(which converges exponentially for such integrands), derivatives by differences of high order, the optimum by
Newton's steps on them.

Run after data.R: python3 brute.py > brute.csv   (Python 3, numpy 2.4, scipy 1.17)
"""
import csv
import numpy as np
from scipy.special import gammaln, expit, log_ndtr
from scipy.optimize import minimize

def read(name): return list(csv.DictReader(open(name + ".csv")))

def loglik(family, link, eta, y, n, k):
    if family == "binomial":
        c = gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)
        if link == "logit": return c + y * eta - n * np.logaddexp(0, eta)
        if link == "probit": return c + y * log_ndtr(eta) + (n - y) * log_ndtr(-eta)
        if link == "cloglog": return c + y * np.log(-np.expm1(-np.exp(eta))) - (n - y) * np.exp(eta)
    mu = np.exp(eta)
    if family == "poisson": return y * eta - mu - gammaln(y + 1)
    size = k if family == "nbinom2" else mu / k
    return gammaln(y + size) - gammaln(size) - gammaln(y + 1) + size * np.log(size / (size + mu)) + y * np.log(mu / (size + mu))

def objective(par, data, exact):
    fam, link, X, y, n, off, groups = data
    p = X.shape[1]; theta = par[0]; beta = par[1:1 + p]; k = np.exp(par[1 + p]) if len(par) > 1 + p else 1.0
    fixed = X @ beta + off; total = 0.0
    for rows in groups:
        f, yy, nn = fixed[rows][:, None], y[rows][:, None], n[rows][:, None]
        q = lambda u: np.sum(loglik(fam, link, f + theta * np.atleast_1d(u)[None, :], yy, nn, k), axis=0) - 0.5 * np.atleast_1d(u) ** 2
        u = 0.0
        def d(u):
            h = 1e-3; v = q(np.array([u - 2*h, u - h, u, u + h, u + 2*h]))
            return (v[0] - 8*v[1] + 8*v[3] - v[4]) / (12*h), (-v[0] + 16*v[1] - 30*v[2] + 16*v[3] - v[4]) / (12*h*h)
        for _ in range(100):
            g, H = d(u); s = -g / H; u += np.clip(s, -1, 1)
            if abs(s) < 1e-11: break
        h = 2e-3
        # seventh-order second difference at the mode
        w = np.array([-1/560, 8/315, -1/5, 8/5, -205/72, 8/5, -1/5, 8/315, -1/560]); H = -(q(u + h * 10 * np.arange(-4, 5)) @ w) / (10 * h) ** 2
        if exact:
            s = H ** -0.5; x = np.linspace(-12, 12, 481); v = q(u + s * x); top = v.max()
            total += -2 * (top + np.log(np.sum(np.exp(v - top)) * (x[1] - x[0]) * s) - 0.5 * np.log(2 * np.pi))
        else:
            total += -2 * q(u)[0] + np.log(H)
    return total

def derivatives(f, x):
    m = len(x); h = 3e-3 * np.maximum(np.abs(x), 0.3)
    e = np.eye(m)
    g = np.array([(8 * (f(x + h[i]*e[i]) - f(x - h[i]*e[i])) - (f(x + 2*h[i]*e[i]) - f(x - 2*h[i]*e[i]))) / (12 * h[i]) for i in range(m)])
    H = np.zeros((m, m)); c = {-2: 1/12, -1: -8/12, 1: 8/12, 2: -1/12}
    f0 = f(x)
    for i in range(m):
        H[i, i] = sum(w * f(x + a * 2 * h[i] * e[i]) for a, w in zip((-3, -2, -1, 0, 1, 2, 3), (1/90, -3/20, 3/2, -49/18, 3/2, -3/20, 1/90))) / (4 * h[i] ** 2)
        for j in range(i):
            H[i, j] = H[j, i] = sum(wa * wb * f(x + a * 2*h[i] * e[i] + b * 2*h[j] * e[j]) for a, wa in c.items() for b, wb in c.items()) / (4 * h[i] * h[j])
    return g, H

def main():
    print("method,data,family,link,formula,offset,field,index,value")
    cb, rl = read("../../../data/published/cbpp"), read("../../../data/examples/relapses")
    def groups(rows, key):
        names = sorted({r[key] for r in rows}); return [np.array([i for i, r in enumerate(rows) if r[key] == n]) for n in names]
    one = lambda rows: np.ones(len(rows))
    num = lambda rows, c: np.array([float(r[c]) for r in rows])
    Xc = np.column_stack([one(cb)] + [np.array([float(r["period"] == l) for r in cb]) for l in "234"])
    fc = '"cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)"'
    Xr = np.column_stack([one(rl), num(rl, "after")]); fr = "relapses ~ after + (1 | patient)"
    cases = [("cbpp", "binomial", l, fc, "", Xc, num(cb, "incidence"), num(cb, "size"), 0 * one(cb), groups(cb, "herd")) for l in ("logit", "probit", "cloglog")]
    cases += [("relapses", f, "log", fr, "log(years)", Xr, num(rl, "relapses"), one(rl), np.log(num(rl, "years")), groups(rl, "patient")) for f in ("poisson",)]
    for name, family, link, formula, offset, X, y, n, off, g in cases:
        for exact in (False, True):
            data = (family, link, X, y, n, off, g)
            f = lambda x: objective(x, data, exact)
            x = np.r_[0.6, -1.0, np.zeros(X.shape[1] - 1), [0.5] * family.startswith("nb")]
            x = minimize(f, x, method="BFGS", options=dict(gtol=1e-4)).x
            for _ in range(3):
                grad, H = derivatives(f, x); x = x - np.linalg.solve(H, grad)
            grad, H = derivatives(f, x); V = 2 * np.linalg.inv(H)
            head = f"{'exact' if exact else 'laplace'},{name},{family},{link},{formula},{offset}"
            put = lambda field, i, v: print(f"{head},{field},{i},{float(v)!r}")
            put("criterion", 1, f(x)); put("theta", 1, abs(x[0]))
            for i in range(X.shape[1]): put("estimate", i + 1, x[1 + i]); put("se", i + 1, V[1 + i, 1 + i] ** 0.5)

main()
