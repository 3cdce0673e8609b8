//! Mantel–Haenszel and Peto: pooling of counts without effects of single studies.

use super::fit::{Coefficient, Fit, FitStatistics, Model, Omnibus};
use super::problem::{MetaError, Problem, possible_level};
use super::tau2::Estimator;
use crate::diagnostic::Refused;
use crate::numeric::dist::chi_squared_sf;
use crate::numeric::matrix::Matrix;
use std::str::FromStr;

/// What is pooled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CountMeasure {
    /// Log odds ratio.
    Or,
    /// Log risk ratio.
    Rr,
    /// Risk difference.
    Rd,
    /// Log rate ratio.
    Irr,
    /// Rate difference.
    Ird,
}

impl CountMeasure {
    /// Every measure with its code.
    pub const ALL: [(&'static str, Self); 5] =
        [("OR", Self::Or), ("RR", Self::Rr), ("RD", Self::Rd), ("IRR", Self::Irr), ("IRD", Self::Ird)];

    /// Its code.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(_, measure)| *measure == self).map_or("", |(code, _)| code)
    }

    /// Whether it takes person-time instead of numbers of patients.
    pub fn is_rate(self) -> bool {
        matches!(self, Self::Irr | Self::Ird)
    }
}

impl FromStr for CountMeasure {
    type Err = Refused;

    fn from_str(code: &str) -> Result<Self, Refused> {
        let known = Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, measure)| *measure);
        known.ok_or_else(|| "one of OR, RR, RD, IRR or IRD was expected".into())
    }
}

/// Counts of one study: events and size (patients or person-time) of both groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counts {
    /// Events in group 1.
    pub events1: f64,
    /// Patients or person-time of group 1.
    pub size1: f64,
    /// Events in group 2.
    pub events2: f64,
    /// Patients or person-time of group 2.
    pub size2: f64,
}

impl Counts {
    /// "4 of 22 and 0 of 30".
    pub fn told(self) -> String {
        format!("{} of {} and {} of {}", self.events1, self.size1, self.events2, self.size2)
    }

    fn total(self) -> f64 {
        self.size1 + self.size2
    }

    /// The cells of the 2×2 table.
    fn cells(self) -> [f64; 4] {
        [self.events1, self.size1 - self.events1, self.events2, self.size2 - self.events2]
    }

    /// Half an event in each cell where a cell is empty; for rates, in both event counts.
    fn corrected(self, measure: CountMeasure, add: f64) -> Self {
        let is_empty =
            if measure.is_rate() { self.events1 == 0.0 || self.events2 == 0.0 } else { self.cells().contains(&0.0) };
        if !is_empty {
            return self;
        }
        let patients = if measure.is_rate() { 0.0 } else { 2.0 * add };
        Self {
            events1: self.events1 + add,
            size1: self.size1 + patients,
            events2: self.events2 + add,
            size2: self.size2 + patients,
        }
    }

    /// The effect of this study and its sampling variance.
    fn effect(self, measure: CountMeasure) -> (f64, f64) {
        let [a, b, c, d] = self.cells();
        let (p1, p2) = (a / self.size1, c / self.size2);
        match measure {
            CountMeasure::Or => ((a * d / (b * c)).ln(), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d),
            CountMeasure::Rr => ((p1 / p2).ln(), 1.0 / a - 1.0 / self.size1 + 1.0 / c - 1.0 / self.size2),
            CountMeasure::Rd => (p1 - p2, p1 * (1.0 - p1) / self.size1 + p2 * (1.0 - p2) / self.size2),
            CountMeasure::Irr => ((p1 / p2).ln(), 1.0 / a + 1.0 / c),
            CountMeasure::Ird => (p1 - p2, a / (self.size1 * self.size1) + c / (self.size2 * self.size2)),
        }
    }
}

/// A test with its p-value.
pub type TestOf = Option<(f64, f64)>;

/// The result of Mantel & Haenszel.
#[derive(Clone, Debug, PartialEq)]
pub struct MantelHaenszel {
    /// The pooled effect with Q, I² and H² of the effects of single studies about it.
    pub fit: Fit,
    /// The effects of single studies, of which some may need a correction of empty cells.
    pub problem: Problem,
    /// Which of the counts they belong to.
    pub studies: Vec<usize>,
    /// The test of Cochran, Mantel & Haenszel with continuity correction.
    pub mh: TestOf,
    /// Tarone's test of equal odds ratios.
    pub tarone: TestOf,
    /// Breslow & Day's test of equal odds ratios.
    pub breslow_day: TestOf,
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
    let mut fit = assembled(measure.code(), estimate, variance, &problem, level);
    fit.k = counts.len();
    if !is_estimated {
        fit.notes.insert(
            0,
            "the counts allow no estimate: over all studies a group has no events, or nothing but events".to_owned(),
        );
    }
    let mut result = MantelHaenszel { fit, problem, studies, mh: None, tarone: None, breslow_day: None };
    result.mh = cochran(measure, counts, true);
    if measure == CountMeasure::Or && is_estimated {
        (result.breslow_day, result.tarone) = breslow_day(&pooled, estimate.exp());
    }
    Ok(result)
}

