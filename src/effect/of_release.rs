//! Every effect that a release allows, and a reason for every one that it does not.

use super::before_after::{BeforeAfter, CorrelationNeeded};
use super::contrast::{Contrast, ContrastOptions, Correlation};
pub use super::of_arms::{ChangesOfArms, ReleaseBetween, ReleaseChange, ReportedDifference};
use super::proportion::{Denominator, Proportion, denominators, parts_of};
use super::rates_of_arms::is_events;
pub use super::rates_of_arms::{ReleaseRate, ReleaseRateRatio};
pub use super::reported::ReleaseEstimate;
use super::reported::{DegreesOfFreedom, sizes};
use super::reported_change::correlation_by_change;
pub use super::tables_of_arms::{ReleaseShare, ReleaseTable};
use crate::diagnostic::{Refused, keep_each_once};
use crate::estimate::Moments;
use crate::numeric::format::fixed;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Numeral, Relation};
use crate::numeric::rounding::{Rounded, Rounding};
use crate::recover::{ImpossibleCorrelation, ReportedChange, recover_correlation, sd_from_spread};
use crate::reported::{
    Cell, CellForm, NumberForm, Outcome, OutcomeResult, Release, ReportedNumber, SpreadMeaning, Statement, Statistic,
    StudyKind,
};
use std::fmt;

/// The effects of one release.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ReleaseEffects {
    /// Every before/after contrast.
    pub contrasts: Vec<ReleaseContrast>,
    /// Every mean change that was reported as such.
    pub changes: Vec<ReleaseChange>,
    /// Every rate of events over person-time.
    pub rates: Vec<ReleaseRate>,
    /// The ratio of the rates of every two arms.
    pub rate_ratios: Vec<ReleaseRateRatio>,
    /// Every contrast between two arms.
    pub between: Vec<ReleaseBetween>,
    /// Every 2×2 table of two arms.
    pub tables: Vec<ReleaseTable>,
    /// Every effect that the release reports itself.
    pub reported: Vec<ReleaseEstimate>,
    /// Every part of a whole.
    pub proportions: Vec<ReportedProportion>,
    /// How many of an arm it were, at each occasion at which they were counted and one number of people alone prints so.
    pub shares: Vec<ReleaseShare>,
    /// Every percentage without its whole.
    pub percentages: Vec<ReportedPercentage>,
    /// What could not be computed.
    pub refusals: Vec<Refusal>,
}

/// A contrast and where its numbers come from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReleaseContrast {
    /// The outcome.
    pub outcome: String,
    /// The arm.
    pub arm: String,
    /// The occasion that stands for before.
    pub before: String,
    /// The occasion that stands for after.
    pub after: String,
    /// What follows.
    pub contrast: Contrast,
    /// The p-values that the release reports of it.
    pub reported_p: Vec<ReportedP>,
}

/// A reported p-value of a change, and what it says of the correlation if it is that of a paired t-test.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReportedP {
    /// As reported.
    pub p: Comparison,
    /// The correlations that give it.
    pub needs: NeededByP,
}

/// Which correlations give a reported p-value.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NeededByP {
    /// A p below a bound needs one that is large enough.
    Bound(CorrelationNeeded),
    /// A p that equals a number goes with one alone, and with those that rounding leaves.
    Exact(Rounded),
    /// A p that equals a number and goes with no correlation at the printed numbers; whether it may with rounding.
    Nowhere {
        /// Whether numbers behind the printed ones have a correlation that goes with it.
        is_possible: bool,
    },
}

