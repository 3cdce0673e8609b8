//! Rising factorials and the sums that are their derivatives.

/// Below this many factors they are taken one by one.
const FEW: f64 = 40.0;

/// ln Γ(k + y)/Γ(k) − y ln k = Σ ln(1 + j/k) over j = 0 … y − 1, for a whole y: what stays where k grows.
pub(super) fn log_rise_ratio(y: f64, k: f64) -> f64 {
    if y < FEW {
        return log_of_product(y as u32, k);
    }
    let lead = log_of_product(20, k);
    // From k + 20 on Stirling's series has all digits.
    let (a, b, n) = (k + 20.0, k + y, y - 20.0);
    let rest = |x: f64| {
        let u = 1.0 / (x * x);
        (1.0 / 12.0 + u * (-1.0 / 360.0 + u * (1.0 / 1260.0 - u / 1680.0))) / x
    };
    // (b − ½) ln b − (a − ½) ln a − n − n ln k, without the loss of digits where k is large
    lead + (a - 0.5) * (n / a).ln_1p() + n * ((y / k).ln_1p() - 1.0) + rest(b) - rest(a)
}

/// Σ ln(1 + j/k) over j = 0 … count − 1, with as few logarithms as the range of numbers allows.
fn log_of_product(count: u32, k: f64) -> f64 {
    // Where every factor is 1 but for rounding, the sum of what is beyond 1.
    let last = f64::from(count.max(1) - 1);
    if last <= 1e-4 * k {
        let term = |j: u32| (f64::from(j) / k).ln_1p();
        return if last <= 1e-9 * k { 0.5 * f64::from(count) * last / k } else { (0..count).map(term).sum() };
    }
    let (mut sum, mut product) = (0.0, 1.0);
    for j in 1..count {
        product *= 1.0 + f64::from(j) / k;
        if product > 1e150 {
            sum += f64::ln(product);
            product = 1.0;
        }
    }
    sum + product.ln()
}

/// Σ 1/(k + j), Σ 1/(k + j)² and Σ 1/(k + j)³ over j = 0 … y − 1: differences of the digamma function and
/// its derivatives.
///
/// Source: Abramowitz & Stegun (1964), eqs. 6.3.18, 6.4.12 and 6.4.13 for the asymptotic series.
pub(super) fn power_sums(y: f64, k: f64) -> [f64; 3] {
    let few = if y < FEW { y as u32 } else { 20 };
    let mut sums = [0.0; 3];
    for j in 0..few {
        let x = 1.0 / (k + f64::from(j));
        sums[0] += x;
        sums[1] += x * x;
        sums[2] += x * x * x;
    }
    if y < FEW {
        return sums;
    }
    let (a, b) = (k + 20.0, k + y);
    let one = |x: f64| {
        let u = 1.0 / (x * x);
        -0.5 / x - u * (1.0 / 12.0 - u * (1.0 / 120.0 - u * (1.0 / 252.0 - u / 240.0)))
    };
    let two = |x: f64| {
        let u = 1.0 / (x * x);
        1.0 / x + 0.5 * u + u / x * (1.0 / 6.0 - u * (1.0 / 30.0 - u * (1.0 / 42.0 - u / 30.0)))
    };
    let three = |x: f64| {
        let u = 1.0 / (x * x);
        0.5 * u + 0.5 * u / x + u * u * (0.25 - u * (1.0 / 12.0 - u * (1.0 / 12.0 - u * 0.15)))
    };
    [sums[0] + ((b - a) / a).ln_1p() + one(b) - one(a), sums[1] + two(a) - two(b), sums[2] + three(a) - three(b)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_a_rise_over_the_power_of_a_large_number() {
        for (y, k) in [(3.0, 1e5), (30.0, 1e6), (3000.0, 1e10), (3000.0, 1e14), (7.0, 1e200)] {
            let exact = 0.5 * y * (y - 1.0) / k;
            let found = log_rise_ratio(y, k);
            assert!((found - exact).abs() < 1e-3 * exact + 1e-11, "{y} {k}: {found} {exact}");
        }
    }

    #[test]
    fn the_series_continue_the_sums() {
        for k in [1e-3, 0.5, 3.0, 80.0, 1e5] {
            for y in [40.0, 75.0, 900.0] {
                let all = |power: i32| (0..y as u32).map(|j| (k + f64::from(j)).powi(-power)).sum::<f64>();
                let found = power_sums(y, k);
                for (power, found) in (1..).zip(found) {
                    assert!((found / all(power) - 1.0).abs() < 1e-12, "{k} {y} {power}: {found} {}", all(power));
                }
                let exact: f64 = (0..y as u32).map(|j| (k + f64::from(j)).ln()).sum();
                let found = log_rise_ratio(y, k) + y * k.ln();
                assert!((found - exact).abs() < 1e-12 * exact.abs(), "{k} {y}");
            }
        }
    }
}
