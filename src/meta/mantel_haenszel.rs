//! Mantel–Haenszel and Peto: pooling of counts without effects of single studies.

use super::counts::check;
pub use super::counts::{CountMeasure, Counts};
use super::fit::{Coefficient, Fit, Model, heterogeneity_of_q};
use super::problem::{MetaError, Problem, possible_level};
use super::statistics::{FitStatistics, Omnibus, heterogeneity_p};
use super::tau2::Estimator;
use crate::estimate::ChiSquared;
use crate::numeric::matrix::Matrix;

/// The result of Mantel & Haenszel.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MantelHaenszel {
    /// The pooled effect with Q, I² and H² of the effects of single studies about it.
    pub fit: Fit,
    /// The effects of single studies, of which some may need a correction of empty cells.
    pub problem: Problem,
    /// Which of the counts they belong to.
    pub studies: Vec<usize>,
    /// What each of the counts has of the pooled effect, in percent: also those without an effect of their own. Empty
    /// where the counts allow no estimate.
    pub weights_in_percent: Vec<f64>,
    /// The test of Cochran, Mantel & Haenszel with continuity correction.
    pub mh: Option<ChiSquared>,
    /// Tarone's test of equal odds ratios.
    pub tarone: Option<ChiSquared>,
    /// Breslow & Day's test of equal odds ratios.
    pub breslow_day: Option<ChiSquared>,
}

/// Pools counts by Mantel & Haenszel. `add` is added to each cell of studies with an empty one before
/// pooling; 0 needs no correction and is usual.
///
/// Sources: Mantel & Haenszel (1959), JNCI 22:719; Robins, Breslow & Greenland (1986), Biometrics
/// 42:311 (variance of the log odds ratio); Greenland & Robins (1985), Biometrics 41:55 (risk and rate
/// ratios); Sato, Greenland & Robins (1989), Biometrics 45:1323 (risk difference).
///
/// # Errors
/// If the counts allow no estimate.
///
/// ```
/// use reffect::meta::mantel_haenszel::{CountMeasure, Counts, mantel_haenszel};
///
/// // Cases of tuberculosis among people with and without BCG: Colditz et al. (1994), JAMA 271:698.
/// let bcg = [
///     (4.0, 123.0, 11.0, 139.0), (6.0, 306.0, 29.0, 303.0), (3.0, 231.0, 11.0, 220.0), (62.0, 13598.0, 248.0, 12867.0),
///     (33.0, 5069.0, 47.0, 5808.0), (180.0, 1541.0, 372.0, 1451.0), (8.0, 2545.0, 10.0, 629.0),
///     (505.0, 88391.0, 499.0, 88391.0), (29.0, 7499.0, 45.0, 7277.0), (17.0, 1716.0, 65.0, 1665.0),
///     (186.0, 50634.0, 141.0, 27338.0), (5.0, 2498.0, 3.0, 2341.0), (27.0, 16913.0, 29.0, 17854.0),
/// ];
/// let counts = bcg.map(|(events1, size1, events2, size2)| Counts { events1, size1, events2, size2 });
/// let pooled = mantel_haenszel(CountMeasure::Or, &counts, 0.0, 0.95)?;
/// // metafor 3.8-1: rma.mh(measure = "OR", …, data = dat.bcg)
/// assert!((pooled.fit.coefficients[0].estimate + 0.473_410_988_389).abs() < 1e-10);
/// # Ok::<(), reffect::meta::MetaError>(())
/// ```
#[doc(alias = "rma.mh")]
pub fn mantel_haenszel(
    measure: CountMeasure,
    counts: &[Counts],
    add: f64,
    level: f64,
) -> Result<MantelHaenszel, MetaError> {
    possible_level(level)?;
    check(counts, measure)?;
    let pooled: Vec<Counts> = counts.iter().map(|c| c.corrected(measure, add)).collect();
    let (estimate, variance) = pool(measure, &pooled);
    let is_estimated = estimate.is_finite() && variance.is_finite();
    let (estimate, variance) = if is_estimated { (estimate, variance.max(0.0)) } else { (f64::NAN, f64::NAN) };
    let (problem, studies) = effects(measure, counts)?;
    let mut fit = assembled(measure.name(), estimate, variance, &problem, level);
    fit.k = counts.len();
    let weights: Vec<f64> = pooled.iter().map(|c| weight(measure, c)).collect();
    fit.total_weight = weights.iter().sum();
    let weights_in_percent = in_percent(&weights);
    fit.weights = studies.iter().map(|&at| weights[at]).collect();
    if !is_estimated {
        fit.notes.insert(
            0,
            "the counts allow no estimate: over all studies a group has no events, or nothing but events; half an event \
             added where there is none (--mh-add 0.5) or Peto's method (--peto) gives one"
                .to_owned(),
        );
    }
    let mut result =
        MantelHaenszel { fit, problem, studies, weights_in_percent, mh: None, tarone: None, breslow_day: None };
    result.mh = cochran(measure, counts, Continuity::Corrected);
    if measure == CountMeasure::Or && is_estimated {
        (result.breslow_day, result.tarone) = breslow_day(&pooled, estimate.exp());
    }
    Ok(result)
}

