//! Rows of a table: is each mean and SD possible, and does what stands beside it belong to it?

use super::cells::{Verdict, between_limits};
use super::correlations::of_correlation;
use super::debit::debit;
use super::effect_beside_groups::of_effect;
use super::estimates::{of_itself, put_in_place};
use super::grim::grim;
use super::grimmer::grimmer;
use super::mean_intervals::of_mean;
use super::medians::median_exists;
use super::near_misses::near_misses;
use super::reported_test::{self, Tails};
use super::table_groups::{GroupMeans, GroupValues, GroupsRow, is_p_of_counts, of_groups};
use super::table_percentages::judge_percentage;
use super::test_statistic::{Quantile, TestStatistic, ci_around, ci_fits, standard_error};
use super::{NOT_DECIDABLE, Status, both};
use crate::effect::reported::DegreesOfFreedom;
use crate::numeric::decimal::Decimal;
use crate::numeric::dist::{alpha_of, normal_critical};
use crate::numeric::format::{fixed, significant};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Numeral};
use crate::numeric::rounding::Rounding;
use crate::reconstruct::{DataSets, Grid, Lattice, Summary, Unreconstructable};
use crate::reported::{ReportedEstimate, Scale, SpreadMeaning};

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
}

/// What was found; none where it does not apply or cannot be decided, with a note that says why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowVerdict {
    /// Some total prints as the mean.
    pub grim: Option<bool>,
    /// Whole numbers print as mean and SD.
    pub grimmer: Option<bool>,
    /// Zeros and ones print as mean and SD.
    pub debit: Option<bool>,
    /// Data on the scale print as mean and SD.
    pub exists: Option<bool>,
    /// Values on the scale have the median.
    pub median: Option<bool>,
    /// What is reported of the difference of two groups belongs to their values.
    pub groups: Option<bool>,
    /// The standard error and the interval belong to the SD.
    pub spread: Option<bool>,
    /// The p belongs to the test statistic, or to the interval.
    pub p_value: Option<bool>,
    /// The effect lies in the middle of its interval.
    pub interval: Option<bool>,
    /// What was found, could not be decided, or could not be read, as `code: reason`.
    pub notes: Vec<String>,
    /// What does not apply, and why.
    pub absent: Vec<String>,
}

impl RowVerdict {
    /// That on a test and its p alone.
    pub(super) fn of_p((status, told): Verdict) -> Self {
        let mut verdict = Self { p_value: decided(status), ..Self::default() };
        match status {
            Status::Pass if told.is_empty() => {}
            Status::Refused => verdict.notes.push(format!("p-value: not decidable: {told}")),
            _ => verdict.notes.push(format!("p-value: {told}")),
        }
        verdict
    }

    /// Each verdict with the code of its check.
    pub fn verdicts(&self) -> [(&'static str, Option<bool>); 9] {
        [
            ("grim", self.grim),
            ("grimmer", self.grimmer),
            ("debit", self.debit),
            ("existence", self.exists),
            ("median", self.median),
            ("groups", self.groups),
            ("spread", self.spread),
            ("p-value", self.p_value),
            ("interval", self.interval),
        ]
    }

    /// Whether nothing could be judged.
    pub fn is_undecided(&self) -> bool {
        self.verdicts().iter().all(|(_, verdict)| verdict.is_none())
    }

    /// The codes of the checks that apply and could not be decided; a note says why.
    pub fn open(&self) -> Vec<&'static str> {
        let is_noted = |code: &str| self.notes.iter().any(|note| note.starts_with(&format!("{code}: ")));
        let open = self.verdicts().into_iter().filter(|(code, verdict)| verdict.is_none() && is_noted(code));
        open.map(|(code, _)| code).collect()
    }

