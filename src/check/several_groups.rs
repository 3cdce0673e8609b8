//! Rows of three groups or more: whether F, χ², their degrees of freedom and the p are those of the means and SDs, or of
//! the counts.

use super::Status;
use super::cells::Verdict;
use super::named_test::as_another_p;
use super::other_tests::Leeway;
use super::reported_test::Tails;
use super::several_group_counts::of_counts;
use super::several_means::{FTest, MeanOfGroup, f_tests, p_of_pair, p_of_trends, rank_floor};
use super::table_groups::{GroupMeans, t_tests};
use super::test_names::{Named, analysis_of_variance};
use super::test_statistic::is_other_decision;
use crate::diagnostic::Refused;
use crate::numeric::dist::{alpha_of, f_sf};
use crate::numeric::format::{from_to, p_interval, significant};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Numeral};
use crate::numeric::rounding::Rounding;
use crate::recover::sd_from_spread;
use crate::reported::SpreadMeaning;

/// What several independent groups report.
#[derive(Clone, Debug, PartialEq)]
pub enum SeveralValues {
    /// Their means and SDs, one of each for each group.
    Means(SeveralMeans),
    /// How many of each had an event.
    Counts(Vec<u64>),
}

/// The means and SDs of several groups.
#[derive(Clone, Debug, PartialEq)]
pub struct SeveralMeans {
    /// The means.
    pub means: Vec<Numeral>,
    /// The SDs, one for each mean.
    pub sds: Vec<Numeral>,
    /// What they are: sample SDs, population SDs, SEs or half-widths of 95 % intervals.
    pub meaning: SpreadMeaning,
}

/// Three independent groups or more, with what is reported of their differences.
#[derive(Clone, Debug, PartialEq)]
pub struct SeveralRow {
    /// What they report.
    pub values: SeveralValues,
    /// How many people each has.
    pub n: Vec<u64>,
    /// The percentages that stand beside counts.
    pub shares: Vec<Option<Numeral>>,
    /// What is reported of their differences.
    pub beside: BesideSeveral,
}

/// What is reported of the differences of several groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BesideSeveral {
    /// The F of an analysis of variance.
    pub f: Option<Numeral>,
    /// Its degrees of freedom between the groups.
    pub df1: Option<Numeral>,
    /// Its degrees of freedom within.
    pub df2: Option<Numeral>,
    /// χ² of the counts.
    pub chi2: Option<Numeral>,
    /// Its degrees of freedom.
    pub df: Option<Numeral>,
    /// The p.
    pub p: Option<Comparison>,
    /// The test that it is of, where that is said.
    pub named_test: Option<String>,
    /// The columns of numbers that are of two groups alone.
    pub of_two: Vec<&'static str>,
    /// The groups of the table, counted from 1, that have a size here and no values.
    pub without: Vec<usize>,
}

impl SeveralRow {
    /// What the numbers behind the printed means and SDs can be; none of counts.
    ///
    /// # Errors
    /// An SD cannot be had from what is printed.
    pub fn moments(&self, rounding: Rounding) -> Option<Result<Vec<MeanOfGroup>, Refused>> {
        let SeveralValues::Means(of) = &self.values else { return None };
        let each = of.means.iter().zip(&of.sds).zip(&self.n);
        let group = |((mean, sd), n): ((&Numeral, &Numeral), &u64)| {
            let sd = sd_from_spread(sd.rounded(rounding), of.meaning, *n)?.sd.range;
            Ok(MeanOfGroup { n: *n, mean: mean.rounding_interval(rounding).to_interval(), sd })
        };
        Some(each.map(group).collect())
    }
}

/// The verdict on a row of several groups; none where nothing is reported of their differences.
pub fn of_several(row: &SeveralRow, level: f64, rounding: Rounding) -> Option<Verdict> {
    let beside = &row.beside;
    let (found, of_others) = match &row.values {
        SeveralValues::Means(of) => (of_means(row, of, level, rounding), [("chi2", &beside.chi2), ("df", &beside.df)]),
        SeveralValues::Counts(events) => (of_counts(row, events, rounding), [("f", &beside.f), ("df2", &beside.df2)]),
    };
    let others = of_others.into_iter().filter(|(_, number)| number.is_some()).map(|(name, _)| name);
    let aside: Vec<&str> = others.chain(beside.of_two.iter().copied()).collect();
    let left =
        (!aside.is_empty()).then(|| format!("{}: no number of several such groups; left aside", aside.join(", ")));
    match (found, left) {
        (Some((status, told)), Some(left)) => Some((status, format!("{told}; {left}"))),
        (None, left) => left.map(|left| (Status::Refused, left)),
        (found, None) => found,
    }
}

