//! The number of events in group 1 given all margins: Fisher's noncentral hypergeometric
//! distribution.

/// The distribution of X of n1 in group 1, given the events of both groups, for any odds ratio.
///
/// ```
/// use reffect::numeric::dist::NoncentralHypergeometric;
/// // The tea of Fisher (1935): 3 of 4 cups.
/// let cups = NoncentralHypergeometric { n1: 4.0, n2: 4.0, events: 4.0 };
/// let [_, three, four] = cups.probabilities(3.0, 0.0);
/// assert!((three + four - 17.0 / 70.0).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoncentralHypergeometric {
    /// The size of group 1.
    pub n1: f64,
    /// The size of group 2.
    pub n2: f64,
    /// The events of both.
    pub events: f64,
}

impl NoncentralHypergeometric {
    /// The fewest events that group 1 can have.
    pub fn least(self) -> f64 {
        (self.events - self.n2).max(0.0)
    }

    /// The most events that group 1 can have.
    pub fn most(self) -> f64 {
        self.events.min(self.n1)
    }

    /// P(X = x + 1)/P(X = x) at odds ratio 1.
    pub fn step(self, x: f64) -> f64 {
        (self.n1 - x) / (x + 1.0) * ((self.events - x) / (self.n2 - self.events + x + 1.0))
    }

    /// The sums of weights below `a`, at `a` and above, each over that at the mode, for a log odds
    /// ratio. Summed outwards from the mode until nothing is added any more, some ten standard
    /// deviations away; where `a` lies further out, its weight is 0.
    fn sums(self, a: f64, log_odds: f64) -> [f64; 3] {
        let mut sums = [0.0; 3];
        self.each(log_odds, |x, weight| {
            let at = if x < a { 0 } else { usize::from(x > a) + 1 };
            sums[at] += weight;
        });
        sums
    }

    /// Every count that matters, with its weight over that of the mode.
    fn each(self, log_odds: f64, mut add: impl FnMut(f64, f64)) {
        let odds = log_odds.exp();
        let mode = self.mode(odds);
        add(mode, 1.0);
        let (mut x, mut weight) = (mode, 1.0);
        while x < self.most() && weight > 1e-20 {
            weight *= self.step(x) * odds;
            x += 1.0;
            add(x, weight);
        }
        let (mut x, mut weight) = (mode, 1.0);
        while x > self.least() && weight > 1e-20 {
            x -= 1.0;
            weight /= self.step(x) * odds;
            add(x, weight);
        }
    }

    /// The expected number of events in group 1 at a log odds ratio.
    pub fn mean(self, log_odds: f64) -> f64 {
        let (mut total, mut sum) = (0.0, 0.0);
        self.each(log_odds, |x, weight| {
            total += weight;
            sum += x * weight;
        });
        sum / total
    }

    /// The last x whose weight is not below that of the one before, by halving.
    fn mode(self, odds: f64) -> f64 {
        let (mut low, mut high) = (self.least(), self.most());
        while low < high {
            let middle = ((low + high) / 2.0).floor();
            if self.step(middle) * odds >= 1.0 { low = middle + 1.0 } else { high = middle }
        }
        low
    }

    /// P(X < a), P(X = a) and P(X > a).
    pub fn probabilities(self, a: f64, log_odds: f64) -> [f64; 3] {
        let sums = self.sums(a, log_odds);
        let total: f64 = sums.iter().sum();
        sums.map(|sum| sum / total)
    }

    /// Fisher's two-sided p: the probability, at odds ratio 1, of every table that is at most as
    /// likely as the one seen, up to a relative 1e-7 that stands for equality.
    pub fn fisher_p(self, a: f64) -> f64 {
        let mode = self.mode(1.0);
        let mut weights = vec![(mode, 1.0)];
        for up in [true, false] {
            let (mut x, mut weight) = (mode, 1.0);
            while (if up { x < self.most() } else { x > self.least() }) && (weight > 1e-300) {
                if up {
                    weight *= self.step(x);
                    x += 1.0;
                } else {
                    x -= 1.0;
                    weight /= self.step(x);
                }
                weights.push((x, weight));
            }
        }
        let seen = weights.iter().find(|(x, _)| *x == a).map_or(0.0, |(_, weight)| *weight);
        let sum = |most: f64| weights.iter().map(|(_, weight)| *weight).filter(|weight| *weight <= most).sum::<f64>();
        (sum(seen * (1.0 + 1e-7)) / sum(f64::INFINITY)).min(1.0)
    }
}