impl ReportedP {
    /// What a p says of the correlation; nothing where it is one above a bound, as of “not significant”, or where there
    /// is no paired t-test.
    fn of(p: &Comparison, input: &BeforeAfter, rounding: Rounding) -> Option<Self> {
        let needs = match p.relation {
            Relation::Less | Relation::LessOrEqual => NeededByP::Bound(input.r_needed(p.bound.value()).ok()?),
            Relation::Equal => {
                let reported = ReportedChange::P(p.bound.rounded(rounding));
                match recover_correlation(&input.before, &input.after, input.n?, reported) {
                    Ok(found) => NeededByP::Exact(found.r),
                    Err(ImpossibleCorrelation::OutOfRange { rounding, .. }) => {
                        let all = Interval::between(-1.0, 1.0);
                        NeededByP::Nowhere { is_possible: rounding.is_none_or(|range| range.meets(all)) }
                    }
                    Err(_) => return None,
                }
            }
            Relation::Greater | Relation::GreaterOrEqual => return None,
        };
        Some(Self { p: p.clone(), needs })
    }
}

/// The end of a sentence that begins with the p-value.
impl fmt::Display for NeededByP {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bound(needed) => needed.fmt(f),
            Self::Exact(r) => {
                let [r, lower, upper] = [r.value, r.range.lower, r.range.upper].map(|r| fixed(r, 3));
                write!(f, "goes with r = {r} ({lower} to {upper} with rounding)")
            }
            Self::Nowhere { is_possible: false } => f.write_str("goes with no r"),
            Self::Nowhere { is_possible: true } => {
                f.write_str("goes with no r at the printed numbers, and may go with one with rounding")
            }
        }
    }
}

impl ReleaseContrast {
    /// What the release reports at an occasion of this contrast.
    pub fn cell<'a>(&self, release: &'a Release, occasion: &str) -> Option<&'a Cell> {
        let outcome = release.outcome(&self.outcome)?;
        outcome.of_arm(&self.arm)?.at(occasion)
    }

    /// The cells before and after, where they are there.
    pub fn cells<'a>(&self, release: &'a Release) -> impl Iterator<Item = &'a Cell> {
        [&self.before, &self.after].map(|occasion| self.cell(release, occasion)).into_iter().flatten()
    }
}

/// A part of a whole.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReportedProportion {
    /// The number that is the part.
    pub number: String,
    /// The proportion.
    pub proportion: Proportion,
    /// The shares that all counts behind a rounded one give.
    pub rounding: Option<Interval>,
}

/// A percentage whose whole is not reported.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReportedPercentage {
    /// The number.
    pub number: String,
    /// The parts and wholes that print so, up to [`LARGEST_WHOLE`].
    pub denominators: Vec<Denominator>,
}

/// How far denominators of a percentage are searched.
pub const LARGEST_WHOLE: u64 = 100;

/// What could not be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalKind {
    /// Anything of one arm, number or release.
    Own,
    /// A contrast between two arms.
    BetweenArms,
    /// Anything of before and after in a whole release; of a part of it that was asked for, this says nothing.
    Whole,
}

/// Something that could not be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// What.
    pub kind: RefusalKind,
    /// The outcome or number; none where it is about the release as a whole.
    pub subject: Option<String>,
    /// The arm, where it is about one of an outcome.
    pub arm: Option<String>,
    /// The arms, where it is about the comparison of two.
    pub between: Option<[String; 2]>,
    /// Why, and what would change that.
    pub reason: String,
}

/// Computes what a release allows.
pub fn effects(release: &Release, options: &ContrastOptions, rounding: Rounding) -> ReleaseEffects {
    let mut effects = ReleaseEffects::default();
    for outcome in &release.outcomes {
        if outcome.results.is_empty() {
            effects.refuse(Some(&outcome.id), unreported(release, outcome));
        }
        for result in &outcome.results {
            effects.add_result(release, outcome, result, options, rounding);
        }
        effects.add_between(release, outcome, options, rounding);
        effects.add_shares(release, outcome, rounding);
    }
    for number in &release.numbers {
        effects.add_number(release, number, rounding);
    }
    for reported in &release.estimates {
        let df = DegreesOfFreedom::of(reported.measure, &sizes(release, reported));
        match ReleaseEstimate::of(reported, df, rounding) {
            Ok(estimate) => effects.reported.push(estimate),
            Err(reason) => effects.refuse(Some(&reported.id), reason.to_string()),
        }
    }
    let is_compared = !effects.between.is_empty()
        || !effects.tables.is_empty()
        || !effects.rates.is_empty()
        || !effects.reported.is_empty();
    if effects.contrasts.is_empty() && effects.changes.is_empty() && !is_compared {
        let reason = without_contrast(release);
        effects.push_refusal(Refusal { kind: RefusalKind::Whole, subject: None, arm: None, between: None, reason });
    }
    effects
}

