//! Effects that follow from the values of a release.

use super::arm_moments::ArmMoments;
use super::{ArmSpread, Design, Pool, PoolableEffect, Question};
use crate::diagnostic::{Refused, keep_each_once};
use crate::effect::measures::{EffectMeasure, Family, Field, Inputs, escalc, measure};
use crate::effect::of_logarithms::{BY_LOGARITHMS, are_on_logarithms, moments_of_logarithms};
use crate::effect::rates_of_arms::{is_events, rate};
use crate::effect::reported_change::correlation_by_change;
use crate::effect::tables_of_arms::CountsBehind;
use crate::numeric::format::fixed;
use crate::reported::{ArmPair, Cell, NumberForm, Outcome, OutcomeResult, Quantity, Release, ReportedNumber};

/// What an effect is computed from.
struct Study {
    arms: Vec<String>,
    design: Design,
    n: Option<u64>,
    /// The occasion, of a change the later one.
    occasion: Option<String>,
    inputs: Inputs,
    /// The measure that these inputs are for, where it is not the one that was asked for.
    by: Option<&'static EffectMeasure>,
    /// −1 turns time 1 less time 2, as the measures of change are, into after less before.
    sign: f64,
    is_from_median: bool,
    is_r_assumed: bool,
    is_in_percent: bool,
    spreads: Vec<ArmSpread>,
    caveats: Vec<String>,
}

impl Study {
    fn of(design: Design, arms: &[&str], inputs: Inputs) -> Self {
        let arms = arms.iter().map(|arm| (*arm).to_owned()).collect();
        Self {
            arms,
            design,
            n: None,
            occasion: None,
            inputs,
            by: None,
            sign: 1.0,
            is_from_median: false,
            is_r_assumed: false,
            is_in_percent: false,
            spreads: Vec::new(),
            caveats: Vec::new(),
        }
    }

    /// The same at an occasion.
    fn at(self, occasion: &str) -> Self {
        Self { occasion: Some(occasion.to_owned()), ..self }
    }

    /// An effect of time 1 less time 2, or of these without a sign, in the direction of the study.
    fn directed(&self, measure: &EffectMeasure, yi: f64) -> f64 {
        match measure.code {
            // A probability of more at time 1 has no sign: the other direction is its complement.
            "CLESCN" if self.sign < 0.0 => 1.0 - yi,
            _ => self.sign * yi,
        }
    }
}

impl Pool {
    /// A part of a whole, for a proportion.
    pub(super) fn add_number(&mut self, release: &Release, question: &Question<'_>) {
        if let Some(number) = question.outcomes.iter().find_map(|id| release.number(id)) {
            self.add(release, release.id.clone(), share(release, number), question);
        }
    }

    /// What the results of the outcome give.
    pub(super) fn add_outcome(&mut self, release: &Release, question: &Question<'_>) {
        let Some(outcome) = question.outcome(release) else { return };
        if outcome.results.is_empty() {
            return self.refuse(&release.id, "it names the outcome and prints no result of it");
        }
        let of_arms = match question.measure.family {
            Family::TwoGroups => means(release, outcome, question),
            Family::Counts => counts(release, outcome, question),
            Family::TwoRates => rates(release, outcome, question),
            Family::Change => return self.add_changes(release, outcome, question),
            Family::OneGroup => {
                for result in &outcome.results {
                    let study = match release.whole_in(outcome, &result.arm) {
                        Some(whole) => Err(among(whole)),
                        None => one_group(release, result, question),
                    };
                    self.add(release, name_of(release, outcome, result), study, question);
                }
                return;
            }
            _ => Err(format!("{} is not made of means of releases", question.measure.code).into()),
        };
        self.add(release, release.id.clone(), of_arms, question);
    }

    /// Separate groups of patients are pooled each; controls of a comparison are not treated.
    fn add_changes(&mut self, release: &Release, outcome: &Outcome, question: &Question<'_>) {
        let comparisons = release.comparisons(outcome);
        for result in &outcome.results {
            let is_of = |place: usize| comparisons.iter().any(|rows| rows[place].arm == result.arm);
            let study = if let Some(whole) = release.whole_in(outcome, &result.arm) {
                Err(among(whole))
            } else if comparisons.is_empty() {
                change(release, outcome, result, question)
            } else if is_of(0) {
                change(release, outcome, result, question).map(|mut study| {
                    let caveat = "its treated arm alone is used, as a single group before and after";
                    study.caveats.insert(0, caveat.to_owned());
                    study
                })
            } else if is_of(1) {
                let reason = "it is the control arm of a comparison, and no treated group before and after; the \
                              difference of the arms is pooled by a measure of two groups, such as MD";
                Err(reason.into())
            } else {
                Err("the release compares other arms of this outcome: these people may be among theirs".into())
            };
            self.add(release, name_of(release, outcome, result), study, question);
        }
    }

