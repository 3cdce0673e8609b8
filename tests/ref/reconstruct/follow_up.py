"""Five people, whole-number changes over a common follow-up of m months: which m allow a mean slope of total/(5·m)
printing as 0.47 and as 0.25 (two decimals, up-or-down)?  Interval and forward rounding, and the totals themselves."""
from common import *


def possible(text, months):
    bounds = printed_set(text, "up-or-down")
    a = [t for t in range(0, 5 * months + 1) if inside(F(t, 5 * months), bounds)]
    b = [t for t in range(0, 5 * months + 1) if units(text) in forward(F(t, 5 * months), 2, "up-or-down")]
    assert a == b
    return bool(a)


def main():
    rows = [(m, possible("0.47", m), possible("0.25", m)) for m in range(1, 61)]
    print("both:", [m for m, a, b in rows if a and b])
    print("0.47 only:", [m for m, a, b in rows if a and not b])
    print("0.25 only:", [m for m, a, b in rows if b and not a])
    write("follow_up.csv", "follow_up.py", ["Mean slope of five people = total whole-number change / (5 * months), printing as 0.47 and as 0.25."],
          ["months", "possible47", "possible25"], rows)


if __name__ == "__main__":
    main()
