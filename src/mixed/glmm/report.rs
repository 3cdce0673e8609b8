//! What a model of counts or proportions reports, with what is to be known of its fit.

use super::super::data::RandomTermData;
use super::super::fit::MixedFit;
use super::super::options::{DfMethod, Family, IntervalMethod};
use super::super::result::{Coefficient, Extras, LevelEffects, NamedEstimates, RandomEffects, Summary};
use super::family::Likelihood;
use super::fit::GeneralisedFit;
use super::laplace::{Term, entries_of};
use super::loose::loose_terms;
use crate::numeric::dist::chi_squared_sf;
use crate::numeric::format::significant;
use crate::numeric::matrix::{Matrix, dot};

impl GeneralisedFit {
    /// The standard deviation, on the scale of the link, of what a term adds to a row, in the mean over the rows and of
    /// the term with the most: its columns have a mean square of 1 and no products, so that it is the size of Λ.
    fn largest_deviation(&self) -> f64 {
        let mut entries = self.at.as_slice();
        let size = |term: &Term| {
            let own = entries.split_off(..term.parameters()).unwrap_or_default();
            dot(own, own).sqrt()
        };
        self.problem.terms.iter().map(size).fold(0.0, f64::max)
    }

    /// Terms that have other (co)variances of the same likelihood.
    fn loose_terms(&self) -> Vec<String> {
        let loose = loose_terms(&self.problem.terms, &self.at[..self.problem.thetas()]);
        let name = |of: &RandomTermData| format!("({} | {})", of.names.join(" + "), of.group);
        loose.into_iter().map(|at| name(&self.data.random[at])).collect()
    }

    /// Dispersion, zeros, singular variances, convergence.
    pub(super) fn add_notes(&mut self) {
        let mut notes = std::mem::take(&mut self.notes);
        if let Some([zero, one]) = &self.data.texts {
            notes.push(format!("the response `{one}` counts as 1, `{zero}` as 0"));
        }
        if self.singular {
            notes.push(format!("the fit is singular: {}", self.what_is_singular()));
        }
        notes.extend(self.single_rows());
        notes.extend(self.data.few_levels());
        notes.extend(self.overdispersion());
        notes.extend(self.zeros());
        let largest = self.largest_deviation();
        if matches!(self.problem.likelihood, Likelihood::Binomial(_)) && largest > 10.0 {
            notes.push(format!(
                "a standard deviation of {largest:.1} on the scale of the link: most groups have one outcome alone, \
                 which {} describes poorly",
                if self.model.points > 1 { "also quadrature" } else { "Laplace's approximation" }
            ));
        }
        let loose = self.loose_terms();
        if !loose.is_empty() {
            self.converged = false;
            let why = match loose.len() {
                1 => "what varies there does not do so within its groups",
                _ => "their random effects stand for each other",
            };
            notes.push(format!(
                "these data do not determine the variances and correlations of {}: {why}, and others have the same \
                 likelihood; the rest of the fit is as it should be",
                loose.join(" and ")
            ));
        } else if !self.converged {
            notes.push("the search did not end in a minimum: do not rely on these numbers".to_owned());
        }
        self.notes = notes;
    }

    /// Which variances are 0; if none, the random effects of a term follow from each other.
    fn what_is_singular(&self) -> String {
        let zero = |(factor, term): (&Matrix, &RandomTermData)| {
            let own = |row: usize| (0..=row).all(|column| factor[(row, column)] == 0.0);
            let names: Vec<String> = (0..factor.rows())
                .filter(|&row| own(row))
                .map(|row| format!("{} of {}", term.names[row], term.group))
                .collect();
            names
        };
        let names: Vec<String> = self.factors.iter().zip(&self.data.random).flat_map(zero).collect();
        match names.as_slice() {
            [] => "the random effects of a term follow from each other (a correlation of ±1)".to_owned(),
            [one] => format!("the variance of {one} is 0"),
            several => format!("the variances of {} are 0", several.join(", ")),
        }
    }

