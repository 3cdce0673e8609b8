//! `reffect meta data/ --outcome ID --measure CODE`: effects of releases, pooled.

use super::args::MetaArgs;
use super::computed::measure_of;
use super::input::{Done, Read};
use crate::check::{Check, ChosenCodes, Status, of_behind};
use crate::cli::failure::Failure;
use crate::effect::for_pooling::{Pool, PoolableEffect, Question, pool};
use crate::effect::measures::{EffectMeasure, Family};
use crate::formula::Frame;
use crate::numeric::rounding::Rounding;
use crate::read::Dataset;
use crate::report::r_call::Source;
use crate::reported::{Release, ReportedMeasure, SpreadMeaning};
use std::path::Path;

/// Whether a path holds releases and no table.
pub fn is_release(path: &Path) -> bool {
    path.is_dir() || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}

/// Whether any release reports a change of the outcomes, from which a correlation or a standard error follows.
fn is_a_change_reported(dataset: &Dataset, outcomes: &[String]) -> bool {
    dataset.releases().iter().any(|release| {
        let is_asked = |id: &String| outcomes.contains(id);
        let mut own = release.outcomes.iter().filter(|outcome| is_asked(&outcome.id));
        own.any(|outcome| outcome.results.iter().any(|row| !row.changes.is_empty()))
            || release.estimates.iter().any(|of| is_asked(&of.id) || of.outcome.iter().any(is_asked))
    })
}

/// The effects that answer the question, as a table with a row for each.
pub fn read_releases(args: &MetaArgs, rounding: Rounding) -> Result<Read, Failure> {
    if args.releases.outcome.is_empty() {
        refuse_reading(args)?;
        let dataset = Dataset::load_all(&args.paths)?;
        let hint =
            format!("pass --outcome ID --measure ROMC --r 0.5, for example; the outcomes are {}", outcomes(&dataset));
        return Err(Failure::call("releases are pooled by one of their outcomes, and none is named", hint));
    }
    let names = &args.releases.outcome;
    let Some(code) = &args.counts.measure else {
        return Err(Failure::call(
            "releases need a measure",
            "for example --measure ROMC --r 0.5 (changes), MD or SMD (two arms), PLO (parts of a whole)",
        ));
    };
    let measure = measure_of(code)?;
    let is_made = matches!(
        measure.family,
        Family::Change | Family::TwoGroups | Family::Counts | Family::TwoRates | Family::OneGroup | Family::Proportions
    );
    if !is_made && ReportedMeasure::ALL.iter().all(|(_, of)| of.code() != Some(measure.code)) {
        let message = format!("{} is not made of what releases report", measure.code);
        return Err(Failure::call(
            message,
            "MC, SMCR, SMCC, ROMC, MD, SMD, ROM, RR, OR, RD, IRR, IRD, MN, PR or PLO is, and HR or ZCOR of what they report",
        ));
    }
    let dataset = Dataset::load_all(&args.paths)?;
    if measure.family == Family::Change && args.releases.r.is_none() && !is_a_change_reported(&dataset, names) {
        let message = format!("{} needs the correlation of before and after, which no release reports", measure.code);
        return Err(Failure::call(message, "assume one, and repeat with others: --r 0.5"));
    }
    if let Some(r) = args.releases.r.filter(|r| !(-1.0..=1.0).contains(r)) {
        return Err(Failure::call(format!("--r {r} is no correlation"), "it lies between −1 and 1"));
    }
    refuse_reading(args)?;
    let options = args.counts.escalc.options();
    options.check(measure).map_err(|message| Failure::call(message, "leave that option out"))?;
    let question = Question {
        outcomes: names,
        occasion: args.releases.occasion.as_deref(),
        measure,
        r: args.releases.r,
        prefers_reported: args.releases.reported,
        unexplained: args.releases.unexplained,
        takes_skewed: args.releases.no_test,
        options,
        rounding,
    };
    let mut found = pool(dataset.releases(), &question);
    tell_failed_checks(&mut found.effects, dataset.releases(), names, rounding);
    if found.effects.is_empty() {
        let reasons: Vec<String> = found.refused.iter().map(ToString::to_string).collect();
        let message =
            format!("no release gives {} of `{}`\n{}", measure.code, names.join("` or `"), reasons.join("\n"));
        let hint = match measure.family {
            Family::Proportions => parts_of_wholes(&dataset),
            _ => format!("the outcomes are {}", outcomes(&dataset)),
        };
        return Err(Failure::call(message, hint));
    }
    let code = measure.code.to_owned();
    let mut notes =
        notes(&found, &format!("effects are made of releases: {code}, {}", name(measure, &found, options.correct)));
    if let Some(r) = args.releases.r.filter(|_| measure.family != Family::Change) {
        notes.push(format!("--r {r} is not used: {code} compares two arms or counts, and no values before and after"));
    }
    Ok(table(&found, dataset.releases(), code, notes))
}

