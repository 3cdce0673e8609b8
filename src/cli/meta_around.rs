//! What `reffect meta` computes around a fit.

use super::failure::Failure;
use super::meta_args::MetaArgs;
use super::meta_input::{Studies, labels, numbers};
use crate::formula::{Column, Frame};
use crate::meta::bias::{begg, egger, excess_significance, fail_safe, henmi_copas, step_selection, trim_and_fill};
use crate::meta::deletion::{baujat, blups, cumulative, influence, leave_one_out, variance_inflation};
use crate::meta::permutation::permutation_test;
use crate::meta::subgroup::subgroups;
use crate::meta::{Fit, Model, Prediction};
use crate::numeric::numeral::plain_number;
use crate::report::meta_around::Around;

/// Everything that was asked for.
pub fn around(args: &MetaArgs, studies: &Studies, model: &Model, fit: &Fit) -> Result<Around, Failure> {
    let (asked, bias, problem) = (&args.around, &args.bias, &studies.problem);
    let mut around = Around::default();
    if asked.predict {
        around.predict = Some(predictions(args, studies, fit)?);
    }
    if asked.leave_one_out {
        around.leave_one_out = Some(leave_one_out(model, problem)?);
    }
    if let Some(column) = &asked.cumulative {
        let order = order(studies, column)?;
        let fits = cumulative(model, problem, &order)?;
        around.cumulative = Some(order.into_iter().zip(fits).collect());
    }
    if asked.influence {
        around.influence = Some(influence(model, problem)?);
    }
    if asked.blup {
        around.blup = Some(blups(fit, problem));
    }
    if asked.vif {
        around.vif = Some(variance_inflation(fit, problem));
    }
    if asked.baujat {
        around.baujat = Some(baujat(model, problem)?);
    }
    if asked.permutest {
        around.permutest = Some(permutation_test(model, problem, asked.permutations.max(1), asked.seed)?);
    }
    if let Some(column) = &asked.subgroup {
        let levels = labels(&studies.frame, column, &studies.rows)?;
        around.subgroup = Some(subgroups(model, problem, &levels, asked.common_tau2)?);
        around.subgroup_levels = levels;
    }
    if bias.trimfill {
        around.trimfill = Some(trim_and_fill(model, problem, bias.trimfill_estimator, bias.trimfill_side)?);
    }
    if bias.egger {
        let (predictor, vanishes) = predictor(&bias.egger_predictor, studies)?;
        around.egger = Some(egger(model, problem, bias.egger_model, &predictor, vanishes)?);
    }
    if bias.begg {
        around.begg = Some(begg(problem)?);
    }
    if bias.fsn {
        around.fsn = Some(fail_safe(problem, bias.fsn_type, bias.fsn_target)?);
    }
    if bias.tes {
        around.tes = Some(excess_significance(fit, problem));
    }
    if bias.hc {
        around.hc = Some(henmi_copas(problem, model.level)?);
    }
    if bias.selmodel.is_some() {
        around.selmodel = Some(step_selection(problem, &bias.steps, model.level)?);
    }
    Ok(around)
}

/// The order of a column: numbers ascending, texts by their characters; equal ones as they stand.
fn order(studies: &Studies, column: &str) -> Result<Vec<usize>, Failure> {
    let mut order: Vec<usize> = (0..studies.rows.len()).collect();
    match studies.frame.column(column) {
        Some(Column::Numbers(values)) => {
            order.sort_by(|&a, &b| values[studies.rows[a]].total_cmp(&values[studies.rows[b]]));
        }
        _ => {
            let texts = labels(&studies.frame, column, &studies.rows)?;
            order.sort_by(|&a, &b| texts[a].cmp(&texts[b]));
        }
    }
    Ok(order)
}

