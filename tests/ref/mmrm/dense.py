"""Degrees of freedom and adjusted standard errors by the formulas with n x n matrices.

An independent implementation: V of all rows at once, derivatives of the covariance by complex steps,
scoring on P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1, second derivatives by differences of the exact gradient.
Kenward & Roger (1997) without second derivatives of V; W is twice the inverse of the observed second
derivatives of -2 log L, as in SAS and the R package mmrm.

Run after data.R: python3 dense.py > dense.csv   (Python 3, numpy 2.4, pandas not needed)
"""
import csv
import numpy as np

def read(name):
    return list(csv.DictReader(open({"orthodont": "../../../data/published/", "visits": "../../../data/examples/"}.get(name, "") + name + ".csv")))

def dummies(values):
    return [(level, np.array([float(v == level) for v in values])) for level in sorted(set(values))[1:]]

def design(rows, formula):
    one = np.ones(len(rows))
    num = lambda c: np.array([float(r[c]) for r in rows])
    if formula == "change ~ base + visit * arm":
        visit, arm = dummies([r["visit"] for r in rows]), dummies([r["arm"] for r in rows])
        cols = [one, num("base")] + [v for _, v in visit] + [a for _, a in arm]
        cols += [v * a for _, a in arm for _, v in visit]
    elif formula == "change ~ base + day * arm":
        (_, arm), = dummies([r["arm"] for r in rows])
        cols = [one, num("base"), num("day"), arm, num("day") * arm]
    elif formula == "distance ~ age * Sex":
        (_, sex), = dummies([r["Sex"] for r in rows])
        cols = [one, num("age"), sex, num("age") * sex]
    elif formula == "extra ~ drug":
        cols = [one, num("drug")]
    return np.column_stack(cols)

def sigma(structure, th, times):
    m = len(times); lag = np.abs(np.subtract.outer(np.arange(m), np.arange(m)))
    if structure == "id": return th[0] * np.eye(m)
    if structure == "cs": return th[0] * np.eye(m) + th[1] * np.ones((m, m))
    if structure == "toep": return sum(th[d] * (lag == d) for d in range(m))
    if structure == "us":
        s = np.zeros((m, m), complex); i = np.tril_indices(m); s[i] = th; s.T[i] = th; return s
    if structure in ("ar1", "car1"):
        d = np.abs(np.subtract.outer(times, times)) if structure == "car1" else lag
        return th[0] * th[1] ** d
    if structure in ("ar1h", "csh"):
        s = th[:m]; c = th[m] ** lag if structure == "ar1h" else np.where(lag == 0, 1, th[m])
        return np.outer(s, s) * c
    if structure == "toeph":
        s = th[:m]; return np.outer(s, s) * sum((th[m + d - 1] if d else 1) * (lag == d) for d in range(m))

def start(structure, m, var):
    if structure == "id": return [var]
    if structure == "cs": return [0.5 * var, 0.5 * var]
    if structure == "toep": return [var] + [var * 0.6 ** d for d in range(1, m)]
    if structure == "us": return [var * 0.6 ** (i - j) for i in range(m) for j in range(i + 1)]
    if structure == "ar1": return [var, 0.6]
    if structure == "car1": return [var, 0.98]
    if structure in ("ar1h", "csh"): return [var ** 0.5] * m + [0.5]
    if structure == "toeph": return [var ** 0.5] * m + [0.6 ** d for d in range(1, m)]

