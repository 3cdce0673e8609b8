//! A meta-analysis for people: what a reviewer needs, on one screen.

use super::document::{Align, Document, Table};
use super::meta_around::{self, Around};
use super::number::{fixed, interval, level, p_value, significant};
use crate::meta::{Fit, Prediction, Problem};
use crate::numeric::interval::Interval;

/// Everything that was asked of one meta-analysis.
pub struct Results<'a> {
    /// The model.
    pub fit: &'a Fit,
    /// What it was fitted to.
    pub problem: &'a Problem,
    /// The names of the studies.
    pub slab: &'a [String],
    /// What is to be known of the input.
    pub input_notes: &'a [String],
    /// The method under its code: an estimator of tau², MH or PETO.
    pub method: &'a str,
    /// What was asked for around the fit.
    pub around: &'a Around,
    /// The prediction for another study, without moderators.
    pub prediction: Option<Prediction>,
    /// Whether effects are shown as ratios, of which they are the logarithms.
    pub exponential: bool,
}

impl Results<'_> {
    /// Every note: on the input first, then on the fit.
    pub fn notes(&self) -> Vec<String> {
        self.input_notes.iter().chain(&self.fit.notes).cloned().collect()
    }

    pub(super) fn shown(&self, value: f64) -> f64 {
        if self.exponential { value.exp() } else { value }
    }

    pub(super) fn shown_interval(&self, range: Interval) -> String {
        shown_range(range, self.exponential)
    }
}

/// An interval, of ratios where the effects are their logarithms.
pub(super) fn shown_range(range: Interval, exponential: bool) -> String {
    interval(if exponential { range.map_monotone(f64::exp) } else { range })
}

/// The analysis as text.
pub fn document(results: &Results<'_>) -> Document {
    let mut document = Document::default();
    document.heading(1, title(results));
    document.table(coefficients(results));
    document.table(heterogeneity(results));
    // The rows of other tables name the studies already.
    let is_listed = results.around.leave_one_out.is_some() || results.around.influence.is_some();
    if results.problem.k() <= MOST_STUDIES && !is_listed {
        document.table(studies(results));
    }
    document.append(meta_around::document(results, results.around));
    document.list(results.notes());
    document.text(method_sentence(results));
    document
}

/// More studies than this are not listed.
const MOST_STUDIES: usize = 60;

fn title(results: &Results<'_>) -> String {
    let fit = results.fit;
    let (studies, kind) = (if fit.k == 1 { "study" } else { "studies" }, kind(fit));
    format!("{kind} of {} {studies}", fit.k)
}

fn kind(fit: &Fit) -> &'static str {
    match (fit.p > 1, fit.model.estimator.is_common()) {
        (false, false) => "Random-effects meta-analysis",
        (true, false) => "Mixed-effects meta-regression",
        (false, true) => "Equal-effects meta-analysis",
        (true, true) => "Meta-regression with fixed effects",
    }
}

fn coefficients(results: &Results<'_>) -> Table {
    let fit = results.fit;
    let ci = format!("{} CI", level(fit.model.level));
    let pi = format!("{} prediction interval", level(fit.model.level));
    let name = if results.exponential { "ratio" } else { "estimate" };
    let statistic = if fit.df().is_some() { "t" } else { "z" };
    let mut columns = vec![
        ("", Align::Left),
        (name, Align::Right),
        (if results.exponential { "SE of log" } else { "SE" }, Align::Right),
        (ci.as_str(), Align::Left),
        (statistic, Align::Right),
        ("p", Align::Right),
    ];
    if results.prediction.is_some() {
        columns.push((pi.as_str(), Align::Left));
    }
    let mut table = Table::new(&columns);
    for coefficient in &fit.coefficients {
        let label = if fit.p == 1 && coefficient.name == "intrcpt" { "all studies" } else { &coefficient.name };
        let mut row = vec![
            label.to_owned(),
            significant(results.shown(coefficient.estimate), 3),
            significant(coefficient.se, 3),
            results.shown_interval(coefficient.ci),
            fixed(coefficient.statistic, 2),
            p_value(coefficient.p),
        ];
        if let Some(prediction) = results.prediction {
            row.push(prediction.pi.map_or_else(|| "—".to_owned(), |pi| results.shown_interval(pi)));
        }
        table.row(row);
    }
    table
}

