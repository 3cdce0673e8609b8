//! The call of R's metafor that fits the same model, with the table as `data`.

use crate::formula::quoted_name;
use crate::meta::multilevel::{Component, SandwichKind};
use crate::meta::{Estimator, Model, Test, Weighting};

/// Where effects and variances stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// As the arguments of `rma`: `yi, vi`, `yi, sei = se` or `measure = "RR", ai = ai, …`.
    pub effects: String,
    /// The effects alone.
    pub yi: String,
    /// Their variances alone.
    pub vi: String,
    /// The call that makes them, where they do not stand in the table.
    pub data: Option<String>,
    /// The rows, counted from 1 on, of effects with a variance of 0: they have no weight here, and R keeps them.
    pub unweighted: Vec<usize>,
    /// The columns of moderators that are missing in some rows: R keeps the levels of these rows, and has no
    /// polynomials of them.
    pub incomplete: Vec<String>,
}

impl Source {
    /// Columns of effects with variances or standard errors.
    pub fn columns(yi: &str, spread: &str, is_se: bool) -> Self {
        let (yi, spread) = (quoted_name(yi), quoted_name(spread));
        let vi = if is_se { format!("{spread}^2") } else { spread.clone() };
        let effects = if is_se { format!("{yi}, sei = {spread}") } else { format!("{yi}, {spread}") };
        Self { effects, yi, vi, data: None, unweighted: Vec::new(), incomplete: Vec::new() }
    }

    /// The effects of this source, one for each level of a column.
    pub fn aggregated(&self, cluster: &str, rho: f64) -> Self {
        let rows =
            self.data.clone().unwrap_or_else(|| format!("escalc(yi = {}, vi = {}, data = data)", self.yi, self.vi));
        let cluster = quoted_name(cluster);
        let data = format!("aggregate({rows}, cluster = {cluster}, struct = \"CS\", rho = {rho})");
        Self { data: Some(data), ..Self::columns("yi", "vi", false) }
    }

    /// The table that `rma` takes: a measure is computed within the call.
    fn table(&self) -> Option<&str> {
        self.data.as_deref().filter(|_| !self.effects.starts_with("measure"))
    }

    /// A measure with its columns and options, as `escalc` takes them. Each column stands behind its argument.
    pub fn measure(code: &str, columns: &[(&str, &str)], options: &str) -> Self {
        let effects = format!("measure = \"{code}\", {}{options}", arguments(columns));
        let data = Some(format!("escalc({effects}, data = data)"));
        let made = Self { data, ..Self::columns("yi", "vi", false) };
        // `escalc` knows this option, and `rma` would pass over it.
        if options.contains("correct = FALSE") { made } else { Self { effects, ..made } }
    }
}