/// Computes what each of several releases allows.
pub fn effects_of_all<'a>(
    releases: &'a [Release],
    options: &ContrastOptions,
    rounding: Rounding,
) -> Vec<(&'a Release, ReleaseEffects)> {
    releases.iter().map(|release| (release, effects(release, options, rounding))).collect()
}

/// Why an outcome has no contrast: nothing was printed of it.
fn unreported(release: &Release, outcome: &Outcome) -> String {
    if release.estimates.iter().any(|reported| reported.outcome.as_ref() == Some(&outcome.id)) {
        return "its effect is reported, and no value of an arm: nothing else can be computed".to_owned();
    }
    let claimed = release.statements.iter().any(|statement| statement.outcomes.contains(&outcome.id));
    let words = if claimed { "it is compared in words only" } else { "it is named and nothing is reported of it" };
    format!("{words}: means with SDs, or counts, would give an effect size")
}

fn without_contrast(release: &Release) -> String {
    let reason = match release.kind {
        StudyKind::Announcement => "no trial outcome at all: an announcement, whose numbers count people and things",
        StudyKind::Registry => "no before/after outcome: a registry that counts what it has collected",
        StudyKind::AnimalStudy => "no effect size: the release prints no result of any group",
        StudyKind::MetaAnalysis => "no result of a group: a meta-analysis, which reports pooled effects",
        // Medians and counts of two occasions are results, and have their own refusals.
        StudyKind::Trial
            if release.outcomes.iter().flat_map(|of| &of.results).any(|row| row.reported().count() > 1) =>
        {
            "no effect size of before and after: what the release prints of both, it prints in a form that gives none"
        }
        StudyKind::Trial => "no effect size: the release prints no before/after result",
    };
    reason.to_owned()
}

impl ReleaseEffects {
    pub(super) fn refuse(&mut self, subject: Option<&str>, reason: impl Into<String>) {
        let subject = subject.map(str::to_owned);
        self.push_refusal(Refusal { kind: RefusalKind::Own, subject, arm: None, between: None, reason: reason.into() });
    }

    /// Refuses a contrast between two arms, which it names where there are more.
    pub(super) fn refuse_between(&mut self, outcome: &Outcome, arms: [&str; 2], reason: impl fmt::Display) {
        let reason = match outcome.results.len() {
            0..=2 => format!("no contrast between arms: {reason}"),
            _ => format!("no contrast of {} and {}: {reason}", arms[0], arms[1]),
        };
        let (subject, between) = (Some(outcome.id.clone()), Some(arms.map(str::to_owned)));
        self.push_refusal(Refusal { kind: RefusalKind::BetweenArms, subject, arm: None, between, reason });
    }

    /// Refuses what is about one arm of an outcome.
    pub(super) fn refuse_row(&mut self, outcome: &Outcome, row: &OutcomeResult, reason: impl Into<String>) {
        let (subject, arm) = (Some(outcome.id.clone()), Some(row.arm.clone()));
        self.push_refusal(Refusal { kind: RefusalKind::Own, subject, arm, between: None, reason: reason.into() });
    }

    /// What is refused at several occasions for one reason is told once.
    fn push_refusal(&mut self, refusal: Refusal) {
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
    }

