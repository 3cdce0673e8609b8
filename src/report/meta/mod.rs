//! A meta-analysis for people: what a reviewer needs, on one screen.

pub(crate) mod around;
pub(crate) mod bias;
pub(crate) mod coefficients;
pub(crate) mod facts;
pub(crate) mod joint;
pub(crate) mod multilevel;
pub(crate) mod multilevel_around;
pub(crate) mod profile;
pub(crate) mod scale;
pub(crate) mod selection;

use crate::meta::multilevel::RobustDf;
use crate::meta::{Estimator, Fit, Prediction, PredictionInterval, Problem, Weighting};
use crate::numeric::interval::Interval;
use crate::report::document::{Align, Document, Table};
use crate::report::number::{clear_interval, fixed, interval, level_text, p_is, significant};
pub use crate::report::transformation::Transformation;
use around::Around;
use coefficients::{df_text, model_table};
pub use facts::{Added, Facts, Part};

/// Everything that was asked of one meta-analysis.
#[derive(Debug)]
pub struct Results<'a> {
    /// The model.
    pub fit: &'a Fit,
    /// What it was fitted to.
    pub problem: &'a Problem,
    /// The names of the studies.
    pub slab: &'a [String],
    /// The rows that were not analysed.
    pub omitted: &'a [Omitted],
    /// What is to be known of the input.
    pub input_notes: &'a [String],
    /// The method under its code: an estimator of tau², MH or PETO.
    pub method: &'a str,
    /// What was asked for around the fit.
    pub around: &'a Around,
    /// The prediction for another study, without moderators.
    pub prediction: Option<Prediction>,
    /// How effects are shown, if not as they are.
    pub transformation: Transformation,
    /// The moderators.
    pub moderators: &'a Moderators,
    /// How the prediction interval is made.
    pub pi_type: PredictionInterval,
    /// The variance between the levels of the studies, for the model UM.RS.
    pub sigma2: Option<f64>,
    /// The measure under its code, where it was computed here.
    pub measure: Option<&'a str>,
    /// What was done to the input.
    pub facts: &'a Facts,
}

/// The moderators of a model as they were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moderators {
    /// The right-hand side of the formula; none where only a mean is estimated.
    pub formula: Option<String>,
    /// Each factor as the coefficients name it, with its levels.
    pub factors: Vec<(String, Vec<String>)>,
}

/// A row of the table that was not analysed: it is listed with what it has, in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Omitted {
    /// How many analysed rows stand above it.
    pub above: usize,
    /// Its name.
    pub name: String,
    /// Its effect, where it has one.
    pub yi: Option<f64>,
    /// The sampling variance of the effect, where it has one.
    pub vi: Option<f64>,
    /// What it counts in the pooled effect, in percent: a study without an effect of its own can still have a part in
    /// one of Mantel and Haenszel.
    pub weight: Option<f64>,
    /// Why it was left out, in a sentence.
    pub reason: String,
    /// What part it has all the same.
    pub part: Part,
}

/// The results of the analysed rows with a row for each of the others, in the order of the table.
pub(super) fn in_place<T>(analysed: Vec<T>, omitted: &[Omitted], row: impl Fn(&Omitted) -> T) -> Vec<T> {
    let mut left_out = omitted.iter().peekable();
    let mut all = Vec::with_capacity(analysed.len() + omitted.len());
    for (at, one) in analysed.into_iter().enumerate() {
        while let Some(of) = left_out.next_if(|of| of.above <= at) {
            all.push(row(of));
        }
        all.push(one);
    }
    all.extend(left_out.map(row));
    all
}

/// A table with a row for each study, and dashes in the rows that were not analysed, where they stand.
pub(super) fn with_omitted(table: &Table, omitted: &[Omitted]) -> Table {
    let columns: Vec<(&str, Align)> = table.columns().iter().map(|(name, align)| (name.as_str(), *align)).collect();
    let dashes = |of: &Omitted| {
        let mut row = vec!["—".to_owned(); columns.len()];
        row[0].clone_from(&of.name);
        row
    };
    let mut whole = Table::new(&columns);
    in_place(table.rows().to_vec(), omitted, dashes).into_iter().for_each(|row| whole.row(row));
    whole
}

