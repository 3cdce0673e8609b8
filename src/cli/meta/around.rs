//! What `reffect meta` computes around a fit.

use super::args::MetaArgs;
use super::input::{Studies, is_missing, labels, moderators_of, numbers};
use super::joint::{joint_tests, note_on_joint};
use super::levels::levels;
use super::methods::{cautions, methods};
use super::profile::notes_on_profiles;
use super::selection::of_selection;
use super::subgroups::in_subgroups;
use crate::cli::args::plain;
use crate::cli::failure::Failure;
use crate::diagnostic::{listed, meant_or_known};
use crate::formula::{Column, Contrasts, Design, Formula, Frame};
use crate::meta::bias::{
    Predictor, begg, egger, excess_significance, fail_safe, harbord, henmi_copas, peters, trim_and_fill,
};
use crate::meta::comparison::compare;
use crate::meta::deletion::{
    baujat, blups, cumulative, influence, leave_groups_out, leave_one_out, variance_inflation,
};
use crate::meta::gosh::gosh;
use crate::meta::mantel_haenszel::Counts;
use crate::meta::permutation::permutation_test;
use crate::meta::subgroup::GroupTau2;
use crate::meta::{Coefficient, Fit, MetaError, Model, Prediction, Problem};
use crate::numeric::matrix::dependent_columns;
use crate::numeric::orthogonal::Orthonormal;
use crate::report::meta::around::{Around, Unavailable};
use crate::report::r_call;

/// Everything that was asked for.
pub fn around(args: &MetaArgs, studies: &Studies, model: &Model, fit: &Fit) -> Result<Around, Failure> {
    let (asked, problem) = (&args.around, &studies.problem);
    let mut around = Around { r_call: r_call(args, studies, fit), ..Around::default() };
    if asked.predict {
        around.predict = Some(predictions(args, studies, fit)?);
        around.are_of_studies = asked.newmods.is_none() && !problem.is_intercept_only();
    }
    if let (Some(column), true) = (&asked.delete_by, asked.leave_one_out) {
        let (groups, names) = levels(studies, &[column.as_str()])?;
        around.leave_one_out = Some(leave_groups_out(model, problem, &groups)?);
        around.left_out = Some(names);
        around.are_groups = true;
    } else if asked.leave_one_out {
        around.leave_one_out = Some(leave_one_out(model, problem)?);
    }
    if let Some(column) = &asked.cumulative {
        let (order, note) = order(&studies.frame, &studies.rows, column, &studies.slab)?;
        around.notes.extend(note);
        let fits = cumulative(model, problem, &order)?;
        around.cumulative = Some(order.into_iter().zip(fits).collect());
    }
    if asked.influence {
        let found = influence(model, problem);
        around.influence = available(found, "--influence", &mut around)?;
    }
    if asked.blup {
        around.blup = Some(blups(fit, problem)?);
    }
    if asked.vif {
        around.vif = Some(variance_inflation(problem, &fit.covariance));
    }
    if asked.baujat {
        let found = baujat(model, problem);
        around.baujat = available(found, "--baujat", &mut around)?;
    }
    around.contrasts = contrasts(args, fit)?;
    around.joint = joint_tests(args, &problem.names, |places| fit.joint_test(places))?;
    if asked.gosh {
        let found = gosh(model, problem, asked.gosh_subsets.max(1), asked.seed);
        around.gosh = available(found, "--gosh", &mut around)?;
    }
    if let Some(formula) = &asked.compare {
        around.compare = Some(compare(model, problem, &with_moderators(studies, formula)?)?);
    }
    if asked.profile {
        let found = model.profile(problem, fit);
        around.profile = available(found, "--profile", &mut around)?.map(|of| vec![of]);
    }
    if asked.permutest {
        let found = permutation_test(model, problem, asked.permutations.max(1), asked.seed);
        around.permutest = available(found, "--permutest", &mut around)?;
    }
    if let Some(column) = &asked.subgroup {
        let tau2 = if asked.common_tau2 { GroupTau2::Common } else { GroupTau2::Own };
        in_subgroups(column, studies, model, tau2, &mut around)?;
    }
    of_small_studies(args, studies, model, fit, &mut around)?;
    around.methods = methods(args, &around);
    around.notes.extend(note_on_joint(around.joint.as_deref()));
    around.notes.extend(notes_on_profiles(around.profile.as_deref()));
    around.notes.extend(cautions(args, problem.k()));
    Ok(around)
}