    /// A contrast of every later occasion with the first one of the row.
    fn add_result(
        &mut self,
        release: &Release,
        outcome: &Outcome,
        result: &OutcomeResult,
        options: &ContrastOptions,
        rounding: Rounding,
    ) {
        self.add_changes(release, outcome, result, options, rounding);
        self.add_rates(release, outcome, result);
        let Some((first, later)) = result.cells.split_first().filter(|((_, first), _)| !is_events(first)) else {
            return;
        };
        if later.is_empty() && result.changes.is_empty() && !is_compared_with_an_arm(release, outcome, result) {
            let reason = format!("only `{}` is reported: a change needs a second occasion", first.0);
            self.refuse_row(outcome, result, reason);
        }
        for last in later {
            self.add_contrast(release, outcome, result, [first, last], options, rounding);
        }
    }

    fn add_contrast(
        &mut self,
        release: &Release,
        outcome: &Outcome,
        result: &OutcomeResult,
        [(before_id, first), (after_id, last)]: [&(String, Cell); 2],
        options: &ContrastOptions,
        rounding: Rounding,
    ) {
        let mut notes = Vec::new();
        let sizes = [first, last].map(|cell| release.size_at(&result.arm, cell));
        let n = release.size_of_both(&result.arm, [first, last]);
        let moments = [(first, sizes[0]), (last, sizes[1])].map(|(cell, n)| moments(cell, n, rounding, &mut notes));
        let (before, after) = match moments {
            [Ok(_), Ok(_)] if first.center().is_percent() != last.center().is_percent() => {
                return self.refuse_row(outcome, result, "one value is a percentage and the other is not");
            }
            [Ok(before), Ok(after)] => (before, after),
            [Err(reason), _] | [_, Err(reason)] => return self.refuse_row(outcome, result, reason),
        };
        let input = BeforeAfter { n, before, after };
        let mut known = options.clone();
        if options.correlation == Correlation::Unknown {
            match correlation_by_change(release, outcome, result, [first, last], after_id, rounding) {
                Ok(Some((found, from))) => known.correlation = Correlation::Recovered { found, from },
                Ok(None) => {}
                Err(impossible) => notes.push(impossible.to_string()),
            }
        }
        let mut contrast = Contrast::new(input, &known);
        if before.sd.is_none() || after.sd.is_none() {
            let reason = "no standard error, interval, test or standardised change: the release gives no SD; an SD, SE, \
                          confidence interval, exact p or individual data would give them";
            self.refuse_row(outcome, result, reason);
        }
        contrast.check_scale(&outcome.scale);
        let reported_p = reported_p(release, outcome, [&result.arm, after_id], &input, rounding);
        contrast.notes.extend(
            reported_p
                .iter()
                .map(|ReportedP { p, needs }| format!("the reported {p}, if it is that of a paired t-test, {needs}")),
        );
        keep_each_once(&mut notes);
        if let ([Some(first), Some(last)], None) = (sizes, n) {
            notes.push(format!(
                "{first} people are reported before and {last} after: who was measured twice is not, and there is no \
                 interval or test of the change"
            ));
        }
        contrast.caveats = notes;
        contrast.other_reading = other_reading([first, last], &contrast);
        self.contrasts.push(ReleaseContrast {
            outcome: outcome.id.clone(),
            arm: result.arm.clone(),
            before: before_id.clone(),
            after: after_id.clone(),
            contrast,
            reported_p,
        });
    }

    fn add_number(&mut self, release: &Release, number: &ReportedNumber, rounding: Rounding) {
        match &number.form {
            NumberForm::Fraction { part, whole, .. } => self.add_proportion(number, part, whole, rounding),
            NumberForm::Single(part) => match number.of.as_deref() {
                Some(of) => match release.whole(of) {
                    Some(whole) => self.add_proportion(number, part, whole, rounding),
                    None => self.refuse(Some(&number.id), format!("no proportion: the size of `{of}` is not stated")),
                },
                None if part.is_percent() => {
                    let denominators = denominators(part.rounding_interval(rounding), LARGEST_WHOLE);
                    self.percentages.push(ReportedPercentage { number: number.id.clone(), denominators });
                }
                None => {}
            },
        }
    }

