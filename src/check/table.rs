//! Rows of a table: is each mean and SD possible, and does what stands beside it belong to it?

use super::cells::Verdict;
use super::correlations::of_correlation;
use super::effect_beside_groups::of_effect;
use super::estimates::{of_itself, put_in_place};
use super::group_counts::is_p_of_counts;
use super::mean_intervals::of_mean;
use super::precision::narrower_than_sizes;
use super::reported_test::{self, Tails};
use super::row_verdict::decided;
use super::several_group_counts::is_p_of_several_counts;
use super::several_groups::{SeveralRow, of_several};
use super::spread_on_scale::judge_spread_on_scale;
use super::table_groups::{GroupsRow, of_groups};
use super::table_percentages::judge_percentage;
use super::table_scale::{
    judge_groups_on_scale, judge_interval_of_median, judge_mean, judge_mean_and_median, judge_median,
};
use super::test_names::{Named, tests_of_counts};
use super::test_statistic::{Quantile, TestStatistic, ci_around, ci_fits, standard_error};
use super::{NOT_DECIDABLE, Status, both};
use crate::effect::reported::DegreesOfFreedom;
use crate::numeric::decimal::Decimal;
use crate::numeric::dist::{alpha_of, normal_critical};
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Numeral};
use crate::numeric::rounding::Rounding;
use crate::reconstruct::Summary;
use crate::reported::{ReportedEstimate, Scale, SpreadMeaning};

pub use super::row_verdict::RowVerdict;

/// One row: a mean or a percentage with what is known beside it, or a test alone.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// The mean or the percentage, and of how many people; without it only the test is judged.
    pub mean: Option<(Numeral, u64)>,
    /// Whether it is a percentage.
    pub is_percent: bool,
    /// The count that is printed beside the percentage, and of how many: `12 (34.3%)`.
    pub counted: Option<(u64, u64)>,
    /// The SD.
    pub sd: Option<Numeral>,
    /// Whether that is the sample SD or the population SD.
    pub meaning: SpreadMeaning,
    /// How many items each value is the mean of.
    pub items: u32,
    /// The smallest value of an item, where it is known.
    pub min: Option<Decimal>,
    /// The largest value.
    pub max: Option<Decimal>,
    /// The step between values; whole numbers without it.
    pub step: Option<Decimal>,
    /// The values where limits and a step do not say it: those of a list, or any between limits. Then `min`, `max` and
    /// `step` say nothing.
    pub scale: Option<Scale>,
    /// The median, and of how many people.
    pub median: Option<(Numeral, u64)>,
    /// The standard error.
    pub se: Option<Numeral>,
    /// The confidence interval.
    pub ci: Option<(Numeral, Numeral)>,
    /// The test statistic with its p; several, as t and r of one test, share it.
    pub test: Option<(Vec<TestStatistic>, Comparison)>,
    /// Which tails its p counts, where that is said.
    pub tails: Option<Tails>,
    /// A number in the place of the p that is none, where it is one of a test, an effect or two groups.
    pub impossible_p: Option<Numeral>,
    /// An effect that is reported.
    pub estimate: Option<RowEstimate>,
    /// Two groups with what is reported of their difference.
    pub groups: Option<GroupsRow>,
    /// Three groups or more with what is reported of their differences.
    pub several: Option<SeveralRow>,
}

/// A row of which nothing is known; single whole numbers with sample SDs are supposed.
impl Default for TableRow {
    fn default() -> Self {
        Self {
            mean: None,
            is_percent: false,
            counted: None,
            sd: None,
            meaning: SpreadMeaning::Sd,
            items: 1,
            min: None,
            max: None,
            step: None,
            scale: None,
            median: None,
            se: None,
            ci: None,
            test: None,
            tails: None,
            impossible_p: None,
            estimate: None,
            groups: None,
            several: None,
        }
    }
}

/// An effect of a row, and the sizes of the groups that it compares; none where they are not known.
#[derive(Clone, Debug, PartialEq)]
pub struct RowEstimate {
    /// The effect.
    pub reported: ReportedEstimate,
    /// The sizes.
    pub sizes: Vec<u64>,
    /// The ends of an interval that ends below its beginning. Below 0 the effect may have them so, the one nearer to 0
    /// first; then it has its interval all the same, and otherwise none.
    pub reversed: Option<(Numeral, Numeral)>,
}

