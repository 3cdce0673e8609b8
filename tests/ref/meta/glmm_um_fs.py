#!/usr/bin/env python3
"""The model with fixed study effects, all parameters maximised together, for two binomials and two Poisson counts.

    python3 glmm_um_fs.py > glmm_um_fs.csv          (needs numpy and scipy; in this folder)

Integrals by the trapezoidal rule over z in [-12, 12], the standard error from the inverse of the
second derivatives in all parameters.
"""
import csv
import os

import numpy as np
import scipy
from scipy.optimize import minimize
from scipy.special import gammaln

HERE = os.path.dirname(os.path.abspath(__file__))
# Infections over catheter days with and without coated catheters: events and days of both groups. Niël-Weise et al.
# (2008), J Antimicrob Chemother 62:7; metadat's dat.nielweise2008.
RATES = [
    (7, 1344, 11, 1988), (8, 1600, 8, 1461), (3, 12012, 14, 10962), (6, 1536, 10, 1503), (1, 370, 1, 483),
    (1, 729, 8, 913), (17, 6760, 15, 6840), (3, 1107, 7, 1015), (2, 320, 3, 440),
]
z = np.linspace(-12, 12, 2401)
w = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * (z[1] - z[0])


def table(name, columns):
    rows = csv.DictReader(open(os.path.join(HERE, "../../../data/published", name)))
    read = [tuple(float(row[column]) for column in columns) for row in rows]
    return [row for row in read if row[0] + row[2] > 0]


def binomial(events, n, x):
    choose = gammaln(n + 1) - gammaln(events + 1) - gammaln(n - events + 1)
    return events * x - n * np.logaddexp(0, x) + choose


def poisson(events, time, x):
    return events * (x + np.log(time)) - time * np.exp(x) - gammaln(events + 1)


def fitted(name, rows, log, start):
    def minus(x):
        theta, tau, total = x[0], x[1], 0
        for (a, m, c, n), alpha in zip(rows, x[2:]):
            eta = theta + tau * z
            value = log(a, m, alpha + eta / 2) + log(c, n, alpha - eta / 2)
            top = value.max()
            total += top + np.log(np.sum(np.exp(value - top) * w))
        return -total

    x = np.concatenate([[start, 0.5], [np.log((a + c + 0.5) / (m + n)) for a, m, c, n in rows]])
    for tolerance in (1e-7, 1e-8, 1e-8):
        found = minimize(minus, x, method="BFGS", options=dict(gtol=tolerance, maxiter=2000))
        x = found.x
    size, h = len(x), 1e-4
    step, hessian = np.eye(size) * h, np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            both, apart = minus(x + step[i] + step[j]) + minus(x - step[i] - step[j]), minus(x + step[i] - step[j])
            hessian[i, j] = hessian[j, i] = (both - apart - minus(x - step[i] + step[j])) / (4 * h * h)
    se = np.sqrt(np.linalg.inv(hessian)[0, 0])
    print(f"{name},{x[0]:.12g},{x[1] ** 2:.12g},{se:.9g},{-found.fun:.14g}")


print("# The model UM.FS of 17 trials with an event, and of rates in 9 trials, in double precision.")
print(f"# Tool: Python with scipy {scipy.__version__}. Date: 2026-11-24.")
print("# Regenerate: python3 glmm_um_fs.py > glmm_um_fs.csv")
print("model,theta,tau2,se,loglik")
fitted("UM.FS", table("nielweise2007.csv", ("ai", "n1i", "ci", "n2i")), binomial, -1.2)
fitted("UM.FS of rates", RATES, poisson, -0.5)