    fn add_proportion(&mut self, number: &ReportedNumber, part: &Numeral, whole: &Numeral, rounding: Rounding) {
        if let (true, Some(n)) = (part.is_percent(), whole.count()) {
            return self.add_share(number, part, n, rounding);
        }
        let (Some(k), Some(n)) = (part.count(), whole.count()) else {
            let reason = format!("no proportion: {} of {} are not two whole numbers", part.text(), whole.text());
            return self.refuse(Some(&number.id), reason);
        };
        match Proportion::new(k, n) {
            Ok(proportion) => {
                let behind = part.rounded(rounding).range.scaled(1.0 / n as f64);
                let is_marked = part.unit() != part.decimal().unit();
                let rounding = is_marked.then_some(behind);
                self.proportions.push(ReportedProportion { number: number.id.clone(), proportion, rounding });
            }
            Err(reason) => self.refuse(Some(&number.id), reason),
        }
    }

    /// A percentage of a known whole: the count behind it, if only one prints so.
    fn add_share(&mut self, number: &ReportedNumber, percent: &Numeral, n: u64, rounding: Rounding) {
        let parts = parts_of(percent.rounding_interval(rounding), n);
        let (first, last) = (*parts.start(), *parts.end());
        match Proportion::new(first, n) {
            _ if parts.is_empty() => {
                self.refuse(Some(&number.id), format!("no part of {n} prints as {}", percent.text()));
            }
            Ok(proportion) if first == last => {
                self.proportions.push(ReportedProportion { number: number.id.clone(), proportion, rounding: None });
            }
            _ => {
                let reason = format!(
                    "{} parts of {n}, from {first} on, print as {}: the count is not known",
                    (last - first).saturating_add(1),
                    percent.text()
                );
                self.refuse(Some(&number.id), reason);
            }
        }
    }
}

/// What the paired t-test would need if a ± that the source does not explain were the SE.
fn other_reading([first, last]: [&Cell; 2], contrast: &Contrast) -> Option<String> {
    let input = contrast.input;
    let [before, after] = [(input.before, first, input.n), (input.after, last, input.n)].map(read_as_se);
    let what = match (before, after) {
        (None, None) => return None,
        (Some(_), Some(_)) => "the ± were the SE, the SDs would be".to_owned(),
        (Some(_), None) => format!("the ± of {first} were the SE, its SD would be"),
        (None, Some(_)) => format!("the ± of {last} were the SE, its SD would be"),
    };
    let read = BeforeAfter { before: before.unwrap_or(input.before), after: after.unwrap_or(input.after), ..input };
    let needs = read.r_needed(contrast.alpha).ok()?;
    let needs = needs.in_that_case();
    Some(format!("if {what} √{} times as large, and p < {} {needs}", input.n?, contrast.alpha))
}

/// Mean and SD if the ± of a cell is not explained and were the SE.
pub(super) fn read_as_se((moments, cell, n): (Moments, &Cell, Option<u64>)) -> Option<Moments> {
    let n = n.filter(|_| cell.spread() == Some(SpreadMeaning::Unexplained))?;
    Some(Moments { sd: Some(moments.sd?.scaled((n as f64).sqrt())), ..moments })
}

/// Whether another arm reports the same at the same occasion, so that the arms are compared.
fn is_compared_with_an_arm(release: &Release, outcome: &Outcome, result: &OutcomeResult) -> bool {
    release.pairs_of_arms(outcome).any(|pair| {
        let [first, second] = pair.cells;
        pair.arms().contains(&result.arm.as_str()) && first.is_comparable_with(second)
    })
}

/// The p-values that the release reports of the change of an outcome in an arm, each once, with what they need.
fn reported_p(
    release: &Release,
    outcome: &Outcome,
    [arm, after]: [&str; 2],
    input: &BeforeAfter,
    rounding: Rounding,
) -> Vec<ReportedP> {
    let about = |statement: &&Statement| statement.is_about(&outcome.id, arm) && statement.is_at(after);
    let reported = release.statements.iter().filter(about).filter_map(|statement| statement.p.as_ref());
    let mut all: Vec<ReportedP> = Vec::new();
    for own in reported.filter_map(|p| ReportedP::of(p, input, rounding)) {
        if all.iter().all(|known| known.p.to_string() != own.p.to_string()) {
            all.push(own);
        }
    }
    all
}

