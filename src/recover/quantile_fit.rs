//! Means and SDs from the distribution whose quantiles are nearest to those that were reported.

use super::quantiles::{FiveNumbers, FromQuantiles};
use crate::diagnostic::Refused;
use crate::numeric::dist::{beta_quantile, gamma_quantile, normal_quantile};
use crate::numeric::golden::minimum_between;
use crate::numeric::minimum::{gradient, minimise};

/// A distribution that was fitted, and how far its quantiles are from those that were reported.
struct Fit {
    method: &'static str,
    /// The sum of squared distances.
    distance: f64,
    mean: f64,
    sd: f64,
}

/// Reported quantiles with their probabilities.
struct Reported {
    probabilities: Vec<f64>,
    quantiles: Vec<f64>,
}

impl FiveNumbers {
    /// Mean and SD of the normal, log-normal, gamma, Weibull or beta distribution whose quantiles at
    /// 1/n, ¼, ½, ¾ and 1 − 1/n, as far as they were reported, have the least sum of squared
    /// distances from the reported ones. With a number below 0 it is the normal one, with a 0 not the
    /// log-normal one, and the beta distribution only where all numbers lie between 0 and 1.
    ///
    /// Source: McGrath et al. (2020), Stat Methods Med Res 29:2520, section 3.1. The minima are sought
    /// without the bounds that the authors' program sets to parameters.
    ///
    /// # Errors
    /// If the median is missing, the numbers are not in order, all the same or too few, or n is below 5.
    ///
    /// ```
    /// use reffect::recover::FiveNumbers;
    /// // The example of the authors' program has 4.347284 and 1.502171.
    /// let reported = FiveNumbers { min: Some(2.0), median: Some(4.0), max: Some(9.0), n: 100.0, ..FiveNumbers::default() };
    /// let found = reported.by_quantile_estimation()?;
    /// assert!(found.mean.is_some_and(|mean| (mean - 4.347_28).abs() < 1e-4) && (found.sd - 1.502_17).abs() < 1e-4);
    /// # Ok::<(), reffect::diagnostic::Refused>(())
    /// ```
    pub fn by_quantile_estimation(&self) -> Result<FromQuantiles, Refused> {
        let quantiles = self.with_median()?;
        let (least, largest) = (quantiles[0], quantiles[quantiles.len() - 1]);
        if least == largest {
            return Err(format!("all numbers are {least}: no distribution has such quantiles").into());
        }
        let extreme = 1.0 / self.n;
        let probabilities = match (self.range(), self.quartiles()) {
            (Some(_), Some(_)) => vec![extreme, 0.25, 0.5, 0.75, 1.0 - extreme],
            (Some(_), None) => vec![extreme, 0.5, 1.0 - extreme],
            _ => vec![0.25, 0.5, 0.75],
        };
        let reported = Reported { probabilities, quantiles };
        let mut fits = vec![reported.normal()];
        if least >= 0.0 {
            fits.extend([reported.gamma(), reported.weibull()]);
        }
        if least > 0.0 {
            fits.push(reported.log_normal());
        }
        if least > 0.0 && largest < 1.0 {
            fits.push(reported.beta());
        }
        let usable = fits.into_iter().filter(|fit| fit.mean.is_finite() && fit.sd.is_finite() && fit.sd > 0.0);
        let best = usable.min_by(|a, b| a.distance.total_cmp(&b.distance)).ok_or("no distribution fits")?;
        Ok(FromQuantiles { mean: Some(best.mean), sd: best.sd, method: best.method, notes: Vec::new() })
    }
}

impl Reported {
    /// The normal distribution, by linear least squares on normal scores.
    fn normal(&self) -> Fit {
        let scores: Vec<f64> = self.probabilities.iter().map(|p| normal_quantile(*p)).collect();
        let count = scores.len() as f64;
        // The scores lie symmetrically about 0, so the intercept is the mean.
        let mean = self.quantiles.iter().sum::<f64>() / count;
        let products: f64 = scores.iter().zip(&self.quantiles).map(|(z, q)| z * q).sum();
        let sd = products / scores.iter().map(|z| z * z).sum::<f64>();
        let distance = self.distance(scores.iter().map(|z| mean + sd * z));
        Fit { method: "McGrath 2020, quantile estimation: normal", distance, mean, sd }
    }

    fn distance(&self, fitted: impl Iterator<Item = f64>) -> f64 {
        self.quantiles.iter().zip(fitted).map(|(q, x)| (q - x) * (q - x)).sum()
    }