/// Judges a row. The level is that of the interval and of the decision of a test.
///
/// ```
/// use reffect::check::table::{TableRow, judge};
/// use reffect::numeric::rounding::Rounding;
///
/// let row = TableRow { mean: Some(("5.19".parse()?, 28)), ..TableRow::default() };
/// assert_eq!(judge(&row, 0.95, Rounding::default()).grim, Some(false));
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
pub fn judge(row: &TableRow, level: f64, rounding: Rounding) -> RowVerdict {
    let mut verdict = judge_all(row, level, rounding);
    verdict.explain_absent(row);
    verdict
}

fn judge_all(row: &TableRow, level: f64, rounding: Rounding) -> RowVerdict {
    let mut verdict = RowVerdict::default();
    if let Some((statistics, p)) = &row.test {
        judge_tests(statistics, p, row.tails, (level, rounding), &mut verdict);
        if verdict.p_value != Some(true) && is_p_of_another_test(row, statistics, p, rounding) {
            verdict.p_value = None;
            verdict.notes.clear();
            verdict.absent.push("p-value: the p is that of another test of the counts, and not that of χ²".to_owned());
        }
    }
    if let Some(p) = &row.impossible_p {
        verdict.p_value = Some(false);
        verdict.notes.push(format!("p-value: {p} is no probability: it does not lie between 0 and 1"));
    }
    if let Some(estimate) = &row.estimate {
        judge_estimate(estimate, row, rounding, &mut verdict);
    }
    let of_effect = || {
        let (estimate, groups) = row.estimate.as_ref().zip(row.groups.as_ref())?;
        of_effect(&estimate.reported, groups, rounding)
    };
    let of_groups = row.groups.as_ref().and_then(|groups| of_groups(groups, level, rounding));
    let of_groups = match (of_groups, of_effect()) {
        (Some(one), Some(other)) => Some(both(one, other)),
        (one, other) => one.or(other),
    };
    let of_groups = of_groups.or_else(|| of_several(row.several.as_ref()?, level, rounding));
    let of_groups = of_groups.map(|verdict| among_others(verdict, row));
    if let Some((status, told)) = of_groups {
        verdict.groups = decided(status);
        let open = if status == Status::Refused { NOT_DECIDABLE } else { "" };
        verdict.notes.push(format!("groups: {open}{}", told.trim_start_matches(NOT_DECIDABLE)));
    }
    if let Some((median, n)) = &row.median {
        judge_median(row, median, *n, rounding, &mut verdict);
        judge_interval_of_median(row, median, rounding, &mut verdict);
        judge_mean_and_median(row, rounding, &mut verdict);
    }
    let Some((mean, n)) = &row.mean else {
        judge_groups_on_scale(row, rounding, &mut verdict);
        note_supposition(row, &mut verdict);
        return verdict;
    };
    if row.is_percent {
        judge_percentage(row, mean, *n, rounding, &mut verdict);
        for (name, is_given) in [("sd", row.sd.is_some()), ("se", row.se.is_some()), ("interval", row.ci.is_some())] {
            if is_given {
                verdict.notes.push(format!("{name}: beside a percentage of a count it is left aside"));
            }
        }
        return verdict;
    }
    let summary = Summary { mean: mean.clone(), spread: row.sd.clone(), meaning: row.meaning, n: *n, rounding };
    judge_mean(row, &summary, &mut verdict);
    judge_groups_on_scale(row, rounding, &mut verdict);
    note_supposition(row, &mut verdict);
    judge_spread(row, mean, *n, (level, rounding), &mut verdict);
    judge_spread_on_scale(row, (level, rounding), &mut verdict);
    verdict
}

/// Whether the p beside a χ² of counts is that of another test of them, such as Fisher's, which has no statistic.
fn is_p_of_another_test(row: &TableRow, statistics: &[TestStatistic], p: &Comparison, rounding: Rounding) -> bool {
    let is_of_counts = || match (&row.groups, &row.several) {
        (Some(groups), _) => is_p_of_counts(groups, p, rounding),
        (_, Some(several)) => is_p_of_several_counts(several, p, rounding),
        (None, None) => false,
    };
    let of_two = row.groups.as_ref().and_then(|groups| groups.beside.named_test.as_deref());
    let named = of_two.or_else(|| row.several.as_ref()?.beside.named_test.as_deref()).and_then(tests_of_counts);
    let is_of_chi2 = named.is_some_and(|all| all.iter().all(|test| *test == Named::ChiSquared));
    matches!(statistics, [TestStatistic::ChiSquared { .. }]) && !is_of_chi2 && is_of_counts()
}