/// A printed number, and whether it is that of each test.
struct Part {
    name: &'static str,
    fits: Vec<bool>,
    /// What the tests give.
    told: String,
}

impl Part {
    fn is_wrong(&self) -> bool {
        !self.fits.contains(&true)
    }
}

fn of_means(row: &SeveralRow, values: &SeveralMeans, level: f64, rounding: Rounding) -> Option<Verdict> {
    let BesideSeveral { f, df1, df2, p, named_test, .. } = &row.beside;
    if [f, df1, df2].iter().all(|number| number.is_none()) && p.is_none() {
        return None;
    }
    let groups = match row.moments(rounding)? {
        Ok(groups) => groups,
        Err(reason) => return Some((Status::Refused, reason.to_string())),
    };
    let tests = match f_tests(&groups) {
        Ok(tests) => tests,
        Err(reason) => return Some((Status::Refused, reason.to_string())),
    };
    let named = named_test.as_ref().map(|name| (name, analysis_of_variance(name)));
    let tests = if matches!(named, Some((_, Some(Named::Welch)))) { &tests[1..] } else { &tests[..] };
    let parts = parts(&row.beside, tests, rounding);
    let wrong: Vec<&Part> = parts.iter().filter(|part| part.is_wrong()).collect();
    if wrong.is_empty() {
        let fitting = of_fitting(&parts, tests);
        let contradiction = || f_against_p(&row.beside, tests, rounding);
        return Some(if fitting.0 == Status::Pass { contradiction().unwrap_or(fitting) } else { fitting });
    }
    let told = wrong.iter().map(|part| format!("{}: {}", part.name, part.told)).collect::<Vec<_>>().join("; ");
    if let Some((name, None)) = named {
        return Some((Status::Refused, format!("{told}; the p is said to be that of another test: {name}")));
    }
    if let ([Part { name: "p", .. }], Some(p)) = (&wrong[..], p) {
        let is_other = tests.iter().all(|test| is_other_decision(p, test.p, alpha_of(level)));
        let told = format!("{told}{}", if is_other { "; the decision changes" } else { "" });
        return Some(match other_p(row, p, tests, (&groups, values), rounding) {
            Some(reason) => (Status::Refused, format!("{told}; {reason}")),
            None => (Status::Fail, told),
        });
    }
    if is_of_covariates(&row.beside, tests, named.is_some()) {
        let why =
            "its degrees of freedom are fewer, as those of a model with covariates are: name it in a column `test`";
        return Some((Status::Refused, format!("{told}; {why}")));
    }
    let told = match as_standard_errors(row, values, &groups, rounding) {
        true => format!("{told}; it would fit if these were standard errors and no SDs"),
        false => told,
    };
    Some((Status::Fail, told))
}