    /// Computes the effect of a study and its variance.
    fn add(&mut self, release: &Release, name: String, study: Result<Study, Refused>, question: &Question<'_>) {
        let effect = study.and_then(|study| {
            let answer = escalc(study.by.unwrap_or(question.measure), &study.inputs, &question.options)
                .map_err(|reason| Refused::from(reason.to_string()))?;
            let note = answer.note.map(|note| note.to_string());
            let Some(vi) = answer.vi.filter(|vi| *vi > 0.0) else {
                return Err(note.unwrap_or_else(|| "it has no sampling variance".to_owned()).into());
            };
            let yi = study.directed(question.measure, answer.yi);
            let mut caveats = study.caveats;
            caveats.extend(note);
            Ok(PoolableEffect {
                name: name.clone(),
                release: release.id.clone(),
                outcome: None,
                arms: study.arms,
                design: study.design,
                n: study.n,
                occasion: study.occasion,
                yi,
                vi,
                is_reported: false,
                is_from_median: study.is_from_median,
                is_r_assumed: study.is_r_assumed,
                caveats,
                spreads: study.spreads,
                is_in_percent: study.is_in_percent,
            })
        });
        match effect {
            Ok(effect) => self.effects.push(effect),
            Err(reason) => self.refuse(&name, reason),
        }
    }
}

/// Why a subgroup is not pooled beside its whole.
fn among(whole: &str) -> Refused {
    format!("its people are among those of `{whole}`").into()
}

/// A count of a whole.
fn share(release: &Release, number: &ReportedNumber) -> Result<Study, Refused> {
    let whole = number.of.as_deref().and_then(|of| release.whole(of)).and_then(|n| n.count());
    let (part, whole) = match &number.form {
        NumberForm::Fraction { part, whole, .. } => (part.count(), whole.count()),
        NumberForm::Single(part) => (part.count(), whole),
    };
    let (Some(part), Some(whole)) = (part, whole) else {
        return Err(format!("`{}` is no count of a known whole", number.id).into());
    };
    let inputs = Inputs::from([(Field::Xi, part as f64), (Field::Ni, whole as f64)]);
    let arm = number.of.as_deref().unwrap_or_default();
    Ok(Study { n: Some(whole), ..Study::of(Design::OneGroup, &[arm], inputs) })
}

