//! Means and SDs where a power of the data is taken for normal (Box & Cox 1964).

use super::quantiles::{FiveNumbers, FromQuantiles};
use crate::diagnostic::Refused;
use crate::numeric::dist::{normal_cdf, normal_density, normal_sf};
use crate::numeric::format::fixed;
use crate::numeric::golden::minimum_between;
use crate::numeric::minimum::{gradient, minimise};
use crate::numeric::quadrature::over_panels;
use crate::numeric::roots::brent;

/// Where the power of the method for unknown distributions is looked for.
const GREATEST_POWER: f64 = 10.0;

/// Data that are normal after a power beyond this would be stranger than any that are reported. A convention.
const UNUSUAL_POWER: f64 = 3.0;

/// A share by which mean or SD differ notably in another unit. A convention.
const NOTABLE_SHARE: f64 = 0.05;

/// Box and Cox's transformation: (x^λ − 1)/λ, or ln x at 0.
fn transformed(x: f64, lambda: f64) -> f64 {
    if lambda == 0.0 { x.ln() } else { (lambda * x.ln()).exp_m1() / lambda }
}

impl FiveNumbers {
    /// Mean and SD by the Box–Cox method: the power λ between 0 and 3 that makes the transformed
    /// numbers as symmetric as can be, mean and SD on that scale by Luo et al. (2018) and Wan et al.
    /// (2014), and the moments of the data by numerical integration over the values that have a
    /// transform and their mirror images.
    ///
    /// Source: McGrath et al. (2020), Stat Methods Med Res 29:2520, section 3.2; their program draws
    /// random numbers in place of the integral, unless it is asked not to.
    ///
    /// # Errors
    /// If the median is missing, a number is not above 0, two are the same, or n is below 5.
    ///
    /// ```
    /// use reffect::recover::FiveNumbers;
    /// let reported = FiveNumbers { q1: Some(4.0), median: Some(9.0), q3: Some(16.0), n: 80.0, ..FiveNumbers::default() };
    /// // Square roots of 4, 9 and 16 are symmetric.
    /// assert_eq!(reported.by_box_cox()?.notes, ["Box–Cox power λ = 0.500"]);
    /// # Ok::<(), reffect::diagnostic::Refused>(())
    /// ```
    pub fn by_box_cox(&self) -> Result<FromQuantiles, Refused> {
        let (unit, there) = self.in_units_of_median()?;
        let values = there.positive()?;
        let lambda = symmetric_power(&values);
        let normal = there.on_power_scale(lambda)?;
        Ok(normal.back(lambda, "McGrath 2020, Box–Cox method")?.in_units_of(unit))
    }

    /// Mean and SD by the method for unknown non-normal distributions: the power λ between 0 and 10 at
    /// which the order statistics are likeliest, with mean and SD of the transformed data by Luo et
    /// al. (2018) and Wan et al. (2014); then their likeliest mean and SD at that power; and the
    /// moments of the data by numerical integration.
    ///
    /// Source: Cai, Zhou & Pan (2021), Stat Methods Med Res 30:2701, as in their program: the
    /// likelihood of λ is that of the transformed numbers, without the Jacobian of the
    /// transformation, so that the result depends on the unit; the program draws random numbers in
    /// place of the integral.
    ///
    /// # Errors
    /// As [`FiveNumbers::by_box_cox`].
    pub fn by_unknown_distribution(&self) -> Result<FromQuantiles, Refused> {
        let (unit, there) = self.in_units_of_median()?;
        let (lambda, found) = there.likeliest_in(unit)?;
        // The median is a unit that every choice of another one leaves alone.
        let differs = |one: f64, other: f64| (one - other).abs() > NOTABLE_SHARE * other.abs();
        let depends = match there.likeliest_in(1.0) {
            Ok((_, other)) => {
                differs(found.sd, other.sd) || found.mean.zip(other.mean).is_none_or(|(a, b)| differs(a, b))
            }
            Err(_) => true,
        };
        let mut found = found.in_units_of(unit);
        if depends {
            let told = "the power depends on the unit: in another one the mean or SD differs by more than 5 %; \
                        compare --method qe and bc";
            found.notes.push(told.to_owned());
        } else if lambda > UNUSUAL_POWER {
            found.notes.push("an unusually high power: compare --method qe and bc".to_owned());
        }
        Ok(found)
    }

