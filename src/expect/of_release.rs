//! Results of a release, by the words of an expectation.

use super::compare::Answer;
use crate::check::Check;
use crate::diagnostic::{Refused, meant_or_known};
use crate::effect::contrast::{ContrastOptions, Correlation};
use crate::effect::of_release::{Refusal, RefusalKind, ReleaseBetween, ReleaseEffects, effects};
use crate::effect::proportion::ProportionCi;
use crate::estimate::{Estimate, Measure, TestResult};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::of_release::Behind;
use crate::reconstruct::paired::{Paired, RNeeded};
use crate::reported::{ArmOrder, CellAsked, Chosen, Outcome, OutcomeResult, Quantity, Release, ReportedMeasure};

/// What is known of a result, part by part.
pub type Answers = Vec<(&'static str, Answer)>;

/// The level of `r_needed`.
const ALPHA: f64 = 0.05;

/// So many joint tables are visited.
const MOST_TABLES: u64 = 100_000;

/// "there is no outcome `relaps-rate`; did you mean `relapse-rate`?"
fn unknown<'a>(kind: &str, id: &str, known: impl Iterator<Item = &'a str> + Clone) -> Refused {
    format!("there is no {kind} `{id}`; {}", meant_or_known(id, "known ones", known)).into()
}

fn row<'a>(release: &'a Release, asked: &CellAsked) -> Result<(&'a Outcome, &'a OutcomeResult), Refused> {
    let outcome = release.outcome(&asked.outcome).ok_or_else(|| {
        unknown("outcome", &asked.outcome, release.outcomes.iter().map(|outcome| outcome.id.as_str()))
    })?;
    let arms = outcome.results.iter().map(|row| row.arm.as_str());
    let row = match (&asked.arm, outcome.results.as_slice()) {
        (Some(arm), _) => outcome.of_arm(arm).ok_or_else(|| unknown("result for the arm", arm, arms))?,
        (None, [row]) => row,
        (None, []) => return Err(format!("the release prints no result of {}", outcome.id).into()),
        (None, _) => {
            let arms = arms.collect::<Vec<_>>().join(", ");
            return Err(format!("{} has several arms: write arm = one of {arms}", outcome.id).into());
        }
    };
    Ok((outcome, row))
}

fn several_occasions(ids: &[&str]) -> Refused {
    format!("there are several occasions: write occasion = one of {}", ids.join(", ")).into()
}

/// The text of a cell, as printed.
pub fn cell(release: &Release, asked: &CellAsked) -> Result<Answers, Refused> {
    let (_, row) = row(release, asked)?;
    let mut ids: Vec<&str> = row.reported().map(|(id, _)| id.as_str()).collect();
    ids.dedup();
    let cell = match (&asked.occasion, row.reported().collect::<Vec<_>>().as_slice()) {
        (Some(occasion), _) => {
            let found = row.reported_at(occasion).map(|(_, cell)| cell);
            found.ok_or_else(|| unknown("value at the occasion", occasion, ids.into_iter()))?
        }
        (None, [(_, only)]) => only,
        (None, _) => return Err(several_occasions(&ids)),
    };
    Ok(vec![("is", Answer::Text(cell.text.clone()))])
}

/// The text of a number, as printed.
pub fn number(release: &Release, number: &str) -> Result<Answers, Refused> {
    let known = || release.numbers.iter().map(|number| number.id.as_str());
    let found = release.number(number).ok_or_else(|| unknown("number", number, known()))?;
    Ok(vec![("is", Answer::Text(found.text.clone()))])
}

/// The share that a number is of its whole, with Wilson's interval.
pub fn proportion(release: &Release, number: &str, rounding: Rounding) -> Result<Answers, Refused> {
    let Some(asked) = release.number(number) else {
        return Err(unknown("number", number, release.numbers.iter().map(|number| number.id.as_str())));
    };
    // Of a large release nothing else is computed.
    let mut part = Release { outcomes: Vec::new(), estimates: Vec::new(), ..release.clone() };
    part.numbers.retain(|of| of.id == asked.id || asked.of.as_ref() == Some(&of.id));
    let effects = effects(&part, &ContrastOptions::default(), rounding);
    let Some(found) = effects.proportions.iter().find(|proportion| proportion.number == number) else {
        return Ok(vec![("is", Answer::Refused(refusal(&effects, number, "no proportion")))]);
    };
    let interval = found.proportion.interval(ProportionCi::Wilson, 0.95);
    Ok(vec![("is", Answer::Number(found.proportion.estimate())), ("ci", of_interval(interval))])
}

