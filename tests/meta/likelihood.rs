//! Selection and location–scale models against metafor (`tests/ref/meta/likelihood.csv`).

use crate::common::meta::{problem, table};
use crate::common::{Comparison, golden, number};
use reffect::formula::{Contrasts, Design, Formula};
use reffect::meta::Model;
use reffect::meta::bias::{Alternative, Selection, SelectionKind, selection};
use reffect::meta::location_scale::{LocationScale, location_scale};

fn of_selection(fit: &Selection, name: &str) -> Vec<f64> {
    match name {
        "beta" => fit.coefficients.iter().map(|c| c.estimate).collect(),
        "se" => fit.coefficients.iter().map(|c| c.se).collect(),
        "tau2" => vec![fit.tau2],
        "se_tau2" => vec![fit.tau2_se.unwrap_or(f64::NAN)],
        "delta" => fit.delta.clone(),
        "delta_se" => fit.delta_se[1..].iter().map(|se| se.unwrap()).collect(),
        "LRT" => vec![fit.lrt.unwrap().statistic],
        "LRT_p" => vec![fit.lrt.unwrap().p],
        "loglik" => vec![fit.log_likelihood],
        _ => panic!("{name}"),
    }
}

fn of_scale(fit: &LocationScale, name: &str) -> Vec<f64> {
    match name {
        "beta" => fit.coefficients.iter().map(|c| c.estimate).collect(),
        "se" => fit.coefficients.iter().map(|c| c.se).collect(),
        "alpha" => fit.scale.iter().map(|c| c.estimate).collect(),
        "alpha_se" => fit.scale.iter().map(|c| c.se).collect(),
        "QM" => vec![fit.qm.unwrap().statistic],
        "QS" => vec![fit.qs.unwrap().statistic],
        "loglik" => vec![fit.statistics.log_likelihood],
        "tau2" => fit.tau2.clone(),
        _ => panic!("{name}"),
    }
}

#[test]
fn likelihood_models_agree_with_metafor() {
    let mut comparison = Comparison::default();
    for row in golden("meta/likelihood.csv") {
        let (name, position) = row[4].trim_end_matches(']').split_once('[').unwrap();
        let data = problem(&row[1], &row[2]);
        let values = if row[0] == "stepfun" {
            let steps: Vec<f64> = row[3].split(' ').map(|step| step.parse().unwrap()).collect();
            of_selection(
                &selection(&Model::default(), &data, &SelectionKind::Steps(steps), Alternative::Greater).unwrap(),
                name,
            )
        } else {
            let (moderator, method) = row[3].split_once(' ').unwrap();
            let (frame, rows) = table(&row[1]);
            let terms = Formula::parse(moderator).unwrap().terms;
            let scale = Design::new(&terms, &frame, &rows, Contrasts::Treatment).unwrap();
            let scale = scale.matrix(&frame, &rows, "intrcpt").unwrap();
            let model = Model { estimator: method.parse().unwrap(), ..Model::default() };
            of_scale(&location_scale(&model, &data, &scale).unwrap(), name)
        };
        let value = values[position.parse::<usize>().unwrap() - 1];
        // metafor's standard errors come from a numerical Hessian at where its optimiser stopped.
        let relative = if name.contains("se") || name.starts_with("Q") { 1e-3 } else { 2e-4 };
        comparison.close(&row[..5].join(" | "), value, number(&row[5]).unwrap(), relative, 1e-6);
    }
    comparison.finish(80);
}

/// Smooth weights against R's optim over a likelihood of its own (`tests/ref/meta/selection.csv`).
#[test]
fn smooth_selection_models_have_the_same_maxima() {
    let mut comparison = Comparison::default();
    for row in golden("meta/selection.csv") {
        let alternative: Alternative = row[1].parse().unwrap();
        let (_, kind) = SelectionKind::SMOOTH.into_iter().find(|(name, _)| *name == row[2]).unwrap();
        let table = if row[0] == "bcg" { "bcg" } else { "hackshaw" };
        let fit = selection(&Model::default(), &problem(table, "1"), &kind, alternative).unwrap();
        let mut found = vec![fit.log_likelihood, fit.coefficients[0].estimate, fit.tau2];
        found.extend(&fit.delta);
        for (at, value) in found.into_iter().enumerate() {
            let relative = if at == 0 { 1e-8 } else { 2e-5 };
            // optim ends some 1e-14 from a δ at the end of its range.
            comparison.close(
                &format!("{} {at}", row[..3].join(" ")),
                value,
                number(&row[at + 3]).unwrap(),
                relative,
                1e-6,
            );
        }
    }
    comparison.finish(60);
}