/// A change of one arm, from both occasions or as it was reported.
fn change(
    release: &Release,
    outcome: &Outcome,
    result: &OutcomeResult,
    question: &Question<'_>,
) -> Result<Study, Refused> {
    let last = question.cell(result, Quantity::Value);
    // A change of its own needs no correlation; but the last one may be an earlier one than the last value.
    let change = question.cell(result, Quantity::Change).filter(|(id, _)| last.is_none_or(|(last, _)| last == id));
    let (change, in_other_unit) = in_unit_of_values(result, change, last.is_some());
    if let Some((id, cell)) = change.filter(|_| last.is_none() || is_of_change(question)) {
        return Ok(reported_change(release, result, cell, question)?.at(id));
    }
    let (Some((first_id, first)), Some((last_id, last))) = (result.cells.first(), last) else {
        return Err("it does not report that occasion".into());
    };
    if first_id == last_id {
        return Err(format!("it reports one occasion only ({first_id}): there is no change").into());
    }
    if !first.is_comparable_with(last) {
        return Err("its two occasions report different statistics or units".into());
    }
    let [n_before, n_after] = [first, last].map(|cell| release.size_at(&result.arm, cell));
    if n_before != n_after {
        return Err("it reports other numbers of people before than after: who was measured twice is not".into());
    }
    let (before, after) = (ArmMoments::of(first, n_before, question)?, ArmMoments::of(last, n_after, question)?);
    let mut caveats = Vec::new();
    caveats.extend(in_other_unit.map(told_of_unit));
    if result.cells.len() > 2 {
        caveats.push(format!("of {} occasions, {first_id} and {last_id} are compared", result.cells.len()));
    }
    let found = correlation_by_change(release, outcome, result, [first, last], last_id, question.rounding)
        .map_err(|reason| Refused::from(reason.to_string()))?;
    if let Some((found, from)) = &found {
        let [r, lower, upper] = [found.r.value, found.r.range.lower, found.r.range.upper].map(|r| fixed(r, 3));
        caveats.push(format!(
            "the correlation of before and after, {r} ({lower} to {upper} with rounding), follows from {from}"
        ));
    }
    let is_r_assumed = found.is_none();
    let Some(r) = found.map(|(found, _)| found.r.value).or(question.r) else {
        let told =
            in_other_unit.map(|cell| format!("; its reported change, {cell}, is in another unit than its values"));
        let told = told.unwrap_or_default();
        return Err(format!("a change needs the correlation of before and after: --r 0.5{told}").into());
    };
    let inputs = Inputs::from([
        (Field::M1i, before.mean),
        (Field::M2i, after.mean),
        (Field::Sd1i, before.sd),
        (Field::Sd2i, after.sd),
        (Field::Ni, before.n as f64),
        (Field::Ri, r),
    ]);
    let is_from_median = before.is_from_median || after.is_from_median;
    let spreads = vec![before.spread(), after.spread()];
    caveats.extend(before.notes);
    caveats.extend(after.notes);
    keep_each_once(&mut caveats);
    let study = Study::of(Design::BeforeAfter, &[&result.arm], inputs).at(last_id);
    let is_in_percent = last.center().is_percent();
    Ok(Study { n: Some(before.n), sign: -1.0, is_from_median, is_r_assumed, is_in_percent, spreads, caveats, ..study })
}

/// The occasion of a change with its cell.
type ReportedAt<'a> = &'a (String, Cell);

/// A reported change that can be taken for the difference of the values; and the one that is in another unit than
/// these.
fn in_unit_of_values<'a>(
    result: &OutcomeResult,
    change: Option<ReportedAt<'a>>,
    has_values: bool,
) -> (Option<ReportedAt<'a>>, Option<&'a Cell>) {
    let start = result.cells.first().map(|(_, start)| start.center().is_percent());
    match change {
        Some((_, cell)) if has_values && start.is_some_and(|is_percent| is_percent != cell.center().is_percent()) => {
            (None, Some(cell))
        }
        change => (change, None),
    }
}

fn told_of_unit(cell: &Cell) -> String {
    let [printed, others] =
        if cell.center().is_percent() { ["in per cent", "not"] } else { ["not in per cent", "in per cent"] };
    format!("its reported change, {cell}, is {printed}, and its values are {others}: the values are used")
}

/// A change that the release reports of an arm.
fn reported_change(
    release: &Release,
    result: &OutcomeResult,
    cell: &Cell,
    question: &Question<'_>,
) -> Result<Study, Refused> {
    if !is_of_change(question) {
        let code = question.measure.code;
        return Err(format!("it reports a change, from which MC and SMCC follow, but no {code}").into());
    }
    let change = ArmMoments::of(cell, release.size_at(&result.arm, cell), question)?;
    // A change from a constant has the SD of the change.
    let inputs = Inputs::from([
        (Field::M1i, change.mean),
        (Field::M2i, 0.0),
        (Field::Sd1i, change.sd),
        (Field::Sd2i, 0.0),
        (Field::Ni, change.n as f64),
        (Field::Ri, 0.0),
    ]);
    let study = Study::of(Design::BeforeAfter, &[&result.arm], inputs);
    let (spreads, is_in_percent) = (vec![change.spread()], cell.center().is_percent());
    let is_from_median = change.is_from_median;
    Ok(Study { n: Some(change.n), is_from_median, is_in_percent, spreads, caveats: change.notes, ..study })
}