/// The reason that the release gives for what it does not allow.
fn refusal(effects: &ReleaseEffects, subject: &str, otherwise: &str) -> String {
    let own = effects.refusals.iter().filter(|refusal| refusal.subject.as_deref() == Some(subject));
    let reasons: Vec<&str> = own.map(|refusal| refusal.reason.as_str()).collect();
    if reasons.is_empty() { otherwise.to_owned() } else { reasons.join("; ") }
}

fn of_interval(interval: Interval) -> Answer {
    Answer::Interval(interval.lower, interval.upper)
}

/// Which effect is meant.
pub struct EffectAsked<'a> {
    pub cell: &'a CellAsked,
    pub versus: Option<&'a str>,
    pub measure: &'a str,
    pub r: Option<f64>,
    pub level: f64,
}

/// What is computed of counts, and what a release reports itself, is a field of the JSON of the command.
fn elsewhere(measure: &str, reason: Refused) -> Refused {
    let at = match measure.to_ascii_uppercase().as_str() {
        code @ ("RR" | "OR" | "RD" | "NNT") => format!("tables[0].{code}.estimate"),
        "IRR" => "rates[2].rate_ratio.estimate".to_owned(),
        _ if measure.parse::<ReportedMeasure>().is_ok() => "reported[0].estimate".to_owned(),
        _ => return reason,
    };
    format!("{reason}; for {measure} write run = \"effect FILE.toml\" and at = \"{at}\"").into()
}

/// That the release has the outcome, the arms and the occasion of an effect: what is misspelt is no refusal of the
/// numbers.
fn are_known(release: &Release, asked: &EffectAsked<'_>) -> Result<(), Refused> {
    let known = || release.outcomes.iter().map(|outcome| outcome.id.as_str());
    let outcome = release.outcome(&asked.cell.outcome);
    let outcome = outcome.ok_or_else(|| unknown("outcome", &asked.cell.outcome, known()))?;
    for arm in [asked.cell.arm.as_deref(), asked.versus].into_iter().flatten() {
        if release.arm(arm).is_none() {
            return Err(unknown("arm", arm, release.arms.iter().map(|arm| arm.id.as_str())));
        }
    }
    let Some(occasion) = asked.cell.occasion.as_deref() else { return Ok(()) };
    let reported = outcome.results.iter().flat_map(OutcomeResult::reported).map(|(id, _)| id.as_str());
    let of_effects = release.estimates.iter().filter(|of| of.outcome.as_ref() == Some(&outcome.id));
    let mut ids: Vec<&str> = reported.chain(of_effects.filter_map(|of| release.occasion_of(of))).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.contains(&occasion) {
        return Ok(());
    }
    Err(unknown(&format!("occasion of {}", outcome.id), occasion, ids.into_iter()))
}

/// An effect with its standard error, interval, test and range of rounding.
pub fn effect(release: &Release, asked: &EffectAsked<'_>, rounding: Rounding) -> Result<Answers, Refused> {
    let measure: Measure = asked.measure.parse().map_err(|reason| elsewhere(asked.measure, reason))?;
    let correlation = asked.r.map_or(Correlation::Unknown, |r| Correlation::Given(vec![r]));
    let options = ContrastOptions { correlation, level: asked.level, alpha: ALPHA };
    let outcome = asked.cell.outcome.as_str();
    are_known(release, asked)?;
    // Of a large release nothing else is computed.
    let part = Chosen { outcomes: vec![outcome.to_owned()], arms: Vec::new() }.part_of(release);
    let effects = effects(part.as_ref().unwrap_or(release), &options, rounding);
    let absent = || refusal(&effects, outcome, "the release allows no such contrast");
    if let Some(versus) = asked.versus {
        return between(&effects, asked, versus, measure);
    }
    let (_, row) = match row(release, asked.cell) {
        Ok(found) => found,
        Err(_) if release.outcome(outcome).is_some_and(|outcome| outcome.results.is_empty()) => {
            return Ok(vec![("is", Answer::Refused(absent()))]);
        }
        Err(problem) => return Err(problem),
    };
    let occasion = asked.cell.occasion.as_deref();
    let contrast = effects.contrasts.iter().rfind(|contrast| {
        contrast.outcome == outcome && contrast.arm == row.arm && occasion.is_none_or(|id| contrast.after == id)
    });
    if let Some(found) = contrast {
        let estimate = found.contrast.estimate(measure).ok_or_else(|| other_design(measure))?;
        return Ok(of_estimate(estimate, &found.contrast.tests));
    }
    let change = effects.changes.iter().rfind(|change| {
        change.outcome == outcome && change.arm == row.arm && occasion.is_none_or(|id| change.occasion == id)
    });
    let Some(found) = change else { return Ok(vec![("is", Answer::Refused(absent()))]) };
    let estimate = found.contrast.estimates.iter().find(|estimate| estimate.measure == measure);
    Ok(of_estimate(estimate.ok_or_else(|| other_design(measure))?, found.contrast.test.as_slice()))
}

