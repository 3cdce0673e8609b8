//! Trim and fill.

use crate::diagnostic::named;
use crate::meta::deletion::{without_interval, without_moderators};
use crate::meta::fit::{Fit, Model};
use crate::meta::problem::{MetaError, Problem};

/// How the number of missing studies is estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrimFillEstimator {
    /// From the rank sum.
    #[default]
    L0,
    /// From the longest run of extreme ranks.
    R0,
    /// From the rank sum, by a quadratic equation.
    Q0,
}

named!(TrimFillEstimator, "estimator of missing studies", [L0 "L0", R0 "R0", Q0 "Q0"]);

/// On which side of the funnel studies are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Small effects are missing.
    Left,
    /// Large effects are missing.
    Right,
}

named!(Side, "side of a funnel plot", [Left "left", Right "right"]);

/// The mirror image of a study.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Filled {
    /// Its effect.
    pub yi: f64,
    /// Its sampling variance.
    pub vi: f64,
}

/// The result of trim and fill.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TrimFill {
    /// How many studies seem to be missing.
    pub k0: usize,
    /// Its standard error; none where its variance would be below 0, as it can be in few studies.
    pub k0_se: Option<f64>,
    /// On which side.
    pub side: Side,
    /// The fit with the studies that were filled in.
    pub fit: Fit,
    /// Their effects and variances.
    pub filled: Vec<Filled>,
}

/// Trims the extreme studies of one side until the rest is symmetric, then fills in their mirror
/// images. Without a side, studies are taken to be missing where the regression on the standard errors
/// says that small studies do not lie.
///
/// Sources: Duval & Tweedie (2000), JASA 95:89 and Biometrics 56:455.
///
/// # Errors
/// If there are moderators or the model cannot be fitted.
///
/// ```
/// use reffect::meta::bias::{Side, TrimFillEstimator, trim_and_fill};
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
/// let found = trim_and_fill(&Model::default(), &trials, TrimFillEstimator::L0, None)?;
/// // metafor 3.8-1: trimfill(rma(yi, vi))
/// assert!(found.k0 == 1 && found.side == Side::Right);
/// assert!((found.fit.coefficients[0].estimate + 0.657_083).abs() < 1e-5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "trimfill")]
pub fn trim_and_fill(
    model: &Model,
    problem: &Problem,
    estimator: TrimFillEstimator,
    side: Option<Side>,
) -> Result<TrimFill, MetaError> {
    without_moderators(problem, "trim and fill")?;
    let side = side.map_or_else(|| missing_side(model, problem), Ok)?;
    let sign = if side == Side::Right { -1.0 } else { 1.0 };
    let mut order: Vec<usize> = (0..problem.k()).collect();
    order.sort_by(|&a, &b| (sign * problem.yi[a]).total_cmp(&(sign * problem.yi[b])));
    let mut sorted = problem.subset(&order);
    sorted.yi.iter_mut().for_each(|y| *y *= sign);
    let k = problem.k();
    let rounds = without_interval(model);
    let (mut k0, mut k0_se, mut centre) = (0usize, 0.0, 0.0);
    for round in 0..=100 {
        if round == 100 {
            return Err(MetaError::not_converged("trim and fill", "the number of trimmed studies keeps changing"));
        }
        if k0 >= k {
            return Err(MetaError::Data("trim and fill would trim every study".to_owned()));
        }
        let kept: Vec<usize> = (0..k - k0).collect();
        centre = rounds.fit(&sorted.subset(&kept))?.coefficients[0].estimate;
        let (estimate, se) = missing(&sorted.yi, centre, estimator);
        k0_se = se;
        let next = estimate.max(0.0).round_ties_even() as usize;
        if next == k0 {
            break;
        }
        k0 = next;
    }
    let mirrored = |at: usize| Filled { yi: sign * (2.0 * centre - sorted.yi[at]), vi: sorted.vi[at] };
    let filled: Vec<Filled> = (k - k0..k).map(mirrored).collect();
    let mut all = problem.clone();
    for (at, one) in filled.iter().enumerate() {
        all.yi.push(one.yi);
        all.vi.push(one.vi);
        all.columns.iter_mut().for_each(|column| column.push(1.0));
        if let Some(weights) = &mut all.weights {
            let weight = weights[order[k - k0 + at]];
            weights.push(weight);
        }
    }
    Ok(TrimFill { k0, k0_se: Some(k0_se).filter(|se| se.is_finite()), side, fit: model.fit(&all)?, filled })
}

