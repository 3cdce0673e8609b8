//! What a fitted linear mixed model reports.

use super::fit::LinearFit;
use crate::mixed::linear::coefficients;
use crate::mixed::options::IntervalMethod;
use crate::mixed::result::{Extras, Shares, Summary};
use crate::numeric::matrix::{Matrix, dot};

impl LinearFit<'_> {
    /// Everything that the fit says without being asked.
    pub fn summary(&self, level: f64) -> Summary {
        let parameters = self.parameters();
        let criterion = self.criterion();
        let n = self.data.n();
        Summary {
            kind: "Linear mixed model".to_owned(),
            formula: self.data.formula.source.clone(),
            n,
            groups: self.data.groups(),
            method: if self.model.reml { "REML" } else { "ML" }.to_owned(),
            criterion,
            parameters,
            aic: criterion + 2.0 * parameters as f64,
            bic: criterion + parameters as f64 * (n as f64).ln(),
            sigma: Some(self.sigma()),
            theta: self.theta(),
            fixef: coefficients(self, &self.data.x.names, level),
            df_method: self.model.df,
            ci_method: IntervalMethod::Wald,
            level,
            vcov: self.vcov.clone(),
            varcorr: self.varcorr(),
            sigma_ci: None,
            profile: Vec::new(),
            ranef: Vec::new(),
            dispersion: None,
            residual: Vec::new(),
            singular: self.singular(),
            converged: self.converged(),
            history: self.found.history.clone(),
            shares: Some(self.shares()),
            extras: Extras::default(),
            notes: self.notes(),
        }
    }

    /// R² and the intraclass correlation. The variance of a random term with slopes is its mean over
    /// the rows, Σ z'Ψz / n: Johnson (2014), Methods Ecol Evol 5:944, equation 10.
    pub fn shares(&self) -> Shares {
        let data = self.data;
        let n = data.n() as f64;
        let fitted = data.fixed_part(&self.beta);
        let mean = fitted.iter().sum::<f64>() / n;
        let fixed = fitted.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let sigma2 = self.sigma().powi(2);
        let mut random = 0.0;
        for (at, term) in data.random.iter().enumerate() {
            let lambda = self.lambda(at);
            let psi = lambda.times(&lambda.transposed());
            let k = term.columns.len();
            let products = Matrix::from_fn(k, k, |i, j| dot(&term.columns[i], &term.columns[j]) / n);
            random += sigma2 * psi.times(&products).trace();
        }
        let total = fixed + random + sigma2;
        Shares { r2_marginal: fixed / total, r2_conditional: (fixed + random) / total, icc: random / (random + sigma2) }
    }

    /// What is to be known of the fit.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.singular() {
            let what: Vec<String> = self.varcorr().iter().filter_map(degenerate).collect();
            let what = if what.is_empty() {
                "a combination of random effects has no variance".to_owned()
            } else {
                what.join("; ")
            };
            notes.push(format!(
                "singular fit: {what}. The estimate lies on the boundary of what is possible; a simpler random part \
                 fits these data as well. Compare the degrees of freedom by Satterthwaite and by Kenward and Roger: \
                 they differ much in such fits"
            ));
        }
        if self.found.flat {
            notes.push(
                "these data do not determine the variances: the criterion is the same for others. Either random \
                 effects stand for each other, as in (f || g) with a factor f, and the rest of the fit is as it \
                 should be; or fixed effects tell the groups apart already: then leave out those or that random \
                 term, and Kenward and Roger's method has no degrees of freedom"
                    .to_owned(),
            );
        } else if !self.converged() {
            notes.push(
                "the search did not end at a clear minimum of the criterion: do not trust the numbers".to_owned(),
            );
        }
        if self.is_untested() {
            notes.push(
                "Kenward and Roger's method has no degrees of freedom here, since the data do not determine the \
                 variances: there are no p-values and no Wald intervals"
                    .to_owned(),
            );
        }
        notes.extend(self.data.few_levels());
        notes
    }
}

/// What is 0 or ±1 in a term.
fn degenerate(term: &crate::mixed::result::VarCorr) -> Option<String> {
    let k = term.names.len();
    let mut found = Vec::new();
    for (at, name) in term.names.iter().enumerate() {
        if term.sd[at] == 0.0 {
            found.push(format!("the variance of {name} by {} is 0", term.group));
        }
        for other in at + 1..k {
            let r = term.cor[(at, other)];
            if r.is_finite() && r.abs() > 1.0 - 1e-9 {
                let sign = if r > 0.0 { "1" } else { "−1" };
                found.push(format!("{name} and {} by {} correlate by {sign}", term.names[other], term.group));
            }
        }
    }
    (!found.is_empty()).then(|| found.join("; "))
}
