//! What `reffect fit` gives beside the fit, of every kind of model.

use super::args::FitArgs;
use super::input::{Input, about_new_rows, new_rows, other_data};
use super::means::{add_contrasts, add_means};
use super::row_columns::{columns_of_model, columns_of_rows, columns_that_tell};
use crate::cli::args::{Common, Format};
use crate::cli::failure::Failure;
use crate::cli::interrupt::Watch;
use crate::cli::meta::input::LEFT_OUT;
use crate::mixed::result::{Anova, Prediction};
use crate::mixed::{IntervalMethod, MixedError, MixedFit, Summary};
use crate::report::number::level_text;

/// F tests, contrasts, marginal means, predictions, comparisons, residuals and influence, as far as they were
/// asked for.
pub fn add_extras(
    summary: &mut Summary,
    fit: &dyn MixedFit,
    args: &FitArgs,
    input: &Input,
    common: &Common,
) -> Result<(), Failure> {
    let data = fit.data();
    let asked = &args.inference;
    let extras = &mut summary.extras;
    if let Some(kind) = asked.anova {
        let tests = fit.anova(kind)?;
        let told = tests.iter().filter_map(|of| Some(format!("{}: {}", of.term, of.note.as_ref()?)));
        summary.notes.extend(told);
        extras.anova = Some(Anova { kind, tests });
        summary.notes.extend(fit.anova_notes(kind)?);
    }
    add_contrasts(summary, fit, args, input)?;
    add_means(summary, fit, args, input)?;
    let extras = &mut summary.extras;
    if let Some(path) = &asked.predict {
        let new = new_rows(args, input, path)?;
        let predicted = fit.predict(&new).map_err(|error| about_new_rows(error, path))?;
        extras.predict_columns = columns_of_rows(&new, &columns_of_model(data));
        if !args.model.stack.is_empty() {
            let outcomes = args.model.stack.join(", ");
            summary.notes.push(format!(
                "each new row without a column outcome is predicted for {outcomes}, one after the other"
            ));
        }
        summary.notes.extend(absent_predictions(&predicted));
        extras.predict = Some(predicted);
    }
    if !asked.compare.is_empty() {
        let test = |formula: &String| -> Result<_, Failure> { Ok(fit.compare(&other_data(args, input, formula)?)?) };
        extras.compare = Some(asked.compare.iter().map(test).collect::<Result<_, _>>()?);
    }
    if asked.residuals {
        extras.residuals = Some(fit.residuals());
        let reason = |what: &Option<String>| what.as_ref().map(|what| format!("{LEFT_OUT}{what} is missing"));
        extras.without_residual = data.missing.iter().map(reason).collect();
        extras.row_columns = columns_of_rows(&data.frame, &columns_that_tell(data, args));
    }
    if let Some(group) = &asked.influence {
        add_influence(summary, fit, group, common)?;
    }
    Ok(())
}

/// Which rows of --predict have no prediction or one that lacks something, and why: rows with the same reason together.
fn absent_predictions(all: &[Prediction]) -> Vec<String> {
    let mut reasons: Vec<(&str, bool, Vec<usize>)> = Vec::new();
    for (at, row) in all.iter().enumerate() {
        let Some(note) = &row.note else { continue };
        let is_there = row.population.is_some() && row.conditional.is_some();
        match reasons.iter_mut().find(|(known, there, _)| known == note && *there == is_there) {
            Some((.., rows)) => rows.push(at + 1),
            None => reasons.push((note, is_there, vec![at + 1])),
        }
    }
    let told = |(reason, is_there, rows): (&str, bool, Vec<usize>)| {
        let shown: Vec<String> = rows.iter().take(MOST_ROWS).map(usize::to_string).collect();
        let more = if rows.len() > MOST_ROWS { format!(" and {} more", rows.len() - MOST_ROWS) } else { String::new() };
        let word = if rows.len() == 1 { "row" } else { "rows" };
        let none = if is_there { "" } else { "no prediction for " };
        format!("{none}{word} {}{more} of --predict: {reason}", shown.join(", "))
    };
    reasons.into_iter().map(told).collect()
}

/// More numbers of rows than these hide the reason.
const MOST_ROWS: usize = 8;

/// Names between colons; a name in backticks may hold one.
pub(super) fn split_names(text: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut is_quoted = false;
    for c in text.chars() {
        match c {
            '`' => is_quoted = !is_quoted,
            ':' if !is_quoted => names.push(String::new()),
            c => names.iter_mut().last().into_iter().for_each(|name| name.push(c)),
        }
    }
    names.iter().map(|name| name.trim().to_owned()).collect()
}

