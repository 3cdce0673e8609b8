//! An interval that holds also where small studies are published selectively.

use crate::meta::deletion::without_moderators;
use crate::meta::problem::{MetaError, Problem, possible_level};
use crate::numeric::dist::{chi_squared_cdf, normal_density};
use crate::numeric::interval::Interval;
use crate::numeric::quadrature::over_panels;
use crate::numeric::roots::brent;

/// The fixed-effects mean with an interval that knows of the heterogeneity.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct HenmiCopas {
    /// The mean with weights 1/v.
    pub estimate: f64,
    /// Its standard error with τ².
    pub se: f64,
    /// Its interval.
    pub ci: Interval,
    /// τ² by DerSimonian & Laird.
    pub tau2: f64,
}

/// The moments of Q given R = (b − μ)√W₁, the standardised error of the mean: with Σ = V + τ²I and
/// P = W − ww′/W₁, those of a quadratic form of a conditional normal vector. All are sums over studies.
struct Moments {
    variance_r: f64,
    mean: f64,
    mean_slope: f64,
    variance: f64,
    variance_slope: f64,
}

impl Moments {
    fn new(vi: &[f64], tau2: f64) -> Self {
        let w: Vec<f64> = vi.iter().map(|v| 1.0 / v).collect();
        let s: Vec<f64> = vi.iter().map(|v| v + tau2).collect();
        let sum = |f: &dyn Fn(usize) -> f64| (0..w.len()).map(f).sum::<f64>();
        let w1 = sum(&|i| w[i]);
        // u = Σw, c = w′Σw; given w′e = x, the mean of e is u x/c and its covariance Σ − uu′/c.
        let u: Vec<f64> = w.iter().zip(&s).map(|(w, s)| w * s).collect();
        let c = sum(&|i| w[i] * u[i]);
        let wu = c;
        let pu: Vec<f64> = (0..w.len()).map(|i| w[i] * u[i] - w[i] * wu / w1).collect();
        let upu = sum(&|i| u[i] * pu[i]);
        let trace = sum(&|i| w[i] * s[i]) - c / w1;
        // tr PΣPΣ, u′PΣPu and u′Pu.
        let trace_square =
            sum(&|i| (w[i] * s[i]).powi(2)) - 2.0 * sum(&|i| w[i].powi(3) * s[i].powi(2)) / w1 + (c / w1).powi(2);
        let pusp = sum(&|i| pu[i] * pu[i] * s[i]);
        // R = x/√W₁, so that x² = R² W₁.
        Self {
            variance_r: c / w1,
            mean: trace - upu / c,
            mean_slope: upu * w1 / (c * c),
            variance: 2.0 * (trace_square - 2.0 * pusp / c + (upu / c).powi(2)),
            variance_slope: 4.0 * (pusp - upu * upu / c) * w1 / (c * c),
        }
    }

    /// P(Q ≤ q | R = r), by the gamma distribution with the same moments.
    fn cdf(&self, q: f64, r: f64) -> f64 {
        let mean = self.mean + self.mean_slope * r * r;
        let variance = self.variance + self.variance_slope * r * r;
        chi_squared_cdf(2.0 * q * mean / variance, 2.0 * mean * mean / variance)
    }
}

/// The interval of Henmi and Copas: the weights of the common effect with a variance that allows for heterogeneity.
///
/// Source: Henmi & Copas (2010), Stat Med 29:2969, section 3.
///
/// # Errors
/// If there are moderators or fewer than two studies.
#[doc(alias = "hc")]
pub fn henmi_copas(problem: &Problem, level: f64) -> Result<HenmiCopas, MetaError> {
    possible_level(level)?;
    without_moderators(problem, "the method of Henmi and Copas")?;
    if problem.k() < 2 {
        return Err(MetaError::TooFewStudies {
            needed: 2,
            found: problem.k(),
            what: "the method of Henmi and Copas needs at least two studies",
        });
    }
    let sum = |f: &dyn Fn(usize) -> f64| (0..problem.k()).map(f).sum::<f64>();
    let (yi, vi) = (&problem.yi, &problem.vi);
    let w1 = sum(&|i| 1.0 / vi[i]);
    let w2 = sum(&|i| 1.0 / (vi[i] * vi[i])) / w1;
    let estimate = sum(&|i| yi[i] / vi[i]) / w1;
    let q = sum(&|i| (yi[i] - estimate).powi(2) / vi[i]);
    let df = problem.k() as f64 - 1.0;
    let tau2 = ((q - df) / (w1 - w2)).max(0.0);
    let se = ((tau2 * w2 + 1.0) / w1).sqrt();
    let moments = Moments::new(vi, tau2);
    let sd = moments.variance_r.sqrt();
    // R exceeds t √(1 + τ̂²W₂) with τ̂² from Q: where r > t, Q must be below this.
    let exceeded = |t: f64| {
        let bound = |r: f64| df + (w1 - w2) / w2 * ((r / t).powi(2) - 1.0);
        let integrand = |r: f64| [moments.cdf(bound(r), r) * normal_density(r / sd) / sd];
        let breaks: Vec<f64> = (0..=40).map(|panel| t + f64::from(panel) * 0.3 * sd).collect();
        let [integral] = over_panels(integrand, &breaks);
        integral
    };
    let target = 0.5 * (1.0 - level);
    let quantile = brent(|t| exceeded(t) - target, 1e-3, 100.0, 1e-12)
        .map_err(MetaError::of_root("the interval of Henmi and Copas"))?;
    let half = quantile * se;
    Ok(HenmiCopas { estimate, se, ci: Interval::around(estimate, half), tau2 })
}
