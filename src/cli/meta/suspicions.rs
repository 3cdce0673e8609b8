//! What looks like a mistake in the table of a meta-analysis.

use super::args::MetaArgs;
use crate::cli::study_names::names_as_written;
use crate::diagnostic::listed;
use crate::formula::{Column, Frame};
use crate::meta::{Estimator, Model, Problem, Tau2Interval};
use crate::numeric::dist::{chi_squared_cdf, normal_quantile};
use crate::numeric::format::p_is;
use std::collections::{BTreeMap, HashMap};

/// What looks like a mistake of transcription.
pub fn suspicions(problem: &Problem, slab: &[String], args: &MetaArgs) -> Vec<String> {
    let mut notes = same_effects(problem, slab);
    // A model of dependent effects knows that a name may stand in several rows.
    if !args.levels.is_dependent() && args.levels.cluster.is_none() {
        notes.extend(same_names(slab));
    }
    match args.counts.measure.as_deref() {
        None => notes.extend(wrong_spread(problem, args)),
        Some(measure) => notes.extend(too_large(problem, slab, measure)),
    }
    notes
}

/// Standardised differences that are larger than those of nearly all trials, as they are where a column of SDs holds
/// standard errors, of some rows or of all.
fn too_large(problem: &Problem, slab: &[String], measure: &str) -> Option<String> {
    /// So large a difference separates two groups all but wholly: 93 % of the second lie below the first's lowest 7 %.
    /// A convention.
    const LARGE: f64 = 3.0;
    const STANDARDISED: [&str; 10] =
        ["SMD", "SMDH", "SMD1", "SMD1H", "SMCC", "SMCR", "SMCRH", "SMCRP", "SMCRPH", "D2ORN"];
    let is_standardised = STANDARDISED.iter().any(|known| known.eq_ignore_ascii_case(measure));
    let large = problem.yi.iter().zip(slab).filter(|(y, _)| is_standardised && y.abs() >= LARGE);
    let names: Vec<&str> = large.map(|(_, name)| name.as_str()).collect();
    let shown = names.iter().take(MOST_PAIRS).copied().collect::<Vec<_>>().join(", ");
    let more = if names.len() > MOST_PAIRS { format!(" and {} more", names.len() - MOST_PAIRS) } else { String::new() };
    (!names.is_empty()).then(|| {
        format!(
            "standardised differences of {LARGE} SDs and more are rare ({shown}{more}): do sd1i and sd2i hold standard \
             errors there? An SE times the root of n is the SD"
        )
    })
}

/// Studies with the same effect and variance.
fn same_effects(problem: &Problem, slab: &[String]) -> Vec<String> {
    let mut seen: HashMap<(u64, u64), usize> = HashMap::new();
    let mut twice = Vec::new();
    for (at, (y, v)) in problem.yi.iter().zip(&problem.vi).enumerate() {
        if let Some(first) = seen.insert((y.to_bits(), v.to_bits()), at) {
            twice.push(format!("{} and {}", slab[first], slab[at]));
        }
    }
    let more = match twice.len().saturating_sub(MOST_PAIRS) {
        0 => String::new(),
        count => format!(" and {count} more pairs"),
    };
    twice.truncate(MOST_PAIRS);
    let note =
        || format!("studies {}{more} have the same effect and variance: is one entered twice?", twice.join("; "));
    (!twice.is_empty()).then(note).into_iter().collect()
}

/// More pairs of studies are not listed.
const MOST_PAIRS: usize = 5;

/// Columns of the second group, of one of the ways to describe it.
const CONTROLS: [&[&str]; 4] = [&["ci", "n2i"], &["ci", "di"], &["x2i", "t2i"], &["m2i", "sd2i", "n2i"]];

