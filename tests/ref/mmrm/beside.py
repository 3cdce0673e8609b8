"""Degrees of freedom and adjusted standard errors where random effects stand beside correlated residuals.

An independent implementation with matrices of all rows, like dense.py: V = ZGZ' + R with R by its standard deviation and
correlation and G by its variances and covariances, scoring and then Newton's steps by differences of the exact gradient.
Satterthwaite's method takes the observed information, Kenward and Roger's the expected one, tr(P Va P Vb), and no second
derivatives of V.

Run after lme.R: python3 beside.py > beside.csv   (Python 3, numpy 2.4)
"""
import csv
import numpy as np

FOLDERS = {"orthodont": "../../../data/published/"}

def read(name):
    return list(csv.DictReader(open(FOLDERS.get(name, "") + name + ".csv")))

def numbers(rows, name):
    return np.array([float(row[name]) for row in rows])

def is_level(rows, name, level):
    return np.array([float(row[name] == level) for row in rows])

CASES = {
    ("ovary", "follicles ~ s + c + (1 + s || mare)", "ar1", "k", "mare"):
        (lambda r: [np.ones(len(r)), numbers(r, "s"), numbers(r, "c")],
         lambda r: [[np.ones(len(r))], [numbers(r, "s")]], [12.0, 0.5, 8.0, 1.5]),
    ("orthodont", "distance ~ age * Sex + (1 | Subject)", "ar1", "age", "Subject"):
        (lambda r: [np.ones(len(r)), numbers(r, "age"), is_level(r, "Sex", "Male"), numbers(r, "age") * is_level(r, "Sex", "Male")],
         lambda r: [[np.ones(len(r))]], [2.0, 0.0, 3.0]),
    ("bodyweight", "weight ~ day * diet + (day | rat)", "car1", "day", "rat"):
        (lambda r: [np.ones(len(r)), numbers(r, "day"), is_level(r, "diet", "d2"), is_level(r, "diet", "d3"),
                    numbers(r, "day") * is_level(r, "diet", "d2"), numbers(r, "day") * is_level(r, "diet", "d3")],
         lambda r: [[np.ones(len(r)), numbers(r, "day")]], [20.0, 0.76, 1300.0, -1.0, 0.06]),
}

def fit(case):
    data, formula, structure, time, subject = case
    columns, terms, start = CASES[case]
    rows = read(data); y = numbers(rows, formula.split()[0]); X = np.column_stack(columns(rows)); n, p = X.shape
    who = np.array([row[subject] for row in rows]); same = who[:, None] == who[None, :]
    times = numbers(rows, time)
    places = times if structure == "car1" else np.searchsorted(np.unique(times), times).astype(float)
    lag = np.abs(np.subtract.outer(places, places))
    parts = []
    for term in terms(rows):
        for i in range(len(term)):
            for j in range(i + 1):
                zz = np.outer(term[i], term[j]); parts.append(np.where(same, zz if i == j else zz + zz.T, 0))
    # G's triangle by rows is G's triangle by columns for two columns
    th = np.array(start)
    def power(rho, d): return np.where(d == 0, 1.0, np.sign(rho) ** d * np.abs(rho) ** d if structure == "ar1" else rho ** d)
    def V(t): return np.where(same, t[0] * power(t[1], lag), 0) + sum(g * part for g, part in zip(t[2:], parts))
    def dV(t):
        with np.errstate(all="ignore"):
            slope = np.where(lag == 0, 0.0, lag * np.where(lag == 1, 1.0, power(t[1], np.maximum(lag - 1, 0)) if structure == "ar1" else t[1] ** (lag - 1)))
        return [np.where(same, power(t[1], lag), 0), np.where(same, t[0] * slope, 0)] + parts
    def pieces(t):
        Vi = np.linalg.inv(V(t)); phi = np.linalg.inv(X.T @ Vi @ X); return Vi, phi, Vi - Vi @ X @ phi @ X.T @ Vi
    def crit(t):
        try: np.linalg.cholesky(V(t))
        except np.linalg.LinAlgError: return np.inf
        Vi, phi, P = pieces(t)
        return np.linalg.slogdet(V(t))[1] + y @ P @ y + (n - p) * np.log(2 * np.pi) - np.linalg.slogdet(phi)[1]
    def grad(t):
        Vi, phi, P = pieces(t); Py = P @ y
        return np.array([np.sum(P * D) - Py @ D @ Py for D in dV(t)])
    def expected(t):
        P = pieces(t)[2]; M = [P @ d for d in dV(t)]
        return np.array([[np.sum(a * b.T) for b in M] for a in M])
    def hessian(t):
        H = np.zeros((len(t), len(t)))
        for r in range(len(t)):
            h = 1e-4 * max(abs(t[r]), 0.05); e = np.zeros(len(t)); e[r] = h
            H[r] = (8 * (grad(t + e) - grad(t - e)) - (grad(t + 2 * e) - grad(t - 2 * e))) / (12 * h)
        return (H + H.T) / 2
    for step in range(60):
        g = grad(th); d = np.linalg.solve(expected(th) if step < 15 else hessian(th), g); s = 1.0; c = crit(th)
        while not crit(th - s * d) <= c + 1e-10 and s > 1e-8: s /= 2
        th = th - s * d
        if step > 15 and abs(g @ d) < 1e-20: break
    Vi, phi, P = pieces(th); beta = phi @ X.T @ Vi @ y; D = dV(th)
    observed, average = 2 * np.linalg.inv(hessian(th)), 2 * np.linalg.inv(expected(th))
    Pr = [-X.T @ Vi @ d @ Vi @ X for d in D]
    def df(l, W):
        g = np.array([-l @ phi @ a @ phi @ l for a in Pr]); v = l @ phi @ l
        return 2 * v * v / (g @ W @ g)
    adj = sum(average[r, s] * (X.T @ Vi @ a @ Vi @ b @ Vi @ X - Pr[r] @ phi @ Pr[s]) for r, a in enumerate(D) for s, b in enumerate(D))
    return crit(th), beta, phi, phi + 2 * phi @ adj @ phi, [df(l, observed) for l in np.eye(p)], [df(l, average) for l in np.eye(p)], th

if __name__ == "__main__":
    print("data,formula,structure,time,subject,field,index,value")
    for case in CASES:
        crit, beta, phi, adjusted, satterthwaite, kenward, th = fit(case)
        put = lambda field, i, v: print(f"{','.join(case)},{field},{i + 1},{float(v)!r}")
        put("criterion", 0, crit)
        for i in range(len(beta)):
            put("estimate", i, beta[i]); put("se", i, phi[i, i] ** 0.5); put("df", i, satterthwaite[i])
            put("kr_se", i, adjusted[i, i] ** 0.5); put("kr_df", i, kenward[i])