fn add_influence(summary: &mut Summary, fit: &dyn MixedFit, group: &str, common: &Common) -> Result<(), Failure> {
    let mut watch = Watch::new(None, "groups left out", common.quiet);
    let found = fit.influence_watched(group, &mut |done| watch.go_on(done as u128))?;
    watch.finish();
    let Some(found) = found else {
        return Err(Failure::Interrupted("stopped before every group was left out once".to_owned()));
    };
    // What is to be known of a fit without a group is that it failed.
    let sound = found.levels.iter().filter(|of| of.notes.is_empty());
    if let Some((most, cook_d)) = sound.filter_map(|of| Some((of, of.cook_d?))).max_by(|a, b| a.1.total_cmp(&b.1)) {
        let told = format!("most influence on the fixed effects: {} (Cook's distance {:.3})", most.level, cook_d);
        summary.notes.push(told);
    }
    let all =
        found.levels.iter().flat_map(|of| of.notes.iter().map(move |note| format!("without {}: {note}", of.level)));
    let all: Vec<String> = all.collect();
    summary.notes.extend(all.iter().take(MOST_NOTES).cloned());
    if all.len() > MOST_NOTES {
        summary.notes.push(format!("{} more such notes stand in JSON", all.len() - MOST_NOTES));
    }
    summary.extras.influence = Some(found);
    Ok(())
}

/// More notes on single groups would hide the others.
const MOST_NOTES: usize = 5;

/// Takes the intervals that were asked for: by the profile of `likelihood`, as a sentence names it, or by refits.
pub fn add_intervals(
    summary: &mut Summary,
    fit: &dyn MixedFit,
    args: &FitArgs,
    common: &Common,
    likelihood: &str,
) -> Result<(), Failure> {
    match args.inference.ci {
        IntervalMethod::Wald => {}
        IntervalMethod::Profile => {
            let with_points = common.format() == Format::Json;
            let run = |go_on: &mut dyn FnMut(usize) -> bool| fit.profile_watched(with_points, go_on);
            let profiles = watched(fit.profiled(), "profiles", common, run)?;
            summary.set_intervals(profiles.intervals, IntervalMethod::Profile);
            summary.profile = profiles.traces;
            summary.notes.push(format!("profile intervals are those of {likelihood}; {FROM_ELSEWHERE}"));
            summary.note_estimates_outside(&profiles.estimates);
            summary.note_open_intervals();
        }
        IntervalMethod::Bootstrap => {
            let (replicates, seed) = (args.replicates(), args.inference.seed());
            let run = |go_on: &mut dyn FnMut(usize) -> bool| fit.bootstrap_watched(replicates, seed, go_on);
            let found = watched(replicates, "refits", common, run)?;
            summary.notes.push(bootstrap_note(replicates, seed, found.failed, common.level));
            summary.set_intervals(found.intervals, IntervalMethod::Bootstrap);
        }
    }
    Ok(())
}

/// A watched bootstrap or profile: how many of its parts are done is told, and Ctrl-C stops it.
fn watched<T>(
    count: usize,
    what: &'static str,
    common: &Common,
    run: impl FnOnce(&mut dyn FnMut(usize) -> bool) -> Result<Option<T>, MixedError>,
) -> Result<T, Failure> {
    let mut watch = Watch::new(Some(count as u128), what, common.quiet);
    let found = run(&mut |done| watch.go_on(done as u128));
    watch.finish();
    found?.ok_or_else(|| Failure::Interrupted(format!("stopped before all {what} were done")))
}

/// What is to be known where intervals and p-values come from different methods.
const FROM_ELSEWHERE: &str = "SE, statistics and p are of the fit itself, and can disagree with these intervals";

/// What is said of a bootstrap.
fn bootstrap_note(replicates: usize, seed: u64, failed: usize, level: f64) -> String {
    let lost =
        if failed == 0 { String::new() } else { format!("; {failed} of them found no maximum and do not count") };
    // Beyond the outermost refits lies less than a refit for each tail.
    let needed = (2.0 / (1.0 - level)).ceil();
    let few = match (replicates as f64) < needed {
        true => format!("; so few tell little of the tails: {} takes {needed} or more", level_text(level)),
        false => String::new(),
    };
    format!("percentiles of {replicates} refits to simulated responses, seed {seed}{lost}{few}; {FROM_ELSEWHERE}")
}
