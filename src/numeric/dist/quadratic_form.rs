//! Quadratic forms of normal variables: sums Σ λᵢ χ²₁ with weights λᵢ > 0.

use std::f64::consts::PI;
use std::ops::{Add, Mul, Sub};

/// A complex number: what the transforms of these distributions need, and no more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    /// The real part.
    pub re: f64,
    /// The imaginary part.
    pub im: f64,
}

impl Complex {
    /// A real number.
    pub fn real(re: f64) -> Self {
        Self { re, im: 0.0 }
    }

    /// 1/z.
    pub fn inverse(self) -> Self {
        let square = self.re * self.re + self.im * self.im;
        Self { re: self.re / square, im: -self.im / square }
    }

    /// The principal logarithm.
    pub fn ln(self) -> Self {
        Self { re: self.re.hypot(self.im).ln(), im: self.im.atan2(self.re) }
    }

    /// e^z.
    pub fn exp(self) -> Self {
        let length = self.re.exp();
        Self { re: length * self.im.cos(), im: length * self.im.sin() }
    }

    /// z times a real number.
    pub fn scaled(self, by: f64) -> Self {
        Self { re: by * self.re, im: by * self.im }
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }
}

impl Sub for Complex {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }
}

/// The sum of the principal logarithms of complex numbers that are positive or have a positive imaginary part, with one
/// logarithm: each turns their product on by less than half a turn, and whole turns are counted.
#[derive(Clone, Copy, Debug)]
pub struct LogOfProduct {
    product: Complex,
    turns: u32,
    /// The logarithm of what was taken out of the product.
    taken: f64,
}

impl Default for LogOfProduct {
    fn default() -> Self {
        Self { product: Complex::real(1.0), turns: 0, taken: 0.0 }
    }
}

impl LogOfProduct {
    /// One more number.
    pub fn times(&mut self, factor: Complex) {
        let was_below = self.product.im < 0.0;
        self.product = self.product * factor;
        self.turns += u32::from(was_below && self.product.im >= 0.0);
        let size = self.product.re.abs().max(self.product.im.abs());
        if !(1e-100..=1e100).contains(&size) {
            self.product = self.product.scaled(1.0 / size);
            self.taken += size.ln();
        }
    }

    /// The sum of the logarithms.
    pub fn ln(self) -> Complex {
        let of = self.product.ln();
        let turns = f64::from(self.turns) + if self.product.im < 0.0 { 1.0 } else { 0.0 };
        Complex { re: of.re + self.taken, im: of.im + 2.0 * PI * turns }
    }
}

/// P(Q ≤ q) from ln E e^(−sQ), which must be analytic except on the negative real axis, as it is for every
/// Σ λᵢ χ² with λᵢ > 0: minus ½ Σ ln(1 + 2 λᵢ s).
///
/// The integral (2πi)⁻¹ ∫ e^(sq) E e^(−sQ)/s ds is taken by the trapezoidal rule along a parabola through the
/// saddle point on the positive axis that opens to the left, where the integrand falls like that of a normal
/// distribution or faster: 1e-12 with some hundred points, however few or many terms there are.
///
/// Sources: Rice (1980), SIAM J Sci Stat Comput 1:438, on saddle points for quadratic forms; Weideman &
/// Trefethen (2007), Math Comp 76:1341, on parabolas.
///
/// ```
/// use reffect::numeric::dist::{Complex, quadratic_form_cdf};
/// // χ² with 2 degrees of freedom is exponential: 1 − e^(−q/2).
/// let transform = |s: Complex| (Complex::real(1.0) + s.scaled(2.0)).ln().scaled(-1.0);
/// assert!((quadratic_form_cdf(3.0, transform) - (1.0 - (-1.5f64).exp())).abs() < 1e-12);
/// ```
pub fn quadratic_form_cdf(q: f64, log_transform: impl Fn(Complex) -> Complex) -> f64 {
    if q.is_nan() || q <= 0.0 {
        return if q.is_nan() { f64::NAN } else { 0.0 };
    }
    let exponent = |s: Complex| s.scaled(q) + log_transform(s) - s.ln();
    let on_axis = |log_s: f64| exponent(Complex::real(log_s.exp())).re;
    let centre = saddle(on_axis, -q.ln());
    // Second and third derivatives in s at the saddle point; the contour need not be exact.
    let step = 1e-2 * centre;
    let at = |shift: f64| exponent(Complex::real(centre + shift * step)).re;
    let second = ((at(1.0) - 2.0 * at(0.0) + at(-1.0)) / (step * step)).max(1e-3 / (centre * centre));
    let third = (at(2.0) - 2.0 * at(1.0) + 2.0 * at(-1.0) - at(-2.0)) / (2.0 * step.powi(3));
    let width = 1.0 / second.sqrt();
    let peak = at(0.0);
    let mut bend = (-third / (6.0 * second * second)).clamp(0.02 * width, 0.5 * centre);
    // With many terms the parabola of the saddle point leads astray further out, and a straighter one does not.
    for _ in 0..40 {
        let integrand = |u: f64| {
            let s = Complex { re: centre - bend * u * u, im: width * u };
            // ds/du over i.
            let along = Complex { re: width, im: 2.0 * bend * u };
            ((exponent(s) - Complex::real(peak)).exp() * along).re
        };
        if let Some(sum) = half_line(integrand, |u| 1.5 * (width + 2.0 * bend * u)) {
            return (sum * peak.exp() / PI).clamp(0.0, 1.0);
        }
        bend *= 0.5;
    }
    f64::NAN
}

