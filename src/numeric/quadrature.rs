//! Numerical integration over an interval.

/// The positive nodes of the Gauss–Legendre rule with 20 points on −1 to 1, and their weights.
/// They are the zeros of the Legendre polynomial P₂₀ and 2/((1 − x²) P₂₀′(x)²); Abramowitz & Stegun
/// (1964), eq. 25.4.29 and table 25.4.
const NODES: [(f64, f64); 10] = [
    (0.993_128_599_185_094_9, 0.017614007139152118),
    (0.963_971_927_277_913_8, 0.040_601_429_800_386_94),
    (0.912_234_428_251_326, 0.062_672_048_334_109_07),
    (0.839_116_971_822_218_8, 0.083_276_741_576_704_75),
    (0.746_331_906_460_150_8, 0.10193011981724044),
    (0.636_053_680_726_515, 0.11819453196151842),
    (0.5108670019508271, 0.13168863844917663),
    (0.37370608871541956, 0.14209610931838205),
    (0.22778585114164508, 0.14917298647260375),
    (0.076_526_521_133_497_34, 0.15275338713072585),
];

/// The integrals of several functions from `a` to `b`, computed together, by the Gauss–Legendre rule
/// with 20 points, exact for polynomials up to degree 39.
///
/// ```
/// use reffect::numeric::quadrature::gauss_legendre;
/// let [integral] = gauss_legendre(|x| [x.exp()], 0.0, 1.0);
/// assert!((integral - (1f64.exp() - 1.0)).abs() < 1e-15);
/// ```
pub fn gauss_legendre<const N: usize>(f: impl Fn(f64) -> [f64; N], a: f64, b: f64) -> [f64; N] {
    let (middle, half) = (0.5 * (a + b), 0.5 * (b - a));
    let mut sums = [0.0; N];
    for (x, weight) in NODES {
        let (left, right) = (f(middle - half * x), f(middle + half * x));
        for (sum, (left, right)) in sums.iter_mut().zip(left.into_iter().zip(right)) {
            *sum += weight * (left + right);
        }
    }
    sums.map(|sum| half * sum)
}

/// The nodes of the same rule between `a` and `b`, with their weights.
///
/// ```
/// use reffect::numeric::quadrature::legendre_nodes;
/// let third: f64 = legendre_nodes(0.0, 1.0).into_iter().map(|(x, weight)| weight * x * x).sum();
/// assert!((third - 1.0 / 3.0).abs() < 1e-15);
/// ```
pub fn legendre_nodes(a: f64, b: f64) -> Vec<(f64, f64)> {
    let (middle, half) = (0.5 * (a + b), 0.5 * (b - a));
    NODES
        .iter()
        .flat_map(|(x, weight)| [(middle - half * x, half * weight), (middle + half * x, half * weight)])
        .collect()
}

/// The integrals over the panels between neighbouring break points, which must be sorted.
pub fn over_panels<const N: usize>(f: impl Fn(f64) -> [f64; N], breaks: &[f64]) -> [f64; N] {
    let mut sums = [0.0; N];
    for panel in breaks.windows(2).filter(|panel| panel[1] > panel[0]) {
        for (sum, part) in sums.iter_mut().zip(gauss_legendre(&f, panel[0], panel[1])) {
            *sum += part;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_are_integrated_exactly() {
        for degree in 0..40 {
            let exact = 2f64.powi(degree + 1) / f64::from(degree + 1);
            let [integral] = gauss_legendre(|x| [x.powi(degree)], 0.0, 2.0);
            assert!((integral / exact - 1.0).abs() < 1e-13, "degree {degree}: {integral} for {exact}");
        }
    }
}
