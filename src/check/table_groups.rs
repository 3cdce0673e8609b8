//! Rows of two groups: whether t, its degrees of freedom, p, the standard error and the interval of the difference are
//! those of the means and SDs, and χ² and p those of the counts.

use super::Status;
use super::cells::Verdict;
use super::effect_itself::FEW;
use super::group_counts::{of_counts, wrong_share};
use super::groups_beside::{against_each_other, sign_of_t_is_lost};
use super::named_test::{are_skewed, as_another_p, is_p_of};
use super::other_tests::Leeway;
use super::reported_test::Tails;
use super::test_names::{analysis_of_variance, names_t_test};
use super::test_statistic::{interval_has_half, is_other_decision, normal_quantiles};
use crate::numeric::dist::{alpha_of, t_critical, t_sf};
use crate::numeric::format::{from_to, p_interval, significant};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Numeral};
use crate::numeric::rounding::Rounding;
use crate::numeric::two_samples::{pooled_variance, welch_df};
use crate::recover::sd_from_spread;
use crate::reported::SpreadMeaning;

/// What two independent groups report.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupValues {
    /// Means and SDs.
    Means(Box<GroupMeans>),
    /// How many had an event.
    Counts([u64; 2]),
}

/// The means and SDs of group 1 and group 2.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupMeans {
    /// The means.
    pub means: [Numeral; 2],
    /// The SDs.
    pub sds: [Numeral; 2],
    /// What they are: sample SDs, population SDs, SEs or half-widths of 95 % intervals.
    pub meaning: SpreadMeaning,
}

/// Two independent groups with what is reported of their difference.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupsRow {
    /// What they report.
    pub values: GroupValues,
    /// How many people.
    pub n: [u64; 2],
    /// The percentages that stand beside counts.
    pub shares: [Option<Numeral>; 2],
    /// What is reported of their difference.
    pub beside: BesideGroups,
}

/// What is reported of the difference of two groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BesideGroups {
    /// The difference of means, of either sign.
    pub difference: Option<Numeral>,
    /// Student's or Welch's t, of either sign.
    pub t: Option<Numeral>,
    /// Its degrees of freedom.
    pub df: Option<Numeral>,
    /// The F of an analysis of variance, which is t² of two groups.
    pub f: Option<Numeral>,
    /// Its degrees of freedom between the groups.
    pub df1: Option<Numeral>,
    /// Its degrees of freedom within.
    pub df2: Option<Numeral>,
    /// χ² of the counts.
    pub chi2: Option<Numeral>,
    /// The standard error of the difference of means.
    pub se: Option<Numeral>,
    /// Its confidence interval, of either sign.
    pub ci: Option<(Numeral, Numeral)>,
    /// The p.
    pub p: Option<Comparison>,
    /// Which tails it counts, where that is said.
    pub tails: Option<Tails>,
    /// The test that it is of, where that is said.
    pub named_test: Option<String>,
    /// The groups of the table, counted from 1, that have a size here and no values.
    pub without: Vec<usize>,
}

/// A t-test of two groups, for all numbers that print as reported.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct TTest {
    /// `Student's t` or `Welch's t`.
    pub name: &'static str,
    /// The difference of means, group 1 less group 2.
    pub difference: Interval,
    /// Its standard error.
    pub se: Interval,
    /// Without its sign.
    pub t: Interval,
    /// The degrees of freedom.
    pub df: Interval,
    /// The two-sided p: every p that the numbers can have lies here, and in the corners a little more.
    pub p: Interval,
}

