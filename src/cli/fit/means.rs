//! Contrasts, marginal means and slopes of `reffect fit`.

use super::args::{FitArgs, number_of};
use super::beside::split_names;
use super::input::Input;
use crate::cli::failure::Failure;
use crate::formula::Column;
use crate::mixed::data::unknown_column;
use crate::mixed::result::MarginalMeans;
use crate::mixed::{Adjustment, MeansOf, MixedFit, Pairs, Summary, about_error};

/// The slopes of a change and the contrasts that were written.
pub fn add_contrasts(summary: &mut Summary, fit: &dyn MixedFit, args: &FitArgs, input: &Input) -> Result<(), Failure> {
    let (data, asked) = (fit.data(), &args.inference);
    let mut contrasts = Vec::new();
    // Where groups have slopes of their own, those of the reference are among them.
    let has_groups = match &input.change {
        Some(change) => change.is_of_reference(data) && !change.by_group(fit, &held(fit, args)?)?.is_empty(),
        None => false,
    };
    if let Some(functions) = input.change.as_ref().filter(|_| !has_groups).and_then(|change| change.functions(data)) {
        for (name, weights) in &functions {
            contrasts.push(fit.linear(name, weights)?);
        }
        if let Some(reference) = input.change.as_ref().and_then(|change| change.reference(data)) {
            let names = functions.map(|(name, _)| name).join(", ");
            summary.notes.push(format!("{names}: those where {reference}"));
        }
    }
    let of_change = contrasts.len();
    let mut functions = Vec::new();
    for (name, text) in &asked.contrast {
        let weights = data.contrast_weights(text)?;
        contrasts.push(fit.contrast(name, &weights)?);
        functions.push(weights);
    }
    let written = &contrasts[of_change..];
    let extras = &mut summary.extras;
    extras.adjustment = asked.adjust;
    match asked.adjust {
        Adjustment::Tukey if !written.is_empty() => summary.notes.push(
            "contrasts (--contrast) are not adjusted: Tukey's method is for all pairs of means; --adjust holm takes them"
                .to_owned(),
        ),
        Adjustment::Dunnett if !written.is_empty() => summary.notes.push(
            "contrasts (--contrast) are not adjusted: Dunnett's method is for differences from one reference; --adjust mvt \
             takes them"
                .to_owned(),
        ),
        method => {
            if let Some(found) = fit.adjusted(written, &functions, method, written.len())? {
                extras.contrasts_adjusted = vec![None; of_change];
                extras.contrasts_adjusted.extend(found.tests.into_iter().map(Some));
                summary.notes.extend(about_error(found.error));
                if !written.is_empty() {
                    let count = written.len();
                    summary.notes.push(format!("p of contrasts is also given adjusted ({method}) for the {count} of --contrast"));
                }
            }
        }
    }
    extras.contrasts = (!contrasts.is_empty()).then_some(contrasts);
    Ok(())
}

/// Marginal means and slopes, those before and after a change by group among them, with their differences.
pub fn add_means(summary: &mut Summary, fit: &dyn MixedFit, args: &FitArgs, input: &Input) -> Result<(), Failure> {
    let asked = &args.inference;
    let common = held(fit, args)?;
    let with = |factors: &[String]| MeansOf { factors: factors.to_vec(), ..common.clone() };
    let means: Vec<MarginalMeans> =
        asked.emmeans.iter().map(|of| fit.means(&with(&split_names(of)))).collect::<Result<_, _>>()?;
    let slope = |of: &String| {
        let names = split_names(of);
        fit.slopes(&names[0], &with(&names[1..]))
    };
    let mut slopes: Vec<MarginalMeans> = asked.slopes.iter().map(slope).collect::<Result<_, _>>()?;
    if let Some(change) = &input.change {
        slopes.extend(change.by_group(fit, &common)?);
    }
    let all = || means.iter().chain(&slopes);
    if all().all(|set| set.contrasts.is_empty()) {
        let has_none = all().next().is_none();
        let refuse = |option: &str, told: &str| {
            let (what, hint) = match has_none {
                true => ("none were asked for", "add --emmeans FACTOR or --slopes"),
                false => ("what was asked for has one alone", "leave it out, or name a factor: --slopes COLUMN:FACTOR"),
            };
            Err(Failure::call(format!("{option} {told}, and {what}"), hint))
        };
        if has_none && !asked.at.is_empty() {
            return refuse("--at", "says where means and slopes are taken");
        }
        if asked.pairs == Pairs::First {
            return refuse("--pairs first", "says which means or slopes are compared");
        }
        if matches!(asked.adjust, Adjustment::Tukey | Adjustment::Dunnett) {
            return refuse(&format!("--adjust {}", asked.adjust), "is for differences of means or slopes");
        }
        if asked.adjust != Adjustment::None && asked.contrast.is_empty() {
            return refuse(
                &format!("--adjust {}", asked.adjust),
                "is for differences of means or slopes, or contrasts",
            );
        }
    }
    let mut notes: Vec<String> = Vec::new();
    let kinds = [(&means, "means"), (&slopes, "slopes")];
    for (sets, kind) in kinds {
        let has_any = sets.iter().any(|set| !set.contrasts.is_empty());
        if has_any && asked.adjust == Adjustment::None {
            notes.push(format!("differences of {kind} are not corrected for their number"));
        }
    }
    for note in all().flat_map(|set| &set.notes) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    summary.notes.extend(notes);
    summary.extras.emmeans = means;
    summary.extras.slopes = slopes;
    Ok(())
}

/// What all means and slopes of a call have in common: where covariates and factors are held, which pairs there are,
/// and how these are adjusted.
fn held(fit: &dyn MixedFit, args: &FitArgs) -> Result<MeansOf, Failure> {
    let (frame, asked) = (&fit.data().frame, &args.inference);
    let mut of = MeansOf { pairs: asked.pairs, adjustment: asked.adjust, ..MeansOf::default() };
    for (name, texts) in &asked.at {
        match frame.column(name) {
            None => return Err(unknown_column(name, frame).into()),
            Some(Column::Texts { .. }) => of.levels.push((name.clone(), texts.clone())),
            Some(Column::Numbers(_)) => {
                let number = |text: &String| {
                    number_of(text).map_err(|why| {
                        let message = format!("--at {name}={text}: the column holds numbers");
                        Failure::call(message, format!("give numbers, such as {name}=12 or {name}=6,12 ({why})"))
                    })
                };
                of.at.push((name.clone(), texts.iter().map(number).collect::<Result<_, _>>()?));
            }
        }
    }
    Ok(of)
}
