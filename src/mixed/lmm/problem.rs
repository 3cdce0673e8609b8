//! The data of a linear mixed model in units of their own.
//!
//! The columns of the fixed part are made orthonormal and the response becomes the residual of the
//! ordinary regression in units of its standard deviation; the columns of each random term are made
//! orthogonal with mean square 1. So neither the unit nor the origin of a covariate touches the search,
//! and sums of products do not cancel. What is found is turned back at the end.

use crate::mixed::data::ModelData;
use crate::mixed::error::MixedError;
use crate::mixed::groups::is_constant_within;
use crate::numeric::matrix::{Matrix, dependent_columns, dot};
use crate::numeric::orthogonal::{Orthonormal, solve_upper_matrix};

/// More rows than these are never all fitted exactly by a model that was meant.
const MOST_TO_SPAN: usize = 150;

/// As many random effects as are held as one matrix.
const MOST_AT_ONCE: usize = 16_384;

/// A linear mixed model, standardised.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// Rows.
    pub n: usize,
    /// The sum of the logarithms of the weights.
    pub log_weights: f64,
    /// Square roots of the weights.
    pub root_weights: Option<Vec<f64>>,
    /// X = QR, with rows times the root of their weights.
    pub x: Orthonormal,
    /// Coefficients of Q in the ordinary regression, in the response's unit.
    pub ols: Vec<f64>,
    /// The residuals of the ordinary regression, divided by `scale`.
    pub y: Vec<f64>,
    /// Their standard deviation.
    pub scale: f64,
    /// The grouping factors, by falling number of random effects.
    pub factors: Vec<Factor>,
    /// The random terms, in the order of the data.
    pub terms: Vec<Term>,
    /// Where each entry of θ stands.
    pub places: Vec<Place>,
}

/// A grouping factor with all that varies by it.
#[derive(Clone, Debug)]
pub(super) struct Factor {
    /// The number of columns.
    pub k: usize,
    /// The number of levels.
    pub levels: usize,
    /// The level of each row.
    pub codes: Vec<u32>,
    /// The columns, with rows times the root of their weights.
    pub columns: Vec<Vec<f64>>,
}

/// A random term within its factor.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// The factor.
    pub factor: usize,
    /// Its first column there.
    pub start: usize,
    /// The number of its columns.
    pub k: usize,
    /// R of Z = Q R for its columns, upper triangular, Q with mean square 1.
    pub r: Matrix,
    /// Whether the rows within its groups determine all its (co)variances.
    pub is_determined: bool,
}

/// The place of an entry of θ: λ[row, column] of a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub factor: usize,
    pub row: usize,
    pub column: usize,
}

impl Problem {
    /// The fixed columns.
    pub fn p(&self) -> usize {
        self.x.columns.len()
    }

    pub fn new(data: &ModelData) -> Result<Self, MixedError> {
        let (n, p) = (data.n(), data.p());
        refuse_hopeless(data)?;
        let root_weights: Option<Vec<f64>> =
            data.weights.as_ref().map(|weights| weights.iter().map(|weight| weight.sqrt()).collect());
        let weighted = |column: &[f64]| match &root_weights {
            Some(roots) => column.iter().zip(roots).map(|(value, root)| value * root).collect(),
            None => column.to_vec(),
        };
        let x = Orthonormal::new(data.x.columns.iter().map(|column| weighted(column)));
        let mut y = match &data.offset {
            Some(offset) => weighted(&data.y.iter().zip(offset).map(|(y, offset)| y - offset).collect::<Vec<_>>()),
            None => weighted(&data.y),
        };
        let size = dot(&y, &y).sqrt();
        let ols = x.take_out(&mut y);
        let scale = (dot(&y, &y) / (n - p) as f64).sqrt();
        if scale * ((n - p) as f64).sqrt() <= 1e-12 * size || scale == 0.0 {
            return Err(nothing_left(data));
        }
        y.iter_mut().for_each(|value| *value /= scale);
        let (factors, terms, places) = random_part(data, &weighted);
        let log_weights = data.weights.iter().flatten().map(|weight| weight.ln()).sum();
        let problem = Self { n, log_weights, root_weights, x, ols, y, scale, factors, terms, places };
        problem.refuse_vast()?;
        Ok(problem)
    }

