//! One effect from each release, to be pooled with others: what can be, with its caveats, and why the rest
//! cannot.

mod index;
mod reported;
mod together;

use self::index::Index;
use super::measures::{EffectMeasure, Family, Field, Inputs, Options, escalc};
use super::rates_of_arms::{is_events, rate};
use super::reported_change::correlation_by_change;
use super::tables_of_arms::CountsBehind;
use crate::diagnostic::{Refused, keep_each_once};
use crate::numeric::format::fixed;
use crate::numeric::rounding::Rounding;
use crate::recover::{FiveNumbers, sd_from_spread};
use crate::reported::{
    ArmPair, Cell, CellForm, Outcome, OutcomeResult, Quantity, Release, ReportedEstimate, SpreadMeaning, Statement,
    Statistic,
};
use std::collections::HashMap;

/// What is asked of the releases.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The outcome, or a number that is a part of a whole; the first of several names that a release has.
    pub outcomes: &'a [String],
    /// The occasion that counts; without it the last one.
    pub occasion: Option<&'a str>,
    /// The measure.
    pub measure: &'a EffectMeasure,
    /// The correlation of before and after, for changes.
    pub r: Option<f64>,
    /// Whether an effect that a release reports itself comes before what its values give.
    pub prefers_reported: bool,
    /// How an unexplained ± is read; without it, as an SD, unless other trials speak against that.
    pub unexplained: Option<SpreadMeaning>,
    /// Options of the measure.
    pub options: Options,
    /// How numbers were rounded.
    pub rounding: Rounding,
}

impl Question<'_> {
    fn is_in(&self, release: &Release) -> bool {
        let has_values = match self.measure.family {
            Family::Proportions => self.outcomes.iter().any(|id| release.number(id).is_some()),
            _ => self.outcome(release).is_some(),
        };
        has_values || !self.reported(release).is_empty()
    }

    fn outcome<'r>(&self, release: &'r Release) -> Option<&'r Outcome> {
        self.outcomes.iter().find_map(|id| release.outcome(id))
    }

    /// The outcome of an effect: its own, where it was reported as such, or the one that was asked for.
    fn outcome_of<'r>(&self, releases: &Index<'r>, effect: &PoolableEffect) -> Option<&'r Outcome> {
        let release = releases.release(&effect.release)?;
        match &effect.outcome {
            Some(id) => release.outcome(id),
            None => self.outcome(release),
        }
    }

    /// The cell that counts: that of the occasion, or the last one.
    fn cell<'r>(&self, result: &'r OutcomeResult, quantity: Quantity) -> Option<&'r (String, Cell)> {
        let all = result.all(quantity);
        match self.occasion {
            Some(occasion) => all.iter().find(|(id, _)| id == occasion),
            None => all.last(),
        }
    }

    /// The same of the values, or of the changes where no value counts.
    fn value_or_change<'r>(&self, result: &'r OutcomeResult) -> Option<&'r (String, Cell)> {
        Quantity::BOTH.into_iter().find_map(|quantity| self.cell(result, quantity))
    }
}

/// An effect that can be pooled.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PoolableEffect {
    /// The release, with the arm where it has several.
    pub name: String,
    /// The release.
    pub release: String,
    /// The outcome, where it is of one.
    pub outcome: Option<String>,
    /// The arm, or both.
    pub arm: String,
    /// `before-after`, `two-group` or `one-group`.
    pub design: &'static str,
    /// Patients.
    pub n: f64,
    /// The effect.
    pub yi: f64,
    /// Its sampling variance.
    pub vi: f64,
    /// Whether it is taken as the release reports it, and not computed from its values.
    pub is_reported: bool,
    /// What is to be known of it.
    pub caveats: Vec<String>,
}

/// What can be pooled and what cannot.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Pool {
    /// The effects.
    pub effects: Vec<PoolableEffect>,
    /// Releases, or arms of them, with the reason for which they are left out.
    pub refused: Vec<(String, String)>,
    /// What concerns several of them.
    pub caveats: Vec<String>,
}

/// Mean, SD and size of one cell.
struct Moments {
    mean: f64,
    sd: f64,
    n: f64,
    /// The spread is an unexplained ± that was read as the SD.
    is_guess: bool,
    notes: Vec<String>,
}