fn other_design(measure: Measure) -> String {
    format!("{measure} is no measure of this design; `reffect effect --help` lists those that are")
}

fn between(
    effects: &ReleaseEffects,
    asked: &EffectAsked<'_>,
    versus: &str,
    measure: Measure,
) -> Result<Answers, Refused> {
    let CellAsked { outcome, arm, occasion } = asked.cell;
    let order = |between: &ReleaseBetween| {
        let own = [between.arms[0].as_str(), between.arms[1].as_str()];
        let other = if own[0] == versus { own[1] } else { own[0] };
        ArmOrder::of(own, [arm.as_deref().unwrap_or(other), versus])
    };
    let is_meant = |between: &&ReleaseBetween| {
        between.outcome == *outcome
            && order(between).is_some()
            && occasion.as_ref().is_none_or(|id| between.occasion == *id)
    };
    let own: Vec<&ReleaseBetween> = effects.between.iter().filter(is_meant).collect();
    let first = own.first().map(|between| &between.arms);
    if own.iter().any(|between| Some(&between.arms) != first) {
        let others = own.iter().flat_map(|between| &between.arms).filter(|arm| *arm != versus);
        let mut others: Vec<&str> = others.map(String::as_str).collect();
        others.dedup();
        return Err(format!("{versus} is compared with several arms: write arm = one of {}", others.join(", ")).into());
    }
    // Where the changes are reported beside the values, the values are meant.
    let found = own.into_iter().max_by_key(|between| between.quantity == Quantity::Value);
    let Some(found) = found else {
        let is_own = |of: &&Refusal| of.kind == RefusalKind::BetweenArms && of.subject.as_ref() == Some(outcome);
        let reason = effects.refusals.iter().find(is_own).map(|refusal| refusal.reason.as_str());
        let reason = reason.unwrap_or("the release does not report both arms at one occasion");
        return Ok(vec![("is", Answer::Refused(reason.to_owned()))]);
    };
    let turned = match order(found) {
        Some(ArmOrder::Reversed) => Some(found.contrast.reversed()),
        _ => None,
    };
    let contrast = turned.as_ref().unwrap_or(&found.contrast);
    let estimate = contrast.estimates.iter().find(|estimate| estimate.measure == measure);
    Ok(of_estimate(estimate.ok_or_else(|| other_design(measure))?, &contrast.tests))
}

fn of_estimate(estimate: &Estimate, tests: &[TestResult]) -> Answers {
    let test = estimate.test(tests);
    let absent = || {
        let reason = estimate.notes.join("; ");
        Answer::Refused(if reason.is_empty() { "it is not defined".to_owned() } else { reason })
    };
    let number = |value: Option<f64>| value.map_or_else(absent, Answer::Number);
    let interval = |value: Option<Interval>| value.map_or_else(absent, of_interval);
    vec![
        ("is", number(estimate.estimate)),
        ("ci", interval(estimate.ci)),
        ("se", number(estimate.se)),
        ("p", number(test.map(|test| test.p))),
        ("statistic", number(test.map(|test| test.statistic))),
        ("df", number(test.and_then(|test| test.df))),
        ("rounding_range", interval(estimate.rounding)),
    ]
}

/// The verdict of a check: that of the one that is named, or the one that all of its kind share.
pub fn verdict(checks: &[Check], code: &str, subject: Option<&str>) -> Result<Answers, Refused> {
    let of_code = checks.iter().filter(|check| check.code == code);
    let found: Vec<&Check> = of_code.clone().filter(|check| subject.is_none_or(|s| check.subject == s)).collect();
    let Some(first) = found.first() else {
        return Err(match subject {
            Some(subject) => unknown(&format!("check {code} of"), subject, of_code.map(|check| check.subject.as_str())),
            None => unknown("check", code, checks.iter().map(|check| check.code)),
        });
    };
    if let Some(other) = found.iter().find(|check| check.status != first.status) {
        let (one, two) = (first.status.name(), other.status.name());
        return Err(format!("{} is {one} and {} is {two}: write subject = \"…\"", first.subject, other.subject).into());
    }
    let answer = match first.status {
        crate::check::Status::Refused => Answer::Refused(first.message.clone()),
        status => Answer::Text(status.name().to_owned()),
    };
    Ok(vec![("is", answer)])
}