    /// Whether the likelihood can grow without end: the columns of the fixed and the random part together span all
    /// rows, so that some effects leave no residual at all, and the covariance of the rows loses rank as σ goes to 0.
    /// Under ML it does so where the random columns alone do not span all rows; under REML, which sees the rows beside
    /// the fixed part only, and whose rows the random columns then span, where a correlation of ±1 takes a direction
    /// from a term. In large tables they never span all rows, and it is not looked for.
    pub fn can_fit_every_row(&self, reml: bool) -> bool {
        let effects: usize = self.factors.iter().map(|factor| factor.k * factor.levels).sum();
        let has_correlations = self.terms.iter().any(|term| term.k > 1);
        if self.n > MOST_TO_SPAN || self.p() + effects < self.n || (reml && !has_correlations) {
            return false;
        }
        let random = self.random_columns();
        let rank = |columns: &[Vec<f64>]| columns.len() - dependent_columns(columns).len();
        let loses_rank = has_correlations || rank(&random) < self.n;
        loses_rank && rank(&[&self.x.columns[..], &random[..]].concat()) >= self.n
    }

    /// The entries of θ of which restricted likelihood says nothing: those of terms whose columns all lie within the
    /// fixed ones, as where the groups of a random intercept are levels of a fixed factor.
    pub fn beyond_reml(&self) -> Vec<bool> {
        let is_beyond: Vec<bool> = self.terms.iter().map(|term| self.is_within_fixed(term)).collect();
        let has = |place: &Place, term: &Term| {
            place.factor == term.factor && (term.start..term.start + term.k).contains(&place.row)
        };
        let of =
            |place: &Place| self.terms.iter().zip(&is_beyond).any(|(term, is_beyond)| *is_beyond && has(place, term));
        self.places.iter().map(of).collect()
    }

    /// Whether a term has other (co)variances of the same likelihood: none where some of its entries of θ are fixed at
    /// 0.
    pub fn has_loose_term(&self, fixed: &[bool]) -> bool {
        self.terms.iter().filter(|term| !term.is_determined).any(|term| {
            let has =
                |place: &Place| place.factor == term.factor && (term.start..term.start + term.k).contains(&place.row);
            !self.places.iter().zip(fixed).any(|(place, fixed)| *fixed && has(place))
        })
    }

    fn is_within_fixed(&self, term: &Term) -> bool {
        /// The part of a column that others leave of it, where they leave none.
        const WITHIN: f64 = 1e-10;
        let (factor, fixed) = (&self.factors[term.factor], &self.x.columns);
        // So many columns without a row in common are independent.
        if factor.levels > fixed.len() {
            return false;
        }
        factor.columns[term.start..term.start + term.k].iter().all(|column| {
            let mut sizes = vec![0.0; factor.levels];
            let mut along = vec![vec![0.0; fixed.len()]; factor.levels];
            for (row, (&code, value)) in factor.codes.iter().zip(column).enumerate() {
                let level = code as usize;
                sizes[level] += value * value;
                along[level].iter_mut().zip(fixed).for_each(|(sum, fixed)| *sum += value * fixed[row]);
            }
            sizes.iter().zip(&along).all(|(size, along)| size - dot(along, along) <= WITHIN * size)
        })
    }

    /// A column for each random effect.
    fn random_columns(&self) -> Vec<Vec<f64>> {
        let mut columns = Vec::new();
        for factor in &self.factors {
            for column in &factor.columns {
                for level in 0..factor.levels {
                    let own = |(row, value): (usize, &f64)| {
                        if factor.codes[row] as usize == level { *value } else { 0.0 }
                    };
                    columns.push(column.iter().enumerate().map(own).collect());
                }
            }
        }
        columns
    }

    /// What is not eliminated level by level is one matrix and its inverse.
    fn refuse_vast(&self) -> Result<(), MixedError> {
        let size: usize = self.factors[self.eliminated()..].iter().map(|factor| factor.k * factor.levels).sum();
        if size <= MOST_AT_ONCE {
            return Ok(());
        }
        let message = format!("crossed grouping factors leave {size} random effects to be solved at once");
        let hint = format!(
            "at most {MOST_AT_ONCE} are, in 4 GB: leave out the term with the second most levels, or fit parts of the \
             table"
        );
        Err(MixedError::data(message, hint))
    }