    /// Terms with a level for each row stand for what is left over, not for differences of groups.
    fn single_rows(&self) -> Vec<String> {
        let problem = &self.problem;
        let is_yes_or_no =
            matches!(problem.likelihood, Likelihood::Binomial(_)) && problem.trials.iter().all(|n| *n == 1.0);
        let told = |term: &super::super::data::RandomTermData| match is_yes_or_no {
            true => format!(
                "each level of {} has one row of one trial: its variance cannot be told from chance, and coefficients \
                 depend on it",
                term.group
            ),
            false => format!(
                "each level of {} has one row: its variance is overdispersion of the rows, and no difference of groups",
                term.group
            ),
        };
        self.data.random.iter().filter(|term| term.levels.len() == self.data.n()).map(told).collect()
    }

    /// Pearson's χ² over the rows, given the random effects, against its degrees of freedom; a χ² distribution is a
    /// rough one beside random effects, so that a ratio near 1 is not told as overdispersion however small its p is.
    ///
    /// Source: McCullagh & Nelder (1989), Generalized Linear Models, section 4.5.
    fn overdispersion(&self) -> Option<String> {
        let problem = &self.problem;
        let is_checked = match problem.likelihood {
            Likelihood::Poisson => !self.is_poisson_limit,
            Likelihood::Binomial(_) => problem.trials.iter().any(|n| *n > 1.0),
            _ => false,
        };
        // One random effect a row takes all dispersion up.
        if !is_checked || self.data.random.iter().any(|term| term.levels.len() == self.data.n()) {
            return None;
        }
        let residual = |row: usize| {
            let mean = problem.likelihood.mean(self.mode.eta[row]);
            let expected = problem.trials[row] * mean;
            let variance = problem.likelihood.variance(mean, problem.trials[row], 1.0);
            if variance > 0.0 { problem.weight(row) * (problem.y[row] - expected).powi(2) / variance } else { 0.0 }
        };
        let chi2: f64 = (0..problem.rows()).map(residual).sum();
        let df = problem.rows() as f64 - problem.parameters() as f64;
        if df <= 0.0 {
            return None;
        }
        let (ratio, p) = (chi2 / df, chi_squared_sf(chi2, df));
        let what = format!("Pearson's χ² over its degrees of freedom is {ratio:.2} ({chi2:.1}/{df:.0})");
        Some(if p < 0.05 && ratio > 1.2 {
            let remedy = match problem.likelihood {
                Likelihood::Poisson => {
                    "standard errors are too small; try the negative binomial family (--family nbinom2), or a random \
                     effect a row"
                }
                _ => "standard errors are too small; try a random effect a row",
            };
            format!("overdispersed: {what}; {remedy}")
        } else {
            format!("no sign of overdispersion: {what}")
        })
    }

    /// Whether there are more zeros than the fitted counts make: a rule of thumb, by three standard deviations of their
    /// number in independent rows, and by no less than if one row had an even chance.
    fn zeros(&self) -> Option<String> {
        let problem = &self.problem;
        if matches!(problem.likelihood, Likelihood::Binomial(_)) {
            return None;
        }
        let dispersion = problem.dispersion(&self.at);
        let chance = |row: usize| problem.likelihood.at(self.mode.eta[row], 0.0, 1.0, dispersion).log.exp();
        let chances: Vec<f64> = (0..problem.rows()).map(chance).collect();
        let observed = problem.y.iter().filter(|y| **y == 0.0).count() as f64;
        let expected: f64 = chances.iter().sum();
        let spread = chances.iter().map(|p| p * (1.0 - p)).sum::<f64>().sqrt();
        (observed > expected + 3.0 * spread.max(0.5)).then(|| {
            format!("more zeros than the model makes: {observed:.0} rows are 0 where {expected:.1} would be expected")
        })
    }