/// The same rows behind all others.
pub(super) fn at_the_end(omitted: &[Omitted]) -> Vec<Omitted> {
    omitted.iter().map(|of| Omitted { above: usize::MAX, ..of.clone() }).collect()
}

impl Results<'_> {
    /// Every note: on the input first, then on the fit.
    pub fn notes(&self) -> Vec<String> {
        let at_border = self.transformation.note_at_border(self.problem, &self.fit.coefficients);
        self.input_notes.iter().chain(&self.fit.notes).cloned().chain(at_border).collect()
    }

    /// The rows without a part in the fits with fewer studies.
    pub(super) fn without_part(&self) -> &[Omitted] {
        self.around.without_part.as_deref().unwrap_or(self.omitted)
    }

    pub(super) fn shown_text(&self, value: f64) -> String {
        self.transformation.text(value)
    }

    pub(super) fn shown_interval(&self, range: Interval) -> String {
        shown_range(range, self.transformation)
    }
}

/// An interval of transformed effects.
pub(super) fn shown_range(range: Interval, transformation: Transformation) -> String {
    let shown = range.map_monotone(|end| transformation.of(end));
    if shown.lower.is_nan() {
        return "—".to_owned();
    }
    if transformation != Transformation::Exp {
        return clear_interval(shown);
    }
    // The two ends of a ratio can differ by decades: each has the digits of its own size.
    let end = |value: f64| match value {
        _ if !value.is_finite() || value >= 100.0 => significant(value, 3),
        _ if value >= 10.0 => fixed(value, 1),
        _ if value >= 0.1 => fixed(value, 2),
        _ => significant(value, 2),
    };
    format!("{} to {}", end(shown.lower), end(shown.upper))
}

/// An interval of a variance or its root: each end with digits of its own, since the two can differ by decades.
pub(super) fn variance_interval(range: Interval) -> String {
    format!("{} to {}", variance(range.lower), variance(range.upper))
}

/// A variance or its root; one that is 0 is told from one that is small.
pub(super) fn variance(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { significant(value, 3) }
}

/// The analysis as text.
pub fn document(results: &Results<'_>) -> Document {
    let mut document = Document::default();
    document.heading(1, title(results));
    let shown = results.transformation.of_coefficients(results.problem);
    let prediction = results.prediction.map(|_| (prediction_interval(results), results.transformation));
    document.table(model_table(shown, results.fit.model.level, &results.fit.coefficients, prediction));
    document.table(heterogeneity(results));
    // The rows of other tables name the studies already.
    let is_listed = results.around.leave_one_out.is_some() || results.around.influence.is_some();
    match results.problem.k() {
        k if k > MOST_STUDIES => {
            document.text(format!("The table of {k} studies is left out here: --json lists them, with weights."));
        }
        _ if is_listed => {}
        _ => document.table(studies(results)),
    }
    document.append(around::document(results, results.around));
    let on_scale = results.transformation.note_on_coefficients(results.problem);
    let of_compare = results.around.compare.iter().flat_map(|of| of.notes.clone());
    document.list(results.notes().into_iter().chain(of_compare).chain(on_scale).collect());
    document.text(method_sentence(results));
    if !results.around.methods.is_empty() {
        document.text(results.around.methods.join(" "));
    }
    document
}

/// Where the effect of another study is expected; none where a τ² of 0 says only that nothing is known of it.
fn prediction_interval(results: &Results<'_>) -> Option<Interval> {
    let fit = results.fit;
    let is_known = results.problem.k() > fit.p || fit.model.tau2.is_some() || fit.model.estimator.is_common();
    results.prediction?.pi.filter(|_| is_known)
}

/// More studies than this are not listed.
const MOST_STUDIES: usize = 60;

fn title(results: &Results<'_>) -> String {
    let fit = results.fit;
    let (studies, kind) = (if fit.k == 1 { "study" } else { "studies" }, kind(results));
    format!("{kind} of {} {studies}", fit.k)
}