/// Refuses what says how a table is read.
fn refuse_reading(args: &MetaArgs) -> Result<(), Failure> {
    if !args.table.is_given() {
        return Ok(());
    }
    let message = "--delimiter, --decimal and --map say how a table is read, and these are releases";
    Err(Failure::call(message, "leave them out"))
}

/// Puts the checks that fail of each effect among its caveats.
fn tell_failed_checks(effects: &mut [PoolableEffect], releases: &[Release], names: &[String], rounding: Rounding) {
    for effect in effects {
        if let Some(release) = releases.iter().find(|release| release.id == effect.release) {
            effect.caveats.extend(failed_checks(release, names, rounding));
        }
    }
}

/// The checks that fail of what is pooled: numbers that contradict each other are pooled with a warning.
fn failed_checks(release: &Release, names: &[String], rounding: Rounding) -> Vec<String> {
    // Data behind the numbers, and claims, take long and say nothing of an effect.
    const CODES: [&str; 5] = ["change", "estimate", "interval", "p-value", "percentage"];
    let is_named = |id: &str| names.iter().any(|name| name == id);
    let estimates =
        release.estimates.iter().filter(|of| is_named(&of.id) || of.outcome.as_deref().is_some_and(is_named));
    let subjects: Vec<&str> = names.iter().map(String::as_str).chain(estimates.map(|of| of.id.as_str())).collect();
    let is_of_them = |check: &Check| {
        subjects.iter().any(|id| check.subject.strip_prefix(id).is_some_and(|rest| rest.starts_with([' ', ':'])))
    };
    let codes: Vec<String> = CODES.map(str::to_owned).to_vec();
    let chosen = ChosenCodes { select: &codes, ignore: &[] };
    let failed = of_behind(release, &[], chosen, rounding).into_iter().filter(|check| check.status == Status::Fail);
    let failed = failed.filter(|check| CODES.contains(&check.code) && is_of_them(check));
    failed.map(|check| format!("check {} fails: {}: {}", check.code, check.subject, check.message)).collect()
}

/// The name of the measure, without its correction for bias where none of the effects has it: ratios of geometric means
/// need none, and reported effects are taken as they are.
fn name(measure: &EffectMeasure, found: &Pool, corrects: bool) -> String {
    let is_corrected = |effect: &&PoolableEffect| !effect.is_reported && !effect.is_of_logarithms();
    let corrected = if corrects { found.effects.iter().filter(is_corrected).count() } else { 0 };
    let (with, without) = (measure.name_where(true), measure.name_where(false));
    match corrected {
        0 => without.to_owned(),
        some if some == found.effects.len() || with == without => with.to_owned(),
        some => format!("{with} in {some} of {} effects", found.effects.len()),
    }
}

/// So many outcomes are named.
const MOST_OUTCOMES: usize = 12;

/// The outcomes and reported effects of the releases, those of most releases first.
fn outcomes(dataset: &Dataset) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for release in dataset.releases() {
        let outcomes = release.outcomes.iter().map(|outcome| outcome.id.as_str());
        outcomes
            .chain(release.estimates.iter().map(|estimate| estimate.id.as_str()))
            .for_each(|id| count(&mut counts, id));
    }
    most_first(counts)
}

