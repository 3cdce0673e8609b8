//! Rows of three groups or more of which counts are reported: whether their percentages, χ², its degrees of freedom and p
//! are those of the counts.

use super::Status;
use super::cells::Verdict;
use super::group_counts::{is_least_simulated, tests_of_table, wrong_share};
use super::named_test::as_another_p;
use super::other_tests::Leeway;
use super::reported_test::Tails;
use super::several_counts::{CountTest, EXACT, poisson_p, tests_of_several_counts, trend_range, wald_p_of_odds};
use super::several_groups::{BesideSeveral, SeveralRow, SeveralValues};
use super::test_names::{Named, tests_of_counts};
use crate::effect::counts::two_by_two::TwoByTwo;
use crate::numeric::dist::chi_squared_sf;
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Numeral, Relation};
use crate::numeric::rounding::Rounding;

pub(super) fn of_counts(row: &SeveralRow, events: &[u64], rounding: Rounding) -> Option<Verdict> {
    if let Some(verdict) = wrong_share(&row.shares, events, &row.n, rounding) {
        return Some(verdict);
    }
    let BesideSeveral { chi2, df, p, .. } = &row.beside;
    if chi2.is_none() && p.is_none() {
        let have_shares = row.shares.iter().any(Option::is_some);
        return have_shares.then(|| (Status::Pass, "the percentages are those of the counts".to_owned()));
    }
    let tests = tests_of_several_counts(events, &row.n);
    if tests.is_empty() {
        return Some((Status::Refused, "there is no test of as many people".to_owned()));
    }
    let mut verdict = (Status::Pass, Vec::new());
    let mut add = |(status, told): Verdict| {
        verdict.0 = if verdict.0 == Status::Pass || status == Status::Fail { status } else { verdict.0 };
        verdict.1.push(told);
    };
    if let Some(df) = df {
        let is_own = tests.iter().any(|test| test.statistic.is_some() && df.value() == test.df);
        let told = format!("df: {}, or 1 of a trend", row.n.len() - 1);
        add(if is_own { (Status::Pass, format!("df {df}")) } else { (Status::Fail, told) });
    }
    if let Some(chi2) = chi2 {
        add(chi2_of_counts(row, events, chi2, &tests, rounding));
    }
    if let Some(p) = p {
        add(p_of_counts(row, events, p, &tests, rounding));
    }
    let (status, told) = verdict;
    // Another test has its own statistic and degrees of freedom.
    let named = row.beside.named_test.as_ref().filter(|name| status == Status::Fail && tests_of_counts(name).is_none());
    Some(match named {
        Some(name) => {
            (Status::Refused, format!("{}; the p is said to be that of another test: {name}", told.join("; ")))
        }
        None => (status, told.join("; ")),
    })
}

/// The verdict on χ² of counts, which has the degrees of freedom that are printed.
fn chi2_of_counts(
    row: &SeveralRow,
    events: &[u64],
    chi2: &Numeral,
    tests: &[CountTest],
    rounding: Rounding,
) -> Verdict {
    let range = chi2.rounding_interval(rounding).to_interval();
    let df = row.beside.df.as_ref().map(Numeral::value);
    let fits = |test: &&CountTest| {
        df.is_none_or(|df| df == test.df) && test.statistic.is_some_and(|of| range.nearly_meets(Interval::point(of)))
    };
    if let Some(test) = tests.iter().find(fits) {
        return (Status::Pass, format!("χ² by {}", test.name));
    }
    let all = tests.iter().filter_map(|test| Some(format!("{} ({})", significant(test.statistic?, 4), test.name)));
    let told = format!("χ²: the counts give {}", all.collect::<Vec<_>>().join(", "));
    let is_of_one = df.map_or_else(|| names_trend(row), |df| df == 1.0);
    if is_of_one && range.nearly_meets(trend_range(events, &row.n)) {
        return (Status::Refused, format!("{told}; {OTHER_SCORES}"));
    }
    let is_of_pair = |pair: &Pair| {
        let statistics = tests_of_table(&pair.table).into_iter().filter_map(|(_, statistic, _)| statistic);
        df == Some(1.0) && statistics.into_iter().any(|of| range.nearly_meets(Interval::point(of)))
    };
    match pairs(events, &row.n).find(is_of_pair) {
        Some(pair) => {
            (Status::Refused, format!("{told}; it is that of groups {} and {}", pair.groups[0], pair.groups[1]))
        }
        None => (Status::Fail, told),
    }
}

/// The numbers of the groups, which a trend is of here, are not always its scores: doses are as common.
const OTHER_SCORES: &str = "a trend over other scores than 1, 2, 3 …, as over doses, may give it";

fn names_trend(row: &SeveralRow) -> bool {
    let named = row.beside.named_test.as_deref().and_then(tests_of_counts);
    named.is_some_and(|all| all.contains(&Named::Trend))
}

/// Two of several groups.
struct Pair {
    /// Which, counted from 1.
    groups: [usize; 2],
    table: TwoByTwo,
}

fn pairs(events: &[u64], n: &[u64]) -> impl Iterator<Item = Pair> {
    let k = n.len().min(events.len());
    let each = (0..k).flat_map(move |one| (one + 1..k).map(move |other| [one, other]));
    each.filter_map(move |[one, other]| {
        let of = |at: usize| Some([events[at], n[at].checked_sub(events[at])?]);
        let ([a, b], [c, d]) = (of(one)?, of(other)?);
        Some(Pair { groups: [one + 1, other + 1], table: TwoByTwo::new([a, b, c, d]).ok()? })
    })
}