fn missing_side(model: &Model, problem: &Problem) -> Result<Side, MetaError> {
    if problem.k() < 3 {
        let what = "a regression on fewer than three studies finds no side on which studies are missing: name the side";
        return Err(MetaError::TooFewStudies { needed: 3, found: problem.k(), what });
    }
    let mut regression = problem.clone();
    regression.names.push("sei".to_owned());
    regression.columns.push(problem.vi.iter().map(|v| v.sqrt()).collect());
    let slope = without_interval(model).fit(&regression)?.coefficients[1].estimate;
    Ok(if slope < 0.0 { Side::Right } else { Side::Left })
}

/// The estimated number of missing studies and its standard error, from effects in ascending order.
fn missing(yi: &[f64], centre: f64, estimator: TrimFillEstimator) -> (f64, f64) {
    let n = yi.len() as f64;
    // What rounding alone tells apart is equal: gaps of 0, and ranks, which then follow the order of the effects.
    let near = 1e-12 * yi.iter().fold(centre.abs(), |most, y| most.max(y.abs()));
    let gaps: Vec<f64> = yi.iter().map(|y| y - centre).map(|gap| if gap.abs() > near { gap } else { 0.0 }).collect();
    let mut order: Vec<usize> = (0..yi.len()).collect();
    order.sort_by(|&a, &b| gaps[a].abs().total_cmp(&gaps[b].abs()));
    order.chunk_by_mut(|&a, &b| gaps[b].abs() - gaps[a].abs() <= near).for_each(<[usize]>::sort_unstable);
    let mut rank = vec![0.0; yi.len()];
    order.iter().enumerate().for_each(|(at, &study)| rank[study] = at as f64 + 1.0);
    let above: f64 = (0..yi.len()).filter(|&i| gaps[i] > 0.0).map(|i| rank[i]).sum();
    let variance = |k0: f64| {
        (n * (n + 1.0) * (2.0 * n + 1.0) + 10.0 * k0.powi(3) + 27.0 * k0 * k0 + 17.0 * k0
            - 18.0 * n * k0 * k0
            - 18.0 * n * k0
            + 6.0 * n * n * k0)
            / 24.0
    };
    match estimator {
        TrimFillEstimator::R0 => {
            let longest = (0..yi.len()).filter(|&i| gaps[i] < 0.0).map(|i| rank[i]).fold(0.0, f64::max);
            // Where nothing lies to the right there is no run of studies there.
            let k0 = if above == 0.0 { 0.0 } else { n - longest - 1.0 };
            (k0, (2.0 * k0.max(0.0) + 2.0).sqrt())
        }
        TrimFillEstimator::L0 => {
            let k0 = (4.0 * above - n * (n + 1.0)) / (2.0 * n - 1.0);
            (k0, 4.0 * variance(k0).sqrt() / (2.0 * n - 1.0))
        }
        TrimFillEstimator::Q0 => {
            let k0 = n - 0.5 - (2.0 * n * n - 4.0 * above + 0.25).max(0.0).sqrt();
            let divisor = ((n - 0.5).powi(2) - k0 * (2.0 * n - k0 - 1.0)).max(0.0).sqrt();
            (k0, 2.0 * variance(k0).sqrt() / divisor)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest unit of rounding beside the middle, on either side of it, moves no rank.
    #[test]
    fn equal_distances_stay_equal_under_rounding() {
        let effects = [-0.3, 0.1, 0.3, 0.5, 0.9];
        let all = [-1.0, 0.0, 1.0].map(|noise| {
            let estimators = [TrimFillEstimator::L0, TrimFillEstimator::R0, TrimFillEstimator::Q0];
            estimators.map(|of| missing(&effects, 0.3 + noise * 1e-16, of).0)
        });
        assert!(all[0] == all[1] && all[1] == all[2], "{all:?}");
        // Of the ranks by rising distance, equal ones by the effect, those above are 3 and 5.
        assert_eq!(all[0][0], (4.0 * 8.0 - 30.0) / 9.0);
    }
}