/// Weights as shares of their sum; none where nothing has one.
fn in_percent(weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    if total > 0.0 { weights.iter().map(|weight| 100.0 * weight / total).collect() } else { Vec::new() }
}

/// What a study counts in the pooled effect.
///
/// Source: Mantel & Haenszel (1959), JNCI 22:719; Cochrane Handbook (2024), 10.4.1.
fn weight(measure: CountMeasure, c: &Counts) -> f64 {
    let [_, b, cc, _] = c.cells();
    match measure {
        CountMeasure::Or => b * cc / c.total(),
        CountMeasure::Rr | CountMeasure::Irr => c.events2 * c.size1 / c.total(),
        CountMeasure::Rd | CountMeasure::Ird => c.size1 * c.size2 / c.total(),
    }
}

/// The estimate and its variance.
fn pool(measure: CountMeasure, counts: &[Counts]) -> (f64, f64) {
    let sum = |f: &dyn Fn(&Counts) -> f64| counts.iter().map(f).sum::<f64>();
    match measure {
        CountMeasure::Or => {
            let cell = |c: &Counts| {
                let [a, b, cc, d] = c.cells();
                let n = c.total();
                ((a + d) / n, (b + cc) / n, a * d / n, b * cc / n)
            };
            let (r, s) = (sum(&|c| cell(c).2), sum(&|c| cell(c).3));
            let first = sum(&|c| cell(c).0 * cell(c).2) / (r * r);
            let middle = sum(&|c| cell(c).0 * cell(c).3 + cell(c).1 * cell(c).2) / (r * s);
            let last = sum(&|c| cell(c).1 * cell(c).3) / (s * s);
            ((r / s).ln(), 0.5 * (first + middle + last))
        }
        CountMeasure::Rr => {
            let (r, s) = (sum(&|c| c.events1 * c.size2 / c.total()), sum(&|c| c.events2 * c.size1 / c.total()));
            let of = |c: &Counts| {
                let n = c.total();
                (c.size1 / n) * (c.size2 / n) * (c.events1 + c.events2) - (c.events1 / n) * c.events2
            };
            ((r / s).ln(), sum(&of) / (r * s))
        }
        CountMeasure::Rd => {
            let size = sum(&|c| c.size1 * c.size2 / c.total());
            let estimate = sum(&|c| (c.events1 * c.size2 - c.events2 * c.size1) / c.total()) / size;
            let p = sum(&|c| {
                let (f1, f2) = (c.size1 / c.total(), c.size2 / c.total());
                c.events2 * f1 * f1 - c.events1 * f2 * f2 + 0.5 * f1 * f2 * (c.size2 - c.size1)
            });
            let q = 0.5 * sum(&|c| (c.events1 * (c.size2 - c.events2) + c.events2 * (c.size1 - c.events1)) / c.total());
            (estimate, (estimate * p + q) / (size * size))
        }
        CountMeasure::Irr => {
            let (r, s) = (sum(&|c| c.events1 * c.size2 / c.total()), sum(&|c| c.events2 * c.size1 / c.total()));
            let of = |c: &Counts| (c.size1 / c.total()) * (c.size2 / c.total()) * (c.events1 + c.events2);
            ((r / s).ln(), sum(&of) / (r * s))
        }
        CountMeasure::Ird => {
            let size = sum(&|c| c.size1 * c.size2 / c.total());
            let estimate = sum(&|c| (c.events1 * c.size2 - c.events2 * c.size1) / c.total()) / size;
            let of = |c: &Counts| {
                let weight = c.size1 * c.size2 / c.total();
                weight * weight * (c.events1 / (c.size1 * c.size1) + c.events2 / (c.size2 * c.size2))
            };
            (estimate, sum(&of) / (size * size))
        }
    }
}

