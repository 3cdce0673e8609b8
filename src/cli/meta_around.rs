//! What `reffect meta` computes around a fit.

use super::args::plain;
use super::failure::Failure;
use super::meta_args::MetaArgs;
use super::meta_input::{Studies, labels, numbers};
use super::meta_levels::levels;
use crate::formula::{Column, Contrasts, Design, Formula, Frame};
use crate::meta::bias::{
    FailSafeKind, SelectionKind, Table, begg, egger, excess_significance, fail_safe, fail_safe_general, harbord,
    henmi_copas, peters, selection, trim_and_fill,
};
use crate::meta::comparison::compare;
use crate::meta::deletion::{
    baujat, blups, cumulative, influence, leave_groups_out, leave_one_out, variance_inflation,
};
use crate::meta::gosh::gosh;
use crate::meta::permutation::permutation_test;
use crate::meta::subgroup::subgroups;
use crate::meta::{Fit, Model, Prediction, Problem};
use crate::numeric::matrix::dependent_columns;
use crate::report::meta_around::Around;
use crate::report::r_call;

/// Everything that was asked for.
pub fn around(args: &MetaArgs, studies: &Studies, model: &Model, fit: &Fit) -> Result<Around, Failure> {
    let (asked, bias, problem) = (&args.around, &args.bias, &studies.problem);
    let mut around = Around { r_call: r_call(args, studies, fit), ..Around::default() };
    if asked.predict {
        around.predict = Some(predictions(args, studies, fit)?);
    }
    if let (Some(column), true) = (&asked.delete_by, asked.leave_one_out) {
        let (groups, names) = levels(studies, &[column.as_str()])?;
        around.leave_one_out = Some(leave_groups_out(model, problem, &groups)?);
        around.left_out = Some(names);
    } else if asked.leave_one_out {
        around.leave_one_out = Some(leave_one_out(model, problem)?);
    }
    if let Some(column) = &asked.cumulative {
        let order = order(&studies.frame, &studies.rows, column)?;
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
        around.vif = Some(variance_inflation(&fit.covariance, problem));
    }
    if asked.baujat {
        around.baujat = Some(baujat(model, problem)?);
    }
    if !asked.contrast.is_empty() {
        let one = |text: &String| {
            let (name, x) = contrast_weights(text, problem.p())?;
            Ok(fit.contrast(&name, &x))
        };
        around.contrasts = Some(asked.contrast.iter().map(one).collect::<Result<_, Failure>>()?);
    }
    if asked.gosh {
        around.gosh = Some(gosh(model, problem, asked.gosh_subsets.max(1), asked.seed)?);
    }
    if let Some(formula) = &asked.compare {
        around.compare = Some(compare(model, problem, &with_moderators(studies, formula)?)?);
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
        around.fsn = Some(match bias.fsn_type {
            FailSafeKind::General => fail_safe_general(model, problem, bias.fsn_target)?,
            kind => fail_safe(problem, kind, bias.fsn_target)?,
        });
    }
    if bias.tes {
        around.tes = Some(excess_significance(fit, problem));
    }
    if bias.hc {
        around.hc = Some(henmi_copas(problem, model.level)?);
    }
    if bias.harbord {
        around.harbord = Some(harbord(&tables(studies)?, model.level)?);
    }
    if bias.peters {
        around.peters = Some(peters(&tables(studies)?, model.level)?);
    }
    if let Some(kind) = &bias.selmodel {
        let kind = selection_kind(kind, &bias.steps)?;
        if args.model.tau2.is_some() || args.model.unweighted {
            return Err(Failure::call(
                "a selection model estimates tau2 and weights by its likelihood: --tau2 and --unweighted do not go with it",
                "leave them out",
            ));
        }
        let is_common = model.estimator.is_common();
        around.selmodel = Some(selection(problem, &kind, bias.selmodel_alternative, is_common, model.level)?);
    }
    Ok(around)
}

/// The call of R that fits the same.
fn r_call(args: &MetaArgs, studies: &Studies, fit: &Fit) -> String {
    let of = &args.model;
    let call = r_call::univariate(&studies.source, &fit.model, of.mods.as_deref(), of.weights.as_deref());
    r_call::robust(call, args.levels.cluster.as_deref().map(|column| (column, args.levels.vcov)))
}

/// The kind with the steps that were given.
fn selection_kind(kind: &SelectionKind, steps: &[f64]) -> Result<SelectionKind, Failure> {
    match (kind, steps) {
        (kind, []) => Ok(kind.clone()),
        (SelectionKind::Steps(_), steps) => Ok(SelectionKind::Steps(steps.to_vec())),
        (kind, _) => Err(Failure::call(
            format!("--steps belongs to the selection model stepfun, and not to {}", kind.name()),
            "leave it out, or pass --selmodel stepfun",
        )),
    }
}

