//! The random terms of a formula over the rows of a model.

use super::error::MixedError;
use super::groups::{self, Grouping};
use super::lmm::standard_columns;
use crate::formula::{Contrasts, Design, Formula, FormulaError, Frame, ModelMatrix, RandomTerm, Terms};
use crate::numeric::matrix::{Matrix, dot};

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

impl RandomTermData {
    /// Whether the covariances of rows within the groups say what the (co)variances of the effects are: not those of
    /// two arms where each centre has one of them alone.
    ///
    /// A group whose rows of the columns span the directions b says of G what b′Gb for all sums of these say; together
    /// the squares of the directions of all groups have to span all symmetric matrices.
    pub(super) fn is_determined(&self) -> bool {
        /// A part of a direction, or of a square, that is smaller than this beside the whole is rounding.
        const ROUNDING: f64 = 1e-8;
        let k = self.columns.len();
        if k < 2 {
            return true;
        }
        let (columns, _) = standard_columns(self.columns.clone());
        let mut bases: Vec<Vec<Vec<f64>>> = vec![Vec::new(); self.levels.len()];
        for (row, &code) in self.codes.iter().enumerate() {
            let basis = &mut bases[code as usize];
            if basis.len() == k {
                continue;
            }
            let mut own: Vec<f64> = columns.iter().map(|column| column[row]).collect();
            let size = dot(&own, &own);
            for _ in 0..2 {
                for known in basis.iter() {
                    let share = dot(known, &own);
                    own.iter_mut().zip(known).for_each(|(value, known)| *value -= share * known);
                }
            }
            let left = dot(&own, &own);
            if left > ROUNDING * size {
                basis.push(own.iter().map(|value| value / left.sqrt()).collect());
            }
        }
        let squares = k * (k + 1) / 2;
        let mut products = Matrix::zeros(squares, squares);
        for basis in &bases {
            if basis.len() == k {
                return true;
            }
            for (at, one) in basis.iter().enumerate() {
                for other in &basis[..=at] {
                    let pairs = (0..k).flat_map(|i| (0..=i).map(move |j| (i, j)));
                    let square: Vec<f64> = pairs.map(|(i, j)| one[i] * other[j] + one[j] * other[i]).collect();
                    products.add(&Matrix::from_fn(squares, squares, |a, b| square[a] * square[b]), 1.0);
                }
            }
        }
        let (values, _) = products.symmetric_eigen();
        let largest = values.last().copied().unwrap_or(0.0);
        values.first().is_some_and(|least| *least > ROUNDING * largest)
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
