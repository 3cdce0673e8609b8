"""Exact null distributions of rank tests on paired differences, with ties and zeros, and R's defaults.

exact_p: all sign patterns of the midranks of the non-zero differences; pratt_p: ranks taken with the zeros;
r_normal_p: normal approximation with tie and continuity correction (wilcox.test(x, exact = FALSE));
r_default_p: wilcox.test(x), which is exact when n < 50 and there are neither ties nor zeros.
sign_p: exact, zeros dropped.  v is the sum of positive ranks, zeros dropped.
Second methods: listing of all sign patterns (n <= 16), and base R for v, r_normal_p, r_default_p, exact_p without ties and zeros,
and binom.test for sign_p.
"""
import os
import random
import subprocess
import tempfile
from collections import Counter

from common import *
import ranktests as rt

R = r'''
options(digits = 17, warn = -1)
for (line in readLines(commandArgs(TRUE)[1])) {
  x <- as.numeric(strsplit(line, "|", fixed = TRUE)[[1]])
  a <- wilcox.test(x); b <- wilcox.test(x, exact = FALSE)
  nz <- x[x != 0]
  clean <- length(nz) == length(x) && !anyDuplicated(abs(x))
  e <- if (clean) wilcox.test(x, exact = TRUE)$p.value else NA
  s <- binom.test(sum(nz > 0), length(nz))$p.value
  cat(sprintf("%.17g %.17g %.17g %.17g %.17g\n", a$statistic, a$p.value, b$p.value, e, s))
}
'''


def r_normal(d):
    nz = [x for x in d if x != 0]
    n = len(nz)
    v = F(sum(r for r, x in zip(rt.doubled_midranks(nz), nz) if x > 0), 2)
    z = v - F(n * (n + 1), 4)
    var = F(n * (n + 1) * (2 * n + 1), 24) - F(sum(t ** 3 - t for t in Counter(map(abs, nz)).values()), 48)
    z -= F((z > 0) - (z < 0), 2)
    z = as_mp(z) / mpmath.sqrt(as_mp(var))
    return 2 * min(mpmath.ncdf(z), mpmath.ncdf(-z))


def cases(rng):
    fixed = ["-2|-3|-1", "1", "0|1", "0|0|-2|3", "1|2|3|4|5", "-1|-2|-3|-4|-5", "-3|-4|-2|-2|-2|-2|-2", "-2|-1|-3|-3|-3|-2|-3", "0.5|0.5|0.5|0.5|0.5", "0|0|0|0|1",
             "1|-1", "1|-1|0", "2|2|-2|-2|3|-3", "-1|-1.5|-1|-0.5|-1|-1|-1", "-3|-3|-4|-3|-2|-1|-1", "1|2|3|4|5|6|7|-8", "-0.5|1|1.5|-2|0|0|2.5|3"]
    for f in fixed:
        yield f
    for i in range(33):
        n = rng.choice([3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 25])
        c = rng.choice([-2, -1, 0, 1, 2])
        d = [rng.randint(-4, 4) + c for _ in range(n)]
        if i % 4 == 3:
            d = [F(x, 2) for x in d]
        if not any(d):
            d[0] = 1
        yield "|".join(str(x) if F(x).denominator == 1 else str(float(x)) for x in d)
    for n in (3, 5, 6, 7, 9, 11, 13, 15, 22, 30, 40, 49):  # neither ties nor zeros
        d = [(x if rng.random() < 0.65 else -x) for x in rng.sample(range(1, 4 * n), n)]
        yield "|".join(map(str, d))
    for n, top in ((50, 400), (60, 9), (55, 12)):
        d = rng.sample(range(1, top), n) if n < top else [rng.randint(0, top) for _ in range(n)]
        yield "|".join(str(x if rng.random() < 0.6 else -x) for x in d)


def main():
    lists = list(dict.fromkeys(cases(random.Random(5))))
    rows, listed = [], 0
    for text in lists:
        d = [F(x) for x in text.split("|")]
        nz = [x for x in d if x != 0]
        exact, pr, sg, normal = rt.wilcoxon(d), rt.pratt(d), rt.sign(d), r_normal(d)
        if len(d) <= 16:
            assert exact == rt.two_sided_listed(*rt.wilcoxon_parts(d)) and pr == rt.two_sided_listed(*rt.pratt_parts(d))
            signs = [sum(p) for p in rt.itertools.product((0, 1), repeat=len(nz))]
            up = sum(x > 0 for x in nz)
            assert sg == min(F(1), F(2 * min(sum(s <= up for s in signs), sum(s >= up for s in signs)), len(signs)))
            listed += 1
        clean = len(nz) == len(d) and len(set(map(abs, d))) == len(d)
        v = F(rt.wilcoxon_parts(d)[1], 2)
        rows.append([text, v, exact, pr, exact if clean and len(d) < 50 else normal, normal, sg, clean])
    with tempfile.TemporaryDirectory() as folder:
        for name, body in (("x.txt", "\n".join(lists) + "\n"), ("x.R", R)):
            with open(os.path.join(folder, name), "w") as out:
                out.write(body)
        out = subprocess.run(["Rscript", os.path.join(folder, "x.R"), os.path.join(folder, "x.txt")], capture_output=True, text=True, check=True).stdout
    worst, base = 0.0, 0
    for row, line in zip(rows, out.strip().split("\n"), strict=True):
        v, default, normal, exact, sg = line.split()
        assert float(v) == float(row[1])
        pairs = [(default, row[4]), (normal, row[5]), (sg, row[6])]
        if exact != "NA":
            pairs.append((exact, row[2]))
            base += 1
        for a, b in pairs:
            err = abs(float(a) - float(b)) / float(b)
            assert err < 1e-11, (row, a)
            worst = max(worst, err)
    print(f"base R agrees on all {len(rows)} rows (exact p on the {base} without ties and zeros), worst relative difference {worst:.2g}; {listed} rows by listing")
    write("signedrank.csv", "signedrank.py",
          ["Signed-rank and sign tests on lists of differences; two-sided p = min(1, 2*min(P(W<=w), P(W>=w))).",
           "v: sum of positive ranks (zeros dropped). exact_p: zeros dropped, midranks, exact permutation distribution. pratt_p: ranked with zeros, then dropped.",
           "r_default_p, r_normal_p: as R 4.2 wilcox.test(x) and wilcox.test(x, exact = FALSE); base R agrees on every row."],
          ["diffs", "v", "exact_p", "pratt_p", "r_default_p", "r_normal_p", "sign_p"],
          [[r[0]] + [num(x) for x in r[1:7]] for r in rows])


if __name__ == "__main__":
    main()