/// Collects the effects of all releases that answer the question.
pub fn pool(releases: &[Release], question: &Question<'_>) -> Pool {
    let mut pool = Pool::default();
    // The release that is taken for each registered trial.
    let mut taken: HashMap<&str, &Release> = HashMap::new();
    // Of several reports of one trial the one of most patients is taken.
    let patients = |release: &&Release| -> u64 { release.arms.iter().filter_map(|arm| arm.n.as_ref()?.count()).sum() };
    let mut order: Vec<&Release> = releases.iter().collect();
    order.sort_by_key(|release| (release.registrations.is_empty(), std::cmp::Reverse(patients(release))));
    let mut lacking = Vec::new();
    for release in order {
        if !question.is_in(release) {
            match question.of_other_measure(release) {
                Some(reason) => pool.refuse(&release.id, reason),
                None => lacking.push(release.id.clone()),
            }
            continue;
        }
        let twin = release.registrations.iter().find_map(|id| taken.get(id.as_str()));
        if let Some(twin) = twin {
            let reason = format!(
                "it reports the same trial ({}) as {}: its patients would be counted twice; name one of both files",
                release.registrations.join(", "),
                twin.id
            );
            pool.refused.push((release.id.clone(), reason));
            continue;
        }
        let before = pool.effects.len();
        pool.add_release(release, question);
        if pool.effects.len() > before {
            for id in &release.registrations {
                taken.entry(id).or_insert(release);
            }
        }
    }
    let index = Index::of(releases);
    pool.effects.sort_by_cached_key(|effect| index.place(&effect.release));
    pool.refuse_other_directions(&index, question);
    pool.refuse_other_units(&index, question);
    pool.refuse_doubtful_spreads(&index, question);
    pool.compare_designs(&index, question);
    pool.refused.sort_by_cached_key(|(name, _)| index.place(name));
    if !lacking.is_empty() {
        lacking.sort();
        let reason = format!("no `{}` is reported there", question.outcomes.join("` or `"));
        pool.refused.push((lacking.join(", "), reason));
    }
    pool
}

impl Pool {
    fn refuse(&mut self, name: &str, reason: impl Into<String>) {
        self.refused.push((name.to_owned(), reason.into()));
    }

    /// What the values of a release give, or what it reports itself: the one that is asked for first, then the other.
    fn add_release(&mut self, release: &Release, question: &Question<'_>) {
        let told = self.refused.len();
        if question.prefers_reported && self.add_reported(release, question) {
            return;
        }
        let of_reported = self.refused.split_off(told);
        let (effects, refused) = (self.effects.len(), self.refused.len());
        match question.measure.family {
            Family::Proportions => self.add_number(release, question),
            _ => self.add_outcome(release, question),
        }
        let reasons = self.refused.split_off(refused);
        let is_reported = self.effects.len() == effects && !question.prefers_reported;
        let is_answered = is_reported && self.add_reported(release, question);
        if self.effects.len() == effects {
            self.refused.extend(of_reported);
        }
        if !is_answered {
            self.refused.extend(reasons);
        }
    }

    /// A part of a whole, for a proportion.
    fn add_number(&mut self, release: &Release, question: &Question<'_>) {
        let Some(number) = question.outcomes.iter().find_map(|id| release.number(id)) else { return };
        let whole = number.of.as_deref().and_then(|of| release.whole(of)).and_then(|n| n.count());
        let (part, whole) = match &number.form {
            crate::reported::NumberForm::Fraction { part, whole, .. } => (part.count(), whole.count()),
            crate::reported::NumberForm::Single(part) => (part.count(), whole),
        };
        let (Some(part), Some(whole)) = (part, whole) else {
            return self.refuse(&release.id, format!("`{}` is no count of a known whole", number.id));
        };
        let inputs = Inputs::from([(Field::Xi, part as f64), (Field::Ni, whole as f64)]);
        let arm = number.of.clone().unwrap_or_default();
        let study = study(release.id.clone(), release, arm, "one-group", whole as f64, Vec::new());
        self.add(study, &inputs, 1.0, question);
    }

    fn add_outcome(&mut self, release: &Release, question: &Question<'_>) {
        let Some(outcome) = question.outcome(release) else { return };
        if outcome.results.is_empty() {
            return self.refuse(&release.id, "it names the outcome and prints no result of it");
        }
        match question.measure.family {
            Family::Change => {
                // Separate groups of patients are pooled each; controls of a comparison are not treated.
                let is_comparison = compares(release, outcome);
                for (position, result) in outcome.results.iter().enumerate() {
                    let name = name_of(release, outcome, result);
                    if is_comparison && position > 0 {
                        let reason = "it is the control arm of a comparison, and no treated group before and after; \
                                      the difference of the arms is pooled by a measure of two groups, such as MD";
                        self.refuse(&name, reason);
                        continue;
                    }
                    self.add_change(release, (outcome, result), name, is_comparison, question);
                }
            }
            Family::TwoGroups => self.add_pair(release, outcome, question),
            Family::Counts => self.add_counts(release, outcome, question),
            Family::TwoRates => self.add_rates(release, outcome, question),
            Family::OneGroup => {
                for result in &outcome.results {
                    self.add_one_group(release, outcome, result, question);
                }
            }
            _ => {
                let reason = format!("{} is not made of means of releases", question.measure.code);
                self.refuse(&release.id, reason);
            }
        }
    }