/// The effects of single studies with half an event in empty cells. Studies without an event in either
/// group, or with nothing but events, have none, as in metafor.
fn effects(measure: CountMeasure, counts: &[Counts]) -> Result<(Problem, Vec<usize>), MetaError> {
    let of = |c: &Counts| c.corrected(measure, 0.5).effect(measure);
    let finite: Vec<usize> = (0..counts.len())
        .filter(|&at| {
            let (y, v) = of(&counts[at]);
            let [a, b, c, d] = counts[at].cells();
            let says_nothing = (a == 0.0 && c == 0.0) || (!measure.is_rate() && b == 0.0 && d == 0.0);
            y.is_finite() && v.is_finite() && v > 0.0 && !says_nothing
        })
        .collect();
    if finite.is_empty() {
        let reason = match measure.is_rate() {
            true => "no study has an event in any group, so that none has an effect with a variance",
            false => "no study has both an event and somebody without one, so that none has an effect with a variance",
        };
        return Err(MetaError::Data(reason.to_owned()));
    }
    let (yi, vi) = finite.iter().map(|&at| of(&counts[at])).unzip();
    Ok((Problem::new(yi, vi)?, finite))
}

/// A fit from a pooled effect and the effects of single studies.
fn assembled(name: &str, estimate: f64, variance: f64, problem: &Problem, level: f64) -> Fit {
    let k = problem.k();
    let df = k as f64 - 1.0;
    let effect = Coefficient::new("intrcpt", estimate, variance.sqrt(), None, level);
    let studies = || problem.yi.iter().zip(&problem.vi);
    // The effect of the only study has nothing to differ from: a correction of its cells is no heterogeneity.
    let qe: f64 = if k > 1 { studies().map(|(y, v)| (y - estimate).powi(2) / v).sum() } else { 0.0 };
    let saturated: f64 = problem.vi.iter().map(|v| -0.5 * (2.0 * std::f64::consts::PI * v).ln()).sum();
    let log_likelihood = saturated - 0.5 * qe;
    // The deviance is Q itself, and not a difference of likelihoods that are near each other.
    let criteria = FitStatistics::from_parts(log_likelihood, saturated, 1.0, k as f64);
    let statistics = FitStatistics { deviance: qe, ..criteria };
    let (i2, h2) = (!qe.is_nan()).then(|| heterogeneity_of_q(qe, df)).unzip();
    let chi_squared = effect.statistic * effect.statistic;
    Fit {
        model: Model { estimator: Estimator::Ee, level, ..Model::default() },
        k,
        p: 1,
        covariance: Matrix::from_fn(1, 1, |_, _| variance),
        tau2: 0.0,
        tau2_se: None,
        tau2_ci: None,
        typical_variance: None,
        i2,
        h2,
        r2: None,
        qe,
        qe_df: df,
        qe_p: heterogeneity_p(qe, df),
        qe_wald: None,
        qm: Some(Omnibus { statistic: chi_squared, df: 1.0, df2: None, p: effect.p }),
        statistics,
        scale: None,
        robust: None,
        total_weight: problem.vi.iter().map(|v| 1.0 / v).sum(),
        weights: problem.vi.iter().map(|v| 1.0 / v).collect(),
        notes: vec![
            format!("Q, I² and H² belong to the effects ({name}) of single studies about the pooled one"),
            "there is no tau2 in this model, and no interval of it, of I² or of H²".to_owned(),
        ],
        coefficients: vec![effect],
    }
}

/// Whether half an event is taken off the gap between what was seen and what is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Continuity {
    /// It is.
    #[default]
    Corrected,
    /// It is not.
    Uncorrected,
}

/// The test of no effect in any study, of Cochran, Mantel & Haenszel. None where the counts leave nothing to test. As
/// in metafor the correction is taken off a smaller gap too.
///
/// Source: Mantel & Haenszel (1959), eq. on p. 733; for rates Rothman & Greenland (1998).
pub fn cochran(measure: CountMeasure, counts: &[Counts], continuity: Continuity) -> Option<ChiSquared> {
    let (mut gap, mut variance) = (0.0, 0.0);
    for c in counts {
        let (n, events) = (c.total(), c.events1 + c.events2);
        gap += c.events1 - events * c.size1 / n;
        let shares = (c.size1 / n) * (c.size2 / n);
        variance += if measure.is_rate() {
            shares * events
        } else if n > 1.0 {
            shares * events * (n - events) / (n - 1.0)
        } else {
            0.0
        };
    }
    let correction = if continuity == Continuity::Corrected { 0.5 } else { 0.0 };
    let statistic = (gap.abs() - correction).powi(2) / variance;
    statistic.is_finite().then(|| ChiSquared::new(statistic, 1.0))
}