    /// A distribution with a scale: for each shape the best scale is that of linear least squares, so
    /// that only the logarithm of the shape is sought. The shape with the scale and the distance.
    fn with_scale(&self, of_unit: impl Fn(f64, f64) -> f64, shapes: [f64; 2]) -> (f64, f64, f64) {
        let at = |ln_shape: f64| {
            let unit: Vec<f64> = self.probabilities.iter().map(|p| of_unit(*p, ln_shape.exp())).collect();
            let products: f64 = unit.iter().zip(&self.quantiles).map(|(x, q)| x * q).sum();
            let scale = products / unit.iter().map(|x| x * x).sum::<f64>();
            (scale, self.distance(unit.iter().map(|x| scale * x)))
        };
        let best = minimum_between(|ln_shape| at(ln_shape).1, shapes[0].ln(), shapes[1].ln());
        let (scale, distance) = at(best);
        (best.exp(), scale, distance)
    }

    fn log_normal(&self) -> Fit {
        let (sigma, scale, distance) = self.with_scale(|p, sigma| (sigma * normal_quantile(p)).exp(), [1e-3, 10.0]);
        let mean = scale * (0.5 * sigma * sigma).exp();
        let sd = mean * (sigma * sigma).exp_m1().sqrt();
        Fit { method: "McGrath 2020, quantile estimation: log-normal", distance, mean, sd }
    }

    fn gamma(&self) -> Fit {
        let (shape, scale, distance) = self.with_scale(gamma_quantile, [1e-2, 1e4]);
        let (mean, sd) = (scale * shape, scale * shape.sqrt());
        Fit { method: "McGrath 2020, quantile estimation: gamma", distance, mean, sd }
    }

    fn weibull(&self) -> Fit {
        let (shape, scale, distance) = self.with_scale(|p, shape| (-(-p).ln_1p()).powf(1.0 / shape), [1e-2, 1e3]);
        let gamma = |x: f64| libm::tgamma(1.0 + x / shape);
        let (mean, sd) = (scale * gamma(1.0), scale * (gamma(2.0) - gamma(1.0) * gamma(1.0)).sqrt());
        Fit { method: "McGrath 2020, quantile estimation: Weibull", distance, mean, sd }
    }

    /// The beta distribution, sought from the moments of the normal one.
    fn beta(&self) -> Fit {
        let distance = |x: &[f64]| {
            let [a, b] = [x[0].exp(), x[1].exp()];
            self.distance(self.probabilities.iter().map(|p| beta_quantile(*p, a, b)))
        };
        let start = self.normal();
        let size = (start.mean * (1.0 - start.mean) / (start.sd * start.sd) - 1.0).max(0.1);
        let share = start.mean.clamp(0.01, 0.99);
        let start = vec![(size * share).ln(), (size * (1.0 - share)).ln()];
        let found = minimise(distance, |x| gradient(distance, x), start);
        let [a, b] = [found.at[0].exp(), found.at[1].exp()];
        let mean = a / (a + b);
        let sd = (mean * (1.0 - mean) / (a + b + 1.0)).sqrt();
        Fit { method: "McGrath 2020, quantile estimation: beta", distance: found.value, mean, sd }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quantiles of a distribution of the list give back its mean and SD.
    #[test]
    fn quantiles_of_a_distribution_give_it_back() {
        let n = 60.0;
        let from = |quantile: &dyn Fn(f64) -> f64| {
            let [min, q1, median, q3, max] = [1.0 / n, 0.25, 0.5, 0.75, 1.0 - 1.0 / n].map(|p| Some(quantile(p)));
            FiveNumbers { min, q1, median, q3, max, n }.by_quantile_estimation().unwrap()
        };
        let close = |found: FromQuantiles, mean: f64, sd: f64, name: &str| {
            assert!(found.method.ends_with(name), "{}", found.method);
            assert!((found.mean.unwrap() / mean - 1.0).abs() < 1e-6 && (found.sd / sd - 1.0).abs() < 1e-6, "{found:?}");
        };
        close(from(&|p| -3.0 + 2.0 * normal_quantile(p)), -3.0, 2.0, "normal");
        close(from(&|p| 7.0 * gamma_quantile(p, 2.5)), 17.5, 7.0 * 2.5f64.sqrt(), "gamma");
        let spread = 0.64f64;
        let mean = (1.0 + 0.5 * spread).exp();
        close(from(&|p| (1.0 + 0.8 * normal_quantile(p)).exp()), mean, mean * spread.exp_m1().sqrt(), "log-normal");
        let mean = 300.0 * libm::tgamma(1.4);
        let sd = 300.0 * (libm::tgamma(1.8) - libm::tgamma(1.4).powi(2)).sqrt();
        close(from(&|p| 300.0 * (-(-p).ln_1p()).powf(0.4)), mean, sd, "Weibull");
        close(from(&|p| beta_quantile(p, 2.0, 5.0)), 2.0 / 7.0, (10.0 / 392.0f64).sqrt(), "beta");
    }
}