    /// A change of one arm, from both occasions or as it was reported.
    fn add_change(
        &mut self,
        release: &Release,
        (outcome, result): (&Outcome, &OutcomeResult),
        name: String,
        is_comparison: bool,
        question: &Question<'_>,
    ) {
        let mut caveats = Vec::new();
        if is_comparison {
            caveats.push("its treated arm alone is used, as a single group before and after".to_owned());
        }
        let last = question.cell(result, Quantity::Value);
        // A change of its own needs no correlation; but the last one may be an earlier one than the last value.
        let change = question.cell(result, Quantity::Change).filter(|(id, _)| last.is_none_or(|(last, _)| last == id));
        if let Some((_, cell)) = change.filter(|_| last.is_none() || is_of_change(question)) {
            return self.add_reported_change(release, result, name, cell, caveats, question);
        }
        let (Some((first_id, first)), Some((last_id, last))) = (result.cells.first(), last) else {
            return self.refuse(&name, "it does not report that occasion");
        };
        if first_id == last_id {
            return self.refuse(&name, format!("it reports one occasion only ({first_id}): there is no change"));
        }
        if result.cells.len() > 2 {
            caveats.push(format!("of {} occasions, {first_id} and {last_id} are compared", result.cells.len()));
        }
        if !first.is_comparable_with(last) {
            return self.refuse(&name, "its two occasions report different statistics or units");
        }
        let [n_before, n_after] = [first, last].map(|cell| release.size_at(&result.arm, cell));
        if n_before != n_after {
            return self
                .refuse(&name, "it reports other numbers of people before than after: who was measured twice is not");
        }
        let (before, after) = match (moments(first, n_before, question), moments(last, n_after, question)) {
            (Ok(before), Ok(after)) => (before, after),
            (Err(reason), _) | (_, Err(reason)) => return self.refuse(&name, reason),
        };
        let reported = match correlation_by_change(release, outcome, result, [first, last], last_id, question.rounding)
        {
            Ok(reported) => reported,
            Err(reason) => return self.refuse(&name, reason.to_string()),
        };
        if let Some((found, from)) = &reported {
            let [r, lower, upper] = [found.r.value, found.r.range.lower, found.r.range.upper].map(|r| fixed(r, 3));
            caveats.push(format!(
                "the correlation of before and after, {r} ({lower} to {upper} with rounding), follows from {from}"
            ));
        }
        let Some(r) = reported.map(|(found, _)| found.r.value).or(question.r) else {
            let reason = "a change needs the correlation of before and after: --r 0.5";
            return self.refuse(&name, reason);
        };
        let inputs = Inputs::from([
            (Field::M1i, before.mean),
            (Field::M2i, after.mean),
            (Field::Sd1i, before.sd),
            (Field::Sd2i, after.sd),
            (Field::Ni, before.n),
            (Field::Ri, r),
        ]);
        caveats.extend(before.notes);
        caveats.extend(after.notes);
        keep_each_once(&mut caveats);
        // The measures are time 1 less time 2: after less before has the other sign.
        self.add(study(name, release, result.arm.clone(), "before-after", before.n, caveats), &inputs, -1.0, question);
    }

    fn add_reported_change(
        &mut self,
        release: &Release,
        result: &OutcomeResult,
        name: String,
        cell: &Cell,
        mut caveats: Vec<String>,
        question: &Question<'_>,
    ) {
        if !is_of_change(question) {
            let reason =
                format!("it reports a change, from which MC and SMCC follow, but no {}", question.measure.code);
            return self.refuse(&name, reason);
        }
        let change = match moments(cell, release.size_at(&result.arm, cell), question) {
            Ok(change) => change,
            Err(reason) => return self.refuse(&name, reason),
        };
        // A change from a constant has the SD of the change.
        let inputs = Inputs::from([
            (Field::M1i, change.mean),
            (Field::M2i, 0.0),
            (Field::Sd1i, change.sd),
            (Field::Sd2i, 0.0),
            (Field::Ni, change.n),
            (Field::Ri, 0.0),
        ]);
        caveats.extend(change.notes);
        self.add(study(name, release, result.arm.clone(), "before-after", change.n, caveats), &inputs, 1.0, question);
    }

