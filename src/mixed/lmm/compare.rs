//! Likelihood-ratio tests.

use super::fit::{LinearFit, LinearMixedModel};
use super::pieces::Likelihood;
use super::problem::Problem;
use crate::mixed::data::ModelData;
use crate::mixed::error::MixedError;
use crate::mixed::options::DfMethod;
use crate::mixed::result::Comparison;
use crate::numeric::dist::chi_squared_sf;

impl LinearFit<'_> {
    /// The likelihood-ratio test against a model of the same rows, whichever of the two is the larger
    /// one. Where the fixed parts differ, both are fitted by full maximum likelihood first.
    ///
    /// Where one random effect more is tested, its variance lies on the boundary under the hypothesis,
    /// and p is also given by the mixture ½χ²(df − 1) + ½χ²(df): Self & Liang (1987), J Am Stat Assoc
    /// 82:605; Stram & Lee (1994), Biometrics 50:1171.
    ///
    /// # Errors
    /// If the rows differ, the models have equally many parameters, or the other one cannot be fitted.
    pub fn compare(&self, other: &ModelData) -> Result<Comparison, MixedError> {
        let own = self.data;
        if own.rows != other.rows || own.y != other.y {
            let message = "the two models have different rows or responses: their likelihoods cannot be compared";
            return Err(MixedError::data(message, "leave rows with missing values out of the table first"));
        }
        let same_fixed = {
            let sorted = |data: &ModelData| {
                let mut names = data.x.names.clone();
                names.sort();
                names
            };
            sorted(own) == sorted(other)
        };
        let reml = self.model.reml && same_fixed;
        let mut notes = Vec::new();
        if self.model.reml && !same_fixed {
            notes.push("the fixed parts differ: both models were fitted again by full maximum likelihood".to_owned());
        }
        let criterion = |data: &ModelData| criterion(data, reml);
        let mine = if reml == self.model.reml { self.criterion() } else { criterion(own)? };
        let theirs = criterion(other)?;
        let (a, b) = (parameters(own), parameters(other));
        if a == b {
            let message = format!("both models have {a} parameters: neither lies within the other");
            return Err(MixedError::data(message, "compare their AIC instead"));
        }
        let own_is_smaller = a < b;
        let (smaller, larger) = if own_is_smaller { (own, other) } else { (other, own) };
        let difference = if own_is_smaller { mine - theirs } else { theirs - mine };
        if difference < -1e-6 * (1.0 + mine.abs()) {
            let message = "the model with more parameters fits worse: the other one does not lie within it";
            return Err(MixedError::data(message, "compare models of which one has all the terms of the other"));
        }
        let (chisq, df) = (difference.max(0.0), a.abs_diff(b));
        let effects = |data: &ModelData| data.random.iter().map(|term| term.names.len()).sum::<usize>();
        let on_boundary = same_fixed && effects(larger) == effects(smaller) + 1;
        let p_boundary = on_boundary.then(|| {
            let below = if df > 1 { chi_squared_sf(chisq, (df - 1) as f64) } else { f64::from(u8::from(chisq == 0.0)) };
            0.5 * below + 0.5 * chi_squared_sf(chisq, df as f64)
        });
        if same_fixed && effects(larger) > effects(smaller) + 1 {
            notes.push("several variances are tested at once: p by χ² is too large (conservative)".to_owned());
        }
        Ok(Comparison {
            smaller: smaller.formula.source.clone(),
            larger: larger.formula.source.clone(),
            chisq,
            df,
            p: chi_squared_sf(chisq, df as f64),
            p_boundary,
            notes,
        })
    }
}

fn parameters(data: &ModelData) -> usize {
    let of_term = |k: usize| k * (k + 1) / 2;
    data.p() + data.random.iter().map(|term| of_term(term.names.len())).sum::<usize>() + 1
}

/// −2 log-likelihood; without random terms that of ordinary regression.
fn criterion(data: &ModelData, reml: bool) -> Result<f64, MixedError> {
    if !data.random.is_empty() {
        return Ok(LinearMixedModel { reml, df: DfMethod::None }.fit(data)?.criterion());
    }
    let problem = Problem::new(data)?;
    let likelihood = if reml { Likelihood::Restricted } else { Likelihood::Full };
    let degrees = super::pieces::Profiled::degrees(&problem, likelihood);
    let r2 = (problem.n - problem.p()) as f64 * problem.scale * problem.scale;
    let determinant = if reml { 2.0 * problem.log_r() } else { 0.0 };
    Ok(degrees * (1.0 + (std::f64::consts::TAU * r2 / degrees).ln()) + determinant - problem.log_weights)
}
