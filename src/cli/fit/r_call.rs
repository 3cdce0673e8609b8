//! The call of R that fits the same mixed model, with the table as `data`.

use super::args::FitArgs;
use super::input::Input;
use crate::formula::{Column, Contrasts, Terms, quoted_name};
use crate::mixed::{Family, Link, ResidualStructure};
use crate::report::r_call::in_file;

/// The call; none where no single one gives the same model: with a change of slope, stacked outcomes, a reference level
/// of numbers, a response of two texts, columns that were left out, a residual covariance that nlme
/// lacks or beside random effects of other groups than the subjects or of several terms, and polynomials and splines where rows with missing values were left out, since R places
/// these by all rows.
pub fn r_call(args: &FitArgs, input: &Input) -> Option<String> {
    let (data, model) = (&input.data, &args.model);
    let has_curves = || data.formula.terms.variables.iter().any(|(name, _)| is_curve(name));
    let has_missing = data.missing.iter().any(Option::is_some);
    if input.change.is_some() || !model.stack.is_empty() || data.texts.is_some() || (has_missing && has_curves()) {
        return None;
    }
    match (model.family, model.residual) {
        (Family::Gaussian, Some(structure)) => generalised_least_squares(args, structure, input),
        (Family::Gaussian, None) => {
            let criterion = if model.ml { vec!["REML = FALSE".to_owned()] } else { Vec::new() };
            written("lme4::lmer", args, criterion, input, &[])
        }
        (family, _) => of_counts(family, args, input),
    }
}

/// `glm`, lme4's `glmer`, or glmmTMB, which takes Laplace's approximation itself where `glmer` takes expected second
/// derivatives: for links that are not the family's usual one.
fn of_counts(family: Family, args: &FitArgs, input: &Input) -> Option<String> {
    let (model, data) = (&args.model, &input.data);
    let is_mixed = !data.random.is_empty();
    let is_negative_binomial = matches!(family, Family::NegativeBinomial1 | Family::NegativeBinomial2);
    let is_usual = model.link.is_none_or(|link| link == Link::usual(family));
    let link = model.link.map_or_else(String::new, |link| format!("(link = \"{link}\")"));
    let mut own = vec![format!("family = {}{family}{link}", if is_negative_binomial { "glmmTMB::" } else { "" })];
    if is_negative_binomial || (is_mixed && !is_usual) {
        // It has neither more points nor a way with columns that follow from others.
        let is_same = model.agq == 1 && data.dropped.is_empty();
        return is_same.then(|| written("glmmTMB::glmmTMB", args, own, input, &[])).flatten();
    }
    own.extend((model.agq != 1 && is_mixed).then(|| format!("nAGQ = {}", model.agq)));
    written(if is_mixed { "lme4::glmer" } else { "glm" }, args, own, input, &[])
}

/// Whether a variable of a formula is a curve or scaled by the rows that it is fitted to.
pub(super) fn is_curve(name: &str) -> bool {
    ["poly(", "ns(", "bs(", "scale("].iter().any(|curve| name.contains(curve))
}