/// The 2×2 tables of the studies.
fn tables(studies: &Studies) -> Result<Vec<Table>, Failure> {
    let has = |name: &str| studies.frame.column(name).is_some();
    let column = |name: &str| -> Vec<f64> {
        let all = numbers(&studies.frame, name);
        studies.rows.iter().map(|&row| all[row]).collect()
    };
    let plus = |a: Vec<f64>, b: Vec<f64>| a.iter().zip(&b).map(|(a, b)| a + b).collect::<Vec<f64>>();
    let (ai, ci) = (column("ai"), column("ci"));
    let n1 = if has("n1i") { column("n1i") } else { plus(ai.clone(), column("bi")) };
    let n2 = if has("n2i") { column("n2i") } else { plus(ci.clone(), column("di")) };
    let rows = ai.iter().zip(n1).zip(ci.iter().zip(n2));
    let tables: Vec<Table> = rows.map(|((a, n1), (c, n2))| Table { events1: *a, n1, events2: *c, n2 }).collect();
    let is_table = |of: &Table| {
        of.events1 >= 0.0
            && of.events2 >= 0.0
            && of.events1 <= of.n1
            && of.events2 <= of.n2
            && of.n1 > 0.0
            && of.n2 > 0.0
    };
    if tables.iter().all(is_table) {
        return Ok(tables);
    }
    Err(Failure::call(
        "Harbord's and Peters' tests need the 2×2 table of every study",
        "give the columns ai, n1i, ci and n2i, or ai, bi, ci and di",
    ))
}

/// The same studies with other moderators.
pub(super) fn with_moderators(studies: &Studies, formula: &str) -> Result<Problem, Failure> {
    let terms = Formula::parse(formula)?.terms;
    let missing = terms.missing(&studies.frame)?;
    if let Some(name) = studies.rows.iter().find_map(|&row| missing[row].as_ref()) {
        let hint = "both models need the same studies: drop the rows without it";
        return Err(Failure::call(format!("{name} is missing in a study"), hint));
    }
    let design = Design::new(&terms, &studies.frame, &studies.rows, Contrasts::Treatment)?;
    let mut matrix = design.matrix(&studies.frame, &studies.rows, "intrcpt")?;
    let dependent = dependent_columns(&matrix.columns);
    matrix.remove(&dependent);
    let mut problem = Problem::with_moderators(studies.problem.yi.clone(), studies.problem.vi.clone(), &matrix)?;
    problem.weights.clone_from(&studies.problem.weights);
    Ok(problem)
}

/// The order of a column: numbers ascending, texts by their characters; equal ones as they stand.
pub(super) fn order(frame: &Frame, rows: &[usize], column: &str) -> Result<Vec<usize>, Failure> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    match frame.column(column) {
        Some(Column::Numbers(values)) => {
            order.sort_by(|&a, &b| values[rows[a]].total_cmp(&values[rows[b]]));
        }
        _ => {
            let texts = labels(frame, column, rows)?;
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

/// How much each study observed: the column ni, which a measure makes of its columns where the table has
/// none, or n1i and n2i together.
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

/// The names and values of "a=1,b=2".
pub(super) fn pairs(entry: &str) -> Result<Vec<(&str, &str)>, Failure> {
    let pair = |part| match str::split_once(part, '=') {
        Some((name, value)) => Ok((name.trim(), value.trim())),
        None => Err(Failure::call(
            format!("`{part}` gives no moderator"),
            "write NAME=VALUE, with commas between and ; after each study",
        )),
    };
    entry.split(',').map(pair).collect()
}

/// The name and the numbers of "NAME=0,1,-1".
pub(super) fn contrast_weights(text: &str, coefficients: usize) -> Result<(String, Vec<f64>), Failure> {
    let hint = || format!("write NAME=NUMBERS with {coefficients} numbers, one for each coefficient in its order");
    let (name, numbers) =
        text.rsplit_once('=').ok_or_else(|| Failure::call(format!("--contrast `{text}` has no name"), hint()))?;
    let weights: Vec<f64> = numbers.split(',').map(|part| number(name, part.trim())).collect::<Result<_, Failure>>()?;
    if weights.len() != coefficients {
        let message = format!("--contrast `{text}` has {} numbers for {coefficients} coefficients", weights.len());
        return Err(Failure::call(message, hint()));
    }
    if weights.iter().all(|weight| *weight == 0.0) {
        return Err(Failure::call(format!("--contrast `{text}` is 0 whatever the coefficients are"), hint()));
    }
    Ok((name.trim().to_owned(), weights))
}

/// The moderators of one new study, from the values of columns or of coefficients.
pub(super) fn new_row(entry: &str, studies: &Studies) -> Result<Vec<f64>, Failure> {
    let pairs = pairs(entry)?;
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
    let frame = new_frame(entry, studies)?;
    let mut matrix = studies.design.matrix(&frame, &[0], "intrcpt")?;
    matrix.remove(&studies.left_out);
    Ok(matrix.columns.iter().map(|column| column[0]).collect())
}

/// The values of a new study as a table of one row.
pub(super) fn new_frame(entry: &str, studies: &Studies) -> Result<Frame, Failure> {
    let mut frame = Frame::default();
    for (name, value) in pairs(entry)? {
        match studies.frame.column(name) {
            Some(Column::Numbers(_)) => frame.numbers(name, vec![number(name, value)?]),
            Some(Column::Texts { .. }) => frame.texts(name, [Some(value.to_owned())]),
            None => return Err(Failure::call(format!("there is no column `{name}`"), "name the moderators of --mods")),
        }
    }
    Ok(frame)
}

fn number(name: &str, text: &str) -> Result<f64, Failure> {
    plain(text).ok_or_else(|| Failure::call(format!("{name}: `{text}` is no number"), "write a number such as 33.5"))
}
