//! Tests of linear functions of the coefficients: contrasts, F tests of terms.

use super::data::ModelData;
use super::error::MixedError;
use super::fit::MixedFit;
use super::options::AnovaType;
use super::result::{Coefficient, TermTest};
use super::sequential::{of_type_one, of_type_two};
use super::type_three::AllLevels;
use crate::formula::Term;
use crate::formula::{Contrasts, Design};
use crate::numeric::dist::{chi_squared_sf, f_sf};
use crate::numeric::matrix::{Matrix, dependent_columns, dot};
use crate::numeric::orthogonal::Orthonormal;

/// The F test of several linear functions: see [`MixedFit::joint`] and [`MixedFit::anova`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct FTest {
    /// The statistic.
    pub f: f64,
    /// How many independent functions there are.
    pub num_df: usize,
    /// Degrees of freedom of the denominator; none for χ²/df, and no number where the method has none.
    pub den_df: Option<f64>,
    /// The p-value; no number where the degrees of freedom are none.
    pub p: f64,
}

impl FTest {
    /// The test by a statistic.
    ///
    /// ```
    /// use reffect::mixed::FTest;
    /// // One function: the square of t = 2.228 with 10 degrees of freedom.
    /// assert!((FTest::new(2.228_139_f64.powi(2), 1, Some(10.0)).p - 0.05).abs() < 1e-6);
    /// ```
    pub fn new(f: f64, num_df: usize, den_df: Option<f64>) -> Self {
        let q = num_df as f64;
        let p = match den_df {
            Some(den_df) if den_df.is_nan() => f64::NAN,
            Some(den_df) => f_sf(f, q, den_df),
            None => chi_squared_sf(f * q, q),
        };
        Self { f, num_df, den_df, p }
    }
}

/// Which rows are independent of those before them.
pub(super) fn independent(rows: &[Vec<f64>]) -> Vec<usize> {
    let dependent = dependent_columns(rows);
    (0..rows.len()).filter(|at| !dependent.contains(at)).collect()
}

/// LΦL′: the covariances of linear functions, one a row of L.
pub(super) fn between(rows: &[Vec<f64>], phi: &Matrix) -> Matrix {
    let times: Vec<Vec<f64>> = rows.iter().map(|row| phi.times_vector(row)).collect();
    Matrix::from_fn(rows.len(), rows.len(), |i, j| dot(&rows[i.max(j)], &times[i.min(j)]))
}

/// Wald's statistic over the number of functions, from their estimates and the covariance of these; none where that is
/// singular.
pub(super) fn wald(estimates: &[f64], covariance: &Matrix) -> Option<f64> {
    let solved = covariance.cholesky()?.solve(estimates);
    Some(dot(estimates, &solved) / estimates.len() as f64)
}

/// That a linear function has a weight for each coefficient.
pub(super) fn check_length(data: &ModelData, found: usize) -> Result<(), MixedError> {
    if found == data.p() {
        return Ok(());
    }
    let weights = if found == 1 { "weight" } else { "weights" };
    let message = format!("the linear function has {found} {weights}, and the model has {} coefficients", data.p());
    Err(MixedError::data(message, one_for_each(data)))
}

fn one_for_each(data: &ModelData) -> String {
    format!("give one weight for each of {}", data.x.names.join(", "))
}

/// The test of one linear function.
pub(super) fn linear(fit: &(impl MixedFit + ?Sized), name: &str, of: &[f64]) -> Result<Coefficient, MixedError> {
    let df = fit.df(of)?;
    // Kenward and Roger's adjustment can make a variance negative, which has no root.
    let se = fit.vcov().quadratic(of).sqrt();
    Ok(Coefficient::new(name, dot(of, fit.fixef()), se, df, fit.level()))
}

/// The contrast of a call such as `change=0,1,1`: a weight for each coefficient that is kept.
pub(super) fn contrast(fit: &(impl MixedFit + ?Sized), name: &str, weights: &[f64]) -> Result<Coefficient, MixedError> {
    let data = fit.data();
    if weights.len() != data.p() {
        let message =
            format!("the contrast {name} has {} weights, and the model has {} coefficients", weights.len(), data.p());
        return Err(MixedError::data(message, one_for_each(data)));
    }
    if weights.iter().any(|weight| !weight.is_finite()) {
        return Err(MixedError::data(
            format!("the contrast {name} has a weight that is no number"),
            "give finite weights",
        ));
    }
    if weights.iter().all(|weight| *weight == 0.0) {
        return Err(MixedError::data(format!("the contrast {name} is 0 everywhere"), "give a weight that is not 0"));
    }
    linear(fit, name, weights)
}