/// Every printed number of a row, held against each test.
fn parts(beside: &BesideSeveral, tests: &[FTest], rounding: Rounding) -> Vec<Part> {
    let range = |number: &Numeral| number.rounding_interval(rounding).to_interval();
    let mut parts = Vec::new();
    let mut add = |name, fits: &dyn Fn(&FTest) -> bool, of: &dyn Fn(&FTest) -> String| {
        let each: Vec<String> = tests.iter().map(of).collect();
        let told = match &each[..] {
            [one, other] if one != other => format!("the values give {one} (one-way ANOVA) or {other} (Welch)"),
            _ => format!("the values give {}", each[0]),
        };
        parts.push(Part { name, fits: tests.iter().map(fits).collect(), told });
    };
    if let Some(f) = &beside.f {
        add("f", &|test| range(f).nearly_meets(test.f), &|test| shown(test.f));
    }
    if let Some(df1) = &beside.df1 {
        add("df1", &|test| range(df1).contains(test.df1), &|test| significant(test.df1, 4));
    }
    if let Some(df2) = &beside.df2 {
        // Welch's are rounded, or cut off.
        let wide = match df2.decimal().decimals() {
            0 => Interval { lower: df2.value() - 0.5, upper: df2.value() + 1.0 },
            _ => range(df2),
        };
        let is_exact = |test: &FTest| test.df2.width() <= 0.0 && test.name != "Welch's ANOVA";
        let fits = |test: &FTest| match is_exact(test) {
            true => test.df2.contains(df2.value()),
            false => wide.nearly_meets(test.df2),
        };
        add("df2", &fits, &|test| shown(test.df2));
    }
    if let Some(p) = &beside.p {
        add("p", &|test| p.holds_in(test.p, rounding), &|test| p_interval(test.p));
    }
    parts
}

fn shown(of: Interval) -> String {
    let [lower, upper] = of.ends().map(|end| significant(end, 4));
    if lower == upper { lower } else { from_to([lower, upper]) }
}

/// The verdict on numbers each of which is of one of the tests.
fn of_fitting(parts: &[Part], tests: &[FTest]) -> Verdict {
    let names = |is_own: &dyn Fn(&Part) -> bool| {
        parts.iter().filter(|part| is_own(part)).map(|part| part.name).collect::<Vec<_>>().join(", ")
    };
    let all = names(&|_| true);
    let by: Vec<bool> = (0..tests.len()).map(|at| parts.iter().all(|part| part.fits[at])).collect();
    match by[..] {
        [true, true] => (Status::Pass, format!("{all} by one-way ANOVA or Welch's")),
        [true, false] => (Status::Pass, format!("{all} by one-way ANOVA, not by Welch's")),
        [false, true] => (Status::Pass, format!("{all} by Welch's ANOVA, not by the usual one")),
        [false, false] => {
            let of = |at: usize| names(&|part| part.fits[at] && !part.fits[1 - at]);
            (Status::Refused, format!("{} by one-way ANOVA, and {} by Welch's", of(0), of(1)))
        }
        _ => (Status::Pass, format!("{all} by {}", tests.first().map_or("", |test| test.name))),
    }
}

/// The verdict on a printed F and a p that the values allow each, and not together; none where the row has the degrees of
/// freedom, by which they are held against each other anyway, and where they go together.
fn f_against_p(beside: &BesideSeveral, tests: &[FTest], rounding: Rounding) -> Option<Verdict> {
    let (f, p) = beside.f.as_ref().zip(beside.p.as_ref())?;
    if beside.df1.is_some() && beside.df2.is_some() {
        return None;
    }
    let range = f.rounding_interval(rounding).to_interval();
    let dfs = tests.iter().flat_map(|test| test.df2.ends().map(|df2| (test.df1, df2)));
    let tails = dfs.flat_map(|(df1, df2)| range.ends().map(|f| f_sf(f.max(0.0), df1, df2)));
    let found = Interval::hull(tails)?;
    if p.holds_in(found, rounding) {
        return None;
    }
    let told = format!("p: the F goes with one of {}, and {p} is printed", p_interval(found));
    Some(match as_another_p(p, found, Some(Tails::Two), rounding) {
        Some(reason) => (Status::Refused, format!("{told}; {reason}")),
        None => (Status::Fail, told),
    })
}

/// Whether degrees of freedom say that an F is that of a model with one covariate to a few, of which nobody names a test.
fn is_of_covariates(beside: &BesideSeveral, tests: &[FTest], is_named: bool) -> bool {
    const MOST: f64 = 5.0;
    let Some((usual, df2)) = tests.first().zip(beside.df2.as_ref()) else { return false };
    let fewer = usual.df2.upper - df2.value();
    let is_between = beside.df1.as_ref().is_none_or(|df1| df1.value() == usual.df1);
    !is_named && is_between && df2.is_whole() && (1.0..=MOST).contains(&fewer)
}