/// Breslow & Day's test that all odds ratios are the pooled one, and with Tarone's correction.
///
/// Sources: Breslow & Day (1980), Statistical Methods in Cancer Research 1, eq. 4.30; Tarone (1985),
/// Biometrika 72:91.
fn breslow_day(counts: &[Counts], odds_ratio: f64) -> (Option<ChiSquared>, Option<ChiSquared>) {
    let (mut square, mut gap, mut variance_sum, mut studies) = (0.0, 0.0, 0.0, 0.0);
    for c in counts {
        let (n1, n2, events) = (c.size1, c.size2, c.events1 + c.events2);
        if events == 0.0 || events == n1 + n2 {
            continue;
        }
        let Some(a) = expected(n1, n2, events, odds_ratio) else { return (None, None) };
        let variance = 1.0 / (1.0 / a + 1.0 / (n1 - a) + 1.0 / (events - a) + 1.0 / (n2 - events + a));
        square += (c.events1 - a).powi(2) / variance;
        gap += c.events1 - a;
        variance_sum += variance;
        studies += 1.0;
    }
    if studies < 2.0 {
        return (None, None);
    }
    let tarone = square - gap * gap / variance_sum;
    let test = |statistic: f64| Some(ChiSquared::new(statistic, studies - 1.0));
    (test(square), test(tarone))
}

/// The events of group 1 that give the odds ratio with these margins: a(n₂ − m + a) = ψ(n₁ − a)(m − a).
fn expected(n1: f64, n2: f64, events: f64, odds_ratio: f64) -> Option<f64> {
    let a = 1.0 - odds_ratio;
    let b = n2 - events + odds_ratio * (n1 + events);
    let c = -odds_ratio * n1 * events;
    if a.abs() < 1e-12 {
        return Some(-c / b);
    }
    // Both roots in the form that does not cancel.
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    let q = -0.5 * (b + root.copysign(b));
    [q / a, c / q].into_iter().find(|x| *x > 0.0 && *x < n1.min(events) + 1e-9 && *x > events - n2 - 1e-9)
}

/// Pools log odds ratios by Peto's one-step method: Σ(O − E)/ΣV.
///
/// Source: Yusuf et al. (1985), Prog Cardiovasc Dis 27:335.
///
/// # Errors
/// If no study has an event.
#[doc(alias = "rma.peto")]
pub fn peto(counts: &[Counts], level: f64) -> Result<MantelHaenszel, MetaError> {
    possible_level(level)?;
    check(counts, CountMeasure::Or)?;
    let of = |c: &Counts| {
        let (n, events) = (c.total(), c.events1 + c.events2);
        let gap = c.events1 - events * c.size1 / n;
        (gap, (c.size1 / n) * (c.size2 / n) * events * (n - events) / (n - 1.0))
    };
    let studies: Vec<usize> = (0..counts.len()).filter(|&at| of(&counts[at]).1 > 0.0).collect();
    if studies.is_empty() {
        return Err(MetaError::Data("no study has both events and patients without one".to_owned()));
    }
    let (yi, vi): (Vec<f64>, Vec<f64>) = studies
        .iter()
        .map(|&at| {
            let (gap, variance) = of(&counts[at]);
            (gap / variance, 1.0 / variance)
        })
        .unzip();
    let problem = Problem::new(yi, vi)?;
    let total: f64 = problem.vi.iter().map(|v| 1.0 / v).sum();
    let estimate = problem.yi.iter().zip(&problem.vi).map(|(y, v)| y / v).sum::<f64>() / total;
    let weights_in_percent = in_percent(&counts.iter().map(|c| of(c).1.max(0.0)).collect::<Vec<_>>());
    let mut fit = assembled("PETO", estimate, 1.0 / total, &problem, level);
    fit.k = counts.len();
    Ok(MantelHaenszel { fit, problem, studies, weights_in_percent, mh: None, tarone: None, breslow_day: None })
}
