//! Tests of funnel plots: regression on a measure of precision, and rank correlation.

use crate::diagnostic::named;
use crate::meta::deletion::without_interval;
use crate::meta::fit::{Coefficient, EXACT, Model, Test};
use crate::meta::problem::{MetaError, Problem, possible_level};
use crate::meta::projection::Projection;
use crate::numeric::dist::normal_two_sided_p;
use std::cmp::Ordering;

/// How the regression of Egger's test is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegressionModel {
    /// A meta-regression with the estimator and test of the model.
    #[default]
    Rma,
    /// Weighted least squares with a multiplicative variance: the original test.
    Lm,
}

named!(RegressionModel, "regression of Egger's test", [Rma "rma", Lm "lm"]);

/// The result of a regression test.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Asymmetry {
    /// The coefficient of the predictor.
    pub slope: Coefficient,
    /// The effect of a study without sampling error; none for predictors that do not go to 0 there.
    pub limit: Option<Coefficient>,
}

/// A measure of how precise the studies are.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictor {
    /// Its value for each study.
    pub values: Vec<f64>,
    /// Whether it is 0 for a study without sampling error, so that the intercept is a limit.
    pub vanishes: bool,
}

impl Predictor {
    /// The standard errors, as in the test of 1997.
    pub fn standard_errors(problem: &Problem) -> Self {
        Self { values: problem.vi.iter().map(|v| v.sqrt()).collect(), vanishes: true }
    }

    /// The sampling variances.
    pub fn variances(problem: &Problem) -> Self {
        Self { values: problem.vi.clone(), vanishes: true }
    }
}

/// Egger's test: whether the effects go with a measure of their precision.
///
/// Sources: Egger et al. (1997), BMJ 315:629; Sterne & Egger (2005).
///
/// # Errors
/// If there are no more studies than coefficients with the predictor (three without moderators), or the predictor is
/// the same in all or has not one value for each study.
///
/// ```
/// use reffect::meta::bias::{Predictor, RegressionModel, egger};
/// use reffect::meta::{Model, Problem};
/// # use reffect::formula::Column;
/// # let frame = reffect::read::read_frame("data/published/bcg.csv")?;
/// # let numbers = |name: &str| match frame.column(name) {
/// #     Some(Column::Numbers(values)) => values.to_vec(),
/// #     _ => Vec::new(),
/// # };
/// # let (yi, vi) = (numbers("yi"), numbers("vi"));
/// // Log risk ratios of 13 trials of BCG: Colditz et al. (1994), JAMA 271:698.
/// let trials = Problem::new(yi, vi)?;
/// let errors = Predictor::standard_errors(&trials);
/// let test = egger(&Model::default(), &trials, RegressionModel::Rma, &errors)?;
/// // metafor 3.8-1: regtest(rma(yi, vi))
/// assert!((test.slope.statistic + 0.803_33).abs() < 1e-4 && (test.slope.p - 0.421_78).abs() < 1e-4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "regtest")]
pub fn egger(
    model: &Model,
    problem: &Problem,
    kind: RegressionModel,
    predictor: &Predictor,
) -> Result<Asymmetry, MetaError> {
    possible_level(model.level)?;
    if problem.k() < problem.p() + 2 {
        let what = "a regression test needs at least two studies more than coefficients";
        return Err(MetaError::TooFewStudies { needed: problem.p() + 2, found: problem.k(), what });
    }
    problem.each_has("the predictor", predictor.values.len())?;
    let mut regression = problem.clone();
    regression.names.push("predictor".to_owned());
    regression.columns.push(predictor.values.clone());
    let coefficients = match kind {
        RegressionModel::Rma => without_interval(model).fit(&regression)?.coefficients,
        RegressionModel::Lm => least_squares(&regression, model.level)?,
    };
    let slope = coefficients.last().cloned().ok_or(MetaError::NoStudies)?;
    let limit = (predictor.vanishes && problem.is_intercept_only()).then(|| coefficients.first().cloned()).flatten();
    Ok(Asymmetry { slope, limit })
}

/// Weighted least squares with weights 1/v, and the residual variance estimated.
pub(super) fn least_squares(problem: &Problem, level: f64) -> Result<Vec<Coefficient>, MetaError> {
    let mut at = Projection::new(problem);
    at.at_tau2(0.0);
    at.check()?;
    let total: f64 = problem.yi.iter().zip(&problem.vi).map(|(y, v)| y * y / v).sum();
    if at.rss() <= EXACT * total {
        let message = "the effects lie on the line exactly: there is no residual variance to test with";
        return Err(MetaError::Data(message.to_owned()));
    }
    let df = problem.residual_df();
    let variances = at.inverse_information().scaled(at.rss() / df).diagonal();
    let named = problem.names.iter().zip(at.beta()).zip(variances);
    Ok(named
        .map(|((name, estimate), variance)| Coefficient::new(name, estimate, variance.sqrt(), Some(df), level))
        .collect())
}