/// What was asked for around a model of counts.
pub(super) fn around_counts(args: &MetaArgs, studies: &Studies, fit: &Fit, r_call: String) -> Result<Around, Failure> {
    let asked = &args.around;
    let mut around = Around { contrasts: contrasts(args, fit)?, r_call, ..Around::default() };
    if asked.predict {
        around.predict = Some(predictions(args, studies, fit)?);
        around.are_of_studies = asked.newmods.is_none() && !studies.problem.is_intercept_only();
    }
    if asked.vif {
        around.vif = Some(variance_inflation(&studies.problem, &fit.covariance));
    }
    around.joint = joint_tests(args, &studies.problem.names, |places| fit.joint_test(places))?;
    around.methods = methods(args, &around);
    around.notes.extend(note_on_joint(around.joint.as_deref()));
    around.notes.extend(note_on_predictions(around.predict.as_deref()));
    around.notes.extend(note_on_vif(args));
    Ok(around)
}

/// The combinations of --contrast.
fn contrasts(args: &MetaArgs, fit: &Fit) -> Result<Option<Vec<Coefficient>>, Failure> {
    let asked = &args.around.contrast;
    if asked.is_empty() {
        return Ok(None);
    }
    let one = |text: &String| {
        let (name, x) = contrast_weights(text, fit.p)?;
        Ok(fit.contrast(&name, &x)?)
    };
    asked.iter().map(one).collect::<Result<_, Failure>>().map(Some)
}

/// What was asked for around small studies and publication.
fn of_small_studies(
    args: &MetaArgs,
    studies: &Studies,
    model: &Model,
    fit: &Fit,
    around: &mut Around,
) -> Result<(), Failure> {
    let (bias, problem) = (&args.bias, &studies.problem);
    if bias.trimfill {
        let found = trim_and_fill(model, problem, bias.trimfill_estimator, bias.trimfill_side);
        around.trimfill = available(found, "--trimfill", around)?;
    }
    if bias.egger {
        let found = egger(model, problem, bias.egger_model, &predictor(&bias.egger_predictor, studies)?);
        around.egger = available(found, "--egger", around)?;
    }
    if bias.begg {
        around.begg = available(begg(problem), "--begg", around)?;
    }
    if bias.fsn {
        around.fsn = available(fail_safe(model, problem, bias.fsn_type, bias.fsn_target), "--fsn", around)?;
    }
    if bias.tes {
        around.tes = Some(excess_significance(fit, problem)?);
    }
    if bias.hc {
        around.hc = available(henmi_copas(problem, model.level), "--hc", around)?;
    }
    if bias.harbord {
        around.harbord = available(harbord(&tables(studies)?, model.level), "--harbord", around)?;
    }
    if bias.peters {
        around.peters = available(peters(&tables(studies)?, model.level), "--peters", around)?;
    }
    of_selection(args, model, problem, around)
}

/// What was computed; nothing, with a note, where these data do not allow it.
pub(super) fn available<T>(
    found: Result<T, MetaError>,
    flag: &'static str,
    around: &mut Around,
) -> Result<Option<T>, Failure> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error @ (MetaError::Option(_) | MetaError::HasModerators { .. })) => Err(error.into()),
        Err(error) => {
            let of = Unavailable { flag, reason: error.to_string() };
            around.notes.push(of.to_string());
            around.unavailable.push(of);
            Ok(None)
        }
    }
}