/// The verdict where groups of the table have a size in a row and no values: what does not belong to the others may be of
/// all of them.
fn among_others((status, told): Verdict, row: &TableRow) -> Verdict {
    let of_two = row.groups.as_ref().map(|groups| &groups.beside.without);
    let without = of_two.or_else(|| row.several.as_ref().map(|several| &several.beside.without));
    let Some(without) = without.filter(|without| !without.is_empty()) else { return (status, told) };
    let numbers = without.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    let left = match without.len() {
        1 => format!("group {numbers} has a size and no values, and is left out"),
        _ => format!("groups {numbers} have sizes and no values, and are left out"),
    };
    match status {
        Status::Fail => (Status::Refused, format!("{told}; {left}; what is printed may be of all groups")),
        _ => (status, format!("{told}; {left}")),
    }
}

/// Whether an effect belongs to its interval, and its p.
fn judge_estimate(estimate: &RowEstimate, row: &TableRow, rounding: Rounding, verdict: &mut RowVerdict) {
    let df = DegreesOfFreedom::of(estimate.reported.measure, &estimate.sizes);
    let mut made = of_itself(&estimate.reported, df, false, row.tails, rounding);
    let of_sizes = narrower_than_sizes(&estimate.reported, &estimate.sizes, rounding).map(|of| ("interval", of));
    for other in of_correlation(&estimate.reported, df, row.tails, rounding).into_iter().chain(of_sizes) {
        put_in_place(&mut made, other);
    }
    if let Some((first, last)) = &estimate.reversed {
        let told = format!("the interval {first} to {last} ends below its beginning");
        if estimate.reported.interval.is_none() {
            verdict.interval = Some(false);
        }
        verdict.notes.push(format!("interval: {told}"));
    }
    for (code, (status, message)) in made {
        let is_of_counts = || {
            let of = row.groups.as_ref().zip(estimate.reported.p.as_ref());
            of.is_some_and(|(groups, p)| is_p_of_counts(groups, p, rounding))
        };
        let is_passed = code == "p-value" && status != Status::Pass && is_of_counts();
        let (status, message) = if is_passed { (Status::Pass, String::new()) } else { (status, message) };
        verdict.add_of_effect(code, (status, message), &estimate.reported);
    }
}

/// Whether SE, interval and mean belong to each other and to the SD, and what would.
fn judge_spread(row: &TableRow, mean: &Numeral, n: u64, (level, rounding): (f64, Rounding), verdict: &mut RowVerdict) {
    if row.se.is_none() && row.ci.is_none() {
        return;
    }
    let by_sd = row.sd.as_ref().map(|sd| standard_error(sd, row.meaning, n, rounding)).transpose();
    let by_sd = match by_sd {
        Ok(se) => se,
        Err(reason) => return verdict.notes.push(format!("spread: {reason}")),
    };
    let printed = row.se.as_ref().map(|se| se.rounding_interval(rounding).to_interval());
    let mut add = |is_fit: bool, told: &dyn Fn() -> String| {
        verdict.spread = Some(verdict.spread.unwrap_or(true) && is_fit);
        if !is_fit {
            verdict.notes.push(format!("spread: {}", told()));
        }
    };
    let from = |of: Interval| {
        let [lower, upper] = of.ends().map(|end| significant(end, 3));
        format!("from {lower} to {upper}")
    };
    if let Some((by_sd, printed)) = by_sd.zip(printed) {
        let told = || format!("SD and n give a standard error {}", from(by_sd.range));
        add(by_sd.range.nearly_meets(printed), &told);
    }
    let Some((lower, upper)) = &row.ci else { return };
    if lower.decimal() > upper.decimal() {
        return add(false, &|| format!("the interval {lower} to {upper} ends below its beginning"));
    }
    let ends = [lower, upper].map(|end| end.rounding_interval(rounding).to_interval());
    let whole = Interval { lower: ends[0].lower, upper: ends[1].upper };
    if !mean.rounding_interval(rounding).to_interval().nearly_meets(whole) {
        return add(false, &|| format!("the mean {mean} lies outside of its interval {lower} to {upper}"));
    }
    if by_sd.is_none() && row.se.is_none() {
        let (status, told) = of_mean(mean, [lower, upper], Some(n), rounding);
        verdict.interval = decided(status);
        if status != Status::Pass {
            verdict.notes.push(format!("interval: {told}"));
        }
        return;
    }
    let mut is_normal = false;
    let own = by_sd.map(|se| ("mean, SD and n", se));
    let beside = row.se.as_ref().map(|se| ("mean and standard error", se.rounded(rounding).not_negative()));
    for (what, se) in own.into_iter().chain(beside).filter(|_| n > 1) {
        let fit = ci_fits(mean, se.range, n, (lower, upper), level, rounding);
        is_normal |= fit == Some(Quantile::Normal);
        add(fit.is_some(), &|| format!("{what} give an interval {}", from(ci_around(mean, se, n, level))));
    }
    if is_normal {
        let quantile = significant(normal_critical(level), 3);
        verdict
            .notes
            .push(format!("spread: the interval is made with the normal quantile, {quantile}, and not with t"));
    }
}

