//! Whether an effect that a table reports beside two groups is that of their counts, or of their means and SDs.
//!
//! Nothing in a row says that an effect is adjusted, so that one that is not theirs is not decidable, unless its interval
//! is that of the plain counts.

use super::cells::Verdict;
use super::other_analysis::usual_intervals;
use super::precision::{beside_counts, beside_means};
use super::table_groups::{GroupMeans, GroupValues, GroupsRow};
use super::{Status, range};
use crate::effect::Moments;
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::effect::implied::{as_software_finds, of_cells};
use crate::effect::reported::{DegreesOfFreedom, OnScale};
use crate::effect::two_groups::TwoGroups;
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::recover::sd_from_spread;
use crate::reported::{ReportedEstimate, ReportedMeasure};

/// The verdict on an effect beside groups; none of one that does not follow from them alone.
pub(super) fn of_effect(reported: &ReportedEstimate, row: &GroupsRow, rounding: Rounding) -> Option<Verdict> {
    match &row.values {
        GroupValues::Counts(events) => of_counts(reported, *events, row.n, rounding),
        GroupValues::Means(of) => of_means(reported, of, row.n, rounding),
    }
}

fn printed(number: &Numeral, rounding: Rounding) -> Interval {
    number.rounding_interval(rounding).to_interval()
}

/// The standard errors that the interval of an effect can have, on the scale on which it is symmetric.
fn precision(reported: &ReportedEstimate, n: [u64; 2], rounding: Rounding) -> Option<Interval> {
    let level = reported.interval.as_ref()?.level;
    OnScale::of(reported, rounding).ok()?.standard_errors(level, DegreesOfFreedom::of(reported.measure, &n))
}

fn of_counts(reported: &ReportedEstimate, events: [u64; 2], n: [u64; 2], rounding: Rounding) -> Option<Verdict> {
    let measure = reported.measure;
    let units: &[f64] = match measure {
        ReportedMeasure::RiskDifference => &[1.0, 100.0],
        ReportedMeasure::RiskRatio | ReportedMeasure::OddsRatio => &[1.0],
        _ => return None,
    };
    let rest = [n[0].checked_sub(events[0])?, n[1].checked_sub(events[1])?];
    let own = TwoByTwo::new([events[0], rest[0], events[1], rest[1]]).ok()?;
    let turned = TwoByTwo::new([events[1], rest[1], events[0], rest[0]]).ok()?;
    let is_in = |number: &Numeral, of: Interval| {
        units.iter().any(|unit| printed(number, rounding).nearly_meets(of.scaled(*unit)))
    };
    let values = |table: &TwoByTwo| {
        let cells = table.cells().map(|cell| cell as f64);
        let plain = of_cells(measure, cells).ok().map(Interval::point);
        let with_half = of_cells(measure, cells.map(|cell| cell + 0.5)).ok().map(Interval::point);
        let is_odds = measure == ReportedMeasure::OddsRatio;
        let conditional = table.conditional_odds_ratio().filter(|ratio| is_odds && ratio.is_finite());
        let conditional = conditional.map(|ratio| as_software_finds(Interval::point(ratio)));
        [plain, with_half, conditional].into_iter().flatten().collect::<Vec<_>>()
    };
    let of_both = [values(&own), values(&turned)].concat();
    let is_interval_of = |table: &TwoByTwo| {
        let Some(interval) = &reported.interval else { return false };
        let intervals = usual_intervals(measure, table, interval.level).into_iter();
        intervals.map(Interval::ends).any(|[lower, upper]| {
            is_in(&interval.lower, Interval::point(lower)) && is_in(&interval.upper, Interval::point(upper))
        })
    };
    let has_their_interval = is_interval_of(&own) || is_interval_of(&turned);
    if of_both.iter().any(|of| is_in(&reported.value, *of)) {
        let se = if has_their_interval { None } else { precision(reported, n, rounding) };
        // A difference of 0 is one in points and in per cent.
        let is_theirs =
            |unit: &&f64| of_both.iter().any(|of| printed(&reported.value, rounding).nearly_meets(of.scaled(**unit)));
        let by = |unit: &f64| beside_counts(measure, se?, [(events[0], n[0]), (events[1], n[1])], *unit);
        let verdicts: Vec<Option<Verdict>> = units.iter().filter(is_theirs).map(by).collect();
        let other = verdicts.into_iter().collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().next());
        return Some(other.unwrap_or_else(|| (Status::Pass, "the effect is that of the counts".to_owned())));
    }
    let first = of_both.first()?;
    let told = format!("the counts give {}, and {} is printed", significant(first.lower, 3), reported.value);
    Some(match has_their_interval {
        true => (Status::Fail, format!("{told}; its interval is that of the counts")),
        false => (Status::Refused, format!("{told}; of strata or of a model it need not be theirs")),
    })
}

fn of_means(reported: &ReportedEstimate, of: &GroupMeans, n: [u64; 2], rounding: Rounding) -> Option<Verdict> {
    let moments = |at: usize| {
        let sd = sd_from_spread(of.sds[at].rounded(rounding), of.meaning, n[at]).ok()?.sd;
        Some(Moments { mean: of.means[at].rounded(rounding), sd: Some(sd) })
    };
    let groups = TwoGroups { n: n.map(Some), groups: [moments(0)?, moments(1)?] };
    let found: Vec<Interval> = match reported.measure {
        ReportedMeasure::StandardizedMeanDifference => {
            groups.standardised_differences().ok()?.into_iter().map(|(_, range)| range).collect()
        }
        ReportedMeasure::RatioOfMeans => {
            let [first, second] = groups.groups.map(|group| group.mean.range);
            let is_above_0 = first.lower > 0.0 && second.lower > 0.0;
            [first.divided_by(second), second.divided_by(first)].into_iter().flatten().filter(|_| is_above_0).collect()
        }
        _ => return None,
    };
    let own = printed(&reported.value, rounding);
    let is_difference = reported.measure == ReportedMeasure::StandardizedMeanDifference;
    let fits = |of: &Interval| of.nearly_meets(own) || is_difference && of.scaled(-1.0).nearly_meets(own);
    let first = found.first()?;
    let told = format!("the values give {}, and {} is printed", range(*first), reported.value);
    let se = precision(reported, n, rounding);
    let other = || se.and_then(|se| beside_means(reported.measure, se, &groups));
    Some(match found.iter().any(fits) {
        true => other().unwrap_or_else(|| (Status::Pass, "the effect is that of the values".to_owned())),
        false => (Status::Refused, format!("{told}; of a model it need not be theirs")),
    })
}