/// The call of R that fits the same.
fn r_call(args: &MetaArgs, studies: &Studies, fit: &Fit) -> String {
    let (of, table) = (&args.model, &args.table);
    let mods = of.mods.as_ref().map(|formula| r_call::in_file(formula, &table.map));
    let weights = of.weights.as_deref().map(|column| table.in_file(column));
    let typical = studies.problem.mean_variance();
    let call = r_call::univariate(&studies.source, &fit.model, typical, mods.as_deref(), weights);
    let call = args.of_its_rows(call, &studies.source.incomplete);
    r_call::robust(call, args.levels.cluster.as_deref().map(|column| (table.in_file(column), args.levels.vcov)))
}

/// The 2×2 tables of the studies.
fn tables(studies: &Studies) -> Result<Vec<Counts>, Failure> {
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
    let counts =
        |((a, size1), (c, size2)): ((&f64, f64), (&f64, f64))| Counts { events1: *a, size1, events2: *c, size2 };
    let tables: Vec<Counts> = rows.map(counts).collect();
    let is_table = |of: &Counts| {
        of.events1 >= 0.0
            && of.events2 >= 0.0
            && of.events1 <= of.size1
            && of.events2 <= of.size2
            && of.size1 > 0.0
            && of.size2 > 0.0
    };
    if tables.iter().all(is_table) {
        return Ok(tables);
    }
    Err(Failure::call(
        "Harbord's and Peters' tests need the 2×2 table of every study",
        "give the columns ai, n1i, ci and n2i, or ai, bi, ci and di",
    ))
}

/// The same studies with other moderators, those of --compare.
pub(super) fn with_moderators(studies: &Studies, formula: &str) -> Result<Problem, Failure> {
    let terms = moderators_of("--compare", formula)?.terms;
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

/// The order of a column: numbers ascending, texts by their characters; equal ones as they stand. Studies without a
/// value come last, as in R, with a note that names them.
pub(in crate::cli) fn order(
    frame: &Frame,
    rows: &[usize],
    column: &str,
    slab: &[String],
) -> Result<(Vec<usize>, Option<String>), Failure> {
    let (without, mut order): (Vec<usize>, Vec<usize>) =
        (0..rows.len()).partition(|&study| is_missing(frame, column, rows[study]));
    match frame.column(column) {
        Some(Column::Numbers(values)) => {
            order.sort_by(|&a, &b| values[rows[a]].total_cmp(&values[rows[b]]));
        }
        _ => {
            let texts = labels(frame, column, &order.iter().map(|&study| rows[study]).collect::<Vec<usize>>())?;
            let mut named: Vec<(usize, String)> = order.into_iter().zip(texts).collect();
            named.sort_by(|a, b| a.1.cmp(&b.1));
            order = named.into_iter().map(|(study, _)| study).collect();
        }
    }
    let names = listed(without.iter().map(|&study| &slab[study]));
    let note = (!without.is_empty()).then(|| format!("--cumulative: without {column}, and therefore last: {names}"));
    order.extend(without);
    Ok((order, note))
}

/// The predictor of Egger's test.
fn predictor(name: &str, studies: &Studies) -> Result<Predictor, Failure> {
    match name {
        "sei" => return Ok(Predictor::standard_errors(&studies.problem)),
        "vi" => return Ok(Predictor::variances(&studies.problem)),
        _ => {}
    }
    let patients = patients(studies)?;
    let of = |f: fn(f64) -> f64| patients.iter().map(|n| f(*n)).collect::<Vec<f64>>();
    let (values, vanishes) = match name {
        "ni" => (patients, false),
        "ninv" => (of(|n| 1.0 / n), true),
        "sqrtni" => (of(f64::sqrt), false),
        _ => (of(|n| 1.0 / n.sqrt()), true),
    };
    Ok(Predictor { values, vanishes })
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
fn predictions(args: &MetaArgs, studies: &Studies, fit: &Fit) -> Result<Vec<(String, Option<Prediction>)>, Failure> {
    let problem = &studies.problem;
    let kind = args.model.pi_type;
    let Some(values) = &args.around.newmods else {
        if problem.is_intercept_only() {
            return Ok(vec![("mean".to_owned(), Some(fit.predict(&[1.0], kind)?))]);
        }
        let row = |study: usize| problem.columns.iter().map(|column| column[study]).collect::<Vec<f64>>();
        let of = |study: usize| Ok((studies.slab[study].clone(), Some(fit.predict(&row(study), kind)?)));
        return (0..problem.k()).map(of).collect();
    };
    let mut predictions = Vec::new();
    for entry in values.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
        let row = new_row(entry, studies, &[])?;
        let prediction = row.map(|x| fit.predict(&x, kind)).transpose()?;
        predictions.push((entry.to_owned(), prediction));
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

/// The moderators of one new study, from the values of columns or of coefficients; none where the data do not
/// determine its mean. `inner` are the columns before the bars of --random, which it may give as well.
pub(super) fn new_row(entry: &str, studies: &Studies, inner: &[&str]) -> Result<Option<Vec<f64>>, Failure> {
    let pairs = pairs(entry)?;
    let names = &studies.problem.names;
    check_names(
        entry,
        studies,
        &[&studies.design],
        &[inner, &names.iter().map(String::as_str).collect::<Vec<_>>()].concat(),
    )?;
    let pairs: Vec<(String, &str)> =
        pairs.into_iter().map(|(name, value)| (as_coefficient(name, names), value)).collect();
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), *value));
    let is_coefficient = |name: &str| names.iter().any(|known| known == name);
    let is_column = |name: &str| studies.frame.column(name).is_some();
    let of_model: Vec<(&str, &str)> = pairs.filter(|(name, _)| is_coefficient(name) || !inner.contains(name)).collect();
    let are_coefficients = of_model.iter().all(|(name, _)| is_coefficient(name));
    if are_coefficients && !of_model.iter().all(|(name, _)| is_column(name)) {
        return row_of_coefficients(&of_model, studies).map(Some);
    }
    row_of_design(entry, studies, &studies.design, &studies.left_out)
}