    /// The first two arms at the last occasion that both report.
    fn add_pair(&mut self, release: &Release, outcome: &Outcome, question: &Question<'_>) {
        let ArmPair { rows: [first, second], occasion, cells: [a, b], .. } = match compared(release, outcome, question)
        {
            Ok(compared) => compared,
            Err(reason) => return self.refuse(&release.id, reason.to_string()),
        };
        if !a.is_comparable_with(b) {
            return self.refuse(&release.id, "its arms report different statistics or units");
        }
        let both = [a, b].map(|cell| cell.clone());
        let sizes = [release.size_at(&first.arm, a), release.size_at(&second.arm, b)];
        let (one, two) = match (moments(&both[0], sizes[0], question), moments(&both[1], sizes[1], question)) {
            (Ok(one), Ok(two)) => (one, two),
            (Err(reason), _) | (_, Err(reason)) => return self.refuse(&release.id, reason),
        };
        let inputs = Inputs::from([
            (Field::M1i, one.mean),
            (Field::Sd1i, one.sd),
            (Field::N1i, one.n),
            (Field::M2i, two.mean),
            (Field::Sd2i, two.sd),
            (Field::N2i, two.n),
        ]);
        let mut caveats = one.notes;
        caveats.extend(two.notes);
        keep_each_once(&mut caveats);
        if outcome.results.len() > 2 {
            caveats.push(format!("of {} arms, {} and {} are compared", outcome.results.len(), first.arm, second.arm));
        }
        if first.cells.len() > 1 {
            caveats.push(format!("the arms are compared at the occasion {occasion}"));
        }
        let arm = format!("{} − {}", first.arm, second.arm);
        self.add(study(release.id.clone(), release, arm, "two-group", one.n + two.n, caveats), &inputs, 1.0, question);
    }

    /// Counts of the first two arms at the last occasion that both report.
    fn add_counts(&mut self, release: &Release, outcome: &Outcome, question: &Question<'_>) {
        let ArmPair { rows, occasion, cells, .. } = match compared(release, outcome, question) {
            Ok(compared) => compared,
            Err(reason) => return self.refuse(&release.id, reason.to_string()),
        };
        let counts = |at: usize| {
            let counts = CountsBehind::of(cells[at], release.size_at(&rows[at].arm, cells[at]), question.rounding)?;
            match counts.only() {
                Some(events) => Ok([events as f64, counts.n as f64]),
                None => Err(Refused::from(format!(
                    "{} counts of {} print as `{}`",
                    counts.possibilities(),
                    counts.n,
                    cells[at]
                ))),
            }
        };
        let ([a, n1], [c, n2]) = match (counts(0), counts(1)) {
            (Ok(one), Ok(two)) => (one, two),
            (Err(reason), _) | (_, Err(reason)) => return self.refuse(&release.id, reason.to_string()),
        };
        let inputs = Inputs::from([(Field::Ai, a), (Field::N1i, n1), (Field::Ci, c), (Field::N2i, n2)]);
        let caveats = vec![format!("{} of {} is compared with {} at {occasion}", cells[0], rows[0].arm, cells[1])];
        let arm = format!("{} − {}", rows[0].arm, rows[1].arm);
        self.add(study(release.id.clone(), release, arm, "two-group", n1 + n2, caveats), &inputs, 1.0, question);
    }

    /// Events over person-time of the first two arms at the last occasion that both report.
    fn add_rates(&mut self, release: &Release, outcome: &Outcome, question: &Question<'_>) {
        let pair = match compared(release, outcome, question) {
            Ok(compared) => compared,
            Err(reason) => return self.refuse(&release.id, reason.to_string()),
        };
        if !pair.cells.iter().all(|cell| is_events(cell)) {
            return self.refuse(&release.id, "its arms report no events over person-time (statistic = \"events\")");
        }
        let [first, second] = pair.arms();
        let rates =
            [(first, pair.cells[0]), (second, pair.cells[1])].map(|(arm, cell)| rate(release, outcome, arm, cell));
        let (one, two) = match rates {
            [Ok(one), Ok(two)] => (one, two),
            [Err(reason), _] | [_, Err(reason)] => return self.refuse(&release.id, reason.to_string()),
        };
        let inputs = Inputs::from([
            (Field::X1i, one.events() as f64),
            (Field::T1i, one.time()),
            (Field::X2i, two.events() as f64),
            (Field::T2i, two.time()),
        ]);
        let caveats = vec![format!(
            "{} events in {} of {first} are compared with {} in {}",
            one.events(),
            one.time(),
            two.events(),
            two.time()
        )];
        let arm = format!("{first} − {second}");
        self.add(study(release.id.clone(), release, arm, "two-group", f64::NAN, caveats), &inputs, 1.0, question);
    }