/// The integral from 0 on by the trapezoidal rule; none where the integrand exceeds a bound, or does not fall.
fn half_line(integrand: impl Fn(f64) -> f64, bound: impl Fn(f64) -> f64) -> Option<f64> {
    const STEP: f64 = 0.1;
    let mut sum = 0.5 * integrand(0.0);
    let mut small = 0;
    for point in 1..4000 {
        let u = STEP * f64::from(point);
        let value = integrand(u);
        if value.is_nan() || value.abs() > bound(u) {
            return None;
        }
        sum += value;
        small = if value.abs() < 1e-17 * sum.abs() { small + 1 } else { 0 };
        if small > 10 {
            return Some(STEP * sum);
        }
    }
    None
}

/// Where a convex function of ln s is least, to about 1e-4.
fn saddle(f: impl Fn(f64) -> f64, start: f64) -> f64 {
    let (mut low, mut middle, mut high) = (start - 1.0, start, start + 1.0);
    for _ in 0..200 {
        if f(low) < f(middle) {
            (low, middle, high) = (2.0 * low - middle, low, middle);
        } else if f(high) < f(middle) {
            (low, middle, high) = (middle, high, 2.0 * high - middle);
        } else {
            break;
        }
    }
    const GOLDEN: f64 = 0.381_966_011_250_105_1;
    while high - low > 1e-4 {
        let is_left = middle - low > high - middle;
        let tried = if is_left { middle - GOLDEN * (middle - low) } else { middle + GOLDEN * (high - middle) };
        match (f(tried) < f(middle), is_left) {
            (true, true) => (middle, high) = (tried, middle),
            (true, false) => (low, middle) = (middle, tried),
            (false, true) => low = tried,
            (false, false) => high = tried,
        }
    }
    middle.exp()
}

#[cfg(test)]
mod tests {
    use super::super::{chi_squared_cdf, normal_cdf};
    use super::*;

    fn of_weights(q: f64, weights: &[f64]) -> f64 {
        let transform = |s: Complex| {
            let one = |w: &f64| (Complex::real(1.0) + s.scaled(2.0 * w)).ln().scaled(-0.5);
            weights.iter().map(one).fold(Complex::real(0.0), |a, b| a + b)
        };
        quadratic_form_cdf(q, transform)
    }

    /// Many factors turn the product round 0 many times, and their size leaves what a double holds.
    #[test]
    fn the_logarithm_of_a_product_is_the_sum_of_logarithms() {
        for (re, im) in [(1.0, 0.0), (0.3, 2.0), (-0.4, 1e-3), (-7.0, 5.0), (1e30, 1e31)] {
            let (mut product, mut sum) = (LogOfProduct::default(), Complex::real(0.0));
            for at in 0..500 {
                let factor = Complex { re: re + 1e-3 * f64::from(at % 9), im: im * (1.0 + 0.1 * f64::from(at % 7)) };
                product.times(factor);
                sum = sum + factor.ln();
            }
            let apart = product.ln() - sum;
            let size = sum.re.abs().max(sum.im.abs()).max(1.0);
            assert!(apart.re.abs().max(apart.im.abs()) < 1e-12 * size, "{re} {im}: {:?} {sum:?}", product.ln());
        }
    }

    #[test]
    fn equal_weights_give_chi_squared() {
        for df in [1usize, 2, 3, 7, 20, 100, 2000] {
            for p in [0.01, 0.3, 0.9, 1.0, 1.2, 2.0, 5.0] {
                let q = p * df as f64;
                let (found, expected) = (of_weights(q * 0.7, &vec![0.7; df]), chi_squared_cdf(q, df as f64));
                assert!((found - expected).abs() < 1e-11, "{df} {q}: {found} {expected}");
            }
        }
    }

    /// Pairs of equal weights make exponential variables, whose sum has a cdf in closed form.
    #[test]
    fn pairs_of_weights_give_hypoexponential_variables() {
        let weights: [f64; 4] = [3.0, 1.0, 0.2, 0.01];
        let doubled: Vec<f64> = weights.iter().flat_map(|w| [*w, *w]).collect();
        for q in [0.05, 0.5, 2.0, 8.0, 30.0, 80.0] {
            let term = |i: usize| {
                let others = (0..4).filter(|j| *j != i);
                let share: f64 = others.map(|j| weights[i] / (weights[i] - weights[j])).product();
                share * (-q / (2.0 * weights[i])).exp()
            };
            let expected = 1.0 - (0..4).map(term).sum::<f64>();
            let found = of_weights(q, &doubled);
            assert!((found - expected).abs() < 1e-11, "{q}: {found} {expected}");
        }
    }

    /// Imhof (1961), Biometrika 48:419, table 1: forms with weights 0.6, 0.3, 0.1, single and repeated.
    #[test]
    fn published_probabilities_are_reproduced() {
        let weights = |h: [usize; 3]| -> Vec<f64> {
            [0.6, 0.3, 0.1].iter().zip(h).flat_map(|(w, count)| vec![*w; count]).collect()
        };
        for (h, q, above) in [
            ([1, 1, 1], 0.1, 0.9458),
            ([1, 1, 1], 0.7, 0.5064),
            ([1, 1, 1], 2.0, 0.1240),
            ([2, 2, 2], 0.2, 0.9936),
            ([2, 2, 2], 2.0, 0.3998),
            ([2, 2, 2], 6.0, 0.0161),
        ] {
            let found = 1.0 - of_weights(q, &weights(h));
            assert!((found - above).abs() < 6e-5, "{h:?} {q}: {found} {above}");
        }
        assert!((of_weights(5.0, &[5.0]) - (2.0 * normal_cdf(1.0) - 1.0)).abs() < 1e-12);
    }
}