    /// The power that is likeliest where the numbers, which are in units of the median, are told in units of 1/`unit`
    /// of it, and mean and SD at that power in units of the median.
    fn likeliest_in(&self, unit: f64) -> Result<(f64, FromQuantiles), Refused> {
        let values = self.positive()?;
        // The SD of the transformed numbers is unit^λ times the one in units of the median.
        let jacobian = |lambda: f64| values.len() as f64 * lambda * unit.ln();
        let loss = |lambda: f64| match self.on_power_scale(lambda) {
            Ok(normal) => jacobian(lambda) - self.log_likelihood(&values, lambda, normal),
            Err(_) => f64::INFINITY,
        };
        let lambda = minimum_between(loss, 0.0, GREATEST_POWER);
        let start = self.on_power_scale(lambda)?;
        let at = |x: &[f64]| Normal { mean: start.mean + start.sd * x[0], sd: start.sd * x[1].exp() };
        let loss = |x: &[f64]| -self.log_likelihood(&values, lambda, at(x));
        let likeliest = minimise(loss, |x| gradient(loss, x), vec![0.0, 0.0]);
        Ok((lambda, at(&likeliest.at).back(lambda, "Cai 2021, method for unknown non-normal distributions")?))
    }

    /// The median, and the numbers over it: powers of numbers far from 1 would cancel all digits.
    fn in_units_of_median(&self) -> Result<(f64, Self), Refused> {
        self.positive()?;
        let unit = self.median.ok_or("missing: median")?;
        let over = |value: Option<f64>| value.map(|value| value / unit);
        let [min, q1, median, q3, max] = [self.min, self.q1, self.median, self.q3, self.max].map(over);
        Ok((unit, Self { min, q1, median, q3, max, n: self.n }))
    }

    fn positive(&self) -> Result<Vec<f64>, Refused> {
        let values = self.with_median()?;
        if values[0] <= 0.0 {
            return Err(
                format!("{} is not above 0: powers of data need positive numbers (--method qe)", values[0]).into()
            );
        }
        match values.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("{} stands for two quantiles: a power needs different ones", pair[0]).into()),
            None => Ok(values),
        }
    }

    /// Mean and SD of the transformed data: Luo et al. (2018), eq. 7, 11 and 15; Wan et al. (2014),
    /// eq. 9, 16 and 12.
    fn on_power_scale(&self, lambda: f64) -> Result<Normal, Refused> {
        let power = |value: Option<f64>| value.map(|value| transformed(value, lambda));
        let [min, q1, median, q3, max] = [self.min, self.q1, self.median, self.q3, self.max].map(power);
        let there = FiveNumbers { min, q1, median, q3, max, n: self.n };
        let estimated = there.mean_and_sd()?;
        let sd = match (there.range(), there.quartiles()) {
            (Some((min, max)), Some((q1, q3))) => {
                let (extreme, quartile) = self.scores();
                (max - min) / (4.0 * extreme) + (q3 - q1) / (4.0 * quartile)
            }
            _ => estimated.sd,
        };
        Ok(Normal { mean: estimated.mean.ok_or("missing: median")?, sd })
    }

    /// The log-likelihood of order statistics of a normal sample: densities at those that were
    /// reported, and between them as many members as stand there. Cai et al. (2021), section 2.
    fn log_likelihood(&self, values: &[f64], lambda: f64, normal: Normal) -> f64 {
        let n = self.n;
        let [h, j, k] = [0.25, 0.5, 0.75].map(|p| (p * n + 1.0).floor());
        // How many lie below the first, between neighbours, and above the last.
        let counts = match (self.range(), self.quartiles()) {
            (Some(_), Some(_)) => vec![0.0, h - 2.0, j - h - 1.0, k - j - 1.0, n - k - 1.0, 0.0],
            (Some(_), None) => vec![0.0, j - 2.0, n - j - 1.0, 0.0],
            _ => vec![h - 1.0, j - h - 1.0, k - j - 1.0, n - k],
        };
        let z: Vec<f64> = values.iter().map(|x| (transformed(*x, lambda) - normal.mean) / normal.sd).collect();
        let densities: f64 = z.iter().map(|z| -0.5 * z * z - normal.sd.ln()).sum();
        let bounds = [&[f64::NEG_INFINITY], z.as_slice(), &[f64::INFINITY]].concat();
        let between = |(count, ends): (&f64, &[f64])| {
            // Where nobody stands, nothing is asked of the gap.
            if *count == 0.0 { 0.0 } else { count * probability(ends[0], ends[1]).ln() }
        };
        densities + counts.iter().zip(bounds.windows(2)).map(between).sum::<f64>()
    }
}