/// Student's and Welch's t-test of two means and SDs, as intervals over all numbers that print so; none where a group
/// has fewer than two people, or both SDs print as 0.
///
/// Source: Student (1908), Biometrika 6:1; Welch (1938), Biometrika 29:350.
///
/// ```
/// use reffect::check::table_groups::{GroupMeans, t_tests};
/// use reffect::numeric::rounding::Rounding;
/// use reffect::reported::SpreadMeaning;
///
/// let groups = GroupMeans {
///     means: ["50.00".parse()?, "47.00".parse()?],
///     sds: ["5.00".parse()?, "6.00".parse()?],
///     meaning: SpreadMeaning::Sd,
/// };
/// let [student, welch] = t_tests(&groups, [30, 25], Rounding::default()).ok_or("both have an SD")?;
/// // R 4.2.2, by pt(): t = 2.0232, df = 53 and p = 0.0481; Welch's t = 1.9897, df = 46.83 and p = 0.0525.
/// assert!(student.p.contains(0.0481) && welch.p.contains(0.0525) && welch.df.contains(46.83));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn t_tests(groups: &GroupMeans, n: [u64; 2], rounding: Rounding) -> Option<[TTest; 2]> {
    let range = |number: &Numeral| number.rounding_interval(rounding).to_interval();
    let sd = |at: usize| sd_from_spread(groups.sds[at].rounded(rounding), groups.meaning, n[at]).ok();
    let s = [sd(0)?, sd(1)?].map(|of| of.sd.range);
    let sizes = n.map(|n| n as f64);
    if n.iter().any(|n| *n < 2) || s.iter().all(|s| s.upper <= 0.0) {
        return None;
    }
    let difference = range(&groups.means[0]).minus(range(&groups.means[1]));
    let ends = [s.map(|s| s.lower), s.map(|s| s.upper)];
    let of = |name, se: [f64; 2], df: Interval| {
        let (size, se) = (difference.abs(), Interval { lower: se[0], upper: se[1] });
        let most = if se.lower > 0.0 { size.upper / se.lower } else { f64::INFINITY };
        let t = Interval { lower: size.lower / se.upper, upper: most };
        let tail = |t: f64, df: f64| if t.is_finite() { 2.0 * t_sf(t, df) } else { 0.0 };
        // More degrees of freedom have lighter tails.
        let p = Interval { lower: tail(t.upper, df.upper), upper: tail(t.lower, df.lower).min(1.0) };
        TTest { name, difference, se, t, df, p }
    };
    let sum = 1.0 / sizes[0] + 1.0 / sizes[1];
    let pooled = ends.map(|s| (pooled_variance(s.map(|s| s * s), sizes) * sum).sqrt());
    let errors = ends.map(|s| [0, 1].map(|at| s[at] * s[at] / sizes[at]));
    let unpooled = errors.map(|errors| (errors[0] + errors[1]).sqrt());
    let most = sizes[0] + sizes[1] - 2.0;
    // The share of the first group; between its ends, Welch's degrees of freedom rise to n₁ + n₂ − 2 and fall again.
    let shares = [[errors[0][0], errors[1][1]], [errors[1][0], errors[0][1]]];
    let top = (sizes[0] - 1.0) / most;
    let share = |of: [f64; 2]| of[0] / (of[0] + of[1]);
    let holds_top = share(shares[0]) <= top && top <= share(shares[1]);
    let df = Interval::hull(shares.map(|errors| welch_df(errors, sizes)))?;
    let df = if holds_top { df.including(most) } else { df };
    Some([of("Student's t", pooled, Interval::point(most)), of("Welch's t", unpooled, df)])
}

/// The verdict on a row of two groups; none where nothing is reported of their difference.
pub fn of_groups(row: &GroupsRow, level: f64, rounding: Rounding) -> Option<Verdict> {
    match &row.values {
        GroupValues::Means(of) => {
            let found = of_means(row, of, level, rounding);
            let left_aside = row.beside.chi2.is_some().then_some("chi2: of counts, and these are means; left aside");
            match (found, left_aside) {
                (Some((status, told)), Some(left)) => Some((status, format!("{told}; {left}"))),
                (None, Some(left)) => Some((Status::Refused, left.to_owned())),
                (found, None) => found,
            }
        }
        GroupValues::Counts(events) => {
            let have_shares = row.shares.iter().any(Option::is_some);
            let of_shares =
                || have_shares.then(|| (Status::Pass, "the percentages are those of the counts".to_owned()));
            wrong_share(&row.shares, events, &row.n, rounding)
                .or_else(|| of_counts(row, *events, rounding))
                .or_else(of_shares)
        }
    }
}

/// A printed number, and whether it is that of Student's and of Welch's test.
struct Part {
    name: &'static str,
    fits: [bool; 2],
    /// What both give.
    told: String,
}

/// An F and its degrees of freedom among the parts.
const OF_F: [&str; 3] = ["f", "df1", "df2"];

/// The difference of means among the parts.
const DIFFERENCE: &str = "estimate";