    /// What is reported; tests of terms, contrasts and means are added by the caller.
    pub(super) fn summarised(&self) -> Summary {
        let (family, link) = (self.model.family, self.model.link);
        let name = match family {
            Family::NegativeBinomial2 => "negative binomial (variance μ + μ²/k)",
            Family::NegativeBinomial1 => "negative binomial (variance μ(1 + φ))",
            Family::Poisson => "Poisson",
            Family::Binomial => "binomial",
            Family::Gaussian => "normal",
        };
        let (kind, method) = match self.model.points {
            _ if self.data.random.is_empty() => ("Generalised linear model", "ML".to_owned()),
            1 => ("Generalised linear mixed model", "Laplace".to_owned()),
            points => ("Generalised linear mixed model", format!("AGQ ({points} points)")),
        };
        let mut notes = self.notes.clone();
        if let Some(dispersion) = self.dispersion() {
            let letter = if family == Family::NegativeBinomial2 { "k" } else { "φ" };
            notes.insert(0, format!("dispersion {letter} = {}", significant(dispersion, 4)));
        }
        let fixef = self.coefficients();
        if self.exact.is_some() {
            if matches!(family, Family::NegativeBinomial1 | Family::NegativeBinomial2) && !self.is_poisson_limit {
                notes.push(
                    "the exact test takes the counts of a patient as Poisson; with overdispersion within patients its \
                     p is too small"
                        .to_owned(),
                );
            }
            notes.push(
                "the exact test has no standard error: p (twice the smaller tail) and interval come from how each \
                 total falls on the two sides"
                    .to_owned(),
            );
        }
        Summary {
            kind: format!("{kind}, {name}, {link} link"),
            formula: self.data.formula.source.clone(),
            n: self.data.n(),
            groups: self.data.groups(),
            method,
            criterion: self.criterion(),
            parameters: self.parameters(),
            aic: self.aic(),
            bic: self.bic(),
            sigma: None,
            theta: self.theta(),
            fixef,
            df_method: DfMethod::None,
            ci_method: IntervalMethod::Wald,
            level: self.level(),
            vcov: self.covariance.clone(),
            varcorr: self.varcorr(),
            sigma_ci: None,
            profile: Vec::new(),
            ranef: Vec::new(),
            dispersion: self.dispersion(),
            residual: Vec::new(),
            singular: self.singular,
            converged: self.converged,
            history: self.history.clone(),
            shares: None,
            extras: Extras {
                tables: self.conditional().into_iter().collect(),
                scale: (family, link),
                ..Extras::default()
            },
            notes,
        }
    }

    /// The relative covariance factors θ, term by term, each lower triangle by columns: lme4's `getME(fit, "theta")`.
    ///
    /// ```
    /// use reffect::formula::Formula;
    /// use reffect::mixed::{DataOptions, Family, GeneralisedModel, ModelData};
    /// let frame = reffect::read::read_frame("data/published/cbpp.csv")?;
    /// let formula = Formula::parse("cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)")?;
    /// let data = ModelData::new(formula, frame, &DataOptions::default())?;
    /// let theta = GeneralisedModel::new(Family::Binomial).fit(data)?.theta();
    /// // lme4: 0.64226
    /// assert!(theta.len() == 1 && (theta[0] - 0.642_261).abs() < 1e-4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn theta(&self) -> Vec<f64> {
        self.factors.iter().flat_map(entries_of).collect()
    }

    /// Conditional modes with their conditional standard deviations.
    pub(super) fn random_effects(&self) -> Vec<RandomEffects> {
        let inverse = self.problem.inverse_entries(&self.mode);
        let mut at = 0;
        let mut all = Vec::new();
        for (term, names) in self.problem.terms.iter().zip(&self.data.random) {
            let k = term.width;
            let theta = &self.at[at..at + term.parameters()];
            at += term.parameters();
            // Λ as it was searched, with its signs, on the user's scale.
            let factor = term.factor(theta);
            let level = |(number, level): (usize, &String)| {
                let first = term.start + number * k;
                let values = factor.times_vector(&self.mode.u[first..first + k]);
                let own = self.problem.conditional_variance(&inverse, first, k);
                let own = Matrix::from_fn(k, k, |i, j| own[i * k + j]);
                let variance = factor.times(&own).times(&factor.transposed());
                let se = variance.diagonal().iter().map(|v| v.max(0.0).sqrt()).collect();
                LevelEffects { level: level.clone(), values, se }
            };
            let levels = names.levels.iter().enumerate().map(level).collect();
            all.push(RandomEffects { group: names.group.clone(), names: names.names.clone(), levels });
        }
        all
    }

    fn conditional(&self) -> Option<NamedEstimates> {
        let (name, test) = self.exact.as_ref()?;
        let what = if self.model.family == Family::Binomial { "log odds ratio" } else { "log rate ratio" };
        let row = Coefficient {
            name: name.clone(),
            estimate: test.estimate,
            se: f64::NAN,
            df: None,
            statistic: f64::NAN,
            p: test.p,
            ci: test.ci,
        };
        let group = &self.data.random.first()?.group;
        let title = format!("exact, given the total of each {group} ({what})");
        Some(NamedEstimates { key: "conditional", title, rows: vec![row] })
    }
}