    /// Leaves out the verdicts of some checks, and what was noted of them.
    pub fn retain(&mut self, is_chosen: impl Fn(&str) -> bool) {
        for (code, verdict) in [
            ("grim", &mut self.grim),
            ("grimmer", &mut self.grimmer),
            ("debit", &mut self.debit),
            ("existence", &mut self.exists),
            ("median", &mut self.median),
            ("groups", &mut self.groups),
            ("spread", &mut self.spread),
            ("p-value", &mut self.p_value),
            ("interval", &mut self.interval),
        ] {
            if !is_chosen(code) {
                *verdict = None;
                self.notes.retain(|note| !note.starts_with(&format!("{code}: ")));
            }
        }
        // That step is supposed for these alone.
        if !["grim", "grimmer", "debit", "existence"].into_iter().any(&is_chosen) {
            self.notes.retain(|note| !note.starts_with("step: "));
        }
        let codes = |reason: &str| reason.split_once(": ").map_or("", |(codes, _)| codes).to_owned();
        self.absent.retain(|reason| codes(reason).split(", ").any(&is_chosen));
    }

    /// Notes what does not apply.
    fn explain_absent(&mut self, row: &TableRow) {
        let mut absent = |codes: &str, reason: &str| self.absent.push(format!("{codes}: {reason}"));
        let has_mean = row.mean.is_some() && !row.is_percent;
        if row.groups.is_some() && !self.notes.iter().any(|note| note.starts_with("groups: ")) {
            let reason = match &row.estimate {
                Some(_) => "the effect is none of their means, and is held against its own interval and p alone",
                None => "no t, df, p, chi2, se or interval of their difference is given",
            };
            absent("groups", reason);
        }
        if row.mean.is_none() && row.median.is_some() && row.se.is_some() {
            absent("spread", "the standard error beside a median is left aside");
        }
        if row.mean.is_none() && row.groups_on_scale().is_some() {
            absent("spread", "no mean with n is given");
        } else if row.mean.is_none() {
            absent("grim, grimmer, debit, existence, spread", "no mean with n is given");
        } else if row.has_no_steps() && has_mean {
            let codes = if self.exists.is_none() { "grim, grimmer, debit, existence" } else { "grim, grimmer, debit" };
            absent(codes, "the values have no steps, so that every mean and SD has data");
        } else if row.is_percent {
            absent("grimmer, debit, existence, spread", "the row is a percentage");
        } else if row.sd.is_none() {
            absent("grimmer, debit", "no SD is given");
        }
        if has_mean && row.scale.is_none() && (row.min.is_none() || row.max.is_none()) {
            let codes = if self.exists.is_none() { "debit, existence" } else { "debit" };
            absent(codes, "no smallest and largest value is given");
        } else if has_mean && !row.has_no_steps() && row.sd.is_some() && self.debit.is_none() {
            absent("debit", "the values are not 0 and 1");
        }
        if has_mean && self.spread.is_none() {
            match (row.sd.is_some(), row.se.is_some() || row.ci.is_some()) {
                (true, true) => {}
                (true, false) => absent("spread", "no standard error and no interval is given"),
                (false, _) => absent("spread", "no SD is given, and no standard error beside an interval"),
            }
        }
        let has_p = row
            .estimate
            .as_ref()
            .is_some_and(|of| of.reported.p.is_some() && (of.reported.interval.is_some() || of.reported.se.is_some()));
        if row.test.is_none() && !has_p && self.p_value.is_none() {
            absent(
                "p-value",
                "it needs a p beside a test statistic with its degrees of freedom, or beside an interval",
            );
        }
    }