    fn add_one_group(&mut self, release: &Release, outcome: &Outcome, result: &OutcomeResult, question: &Question<'_>) {
        let name = name_of(release, outcome, result);
        let Some((occasion, cell)) = question.cell(result, Quantity::Value) else {
            return self.refuse(&name, "it does not report that occasion");
        };
        match moments(cell, release.size_at(&result.arm, cell), question) {
            Ok(of) => {
                let inputs = Inputs::from([(Field::Mi, of.mean), (Field::Sdi, of.sd), (Field::Ni, of.n)]);
                let mut caveats = of.notes;
                caveats.push(format!("the occasion {occasion} is used"));
                let arm = result.arm.clone();
                self.add(study(name, release, arm, "one-group", of.n, caveats), &inputs, 1.0, question);
            }
            Err(reason) => self.refuse(&name, reason),
        }
    }

    /// Computes the effect of a study and its variance; `sign` turns time 1 less time 2 into after less before.
    fn add(&mut self, mut study: PoolableEffect, inputs: &Inputs, sign: f64, question: &Question<'_>) {
        match escalc(question.measure, inputs, &question.options) {
            Ok(answer) => match answer.vi.filter(|vi| *vi > 0.0) {
                Some(vi) => {
                    study.caveats.extend(answer.note.map(|note| note.to_string()));
                    self.effects.push(PoolableEffect { yi: sign * answer.yi, vi, ..study });
                }
                None => {
                    let reason = answer.note.map_or("it has no sampling variance".to_owned(), |note| note.to_string());
                    self.refuse(&study.name, reason);
                }
            },
            Err(reason) => self.refuse(&study.name, reason.to_string()),
        }
    }
}

/// A study before its effect is computed.
fn study(
    name: String,
    release: &Release,
    arm: String,
    design: &'static str,
    n: f64,
    caveats: Vec<String>,
) -> PoolableEffect {
    let (yi, vi) = (f64::NAN, f64::NAN);
    let outcome = None;
    PoolableEffect { name, release: release.id.clone(), outcome, arm, design, n, yi, vi, is_reported: false, caveats }
}

/// Whether the results of an outcome belong to arms that are compared, and not to subgroups: a statement or a
/// reported effect of the release says so by `versus`.
fn compares(release: &Release, outcome: &Outcome) -> bool {
    let said = |statement: &Statement| statement.versus.is_some() && statement.outcomes.contains(&outcome.id);
    let reported = |of: &ReportedEstimate| of.versus.is_some() && of.outcome.as_ref() == Some(&outcome.id);
    outcome.results.len() > 1 && (release.statements.iter().any(said) || release.estimates.iter().any(reported))
}

/// The first two arms of an outcome at the occasion that is asked for, or at the last one that both report.
fn compared<'a>(release: &Release, outcome: &'a Outcome, question: &Question<'_>) -> Result<ArmPair<'a>, Refused> {
    let [first, second, ..] = outcome.results.as_slice() else {
        let reason = format!(
            "it has one arm: there is no difference between groups for {}; its own change is pooled by MC, SMCR \
             or ROMC with --r, apart from randomised differences",
            question.measure.code
        );
        return Err(reason.into());
    };
    let is_wanted = |id: &str| question.occasion.is_none_or(|occasion| occasion == id);
    // Values, where they are reported, and otherwise changes.
    let shared = |quantity| ArmPair::all([first, second], quantity).rfind(|pair| is_wanted(pair.occasion));
    let Some(pair) = Quantity::BOTH.into_iter().find_map(shared) else {
        return Err("its arms report no such occasion in common".into());
    };
    if !compares(release, outcome) {
        let reason = "no [[statement]] or [[estimate]] of the release has a `versus` for this outcome: its groups may be \
                      subgroups, the difference of which is no effect; where they are compared, say so: [[statement]] with \
                      claim = \"difference\", outcome, arm and versus";
        return Err(reason.into());
    }
    Ok(pair)
}

