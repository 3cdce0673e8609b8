//! Which designs have the conditional exact test beside the model.

use super::super::data::ModelData;
use super::super::options::{Family, Link};
use super::exact::{ConditionalTest, Events, Exposure, MOST_EVENTS, conditional_test};
use super::fit::GeneralisedModel;
use super::response::Response;

/// The conditional exact test, where the design is one of two conditions for each subject: an intercept, one
/// column of two values, and a random intercept.
pub(super) fn before_and_after(
    data: &ModelData,
    model: GeneralisedModel,
    response: &Response,
    notes: &mut Vec<String>,
) -> Option<(String, ConditionalTest)> {
    let is_binomial = model.family == Family::Binomial;
    let [term] = data.random.as_slice() else { return None };
    let is_intercept = term.columns.len() == 1 && term.columns[0].iter().all(|z| *z == 1.0);
    let fits_link = if is_binomial { model.link == Link::Logit } else { true };
    if !is_intercept || !fits_link || data.p() != 2 || response.weights.is_some() {
        return None;
    }
    if data.x.columns[0].iter().any(|x| *x != 1.0) || (is_binomial && data.offset.is_some()) {
        return None;
    }
    let column = &data.x.columns[1];
    let low = column.iter().copied().fold(f64::INFINITY, f64::min);
    let high = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if high - low != 1.0 || column.iter().any(|x| *x != low && *x != high) {
        return None;
    }
    let mut pairs = vec![(Events::default(), Events::default()); term.levels.len()];
    for (row, code) in term.codes.iter().enumerate() {
        let pair = &mut pairs[*code as usize];
        let side = if column[row] == low { &mut pair.0 } else { &mut pair.1 };
        side.events += response.y[row];
        let offset = data.offset.as_ref().map_or(0.0, |offset| offset[row]);
        side.exposure += if is_binomial { response.trials[row] } else { offset.exp() };
    }
    if pairs.iter().any(|(a, b)| a.exposure == 0.0 || b.exposure == 0.0) {
        return None;
    }
    let events: f64 = pairs.iter().map(|(a, b)| a.events + b.events).sum();
    if events > MOST_EVENTS {
        notes.push(format!("no exact test beside the model: {events} events are more than {MOST_EVENTS}"));
    }
    let exposure = if is_binomial { Exposure::Trials } else { Exposure::PersonTime };
    let test = conditional_test(&pairs, exposure, model.level)?;
    Some((data.x.names[1].clone(), test))
}