/// Whether a p beside χ² is that of a test of the counts, or may be that of the exact one, so that it need not be that of χ².
pub(super) fn is_p_of_several_counts(row: &SeveralRow, p: &Comparison, rounding: Rounding) -> bool {
    let SeveralValues::Counts(events) = &row.values else { return false };
    let tests = tests_of_several_counts(events, &row.n);
    let named = row.beside.named_test.as_deref().and_then(tests_of_counts);
    match p_of_counts(row, events, p, &tests, rounding).0 {
        Status::Pass => true,
        Status::Refused => is_without_exact(&tests) || named.is_some_and(|all| all.contains(&Named::Exact)),
        _ => false,
    }
}

fn is_without_exact(tests: &[CountTest]) -> bool {
    tests.iter().all(|test| test.name != EXACT)
}

fn p_of_counts(row: &SeveralRow, events: &[u64], p: &Comparison, tests: &[CountTest], rounding: Rounding) -> Verdict {
    let is_of = |value: f64| p.holds_in(Interval::point(value), rounding);
    if let Some(test) = tests.iter().find(|test| is_of(test.p)) {
        return (Status::Pass, format!("p by {}", test.name));
    }
    let all = tests.iter().map(|test| format!("{} ({})", significant(test.p, 3), test.name));
    let told = format!("p: the counts give {}", all.collect::<Vec<_>>().join(", "));
    let named = row.beside.named_test.as_ref().map(|name| (name, tests_of_counts(name)));
    if let Some((name, None)) = &named {
        return (Status::Refused, format!("{told}; the p is said to be that of another test: {name}"));
    }
    let named = named.and_then(|(_, tests)| tests);
    let is_named = |test: Named| named.as_ref().is_some_and(|all| all.contains(&test));
    // A trend has two directions.
    let sides = |test: &CountTest| if test.df > 1.0 || test.statistic.is_none() { Some(Tails::Two) } else { None };
    let other = || tests.iter().find_map(|test| as_another_p(p, Interval::point(test.p), sides(test), rounding));
    let simulated = || {
        let is_least = is_least_simulated(p, tests.iter().map(|test| test.p), rounding);
        is_least.then(|| "2000 simulated tables have no smaller p".to_owned())
    };
    let exact = || {
        let is_open =
            is_without_exact(tests) && (is_named(Named::Exact) || named.is_none() && is_near(p, tests, rounding));
        is_open.then(|| "the exact test was not made: too many tables have these sums".to_owned())
    };
    let trend = || {
        let all = trend_range(events, &row.n).map_monotone(|chi2| chi_squared_sf(chi2, 1.0));
        let may_be = is_named(Named::Trend) && [all, all.scaled(0.5)].iter().any(|all| p.holds_in(*all, rounding));
        may_be.then(|| OTHER_SCORES.to_owned())
    };
    let pair = || pair_with(row, events, p, named.as_deref(), rounding);
    let near = || {
        let is_open = named.is_none() && row.beside.chi2.is_none();
        let nobody = events.iter().zip(&row.n).any(|(events, n)| *events == 0 || events == n);
        // Wald's test of a group of a logistic regression finds nothing where nobody or everybody has an event.
        let is_of_model = || {
            [wald_p_of_odds(events, &row.n), poisson_p(events, &row.n)].into_iter().any(is_of)
                || nobody && p.relation == Relation::Equal && p.bound.value() > 0.9
                || is_near(p, tests, rounding)
        };
        (is_open && is_of_model()).then(|| "a test of rates or of a model may give it".to_owned())
    };
    match other().or_else(simulated).or_else(exact).or_else(trend).or_else(pair).or_else(near) {
        Some(reason) => (Status::Refused, format!("{told}; {reason}")),
        None => (Status::Fail, told),
    }
}

fn is_near(p: &Comparison, tests: &[CountTest], rounding: Rounding) -> bool {
    tests.iter().any(|test| Leeway::usual().admits_printed(p, Interval::point(test.p), rounding))
}

/// Two groups of which a test may have the p, alone or, where no test is named, adjusted for up to all pairs as by
/// Bonferroni and Holm.
fn pair_with(
    row: &SeveralRow,
    events: &[u64],
    p: &Comparison,
    named: Option<&[Named]>,
    rounding: Rounding,
) -> Option<String> {
    let k = row.n.len();
    let most = if named.is_none() { k * (k - 1) / 2 } else { 1 };
    // Of tests that are named, those alone.
    let is_meant = |statistic: Option<f64>| match statistic {
        None => named.is_none_or(|all| all.contains(&Named::Exact)),
        Some(_) => named.is_none_or(|all| all.contains(&Named::ChiSquared)),
    };
    let tests = |pair: &Pair| tests_of_table(&pair.table).into_iter().filter(|(_, statistic, _)| is_meant(*statistic));
    (1..=most).find_map(|times| {
        let is_of = |value: f64| p.holds_in(Interval::point((times as f64 * value).min(1.0)), rounding);
        let pair = pairs(events, &row.n).find(|pair| tests(pair).any(|(_, _, value)| is_of(value)))?;
        let [one, other] = pair.groups;
        Some(match times {
            1 => format!("a test of groups {one} and {other} alone may give it"),
            _ => format!("{times} times the p of groups {one} and {other}: it may be adjusted for several comparisons"),
        })
    })
}
