//! The random terms of a formula over the rows of a model.

use super::error::MixedError;
use super::groups::{self, Grouping};
use crate::formula::{Contrasts, Design, Formula, FormulaError, Frame, ModelMatrix, RandomTerm, Terms};

/// A random term with one grouping: k columns over n rows, whose effects differ between the levels of the group.
///
/// ```
/// use reffect::formula::Formula;
/// use reffect::mixed::{DataOptions, ModelData};
/// let frame = reffect::read::read_frame("data/published/pastes.csv")?;
/// let data = ModelData::new(Formula::parse("strength ~ 1 + (1 | batch/cask)")?, frame, &DataOptions::default())?;
/// // By falling number of levels, as lme4 orders and names them.
/// let [inner, outer] = &data.random[..] else { return Err("two terms".into()) };
/// assert_eq!((inner.group.as_str(), inner.levels.len()), ("cask:batch", 30));
/// assert_eq!((outer.group.as_str(), outer.levels.len()), ("batch", 10));
/// assert_eq!((outer.columns.len(), outer.columns[0].len(), outer.codes.len()), (1, 60, 60));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RandomTermData {
    /// The grouping factor as lme4 names it.
    pub group: String,
    /// The columns of the table whose combinations are the groups, in the order of the name.
    pub group_columns: Vec<String>,
    /// The names of what varies.
    pub names: Vec<String>,
    /// What varies: a column for each name, with a value for each row.
    pub columns: Vec<Vec<f64>>,
    /// What makes these columns, for new rows.
    pub design: Design,
    /// The level of each row.
    pub codes: Vec<u32>,
    /// The names of the levels.
    pub levels: Vec<String>,
    /// What tells them apart.
    pub(super) keys: Vec<String>,
    /// For each column of the groups, whether it holds numbers.
    pub(super) of_numbers: Vec<bool>,
}

impl RandomTermData {
    /// Adds the effects of each row's level, which are given by level.
    pub(super) fn add_effects<'b>(&self, of_level: impl Fn(usize) -> &'b [f64], sum: &mut [f64]) {
        for (row, (value, &code)) in sum.iter_mut().zip(&self.codes).enumerate() {
            let own = of_level(code as usize);
            *value += self.columns.iter().zip(own).map(|(column, b)| column[row] * b).sum::<f64>();
        }
    }
}

/// Every bar with one grouping and, for `||`, one term each; ordered as lme4 orders them.
pub(super) fn random_terms(
    formula: &Formula,
    frame: &Frame,
    rows: &[usize],
    contrasts: Contrasts,
) -> Result<Vec<RandomTermData>, MixedError> {
    let mut found = Vec::new();
    for bar in &formula.random {
        for terms in separated(bar) {
            let design = Design::new(&terms, frame, rows, contrasts)?;
            let matrix = design.matrix(frame, rows, "(Intercept)")?;
            if matrix.columns.is_empty() {
                let error = FormulaError::new("nothing varies in this random term", &formula.source, bar.span.clone());
                return Err(error.with_hint("write what varies before the bar: (1 | group), (month | group)").into());
            }
            for grouping in groups::groupings(bar)? {
                found.push(random_term(grouping, &matrix, &design, frame, rows));
            }
        }
    }
    // As lme4's mkReTrms: nothing moves where the numbers of levels fall already; otherwise the
    // ascending order backwards, which also turns ties round.
    if found.windows(2).any(|pair| pair[1].levels.len() > pair[0].levels.len()) {
        found.sort_by_key(|term| term.levels.len());
        found.reverse();
    }
    Ok(found)
}

/// The terms of a bar, each of its own where the bar is double.
fn separated(bar: &RandomTerm) -> Vec<Terms> {
    if !bar.uncorrelated {
        return vec![bar.terms.clone()];
    }
    let source = bar.terms.source.clone();
    let mut parts = Vec::new();
    if bar.terms.intercept {
        parts.push(Terms { source: source.clone(), ..Terms::intercept_only() });
    }
    for term in &bar.terms.terms {
        let mut alone = bar.terms.clone();
        alone.intercept = false;
        alone.variables = term.variables.iter().map(|&at| bar.terms.variables[at].clone()).collect();
        alone.terms = vec![crate::formula::Term { variables: (0..alone.variables.len()).collect() }];
        parts.push(alone);
    }
    parts
}

fn random_term(
    grouping: Grouping,
    matrix: &ModelMatrix,
    design: &Design,
    frame: &Frame,
    rows: &[usize],
) -> RandomTermData {
    let groups::Levels { codes, names: levels, keys, of_numbers } = groups::levels(&grouping, frame, rows);
    RandomTermData {
        group: grouping.name,
        group_columns: grouping.columns,
        names: matrix.names.clone(),
        columns: matrix.columns.clone(),
        design: design.clone(),
        codes,
        levels,
        keys,
        of_numbers,
    }
}