/// Why a term that is told apart from the others has no F test.
const UNTESTED: &str = "no F test: the covariance of its coefficients is singular, or the method gives no F and degrees of \
                        freedom above 0";

/// F tests of the terms with the hypotheses of a type of SAS.
pub(super) fn anova(fit: &(impl MixedFit + ?Sized), kind: AnovaType) -> Result<Vec<TermTest>, MixedError> {
    let data = fit.data();
    let mut tests = Vec::new();
    // Of a term that was left out as a whole the notes on columns say why it has no test.
    let is_kept = |term: usize| data.x.assign.contains(&(term + 1));
    for (at, (label, hypothesis)) in data.formula.terms.labels().into_iter().zip(hypotheses(data, kind)?).enumerate() {
        let test = if hypothesis.rows() == 0 { None } else { fit.joint(&hypothesis)? };
        // What Kenward and Roger's moments give below 0 is no F and has no degrees of freedom.
        let test = test.filter(|of| of.f.is_nan() || of.f >= 0.0 && of.den_df.is_none_or(|df| df.is_nan() || df > 0.0));
        let has_failed = test.is_none() && hypothesis.rows() > 0;
        let untold = hypothesis.rows() == 0 && is_kept(at);
        let note = match (has_failed, untold) {
            (true, _) => Some(UNTESTED.to_owned()),
            (_, true) => Some(format!("no test of type {kind}: the data do not tell it apart from other terms")),
            _ => None,
        };
        tests.push(TermTest { term: label, test, note });
    }
    Ok(tests)
}

/// The functions of the coefficients that are 0 under each term's hypothesis.
///
/// Of the only term of a model all types have one hypothesis. Satterthwaite's df of an F test with several df depend on
/// the functions that it is written in: as in lmerTest these are then those of type I.
fn hypotheses(data: &ModelData, kind: AnovaType) -> Result<Vec<Matrix>, MixedError> {
    let is_alone = data.formula.terms.terms.len() == 1 && !data.random.is_empty();
    Ok(match kind {
        _ if is_alone => of_type_one(data),
        AnovaType::I => of_type_one(data),
        AnovaType::II => of_type_two(data)?,
        AnovaType::III => match AllLevels::new(data)? {
            Some(all) => all.hypotheses(),
            None => of_sums(data)?,
        },
    })
}

/// What is to be known of the tests of [`anova`] beside the notes that they have themselves: combinations of levels
/// without rows, and terms that lie in another one of which a part is missing.
pub(super) fn anova_notes(data: &ModelData, kind: AnovaType) -> Result<Vec<String>, MixedError> {
    let mut notes: Vec<String> = without_intercept(data, kind).into_iter().collect();
    if kind == AnovaType::I {
        return Ok(notes);
    }
    let all = AllLevels::new(data)?;
    notes.extend(all.iter().flat_map(|all| all.notes_on_empty(kind)));
    notes.extend(not_marginal(data, kind));
    Ok(notes)
}

/// That a factor which takes the place of the intercept is tested for means of 0, and not for differences.
fn without_intercept(data: &ModelData, kind: AnovaType) -> Option<String> {
    let terms = &data.formula.terms;
    if terms.intercept {
        return None;
    }
    let is_factor = |term: &Term| matches!(term.variables.as_slice(), [variable] if data.design.is_factor(*variable));
    let factors: Vec<usize> = (0..terms.terms.len()).filter(|&at| is_factor(&terms.terms[at])).collect();
    let whole = factors.iter().find(|&&at| data.design.widths(at).iter().all(|(_, is_contrast)| !is_contrast))?;
    let label = terms.label(&terms.terms[*whole]);
    let others = match (factors.len(), kind) {
        (..2, _) => "",
        (_, AnovaType::I) => ", before anything else is taken out",
        (_, AnovaType::II) => ", at the reference levels of the other factors",
        (_, AnovaType::III) => ", over the levels of the other factors, each counted alike",
    };
    Some(format!(
        "the model has no intercept: the test of {label} asks whether the means of its levels are 0{others}, and not \
         whether they differ"
    ))
}