/// What makes a mean and an SD of a median.
fn way_out(cell: &Cell) -> &'static str {
    match cell.spread() {
        Some(SpreadMeaning::Quartiles | SpreadMeaning::Range) => {
            "; `reffect convert --to mean-sd` estimates them from its quartiles or range"
        }
        _ => "",
    }
}

/// What is to be known of an SD that is recovered from the precision of a model.
pub(crate) fn note_on_model(cell: &Cell) -> Option<String> {
    let is_of_precision = matches!(cell.spread(), Some(SpreadMeaning::Se | SpreadMeaning::Ci95));
    (cell.adjusted.is_some() && is_of_precision).then(|| {
        format!("`{cell}` is adjusted: the SD behind its precision is that of a model, and effects in units of it tend to be too large")
    })
}

/// Why a geometric mean gives no mean and SD of the values.
pub(super) fn geometric(cell: &Cell) -> Refused {
    no_sd_of_logarithms(&cell.text).into()
}

/// The same of a cell by its text.
pub(crate) fn no_sd_of_logarithms(cell: &str) -> String {
    format!(
        "`{cell}` lies in the middle of the logarithms of its interval alone, as a geometric mean does: that gives no SD \
         of the values; geometric means are compared by their ratio"
    )
}

/// Mean and SD of a cell; notes say what was read or recovered.
pub(crate) fn moments(
    cell: &Cell,
    n: Option<u64>,
    rounding: Rounding,
    notes: &mut Vec<String>,
) -> Result<Moments, Refused> {
    match cell.statistic {
        Statistic::Mean | Statistic::Rate | Statistic::Slope | Statistic::Change => {}
        Statistic::Median => {
            return Err(
                format!("`{cell}` is a median: a difference of means needs means and SDs{}", way_out(cell)).into()
            );
        }
        Statistic::Events => {
            return Err(format!("`{cell}` counts the events of all people: rates are compared by their ratio").into());
        }
        Statistic::Percent | Statistic::Count => {
            return Err(format!(
                "`{cell}` counts patients: a before/after effect needs the 2×2 table of both occasions"
            )
            .into());
        }
    }
    let (spread, meaning) = match &cell.form {
        CellForm::Single(center) => return Ok(Moments { mean: center.rounded(rounding), sd: None }),
        CellForm::Fraction { .. } => return Err(format!("`{cell}` is a count and no mean").into()),
        CellForm::PlusMinus { spread, meaning, .. } => (spread.rounded(rounding), *meaning),
        CellForm::Pair { lower, upper, meaning, .. } => {
            if *meaning != SpreadMeaning::Ci95 {
                let reason = "a pair that is no confidence interval gives no SD without a model of the data";
                return Err(format!("`{cell}`: {reason}").into());
            }
            if cell.is_geometric(rounding) {
                return Err(geometric(cell));
            }
            let (lower, upper) = (lower.rounded(rounding), upper.rounded(rounding));
            (upper.minus(lower).scaled(0.5), *meaning)
        }
    };
    let mean = cell.center().rounded(rounding);
    let needs_n = !matches!(meaning, SpreadMeaning::Sd | SpreadMeaning::Unexplained);
    if needs_n && n.is_none() {
        notes.push("an SE or CI gives an SD only with n, which is not reported".to_owned());
        return Ok(Moments { mean, sd: None });
    }
    let recovered = sd_from_spread(spread, meaning, n.unwrap_or_default())?;
    notes.extend(recovered.note.map(str::to_owned));
    notes.extend(note_on_model(cell));
    Ok(Moments { mean, sd: Some(recovered.sd) })
}