fn of_means(row: &GroupsRow, values: &GroupMeans, level: f64, rounding: Rounding) -> Option<Verdict> {
    let BesideGroups { difference, t, df, f, se, ci, p, .. } = &row.beside;
    let has_number = [difference, t, df, f, se].iter().any(|number| number.is_some());
    if !has_number && ci.is_none() && p.is_none() {
        return None;
    }
    let Some(tests) = t_tests(values, row.n, rounding) else {
        let told = "there is no t-test of groups of one person, nor of groups whose SDs are 0";
        return Some((Status::Refused, told.to_owned()));
    };
    let parts = parts(row, &tests, level, rounding);
    let wrong: Vec<&Part> = parts.iter().filter(|part| part.fits == [false; 2]).collect();
    if wrong.is_empty() {
        let (status, told) = of_fitting(&parts);
        let lost = sign_of_t_is_lost(row, rounding).filter(|_| status == Status::Pass);
        let fitting = (status, [Some(told), lost].into_iter().flatten().collect::<Vec<_>>().join("; "));
        let contradiction = || against_each_other(row, &tests, values, level, rounding);
        return Some(if fitting.0 == Status::Pass { contradiction().unwrap_or(fitting) } else { fitting });
    }
    let told = wrong.iter().map(|part| format!("{}: {}", part.name, part.told)).collect::<Vec<_>>().join("; ");
    if let Some(reason) = other_f(row, &wrong) {
        return Some((Status::Refused, format!("{told}; {reason}")));
    }
    // A p alone may be that of another test; what stands beside it may not.
    if let ([only], Some(p)) = (&wrong[..], &row.beside.p)
        && only.name == "p"
    {
        let is_other = tests.iter().all(|test| is_other_decision(p, test.p, alpha_of(level)));
        let decision = if is_other { "; the decision changes" } else { "" };
        let told = format!("{told}{decision}");
        return Some(match other_p(row, p, &tests, values, rounding) {
            Some(reason) => (Status::Refused, format!("{told}; {reason}")),
            None => (Status::Fail, told),
        });
    }
    let told = match as_standard_errors(row, values, level, rounding) {
        true => format!("{told}; it would fit if these were standard errors and no SDs"),
        false if wrong.iter().any(|part| part.name == DIFFERENCE) => {
            format!("{told}; that of a model need not be theirs")
        }
        false => told,
    };
    Some((Status::Fail, told))
}

/// What else an F may be than that of the values of two groups, where nothing but it and its p is wrong: those of
/// covariates, repeated measures and other factors stand beside the same means.
fn other_f(row: &GroupsRow, wrong: &[&Part]) -> Option<String> {
    let is_of_f = |part: &&&Part| OF_F.contains(&part.name);
    if wrong.iter().filter(is_of_f).count() == 0 || wrong.iter().any(|part| !is_of_f(&part) && part.name != "p") {
        return None;
    }
    match &row.beside.named_test {
        Some(name) if analysis_of_variance(name).is_some() || names_t_test(name) => None,
        Some(name) => Some(format!("it is said to be that of another test: {name}")),
        None => Some("the F of a model or of repeated measures is another: name it in a column `test`".to_owned()),
    }
}

/// The verdict on numbers each of which is of one of the two tests.
fn of_fitting(parts: &[Part]) -> Verdict {
    let by = |test: usize| parts.iter().all(|part| part.fits[test]);
    let names = parts.iter().map(|part| part.name).collect::<Vec<_>>().join(", ");
    match (by(0), by(1)) {
        (true, true) => (Status::Pass, format!("{names} by Student's t-test or Welch's")),
        (true, false) => (Status::Pass, format!("{names} by Student's t-test, not by Welch's")),
        (false, true) => (Status::Pass, format!("{names} by Welch's t-test, not by Student's")),
        (false, false) => {
            let of = |test: usize| {
                let own = parts.iter().filter(|part| part.fits[test] && !part.fits[1 - test]);
                own.map(|part| part.name).collect::<Vec<_>>().join(", ")
            };
            (Status::Refused, format!("{} by Student's t-test, and {} by Welch's", of(0), of(1)))
        }
    }
}

