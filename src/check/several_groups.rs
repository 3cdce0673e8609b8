//! Rows of three groups or more: whether F, χ², their degrees of freedom and the p are those of the means and SDs, or of
//! the counts.

use super::Status;
use super::cells::Verdict;
use super::group_counts::wrong_share;
use super::named_test::as_another_p;
use super::other_tests::Leeway;
use super::reported_test::Tails;
use super::several_counts::{CountTest, tests_of_several_counts};
use super::several_means::{FTest, MeanOfGroup, f_tests, p_of_pair, p_of_trends, rank_floor};
use super::table_groups::{GroupMeans, t_tests};
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
    let named = named_test.as_ref().map(|name| (name, Named::of(name)));
    let tests = if matches!(named, Some((_, Named::Welch))) { &tests[1..] } else { &tests[..] };
    let parts = parts(&row.beside, tests, rounding);
    let wrong: Vec<&Part> = parts.iter().filter(|part| part.is_wrong()).collect();
    if wrong.is_empty() {
        let fitting = of_fitting(&parts, tests);
        let contradiction = || f_against_p(&row.beside, tests, rounding);
        return Some(if fitting.0 == Status::Pass { contradiction().unwrap_or(fitting) } else { fitting });
    }
    let told = wrong.iter().map(|part| format!("{}: {}", part.name, part.told)).collect::<Vec<_>>().join("; ");
    if let Some((name, Named::Other)) = named {
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

/// What a source calls its test of several means.
#[derive(Clone, Copy, PartialEq)]
enum Named {
    /// Welch's analysis of variance.
    Welch,
    /// An analysis of variance of one factor, of either kind.
    Variance,
    /// A test of ranks, of a model, of pairs.
    Other,
}

impl Named {
    fn of(name: &str) -> Self {
        const OTHERS: [&str; 14] = [
            "rank",
            "repeated",
            "two-way",
            "two way",
            "three-way",
            "mixed",
            "covari",
            "ancova",
            "manova",
            "kruskal",
            "trend",
            "反復",
            "二元",
            "共分散",
        ];
        const OWN: [&str; 7] = ["anova", "aov", "variance", "分散分析", "f-test", "f test", "oneway.test"];
        let name = name.to_lowercase();
        let holds = |all: &[&str]| all.iter().any(|known| name.contains(known));
        match (holds(&OTHERS), name.contains("welch"), holds(&OWN)) {
            (true, ..) => Self::Other,
            (_, true, _) => Self::Welch,
            (_, _, true) => Self::Variance,
            _ => Self::Other,
        }
    }
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
    if let Some([one, other]) = pair_with(row, p, groups, values, rounding) {
        return Some(format!("a test of groups {one} and {other} alone may give it: name it in a column `test`"));
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

/// Two groups, counted from 1, whose own t-test, or the one by the variance of all, has the p.
fn pair_with(
    row: &SeveralRow,
    p: &Comparison,
    groups: &[MeanOfGroup],
    values: &SeveralMeans,
    rounding: Rounding,
) -> Option<[usize; 2]> {
    let k = groups.len();
    let pairs = (0..k).flat_map(|one| (one + 1..k).map(move |other| [one, other]));
    let is_of = |pair: &[usize; 2]| {
        let own = GroupMeans {
            means: pair.map(|at| values.means[at].clone()),
            sds: pair.map(|at| values.sds[at].clone()),
            meaning: values.meaning,
        };
        let of_two = t_tests(&own, pair.map(|at| row.n[at]), rounding).into_iter().flatten().map(|test| test.p);
        let mut all = of_two.chain([p_of_pair(groups, *pair)]);
        all.any(|found| p.holds_in(found, rounding))
    };
    pairs.into_iter().find(is_of).map(|pair| pair.map(|at| at + 1))
}

/// Whether everything would fit if the SDs were standard errors.
fn as_standard_errors(row: &SeveralRow, values: &SeveralMeans, groups: &[MeanOfGroup], rounding: Rounding) -> bool {
    let scaled = |of: &MeanOfGroup| MeanOfGroup { sd: of.sd.scaled((of.n as f64).sqrt()), ..*of };
    values.meaning == SpreadMeaning::Sd
        && f_tests(&groups.iter().map(scaled).collect::<Vec<_>>())
            .is_ok_and(|tests| parts(&row.beside, &tests, rounding).iter().all(|part| !part.is_wrong()))
}

fn of_counts(row: &SeveralRow, events: &[u64], rounding: Rounding) -> Option<Verdict> {
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
        let told = "nobody had an event, or everybody: no test has a p but one of 1";
        return Some((Status::Refused, told.to_owned()));
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
        add(chi2_of_counts(chi2, df.as_ref(), &tests, rounding));
    }
    if let Some(p) = p {
        add(p_of_counts(row, p, &tests, rounding));
    }
    let (status, told) = verdict;
    // Another test has its own statistic and degrees of freedom.
    let named = row.beside.named_test.as_ref().filter(|name| status == Status::Fail && !names_test_of_counts(name));
    Some(match named {
        Some(name) => {
            (Status::Refused, format!("{}; the p is said to be that of another test: {name}", told.join("; ")))
        }
        None => (status, told.join("; ")),
    })
}

/// The verdict on χ² of counts, which has the degrees of freedom that are printed.
fn chi2_of_counts(chi2: &Numeral, df: Option<&Numeral>, tests: &[CountTest], rounding: Rounding) -> Verdict {
    let range = chi2.rounding_interval(rounding).to_interval();
    let fits = |test: &&CountTest| {
        df.is_none_or(|df| df.value() == test.df)
            && test.statistic.is_some_and(|of| range.nearly_meets(Interval::point(of)))
    };
    if let Some(test) = tests.iter().find(fits) {
        return (Status::Pass, format!("χ² by {}", test.name));
    }
    let all = tests.iter().filter_map(|test| Some(format!("{} ({})", significant(test.statistic?, 4), test.name)));
    (Status::Fail, format!("χ²: the counts give {}", all.collect::<Vec<_>>().join(", ")))
}

/// Whether a name is that of one of the tests that are made of counts of several groups.
fn names_test_of_counts(name: &str) -> bool {
    let name = name.to_lowercase();
    let known =
        ["fisher", "freeman", "exact", "chi", "χ", "pearson", "trend", "armitage", "likelihood", "カイ", "linear"];
    known.iter().any(|known| name.contains(known))
}

fn p_of_counts(row: &SeveralRow, p: &Comparison, tests: &[CountTest], rounding: Rounding) -> Verdict {
    let is_of = |test: &&CountTest| p.holds_in(Interval::point(test.p), rounding);
    if let Some(test) = tests.iter().find(is_of) {
        return (Status::Pass, format!("p by {}", test.name));
    }
    let all = tests.iter().map(|test| format!("{} ({})", significant(test.p, 3), test.name));
    let told = format!("p: the counts give {}", all.collect::<Vec<_>>().join(", "));
    if let Some(name) = row.beside.named_test.as_ref().filter(|name| !names_test_of_counts(name)) {
        return (Status::Refused, format!("{told}; the p is said to be that of another test: {name}"));
    }
    // A trend has two directions.
    let sides = |test: &CountTest| if test.df > 1.0 || test.statistic.is_none() { Some(Tails::Two) } else { None };
    let other = tests.iter().find_map(|test| as_another_p(p, Interval::point(test.p), sides(test), rounding));
    let is_open = row.beside.named_test.is_none() && row.beside.chi2.is_none();
    let near = || {
        let is_near = tests.iter().any(|test| Leeway::usual().admits_printed(p, Interval::point(test.p), rounding));
        (is_open && is_near).then(|| "a test of rates or of a model may give it".to_owned())
    };
    match other.or_else(near) {
        Some(reason) => (Status::Refused, format!("{told}; {reason}")),
        None => (Status::Fail, told),
    }
}