/// Rows of one study with the same second group, which may be one group that is compared with several.
pub fn shared_controls(frame: &Frame, lines: &[u64], slab: Option<&str>, instead: &str) -> Option<String> {
    let names = names_as_written(frame, slab)?;
    let of = |name: &str| match frame.column(name) {
        Some(Column::Numbers(values)) => Some(values),
        _ => None,
    };
    let columns = CONTROLS.iter().find_map(|set| set.iter().map(|name| of(name)).collect::<Option<Vec<_>>>())?;
    let mut groups: BTreeMap<(&str, Vec<u64>), Vec<u64>> = BTreeMap::new();
    for (row, name) in names.iter().enumerate() {
        let control: Vec<f64> = columns.iter().map(|column| column[row]).collect();
        if let (Some(name), true) = (name, control.iter().all(|value| !value.is_nan())) {
            let key = (name.as_str(), control.iter().map(|value| value.to_bits()).collect());
            groups.entry(key).or_default().push(lines[row]);
        }
    }
    let mut shared: Vec<(&str, Vec<u64>)> =
        groups.into_iter().filter(|(_, lines)| lines.len() > 1).map(|((name, _), lines)| (name, lines)).collect();
    shared.sort_by_key(|(_, lines)| lines[0]);
    let count = shared.len();
    let told = shared.iter().take(MOST_PAIRS).map(|(name, lines)| {
        let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
        format!("{name} (lines {})", listed(lines))
    });
    let told: Vec<String> = told.collect();
    let more = if count > MOST_PAIRS { format!(" and {} more", count - MOST_PAIRS) } else { String::new() };
    (count > 0).then(|| {
        format!(
            "the same second group stands in several rows of {}{more}: if it is one control group, its patients count in \
             each row, and the sampling errors, taken as independent, are not: {instead}",
            told.join("; ")
        )
    })
}

/// Names that stand in several rows.
fn same_names(slab: &[String]) -> Option<String> {
    let mut names: HashMap<&str, usize> = HashMap::new();
    slab.iter().for_each(|name| *names.entry(name).or_default() += 1);
    let mut repeated: Vec<(&str, usize)> = names.into_iter().filter(|(_, count)| *count > 1).collect();
    repeated.sort_unstable();
    let which = match &repeated[..] {
        [] => None,
        [(name, count)] => Some(format!("{name} stands in {count} rows")),
        [(name, count), (other, more)] => Some(format!("{name} stands in {count} rows and {other} in {more}")),
        [(name, _), ..] => Some(format!("{} names stand in several rows, such as {name}", repeated.len())),
    };
    which.map(|which| {
        format!(
            "{which}: if these are effects of the same patients they depend on each other, and need --random, --cluster \
             or --aggregate"
        )
    })
}

/// Q is less than this share of all Q that variances let expect: they may be too large.
const TOO_ALIKE: f64 = 1e-3;

/// Variances that are too large, or too small, and would be right as standard errors, or the reverse.
fn wrong_spread(problem: &Problem, args: &MetaArgs) -> Option<String> {
    let df = problem.residual_df();
    if problem.k() < 5 || df < 1.0 {
        return None;
    }
    let q = |change: fn(f64) -> f64| {
        let mut other = problem.clone();
        other.weights = None;
        other.vi.iter_mut().for_each(|v| *v = change(*v));
        let model = Model { estimator: Estimator::Ee, tau2_interval: Tau2Interval::None, ..Model::default() };
        model.fit(&other).map(|fit| fit.qe).ok()
    };
    let (column, is_se) = (args.input.sei.as_deref().unwrap_or(&args.input.vi), args.input.sei.is_some());
    let here = q(|v| v)?;
    let share = chi_squared_cdf(here, df);
    if share < TOO_ALIKE {
        let reason = format!(
            "the effects differ far less than sampling error alone would explain (Q = {here:.2} on {df} df; so little by \
             chance with {})",
            p_is(share)
        );
        if is_se {
            return Some(format!("{reason}: does {column} hold standard deviations and not standard errors?"));
        }
        let as_se = chi_squared_cdf(q(|v| v * v)?, df);
        let what = if as_se > TOO_ALIKE {
            format!("as standard errors the numbers would do: pass --sei {column} if they are")
        } else {
            "are they squares of standard deviations, without division by n?".to_owned()
        };
        return Some(format!("{reason}: does {column} hold variances? {what}"));
    }
    // The other way round the effects seem to differ far more than they do: a z-value of 20 in most studies.
    let extreme = normal_quantile(1.0 - 1e-12) * 3.0;
    let beyond = problem.yi.iter().zip(&problem.vi).filter(|(y, v)| y.abs() > extreme * v.sqrt()).count();
    let as_variance = is_se.then(|| q(f64::sqrt)).flatten();
    match as_variance {
        // Where the column of --sei holds variances, v is their square.
        Some(other) if 2 * beyond > problem.k() && other < here / 20.0 => Some(format!(
            "most effects are more than {extreme:.0} standard errors from 0 (Q = {here:.0} on {df} df): does {column} \
             hold variances? As variances Q is {other:.1}; then pass --vi {column}"
        )),
        _ => None,
    }
}