fn heterogeneity(results: &Results<'_>) -> Table {
    let fit = results.fit;
    let ci = format!("{} CI", level(fit.model.level));
    let mut table = Table::new(&[("heterogeneity", Align::Left), ("", Align::Right), (ci.as_str(), Align::Left)]);
    let range = |ci: Option<Interval>| ci.map(interval).unwrap_or_else(|| "—".to_owned());
    if !fit.model.estimator.is_common() {
        table.row(["tau² (variance between studies)".to_owned(), significant(fit.tau2, 3), range(fit.tau2_ci)]);
        table.row([
            "tau".to_owned(),
            significant(fit.tau2.sqrt(), 3),
            range(fit.tau2_ci.map(|ci| ci.map_monotone(f64::sqrt))),
        ]);
    }
    table.row(["I², %".to_owned(), percent_or_none(fit.i2), range(fit.i2_ci())]);
    if let Some(r2) = fit.r2 {
        table.row(["R², %: tau² that the moderators explain".to_owned(), fixed(r2, 1), String::new()]);
    }
    let q = format!("Q, {} df: p {}", results.problem.k() - fit.p, equals(fit.qe_p));
    table.row([q, fixed(fit.qe, 2), String::new()]);
    if let (Some(qm), true) = (fit.qm, fit.p > 1) {
        let name = match qm.df2 {
            Some(df2) => format!("moderators, F, {} and {} df: p {}", qm.df, df2, equals(qm.p)),
            None => format!("moderators, χ², {} df: p {}", qm.df, equals(qm.p)),
        };
        table.row([name, fixed(qm.statistic, 2), String::new()]);
    }
    table
}

fn percent_or_none(value: f64) -> String {
    if value.is_finite() { fixed(value, 1) } else { "—".to_owned() }
}

/// "= 0.013" or "< 0.0001".
fn equals(p: f64) -> String {
    let text = p_value(p);
    if text.starts_with('<') { text } else { format!("= {text}") }
}

fn studies(results: &Results<'_>) -> Table {
    let fit = results.fit;
    let ci = format!("{} CI", level(fit.model.level));
    let name = if results.exponential { "ratio" } else { "effect" };
    let mut table = Table::new(&[
        ("study", Align::Left),
        (name, Align::Right),
        (ci.as_str(), Align::Left),
        ("weight, %", Align::Right),
    ]);
    let total: f64 = fit.weights.iter().sum();
    let problem = results.problem;
    for study in 0..problem.k() {
        let half = fit.critical_z() * problem.vi[study].sqrt();
        let range = Interval { lower: problem.yi[study] - half, upper: problem.yi[study] + half };
        table.row([
            results.slab[study].clone(),
            significant(results.shown(problem.yi[study]), 3),
            results.shown_interval(range),
            fit.weights.get(study).map_or_else(|| "—".to_owned(), |weight| fixed(100.0 * weight / total, 1)),
        ]);
    }
    table
}

/// The distribution of the tests.
fn words_of_test(fit: &Fit) -> &'static str {
    let is_robust = fit.model.test == crate::meta::Test::Z && fit.df().is_some();
    if is_robust { "t distribution with cluster-robust standard errors" } else { fit.test_in_words() }
}

/// What a section on methods would say, and the call in R.
pub fn method_sentence(results: &Results<'_>) -> String {
    let fit = results.fit;
    let model = &fit.model;
    let level = level(model.level);
    match results.method {
        "MH" => {
            return format!(
                "Method: Mantel–Haenszel without a model of heterogeneity; {level} intervals by the normal distribution. In R: rma.mh."
            );
        }
        "UM.FS" | "CM.AL" | "CM.EL" | "binomial-normal" | "Poisson-normal" => {
            return format!(
                "Method: {} model with a normal random effect by maximum likelihood, integrals by adaptive quadrature; \
                 {level} intervals by the normal distribution. In R: rma.glmm.",
                results.method
            );
        }
        "PETO" => {
            return format!(
                "Method: Peto's one-step log odds ratio; {level} intervals by the normal distribution. In R: rma.peto."
            );
        }
        _ => {}
    }
    let heterogeneity = match (model.estimator.is_common(), model.tau2) {
        (true, _) => format!("with {} and weights 1/v", model.estimator.in_words()),
        (false, Some(tau2)) => format!("with tau² given as {tau2}"),
        (false, None) => format!("with tau² by {} and weights 1/(v + tau²)", model.estimator.in_words()),
    };
    let interval = match model.tau2_interval {
        crate::meta::Tau2Interval::QProfile => "Q-profile",
        crate::meta::Tau2Interval::ProfileLikelihood => "profile likelihood",
        crate::meta::Tau2Interval::None => "no method",
    };
    let call = format!("rma(yi, vi, method = \"{}\", test = \"{}\")", model.estimator.name(), model.test.name());
    format!(
        "Method: {} {heterogeneity}; {level} intervals by the {}; interval of tau² by {interval}. In R: {call}.",
        kind(fit).to_lowercase(),
        words_of_test(fit)
    )
}