/// A rank correlation.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RankTest {
    /// Kendall's τ-b.
    pub tau: f64,
    /// The two-sided p-value: exact without ties, by the normal distribution with them.
    pub p: f64,
}

/// Begg's test: the rank correlation of standardised effects with their variances.
///
/// Source: Begg & Mazumdar (1994), Biometrics 50:1088.
///
/// # Errors
/// If there is one study, or the effects or the variances are all equal.
///
/// ```
/// use reffect::meta::{Problem, bias::begg};
/// # use reffect::formula::Column;
/// # let frame = reffect::read::read_frame("data/published/bcg.csv")?;
/// # let numbers = |name: &str| match frame.column(name) {
/// #     Some(Column::Numbers(values)) => values.to_vec(),
/// #     _ => Vec::new(),
/// # };
/// # let (yi, vi) = (numbers("yi"), numbers("vi"));
/// // Log risk ratios of 13 trials of BCG: Colditz et al. (1994), JAMA 271:698.
/// let trials = Problem::new(yi, vi)?;
/// let test = begg(&trials)?;
/// // metafor 3.8-1: ranktest(rma(yi, vi))
/// assert!((test.tau - 0.025_641).abs() < 1e-6 && (test.p - 0.952_362).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "ranktest")]
pub fn begg(problem: &Problem) -> Result<RankTest, MetaError> {
    if problem.k() < 2 {
        let what = "a rank correlation needs at least two studies";
        return Err(MetaError::TooFewStudies { needed: 2, found: problem.k(), what });
    }
    // Whatever weights the model has, the test weights by 1/v.
    let common = Problem { weights: None, ..problem.intercept_only() };
    let fit = Model { estimator: crate::meta::Estimator::Ee, test: Test::Z, ..Model::default() }.fit(&common)?;
    let pooled = &fit.coefficients[0];
    let standardised = problem
        .yi
        .iter()
        .zip(&problem.vi)
        .map(|(y, v)| gap(*y, pooled.estimate) / (v - pooled.se * pooled.se).max(f64::MIN_POSITIVE).sqrt());
    let found = kendall(&standardised.collect::<Vec<f64>>(), &problem.vi);
    if found.tau.is_nan() {
        let message = "Begg's test is not defined: the standardised effects or the sampling variances are all equal";
        return Err(MetaError::Data(message.to_owned()));
    }
    Ok(found)
}

/// y − m, and 0 where rounding is all that tells them apart.
fn gap(y: f64, m: f64) -> f64 {
    let gap = y - m;
    if gap.abs() > 1e-13 * y.abs().max(m.abs()) { gap } else { 0.0 }
}

/// With so many studies and more the distribution of Kendall's S is taken for a normal one, which it then is to three
/// digits of p: the exact one takes time that grows with their third power.
const MOST_EXACT: usize = 1000;

/// Kendall's τ-b with its p-value.
///
/// Source: Kendall (1970), Rank Correlation Methods, chapters 4 and 5.
fn kendall(x: &[f64], y: &[f64]) -> RankTest {
    let n = x.len();
    let Pairs { s, untied_x: pairs_x, untied_y: pairs_y } = Pairs::of(x, y);
    let all = (n * (n - 1) / 2) as f64;
    let tau = s / (pairs_x * pairs_y).sqrt();
    if pairs_x == all && pairs_y == all && n <= MOST_EXACT {
        return RankTest { tau, p: exact_p(n, s) };
    }
    let (tx, ty) = (ties(x), ties(y));
    let sum = |ties: &[f64], f: &dyn Fn(f64) -> f64| ties.iter().map(|&t| f(t)).sum::<f64>();
    let n = n as f64;
    let cubic = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
    let square = |t: f64| t * (t - 1.0);
    let third = |t: f64| t * (t - 1.0) * (t - 2.0);
    let variance = (cubic(n) - sum(&tx, &cubic) - sum(&ty, &cubic)) / 18.0
        + sum(&tx, &square) * sum(&ty, &square) / (2.0 * square(n))
        + sum(&tx, &third) * sum(&ty, &third) / (9.0 * third(n));
    RankTest { tau, p: normal_two_sided_p(s / variance.sqrt()) }
}

/// How the pairs of observations are ordered.
struct Pairs {
    /// Those in which both are in the same order, less those in which they are in opposite order.
    s: f64,
    /// Those with different x.
    untied_x: f64,
    /// Those with different y.
    untied_y: f64,
}

