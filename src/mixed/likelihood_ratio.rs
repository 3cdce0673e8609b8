//! The likelihood-ratio test of two fitted models.

use super::data::ModelData;
use super::error::MixedError;
use super::nested::outside;
use super::result::{ComparedModel, Comparison};
use crate::estimate::ChiSquared;
use crate::numeric::dist::chi_squared_sf;
use crate::numeric::format::significant;

/// One of two models that are compared.
pub(super) struct Side<'a> {
    pub data: &'a ModelData,
    /// −2 log-likelihood.
    pub criterion: f64,
    pub parameters: usize,
}

impl Side<'_> {
    fn told(&self) -> ComparedModel {
        let count = self.parameters as f64;
        ComparedModel {
            formula: self.data.called(),
            parameters: self.parameters,
            loglik: -0.5 * self.criterion,
            aic: self.criterion + 2.0 * count,
            bic: self.criterion + (self.data.n() as f64).ln() * count,
        }
    }
}

/// Whether two models have the same columns in their fixed parts.
pub(super) fn has_same_fixed_part(own: &ModelData, other: &ModelData) -> bool {
    let sorted = |data: &ModelData| {
        let mut names = data.x.names.clone();
        names.sort();
        names
    };
    sorted(own) == sorted(other)
}

/// Whether two models have the same rows and responses, the same trials and weights among them.
///
/// # Errors
/// If not.
pub(super) fn check_rows(own: &ModelData, other: &ModelData) -> Result<(), MixedError> {
    if own.rows != other.rows {
        let message = "the two models have different rows: their likelihoods cannot be compared";
        return Err(MixedError::data(message, "leave rows with missing values out of the table first"));
    }
    let different = match () {
        () if own.y != other.y => "responses",
        () if own.trials != other.trials => "numbers of trials",
        () if own.weights != other.weights => "weights",
        () => return Ok(()),
    };
    let message = format!("the two models have different {different}: their likelihoods cannot be compared");
    Err(MixedError::data(message, "write the same response for both; cbind() takes events and non-events"))
}

/// The two models, fitted by one `method`, side by side, and the test of the smaller one within the larger one,
/// whichever of the two that is.
///
/// Where one random effect more is tested, its variance lies on the boundary under the hypothesis, and p is
/// also given by the mixture ½χ²(df − 1) + ½χ²(df): Self & Liang (1987), J Am Stat Assoc 82:605; Stram & Lee
/// (1994), Biometrics 50:1171.
///
/// # Errors
/// If the two are one model, or the larger model fits worse than the smaller one that lies within it.
pub(super) fn likelihood_ratio(
    own: &Side<'_>,
    other: &Side<'_>,
    method: &str,
    mut notes: Vec<String>,
) -> Result<Comparison, MixedError> {
    let (a, b) = (own.parameters, other.parameters);
    let (smaller, larger) = if a <= b { (own, other) } else { (other, own) };
    let formula = |side: &Side<'_>| side.data.called();
    if a == b && outside(own.data, other.data).is_none() && outside(other.data, own.data).is_none() {
        let message = match formula(own) == formula(other) {
            true => format!("{} is compared with itself", formula(own)),
            false => format!("{} and {} are one model in two forms", formula(own), formula(other)),
        };
        return Err(MixedError::data(message, "name another model"));
    }
    let untested = match outside(smaller.data, larger.data) {
        _ if a == b => Some(format!("both models have {a} parameters: neither lies within the other")),
        Some(part) => Some(format!(
            "neither lies within the other: the {part} part of {} is not within that of {}, so that the difference of \
             their likelihoods has no χ² distribution",
            formula(smaller),
            formula(larger)
        )),
        None => None,
    };
    let models = [smaller, larger].map(Side::told);
    if let Some(why) = untested {
        notes.push(format!("{why}; their AIC and BIC can be compared, the smaller being the better"));
        let (smaller, larger) = (formula(smaller), formula(larger));
        let method = method.to_owned();
        return Ok(Comparison { smaller, larger, method, models, test: None, p_boundary: None, notes });
    }
    let difference = smaller.criterion - larger.criterion;
    if difference < -1e-6 * (1.0 + own.criterion.abs()) {
        let message = format!(
            "the model with more parameters fits worse, by {} of the criterion: the search for its maximum ended at a \
             lower one",
            significant(-difference, 3)
        );
        return Err(MixedError::data(
            message,
            "compare a simpler model, or look at what --format json calls `history`",
        ));
    }
    let test = ChiSquared::new(difference.max(0.0), a.abs_diff(b) as f64);
    let effects = |side: &Side<'_>| side.data.random.iter().map(|term| term.names.len()).sum::<usize>();
    let same_fixed = has_same_fixed_part(own.data, other.data);
    let on_boundary = same_fixed && effects(larger) == effects(smaller) + 1;
    let p_boundary = on_boundary.then(|| {
        let ChiSquared { statistic, df, p, .. } = test;
        let below = if df > 1.0 { chi_squared_sf(statistic, df - 1.0) } else { f64::from(u8::from(statistic == 0.0)) };
        0.5 * below + 0.5 * p
    });
    if same_fixed && effects(larger) > effects(smaller) + 1 {
        notes.push("several variances are tested at once: p by χ² is too large (conservative)".to_owned());
    }
    Ok(Comparison {
        smaller: formula(smaller),
        larger: formula(larger),
        method: method.to_owned(),
        models,
        test: Some(test),
        p_boundary,
        notes,
    })
}
