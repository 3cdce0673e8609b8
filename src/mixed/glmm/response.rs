//! Counts and proportions as they must be.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::options::Family;

/// Events with their trials (1 for counts), and prior weights.
pub(super) struct Response {
    pub y: Vec<f64>,
    pub trials: Vec<f64>,
    pub weights: Option<Vec<f64>>,
    pub notes: Vec<String>,
}

/// Reads the response of a family.
pub(super) fn response(data: &ModelData, family: Family) -> Result<Response, MixedError> {
    if family == Family::Binomial { proportions(data) } else { counts(data) }
}

fn counts(data: &ModelData) -> Result<Response, MixedError> {
    if data.trials.is_some() {
        let hint = "give one column of counts, with the person-time as offset (--offset \"log(time)\")";
        return Err(MixedError::data("a response of cbind() is for the binomial family (--family binomial)", hint));
    }
    if let Some(at) = (0..data.n()).find(|&at| data.y[at] < 0.0) {
        let message = format!("{}: the response is {}, and a count is not below 0", data.place_of(at), data.y[at]);
        return Err(MixedError::data(
            message,
            "check the column; changes and scores need a linear mixed model (--family gaussian)",
        ));
    }
    if let Some(at) = (0..data.n()).find(|&at| data.y[at].fract() != 0.0) {
        let message = format!("{}: the response is {}, and a count is a whole number", data.place_of(at), data.y[at]);
        let hint = "a rate becomes a count with its person-time: the events as response, and an offset \
                    (--offset \"log(time)\")";
        return Err(MixedError::data(message, hint));
    }
    if data.y.iter().all(|y| *y == 0.0) {
        return Err(MixedError::data("every count is 0: there is nothing to model", "check the response"));
    }
    Ok(Response { y: data.y.clone(), trials: vec![1.0; data.n()], weights: data.weights.clone(), notes: Vec::new() })
}

fn proportions(data: &ModelData) -> Result<Response, MixedError> {
    let (trials, is_share) = match (&data.trials, &data.weights) {
        (Some(_), Some(_)) => {
            let message = "cbind() already says how many trials there are, and the weights (--weights) say it again";
            return Err(MixedError::data(message, "leave out the weights"));
        }
        (Some(trials), None) => (trials.clone(), false),
        (None, Some(weights)) => (weights.clone(), true),
        (None, None) => (vec![1.0; data.n()], false),
    };
    let mut y = data.y.clone();
    let mut moved = 0;
    for at in 0..data.n() {
        let place = || data.place_of(at);
        let n = trials[at];
        if n.fract() != 0.0 || n <= 0.0 {
            let message = format!("{}: {n} trials; a whole number above 0 was expected", place());
            return Err(MixedError::data(message, "check the columns of events and trials"));
        }
        if is_share {
            let events = (data.y[at] * n).round();
            let off = (data.y[at] * n - events).abs();
            if !(0.0..=1.0).contains(&data.y[at]) {
                let message = format!("{}: the response is {}, and a proportion is from 0 to 1", place(), data.y[at]);
                return Err(MixedError::data(
                    message,
                    "with weights (--weights) as trials the response is events / trials",
                ));
            }
            if off > 0.05 {
                let message = format!("{}: {} of {n} trials is no whole number of events", place(), data.y[at]);
                return Err(MixedError::data(message, "give the events themselves: cbind(events, trials - events)"));
            }
            moved += usize::from(off > 1e-6);
            y[at] = events;
        }
        if y[at] < 0.0 || y[at] > n || y[at].fract() != 0.0 {
            let message = if n == 1.0 {
                format!("{}: the response is {}, and 0 or 1 was expected", place(), y[at])
            } else {
                format!("{}: {} events of {n} trials", place(), y[at])
            };
            let hint =
                "for several trials a row write cbind(events, non_events), or a proportion with weights (--weights)";
            return Err(MixedError::data(message, hint));
        }
    }
    for (value, is_all) in [("0", y.iter().all(|y| *y == 0.0)), ("1", y.iter().zip(&trials).all(|(y, n)| y == n))] {
        if is_all {
            let message = format!("the response is {value} throughout: there is nothing to model");
            return Err(MixedError::data(message, "check the response"));
        }
    }
    let notes = (moved > 0)
        .then(|| format!("{moved} proportions times their trials were rounded to whole events"))
        .into_iter()
        .collect();
    Ok(Response { y, trials, weights: None, notes })
}