/// Every printed number of a row, held against both tests.
fn parts(row: &GroupsRow, tests: &[TTest; 2], level: f64, rounding: Rounding) -> Vec<Part> {
    let range = |number: &Numeral| number.rounding_interval(rounding).to_interval();
    let mut parts = Vec::new();
    let mut add = |name, fits: [bool; 2], of: &dyn Fn(&TTest) -> String| {
        let [student, welch] = tests.map(|test| of(&test));
        let told = if student == welch {
            format!("the values give {student}")
        } else {
            format!("the values give {student} (Student) or {welch} (Welch)")
        };
        parts.push(Part { name, fits, told });
    };
    if let Some(difference) = &row.beside.difference {
        let is_one_of =
            |test: TTest| [1.0, -1.0].iter().any(|sign| range(difference).nearly_meets(test.difference.scaled(*sign)));
        add(DIFFERENCE, tests.map(is_one_of), &|test| shown(test.difference));
    }
    if let Some(t) = &row.beside.t {
        add("t", tests.map(|test| range(t).abs().nearly_meets(test.t)), &|test| shown(test.t));
    }
    let [of_f, df1, df2] = OF_F;
    if let Some(f) = &row.beside.f {
        let square = |test: &TTest| test.t.map_monotone(|t| t * t);
        add(of_f, tests.map(|test| range(f).nearly_meets(square(&test))), &|test| shown(square(test)));
        if let Some(df) = &row.beside.df1 {
            add(df1, [df.value() == 1.0; 2], &|_| "1".to_owned());
        }
    }
    let of_f = row.beside.df2.as_ref().filter(|_| row.beside.f.is_some());
    for (name, df) in [("df", row.beside.df.as_ref()), (df2, of_f)] {
        let Some(df) = df else { continue };
        let welch = match df.decimal().decimals() {
            // Rounded, or cut off.
            0 => Interval { lower: range(df).lower.min(df.value() - 0.5), upper: df.value() + 1.0 },
            _ => range(df),
        };
        // Tables of old books have the smaller group's.
        let fewest = row.n[0].min(row.n[1]) as f64 - 1.0;
        let student = tests[0].df.contains(df.value());
        add(name, [student, welch.nearly_meets(tests[1].df) || df.value() == fewest], &|test| shown(test.df));
    }
    if let Some(se) = &row.beside.se {
        add("se", tests.map(|test| range(se).nearly_meets(test.se)), &|test| shown(test.se));
    }
    if let Some((lower, upper)) = &row.beside.ci {
        let ends = [range(lower), range(upper)];
        let fits = tests.map(|test| has_interval(&test, ends, level));
        let around = |test: &TTest| {
            let half = t_critical(level, test.df.lower) * 0.5 * (test.se.lower + test.se.upper);
            let middle = 0.5 * (test.difference.lower + test.difference.upper);
            format!("{} to {}", significant(middle - half, 3), significant(middle + half, 3))
        };
        add("interval", fits, &around);
    }
    if let Some(p) = &row.beside.p {
        let is_one = row.beside.tails == Some(Tails::One);
        let of = |test: &TTest| if is_one { test.p.scaled(0.5) } else { test.p };
        let fits = |test: TTest| is_p_of(p, test.p, row.beside.tails, rounding);
        add("p", tests.map(fits), &|test| p_interval(of(test)));
    }
    parts
}

/// Whether an interval is that of a test, of group 1 less group 2 or the other way round, by t or the normal quantile.
fn has_interval(test: &TTest, ends: [Interval; 2], level: f64) -> bool {
    let t = [test.df.upper, test.df.lower].map(|df| t_critical(level, df));
    let normal = normal_quantiles(level);
    let halves =
        [t, normal.ends()].map(|[least, most]| Interval { lower: least * test.se.lower, upper: most * test.se.upper });
    let turned = test.difference.scaled(-1.0);
    [test.difference, turned].into_iter().any(|middle| halves.iter().any(|half| interval_has_half(middle, *half, ends)))
}

fn shown(of: Interval) -> String {
    let [lower, upper] = of.ends().map(|end| significant(end, 4));
    if lower == upper { lower } else { from_to([lower, upper]) }
}

/// What else the p of a row may be than that of a t-test.
pub(super) fn other_p(
    row: &GroupsRow,
    p: &Comparison,
    tests: &[TTest; 2],
    values: &GroupMeans,
    rounding: Rounding,
) -> Option<String> {
    if let Some(name) = row.beside.named_test.as_ref().filter(|name| !names_t_test(name)) {
        return Some(format!("the p is said to be that of another test: {name}"));
    }
    let is_one = row.beside.tails == Some(Tails::One);
    let fewest = row.n[0].min(row.n[1]) as f64;
    if is_one && fewest >= FEW && tests.iter().any(|test| p.holds_in(test.p, rounding)) {
        return None;
    }
    if let Some(other) = tests.iter().find_map(|test| as_another_p(p, test.p, row.beside.tails, rounding)) {
        return Some(other);
    }
    if row.beside.named_test.is_some() || row.beside.t.is_some() {
        return None;
    }
    if are_skewed([0, 1].map(|at| (values.means[at].value(), Some(values.sds[at].value())))) {
        return Some("an SD is above its mean: of such skewed values a test of ranks may give it".to_owned());
    }
    let leeway = Leeway::of_means(Some(fewest));
    let is_near = tests.iter().any(|test| leeway.admits_sided(p, test.p, row.beside.tails, rounding));
    is_near.then(|| "a test of ranks, or of adjusted values, may give it: name it in a column `test`".to_owned())
}

