//! What a fitted linear mixed model reports.

use super::fit::LinearFit;
use crate::mixed::fit::MixedFit;
use crate::mixed::options::IntervalMethod;
use crate::mixed::result::{Extras, Shares, Summary, VarCorr};
use crate::numeric::matrix::{Matrix, dot};

impl LinearFit {
    /// Everything that the fit says without being asked.
    pub(super) fn summarised(&self) -> Summary {
        Summary {
            kind: "Linear mixed model".to_owned(),
            formula: self.data.formula.source.clone(),
            n: self.data.n(),
            groups: self.data.groups(),
            method: if self.model.reml { "REML" } else { "ML" }.to_owned(),
            criterion: self.criterion(),
            parameters: self.parameters(),
            aic: self.aic(),
            bic: self.bic(),
            sigma: self.sigma(),
            theta: self.theta(),
            fixef: self.coefficients(),
            df_method: self.model.df,
            ci_method: IntervalMethod::Wald,
            level: self.level(),
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

    /// R² and the intraclass correlation. The variance of a random term with slopes is its mean over the rows,
    /// Σ z′Ψz / n.
    ///
    /// Source: Nakagawa & Schielzeth (2013), Methods Ecol Evol 4:133; Johnson (2014), ibid. 5:944, equation 10.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, LinearMixedModel, MixedFit, ModelData};
    /// let frame = reffect::read::read_frame("data/published/dyestuff.csv")?;
    /// let data = ModelData::new(Formula::parse("Yield ~ 1 + (1 | Batch)")?, frame, &DataOptions::default())?;
    /// let fit = LinearMixedModel::default().fit(data)?;
    /// // One variance between batches and one within: the intraclass correlation is their share.
    /// let (between, within) = (fit.varcorr()[0].sd[0].powi(2), fit.sigma().ok_or("a number")?.powi(2));
    /// assert!((fit.shares().icc - between / (between + within)).abs() < 1e-12);
    /// assert!((fit.shares().icc - 0.418_5).abs() < 1e-3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shares(&self) -> Shares {
        let data = &self.data;
        let n = data.n() as f64;
        let fitted = data.fixed_part(&self.beta);
        let mean = fitted.iter().sum::<f64>() / n;
        let fixed = fitted.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let sigma2 = self.residual_sd().powi(2);
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
            notes.push(singular(&self.varcorr()));
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
        if self.converged() && self.problem.can_fit_every_row(self.model.reml) {
            notes.push(
                "the fixed and random effects together have columns enough to fit every row exactly: the likelihood \
                 may grow without end as the residual variance goes to 0, and what is told here is a maximum \
                 before that. A simpler random part is needed"
                    .to_owned(),
            );
        }
        notes.extend(self.data.few_levels());
        notes
    }
}

/// That a fit lies on the boundary, and by what.
pub(in crate::mixed) fn singular(terms: &[VarCorr]) -> String {
    let what: Vec<String> = terms.iter().filter_map(degenerate).collect();
    let what =
        if what.is_empty() { "a combination of random effects has no variance".to_owned() } else { what.join("; ") };
    format!(
        "singular fit: {what}. The estimate lies on the boundary of what is possible; a simpler random part \
         fits these data as well. Compare the degrees of freedom by Satterthwaite and by Kenward and Roger: \
         they differ much in such fits"
    )
}

/// What is 0 or ±1 in a term.
fn degenerate(term: &VarCorr) -> Option<String> {
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