/// What else the p of a row may be than that of an analysis of variance.
fn other_p(
    row: &SeveralRow,
    p: &Comparison,
    tests: &[FTest],
    (groups, values): (&[MeanOfGroup], &SeveralMeans),
    rounding: Rounding,
) -> Option<String> {
    if let Some(other) = tests.iter().find_map(|test| as_another_p(p, test.p, Some(Tails::Two), rounding)) {
        return Some(other);
    }
    if row.beside.named_test.is_some() || row.beside.f.is_some() {
        return None;
    }
    // Those of ranks, and of regressions whose error is what a line leaves, are near.
    if p_of_trends(groups).iter().any(|trend| Leeway::usual().admits_printed(p, *trend, rounding)) {
        return Some("a test of a trend over the groups may give it: name it in a column `test`".to_owned());
    }
    if let Some(told) = pair_with(row, p, groups, values, rounding) {
        return Some(format!("{told} may give it: name it in a column `test`"));
    }
    let is_positive = values.means.iter().all(|mean| mean.value() > 0.0);
    if is_positive && values.means.iter().zip(&values.sds).any(|(mean, sd)| sd.value() > mean.value()) {
        return Some("an SD is above its mean: of such skewed values a test of ranks may give it".to_owned());
    }
    // The groups in the order of their means, in which ranks are furthest apart.
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|one, other| values.means[*one].value().total_cmp(&values.means[*other].value()));
    let floor = rank_floor(&order.into_iter().map(|at| row.n[at]).collect::<Vec<_>>());
    let by_ranks = |test: &FTest| Interval { upper: test.p.upper.max(floor), ..test.p };
    let is_near = tests.iter().any(|test| Leeway::of_several().admits_printed(p, by_ranks(test), rounding));
    is_near.then(|| "a test of ranks, or of adjusted values, may give it: name it in a column `test`".to_owned())
}

/// Two groups whose own t-test, or the one by the variance of all, has the p, or may have it where it is adjusted for all
/// pairs: those of Tukey, Dunnett, Holm and Šidák lie between the p of the pair and Bonferroni's.
fn pair_with(
    row: &SeveralRow,
    p: &Comparison,
    groups: &[MeanOfGroup],
    values: &SeveralMeans,
    rounding: Rounding,
) -> Option<String> {
    let k = groups.len();
    let comparisons = (k * (k - 1) / 2) as f64;
    let pairs = || (0..k).flat_map(|one| (one + 1..k).map(move |other| [one, other]));
    let tests = |pair: [usize; 2]| {
        let own = GroupMeans {
            means: pair.map(|at| values.means[at].clone()),
            sds: pair.map(|at| values.sds[at].clone()),
            meaning: values.meaning,
        };
        let of_two = t_tests(&own, pair.map(|at| row.n[at]), rounding).into_iter().flatten().map(|test| test.p);
        of_two.chain([p_of_pair(groups, pair)]).collect::<Vec<_>>()
    };
    let as_they_are = |p: Interval| p;
    let adjusted = |p: Interval| Interval { lower: p.lower, upper: (comparisons * p.upper).min(1.0) };
    let find = |of: &dyn Fn(Interval) -> Interval| {
        pairs().find(|pair| tests(*pair).into_iter().any(|found| p.holds_in(of(found), rounding)))
    };
    let told = |[one, other]: [usize; 2]| format!("a test of groups {} and {}", one + 1, other + 1);
    find(&as_they_are).map(|pair| format!("{} alone", told(pair))).or_else(|| {
        let pair = find(&adjusted)?;
        Some(format!("{} that is adjusted for all pairs, as Tukey's and Bonferroni's are,", told(pair)))
    })
}

/// Whether everything would fit if the SDs were standard errors.
fn as_standard_errors(row: &SeveralRow, values: &SeveralMeans, groups: &[MeanOfGroup], rounding: Rounding) -> bool {
    let scaled = |of: &MeanOfGroup| MeanOfGroup { sd: of.sd.scaled((of.n as f64).sqrt()), ..*of };
    values.meaning == SpreadMeaning::Sd
        && f_tests(&groups.iter().map(scaled).collect::<Vec<_>>())
            .is_ok_and(|tests| parts(&row.beside, &tests, rounding).iter().all(|part| !part.is_wrong()))
}