    /// A response in the user's unit, without offset, as this problem's residuals; with the
    /// coefficients of its ordinary regression. The scale stays.
    pub fn standardised(&self, response: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut y = match &self.root_weights {
            Some(roots) => response.iter().zip(roots).map(|(value, root)| value * root).collect(),
            None => response.to_vec(),
        };
        let ols = self.x.take_out(&mut y);
        y.iter_mut().for_each(|value| *value /= self.scale);
        (y, ols)
    }

    /// How many factors, from the first, can be eliminated level by level: each level of those before lies in
    /// one level of the next.
    pub fn eliminated(&self) -> usize {
        let mut count = self.factors.len().min(1);
        while count < self.factors.len() {
            let later = &self.factors[count];
            let nests = |earlier: &Factor| is_constant_within(&earlier.codes, earlier.levels, &later.codes);
            if !self.factors[..count].iter().all(nests) {
                break;
            }
            count += 1;
        }
        count
    }

    /// λ of each factor, row by row.
    pub fn lambdas(&self, theta: &[f64]) -> Vec<Matrix> {
        let mut all: Vec<Matrix> = self.factors.iter().map(|factor| Matrix::zeros(factor.k, factor.k)).collect();
        for (place, value) in self.places.iter().zip(theta) {
            all[place.factor][(place.row, place.column)] = *value;
        }
        all
    }

    /// The part of λ that belongs to a term, in the unit of its columns: lower triangular with a
    /// diagonal that is not negative.
    pub fn term_lambda(&self, theta: &[f64], term: usize) -> Matrix {
        let Term { factor, start, k, r, .. } = &self.terms[term];
        let mut own = Matrix::zeros(*k, *k);
        for (place, value) in self.places.iter().zip(theta) {
            let inside = |at: usize| at >= *start && at < start + k;
            if place.factor == *factor && inside(place.row) {
                own[(place.row - start, place.column - start)] = *value;
            }
        }
        lower_of(&solve_upper_matrix(r, &own))
    }
}

/// The lower triangular L with LL' = AA' and a diagonal that is not negative, by Givens' rotations of
/// the columns, so that nothing is squared. What is nothing but rounding becomes 0.
pub(in crate::mixed) fn lower_of(a: &Matrix) -> Matrix {
    let k = a.rows();
    let mut l = a.clone();
    for row in 0..k {
        for column in row + 1..k {
            let (x, y) = (l[(row, row)], l[(row, column)]);
            if y == 0.0 {
                continue;
            }
            let length = x.hypot(y);
            let (c, s) = (x / length, y / length);
            for at in 0..k {
                let (u, v) = (l[(at, row)], l[(at, column)]);
                (l[(at, row)], l[(at, column)]) = (c * u + s * v, c * v - s * u);
            }
        }
    }
    for column in 0..k {
        let flip = l[(column, column)] < 0.0;
        for row in 0..k {
            let size = (0..k).map(|at| l[(row, at)] * l[(row, at)]).sum::<f64>().sqrt();
            let value = l[(row, column)];
            let is_rounding = row < column || value.abs() <= 1e-12 * size;
            l[(row, column)] = if is_rounding {
                0.0
            } else if flip {
                -value
            } else {
                value
            };
        }
    }
    l
}

type RandomPart = (Vec<Factor>, Vec<Term>, Vec<Place>);

