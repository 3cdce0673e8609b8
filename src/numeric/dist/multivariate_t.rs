//! The largest of several correlated t statistics.

use super::LARGE_DF;
use super::normal::normal_sf;
use super::normal_box::NormalBox;
use super::studentized_range::{over_root, where_it_falls_to_zero};
use crate::numeric::matrix::Matrix;

/// How likely the largest of several correlated normal or t statistics is far from 0, as it is needed for the tests of
/// several linear functions of one model.
///
/// The probability G(x) that one of the normal values is beyond ±x is computed at the nodes of a polynomial, over
/// Šidák's probability of independent values; with degrees of freedom, the mean of G over √(χ²/df) is one integral
/// more. Where the correlations are products λᵢλⱼ, as those of comparisons of independent means with one reference, G
/// is one integral that is exact to some 1e-10; otherwise it is integrated over a shifted lattice, to about 1e-4 of
/// itself.
///
/// Source: Dunnett (1955), J Am Stat Assoc 50:1096; Genz & Bretz (2009), Computation of Multivariate Normal and t
/// Probabilities.
///
/// ```
/// use reffect::numeric::dist::LargestOf;
/// use reffect::numeric::matrix::Matrix;
/// // Dunnett (1955), table 2a, and (1964), Biometrics 20:482: three treatments and a control, 20 df.
/// let correlation = Matrix::from_fn(3, 3, |i, j| if i == j { 1.0 } else { 0.5 });
/// let largest = LargestOf::new(&correlation).ok_or("correlations")?;
/// assert!((largest.critical(0.95, 20.0) - 2.54).abs() < 0.005);
/// assert!((largest.sf(largest.critical(0.95, 20.0), 20.0) - 0.05).abs() < 1e-10);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug)]
pub struct LargestOf {
    count: f64,
    /// G over Šidák's probability at the nodes of the polynomial.
    ratios: Vec<f64>,
    error: f64,
}

/// Beyond this the ratio to Šidák's probability stays what it is.
const FAR: f64 = 9.0;

/// The nodes of the polynomial where each takes a lattice, and where each is one integral.
const NODES: [usize; 2] = [32, 64];

impl LargestOf {
    /// Of a matrix of correlations; none where it is not one, because an entry off the diagonal is beyond ±1 or no
    /// number, and where there are more than fifty statistics whose correlations are no products.
    pub fn new(correlation: &Matrix) -> Option<Self> {
        let k = correlation.rows();
        let is_one = |(i, j): (usize, usize)| correlation[(i, j)].abs() <= 1.0 + 1e-9;
        let is_correlation = k > 0 && (0..k).flat_map(|i| (0..k).map(move |j| (i, j))).all(is_one);
        if !is_correlation {
            return None;
        }
        let exact = Matrix::from_fn(k, k, |i, j| if i == j { 1.0 } else { correlation[(i, j)].clamp(-1.0, 1.0) });
        let count = k as f64;
        let normal = NormalBox::new(&exact)?;
        let nodes = NODES[usize::from(normal.is_exact())];
        let limits: Vec<f64> = (0..nodes).map(|at| node(at, nodes)).collect();
        let (values, error) = normal.beyond(&limits);
        let ratios = limits.iter().zip(values).map(|(x, value)| value / independent(*x, count)).collect();
        Some(Self { count, ratios, error })
    }

    /// The probability that the largest of the statistics, without their signs, is above `t`, with `df` degrees of
    /// freedom (infinity for normal values); NaN where `t` or `df` is no number, or `df` is not above 0.
    pub fn sf(&self, t: f64, df: f64) -> f64 {
        if t.is_nan() || df.is_nan() || df <= 0.0 {
            return f64::NAN;
        }
        let t = t.abs();
        let all = if df >= LARGE_DF.sqrt() { self.beyond(t) } else { over_root(df, |root| self.beyond(t * root)) };
        all.clamp(0.0, 1.0)
    }

    /// The value that all statistics lie within, without their signs, with probability `level`; NaN where there is
    /// none.
    pub fn critical(&self, level: f64, df: f64) -> f64 {
        let p = 1.0 - level;
        if !(p > 0.0 && p < 1.0) || self.sf(1.0, df).is_nan() {
            return f64::NAN;
        }
        let over = |t: f64| self.sf(t, df).ln() - p.ln();
        where_it_falls_to_zero(over)
    }

    /// The relative standard error of the probabilities, as the shifts of the lattice differ; 0 where they are exact
    /// but for rounding.
    pub fn error(&self) -> f64 {
        self.error
    }

    /// G(x).
    fn beyond(&self, x: f64) -> f64 {
        (self.ratio(x.min(FAR)) * independent(x, self.count)).min(1.0)
    }

    /// The polynomial through the ratios, by the barycentric formula for Chebyshev's points of the second kind.
    ///
    /// Source: Berrut & Trefethen (2004), SIAM Rev 46:501, equation 5.4.
    fn ratio(&self, x: f64) -> f64 {
        let (mut above, mut below) = (0.0, 0.0);
        for (at, value) in self.ratios.iter().enumerate() {
            let distance = x - node(at, self.ratios.len());
            if distance == 0.0 {
                return *value;
            }
            let half = if at == 0 || at + 1 == self.ratios.len() { 0.5 } else { 1.0 };
            let weight = if at % 2 == 0 { half } else { -half } / distance;
            above += weight * value;
            below += weight;
        }
        above / below
    }
}

/// A node of so many between 0 and the far end.
fn node(at: usize, of: usize) -> f64 {
    0.5 * FAR * (1.0 - (std::f64::consts::PI * at as f64 / (of - 1) as f64).cos())
}

/// Šidák's probability that one of so many independent normal values is beyond ±x.
fn independent(x: f64, count: f64) -> f64 {
    -(count * (-2.0 * normal_sf(x)).ln_1p()).exp_m1()
}