fn name_of(release: &Release, outcome: &Outcome, result: &OutcomeResult) -> String {
    if outcome.only_result().is_some() { release.id.clone() } else { format!("{}: {}", release.id, result.arm) }
}

/// Whether the measure follows from a change and its SD alone.
fn is_of_change(question: &Question<'_>) -> bool {
    matches!(question.measure.code, "MC" | "SMCC")
}

/// Whether an arm is this one, or one of the two that a contrast names: `dose10` is not `dose1`.
fn is_of_arm(named: &str, arm: &str) -> bool {
    named.strip_prefix(arm).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Mean and SD behind a cell, with what was done to it.
fn moments(cell: &Cell, n: Option<u64>, question: &Question<'_>) -> Result<Moments, Refused> {
    let Some(n) = n else { return Err("the number of patients is not stated".into()) };
    let mut notes = Vec::new();
    let mean = cell.center().value();
    let statistic = cell.statistic;
    match (&cell.form, statistic) {
        (_, Statistic::Count | Statistic::Percent | Statistic::Events) | (CellForm::Fraction { .. }, _) => {
            Err(format!("`{cell}` counts patients and is no mean").into())
        }
        (CellForm::Single(_), _) => Err(format!("`{cell}` has no SD, SE or interval").into()),
        (CellForm::Pair { lower, upper, meaning, .. }, Statistic::Median) => {
            let (low, high) = (Some(lower.value()), Some(upper.value()));
            let numbers = match meaning {
                SpreadMeaning::Range => {
                    FiveNumbers { min: low, q1: None, median: Some(mean), q3: None, max: high, n: n as f64 }
                }
                SpreadMeaning::Quartiles => {
                    FiveNumbers { min: None, q1: low, median: Some(mean), q3: high, max: None, n: n as f64 }
                }
                _ => return Err(format!("`{cell}` is a median whose pair is neither a range nor quartiles").into()),
            };
            let found = numbers.mean_and_sd().map_err(|reason| format!("`{cell}`: {reason}"))?;
            let mean = found.mean.ok_or_else(|| format!("`{cell}` gives no mean"))?;
            let skew = numbers.skewness().is_some_and(|skewness| skewness.is_significant);
            notes.push(format!(
                "the median {cell} is converted to {mean:.2} ± {:.2} as if the data were normal{}",
                found.sd,
                if skew { ", and they look skewed" } else { "" }
            ));
            Ok(Moments { mean, sd: found.sd, n: n as f64, is_guess: false, notes })
        }
        (_, Statistic::Median) => Err(format!("`{cell}` is a median without range or quartiles").into()),
        (CellForm::PlusMinus { spread, meaning, .. }, _) => {
            let is_unexplained = *meaning == SpreadMeaning::Unexplained;
            let read = question.unexplained.filter(|_| is_unexplained).unwrap_or(*meaning);
            let found = sd_from_spread(spread.rounded(question.rounding), read, n)?;
            let sd = found.sd.value;
            match (is_unexplained, read) {
                (true, SpreadMeaning::Unexplained | SpreadMeaning::Sd) => {
                    notes.push(format!("what the ± of {cell} is, is not said: read as the SD"));
                }
                (true, _) => notes.push(format!(
                    "what the ± of {cell} is, is not said: taken for {}, as was asked, and the SD is {sd:.2}",
                    if read == SpreadMeaning::Se { "the standard error" } else { "half of a confidence interval" }
                )),
                (_, SpreadMeaning::Se) => {
                    notes
                        .push(format!("the ± of {cell} is the standard error: the SD is {sd:.2}, √{n} times as large"));
                }
                _ => notes.extend(found.note.map(str::to_owned)),
            }
            let is_guess = is_unexplained && question.unexplained.is_none();
            Ok(Moments { mean, sd, n: n as f64, is_guess, notes })
        }
        (CellForm::Pair { lower, upper, meaning: SpreadMeaning::Ci95, .. }, _) => {
            let half = upper.rounded(question.rounding).minus(lower.rounded(question.rounding)).scaled(0.5);
            let found = sd_from_spread(half, SpreadMeaning::Ci95, n)?;
            notes.push(format!("the SD behind {cell} is recovered from its confidence interval"));
            Ok(Moments { mean, sd: found.sd.value, n: n as f64, is_guess: false, notes })
        }
        (CellForm::Pair { .. }, _) => {
            Err(format!("`{cell}`: the pair of a mean gives no SD without a model of the data").into())
        }
    }
}