fn behind_row<'a>(release: &Release, behind: &'a [Behind], asked: &CellAsked) -> Result<&'a Behind, Refused> {
    let (outcome, row) = row(release, asked)?;
    let found = behind.iter().find(|behind| behind.outcome == outcome.id && behind.arm == row.arm);
    found.ok_or_else(|| format!("nothing was reconstructed for {asked}").into())
}

/// How many data sets are behind a cell.
pub fn sets(release: &Release, behind: &[Behind], asked: &CellAsked) -> Result<Answers, Refused> {
    let row = behind_row(release, behind, asked)?;
    let ids = row.cells.iter().map(|cell| cell.occasion.as_str());
    let cell = match (&asked.occasion, &row.cells[..]) {
        (Some(id), cells) => cells.iter().find(|cell| cell.occasion == *id),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let cell = cell.ok_or_else(|| match &asked.occasion {
        Some(id) => unknown("occasion", id, ids.clone()),
        None => several_occasions(&ids.clone().collect::<Vec<_>>()),
    })?;
    let count =
        cell.sets.as_ref().map_err(ToString::to_string).and_then(|sets| sets.count().map_err(|e| e.to_string()));
    let answer = match count {
        Ok(count) => Answer::Text(count.to_string()),
        Err(reason) => Answer::Refused(reason),
    };
    Ok(vec![("is", answer)])
}

/// A quantity over all pairings of the first occasion with a later one.
pub fn pairing(release: &Release, behind: &[Behind], asked: &CellAsked, quantity: &str) -> Result<Answers, Refused> {
    let row = behind_row(release, behind, asked)?;
    let ids = row.cells.iter().map(|cell| cell.occasion.as_str());
    let last = match &asked.occasion {
        Some(id) => {
            let found = row.cells.iter().position(|cell| cell.occasion == *id);
            Some(found.ok_or_else(|| unknown("occasion", id, ids))?)
        }
        None => row.cells.len().checked_sub(1),
    };
    let last = last.filter(|last| *last > 0).ok_or("a pairing needs a first and a later occasion")?;
    let paired: Paired = match row.paired(0, last, ALPHA) {
        Ok(Some(paired)) => paired,
        Ok(None) => return Ok(vec![("is", Answer::Refused("no data set prints as one of the cells".to_owned()))]),
        Err(reason) => return Ok(vec![("is", Answer::Refused(reason.to_string()))]),
    };
    let range = |range: Option<Interval>| {
        range.map_or_else(|| Answer::Refused("it is not defined for these cells".to_owned()), of_interval)
    };
    let tables = || row.tables(0, last, ALPHA, MOST_TABLES);
    let uncounted = || Answer::Refused(format!("there are more than {MOST_TABLES} joint tables"));
    let answer = match quantity {
        "r" => range(paired.r),
        "sd_change" => of_interval(paired.sd_change),
        "dz" => range(paired.dz),
        "t" => range(paired.t),
        "p" => range(paired.p),
        "r_needed" => match paired.r_needed {
            RNeeded::Between { r, .. } => of_interval(r),
            RNeeded::Any => Answer::Text("any".to_owned()),
            RNeeded::None => Answer::Text("none".to_owned()),
            _ => Answer::Refused("before or after does not vary".to_owned()),
        },
        "tables" => tables().map_or_else(uncounted, |found| Answer::Text(found.tables.to_string())),
        "significant" => tables().map_or_else(uncounted, |found| Answer::Text(found.significant.to_string())),
        "wilcoxon_p" => tables().map_or_else(uncounted, |found| of_interval(found.wilcoxon_p)),
        "sign_p" => tables().map_or_else(uncounted, |found| of_interval(found.sign_p)),
        other => {
            let known = ["r", "sd_change", "dz", "t", "p", "r_needed", "tables", "significant", "wilcoxon_p", "sign_p"];
            return Err(unknown("quantity", other, known.into_iter()));
        }
    };
    Ok(vec![("is", answer)])
}