pub(super) fn check(counts: &[Counts], measure: CountMeasure) -> Result<(), MetaError> {
    if counts.is_empty() {
        return Err(MetaError::NoStudies);
    }
    for (at, c) in counts.iter().enumerate() {
        let numbers = [c.events1, c.size1, c.events2, c.size2];
        let too_many = !measure.is_rate() && (c.events1 > c.size1 || c.events2 > c.size2);
        if numbers.iter().any(|value| !value.is_finite() || *value < 0.0)
            || c.size1 == 0.0
            || c.size2 == 0.0
            || too_many
        {
            let message = format!("study {}: the counts are impossible: {}", at + 1, c.told());
            return Err(MetaError::Option(message));
        }
    }
    Ok(())
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
        let reason = "no study has both an event and somebody without one, so that none has an effect with a variance";
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
    let statistics = FitStatistics {
        log_likelihood,
        deviance: qe,
        aic: 2.0 - 2.0 * log_likelihood,
        bic: (k as f64).ln() - 2.0 * log_likelihood,
        aicc: 2.0 * k.max(3) as f64 / (k.max(3) as f64 - 2.0) - 2.0 * log_likelihood,
    };
    let chi_squared = effect.statistic * effect.statistic;
    Fit {
        model: Model { estimator: Estimator::Ee, level, ..Model::default() },
        k,
        p: 1,
        covariance: Matrix::from_fn(1, 1, |_, _| variance),
        tau2: 0.0,
        tau2_se: None,
        tau2_ci: None,
        typical_variance: f64::NAN,
        i2: if qe.is_nan() {
            f64::NAN
        } else if df > 0.0 && qe > 0.0 {
            (100.0 * (qe - df) / qe).max(0.0)
        } else {
            0.0
        },
        h2: if df > 0.0 { qe / df } else { 1.0 },
        r2: None,
        qe,
        qe_p: if df > 0.0 { chi_squared_sf(qe, df) } else { 1.0 },
        qm: Some(Omnibus { statistic: chi_squared, df: 1.0, df2: None, p: effect.p }),
        statistics,
        scale: None,
        robust: None,
        weights: problem.vi.iter().map(|v| 1.0 / v).collect(),
        notes: vec![
            format!("Q, I² and H² belong to the effects ({name}) of single studies about the pooled one"),
            "there is no tau2 in this model, and no interval of it, of I² or of H²".to_owned(),
        ],
        coefficients: vec![effect],
    }
}

/// The test of no effect in any study, of Cochran, Mantel & Haenszel; with continuity correction unless `correct` is
/// false. None where the counts leave nothing to test. As in metafor the correction is taken off a smaller gap too.
///
/// Source: Mantel & Haenszel (1959), eq. on p. 733; for rates Rothman & Greenland (1998).
pub fn cochran(measure: CountMeasure, counts: &[Counts], correct: bool) -> TestOf {
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
    let correction = if correct { 0.5 } else { 0.0 };
    let statistic = (gap.abs() - correction).powi(2) / variance;
    statistic.is_finite().then(|| (statistic, chi_squared_sf(statistic, 1.0)))
}

/// Breslow & Day's test that all odds ratios are the pooled one, and with Tarone's correction.
///
/// Sources: Breslow & Day (1980), Statistical Methods in Cancer Research 1, eq. 4.30; Tarone (1985),
/// Biometrika 72:91.
fn breslow_day(counts: &[Counts], odds_ratio: f64) -> (TestOf, TestOf) {
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
    let test = |statistic: f64| Some((statistic, chi_squared_sf(statistic, studies - 1.0)));
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
        return Err(MetaError::Option("no study has both events and patients without one".to_owned()));
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
    let mut fit = assembled("PETO", estimate, 1.0 / total, &problem, level);
    fit.k = counts.len();
    Ok(MantelHaenszel { fit, problem, studies, mh: None, tarone: None, breslow_day: None })
}