/// What PR and PLO are pooled from, as a hint.
fn parts_of_wholes(dataset: &Dataset) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    let numbers = dataset.releases().iter().flat_map(|release| &release.numbers);
    numbers.filter(|number| number.is_part()).for_each(|number| count(&mut counts, &number.id));
    let known = match counts.is_empty() {
        true => "there is none".to_owned(),
        false => format!("they are {}", most_first(counts)),
    };
    format!(
        "PR and PLO pool parts of one group, which stand in a [[number]] (5/7, or with `of`): {known}; the arms of an outcome are \
         compared by RD, RR or OR"
    )
}

fn count<'a>(counts: &mut Vec<(&'a str, usize)>, id: &'a str) {
    match counts.iter_mut().find(|(known, _)| *known == id) {
        Some((_, count)) => *count += 1,
        None => counts.push((id, 1)),
    }
}

/// Names, those of most releases first.
fn most_first(mut counts: Vec<(&str, usize)>) -> String {
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let shown = counts.iter().take(MOST_OUTCOMES).map(|(id, _)| *id).collect::<Vec<_>>().join(", ");
    match counts.len().saturating_sub(MOST_OUTCOMES) {
        0 => shown,
        more => format!("{shown} … and {more} more"),
    }
}

/// What was assumed or read into the numbers, in all effects and in single ones.
fn caveats(found: &Pool) -> impl Iterator<Item = String> {
    let of_one = found.effects.iter().flat_map(|of| of.caveats.iter().map(move |text| format!("{}: {text}", of.name)));
    found.caveats.iter().cloned().chain(of_one)
}

fn notes(found: &Pool, first: &str) -> Vec<String> {
    let mut notes = vec![first.to_owned()];
    notes.extend(caveats(found).map(|caveat| format!("caveat: {caveat}")));
    notes.extend(found.refused.iter().map(|of| format!("not pooled: {of}")));
    notes
}

fn table(found: &Pool, releases: &[Release], code: String, notes: Vec<String>) -> Read {
    let effects = &found.effects;
    let mut frame = Frame::default();
    let texts =
        |f: &dyn Fn(&PoolableEffect) -> String| effects.iter().map(|effect| Some(f(effect))).collect::<Vec<_>>();
    frame.texts("slab", texts(&|effect| effect.name.clone()));
    frame.texts("release", texts(&|effect| effect.release.clone()));
    frame.texts("arm", texts(&PoolableEffect::contrast));
    frame.texts("design", texts(&|effect| effect.design.name().to_owned()));
    frame.numbers("ni", effects.iter().map(|effect| effect.n.map_or(f64::NAN, |n| n as f64)).collect());
    let year = |effect: &PoolableEffect| {
        let release = releases.iter().find(|release| release.id == effect.release);
        release.and_then(|release| release.paper.as_ref()).map_or(f64::NAN, |paper| f64::from(paper.year))
    };
    frame.numbers("year", effects.iter().map(year).collect());
    let (yi, vi): (Vec<f64>, Vec<f64>) = effects.iter().map(|effect| (effect.yi, effect.vi)).unzip();
    frame.numbers("yi", yi.clone());
    frame.numbers("vi", vi.clone());
    let lines = (1..=effects.len() as u64).collect();
    let source = Source::columns("yi", "vi", false);
    let caveats = caveats(found).collect();
    let names = [code, "its variance".to_owned()];
    Read {
        frame,
        lines,
        names,
        yi,
        vi,
        notes,
        slab: Some("slab".to_owned()),
        source,
        shared: None,
        done: Done { caveats, ..Done::default() },
    }
}

/// What an unexplained ± is taken for.
pub fn unexplained(name: &str) -> Result<SpreadMeaning, String> {
    match name {
        "sd" => Ok(SpreadMeaning::Sd),
        "se" => Ok(SpreadMeaning::Se),
        "ci95" => Ok(SpreadMeaning::Ci95),
        _ => Err("one of sd, se or ci95 was expected".to_owned()),
    }
}
