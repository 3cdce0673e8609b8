//! A multilevel meta-analysis for people.

use super::coefficients::{df_text, model_table};
use super::multilevel_around::{self, LevelsAround};
use crate::meta::multilevel::{Component, LevelsOfI2, Multilevel, MultilevelFit, RandomEffect, WeightsOfRow};
use crate::meta::{Prediction, PredictionInterval, Problem, Test};
use crate::numeric::interval::Interval;
use crate::report::document::{Align, Document, Table};
use crate::report::meta::{Facts, Moderators, Omitted, Transformation, variance, variance_interval};
use crate::report::number::{fixed, interval, level_text, p_value, significant};

/// Everything that was asked of one multilevel model.
#[derive(Debug)]
pub struct MultilevelResults<'a> {
    /// The model.
    pub model: &'a Multilevel,
    /// The fit.
    pub fit: &'a MultilevelFit,
    /// What it was fitted to.
    pub problem: &'a Problem,
    /// The names of the rows.
    pub slab: &'a [String],
    /// The moderators of the mean.
    pub moderators: &'a Moderators,
    /// The rows that were not analysed.
    pub omitted: &'a [Omitted],
    /// The weights of the rows.
    pub weights: &'a [WeightsOfRow],
    /// The prediction for another effect, without moderators.
    pub prediction: Option<Prediction>,
    /// How the prediction interval is made.
    pub pi_type: PredictionInterval,
    /// The random effects of each component.
    pub random: Option<Vec<(String, Vec<RandomEffect>)>>,
    /// What was asked for around the fit.
    pub around: &'a LevelsAround,
    /// The call of R that fits the same.
    pub r_call: String,
    /// Every note.
    pub notes: Vec<String>,
    /// The code of the measure that was made of each study's numbers; none of effects that were given.
    pub measure: Option<&'a str>,
    /// How effects are shown, if not as they are.
    pub transformation: Transformation,
    /// I² in all and of each component, where it is defined.
    pub i2: Option<LevelsOfI2>,
    /// The covariances of sampling errors of rows that share a group.
    pub shared: &'a [SharedErrors],
    /// The sizes of the rows, where the way back from the scale of the effects needs them.
    pub sizes: &'a [f64],
    /// What was done to the input.
    pub facts: &'a Facts,
}

/// The covariance of the sampling errors of two rows that share a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharedErrors {
    /// The two rows.
    pub rows: (usize, usize),
    /// The covariance.
    pub covariance: f64,
}

/// The analysis as text.
pub fn document(results: &MultilevelResults<'_>) -> Document {
    let mut document = Document::default();
    let k = results.problem.k();
    document.heading(
        1,
        match results.model.components.is_empty() {
            true => format!("Fixed-effects meta-analysis of {k} effects with dependent sampling errors"),
            false => format!("Multilevel meta-analysis of {k} effects"),
        },
    );
    let shown = results.transformation.of_coefficients(results.problem);
    let prediction = results.prediction.map(|of| (of.pi, results.transformation));
    document.table(model_table(shown, results.model.level, &results.fit.coefficients, prediction));
    document.table(components(results));
    document.table(tests(results));
    for (name, effects) in results.random.iter().flatten() {
        let mut table =
            Table::new(&[(name.as_str(), Align::Left), ("random effect", Align::Right), ("SE", Align::Right)]);
        for effect in effects {
            table.row([effect.level.clone(), significant(effect.estimate, 3), significant(effect.se, 3)]);
        }
        document.table(table);
    }
    document.append(multilevel_around::document(results));
    let on_scale = results.transformation.note_on_coefficients(results.problem);
    document.list(results.notes.iter().cloned().chain(on_scale).collect());
    document.text(method_sentence(results));
    if !results.around.methods.is_empty() {
        document.text(results.around.methods.join(" "));
    }
    document
}

