//! Options of `reffect fit` that have no effect on what is asked for.

use super::args::FitArgs;
use super::input::Input;
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::formula::Contrasts;
use crate::mixed::{Family, IntervalMethod};

/// How the table is read.
const TABLE: &[&str] = &["delimiter", "decimal", "map", "subset"];
/// How its columns are read.
const READING: &[&str] = &["ref", "contrasts", "offset", "weights"];
/// What model is fitted.
const MODEL: &[&str] =
    &["ml", "family", "link", "agq", "residual", "time", "subject", "residual-by", "change-at", "stack"];
/// How it is tested.
const TESTS: &[&str] = &["df", "information"];

/// Refuses what belongs to another kind of result than the one that is computed.
pub fn refuse_without_effect(args: &FitArgs, common: &Common) -> Result<(), Failure> {
    let (given, asked) = (&common.given, &args.inference);
    // A column that is not used would leave out the rows in which it is missing.
    if args.model.time.is_some() && args.model.residual.is_none() && args.model.change_at.is_none() {
        return Err(refusal("--time", "add --residual CODE or --change-at TIME, or leave it out"));
    }
    // Intervals have a message of their own where many tables are fitted.
    if args.model.reconstructed.is_some() {
        let own: &[&str] = &["reconstructed", "replicates", "seed", "ci"];
        return given.only(&[READING, MODEL, TESTS, own], "fits to reconstructed data");
    }
    if args.model.each.is_some() {
        let own: &[&str] = &["each", "ci", "contrast", "emmeans", "slopes", "at", "pairs", "adjust"];
        return given.only(&[TABLE, READING, MODEL, TESTS, own], "fits to each level of a column");
    }
    if asked.simulate.is_some() {
        return given.only(&[TABLE, READING, MODEL, &["simulate", "seed"]], "responses from a fitted model");
    }
    let is_drawn = asked.ci == IntervalMethod::Bootstrap;
    if asked.replicates.is_some() && !is_drawn {
        return Err(refusal("--replicates", "add --ci bootstrap or --reconstructed RELEASE, or leave it out"));
    }
    if asked.seed.is_some() && !is_drawn {
        let hint = "nothing is drawn at random: add --ci bootstrap, --simulate N or --reconstructed RELEASE, or leave \
                    it out";
        return Err(refusal("--seed", hint));
    }
    Ok(())
}

/// Options that change nothing of this model, and are passed over.
pub fn notes_without_effect(args: &FitArgs, input: &Input) -> Vec<String> {
    let mut notes = Vec::new();
    if args.model.ml && args.model.family != Family::Gaussian {
        notes.push(format!("--ml changes nothing: --family {} is fitted by maximum likelihood", args.model.family));
    }
    if args.reading.contrasts != Contrasts::Treatment && input.data.design.factors().is_empty() {
        notes.push(
            "--contrasts changes nothing: the fixed part has no factor without an order (a column of texts, or \
             factor() of numbers)"
                .to_owned(),
        );
    }
    notes
}

fn refusal(option: &str, hint: &str) -> Failure {
    Failure::call(format!("{option} has no effect on this model"), hint)
}