def fit(data, formula, structure, time, subject, restricted=True, by=None):
    rows = read(data)
    y = np.array([float(r[formula.split()[0]]) for r in rows])
    X = design(rows, formula)
    is_number = time in ("age", "day", "drug")
    key = (lambda r: float(r[time])) if is_number else (lambda r: r[time])
    times = sorted({key(r) for r in rows}); m = len(times)
    place = np.array(times) if is_number else np.arange(m, dtype=float)
    at = np.array([times.index(key(r)) for r in rows]); who = np.array([r[subject] for r in rows])
    same = who[:, None] == who[None, :]
    groups = sorted({r[by] for r in rows}) if by else [None]
    group = np.array([groups.index(r[by]) if by else 0 for r in rows])
    n, p = X.shape
    th = np.array(start(structure, m, np.var(y - X @ np.linalg.lstsq(X, y, rcond=None)[0])) * len(groups), float)
    size = len(th) // len(groups)
    def full(s, g): return np.where(same & (group[:, None] == g) & (group[None, :] == g), s[np.ix_(at, at)], 0)
    def V(t): return sum(full(np.real(sigma(structure, t[g * size:(g + 1) * size].astype(complex), place)), g) for g in range(len(groups)))
    def dV(t):
        out = []
        for r in range(len(t)):
            z = t.astype(complex); z[r] += 1e-30j; g = r // size
            out.append(full(np.imag(sigma(structure, z[g * size:(g + 1) * size], place)) / 1e-30, g))
        return out
    def pieces(t):
        Vi = np.linalg.inv(V(t)); phi = np.linalg.inv(X.T @ Vi @ X)
        P = Vi - Vi @ X @ phi @ X.T @ Vi
        return Vi, phi, P
    def crit(t):
        try: np.linalg.cholesky(V(t))
        except np.linalg.LinAlgError: return np.inf
        Vi, phi, P = pieces(t)
        c = np.linalg.slogdet(V(t))[1] + y @ P @ y
        return c + (n - p) * np.log(2 * np.pi) - np.linalg.slogdet(phi)[1] if restricted else c + n * np.log(2 * np.pi)
    def grad(t):
        Vi, phi, P = pieces(t); Py = P @ y; M = P if restricted else Vi
        return np.array([np.sum(M * D) - Py @ D @ Py for D in dV(t)])
    def information(t):
        Vi, phi, P = pieces(t); D = dV(t); M = P if restricted else Vi
        return np.array([[np.sum((M @ a) * (M @ b).T) for b in D] for a in D])
    def hessian(t):
        H = np.zeros((len(t), len(t)))
        for r in range(len(t)):
            h = 1e-4 * max(abs(t[r]), 0.05); e = np.zeros(len(t)); e[r] = h
            H[r] = (8 * (grad(t + e) - grad(t - e)) - (grad(t + 2 * e) - grad(t - 2 * e))) / (12 * h)
        return (H + H.T) / 2
    for step in range(100):
        g = grad(th)
        H = information(th) if step < 12 or step % 3 else hessian(th)
        d = np.linalg.solve(H, g); s = 1.0; c = crit(th)
        while not crit(th - s * d) <= c + 1e-10 and s > 1e-8: s /= 2
        th = th - s * d
        if step > 12 and g @ d < 1e-20: break
    Vi, phi, P = pieces(th); beta = phi @ X.T @ Vi @ y; D = dV(th)
    W = 2 * np.linalg.inv(hessian(th))
    Pr = [-X.T @ Vi @ d @ Vi @ X for d in D]
    adj = np.zeros((p, p))
    for r, a in enumerate(D):
        for s, b in enumerate(D):
            adj += W[r, s] * (X.T @ Vi @ a @ Vi @ b @ Vi @ X - Pr[r] @ phi @ Pr[s])
    phia = phi + 2 * phi @ adj @ phi
    def single(l):
        g = np.array([-l @ phi @ a @ phi @ l for a in Pr]); v = l @ phi @ l
        return 2 * v * v / (g @ W @ g)
    def kr(L):
        q = len(L); T = L.T @ np.linalg.inv(L @ phi @ L.T) @ L; A1 = A2 = 0
        for r in range(len(D)):
            for s in range(len(D)):
                A1 += W[r, s] * np.trace(T @ phi @ Pr[r] @ phi) * np.trace(T @ phi @ Pr[s] @ phi)
                A2 += W[r, s] * np.trace(T @ phi @ Pr[r] @ phi @ T @ phi @ Pr[s] @ phi)
        B = (A1 + 6 * A2) / (2 * q); g = ((q + 1) * A1 - (q + 4) * A2) / ((q + 2) * A2)
        c = np.array([g, q - g, q + 2 - g]) / (3 * q + 2 * (1 - g)); E = 1 / (1 - A2 / q)
        Vs = 2 / q * (1 + c[0] * B) / ((1 - c[1] * B) ** 2 * (1 - c[2] * B)); rho = Vs / (2 * E * E)
        mm = 4 + (q + 2) / (q * rho - 1); lam = mm / (E * (mm - 2))
        Lb = L @ beta
        return lam / q * Lb @ np.linalg.solve(L @ phia @ L.T, Lb), q, mm
    def fai(L):
        w, U = np.linalg.eigh(L @ phi @ L.T); dfs = [single(U[:, i] @ L) for i in range(len(L))]
        E = sum(d / (d - 2) for d in dfs); Lb = L @ beta
        return Lb @ np.linalg.solve(L @ phi @ L.T, Lb) / len(L), len(L), 2 * E / (E - len(L)) if len(L) > 1 else dfs[0]
    cov = [np.real(sigma(structure, th[g * size:(g + 1) * size].astype(complex), place)) for g in range(len(groups))]
    return crit(th), beta, phi, phia, [single(l) for l in np.eye(p)], kr, fai, cov

if __name__ == "__main__":
    print("data,formula,structure,time,subject,method,by,field,index,value")
    cases = [("sleep", "extra ~ drug", "us", "drug", "patient"), ("orthodont", "distance ~ age * Sex", "us", "age", "Subject"),
             ("orthodont", "distance ~ age * Sex", "toep", "age", "Subject")]
    cases += [("visits", "change ~ base + visit * arm", s, "visit", "patient") for s in ("id", "cs", "csh", "ar1", "ar1h", "toep", "toeph", "us")]
    cases += [("visits", "change ~ base + day * arm", "car1", "day", "patient")]
    cases = [c + (True, None) for c in cases] + [cases[-2] + (False, None), cases[4] + (True, "arm"), cases[3] + (False, None)]
    for data, formula, structure, time, subject, restricted, by in cases:
        crit, beta, phi, phia, df, kr, fai, cov = fit(data, formula, structure, time, subject, restricted, by)
        head = f"{data},{formula},{structure},{time},{subject},{'REML' if restricted else 'ML'},{by or ''}"
        put = lambda f, i, v: print(f"{head},{f},{i},{float(v)!r}")
        put("criterion", 1, crit)
        for i in range(len(beta)):
            put("estimate", i + 1, beta[i]); put("se", i + 1, phi[i, i] ** 0.5); put("df", i + 1, df[i])
            if restricted: put("kr_se", i + 1, phia[i, i] ** 0.5)
        L = np.eye(len(beta))[1:]
        for name, test in [("fai", fai)] + [("kr", kr)] * restricted:
            F, q, den = test(L); put(name + "_F", 1, F); put(name + "_den", 1, den)
        for g, c in enumerate(cov):
            if len(c) < 20:
                for i in range(len(c)):
                    for j in range(i + 1): put("cov", (g * len(c) + i) * len(c) + j + 1, c[i, j])