/// Whether a p belongs to its statistic, or to all of several. One that is that of some of them alone may be theirs.
fn judge_tests(
    statistics: &[TestStatistic],
    p: &Comparison,
    tails: Option<Tails>,
    (level, rounding): (f64, Rounding),
    verdict: &mut RowVerdict,
) {
    let of = |statistic: &TestStatistic| reported_test::verdict(statistic, p, tails, alpha_of(level), rounding);
    let judged: Vec<(&str, Verdict)> = statistics.iter().map(|statistic| (statistic.letter(), of(statistic))).collect();
    let open = judged.iter().find(|(_, (status, _))| *status != Status::Pass);
    let fits = judged.iter().find(|(_, (status, _))| *status == Status::Pass);
    let failing = judged.iter().find(|(_, (status, _))| *status == Status::Fail);
    let of_all = match (fits, open) {
        (Some((own, _)), Some((other, (_, told)))) => {
            (Status::Refused, format!("it is the p of {own}, and not of {other}: {told}"))
        }
        _ => match failing.or(judged.first()) {
            Some((_, verdict)) => verdict.clone(),
            None => return,
        },
    };
    let of_p = RowVerdict::of_p(of_all);
    verdict.p_value = of_p.p_value;
    verdict.notes.extend(of_p.notes);
}