/// A note on each term that lies in another one whose factors beside it are no term, as in t + t:arm: programs differ
/// in what they test there.
///
/// Source: for SAS Goodnight (1978), SAS Technical Report R-101; lmerTest 3.1 was seen to give the test of the
/// coefficient of R's coding in both types.
fn not_marginal(data: &ModelData, kind: AnovaType) -> Vec<String> {
    let terms = &data.formula.terms;
    let mut notes = Vec::new();
    for smaller in &terms.terms {
        let larger = terms.terms.iter().find_map(|larger| {
            let is_inside = smaller.variables.iter().all(|variable| larger.variables.contains(variable));
            let added = |variable: &usize| !smaller.variables.contains(variable);
            let rest = Term { variables: larger.variables.iter().copied().filter(added).collect() };
            let are_factors = rest.variables.iter().all(|&variable| data.design.is_factor(variable));
            let is_there = rest.variables.is_empty() || terms.terms.contains(&rest);
            (is_inside && are_factors && !is_there).then_some((larger, rest))
        });
        if let Some((larger, rest)) = larger {
            let [own, larger, rest] = [smaller, larger, &rest].map(|term| terms.label(term));
            let about = if kind == AnovaType::II {
                format!(
                    "what it adds to a model without {larger}: where {own} differs over the levels of {rest}, each counts \
                     by its rows"
                )
            } else {
                format!("its mean over the levels of {rest}, each counted alike")
            };
            notes.push(format!(
                "{own} is in {larger}, and {rest} is no term of the model: as in SAS, the test of {own} is about {about}; \
                 lmerTest tests it at the first of these levels, whichever contrasts are chosen"
            ));
        }
    }
    notes
}

/// The hypotheses of sum-to-zero contrasts, one for each term.
///
/// The columns of the other coding are those of the model times a matrix M, so that the hypotheses are
/// rows of M times the coefficients.
fn of_sums(data: &ModelData) -> Result<Vec<Matrix>, MixedError> {
    let frame = &data.frame;
    let terms = &data.formula.terms;
    let design = Design::new(terms, frame, &data.rows, Contrasts::Sum)?.without_order();
    let mut other = design.matrix(frame, &data.rows, "(Intercept)")?;
    other.remove(&dependent_columns(&other.columns));
    let change = change_of_columns(&other.columns, &data.x.columns);
    let of = |number: usize| {
        let rows: Vec<usize> = (0..other.assign.len()).filter(|&at| other.assign[at] == number + 1).collect();
        let hypothesis = Matrix::from_fn(rows.len(), data.p(), |row, column| change[(rows[row], column)]);
        let basis = differences(&design.widths(number));
        if basis.rows() == rows.len() { basis.times(&hypothesis) } else { hypothesis }
    };
    Ok((0..terms.terms.len()).map(of).collect())
}

/// From sum-to-zero effects of a term to the differences of its levels from the first one: the same
/// hypothesis, in the form whose directions Satterthwaite's df of an F test are averaged over in lmerTest.
fn differences(widths: &[(usize, bool)]) -> Matrix {
    let mut basis = Matrix::identity(1);
    for &(width, is_contrast) in widths {
        // The effect of the last level is minus the sum of the others.
        let effect = |level: usize, column: usize| match level == width {
            true => -1.0,
            false => f64::from(u8::from(level == column)),
        };
        let own = Matrix::from_fn(width, width, |row, column| match is_contrast {
            true => effect(row + 1, column) - effect(0, column),
            false => f64::from(u8::from(row == column)),
        });
        // The first variable of a term varies fastest.
        let inner = basis.rows();
        basis = Matrix::from_fn(inner * width, inner * width, |row, column| {
            own[(row / inner, column / inner)] * basis[(row % inner, column % inner)]
        });
    }
    basis
}

/// M with `to` = `from` M, for independent columns that span the same space.
fn change_of_columns(from: &[Vec<f64>], to: &[Vec<f64>]) -> Matrix {
    let q = Orthonormal::new(from.iter().cloned());
    let length = |column: &Vec<f64>| dot(column, column).sqrt();
    let of = |column: &Vec<f64>| {
        let size = length(column);
        let coefficients = q.coefficients(&q.take_out(&mut column.clone()));
        // What is nothing but rounding beside the column is 0.
        let snapped =
            |(value, own): (f64, &Vec<f64>)| if (value * length(own)).abs() < 1e-13 * size { 0.0 } else { value };
        coefficients.into_iter().zip(from).map(snapped).collect::<Vec<f64>>()
    };
    let all: Vec<Vec<f64>> = to.iter().map(of).collect();
    Matrix::from_fn(from.len(), to.len(), |row, column| all[column][row])
}