/// The name of the coefficient that is written otherwise, as `I(ablat-33)` for `I(ablat - 33)`; the same where it is none.
fn as_coefficient(name: &str, names: &[String]) -> String {
    let labels = |name: &str| Formula::parse(&format!("y ~ {name}")).ok().map(|formula| formula.terms.labels());
    let label = labels(name).and_then(|mut labels| labels.pop().filter(|_| labels.is_empty()));
    let is_known = |name: &String| names.contains(name);
    if names.iter().any(|known| known == name) { None } else { label.filter(is_known) }
        .unwrap_or_else(|| name.to_owned())
}

/// The same from the values of coefficients. Only the other levels of a factor with one of them may go without saying.
fn row_of_coefficients(pairs: &[(&str, &str)], studies: &Studies) -> Result<Vec<f64>, Failure> {
    let problem = &studies.problem;
    let is_given = |name: &str| pairs.iter().any(|(given, _)| *given == name);
    let columns_of = |(factor, levels): (String, Vec<String>)| -> Vec<String> {
        levels.iter().map(|level| format!("{factor}{level}")).collect()
    };
    let factors: Vec<Vec<String>> = studies.design.factors().into_iter().map(columns_of).collect();
    let goes_without = |name: &String| factors.iter().any(|of| of.contains(name) && of.iter().any(|one| is_given(one)));
    let slopes = problem.names.iter().skip(usize::from(problem.intercept));
    if let Some(name) = slopes.into_iter().find(|name| !is_given(name) && !goes_without(name)) {
        let hint = "give all moderators of the model, 0 where that is meant";
        return Err(Failure::call(format!("--newmods does not give `{name}`"), hint));
    }
    let mut row = vec![0.0; problem.p()];
    if problem.intercept {
        row[0] = 1.0;
    }
    for (name, value) in pairs {
        let at = problem.names.iter().position(|known| known == name).unwrap_or(0);
        row[at] = number(name, value)?;
    }
    Ok(row)
}