/// What fails because whole numbers are supposed says so, and how to say otherwise.
fn note_supposition(row: &TableRow, verdict: &mut RowVerdict) {
    let is_whole = |limit: &Decimal| limit.to_integer().is_some();
    let is_supposed = row.scale.is_none()
        && row.step.is_none()
        && row.items == 1
        && [row.min, row.max].iter().flatten().all(is_whole);
    let fails = [verdict.grim, verdict.grimmer, verdict.exists, verdict.median].contains(&Some(false));
    if is_supposed && fails {
        let told = "step: whole numbers are supposed; a column `step` (0.5, any) or `scale` says otherwise";
        verdict.notes.push(told.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::table_groups::{BesideGroups, GroupMeans, GroupValues};

    fn row(mean: &str, n: u64) -> TableRow {
        TableRow { mean: Some((mean.parse().unwrap(), n)), ..TableRow::default() }
    }

    fn verdict(row: &TableRow) -> RowVerdict {
        judge(row, 0.95, Rounding::default())
    }

    /// 20 of 3 · 7 answers are 95.2 %, and of 7 people no number is.
    #[test]
    fn a_percentage_over_items_counts_the_answers_of_all() {
        let percent = |items| TableRow { is_percent: true, items, ..row("95.2", 7) };
        assert_eq!([1, 3].map(|items| verdict(&percent(items)).grim), [Some(false), Some(true)]);
    }

    /// Steps of 2 from 1 are the odd numbers, whichever limit says so.
    #[test]
    fn one_limit_places_the_steps() {
        let number = |text: &str| Some(text.parse::<Numeral>().unwrap().decimal());
        for (min, max) in [(number("1"), None), (None, number("7")), (number("1"), number("7"))] {
            let of = |mean| verdict(&TableRow { min, max, step: number("2"), ..row(mean, 1) }).grim;
            assert_eq!(["1", "2", "3"].map(of), [Some(true), Some(false), Some(true)], "{min:?} {max:?}");
        }
    }

    /// Of five million people no data set is looked for, and none is beyond the limits: with a mean of 2.85 on 0 to 10
    /// the SD is at most √(2.85·7.15) = 4.51.
    #[test]
    fn limits_hold_for_any_number_of_people() {
        let of = |mean: &str, sd: &str| {
            let number = |text: &str| text.parse::<Numeral>().unwrap();
            let limit = |text: &str| Some(number(text).decimal());
            verdict(&TableRow { sd: Some(number(sd)), min: limit("0"), max: limit("10"), ..row(mean, 5_000_000) })
                .exists
        };
        assert_eq!([of("12.85", "1"), of("2.85", "9.5"), of("2.85", "4.4")], [Some(false), Some(false), None]);
        let values = Scale::Values([0, 5, 10].map(Decimal::from_integer).to_vec());
        for scale in [Scale::Edss, values] {
            let of = |mean: &str, sd: &str| {
                let (sd, scale) = (sd.parse().ok(), Some(scale.clone()));
                verdict(&TableRow { sd, scale, ..row(mean, 5_000_000) }).exists
            };
            assert_eq!([of("12.85", "1.0"), of("2.85", "9.5"), of("2.85", "3.4")], [Some(false), Some(false), None]);
        }
    }

    #[test]
    fn the_standard_error_of_a_population_sd_has_one_person_less() {
        let of = |meaning| {
            let printed = |text: &str| Some(text.parse::<Numeral>().unwrap());
            verdict(&TableRow { meaning, sd: printed("1.1"), se: printed("0.45"), ..row("2", 7) }).spread
        };
        // 1.1/√6 = 0.449, and 1.15/√7 = 0.435.
        assert_eq!([SpreadMeaning::PopulationSd, SpreadMeaning::Sd].map(of), [Some(true), Some(false)]);
    }

    /// Of 28 people no whole number prints as 5.19, and on 0 to 10 no mean of 12 is; without a scale nothing says so.
    #[test]
    fn groups_are_held_against_their_scale() {
        let number = |text: &str| text.parse::<Numeral>().unwrap();
        let of = |means: [&str; 2], limits: Option<[&str; 2]>, step: Option<Scale>| {
            let means = means.map(number);
            let values = GroupMeans { means, sds: ["1.52", "1.40"].map(number), meaning: SpreadMeaning::Sd };
            let groups = GroupsRow {
                values: GroupValues::Means(Box::new(values)),
                shares: [None, None],
                n: [28, 30],
                beside: BesideGroups::default(),
            };
            let [min, max] = limits.map_or([None; 2], |of| of.map(|text| Some(number(text).decimal())));
            verdict(&TableRow { groups: Some(groups), min, max, scale: step, ..TableRow::default() })
        };
        let nrs = Some(["0", "10"]);
        let right = of(["5.18", "6.10"], nrs, None);
        assert_eq!([right.grim, right.grimmer, right.exists], [Some(true); 3], "{right:?}");
        let wrong = of(["5.18", "6.19"], nrs, None);
        assert_eq!([wrong.grim, wrong.exists], [Some(false); 2]);
        assert!(wrong.notes.iter().any(|note| note.starts_with("grim: group 2: no total of 30 people")), "{wrong:?}");
        assert_eq!(of(["5.18", "6.19"], None, None).grim, None);
        let continuous =
            || Some(Scale::Range { min: Some(number("0").decimal()), max: Some(number("10").decimal()), step: None });
        let found = ["6.19", "12.0"].map(|mean| of(["5.19", mean], None, continuous()).exists);
        assert_eq!(found, [Some(true), Some(false)]);
    }

    /// No sum of squares prints so, on steps of 5 as little as on those of 0.5, whatever a search takes.
    #[test]
    fn the_unit_of_a_scale_changes_no_verdict() {
        let number = |text: &str| text.parse::<Numeral>().unwrap();
        for (mean, sd, max, step) in [("2.300", "1.209", "5", "0.5"), ("23.00", "12.09", "50", "5")] {
            let limit = |text: &str| Some(number(text).decimal());
            let of =
                TableRow { sd: Some(number(sd)), min: limit("0"), max: limit(max), step: limit(step), ..row(mean, 55) };
            let found = verdict(&of);
            assert_eq!([found.grimmer, found.exists], [Some(false); 2], "{found:?}");
        }
    }

    #[test]
    fn a_median_lies_in_its_interval() {
        let number = |text: &str| text.parse::<Numeral>().unwrap();
        let of = |median: &str, lower: &str, upper: &str| {
            let ci = Some((number(lower), number(upper)));
            verdict(&TableRow { median: Some((number(median), 40)), ci, ..TableRow::default() }).interval
        };
        assert_eq!([of("5", "3", "12"), of("5", "7", "8"), of("5", "8", "3")], [None, Some(false), Some(false)]);
        // 5 may be 5.4.
        assert_eq!(of("5", "5.4", "8"), None);
    }
}