/// The probability of a normal score between two, from the tail that keeps its digits.
fn probability(a: f64, b: f64) -> f64 {
    if a > 0.0 { normal_sf(a) - normal_sf(b) } else { normal_cdf(b) - normal_cdf(a) }
}

/// The power from 0 to 3 at which the outer numbers lie symmetrically about the median.
fn symmetric_power(values: &[f64]) -> f64 {
    // The upper distance over the lower one; it grows with the power.
    let ratio = |low: f64, middle: f64, high: f64, lambda: f64| {
        let [low, middle, high] = [low, middle, high].map(|x| transformed(x / values[0], lambda));
        (high - middle) / (middle - low)
    };
    match *values {
        [low, middle, high] => {
            let excess = |lambda: f64| ratio(low, middle, high, lambda) - 1.0;
            if excess(0.0) >= 0.0 { 0.0 } else { brent(excess, 0.0, 3.0, 1e-14).unwrap_or(3.0) }
        }
        [min, q1, median, q3, max] => {
            let loss = |lambda: f64| {
                let inner = ratio(q1, median, q3, lambda) - 1.0;
                let outer = ratio(min, median, max, lambda) - 1.0;
                inner * inner + outer * outer
            };
            minimum_between(loss, -2.0, 3.0).max(0.0)
        }
        // There are three numbers or five.
        _ => 0.0,
    }
}

/// Mean and SD of the transformed data.
#[derive(Clone, Copy)]
struct Normal {
    mean: f64,
    sd: f64,
}

impl FromQuantiles {
    /// The same of numbers that were divided by a unit before.
    fn in_units_of(self, unit: f64) -> Self {
        Self { mean: self.mean.map(|mean| unit * mean), sd: unit * self.sd, ..self }
    }
}

impl Normal {
    /// Mean and SD of the data.
    fn back(self, lambda: f64, method: &'static str) -> Result<FromQuantiles, Refused> {
        let (mean, sd) = self.moments(lambda);
        if !(mean.is_finite() && sd.is_finite() && sd > 0.0) {
            return Err(format!("{method}: no mean and SD belong to the power λ = {}", fixed(lambda, 3)).into());
        }
        let notes = vec![format!("Box–Cox power λ = {}", fixed(lambda, 3))];
        Ok(FromQuantiles { mean: Some(mean), sd, method, notes })
    }