/// A formula with the names that columns have in the file; each pair is the name in the call and that in the file.
pub fn in_file(formula: &str, columns: &[(String, String)]) -> String {
    let mut text = String::new();
    // The call has a tilde of its own.
    let formula = formula.trim_start();
    let mut rest = formula.strip_prefix('~').unwrap_or(formula).trim_start();
    let mut is_in_relevel = false;
    while let Some(c) = rest.chars().next() {
        let is_part = |c: char| c.is_alphanumeric() || c == '.' || c == '_';
        let length = match c {
            '`' => rest[1..].find('`').map_or(rest.len(), |end| end + 2),
            c if is_part(c) => rest.find(|c: char| !is_part(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (word, behind) = rest.split_at(length);
        let renamed = columns.iter().find(|(called, _)| called == word.trim_matches('`'));
        let is_call = behind.trim_start().starts_with('(');
        let name = renamed.filter(|_| !is_call).map_or_else(|| word.to_owned(), |(_, column)| quoted_name(column));
        let is_name = word.starts_with(|c: char| c == '`' || is_part(c));
        text.push_str(&match word {
            // These are not attached by metafor.
            "ns" | "bs" if is_call => format!("splines::{word}"),
            // `read.csv` makes texts of texts, and only factors have a first level.
            _ if is_in_relevel && is_name && !is_call => format!("factor({name})"),
            _ => name,
        });
        is_in_relevel = (word == "relevel" && is_call) || (is_in_relevel && !is_name);
        rest = behind;
    }
    text
}

/// Arguments with the columns that are meant.
fn arguments(columns: &[(&str, &str)]) -> String {
    let columns: Vec<String> =
        columns.iter().map(|(argument, column)| format!("{argument} = {}", quoted_name(column))).collect();
    columns.join(", ")
}

/// What is tested, and how, after the model.
fn ending(method: &str, test: &str, level: f64, data: Option<&str>) -> Vec<String> {
    let mut arguments = vec![format!("method = \"{method}\"")];
    arguments.extend((test != "z").then(|| format!("test = \"{test}\"")));
    arguments.extend((level != 0.95).then(|| format!("level = {}", 100.0 * level)));
    arguments.push(format!("data = {}", data.unwrap_or("data")));
    arguments
}

/// The call within the one that makes its tests robust.
pub fn robust(call: String, cluster: Option<(&str, SandwichKind)>) -> String {
    let Some((column, kind)) = cluster else { return call };
    let how = match kind {
        SandwichKind::Cr0 => ", adjust = FALSE",
        SandwichKind::Cr1 => "",
        SandwichKind::Cr2 => ", clubSandwich = TRUE",
    };
    format!("robust({call}, cluster = {}{how})", quoted_name(column))
}

/// The control of a search for τ², where that of metafor stops too early for effects in a small unit: its searches stop
/// at an absolute change of τ² (by default 1e-5), and its brackets at an absolute width (about 1e-4). Two searches get
/// there in small steps, more than the 100 of the default.
fn control(model: &Model, typical: f64) -> Option<String> {
    let (argument, least, more) = match model.estimator {
        _ if model.tau2.is_some() => return None,
        Estimator::Ml | Estimator::Reml | Estimator::Eb => ("threshold", 1e-3, ""),
        Estimator::Sjit | Estimator::Dlit => ("threshold", 1e-3, ", maxiter = 10000"),
        Estimator::Pm | Estimator::Pmm | Estimator::Genqm => ("tol", 1e-2, ""),
        _ => return None,
    };
    let is_small = typical > 0.0 && typical < least;
    is_small.then(|| format!("control = list({argument} = 1e{}{more})", typical.log10().floor() - 8.0))
}

/// `rma`; `typical` is the mean sampling variance.
pub fn univariate(source: &Source, model: &Model, typical: f64, mods: Option<&str>, weights: Option<&str>) -> String {
    let mut arguments = vec![source.effects.clone()];
    arguments.extend(mods.map(|formula| format!("mods = ~ {formula}")));
    arguments.extend(weights.map(|column| format!("weights = {}", quoted_name(column))));
    arguments.extend((model.weighting == Weighting::Equal).then(|| "weighted = FALSE".to_owned()));
    arguments.extend(model.tau2.map(|tau2| format!("tau2 = {tau2}")));
    arguments.extend(ending(model.estimator.name(), model.test.name(), model.level, source.table()));
    arguments.extend(control(model, typical));
    let call = format!("rma({})", arguments.join(", "));
    if source.unweighted.is_empty() {
        return call;
    }
    let rows: Vec<String> = source.unweighted.iter().map(usize::to_string).collect();
    call.replace("data = data", &format!("data = data[-c({}), ]", rows.join(", ")))
}

/// `rma` with a scale.
pub fn location_scale(
    source: &Source,
    method: &str,
    test: Test,
    level: f64,
    mods: Option<&str>,
    scale: &str,
) -> String {
    let mut arguments = vec![source.effects.clone()];
    arguments.extend(mods.map(|formula| format!("mods = ~ {formula}")));
    arguments.push(format!("scale = ~ {scale}"));
    arguments.extend(ending(method, test.name(), level, source.table()));
    format!("rma({})", arguments.join(", "))
}

/// How the sampling errors of dependent effects are described.
#[derive(Clone, Debug, PartialEq)]
pub enum Sampling<'a> {
    /// Independent.
    Independent,
    /// Blocks of columns.
    Columns {
        /// The column of the blocks.
        cluster: &'a str,
        /// The columns of their covariances.
        columns: &'a [String],
    },
    /// One correlation within clusters.
    Correlation {
        /// The column of the clusters.
        cluster: &'a str,
        /// The correlation.
        rho: f64,
    },
    /// A correlation that falls with time within clusters.
    Autocorrelation {
        /// The column of the clusters.
        cluster: &'a str,
        /// The column of times.
        time: &'a str,
        /// The correlation at a distance of 1.
        phi: f64,
    },
    /// Covariances of pairs of rows, counted from 1 on, or of a row with itself where its variance is another.
    Pairs(&'a [(usize, usize, f64)]),
}

/// What a multilevel model consists of.
#[derive(Clone, Debug)]
pub struct Levels<'a> {
    /// The random parts, as formulas.
    pub random: &'a [String],
    /// The structure of parts such as `outcome | trial`.
    pub structure: Option<&'a str>,
    /// Known correlations, as the argument `R`.
    pub known: Option<String>,
    /// Variances and correlations that are given, under the names of `rma.mv`, and none for those that are estimated.
    pub given: Vec<(&'static str, Vec<Option<f64>>)>,
    /// The moderators.
    pub mods: Option<&'a str>,
    /// The sampling errors.
    pub sampling: Sampling<'a>,
    /// ML or REML.
    pub method: &'a str,
    /// z or t.
    pub test: Test,
    /// The level of intervals.
    pub level: f64,
}

/// A covariance matrix with the variances of the effects and some covariances.
fn of_pairs(source: &Source, pairs: &[(usize, usize, f64)]) -> String {
    let list = |texts: Vec<String>| format!("c({})", texts.join(", "));
    let rows = list(pairs.iter().map(|(i, _, _)| i.to_string()).collect());
    let columns = list(pairs.iter().map(|(_, j, _)| j.to_string()).collect());
    let values = list(pairs.iter().map(|(_, _, value)| value.to_string()).collect());
    let effects = source.data.as_deref().unwrap_or("data");
    format!(
        "local({{ V <- diag({effects}$vi); at <- cbind({rows}, {columns}); V[at] <- V[at[, 2:1, drop = FALSE]] <- {values}; V \
         }})"
    )
}

/// `rma.mv`.
pub fn multilevel(source: &Source, of: &Levels<'_>) -> String {
    let vi = &source.vi;
    let v = match &of.sampling {
        Sampling::Independent => vi.clone(),
        Sampling::Columns { cluster, columns } => {
            let columns: Vec<String> = columns.iter().map(|column| quoted_name(column)).collect();
            format!("vcalc(1, cluster = {}, rvars = c({}), data = data)", quoted_name(cluster), columns.join(", "))
        }
        Sampling::Correlation { cluster, rho } => {
            format!("vcalc({vi}, cluster = {}, obs = seq_along({vi}), rho = {rho}, data = data)", quoted_name(cluster))
        }
        Sampling::Pairs(pairs) => of_pairs(source, pairs),
        Sampling::Autocorrelation { cluster, time, phi } => {
            format!(
                "vcalc({vi}, cluster = {}, time1 = {}, phi = {phi}, data = data)",
                quoted_name(cluster),
                quoted_name(time)
            )
        }
    };
    let v = match &source.data {
        Some(_) if matches!(of.sampling, Sampling::Pairs(_)) => v,
        Some(data) => v.replace("data = data", &format!("data = {data}")),
        None => v,
    };
    let formulas: Vec<String> = of.random.iter().map(|formula| format!("~ {formula}")).collect();
    let random = match formulas.as_slice() {
        [one] => one.clone(),
        several => format!("list({})", several.join(", ")),
    };
    let mut arguments = vec![source.yi.clone(), v];
    arguments.extend(of.mods.map(|formula| format!("mods = ~ {formula}")));
    arguments.extend((!of.random.is_empty()).then(|| format!("random = {random}")));
    arguments.extend(of.structure.map(|code| {
        let structured = of
            .random
            .iter()
            .filter(|formula| formula.split('|').next().is_some_and(|inner| inner.trim() != "1"))
            .count();
        let codes = vec![format!("\"{code}\""); structured.max(1)].join(", ");
        if structured > 1 { format!("struct = c({codes})") } else { format!("struct = {codes}") }
    }));
    arguments.extend(of.known.clone());
    for (name, values) in &of.given {
        let text = |value: &Option<f64>| value.map_or_else(|| "NA".to_owned(), |value| value.to_string());
        let values: Vec<String> = values.iter().map(text).collect();
        arguments.push(match values.as_slice() {
            [one] => format!("{name} = {one}"),
            all => format!("{name} = c({})", all.join(", ")),
        });
    }
    arguments.extend(ending(of.method, of.test.name(), of.level, source.data.as_deref()));
    format!("rma.mv({})", arguments.join(", "))
}

/// The same call with the rows for which a condition holds.
pub fn of_rows(call: String, condition: Option<&str>) -> String {
    match condition {
        Some(condition) => call.replace("data = data", &format!("data = subset(data, {condition})")),
        None => call,
    }
}

/// The condition that some columns are there.
pub fn complete_cases(columns: &[String]) -> Option<String> {
    let names: Vec<String> = columns.iter().map(|column| quoted_name(column)).collect();
    (!names.is_empty()).then(|| format!("complete.cases({})", names.join(", ")))
}

/// `rma.mh`, with what is added to each cell of studies with an empty one before pooling.
pub fn mantel_haenszel(measure: &str, columns: &[(&str, &str)], add: f64, correct: bool, level: f64) -> String {
    let corrected = if correct { "" } else { ", correct = FALSE" };
    let added = if add == 0.0 { String::new() } else { format!(", add = c(1/2, {add}), to = c(\"only0\", \"only0\")") };
    format!("rma.mh({}{added}{corrected}{}, data = data)", Source::measure(measure, columns, "").effects, given(level))
}

/// `rma.peto`.
pub fn peto(columns: &[(&str, &str)], level: f64) -> String {
    format!("rma.peto({}{}, data = data)", arguments(columns), given(level))
}

/// `rma.glmm`; `model` is none where there is but one.
pub fn counts_with_random_effects(
    measure: &str,
    columns: &[(&str, &str)],
    model: Option<&str>,
    mods: Option<&str>,
    estimator: Estimator,
    test: Test,
    level: f64,
) -> String {
    let mut model = model.map_or(String::new(), |model| format!(", model = \"{model}\""));
    model.extend(mods.map(|formula| format!(", mods = ~ {formula}")));
    model.extend(estimator.is_common().then(|| format!(", method = \"{}\"", estimator.name())));
    let test = if test == Test::T { ", test = \"t\"" } else { "" };
    format!("rma.glmm(measure = \"{measure}\", {}{model}{test}{}, data = data)", arguments(columns), given(level))
}

fn given(level: f64) -> String {
    if level == 0.95 { String::new() } else { format!(", level = {}", 100.0 * level) }
}

/// What is given of components and not estimated, in the words of `rma.mv`.
pub fn given_of(components: &[Component]) -> Vec<(&'static str, Vec<Option<f64>>)> {
    let of_plain = components.iter().filter(|component| component.inner.is_none());
    let sigma2 = of_plain.flat_map(|component| component.given_values()).collect();
    let mut all = vec![("sigma2", sigma2)];
    let names = [("tau2", "rho"), ("gamma2", "phi")];
    for (component, (variances, correlations)) in components.iter().filter(|of| of.inner.is_some()).zip(names) {
        let mut values = component.given_values();
        let rho = values.split_off(component.variances());
        all.extend([(variances, values), (correlations, rho)]);
    }
    all.retain(|(_, values)| values.iter().any(Option::is_some));
    all
}