/// Refuses a new study that gives what the model does not have, or gives it twice.
pub(super) fn check_names(entry: &str, studies: &Studies, designs: &[&Design], others: &[&str]) -> Result<(), Failure> {
    let pairs = pairs(entry)?;
    let variables = designs.iter().flat_map(|design| &design.terms().variables);
    let known: Vec<&str> = variables.flat_map(|(_, expression)| expression.columns()).collect();
    for (at, (name, _)) in pairs.iter().enumerate() {
        if pairs[..at].iter().any(|(other, _)| other == name) {
            return Err(Failure::call(format!("`{entry}` gives {name} twice"), "give each moderator one value"));
        }
        if !known.contains(name) && !others.contains(name) && studies.frame.column(name).is_some() {
            let hint = meant_or_known(name, "moderators", known);
            return Err(Failure::call(format!("`{name}` is no moderator of the model"), hint));
        }
    }
    Ok(())
}

/// The columns of a design for one new study; none where the data do not determine its mean: a column that was left
/// out has another value there than it follows from the others in the data.
pub(super) fn row_of_design(
    entry: &str,
    studies: &Studies,
    design: &Design,
    left_out: &[usize],
) -> Result<Option<Vec<f64>>, Failure> {
    let frame = new_frame(entry, studies)?;
    let is_lacking = |name: &&str| frame.column(name).is_none() && studies.frame.column(name).is_some();
    if let Some(name) = design.columns().find(is_lacking) {
        let hint = "give a value of each column of --mods, and of --scale where there is one";
        return Err(Failure::call(format!("--newmods {entry}: it does not give `{name}`"), hint));
    }
    let mut new = design.matrix(&frame, &[0], "intrcpt")?;
    let (mut seen, wanted) = (design.matrix(&studies.frame, &studies.rows, "intrcpt")?, new.columns.clone());
    let gone: Vec<(Vec<f64>, f64)> = left_out.iter().map(|&at| (seen.columns[at].clone(), wanted[at][0])).collect();
    new.remove(left_out);
    seen.remove(left_out);
    let row: Vec<f64> = new.columns.iter().map(|column| column[0]).collect();
    let basis = Orthonormal::new(seen.columns);
    let place = basis.function(&row);
    let follows = |(column, value): &(Vec<f64>, f64)| {
        let shares = basis.take_out(&mut column.clone());
        let parts: Vec<f64> = shares.iter().zip(&place).map(|(share, at)| share * at).collect();
        // What is 0 there is no smaller than the rounding of what it is elsewhere.
        let largest = column.iter().fold(value.abs(), |most, x| most.max(x.abs()));
        let size = parts.iter().map(|part| part.abs()).sum::<f64>() + largest;
        (parts.iter().sum::<f64>() - value).abs() <= 1e-7 * size
    };
    Ok(gone.iter().all(follows).then_some(row))
}

/// What is to be known of predictions that the data do not determine.
pub(super) fn note_on_predictions(predictions: Option<&[(String, Option<Prediction>)]>) -> Option<String> {
    let unknown: Vec<&str> =
        predictions?.iter().filter(|(_, prediction)| prediction.is_none()).map(|(name, _)| name.as_str()).collect();
    (!unknown.is_empty()).then(|| {
        format!(
            "these data do not determine the prediction at {}: in them, a column that was left out always follows from \
             the others, and not there",
            listed(unknown)
        )
    })
}

/// That there is nothing whose variance could be inflated.
pub(super) fn note_on_vif(args: &MetaArgs) -> Option<String> {
    let has_nothing = args.around.vif && args.model.mods.is_none();
    has_nothing.then(|| "--vif has nothing to compare: there are no moderators (--mods)".to_owned())
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
