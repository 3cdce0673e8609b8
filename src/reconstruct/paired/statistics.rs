//! The statistics of one pairing, from sums alone.

use crate::numeric::dist::t_two_sided_p;

/// The sums of one pairing of n people, in codes of denominator `g`: everything that the paired
/// t-test knows of them.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PairedStatistics {
    /// How many people.
    pub n: i64,
    /// Values are codes divided by this.
    pub denominator: i64,
    /// Σx and Σx² before.
    pub before: (i64, i64),
    /// Σy and Σy² after.
    pub after: (i64, i64),
    /// Σxy.
    pub products: i64,
}

impl PairedStatistics {
    /// n·Σ(x − x̄)² before.
    pub fn dispersion_before(&self) -> i128 {
        dispersion(self.n, self.before)
    }

    /// n·Σ(y − ȳ)² after.
    pub fn dispersion_after(&self) -> i128 {
        dispersion(self.n, self.after)
    }

    /// n·Σ(d − d̄)² of the changes d = y − x.
    pub fn dispersion_of_change(&self) -> i128 {
        dispersion(self.n, (self.change(), self.before.1 + self.after.1 - 2 * self.products))
    }

    /// Σ(y − x).
    pub fn change(&self) -> i64 {
        self.after.0 - self.before.0
    }

    /// Pearson's correlation; none where before or after does not vary.
    pub fn r(&self) -> Option<f64> {
        self.unclamped_r().map(|r| r.clamp(-1.0, 1.0))
    }

    /// The same for a sum of products that no pairing need have.
    pub(super) fn unclamped_r(&self) -> Option<f64> {
        let covariance = wide(self.n) * wide(self.products) - wide(self.before.0) * wide(self.after.0);
        let scale = (self.dispersion_before() as f64).sqrt() * (self.dispersion_after() as f64).sqrt();
        (scale > 0.0).then(|| covariance as f64 / scale)
    }

    /// The SD of change: √(V/(n(n − 1)))/g.
    pub fn sd_change(&self) -> f64 {
        let n = self.n as f64;
        (self.dispersion_of_change() as f64 / (n * (n - 1.0))).sqrt() / self.denominator as f64
    }

    /// The t of the paired t-test, Σd·√((n − 1)/V): infinite where everybody changed by the same
    /// amount, none where nobody changed.
    pub fn t(&self) -> Option<f64> {
        let (change, spread) = (self.change() as f64, self.dispersion_of_change() as f64);
        (change != 0.0 || spread > 0.0).then(|| {
            if spread == 0.0 { change.signum() * f64::INFINITY } else { change * ((self.n - 1) as f64 / spread).sqrt() }
        })
    }

    /// d_z = t/√n.
    pub fn dz(&self) -> Option<f64> {
        self.t().map(|t| t / (self.n as f64).sqrt())
    }

    /// The two-sided p of the paired t-test; 0 where everybody changed by the same amount.
    pub fn p(&self) -> Option<f64> {
        self.t().map(|t| if t.is_infinite() { 0.0 } else { t_two_sided_p(t, (self.n - 1) as f64) })
    }

    /// The correlation at which |t| reaches a critical value: (Vx + Vy − (n − 1)·(Σd)²/t²)/(2√(Vx·Vy)),
    /// from the definition of t solved for the covariance. None where before or after does not vary.
    pub fn r_at(&self, critical: f64) -> Option<f64> {
        let [x, y] = [self.dispersion_before(), self.dispersion_after()].map(|v| v as f64);
        let allowed = (self.n - 1) as f64 * (self.change() as f64 / critical).powi(2);
        (x > 0.0 && y > 0.0).then(|| (x + y - allowed) / (2.0 * (x * y).sqrt()))
    }
}

fn dispersion(n: i64, (sum, squares): (i64, i64)) -> i128 {
    wide(n) * wide(squares) - wide(sum) * wide(sum)
}

fn wide(value: i64) -> i128 {
    i128::from(value)
}
