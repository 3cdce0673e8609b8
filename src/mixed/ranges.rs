//! What one model says of many data sets.

use super::options::{DfMethod, Family, Link};
use super::result::{Adjusted, Coefficient, Summary};
use crate::numeric::interval::Interval;

/// What one model says of many data sets: the least and the greatest value of everything.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ranges {
    /// The formula.
    pub formula: String,
    /// The models and the tables in words: "Linear mixed models of reconstructed data".
    pub title: String,
    /// What was measured, as the release names it, or the column whose levels are fitted.
    pub outcome: String,
    /// How many data sets were fitted.
    pub fitted: usize,
    /// How many could not be.
    pub failed: usize,
    /// How many fits have a variance of 0 or a correlation of ±1.
    pub singular: usize,
    /// How many did not end in a minimum.
    pub unconverged: usize,
    /// The level below which p counts as significant, 1 − confidence level.
    pub alpha: f64,
    /// How the degrees of freedom were found.
    pub df_method: DfMethod,
    /// What the first of the fits is; all are alike. None before it.
    pub model: Option<RangesModel>,
    /// A range for each fixed effect.
    pub rows: Vec<CoefficientRange>,
    /// What is to be known.
    pub notes: Vec<String>,
}

/// The model of each fit.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RangesModel {
    /// The kind in words: "Linear mixed model".
    pub kind: String,
    /// REML, ML, Laplace or AGQ.
    pub method: String,
    /// The family of the response and its link.
    pub scale: (Family, Link),
    /// The code of the structure of residuals, where they are correlated.
    pub structure: Option<&'static str>,
}

/// The range of one fixed effect, contrast or difference.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CoefficientRange {
    /// What it belongs to: nothing for a fixed effect, `contrast`, `means of arm` or `slope of month by arm`.
    pub section: String,
    /// Its name.
    pub name: String,
    /// Of the estimate.
    pub estimate: Interval,
    /// Of its standard error.
    pub se: Interval,
    /// Of t or z.
    pub statistic: Interval,
    /// Of its p-value.
    pub p: Interval,
    /// In how many fits p is below alpha.
    pub significant: usize,
    /// How many fits have a p-value for it.
    pub tested: usize,
    /// How many fits have it.
    pub fitted: usize,
    /// The mean of the estimates.
    pub mean: f64,
    /// The sum of squared deviations of the estimates from their mean.
    pub squares: f64,
}

impl CoefficientRange {
    /// Nothing yet.
    fn new(section: String, name: String) -> Self {
        let none = Interval { lower: f64::INFINITY, upper: f64::NEG_INFINITY };
        let (estimate, se, statistic, p) = (none, none, none, none);
        let (significant, tested, fitted, mean, squares) = (0, 0, 0, 0.0, 0.0);
        Self { section, name, estimate, se, statistic, p, significant, tested, fitted, mean, squares }
    }

    /// Takes the value of one more fit.
    fn add(&mut self, of: &Coefficient, alpha: f64) {
        let ranges = [&mut self.estimate, &mut self.se, &mut self.statistic, &mut self.p];
        for (range, value) in ranges.into_iter().zip([of.estimate, of.se, of.statistic, of.p]) {
            *range = Interval { lower: range.lower.min(value), upper: range.upper.max(value) };
        }
        self.significant += usize::from(of.p < alpha);
        self.tested += usize::from(!of.p.is_nan());
        // Welford (1962), Technometrics 4:419.
        self.fitted += 1;
        let off = of.estimate - self.mean;
        self.mean += off / self.fitted as f64;
        self.squares += off * (of.estimate - self.mean);
    }

    /// Its name after what it belongs to: `means of arm: drug - placebo`.
    pub fn label(&self) -> String {
        // Differences of slopes are called `slope of month: drug - placebo`.
        let what = self.name.split_once(": ").filter(|(what, _)| self.section.starts_with(what));
        let own = what.map_or(self.name.as_str(), |(_, own)| own);
        if self.section.is_empty() { own.to_owned() } else { format!("{}: {own}", self.section) }
    }

    /// The standard deviation of the estimates; NaN for one fit.
    pub fn sd(&self) -> f64 {
        (self.squares / (self.fitted as f64 - 1.0)).sqrt()
    }

    /// The share of fits with a p-value in which it is below alpha: over simulated trials the power.
    pub fn share(&self) -> f64 {
        self.significant as f64 / self.tested as f64
    }
}

impl Ranges {
    /// Takes the coefficients of one more fit, and the contrasts and differences of means and slopes that were asked
    /// for; p is the adjusted one, where they are adjusted.
    pub fn add(&mut self, fit: &Summary) {
        self.model.get_or_insert_with(|| RangesModel {
            kind: fit.kind.clone(),
            method: fit.method.clone(),
            scale: fit.extras.scale,
            structure: fit.residual.first().map(|of| of.structure),
        });
        self.fitted += 1;
        self.singular += usize::from(fit.singular);
        self.unconverged += usize::from(!fit.converged);
        let extras = &fit.extras;
        let with_p = |(at, of): (usize, &Coefficient), adjusted: &[Option<Adjusted>]| {
            let p = adjusted.get(at).copied().flatten().map_or(of.p, |adjusted| adjusted.p);
            Coefficient { p, ..of.clone() }
        };
        let contrasts = extras.contrasts.iter().flatten().enumerate();
        let contrasts = contrasts.map(|of| ("contrast".to_owned(), with_p(of, &extras.contrasts_adjusted)));
        let sets = extras.emmeans.iter().chain(&extras.slopes);
        let differences = sets.flat_map(|set| {
            let is_mean = set.what == "mean";
            let section = if is_mean { format!("means of {}", set.title) } else { set.title.clone() };
            let what = if is_mean { String::new() } else { format!("{}: ", set.what) };
            let named = move |of: Coefficient| Coefficient { name: format!("{what}{}", of.name), ..of };
            set.contrasts.iter().enumerate().map(move |of| (section.clone(), named(with_p(of, &set.adjusted))))
        });
        let coefficients = fit.fixef.iter().map(|of| (String::new(), of.clone()));
        for (section, of) in coefficients.chain(contrasts).chain(differences) {
            let at = self.rows.iter().position(|row| row.section == section && row.name == of.name);
            let at = at.unwrap_or_else(|| {
                self.rows.push(CoefficientRange::new(section, of.name.clone()));
                self.rows.len() - 1
            });
            self.rows[at].add(&of, self.alpha);
        }
    }
}
