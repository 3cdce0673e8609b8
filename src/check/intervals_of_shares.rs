//! Whether the confidence interval of a percentage of people can be that of their count.

use super::cells::Verdict;
use super::{Check, Status, arm_in_subject, range, refused};
use crate::effect::proportion::{Proportion, ProportionCi, parts_of};
use crate::numeric::dist::normal_critical;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reported::{CellForm, Release, SpreadMeaning, Statistic, USUAL_LEVEL};

/// No curve, model or resampling makes an interval so many times as narrow, or as lopsided, as the usual ones of the
/// count. A convention, that of the precision of effects of counts.
const OFF: f64 = 2.5;

/// One that is not this much wider than the usual ones is of as many people, and as lopsided as theirs; that of a curve
/// of which few are left at risk may be cut off at 0 or 100 %.
const AS_WIDE: f64 = 1.2;

/// So many counts that print as one percentage are looked at.
const MOST_COUNTS: u64 = 200;

/// Every percentage of an arm with its confidence interval in brackets, whose count is known but for rounding.
pub(super) fn intervals_of_shares(release: &Release, rounding: Rounding) -> Vec<Check> {
    let mut checks = Vec::new();
    for outcome in &release.outcomes {
        for row in &outcome.results {
            let arm = arm_in_subject(release, &outcome.id, &row.arm);
            let shares = row.cells.iter().filter(|(_, cell)| cell.statistic == Statistic::Percent);
            for (occasion, cell) in shares.filter(|(_, cell)| cell.adjusted.is_none()) {
                let CellForm::Pair { center, lower, upper, meaning: SpreadMeaning::Ci95 } = &cell.form else {
                    continue;
                };
                let n = release.size_at(&row.arm, cell);
                let verdict = n.and_then(|n| of_share(center, [lower, upper], n, rounding));
                let subject = format!("{} {occasion}{arm}: {}", outcome.id, cell.text);
                checks.extend(verdict.map(|verdict| Check::of(release, "interval", &subject, verdict)));
            }
        }
    }
    checks
}

/// The verdict on the interval of a percentage of n people; none where no count of them prints so, or very many do.
fn of_share(share: &Numeral, ends: [&Numeral; 2], n: u64, rounding: Rounding) -> Option<Verdict> {
    let counts = parts_of(share.rounding_interval(rounding), n);
    let (first, last) = (*counts.start(), *counts.end());
    if n == 0 || first > last || last > n || last - first >= MOST_COUNTS {
        return None;
    }
    let printed = ends.map(|end| end.rounding_interval(rounding).to_interval());
    let usual: Vec<(u64, &str, Interval)> =
        counts.flat_map(|k| usual_intervals(k, n).into_iter().map(move |(name, of)| (k, name, of))).collect();
    let prints = |of: &Interval| {
        printed[0].nearly_meets(Interval::point(of.lower)) && printed[1].nearly_meets(Interval::point(of.upper))
    };
    if let Some((k, name, _)) = usual.iter().find(|(_, _, of)| prints(of)) {
        return Some((Status::Pass, format!("the interval of {k}/{n} by the method {name} prints so")));
    }
    let ends_of = |end: fn(&Interval) -> f64| Interval::hull(usual.iter().map(|(_, _, of)| end(of)));
    let [lower, upper] = [ends_of(|of| of.lower)?, ends_of(|of| of.upper)?].map(range);
    let told = format!("the usual intervals of {share} of {n} people begin at {lower} and end at {upper}");
    // Nobody or everybody: some methods give an interval of no width, and some leave the percentage out.
    let reason = if first == 0 || last == n { None } else { impossible(share, printed, &usual, rounding) };
    Some(match reason {
        Some(reason) => (Status::Fail, format!("{told}: {reason}")),
        None => refused(format!("{told}; this one may be that of a curve or of a model: `adjusted` says of which")),
    })
}

/// Why an interval is that of no percentage of a count; none where it may be.
fn impossible(
    share: &Numeral,
    [lower, upper]: [Interval; 2],
    usual: &[(u64, &str, Interval)],
    rounding: Rounding,
) -> Option<String> {
    let share = share.rounding_interval(rounding).to_interval();
    let widths = Interval::hull(usual.iter().map(|(_, _, of)| of.width()))?;
    let width = upper.minus(lower);
    if OFF * width.upper < widths.lower {
        return Some(format!("this one is narrower by more than {OFF} times"));
    }
    let halves = [share.minus(lower), upper.minus(share)];
    let lopsided = |below: f64, above: f64| below / above.max(f64::MIN_POSITIVE);
    let own = Interval {
        lower: lopsided(halves[0].lower.max(0.0), halves[1].upper),
        upper: lopsided(halves[0].upper, halves[1].lower.max(0.0)),
    };
    let theirs = Interval::hull(usual.iter().flat_map(|(_, _, of)| {
        share.ends().map(|share| lopsided((share - of.lower).max(0.0), (of.upper - share).max(0.0)))
    }))?;
    let is_as_wide = width.lower <= AS_WIDE * widths.upper;
    let is_lopsided = own.lower > OFF * theirs.upper || OFF * own.upper < theirs.lower;
    (is_as_wide && is_lopsided).then(|| format!("this one lies further to one side by more than {OFF} times"))
}

/// The usual intervals of k of n with their names, in per cent: those of [`ProportionCi`], Wald's, and Wilson's with
/// correction for continuity, as they are and cut off at 0 and 100 %.
///
/// Source of the last: Newcombe (1998), Stat Med 17:857, method 4.
fn usual_intervals(k: u64, n: u64) -> Vec<(&'static str, Interval)> {
    let Ok(share) = Proportion::new(k, n) else { return Vec::new() };
    let (p, size, z) = (share.estimate(), n as f64, normal_critical(USUAL_LEVEL));
    let mut found: Vec<_> =
        ProportionCi::ALL.into_iter().map(|(name, method)| (name, share.interval(method, USUAL_LEVEL))).collect();
    let wald = Interval::around(p, z * (p * (1.0 - p) / size).sqrt());
    let cut = |of: Interval| Interval { lower: of.lower.max(0.0), upper: of.upper.min(1.0) };
    let corrected = |p: f64| {
        let root = (z * z - 2.0 - 1.0 / size + 4.0 * p * (size * (1.0 - p) + 1.0)).max(0.0).sqrt();
        ((2.0 * size * p + z * z - 1.0 - z * root) / (2.0 * (size + z * z))).max(0.0)
    };
    let corrected = Interval {
        lower: if k == 0 { 0.0 } else { corrected(p) },
        upper: if k == n { 1.0 } else { 1.0 - corrected(1.0 - p) },
    };
    found.extend([("wald", wald), ("wilson, corrected for continuity", corrected)]);
    found.into_iter().flat_map(|(name, of)| [of, cut(of)].map(|of| (name, of.scaled(100.0)))).collect()
}
