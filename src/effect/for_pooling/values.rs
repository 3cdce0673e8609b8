//! Effects that follow from the values of a release.

use super::arm_moments::ArmMoments;
use super::{Design, Pool, PoolableEffect, Question};
use crate::diagnostic::{Refused, keep_each_once};
use crate::effect::measures::{Family, Field, Inputs, escalc};
use crate::effect::rates_of_arms::{is_events, rate};
use crate::effect::reported_change::correlation_by_change;
use crate::effect::tables_of_arms::CountsBehind;
use crate::numeric::format::fixed;
use crate::reported::{ArmPair, Cell, Outcome, OutcomeResult, Quantity, Release, ReportedEstimate, Statement};

/// A study before its effect is computed.
struct Study<'a> {
    name: String,
    release: &'a Release,
    arms: &'a [&'a str],
    design: Design,
    n: Option<u64>,
    is_from_median: bool,
    caveats: Vec<String>,
}

impl Study<'_> {
    fn with_effect(self, yi: f64, vi: f64) -> PoolableEffect {
        PoolableEffect {
            name: self.name,
            release: self.release.id.clone(),
            outcome: None,
            arms: self.arms.iter().map(|arm| (*arm).to_owned()).collect(),
            design: self.design,
            n: self.n,
            yi,
            vi,
            is_reported: false,
            is_from_median: self.is_from_median,
            caveats: self.caveats,
        }
    }
}

impl Pool {
    /// A part of a whole, for a proportion.
    pub(super) fn add_number(&mut self, release: &Release, question: &Question<'_>) {
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
        let study = Study {
            name: release.id.clone(),
            release,
            arms: &[number.of.as_deref().unwrap_or_default()],
            design: Design::OneGroup,
            n: Some(whole),
            is_from_median: false,
            caveats: Vec::new(),
        };
        self.add(study, &inputs, 1.0, question);
    }

    pub(super) fn add_outcome(&mut self, release: &Release, question: &Question<'_>) {
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
        let (before, after) = match (ArmMoments::of(first, n_before, question), ArmMoments::of(last, n_after, question))
        {
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
            (Field::Ni, before.n as f64),
            (Field::Ri, r),
        ]);
        caveats.extend(before.notes);
        caveats.extend(after.notes);
        keep_each_once(&mut caveats);
        // The measures are time 1 less time 2: after less before has the other sign.
        let study = Study {
            name,
            release,
            arms: &[&result.arm],
            design: Design::BeforeAfter,
            n: Some(before.n),
            is_from_median: before.is_from_median || after.is_from_median,
            caveats,
        };
        self.add(study, &inputs, -1.0, question);
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
        let change = match ArmMoments::of(cell, release.size_at(&result.arm, cell), question) {
            Ok(change) => change,
            Err(reason) => return self.refuse(&name, reason),
        };
        // A change from a constant has the SD of the change.
        let inputs = Inputs::from([
            (Field::M1i, change.mean),
            (Field::M2i, 0.0),
            (Field::Sd1i, change.sd),
            (Field::Sd2i, 0.0),
            (Field::Ni, change.n as f64),
            (Field::Ri, 0.0),
        ]);
        caveats.extend(change.notes);
        let study = Study {
            name,
            release,
            arms: &[&result.arm],
            design: Design::BeforeAfter,
            n: Some(change.n),
            is_from_median: change.is_from_median,
            caveats,
        };
        self.add(study, &inputs, 1.0, question);
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
        let sizes = [release.size_at(&first.arm, a), release.size_at(&second.arm, b)];
        let (one, two) = match (ArmMoments::of(a, sizes[0], question), ArmMoments::of(b, sizes[1], question)) {
            (Ok(one), Ok(two)) => (one, two),
            (Err(reason), _) | (_, Err(reason)) => return self.refuse(&release.id, reason),
        };
        let inputs = Inputs::from([
            (Field::M1i, one.mean),
            (Field::Sd1i, one.sd),
            (Field::N1i, one.n as f64),
            (Field::M2i, two.mean),
            (Field::Sd2i, two.sd),
            (Field::N2i, two.n as f64),
        ]);
        let (n, is_from_median) = (Some(one.n + two.n), one.is_from_median || two.is_from_median);
        let mut caveats = one.notes;
        caveats.extend(two.notes);
        keep_each_once(&mut caveats);
        if outcome.results.len() > 2 {
            caveats.push(format!("of {} arms, {} and {} are compared", outcome.results.len(), first.arm, second.arm));
        }
        if first.cells.len() > 1 {
            caveats.push(format!("the arms are compared at the occasion {occasion}"));
        }
        let arms = &[first.arm.as_str(), &second.arm];
        let design = Design::TwoGroups;
        let study = Study { name: release.id.clone(), release, arms, design, n, is_from_median, caveats };
        self.add(study, &inputs, 1.0, question);
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
                Some(events) => Ok([events, counts.n]),
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
        let inputs = Inputs::from(
            [(Field::Ai, a), (Field::N1i, n1), (Field::Ci, c), (Field::N2i, n2)]
                .map(|(field, count)| (field, count as f64)),
        );
        let caveats = vec![format!("{} of {} is compared with {} at {occasion}", cells[0], rows[0].arm, cells[1])];
        let study = Study {
            name: release.id.clone(),
            release,
            arms: &rows.map(|row| row.arm.as_str()),
            design: Design::TwoGroups,
            n: Some(n1 + n2),
            is_from_median: false,
            caveats,
        };
        self.add(study, &inputs, 1.0, question);
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
        let study = Study {
            name: release.id.clone(),
            release,
            arms: &[first, second],
            design: Design::TwoGroups,
            n: None,
            is_from_median: false,
            caveats,
        };
        self.add(study, &inputs, 1.0, question);
    }

    fn add_one_group(&mut self, release: &Release, outcome: &Outcome, result: &OutcomeResult, question: &Question<'_>) {
        let name = name_of(release, outcome, result);
        let Some((occasion, cell)) = question.cell(result, Quantity::Value) else {
            return self.refuse(&name, "it does not report that occasion");
        };
        match ArmMoments::of(cell, release.size_at(&result.arm, cell), question) {
            Ok(of) => {
                let inputs = Inputs::from([(Field::Mi, of.mean), (Field::Sdi, of.sd), (Field::Ni, of.n as f64)]);
                let mut caveats = of.notes;
                caveats.push(format!("the occasion {occasion} is used"));
                let study = Study {
                    name,
                    release,
                    arms: &[&result.arm],
                    design: Design::OneGroup,
                    n: Some(of.n),
                    is_from_median: of.is_from_median,
                    caveats,
                };
                self.add(study, &inputs, 1.0, question);
            }
            Err(reason) => self.refuse(&name, reason),
        }
    }

    /// Computes the effect of a study and its variance; `sign` turns time 1 less time 2 into after less before.
    fn add(&mut self, study: Study<'_>, inputs: &Inputs, sign: f64, question: &Question<'_>) {
        match escalc(question.measure, inputs, &question.options) {
            Ok(answer) => match answer.vi.filter(|vi| *vi > 0.0) {
                Some(vi) => {
                    let mut effect = study.with_effect(sign * answer.yi, vi);
                    effect.caveats.extend(answer.note.map(|note| note.to_string()));
                    self.effects.push(effect);
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
