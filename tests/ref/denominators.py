#!/usr/bin/env python3
"""All k/n with n <= 100 that can be printed as 85.7 %.

    python3 denominators.py > denominators.csv

Exhaustive search in exact rationals: |100 k/n - 85.7| <= 0.05, both ends included.
"""
import platform
from fractions import Fraction

target, half = Fraction(857, 10), Fraction(1, 20)
print("# Every (k, n), 1 <= n <= 100, 0 <= k <= n, with |100 k/n - 85.7| <= 0.05 (closed interval).")
print("# Tool: Python %s, exact rational arithmetic, exhaustive search. Date: 2026-11-21." % platform.python_version())
print("# Regenerate: python3 denominators.py > denominators.csv")
print("k,n")
for n in range(1, 101):
    for k in range(n + 1):
        if abs(Fraction(100 * k, n) - target) <= half:
            print("%d,%d" % (k, n))