/// A call with what all of them have, and with columns that it adds to the table.
fn written(function: &str, args: &FitArgs, own: Vec<String>, input: &Input, added: &[String]) -> Option<String> {
    let map = &args.table.map;
    let formula = if function == "nlme::lme" { fixed_part(args, input) } else { formula(args) };
    let mut arguments = vec![formula, format!("data = {}", table(args, input, added)?)];
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
    Some(format!("{function}({})", arguments.join(", ")))
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

/// `gls`, whose covariances go by the number of the visit among all of them; or `lme`, where the random effects are those
/// of one term of the subjects.
fn generalised_least_squares(args: &FitArgs, structure: ResidualStructure, input: &Input) -> Option<String> {
    let (model, data) = (&args.model, &input.data);
    let (time, subject) = (model.time.as_deref()?, model.subject.as_deref()?);
    let has_own = model.residual_by.is_some() || args.reading.weights.is_some() || data.offset.is_some();
    let is_one = |column: &str| data.frame.column(column).is_some();
    let is_linear = data.dropped.is_empty() && args.reading.contrasts == Contrasts::Treatment;
    if has_own || !is_linear || !is_one(time) || !is_one(subject) {
        return None;
    }
    let random = match &data.random[..] {
        [] => None,
        [_] => Some(random_of(args, subject, input)?),
        _ => return None,
    };
    let [time, subject] = [time, subject].map(|column| quoted_name(args.table.in_file(column)));
    let number = format!(".visit = as.integer(factor({time}))");
    let by_number = format!("form = ~ .visit | {subject}");
    let correlation = match structure {
        ResidualStructure::Independent | ResidualStructure::HeterogeneousIndependent => None,
        ResidualStructure::CompoundSymmetry | ResidualStructure::HeterogeneousCompoundSymmetry => {
            Some(format!("nlme::corCompSymm(form = ~ 1 | {subject})"))
        }
        ResidualStructure::Autoregressive | ResidualStructure::HeterogeneousAutoregressive => {
            Some(format!("nlme::corAR1({by_number})"))
        }
        ResidualStructure::ContinuousAutoregressive => Some(format!("nlme::corCAR1(form = ~ {time} | {subject})")),
        ResidualStructure::Unstructured => Some(format!("nlme::corSymm({by_number})")),
        _ => return None,
    };
    let has_variances = matches!(
        structure,
        ResidualStructure::HeterogeneousIndependent
            | ResidualStructure::HeterogeneousCompoundSymmetry
            | ResidualStructure::HeterogeneousAutoregressive
            | ResidualStructure::Unstructured
    );
    let function = if random.is_some() { "nlme::lme" } else { "nlme::gls" };
    let mut own: Vec<String> = random.map(|random| format!("random = {random}")).into_iter().collect();
    own.push(format!("method = \"{}\"", if model.ml { "ML" } else { "REML" }));
    own.extend(correlation.map(|of| format!("correlation = {of}")));
    own.extend(has_variances.then(|| format!("weights = nlme::varIdent(form = ~ 1 | {time})")));
    own.extend(data.missing.iter().any(Option::is_some).then(|| "na.action = na.omit".to_owned()));
    let is_numbered = own.iter().any(|argument| argument.contains(&by_number));
    written(function, args, own, input, if is_numbered { std::slice::from_ref(&number) } else { &[] })
}

/// The one-sided formula of lme for a term of the subjects; none for other groups.
fn random_of(args: &FitArgs, subject: &str, input: &Input) -> Option<String> {
    let ([bar], [term]) = (&input.data.formula.random[..], &input.data.random[..]) else { return None };
    let is_whole = !bar.uncorrelated || term.names.len() == 1;
    (is_whole && term.group_columns == [subject]).then(|| {
        let subject = quoted_name(args.table.in_file(subject));
        format!("~ {} | {subject}", in_file(&summed(&bar.terms), &args.table.map))
    })
}

/// The formula without its random effects.
fn fixed_part(args: &FitArgs, input: &Input) -> String {
    let whole = formula(args);
    let response = whole.split_once('~').map_or("", |(response, _)| response.trim());
    format!("{response} ~ {}", in_file(&summed(&input.data.formula.terms), &args.table.map))
}

/// The terms of a sum, with its intercept where it has nothing else, or none.
fn summed(terms: &Terms) -> String {
    let labels = terms.labels();
    match (terms.intercept, labels.is_empty()) {
        (true, true) => "1".to_owned(),
        (true, false) => labels.join(" + "),
        (false, _) => format!("0 + {}", labels.join(" + ")),
    }
}

/// The rows of the table, with columns of texts that have a reference level and with columns that are added.
fn table(args: &FitArgs, input: &Input, added: &[String]) -> Option<String> {
    let rows = args.reading.rows.in_r(&args.table.map);
    let rows = rows.map_or_else(|| "data".to_owned(), |condition| format!("subset(data, {condition})"));
    let mut columns = added.to_vec();
    for (column, level) in &args.reading.reference {
        let Some(Column::Texts { .. }) = input.data.frame.column(column) else { return None };
        let name = quoted_name(args.table.in_file(column));
        columns.push(format!("{name} = relevel(factor({name}), ref = {level:?})"));
    }
    Some(if columns.is_empty() { rows } else { format!("transform({rows}, {})", columns.join(", ")) })
}