fn random_part(data: &ModelData, weighted: &dyn Fn(&[f64]) -> Vec<f64>) -> RandomPart {
    let mut names: Vec<&str> = Vec::new();
    let mut factors: Vec<Factor> = Vec::new();
    let mut terms: Vec<Term> = Vec::new();
    for term in &data.random {
        let factor = match names.iter().position(|name| *name == term.group) {
            Some(known) => known,
            None => {
                names.push(&term.group);
                factors.push(Factor {
                    k: 0,
                    levels: term.levels.len(),
                    codes: term.codes.clone(),
                    columns: Vec::new(),
                });
                factors.len() - 1
            }
        };
        let (columns, r) = standard_columns(term.columns.iter().map(|column| weighted(column)).collect());
        let (start, k) = (factors[factor].k, columns.len());
        factors[factor].k += k;
        factors[factor].columns.extend(columns);
        terms.push(Term { factor, start, k, r, is_determined: term.is_determined() });
    }
    // By falling number of levels, which keeps the later blocks small.
    let mut order: Vec<usize> = (0..factors.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(factors[at].levels));
    let position = |old: usize| order.iter().position(|&at| at == old).unwrap_or(old);
    terms.iter_mut().for_each(|term| term.factor = position(term.factor));
    let mut old: Vec<Option<Factor>> = factors.into_iter().map(Some).collect();
    let factors: Vec<Factor> = order.iter().filter_map(|&at| old[at].take()).collect();
    let lower = |term: &Term| {
        let (factor, start, k) = (term.factor, term.start, term.k);
        (0..k).flat_map(move |column| {
            (column..k).map(move |row| Place { factor, row: start + row, column: start + column })
        })
    };
    let places = terms.iter().flat_map(lower).collect();
    (factors, terms, places)
}

/// Columns made orthogonal with mean square 1, with R; only scaled where they depend on each other.
pub(in crate::mixed) fn standard_columns(columns: Vec<Vec<f64>>) -> (Vec<Vec<f64>>, Matrix) {
    let (n, k) = (columns.first().map_or(0, Vec::len) as f64, columns.len());
    let depend = k > 1 && !dependent_columns(&columns).is_empty();
    let (mut columns, r) = if depend {
        let lengths: Vec<f64> =
            columns.iter().map(|column| dot(column, column).sqrt()).map(|l| if l > 0.0 { l } else { 1.0 }).collect();
        let mut scaled = columns;
        for (column, length) in scaled.iter_mut().zip(&lengths) {
            column.iter_mut().for_each(|value| *value /= length);
        }
        (scaled, Matrix::from_fn(k, k, |i, j| if i == j { lengths[i] } else { 0.0 }))
    } else if k == 1 {
        let mut column = columns;
        let length = Some(dot(&column[0], &column[0]).sqrt()).filter(|length| *length > 0.0).unwrap_or(1.0);
        column[0].iter_mut().for_each(|value| *value /= length);
        (column, Matrix::from_fn(1, 1, |_, _| length))
    } else {
        let Orthonormal { columns, r } = Orthonormal::new(columns);
        (columns, r)
    };
    let root = n.sqrt();
    columns.iter_mut().flatten().for_each(|value| *value *= root);
    (columns, r.scaled(1.0 / root))
}

/// What cannot be estimated at all, as lme4 refuses it.
fn refuse_hopeless(data: &ModelData) -> Result<(), MixedError> {
    let (n, p) = (data.n(), data.p());
    if n <= p {
        let message = format!("{n} rows cannot determine {p} coefficients and a residual variance");
        return Err(MixedError::data(message, "use fewer terms, or more data"));
    }
    for term in &data.random {
        let (levels, effects) = (term.levels.len(), term.levels.len() * term.names.len());
        let name = format!("({} | {})", term.names.join(" + "), term.group);
        if levels < 2 {
            let message = format!("the grouping factor {} has {levels} level, and it must vary", term.group);
            let hint = "a random effect needs at least two levels, and five or more to be of use; \
                        with one patient, use ordinary regression";
            return Err(MixedError::data(message, hint));
        }
        if effects >= n {
            let message = format!(
                "the random term {name} has {effects} effects and the table {n} rows: its variance and the \
                 residual variance cannot be told apart"
            );
            let hint = if levels >= n {
                "every group has one row: repeated measurements are needed, or a model without this term"
            } else {
                "let fewer things vary by group, such as (1 | group)"
            };
            return Err(MixedError::data(message, hint));
        }
    }
    Ok(())
}

fn nothing_left(data: &ModelData) -> MixedError {
    let first = data.y.first().copied().unwrap_or(0.0);
    if data.y.iter().all(|value| *value == first) {
        return MixedError::data(
            format!("the response is {first} in every row"),
            "without variation there is nothing to fit",
        );
    }
    MixedError::data(
        "the fixed effects fit every row exactly, so that nothing is left for variances",
        "is the response computed from a column of the formula?",
    )
}
