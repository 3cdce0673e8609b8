//! `reffect meta --selmodel`: selection models, with weights that are estimated or given.

use super::args::MetaArgs;
use super::around::available;
use crate::cli::args::plain;
use crate::cli::failure::Failure;
use crate::meta::bias::{Selection, SelectionKind, VEVEA_WOODS, VEVEA_WOODS_STEPS, selection, selection_with_weights};
use crate::meta::{Estimator, MetaError, Model, Problem};
use crate::report::meta::around::Around;
use crate::report::meta::selection::{GivenSelections, GivenWeights};

/// The sets of Vevea & Woods in one word.
const PUBLISHED: &str = "vevea-woods";

/// The selection model that was asked for, or those of the weights that are given.
pub fn of_selection(args: &MetaArgs, model: &Model, problem: &Problem, around: &mut Around) -> Result<(), Failure> {
    let bias = &args.bias;
    let Some(kind) = &bias.selmodel else { return Ok(()) };
    let kind = selection_kind(kind, &bias.steps)?;
    if !args.model.tau2.is_empty() || args.model.unweighted {
        return Err(Failure::call(
            "a selection model estimates tau2 and weights by its likelihood: --tau2 and --unweighted do not go with it",
            "leave them out",
        ));
    }
    if !bias.delta.is_empty() {
        let found = of_given_weights(args, model, problem, &kind);
        return match found {
            Ok(found) => {
                around.selmodel_given = Some(found);
                Ok(())
            }
            Err(Refusal::Call(failure)) => Err(failure),
            Err(Refusal::Data(error)) => {
                available(Err::<(), _>(error), "--selmodel", around)?;
                Ok(())
            }
        };
    }
    let found = selection(model, problem, &kind, bias.selmodel_alternative);
    around.selmodel = available(found, "--selmodel", around)?;
    Ok(())
}

/// Why there are no fits: the call is wrong, or the data do not allow them.
enum Refusal {
    Call(Failure),
    Data(MetaError),
}

impl From<MetaError> for Refusal {
    fn from(error: MetaError) -> Self {
        Self::Data(error)
    }
}

/// The kind with the steps that were given.
fn selection_kind(kind: &SelectionKind, steps: &[f64]) -> Result<SelectionKind, Failure> {
    match (kind, steps) {
        (kind, []) => Ok(kind.clone()),
        (SelectionKind::Steps(_), steps) => Ok(SelectionKind::Steps(steps.to_vec())),
        (kind, _) => Err(Failure::call(
            format!("--steps belongs to the selection model stepfun, and not to {}", kind.name()),
            "leave it out, or pass --selmodel stepfun",
        )),
    }
}

/// One set of weights with the steps between which they hold.
struct Set {
    name: String,
    steps: Vec<f64>,
    weights: Vec<f64>,
}

fn of_given_weights(
    args: &MetaArgs,
    model: &Model,
    problem: &Problem,
    kind: &SelectionKind,
) -> Result<GivenSelections, Refusal> {
    let SelectionKind::Steps(steps) = kind else {
        return Err(Refusal::Call(Failure::call(
            format!("--delta gives the weights of the selection model stepfun, and not those of {}", kind.name()),
            "leave it out, or pass --selmodel stepfun",
        )));
    };
    let alternative = args.bias.selmodel_alternative;
    let mut sets = Vec::new();
    if !args.bias.steps.is_empty() && args.bias.delta.iter().all(|text| text.trim() == PUBLISHED) {
        return Err(Refusal::Call(Failure::call(
            format!("--steps has no effect: --delta {PUBLISHED} brings steps of its own"),
            "leave --steps out, or write the weights out",
        )));
    }
    for text in &args.bias.delta {
        if text.trim() == PUBLISHED {
            sets.extend(VEVEA_WOODS.iter().map(|(name, weights)| Set {
                name: (*name).to_owned(),
                steps: VEVEA_WOODS_STEPS.to_vec(),
                weights: weights.to_vec(),
            }));
        } else {
            sets.push(written(text, steps).map_err(Refusal::Call)?);
        }
    }
    let mut fits = Vec::with_capacity(sets.len());
    for Set { name, steps, weights } in sets {
        let fit: Selection = match selection_with_weights(model, problem, &steps, &weights, alternative) {
            Err(MetaError::Option(message)) => {
                let hint = "write one weight above 0 for each interval that --steps makes, the first for the smallest p-values";
                return Err(Refusal::Call(Failure::call(format!("--delta {name}: {message}"), hint)));
            }
            found => found?,
        };
        fits.push(GivenWeights { name, fit });
    }
    let estimator = if model.estimator.is_common() { model.estimator } else { Estimator::Ml };
    let plain = Model { estimator, test: crate::meta::Test::Z, ..*model }.fit(problem)?;
    Ok(GivenSelections { plain, sets: fits })
}

/// The weights of "1,0.5" or "NAME=1,0.5".
fn written(text: &str, steps: &[f64]) -> Result<Set, Failure> {
    let (name, numbers) = text.rsplit_once('=').unwrap_or((text, text));
    let number = |part: &str| {
        plain(part.trim()).ok_or_else(|| {
            Failure::call(
                format!("--delta {text}: `{}` is no number", part.trim()),
                format!("write a weight for each interval of p-values, such as 1,0.5,0.25; or {PUBLISHED}"),
            )
        })
    };
    let weights = numbers.split(',').map(number).collect::<Result<_, _>>()?;
    Ok(Set { name: name.trim().to_owned(), steps: steps.to_vec(), weights })
}