/// What a section on methods would say, and the call in R.
pub fn method_sentence(results: &MultilevelResults<'_>) -> String {
    let test = match (results.fit.robust.is_some(), results.model.test) {
        (true, _) => "t distribution with cluster-robust standard errors",
        (false, Test::Z) => "normal distribution",
        (false, _) => "t distribution with k − p df",
    };
    let (level, r_call) = (level_text(results.model.level), &results.r_call);
    if results.model.components.is_empty() {
        return format!(
            "Method: generalised least squares with the covariances of the sampling errors; {level} intervals by the {test}. \
             In R: {r_call}."
        );
    }
    let method = if results.model.restricted { "restricted maximum likelihood" } else { "maximum likelihood" };
    let words = |component: &Component| match &component.inner {
        None if component.known.is_some() => format!("{} (known correlations)", component.name),
        None => component.name.clone(),
        Some(inner) => {
            format!("{} ({})", component.name, inner.structure)
        }
    };
    let random: Vec<String> = results.model.components.iter().map(words).collect();
    let prediction = match (results.prediction.and_then(|of| of.pi), results.pi_type) {
        (None, _) => "",
        (Some(_), PredictionInterval::Simple) => "; prediction interval as if the mean were known",
        (Some(_), PredictionInterval::T) => "; prediction interval by t with k − p df, √(SE² + variances)",
        (Some(_), PredictionInterval::Riley) => {
            "; prediction interval by t with k − p df less the variances and correlations, √(SE² + variances)"
        }
        (Some(_), PredictionInterval::Default) => "; prediction interval √(SE² + variances)",
    };
    let has_intervals = results.fit.intervals.iter().any(|of| of.has_any());
    let intervals = if has_intervals { "; intervals of variances by profile likelihood" } else { "" };
    format!(
        "Method: multilevel model with random effects of {} by {method}, Newton's steps and Fisher's scoring until the \
         score vanishes ({} steps); {level} intervals by the {test}{intervals}{prediction}. \
         In R: {r_call}.",
        random.join(", "),
        results.fit.iterations,
    )
}

fn components(results: &MultilevelResults<'_>) -> Table {
    let ci = format!("{} CI", level_text(results.model.level));
    let mut columns = vec![
        ("random effects", Align::Left),
        ("levels", Align::Right),
        ("variance", Align::Right),
        (ci.as_str(), Align::Left),
        ("SD", Align::Right),
        ("correlation", Align::Left),
    ];
    columns.extend(results.i2.as_ref().map(|_| ("I², %", Align::Right)));
    let mut table = Table::new(&columns);
    let all = results.model.components.iter().zip(&results.fit.components).zip(&results.fit.intervals);
    for (place, ((component, (variances, correlations)), ranges)) in all.enumerate() {
        for (at, (value, range)) in variances.iter().zip(&ranges.variances).enumerate() {
            let name = component.name_of(at, variances.len());
            let with_range = |(rho, range): (&f64, &Option<Interval>)| match range {
                Some(range) => format!("{} ({})", fixed(*rho, 3), interval(*range)),
                None => fixed(*rho, 3),
            };
            let correlations: Vec<String> = correlations.iter().zip(&ranges.correlations).map(with_range).collect();
            let mut row = vec![
                name,
                component.levels.len().to_string(),
                variance(*value),
                (*range).map_or_else(|| "—".to_owned(), variance_interval),
                variance(value.sqrt()),
                if at == 0 { correlations.join(", ") } else { String::new() },
            ];
            row.extend(results.i2.as_ref().map(|of| fixed(of.parts[place], 1)));
            table.row(row);
        }
    }
    // The only component is all of them.
    if let Some(of) = results.i2.as_ref().filter(|of| of.parts.len() > 1) {
        let mut row = vec!["all together".to_owned()];
        row.extend(vec![String::new(); 5]);
        row.push(fixed(of.total, 1));
        table.row(row);
    }
    table
}

/// Q, which says nothing without degrees of freedom.
pub(super) fn row_of_q(df: f64, q: f64, p: f64) -> [String; 3] {
    let [q, p] = if df > 0.0 { [fixed(q, 2), p_value(p)] } else { ["—".to_owned(), "—".to_owned()] };
    [format!("Q, {df} df"), q, p]
}

fn tests(results: &MultilevelResults<'_>) -> Table {
    let (fit, problem) = (results.fit, results.problem);
    let mut table = Table::new(&[("test", Align::Left), ("statistic", Align::Right), ("p", Align::Right)]);
    table.row(row_of_q(problem.residual_df(), fit.qe, fit.qe_p));
    if let (Some(qm), true) = (fit.qm, problem.p() > 1) {
        let name = match qm.df2 {
            Some(df2) => format!("moderators, F, {} and {} df", qm.df, df_text(Some(df2))),
            None => format!("moderators, χ², {} df", qm.df),
        };
        table.row([name, fixed(qm.statistic, 2), p_value(qm.p)]);
    }
    table
}