    fn moments(self, lambda: f64) -> (f64, f64) {
        if lambda < 1e-8 {
            let mean = (self.mean + 0.5 * self.sd * self.sd).exp();
            return (mean, mean * (self.sd * self.sd).exp_m1().sqrt());
        }
        // With z the normal score, data are (λσ(z + Z))^(1/λ): scores from −Z to Z count.
        let farthest = (self.mean + 1.0 / lambda) / self.sd;
        let unit = ((lambda * self.sd * farthest).ln() / lambda).exp();
        let relative = |z: f64| ((z / farthest).ln_1p() / lambda).exp();
        // Beyond this no score matters, also after weighting with the square of the data.
        let reach = farthest.min(14.0 + 4.0 / (lambda * farthest));
        let moments = |f: &dyn Fn(f64) -> f64| {
            // z = −reach + 2·reach·u⁴, in which a root at the lower end is smooth.
            let panels: Vec<f64> = (0..=32).map(|i| f64::from(i) / 32.0).collect();
            let at = |u: f64| {
                let z = reach * (2.0 * u.powi(4) - 1.0);
                let weight = normal_density(z) * 8.0 * reach * u.powi(3);
                [weight, weight * f(z)]
            };
            let [all, sum] = over_panels(at, &panels);
            sum / all
        };
        let mean = moments(&relative);
        let variance = moments(&|z| (relative(z) - mean).powi(2));
        (unit * mean, unit * variance.sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_known_distributions_come_back() {
        // λ = 1 is a normal distribution, moved by 1; λ near 0 a log-normal one.
        let (mean, sd) = Normal { mean: 19.0, sd: 2.0 }.moments(1.0);
        assert!((mean - 20.0).abs() < 1e-10 && (sd - 2.0).abs() < 1e-9, "{mean} {sd}");
        let normal = Normal { mean: 1.0, sd: 0.5 };
        let ((a, b), (c, d)) = (normal.moments(0.0), normal.moments(1e-6));
        assert!((a / c - 1.0).abs() < 1e-5 && (b / d - 1.0).abs() < 1e-5, "{a} {c} {b} {d}");
        // λ = ½: (1 + z σ/2 + μ/2)², whose mean is (1 + μ/2)² + σ²/4.
        let (mean, _) = Normal { mean: 18.0, sd: 2.0 }.moments(0.5);
        assert!((mean - 101.0).abs() < 1e-9, "{mean}");
    }

    /// The log-likelihood of 0.01, 0.02, 0.04 among 50 rises up to the end: −65.7 at 0, −31.3 at 9, −29.7 at 10 in 60
    /// digits.
    #[test]
    fn the_likeliest_power_is_found_where_powers_of_the_numbers_vanish() {
        for unit in [1.0, 0.5] {
            let numbers = [0.01, 0.02, 0.04].map(|x| Some(unit * x));
            let there =
                FiveNumbers { q1: numbers[0], median: numbers[1], q3: numbers[2], n: 50.0, ..FiveNumbers::default() };
            let found = there.by_unknown_distribution().unwrap();
            assert_eq!(found.notes[0], "Box–Cox power λ = 10.000");
            assert!(found.notes[1].contains("depends on the unit"), "{:?}", found.notes);
        }
    }

    /// The same quartiles have a mean of 31.9 and an SD of 147, and in a thousandth of the unit a mean of 15.7.
    #[test]
    fn an_answer_that_another_unit_changes_says_so() {
        let of = |unit: f64| FiveNumbers {
            q1: Some(1.68 * unit),
            median: Some(11.6 * unit),
            q3: Some(17.8 * unit),
            n: 25.0,
            ..FiveNumbers::default()
        };
        let found = of(1.0).by_unknown_distribution().unwrap();
        assert!(found.sd > 100.0 && found.notes[1].contains("depends on the unit"), "{found:?}");
        // In units of the median there is nothing to compare.
        let there = of(1.0 / 11.6).by_unknown_distribution().unwrap();
        assert!(there.notes.len() == 1 && there.sd * 11.6 < 20.0, "{there:?}");
    }

    #[test]
    fn powers_need_positive_and_different_numbers() {
        let of = |min: f64, median: f64| FiveNumbers {
            min: Some(min),
            median: Some(median),
            max: Some(9.0),
            n: 30.0,
            ..FiveNumbers::default()
        };
        assert!(of(-1.0, 4.0).by_box_cox().unwrap_err().reason().contains("not above 0"));
        assert!(of(4.0, 4.0).by_unknown_distribution().unwrap_err().reason().contains("two quantiles"));
        let without = FiveNumbers { median: None, ..of(1.0, 4.0) };
        assert!(without.by_box_cox().unwrap_err().reason().contains("missing: median"));
    }
}
