//! The call of R that fits the same mixed model, with the table as `data`.

use super::args::FitArgs;
use super::input::Input;
use crate::formula::{Column, Contrasts, quoted_name};
use crate::mixed::{Family, ResidualStructure};
use crate::report::r_call::{in_file, of_rows};

/// The call; none where no single one gives the same model: with a change of slope, stacked outcomes, a reference level
/// of numbers, a response of two texts, columns that were left out, a residual covariance beside random effects or one
/// that nlme's `gls` lacks, and polynomials and splines where rows with missing values were left out, since R places
/// these by all rows.
pub fn r_call(args: &FitArgs, input: &Input) -> Option<String> {
    let (data, model) = (&input.data, &args.model);
    let has_curves = || data.formula.terms.variables.iter().any(|(name, _)| is_curve(name));
    let has_missing = data.missing.iter().any(Option::is_some);
    if input.change.is_some() || !model.stack.is_empty() || data.texts.is_some() || (has_missing && has_curves()) {
        return None;
    }
    let is_dropped = !data.dropped.is_empty();
    let mut call = match (model.family, model.residual) {
        (Family::Gaussian, Some(structure)) => generalised_least_squares(args, structure, input)?,
        (Family::Gaussian, None) => {
            let criterion = if model.ml { vec!["REML = FALSE".to_owned()] } else { Vec::new() };
            written("lme4::lmer", args, criterion, input)
        }
        (Family::NegativeBinomial1 | Family::NegativeBinomial2, _) if is_dropped => return None,
        (family @ (Family::NegativeBinomial1 | Family::NegativeBinomial2), _) => {
            let link = model.link.map_or_else(String::new, |link| format!("(link = \"{link}\")"));
            written("glmmTMB::glmmTMB", args, vec![format!("family = glmmTMB::{family}{link}")], input)
        }
        (family, _) => {
            let link = model.link.map_or_else(String::new, |link| format!("(link = \"{link}\")"));
            let mut own = vec![format!("family = {family}{link}")];
            let is_mixed = !data.random.is_empty();
            own.extend((model.agq != 1 && is_mixed).then(|| format!("nAGQ = {}", model.agq)));
            written(if is_mixed { "lme4::glmer" } else { "glm" }, args, own, input)
        }
    };
    call = of_rows(call, args.reading.rows.in_r(&args.table.map).as_deref());
    with_references(call, args, input)
}

/// Whether a variable of a formula is a curve or scaled by the rows that it is fitted to.
pub(super) fn is_curve(name: &str) -> bool {
    ["poly(", "ns(", "bs(", "scale("].iter().any(|curve| name.contains(curve))
}

/// A call with what all of them have.
fn written(function: &str, args: &FitArgs, own: Vec<String>, input: &Input) -> String {
    let map = &args.table.map;
    let mut arguments = vec![formula(args), "data = data".to_owned()];
    arguments.extend(own);
    let weights = args.reading.weights.as_deref().map(|column| args.table.in_file(column));
    arguments.extend(weights.map(|column| format!("weights = {}", quoted_name(column))));
    arguments.extend(args.reading.offset.as_deref().map(|offset| format!("offset = {}", in_file(offset, map))));
    let coding = match args.reading.contrasts {
        Contrasts::Treatment => None,
        Contrasts::Sum => Some("contr.sum"),
        Contrasts::Helmert => Some("contr.helmert"),
    };
    let factors = input.data.design.factors();
    if let (Some(coding), false) = (coding, factors.is_empty()) {
        let name = |label: &str| match input.data.frame.column(label) {
            Some(_) => quoted_name(args.table.in_file(label)),
            None => format!("`{}`", in_file(label, map)),
        };
        let each: Vec<String> = factors.iter().map(|(label, _)| format!("{} = \"{coding}\"", name(label))).collect();
        arguments.push(format!("contrasts = list({})", each.join(", ")));
    }
    format!("{function}({})", arguments.join(", "))
}

/// The formula with the names that columns have in the file.
fn formula(args: &FitArgs) -> String {
    match args.formula.split_once('~') {
        Some((response, terms)) => {
            let [response, terms] = [response, terms].map(|part| in_file(part.trim(), &args.table.map));
            format!("{response} ~ {terms}")
        }
        None => args.formula.clone(),
    }
}

/// `gls`, whose covariances are numbered by the order of the visits.
fn generalised_least_squares(args: &FitArgs, structure: ResidualStructure, input: &Input) -> Option<String> {
    let (model, data) = (&args.model, &input.data);
    let (time, subject) = (model.time.as_deref()?, model.subject.as_deref()?);
    let has_own = model.residual_by.is_some() || args.reading.weights.is_some() || data.offset.is_some();
    let is_one = |column: &str| data.frame.column(column).is_some();
    let is_linear = data.random.is_empty() && data.dropped.is_empty() && args.reading.contrasts == Contrasts::Treatment;
    if has_own || !is_linear || !is_one(time) || !is_one(subject) {
        return None;
    }
    let [time, subject] = [time, subject].map(|column| quoted_name(args.table.in_file(column)));
    let order = format!("form = ~ as.integer(factor({time})) | {subject}");
    let correlation = match structure {
        ResidualStructure::Independent | ResidualStructure::HeterogeneousIndependent => None,
        ResidualStructure::CompoundSymmetry | ResidualStructure::HeterogeneousCompoundSymmetry => {
            Some(format!("nlme::corCompSymm(form = ~ 1 | {subject})"))
        }
        ResidualStructure::Autoregressive | ResidualStructure::HeterogeneousAutoregressive => {
            Some(format!("nlme::corAR1({order})"))
        }
        ResidualStructure::ContinuousAutoregressive => Some(format!("nlme::corCAR1(form = ~ {time} | {subject})")),
        ResidualStructure::Unstructured => Some(format!("nlme::corSymm({order})")),
        _ => return None,
    };
    let has_variances = matches!(
        structure,
        ResidualStructure::HeterogeneousIndependent
            | ResidualStructure::HeterogeneousCompoundSymmetry
            | ResidualStructure::HeterogeneousAutoregressive
            | ResidualStructure::Unstructured
    );
    let mut own = vec![format!("method = \"{}\"", if model.ml { "ML" } else { "REML" })];
    own.extend(correlation.map(|of| format!("correlation = {of}")));
    own.extend(has_variances.then(|| format!("weights = nlme::varIdent(form = ~ 1 | {time})")));
    own.extend(data.missing.iter().any(Option::is_some).then(|| "na.action = na.omit".to_owned()));
    Some(written("nlme::gls", args, own, input))
}

/// The call with the reference levels of columns of texts.
fn with_references(call: String, args: &FitArgs, input: &Input) -> Option<String> {
    let mut levels = Vec::new();
    for (column, level) in &args.reading.reference {
        let Some(Column::Texts { .. }) = input.data.frame.column(column) else { return None };
        let name = quoted_name(args.table.in_file(column));
        levels.push(format!("{name} = relevel(factor({name}), ref = {level:?})"));
    }
    if levels.is_empty() {
        return Some(call);
    }
    let (before, rest) = call.split_once("data = ")?;
    let table = if rest.starts_with("subset(") { None } else { rest.strip_prefix("data") }?;
    Some(format!("{before}data = transform(data, {}){table}", levels.join(", ")))
}