impl Pairs {
    /// Counted while y is sorted, after x, by merging.
    ///
    /// Source: Knight (1966), J Am Stat Assoc 61:436.
    fn of(x: &[f64], y: &[f64]) -> Self {
        let compare = |a: f64, b: f64| a.partial_cmp(&b).unwrap_or(Ordering::Equal);
        let mut both: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
        both.sort_by(|a, b| compare(a.0, b.0).then(compare(a.1, b.1)));
        let pairs = |n: usize| (n * n.saturating_sub(1) / 2) as f64;
        let tied_x: f64 = both.chunk_by(|a, b| a.0 == b.0).map(|tie| pairs(tie.len())).sum();
        let tied_both: f64 = both.chunk_by(|a, b| a == b).map(|tie| pairs(tie.len())).sum();
        let tied_y = ties(y).into_iter().map(|t| pairs(t as usize)).sum::<f64>();
        let mut ys: Vec<f64> = both.into_iter().map(|(_, y)| y).collect();
        let discordant = inversions(&mut ys) as f64;
        let all = pairs(x.len());
        Self { s: all - tied_x - tied_y + tied_both - 2.0 * discordant, untied_x: all - tied_x, untied_y: all - tied_y }
    }
}

/// Sorts, and counts the pairs of which the larger one stood first.
fn inversions(values: &mut [f64]) -> u64 {
    let middle = values.len() / 2;
    if middle == 0 {
        return 0;
    }
    let (left, right) = values.split_at_mut(middle);
    let mut count = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut l, mut r) = (0, 0);
    while l < left.len() || r < right.len() {
        if r == right.len() || (l < left.len() && left[l] <= right[r]) {
            merged.push(left[l]);
            l += 1;
        } else {
            merged.push(right[r]);
            r += 1;
            count += (left.len() - l) as u64;
        }
    }
    values.copy_from_slice(&merged);
    count
}

/// How often each value occurs.
fn ties(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.chunk_by(|a, b| a == b).map(|same| same.len() as f64).collect()
}

/// The two-sided p-value of Kendall's S without ties: the number of concordant pairs is the number of
/// inversions of a random permutation.
fn exact_p(n: usize, s: f64) -> f64 {
    let most = n * (n - 1) / 2;
    let concordant = ((s + most as f64) / 2.0).round() as usize;
    // The distribution is symmetric: the smaller tail is summed, and nothing beyond it is needed.
    let tail = concordant.min(most - concordant);
    // The share of permutations with each number of inversions, built up one element at a time.
    let mut share = vec![1.0];
    for size in 2..=n {
        // Each number of inversions is reached from `size` neighbouring ones, equally often: a sliding sum. It is
        // taken where shares rise, so that nothing cancels; the other half mirrors it.
        let last = size * (size - 1) / 2;
        let mut next = vec![0.0; last.min(tail) + 1];
        let mut sum = 0.0;
        for at in 0..=(last / 2).min(tail) {
            sum += share.get(at).unwrap_or(&0.0);
            sum -= at.checked_sub(size).map_or(0.0, |left| share[left]);
            next[at] = sum / size as f64;
            if let Some(mirrored) = next.get_mut(last - at) {
                *mirrored = sum / size as f64;
            }
        }
        share = next;
    }
    (2.0 * share.iter().sum::<f64>()).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair one by one, with ties in either and in both.
    #[test]
    fn pairs_are_counted_as_one_by_one() {
        let mut random = crate::numeric::random::Random::seeded(1);
        for n in 0..40 {
            let mut values = || -> Vec<f64> { (0..n).map(|_| random.below(7) as f64 - 3.0).collect() };
            let (x, y) = (values(), values());
            let sign = |a: f64, b: f64| f64::from(i8::from(a > b) - i8::from(a < b));
            let pairs = || (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
            let sum = |f: &dyn Fn(usize, usize) -> f64| pairs().map(|(i, j)| f(i, j)).sum::<f64>();
            let found = Pairs::of(&x, &y);
            assert_eq!(found.s, sum(&|i, j| sign(x[i], x[j]) * sign(y[i], y[j])));
            assert_eq!(found.untied_x, sum(&|i, j| sign(x[i], x[j]).abs()));
            assert_eq!(found.untied_y, sum(&|i, j| sign(y[i], y[j]).abs()));
        }
    }

    /// Where the exact test ends, the normal one gives the same.
    #[test]
    fn the_exact_test_goes_over_into_the_normal_one() {
        let n = MOST_EXACT as f64;
        let sd = (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt();
        for z in [0.5, 1.96, 3.0] {
            // S has the parity of the number of pairs, which is even here.
            let s = 2.0 * (0.5 * z * sd).round();
            for s in [s, -s] {
                let (exact, normal) = (exact_p(MOST_EXACT, s), normal_two_sided_p(s / sd));
                assert!((exact / normal - 1.0).abs() < 0.01, "{z}: {exact} and {normal}");
            }
        }
        // Six permutations of three: 1, 2, 2 and 1 of them have 0, 1, 2 and 3 inversions.
        let all: Vec<f64> = [-3.0, -1.0, 1.0, 3.0].map(|s| exact_p(3, s)).to_vec();
        assert!(all.iter().zip([1.0 / 3.0, 1.0, 1.0, 1.0 / 3.0]).all(|(p, q)| (p - q).abs() < 1e-15), "{all:?}");
    }
}