/// Means of the first two arms at the last occasion that both report.
fn means(release: &Release, outcome: &Outcome, question: &Question<'_>) -> Result<Study, Refused> {
    let (pair, mut caveats) = compared(release, outcome, question)?;
    let ArmPair { rows: [first, second], occasion, cells: [a, b], quantity } = pair;
    if !a.is_comparable_with(b) {
        return Err("its arms report different statistics or units".into());
    }
    if question.measure.code == "ROM" && quantity == Quantity::Value && are_on_logarithms(pair.cells, question.rounding)
    {
        return ratio_by_logarithms(release, &pair, caveats, question);
    }
    let one = ArmMoments::of(a, release.size_at(&first.arm, a), question)?;
    let two = ArmMoments::of(b, release.size_at(&second.arm, b), question)?;
    let inputs = Inputs::from([
        (Field::M1i, one.mean),
        (Field::Sd1i, one.sd),
        (Field::N1i, one.n as f64),
        (Field::M2i, two.mean),
        (Field::Sd2i, two.sd),
        (Field::N2i, two.n as f64),
    ]);
    let spreads = vec![one.spread(), two.spread()];
    caveats.splice(0..0, one.notes.into_iter().chain(two.notes));
    keep_each_once(&mut caveats);
    if first.cells.len() > 1 {
        caveats.push(format!("the arms are compared at the occasion {occasion}"));
    }
    if quantity == Quantity::Change && matches!(question.measure.code, "ROM" | "CVR") {
        caveats.push("its arms report changes: the ratio is one of mean changes, and not of means".to_owned());
    }
    let is_from_median = one.is_from_median || two.is_from_median;
    let is_in_percent = a.center().is_percent();
    let study = Study::of(Design::TwoGroups, &[&first.arm, &second.arm], inputs).at(occasion);
    Ok(Study { n: Some(one.n + two.n), is_from_median, is_in_percent, spreads, caveats, ..study })
}

/// The log ratio of two means with intervals of their logarithms: the difference of these.
fn ratio_by_logarithms(
    release: &Release,
    pair: &ArmPair<'_>,
    mut caveats: Vec<String>,
    question: &Question<'_>,
) -> Result<Study, Refused> {
    let &ArmPair { rows, occasion, cells, .. } = pair;
    let of = |at: usize| {
        let n = release.size_at(&rows[at].arm, cells[at]).ok_or("the number of patients is not stated")?;
        let moments = moments_of_logarithms(cells[at], Some(n), question.rounding)?;
        let sd = moments.sd.ok_or("it has no SD")?.value;
        Ok::<_, Refused>((moments.mean.value, sd, n))
    };
    let ((m1, sd1, n1), (m2, sd2, n2)) = (of(0)?, of(1)?);
    let inputs = Inputs::from([
        (Field::M1i, m1),
        (Field::Sd1i, sd1),
        (Field::N1i, n1 as f64),
        (Field::M2i, m2),
        (Field::Sd2i, sd2),
        (Field::N2i, n2 as f64),
    ]);
    caveats.insert(0, BY_LOGARITHMS.to_owned());
    let study = Study::of(Design::TwoGroups, &rows.map(|row| row.arm.as_str()), inputs).at(occasion);
    Ok(Study { by: Some(measure("MD")?), n: Some(n1 + n2), caveats, ..study })
}

/// Counts of the first two arms at the last occasion that both report.
fn counts(release: &Release, outcome: &Outcome, question: &Question<'_>) -> Result<Study, Refused> {
    let (ArmPair { rows, occasion, cells, .. }, mut caveats) = compared(release, outcome, question)?;
    let count = |at: usize| {
        let counts = CountsBehind::of(cells[at], release.size_at(&rows[at].arm, cells[at]), question.rounding)?;
        counts.only().map(|events| (events, counts.n)).ok_or_else(|| {
            Refused::from(format!("{} counts of {} print as `{}`", counts.possibilities(), counts.n, cells[at]))
        })
    };
    let ((a, n1), (c, n2)) = (count(0)?, count(1)?);
    let fields = [(Field::Ai, a), (Field::N1i, n1), (Field::Ci, c), (Field::N2i, n2)];
    let inputs = Inputs::from(fields.map(|(field, count)| (field, count as f64)));
    caveats.push(format!("{} of {} is compared with {} at {occasion}", cells[0], rows[0].arm, cells[1]));
    let study = Study::of(Design::TwoGroups, &[&rows[0].arm, &rows[1].arm], inputs).at(occasion);
    Ok(Study { n: Some(n1 + n2), caveats, ..study })
}

