//! What is reported of the difference of two groups, held against each other: means and SDs that are printed coarsely
//! allow many a t, and the p beside it is that of one.

use super::Status;
use super::cells::Verdict;
use super::named_test::is_p_of;
use super::table_groups::{GroupMeans, GroupsRow, TTest, other_p};
use crate::numeric::dist::{normal_critical, normal_two_sided_p, t_critical, t_two_sided_p};
use crate::numeric::format::{p_interval, significant};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;

/// An interval and a t may be of Student's and of Welch's standard error, which differ by less. A convention.
const BY_ANOTHER_ERROR: f64 = 1.25;

/// A verdict on numbers each of which the values allow, and not all at once; none where they go together.
pub(super) fn against_each_other(
    row: &GroupsRow,
    tests: &[TTest; 2],
    values: &GroupMeans,
    level: f64,
    rounding: Rounding,
) -> Option<Verdict> {
    if let Some(verdict) = of_opposite_signs(row, rounding) {
        return Some(verdict);
    }
    let range = |number: &Numeral| number.rounding_interval(rounding).to_interval();
    let df = Interval::hull(tests.iter().flat_map(|test| test.df.ends()))?;
    let t = row.beside.t.as_ref().map(|t| range(t).abs());
    let share = row.beside.ci.as_ref().and_then(|(lower, upper)| share(range(lower), range(upper)));
    if let Some((t, share)) = t.zip(share) {
        let quantiles =
            Interval::hull([t_critical(level, df.lower), t_critical(level, df.upper), normal_critical(level)])?;
        let of_interval = Interval { lower: share.lower * quantiles.lower, upper: share.upper * quantiles.upper };
        let wide = Interval { lower: t.lower / BY_ANOTHER_ERROR, upper: t.upper * BY_ANOTHER_ERROR };
        if !wide.nearly_meets(of_interval) {
            let [lower, upper] = of_interval.ends().map(|end| significant(end, 3));
            let printed = row.beside.t.as_ref().map(ToString::to_string).unwrap_or_default();
            let told = format!("t: the interval goes with one of {lower} to {upper}, and {printed} is printed");
            return Some((Status::Fail, told));
        }
    }
    let p = row.beside.p.as_ref()?;
    let tail = |t: f64, df: f64| if t.is_finite() { t_two_sided_p(t, df) } else { 0.0 };
    let of_t = t.and_then(|t| Interval::hull(df.ends().into_iter().flat_map(|df| t.ends().map(|t| tail(t, df)))));
    // An interval by the normal quantile stands beside the p of t as well.
    let of_share = |share: Interval| {
        let quantiles = [t_critical(level, df.lower), t_critical(level, df.upper), normal_critical(level)];
        let statistics = quantiles.into_iter().flat_map(|quantile| share.ends().map(|h| h * quantile));
        let p = |t: f64| [tail(t, df.lower), tail(t, df.upper), normal_two_sided_p(t)];
        Interval::hull(statistics.flat_map(p))
    };
    for (what, found) in [("t", of_t), ("interval", share.and_then(of_share))] {
        let Some(found) = found.filter(|found| !is_p_of(p, *found, row.beside.tails, rounding)) else { continue };
        let told = format!("p: the {what} goes with one of {}, and {p} is printed", p_interval(found));
        let of_found = tests.map(|test| TTest { p: found, ..test });
        return Some(match other_p(row, p, &of_found, values, rounding) {
            Some(reason) => (Status::Refused, format!("{told}; {reason}")),
            None => (Status::Fail, told),
        });
    }
    None
}

/// The verdict on a t below 0 beside an interval or a difference above it; none where the signs go together. A t above 0
/// is often printed without its sign, and one below 0 may be that of group 2 less group 1.
fn of_opposite_signs(row: &GroupsRow, rounding: Rounding) -> Option<Verdict> {
    let range = |number: &Numeral| number.rounding_interval(rounding).to_interval();
    let t = row.beside.t.as_ref().filter(|t| range(t).upper < 0.0)?;
    let interval = row.beside.ci.as_ref().map(|(lower, _)| ("interval", lower));
    let difference = row.beside.difference.as_ref().map(|difference| ("estimate", difference));
    let (what, _) = interval.into_iter().chain(difference).find(|(_, least)| range(least).lower > 0.0)?;
    let told =
        format!("t: {t} lies below 0, and the {what} above it: a sign is wrong, or one is of group 2 less group 1");
    Some((Status::Refused, told))
}

/// What is to be known of a t above 0 beside an interval or a difference below it: t is often printed without its sign.
pub(super) fn sign_of_t_is_lost(row: &GroupsRow, rounding: Rounding) -> Option<String> {
    let range = |number: &Numeral| number.rounding_interval(rounding).to_interval();
    let t = row.beside.t.as_ref().filter(|t| range(t).lower > 0.0)?;
    let interval = row.beside.ci.as_ref().map(|(_, upper)| ("interval", upper));
    let difference = row.beside.difference.as_ref().map(|difference| ("estimate", difference));
    let (what, _) = interval.into_iter().chain(difference).find(|(_, most)| range(most).upper < 0.0)?;
    Some(format!("t: {t} lies above 0, and the {what} below it: as it is often printed, without its sign"))
}

/// The middle of an interval in units of half its width, without its sign; none of an interval that may have no width.
fn share(lower: Interval, upper: Interval) -> Option<Interval> {
    let half = upper.minus(lower).scaled(0.5);
    let middle = lower.middle_to(upper).abs();
    middle.divided_by(half).filter(|_| half.lower > 0.0)
}