    /// Whether something is wrong.
    pub fn is_inconsistent(&self) -> bool {
        self.verdicts().iter().any(|(_, verdict)| *verdict == Some(false))
    }
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
    if let Some((status, told)) = of_groups {
        verdict.groups = decided(status);
        let open = if status == Status::Refused { NOT_DECIDABLE } else { "" };
        verdict.notes.push(format!("groups: {open}{}", told.trim_start_matches(NOT_DECIDABLE)));
    }
    if let Some((median, n)) = &row.median {
        judge_median(row, median, *n, rounding, &mut verdict);
        judge_interval_of_median(row, median, rounding, &mut verdict);
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
    verdict
}

/// Whether an effect belongs to its interval, and its p.
fn judge_estimate(estimate: &RowEstimate, row: &TableRow, rounding: Rounding, verdict: &mut RowVerdict) {
    let df = DegreesOfFreedom::of(estimate.reported.measure, &estimate.sizes);
    let mut made = of_itself(&estimate.reported, df, false, row.tails, rounding);
    for other in of_correlation(&estimate.reported, df, row.tails, rounding) {
        put_in_place(&mut made, other);
    }
    for (code, (status, message)) in made {
        let is_of_counts = || {
            let of = row.groups.as_ref().zip(estimate.reported.p.as_ref());
            of.is_some_and(|(groups, p)| is_p_of_counts(groups, p, rounding))
        };
        let is_passed = code == "p-value" && status != Status::Pass && is_of_counts();
        let (status, message) = if is_passed { (Status::Pass, String::new()) } else { (status, message) };
        let found = decided(status);
        match code {
            "interval" => verdict.interval = found,
            // What fails, fails, whatever stands beside it.
            _ if verdict.p_value == Some(false) => {}
            _ => verdict.p_value = found.or(verdict.p_value),
        }
        if found != Some(true) {
            let differ = if code == "p-value" { decide_differently(&estimate.reported) } else { None };
            verdict.notes.push(format!("{code}: {message}{}", differ.unwrap_or_default()));
        }
    }
}

/// What is to be said where an interval leaves out no effect and its p does not, or the other way round; none where
/// both decide alike.
fn decide_differently(reported: &ReportedEstimate) -> Option<String> {
    let interval = reported.interval.as_ref()?;
    let says = reported.p.as_ref()?.says_significant(alpha_of(interval.level))?;
    let nothing = reported.measure.none();
    let (lower, upper) = (interval.lower.value(), interval.upper.value());
    let holds = lower <= nothing && nothing <= upper;
    // An end that prints as no effect decides nothing.
    let is_clear = lower != nothing && upper != nothing;
    let told = if holds { "holds" } else { "leaves out" };
    (is_clear && says == holds).then(|| {
        format!("; interval and p decide differently: the interval {told} {nothing}, and the p is {}", {
            if says { "significant" } else { "not significant" }
        })
    })
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
        add(by_sd.range.meets(printed), &told);
    }
    let Some((lower, upper)) = &row.ci else { return };
    if lower.decimal() > upper.decimal() {
        return add(false, &|| format!("the interval {lower} to {upper} ends below its beginning"));
    }
    let ends = [lower, upper].map(|end| end.rounding_interval(rounding).to_interval());
    let whole = Interval { lower: ends[0].lower, upper: ends[1].upper };
    if !mean.rounding_interval(rounding).to_interval().meets(whole) {
        return add(false, &|| format!("the mean {mean} lies outside of its interval {lower} to {upper}"));
    }
    if by_sd.is_none() && row.se.is_none() {
        let (status, told) = of_mean(mean, [lower, upper], rounding);
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

/// A verdict as true or false; none where it cannot be decided.
fn decided(status: Status) -> Option<bool> {
    match status {
        Status::Pass => Some(true),
        Status::Fail => Some(false),
        Status::Refused | Status::Accepted => None,
    }
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

/// Whether values on the scale have a median.
fn judge_median(row: &TableRow, median: &Numeral, n: u64, rounding: Rounding, verdict: &mut RowVerdict) {
    if row.has_no_steps() {
        return;
    }
    let found = grid(row).and_then(|grid| {
        let lattice = lattice(row, grid.as_ref())?;
        Ok(median_exists(median, Some(n), lattice, grid.as_ref(), rounding))
    });
    match found {
        Ok(found) => verdict.median = found,
        Err(reason) => verdict.notes.push(format!("median: {reason}")),
    }
    if verdict.median == Some(false) {
        let told = if n % 2 == 1 {
            format!("of {n} people the median is a value of one of them, and none is {median}")
        } else {
            format!("of {n} people the median is the middle between two values, and none is {median}")
        };
        verdict.notes.push(format!("median: {told}"));
    }
}

/// Whether a median lies in its interval, which need not have it in the middle. Beside a mean an interval is that of the
/// mean.
fn judge_interval_of_median(row: &TableRow, median: &Numeral, rounding: Rounding, verdict: &mut RowVerdict) {
    let Some((lower, upper)) = row.ci.as_ref().filter(|_| row.mean.is_none()) else { return };
    let range = |number: &Numeral| number.rounding_interval(rounding).to_interval();
    let whole = Interval { lower: range(lower).lower, upper: range(upper).upper };
    let wrong = if lower.decimal() > upper.decimal() {
        Some(format!("the interval {lower} to {upper} ends below its beginning"))
    } else {
        (!range(median).meets(whole))
            .then(|| format!("the median {median} lies outside of its interval {lower} to {upper}"))
    };
    match wrong {
        Some(told) => {
            verdict.interval = Some(false);
            verdict.notes.push(format!("interval: {told}"));
        }
        None => {
            let told = "the median lies in its interval, and that of a median need not have it in the middle";
            verdict.absent.push(format!("interval: {told}"));
        }
    }
}

impl TableRow {
    /// The means and SDs of two groups with their sizes, where the scale of their values is named.
    fn groups_on_scale(&self) -> Option<(&GroupMeans, [u64; 2])> {
        let is_named = self.scale.is_some() || self.items > 1 || self.step.or(self.min).or(self.max).is_some();
        match &self.groups {
            Some(GroupsRow { values: GroupValues::Means(of), n, .. }) if is_named => Some((of, *n)),
            _ => None,
        }
    }

    /// Whether the values are known to have no steps.
    fn has_no_steps(&self) -> bool {
        self.scale.as_ref().is_some_and(|scale| matches!(Grid::of_scale(scale), Err(Unreconstructable::NoSteps(_))))
    }
}

fn judge_mean(row: &TableRow, summary: &Summary, verdict: &mut RowVerdict) {
    if let Some(scale) = row.scale.as_ref().filter(|_| row.has_no_steps()) {
        return judge_between_limits(scale, summary, verdict);
    }
    let grid = match grid(row) {
        Ok(grid) => grid,
        Err(reason) => {
            verdict.notes.push(format!("existence: {reason}"));
            None
        }
    };
    let lattice = match lattice(row, grid.as_ref()) {
        Ok(lattice) => lattice,
        Err(reason) => return verdict.notes.push(format!("grim: {reason}")),
    };
    judge_total(summary, lattice, verdict);
    if row.sd.is_some() {
        match grimmer(summary, lattice) {
            Ok(found) => {
                verdict.grimmer = Some(found.is_consistent());
                // That no total prints as the mean is GRIM's to say.
                if !found.is_consistent() && verdict.grim != Some(false) {
                    let near = near_misses_of_sd(summary, lattice);
                    verdict.notes.push(format!("grimmer: {}{near}", found.finding()));
                }
            }
            Err(reason) => verdict.notes.push(format!("grimmer: {reason}")),
        }
    }
    let Some(grid) = grid else { return };
    if row.sd.is_some() && is_binary(&grid) {
        match debit(summary) {
            Ok(counts) => verdict.debit = Some(!counts.is_empty()),
            Err(reason) => verdict.notes.push(format!("debit: {reason}")),
        }
    }
    judge_existence(row, summary, &grid, verdict);
}

/// Whether the means and SDs of both groups are possible, as a mean and an SD of their own are, where the row names the
/// scale of the values: without one nothing says that these are whole numbers.
fn judge_groups_on_scale(row: &TableRow, rounding: Rounding, verdict: &mut RowVerdict) {
    let Some((of, n)) = row.groups_on_scale() else { return };
    for at in [0, 1] {
        let (mean, sd) = (of.means[at].clone(), of.sds[at].clone());
        let of_group = TableRow { sd: Some(sd.clone()), ..row.clone() };
        let summary = Summary { mean, spread: Some(sd), meaning: of.meaning, n: n[at], rounding };
        let mut found = RowVerdict::default();
        judge_mean(&of_group, &summary, &mut found);
        let is_first = at == 0 && row.mean.is_none();
        for (own, other) in [
            (&mut verdict.grim, found.grim),
            (&mut verdict.grimmer, found.grimmer),
            (&mut verdict.debit, found.debit),
            (&mut verdict.exists, found.exists),
        ] {
            *own = match (*own, other) {
                (_, other) if is_first => other,
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        let of_group = |note: String| match note.split_once(": ") {
            Some((code, told)) => format!("{code}: group {}: {told}", at + 1),
            None => note,
        };
        verdict.notes.extend(found.notes.into_iter().map(of_group));
    }
}

/// What limits say of a mean and an SD whose values have no steps.
fn judge_between_limits(scale: &Scale, summary: &Summary, verdict: &mut RowVerdict) {
    let mean = summary.mean.rounded(summary.rounding).range;
    let is_beyond = scale.min().is_some_and(|min| mean.upper < min.to_f64())
        || scale.max().is_some_and(|max| mean.lower > max.to_f64());
    if is_beyond {
        verdict.exists = Some(false);
        return verdict.notes.push(format!("existence: the mean {} lies outside of the scale", summary.mean));
    }
    let limits = scale.min().zip(scale.max()).map(|(min, max)| Interval::between(min.to_f64(), max.to_f64()));
    match limits.and_then(|limits| between_limits(summary, limits)) {
        Some((Status::Fail, told)) => {
            verdict.exists = Some(false);
            verdict.notes.push(format!("existence: {told}"));
        }
        Some((Status::Pass, _)) => verdict.exists = Some(true),
        _ => {}
    }
}

/// The numbers on which the values of a row lie.
fn lattice(row: &TableRow, grid: Option<&Grid>) -> Result<Lattice, Unreconstructable> {
    match (grid, row.step) {
        (Some(grid), _) => Ok(grid.lattice()),
        // One limit alone makes no scale, and yet the values are steps away from it.
        (None, _) if row.items == 1 => {
            Grid::range(row.min, row.max, row.step.unwrap_or(WHOLE)).map(|grid| grid.lattice())
        }
        (None, Some(step)) if step != WHOLE => Err(steps_of_items()),
        (None, _) if [row.min, row.max].into_iter().flatten().any(|limit| limit.to_integer().is_none()) => {
            Err(steps_of_items())
        }
        (None, _) => Ok(Lattice::whole(row.items)),
    }
}

/// Whether a total prints as the mean, and which means are next where none does.
fn judge_total(summary: &Summary, lattice: Lattice, verdict: &mut RowVerdict) {
    let found = match grim(summary, lattice) {
        Ok(found) => found,
        Err(reason) => return verdict.notes.push(format!("grim: {reason}")),
    };
    verdict.grim = Some(found.is_consistent());
    if !found.is_consistent() {
        let (mean, n) = (&summary.mean, summary.n);
        let parts = n.saturating_mul(lattice.denominator.unsigned_abs());
        let [below, above] = found.beside().map(|total| beside(mean, total, parts, 1.0));
        let told = format!("no total of {n} people prints as the mean {mean}: the next ones are {below} and {above}");
        let fits = |of: Summary| grim(&of, lattice).is_ok_and(|found| found.is_consistent());
        let near = near_misses(
            n,
            &|n| fits(Summary { n, ..summary.clone() }),
            &[("the mean", mean, &|mean| fits(Summary { mean: mean.clone(), ..summary.clone() }))],
        );
        verdict.notes.push(format!("grim: {told}{near}"));
    }
}

/// What would fit in place of a mean and an SD that no whole numbers have.
fn near_misses_of_sd(summary: &Summary, lattice: Lattice) -> String {
    /// Of more people every number would be tried with all their totals.
    const MOST_PEOPLE: u64 = 10_000;
    let Some(sd) = summary.spread.as_ref().filter(|_| summary.n <= MOST_PEOPLE) else { return String::new() };
    let fits = |of: Summary| grimmer(&of, lattice).is_ok_and(|found| found.is_consistent());
    near_misses(
        summary.n,
        &|n| fits(Summary { n, ..summary.clone() }),
        &[
            ("the SD", sd, &|sd| fits(Summary { spread: Some(sd.clone()), ..summary.clone() })),
            ("the mean", &summary.mean, &|mean| fits(Summary { mean: mean.clone(), ..summary.clone() })),
        ],
    )
}

/// Whether data on the scale print as mean and SD.
fn judge_existence(row: &TableRow, summary: &Summary, grid: &Grid, verdict: &mut RowVerdict) {
    let reason = match DataSets::new(summary, grid, &[]).map(|sets| sets.existence()) {
        Ok(Some(exists)) => {
            verdict.exists = Some(exists);
            if !exists {
                verdict.notes.push("existence: no data set on the scale prints so".to_owned());
            }
            return;
        }
        // No search is needed where no whole numbers of steps have such a mean and SD.
        Ok(None) if [verdict.grim, verdict.grimmer].contains(&Some(false)) => {
            verdict.exists = Some(false);
            return verdict.notes.push("existence: no data set on the scale prints so".to_owned());
        }
        Ok(None) => "too many combinations would have to be tried".to_owned(),
        Err(reason) => reason.to_string(),
    };
    // No data exist beyond the limits of the scale, however many people there are.
    let named = row.scale.as_ref().map_or((row.min, row.max), |scale| (scale.min(), scale.max()));
    let limits = named.0.zip(named.1).map(|(min, max)| Interval::between(min.to_f64(), max.to_f64()));
    let by_limits = limits.and_then(|limits| between_limits(summary, limits));
    match by_limits.filter(|(status, _)| *status == Status::Fail) {
        Some((_, told)) => {
            verdict.exists = Some(false);
            verdict.notes.push(format!("existence: {told}"));
        }
        None => verdict.notes.push(format!("existence: {reason}")),
    }
}

/// A mean of a total of so many parts, in digits that tell it from the printed one.
pub(super) fn beside(printed: &Numeral, total: i128, parts: u64, unit: f64) -> String {
    fixed(unit * total as f64 / parts as f64, printed.decimal().decimals() as usize + 1)
}

/// The step between values where none is named.
const WHOLE: Decimal = Decimal::from_integer(1);

/// The values of a row's scale, where it has both limits, or one and a spread.
fn grid(row: &TableRow) -> Result<Option<Grid>, Unreconstructable> {
    if let Some(scale) = &row.scale {
        return Grid::of_scale(scale).map(Some);
    }
    let is_whole = |limit: Decimal| row.step.is_some() || limit.to_integer().is_some();
    let (min, max) = match (row.min, row.max) {
        (Some(min), Some(max)) => (min, max),
        // A spread bounds the values where the scale does not: counts have no largest value.
        (one, other) if row.items == 1 && row.sd.is_some() && one.or(other).is_some_and(is_whole) => {
            return Grid::range(one, other, row.step.unwrap_or(WHOLE)).map(Some);
        }
        _ => return Ok(None),
    };
    if row.items == 1 {
        return Grid::range(Some(min), Some(max), row.step.unwrap_or(WHOLE)).map(Some);
    }
    let whole = |value: Decimal| value.to_integer().and_then(|value| i64::try_from(value).ok());
    match (whole(min), whole(max), row.step.is_none_or(|step| step == WHOLE)) {
        (Some(min), Some(max), true) => Grid::items(row.items, min, max).map(Some),
        _ => Err(steps_of_items()),
    }
}

fn steps_of_items() -> Unreconstructable {
    Unreconstructable::Scale("items with limits or steps that are no whole numbers are not supported".to_owned())
}

fn is_binary(grid: &Grid) -> bool {
    grid.denominator() == 1 && grid.limits() == (Some(0), Some(1))
}

#[cfg(test)]
mod tests {
    use super::*;

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
                beside: crate::check::table_groups::BesideGroups::default(),
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