/// Events over person-time of the first two arms at the last occasion that both report.
fn rates(release: &Release, outcome: &Outcome, question: &Question<'_>) -> Result<Study, Refused> {
    let (pair, mut caveats) = compared(release, outcome, question)?;
    if !pair.cells.iter().all(|cell| is_events(cell)) {
        return Err("its arms report no events over person-time (statistic = \"events\")".into());
    }
    let [first, second] = pair.arms();
    let one = rate(release, outcome, first, pair.cells[0])?;
    let two = rate(release, outcome, second, pair.cells[1])?;
    let inputs = Inputs::from([
        (Field::X1i, one.events() as f64),
        (Field::T1i, one.time()),
        (Field::X2i, two.events() as f64),
        (Field::T2i, two.time()),
    ]);
    // As printed: 125.0 is more than 125.
    let over = |at: usize, time: f64| {
        pair.cells[at].time.as_ref().map_or_else(|| time.to_string(), |printed| printed.text().to_owned())
    };
    let unit = outcome.exposure.as_ref().map(|exposure| format!(" {}", exposure.unit.en)).unwrap_or_default();
    caveats.push(format!(
        "compares {} events in {}{unit} ({first}) with {} in {} ({second})",
        one.events(),
        over(0, one.time()),
        two.events(),
        over(1, two.time())
    ));
    Ok(Study { caveats, ..Study::of(Design::TwoGroups, &[first, second], inputs).at(pair.occasion) })
}

/// The mean of one arm.
fn one_group(release: &Release, result: &OutcomeResult, question: &Question<'_>) -> Result<Study, Refused> {
    let Some((occasion, cell)) = question.cell(result, Quantity::Value) else {
        return Err("it does not report that occasion".into());
    };
    let of = ArmMoments::of(cell, release.size_at(&result.arm, cell), question)?;
    let inputs = Inputs::from([(Field::Mi, of.mean), (Field::Sdi, of.sd), (Field::Ni, of.n as f64)]);
    let spreads = vec![of.spread()];
    let mut caveats = of.notes;
    caveats.push(format!("the occasion {occasion} is used"));
    let study = Study::of(Design::OneGroup, &[&result.arm], inputs).at(occasion);
    let is_in_percent = cell.center().is_percent();
    Ok(Study { n: Some(of.n), is_from_median: of.is_from_median, is_in_percent, spreads, caveats, ..study })
}

/// The arms that the release compares, at the occasion that is asked for or at the last one that both report: the first
/// of its comparisons, in the direction of that; and what is to be known of the choice.
fn compared<'a>(
    release: &'a Release,
    outcome: &'a Outcome,
    question: &Question<'_>,
) -> Result<(ArmPair<'a>, Vec<String>), Refused> {
    if outcome.only_result().is_some() {
        let reason = format!(
            "it has one arm: there is no difference between groups for {}; its own change is pooled by MC, SMCR \
             or ROMC with --r, apart from randomised differences",
            question.measure.code
        );
        return Err(reason.into());
    }
    let comparisons = release.comparisons(outcome);
    let Some(&rows) = comparisons.first() else {
        let reason = "no [[statement]] or [[estimate]] of the release has a `versus` for this outcome: its groups may be \
                      subgroups, the difference of which is no effect; where they are compared, say so: [[statement]] with \
                      claim = \"difference\", outcome, arm and versus";
        return Err(reason.into());
    };
    let is_wanted = |id: &str| question.occasion.is_none_or(|occasion| occasion == id);
    // Values, where they are reported, and otherwise changes.
    let shared = |quantity| ArmPair::all(rows, quantity).rfind(|pair| is_wanted(pair.occasion));
    let Some(pair) = Quantity::BOTH.into_iter().find_map(shared) else {
        return Err("its arms report no such occasion in common".into());
    };
    let mut caveats = Vec::new();
    if let [_, others @ ..] = comparisons.as_slice()
        && !others.is_empty()
    {
        let name = |rows: &[&OutcomeResult; 2]| format!("{} with {}", rows[0].arm, rows[1].arm);
        let others: Vec<String> = others.iter().map(name).collect();
        caveats.push(format!("{} is compared; the release also compares {}", name(&rows), others.join(", ")));
    }
    Ok((pair, caveats))
}

fn name_of(release: &Release, outcome: &Outcome, result: &OutcomeResult) -> String {
    if outcome.only_result().is_some() { release.id.clone() } else { format!("{}: {}", release.id, result.arm) }
}

/// Whether the measure follows from a change and its SD alone.
fn is_of_change(question: &Question<'_>) -> bool {
    matches!(question.measure.code, "MC" | "SMCC")
}