fn kind(results: &Results<'_>) -> &'static str {
    match (is_regression(results), results.fit.model.estimator) {
        (false, Estimator::Fe) => "Fixed-effects meta-analysis",
        (false, Estimator::Ee) => "Equal-effects meta-analysis",
        (true, Estimator::Fe | Estimator::Ee) => "Meta-regression with fixed effects",
        (false, _) => "Random-effects meta-analysis",
        (true, _) => "Mixed-effects meta-regression",
    }
}

/// Whether the effects depend on moderators: also on one without an intercept.
fn is_regression(results: &Results<'_>) -> bool {
    !results.problem.is_intercept_only()
}

fn heterogeneity(results: &Results<'_>) -> Table {
    let fit = results.fit;
    let df = results.problem.k() - fit.p;
    let ci = format!("{} CI", level_text(fit.model.level));
    let mut table = Table::new(&[("heterogeneity", Align::Left), ("", Align::Right), (ci.as_str(), Align::Left)]);
    let range = |ci: Option<Interval>, text: fn(Interval) -> String| ci.map_or_else(|| "—".to_owned(), text);
    if !fit.model.estimator.is_common() {
        let what = if is_regression(results) {
            "tau² (residual variance between studies)"
        } else {
            "tau² (variance between studies)"
        };
        table.row([what.to_owned(), variance(fit.tau2), range(fit.tau2_ci, variance_interval)]);
        let roots = fit.tau2_ci.map(|ci| ci.map_monotone(f64::sqrt));
        table.row(["tau".to_owned(), variance(fit.tau2.sqrt()), range(roots, variance_interval)]);
    }
    // Without degrees of freedom nothing says how much of the variance lies between studies.
    let i2 = fit.i2.filter(|i2| df > 0 && i2.is_finite());
    table.row(["I², %".to_owned(), percent_or_none(i2), range(fit.i2_ci(), interval)]);
    if let Some(r2) = fit.r2 {
        table.row(["R², %: tau² that the moderators explain".to_owned(), fixed(r2, 1), String::new()]);
    }
    table.row(match df {
        0 => ["Q, 0 df".to_owned(), "—".to_owned(), String::new()],
        _ => [format!("Q, {df} df: {}", p_is(fit.qe_p)), fixed(fit.qe, 2), String::new()],
    });
    if let Some(wald) = fit.qe_wald {
        table.row([format!("Q by Wald, {df} df: {}", p_is(wald.p)), fixed(wald.statistic, 2), String::new()]);
    }
    if let (Some(qm), true) = (fit.qm, is_regression(results)) {
        let name = match qm.df2 {
            Some(df2) => format!("moderators, F, {} and {} df: {}", qm.df, df_text(Some(df2)), p_is(qm.p)),
            None => format!("moderators, χ², {} df: {}", qm.df, p_is(qm.p)),
        };
        table.row([name, fixed(qm.statistic, 2), String::new()]);
    }
    table
}

/// A share in percent, where there is one.
pub(super) fn percent_or_none(value: Option<f64>) -> String {
    value.map_or_else(|| "—".to_owned(), |value| fixed(value, 1))
}

fn studies(results: &Results<'_>) -> Table {
    let fit = results.fit;
    let ci = format!("{} CI", level_text(fit.model.level));
    let name = results.transformation.name().unwrap_or("effect");
    let mut columns = vec![("study", Align::Left), (name, Align::Right), (ci.as_str(), Align::Left)];
    // A model of the counts themselves weights no effects.
    columns.extend((!fit.weights.is_empty()).then_some(("weight, %", Align::Right)));
    let problem = results.problem;
    let own = |study: usize| results.around.of_study(results.transformation, study);
    let row = |study: usize| {
        let half = fit.critical_z() * problem.vi[study].sqrt();
        let range = Interval { lower: problem.yi[study] - half, upper: problem.yi[study] + half };
        vec![
            results.slab[study].clone(),
            own(study).text(problem.yi[study]),
            shown_range(range, own(study)),
            fit.weight_in_percent(study).map(|weight| fixed(weight, 1)).unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = (0..problem.k()).map(row).collect();
    // Without an effect of its own a study can have a part in a pooled one; the others are told in notes.
    let counted: Vec<Omitted> = results.omitted.iter().filter(|of| of.weight.is_some()).cloned().collect();
    let row = |of: &Omitted| {
        let weight = of.weight.map(|weight| fixed(weight, 1)).unwrap_or_default();
        vec![of.name.clone(), "—".to_owned(), "—".to_owned(), weight]
    };
    let mut table = Table::new(&columns);
    in_place(rows, &counted, row).into_iter().for_each(|row| table.row(row));
    table
}

/// The distribution of the tests.
fn words_of_test(fit: &Fit) -> &'static str {
    if fit.robust.is_some() { "t distribution with cluster-robust standard errors" } else { fit.test_in_words() }
}

/// What a section on methods would say, and the call in R.
pub fn method_sentence(results: &Results<'_>) -> String {
    let fit = results.fit;
    let model = &fit.model;
    let level = level_text(model.level);
    let r_call = &results.around.r_call;
    match results.method {
        "MH" => {
            return format!(
                "Method: Mantel–Haenszel without a model of heterogeneity; {level} intervals by the normal \
                 distribution. In R: {r_call}."
            );
        }
        "UM.FS" | "UM.RS" | "CM.AL" | "CM.EL" | "binomial-normal" | "Poisson-normal" => {
            let how = match (model.estimator.is_common(), results.method) {
                (true, "UM.RS") => "without heterogeneity (tau² is 0) by maximum likelihood, integrals by quadrature",
                (true, _) => "without heterogeneity (tau² is 0) by maximum likelihood",
                _ => "with a normal random effect by maximum likelihood, integrals by adaptive quadrature",
            };
            let words = words_of_test(fit);
            let prediction = prediction_in_words(results);
            return format!(
                "Method: {} model {how}; {level} intervals by the {words}{prediction}. In R: {r_call}.",
                results.method
            );
        }
        "PETO" => {
            return format!(
                "Method: Peto's one-step log odds ratio; {level} intervals by the normal distribution. In R: {r_call}."
            );
        }
        _ => {}
    }
    let weights = match (model.weighting, results.problem.weights.is_some()) {
        (Weighting::Equal, _) => "all studies weighted alike",
        (_, true) => "weights as given",
        (_, false) if model.estimator.is_common() => "weights 1/v",
        (_, false) => "weights 1/(v + tau²)",
    };
    // What has one effect says so in its kind.
    let heterogeneity = match (model.estimator.is_common(), model.tau2) {
        (true, _) => format!("with {weights}"),
        (false, Some(tau2)) => format!("with tau² given as {tau2} and {weights}"),
        (false, None) => format!("with tau² by {} and {weights}", model.estimator.in_words()),
    };
    let interval = match (fit.tau2_ci, model.tau2_interval) {
        (None, _) | (_, crate::meta::Tau2Interval::None) => None,
        (_, crate::meta::Tau2Interval::QProfile) => Some("Q-profile"),
        (_, crate::meta::Tau2Interval::ProfileLikelihood) => Some("profile likelihood"),
        (_, crate::meta::Tau2Interval::GeneralisedQ) => Some("the generalised Q"),
    };
    // A model with one effect shows that of I² alone.
    let of = if model.estimator.is_common() { "I²" } else { "tau²" };
    let interval = interval.map_or(String::new(), |name| format!("; interval of {of} by {name}"));
    let mods = results.moderators.formula.as_ref().map_or(String::new(), |formula| format!("; moderators {formula}"));
    let prediction = prediction_in_words(results);
    format!(
        "Method: {} {heterogeneity}{mods}; {level} intervals by the {}{interval}{prediction}. In R: {}.",
        kind(results).to_lowercase(),
        words_of_test(fit),
        results.around.r_call
    )
}

/// How the prediction interval is made, if there is one.
fn prediction_in_words(results: &Results<'_>) -> String {
    let words =
        prediction_interval(results).map(|_| format!("; prediction interval: {}", words_of_prediction(results)));
    words.unwrap_or_default()
}

fn words_of_prediction(results: &Results<'_>) -> String {
    let df = match &results.fit.robust {
        None => "k − p df",
        Some(RobustDf::Clusters(_)) => "a df for each cluster less p",
        Some(RobustDf::Satterthwaite { .. }) => "Satterthwaite's df",
    };
    match (results.pi_type, results.fit.df().is_some()) {
        (PredictionInterval::Default, false) => "normal distribution, √(SE² + tau²)".to_owned(),
        (PredictionInterval::Default, true) | (PredictionInterval::T, _) => format!("t with {df}, √(SE² + tau²)"),
        (PredictionInterval::Simple, _) => "as if the mean were known, tau".to_owned(),
        (PredictionInterval::Riley, _) => format!("t with {df} less 1, √(SE² + tau²)"),
    }
}