/// Whether everything would fit if the SDs were standard errors.
fn as_standard_errors(row: &GroupsRow, values: &GroupMeans, level: f64, rounding: Rounding) -> bool {
    let root = row.n.map(|n| (n as f64).sqrt());
    let scaled = |test: [TTest; 2]| {
        // Of groups of one size the factor is common to both.
        let factor = root[0];
        test.map(|test| {
            let (se, t) = (test.se.scaled(factor), test.t.scaled(1.0 / factor));
            let tail = |t: f64, df: f64| if t.is_finite() { 2.0 * t_sf(t, df) } else { 0.0 };
            let p = Interval { lower: tail(t.upper, test.df.upper), upper: tail(t.lower, test.df.lower) };
            TTest { se, t, p, ..test }
        })
    };
    row.n[0] == row.n[1]
        && values.meaning == SpreadMeaning::Sd
        && t_tests(values, row.n, rounding)
            .is_some_and(|tests| parts(row, &scaled(tests), level, rounding).iter().all(|part| part.fits != [false; 2]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn means(texts: [&str; 4], n: [u64; 2]) -> GroupsRow {
        let number = |text: &str| text.parse::<Numeral>().unwrap();
        let [m1, s1, m2, s2] = texts.map(number);
        GroupsRow {
            values: GroupValues::Means(Box::new(GroupMeans {
                means: [m1, m2],
                sds: [s1, s2],
                meaning: SpreadMeaning::Sd,
            })),
            shares: [None, None],
            n,
            beside: BesideGroups::default(),
        }
    }

    fn status(row: &GroupsRow) -> Status {
        of_groups(row, 0.95, Rounding::default()).unwrap().0
    }

    /// R 4.2.2, by pt(): t = 2.0232, df = 53, p = 0.0481 by Student's test, and t = 1.9897, df = 46.83, p = 0.0525 by
    /// Welch's.
    #[test]
    fn either_test_will_do_and_no_mixture() {
        let of = |t: &str, df: &str, p: &str| {
            let row = means(["50.00", "5.00", "47.00", "6.00"], [30, 25]);
            let (t, df, p) = (t.parse().ok(), df.parse().ok(), p.parse().ok());
            let beside = BesideGroups { t, df, p, ..BesideGroups::default() };
            of_groups(&GroupsRow { beside, ..row }, 0.95, Rounding::default()).unwrap()
        };
        assert_eq!(of("2.02", "53", "0.048").0, Status::Pass);
        assert_eq!(of("-1.99", "46.9", "0.052").0, Status::Pass);
        assert_eq!(of("1.99", "47", "0.052").0, Status::Pass);
        assert_eq!(of("1.99", "53", "0.052").0, Status::Refused);
        let (found, told) = of("2.20", "53", "0.032");
        assert!(found == Status::Fail && told.contains("t: the values give") && told.contains("Welch"), "{told}");
        assert_eq!(of("2.02", "52", "0.048").0, Status::Fail);
        assert_eq!(of("", "", "0.024").0, Status::Refused);
        assert_eq!(of("", "", "0.0003").0, Status::Fail);
    }

    /// Of one row all have the sign of one difference, whichever that is; a t without its sign is as good, and one with
    /// the other sign is told.
    #[test]
    fn signs_go_together() {
        let of = |difference: &str, t: &str, ci: [&str; 2]| {
            let row = means(["50.00", "5.00", "47.00", "6.00"], [30, 25]);
            let [lower, upper] = ci.map(|end| end.parse::<Numeral>().ok());
            let (difference, t) = (difference.parse().ok(), t.parse().ok());
            let beside = BesideGroups { difference, t, ci: lower.zip(upper), ..BesideGroups::default() };
            of_groups(&GroupsRow { beside, ..row }, 0.95, Rounding::default()).unwrap()
        };
        let (above, below) = (["0.03", "5.97"], ["-5.97", "-0.03"]);
        for (difference, t, ci, expected) in [
            ("3.00", "2.02", above, Status::Pass),
            ("-3.00", "-2.02", below, Status::Pass),
            ("-3.00", "2.02", below, Status::Pass),
            ("", "2.02", below, Status::Pass),
            ("3.00", "-2.02", above, Status::Refused),
            ("", "-2.02", above, Status::Refused),
            ("3.00", "-2.02", ["", ""], Status::Refused),
        ] {
            let (status, told) = of(difference, t, ci);
            assert_eq!(status, expected, "{difference} {t} {ci:?}");
            let is_lost = t == "2.02" && ci == below;
            assert_eq!(told.contains("without its sign"), is_lost, "{difference} {t} {ci:?} {told}");
        }
    }

    #[test]
    fn standard_errors_that_are_called_sds_are_told() {
        // The SDs are 5 and 5, and their standard errors 0.91.
        let row = means(["50.0", "0.91", "47.0", "0.91"], [30, 30]);
        let beside = BesideGroups { t: "2.32".parse().ok(), p: "0.024".parse().ok(), ..BesideGroups::default() };
        let row = GroupsRow { beside, ..row };
        let (found, told) = of_groups(&row, 0.95, Rounding::default()).unwrap();
        assert!(found == Status::Fail && told.contains("standard errors"), "{told}");
    }

    /// R 4.2.2: chisq.test(matrix(c(12, 20, 23, 15), 2)) has χ² = 2.8207 and p = 0.0931, without Yates' correction
    /// 3.6842 and 0.0549; fisher.test has p = 0.0924, and 2·Σ O·ln(O/E) = 3.7183, p = 0.0538.
    #[test]
    fn counts_have_several_tests() {
        let row = GroupsRow { values: GroupValues::Counts([12, 20]), ..means(["1", "1", "1", "1"], [35, 35]) };
        let of = |chi2: &str, p: &str| {
            let beside = BesideGroups { chi2: chi2.parse().ok(), p: p.parse().ok(), ..BesideGroups::default() };
            status(&GroupsRow { beside, ..row.clone() })
        };
        for (chi2, p) in [("3.68", "0.055"), ("2.82", "0.093"), ("3.72", "0.054"), ("", "0.092"), ("", "0.054")] {
            assert_ne!(of(chi2, p), Status::Fail, "{chi2} {p}");
        }
        assert_eq!([of("4.76", ""), of("", "0.0003"), of("3.68", "0.5")], [Status::Fail; 3]);
    }

    proptest! {
        /// What is printed of the t-tests of two samples, to any number of decimals, never fails.
        #[test]
        fn honest_groups_never_fail(
            x in prop::collection::vec(-3.0..3.0f64, 3..40),
            y in prop::collection::vec(-2.0..4.0f64, 3..40),
            decimals in 1usize..4,
            is_welch: bool,
        ) {
            let moments = |data: &[f64]| {
                let n = data.len() as f64;
                let mean = data.iter().sum::<f64>() / n;
                (mean, (data.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt(), n)
            };
            let ((m1, s1, n1), (m2, s2, n2)) = (moments(&x), moments(&y));
            let f = |x: f64| format!("{x:.decimals$}");
            let row = means([&f(m1), &f(s1), &f(m2), &f(s2)], [x.len() as u64, y.len() as u64]);
            let (se, df) = if is_welch {
                let errors = [s1 * s1 / n1, s2 * s2 / n2];
                ((errors[0] + errors[1]).sqrt(), welch_df(errors, [n1, n2]))
            } else {
                ((pooled_variance([s1 * s1, s2 * s2], [n1, n2]) * (1.0 / n1 + 1.0 / n2)).sqrt(), n1 + n2 - 2.0)
            };
            let t = (m1 - m2) / se;
            let half = t_critical(0.95, df) * se;
            let number = |x: f64| f(x).parse::<Numeral>().ok();
            let beside = BesideGroups {
                difference: number(m1 - m2),
                t: number(t),
                df: format!("{df:.0}").parse().ok(),
                se: number(se),
                ci: number(m1 - m2 - half).zip(number(m1 - m2 + half)),
                p: format!("{:.3}", 2.0 * t_sf(t.abs(), df)).parse().ok(),
                ..BesideGroups::default()
            };
            let row = GroupsRow { beside, ..row };
            let found = of_groups(&row, 0.95, Rounding::default()).unwrap();
            prop_assert!(found.0 != Status::Fail, "{row:?} {found:?}");
        }
    }
}