/// The predictor of Egger's test, and whether it is 0 for a study without sampling error.
fn predictor(name: &str, studies: &Studies) -> Result<(Vec<f64>, bool), Failure> {
    let vi = &studies.problem.vi;
    match name {
        "sei" => return Ok((vi.iter().map(|v| v.sqrt()).collect(), true)),
        "vi" => return Ok((vi.clone(), true)),
        _ => {}
    }
    let patients = patients(studies)?;
    let of = |f: fn(f64) -> f64| patients.iter().map(|n| f(*n)).collect::<Vec<f64>>();
    Ok(match name {
        "ni" => (patients, false),
        "ninv" => (of(|n| 1.0 / n), true),
        "sqrtni" => (of(f64::sqrt), false),
        _ => (of(|n| 1.0 / n.sqrt()), true),
    })
}

/// How many patients each study has: the column ni, or n1i and n2i together.
fn patients(studies: &Studies) -> Result<Vec<f64>, Failure> {
    let column = |name: &str| numbers(&studies.frame, name);
    let all = if studies.frame.column("ni").is_some() {
        column("ni")
    } else {
        column("n1i").iter().zip(column("n2i")).map(|(a, b)| a + b).collect()
    };
    let chosen: Vec<f64> = studies.rows.iter().map(|&row| all[row]).collect();
    if chosen.iter().all(|n| n.is_finite() && *n > 0.0) {
        return Ok(chosen);
    }
    Err(Failure::call(
        "this predictor needs the number of patients of every study",
        "give a column ni, or n1i and n2i, of numbers above 0",
    ))
}

/// Predictions: of new studies, of each study, or of the mean.
fn predictions(args: &MetaArgs, studies: &Studies, fit: &Fit) -> Result<Vec<(String, Prediction)>, Failure> {
    let problem = &studies.problem;
    let kind = args.model.pi_type;
    let Some(values) = &args.around.newmods else {
        if problem.is_intercept_only() {
            return Ok(vec![("mean".to_owned(), fit.predict(&[1.0], kind))]);
        }
        let row = |study: usize| problem.columns.iter().map(|column| column[study]).collect::<Vec<f64>>();
        return Ok((0..problem.k())
            .map(|study| (studies.slab[study].clone(), fit.predict(&row(study), kind)))
            .collect());
    };
    let mut predictions = Vec::new();
    for entry in values.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
        predictions.push((entry.to_owned(), fit.predict(&new_row(entry, studies)?, kind)));
    }
    Ok(predictions)
}

/// The moderators of one new study, from the values of columns or of coefficients.
fn new_row(entry: &str, studies: &Studies) -> Result<Vec<f64>, Failure> {
    let mut pairs = Vec::new();
    for part in entry.split(',') {
        let (name, value) = part.split_once('=').ok_or_else(|| {
            Failure::call(
                format!("`{part}` gives no moderator"),
                "write NAME=VALUE, with commas between and ; after each study",
            )
        })?;
        pairs.push((name.trim(), value.trim()));
    }
    let problem = &studies.problem;
    let is_coefficient = |name: &str| problem.names.iter().any(|known| known == name);
    let is_column = |name: &str| studies.frame.column(name).is_some();
    if pairs.iter().all(|(name, _)| is_coefficient(name)) && !pairs.iter().all(|(name, _)| is_column(name)) {
        let mut row = vec![0.0; problem.p()];
        if problem.intercept {
            row[0] = 1.0;
        }
        for (name, value) in pairs {
            let at = problem.names.iter().position(|known| known == name).unwrap_or(0);
            row[at] = number(name, value)?;
        }
        return Ok(row);
    }
    let mut frame = Frame::default();
    for (name, value) in pairs {
        match studies.frame.column(name) {
            Some(Column::Numbers(_)) => frame.numbers(name, vec![number(name, value)?]),
            Some(Column::Texts { .. }) => frame.texts(name, [Some(value.to_owned())]),
            None => return Err(Failure::call(format!("there is no column `{name}`"), "name the moderators of --mods")),
        }
    }
    let mut matrix = studies.design.matrix(&frame, &[0], "intrcpt")?;
    matrix.remove(&studies.left_out);
    Ok(matrix.columns.iter().map(|column| column[0]).collect())
}

fn number(name: &str, text: &str) -> Result<f64, Failure> {
    let read = plain_number(&text.replace('−', "-"));
    read.ok_or_else(|| Failure::call(format!("{name}: `{text}` is no number"), "write a number such as 33.5"))
}
