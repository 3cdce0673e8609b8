//! Closed intervals of real numbers.

/// The closed interval from `lower` to `upper`, with `lower ≤ upper`; ends that are not known are NaN.
///
/// It stands for a confidence interval, for the numbers that round to a printed one, or for the
/// values that a result takes over all such numbers; the field that holds it says which.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

impl Interval {
    /// All numbers.
    pub const UNBOUNDED: Self = Self { lower: f64::NEG_INFINITY, upper: f64::INFINITY };

    /// Ends that are not known.
    pub const UNKNOWN: Self = Self { lower: f64::NAN, upper: f64::NAN };

    /// The interval between two ends, given in either order; where one is no number, neither is the other.
    ///
    /// ```
    /// use reffect::numeric::interval::Interval;
    /// assert_eq!(Interval::between(2.0, -1.0), Interval { lower: -1.0, upper: 2.0 });
    /// ```
    pub fn between(a: f64, b: f64) -> Self {
        if a.is_nan() || b.is_nan() {
            return Self::UNKNOWN;
        }
        Self { lower: a.min(b), upper: a.max(b) }
    }

    /// The interval that reaches `half` to either side of its middle: an estimate and its error.
    ///
    /// ```
    /// use reffect::numeric::interval::Interval;
    /// assert_eq!(Interval::around(-0.5, 1.5), Interval { lower: -2.0, upper: 1.0 });
    /// ```
    pub const fn around(middle: f64, half: f64) -> Self {
        Self { lower: middle - half, upper: middle + half }
    }

    /// The interval of the exponentials.
    pub fn exp(self) -> Self {
        Self { lower: self.lower.exp(), upper: self.upper.exp() }
    }

    /// The interval that holds one number alone.
    pub const fn point(value: f64) -> Self {
        Self { lower: value, upper: value }
    }

    /// The smallest interval that holds all of the numbers; none where there are none, and ends that are no
    /// numbers where one of them is none.
    pub fn hull(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        values.into_iter().fold(None, Self::grown)
    }

    /// The smallest interval that also holds a number; ends that are no numbers where one of them is none.
    ///
    /// ```
    /// use reffect::numeric::interval::Interval;
    /// assert_eq!(Interval::between(1.0, 2.0).including(-0.5), Interval::between(-0.5, 2.0));
    /// ```
    pub fn including(self, value: f64) -> Self {
        if self.lower.is_nan() || self.upper.is_nan() || value.is_nan() {
            return Self::UNKNOWN;
        }
        Self { lower: self.lower.min(value), upper: self.upper.max(value) }
    }

    /// The smallest interval that holds a number and what was known before, if anything was.
    pub fn grown(known: Option<Self>, value: f64) -> Option<Self> {
        Some(known.map_or(Self::point(value), |known| known.including(value)))
    }

    /// Widens what is known of a range to a number, if there is one.
    pub fn widen(known: &mut Option<Self>, value: Option<f64>) {
        if let Some(value) = value {
            *known = Self::grown(*known, value);
        }
    }

    /// Whether the number lies in the interval, ends included.
    pub fn contains(self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }

    /// The nearest number of the interval.
    pub fn clamp(self, value: f64) -> f64 {
        value.max(self.lower).min(self.upper)
    }

    /// The numbers in the middle between one of these and one of those. What lies on an end stays there, whichever way
    /// the last digits of doubles go.
    ///
    /// ```
    /// use reffect::numeric::interval::Interval;
    /// let middle = Interval::between(-6.05, -5.95).middle_to(Interval::between(-4.85, -4.75));
    /// assert!(middle.meets(Interval::between(-5.55, -5.45)));
    /// ```
    #[must_use]
    pub fn middle_to(self, other: Self) -> Self {
        let [a, b] = [[self.lower, other.lower], [self.upper, other.upper]];
        let digits = |[x, y]: [f64; 2]| if x.is_finite() && y.is_finite() { 1e-15 * (x.abs() + y.abs()) } else { 0.0 };
        Self { lower: 0.5 * (a[0] + a[1]) - digits(a), upper: 0.5 * (b[0] + b[1]) + digits(b) }
    }

    /// The absolute values of its numbers.
    ///
    /// ```
    /// use reffect::numeric::interval::Interval;
    /// assert_eq!(Interval::between(-2.0, 1.0).abs(), Interval::between(0.0, 2.0));
    /// assert_eq!(Interval::between(-2.0, -1.0).abs(), Interval::between(1.0, 2.0));
    /// ```
    pub fn abs(self) -> Self {
        let [a, b] = self.ends().map(f64::abs);
        Self { lower: if self.contains(0.0) { 0.0 } else { a.min(b) }, upper: a.max(b) }
    }

    /// Whether the two have a number in common.
    pub fn meets(self, other: Self) -> bool {
        self.lower <= other.upper && other.lower <= self.upper
    }

    /// Whether they do, but for the last digits of doubles.
    pub fn nearly_meets(self, other: Self) -> bool {
        let largest = [self, other].iter().flat_map(|of| of.ends()).map(f64::abs).fold(0.0, f64::max);
        let slack = 1e-12 * if largest.is_finite() { largest } else { 0.0 };
        self.meets(Self { lower: other.lower - slack, upper: other.upper + slack })
    }

    /// What lies in both; none where they do not meet.
    pub fn common(self, other: Self) -> Option<Self> {
        self.meets(other).then(|| Self { lower: self.lower.max(other.lower), upper: self.upper.min(other.upper) })
    }

    /// The distance between the ends.
    pub fn width(self) -> f64 {
        self.upper - self.lower
    }

    /// The lower and the upper half.
    pub fn halves(self) -> [Self; 2] {
        let middle = self.lower + 0.5 * self.width();
        [Self { upper: middle, ..self }, Self { lower: middle, ..self }]
    }

    /// The two ends.
    pub const fn ends(self) -> [f64; 2] {
        [self.lower, self.upper]
    }

    /// Every value `a + b` with `a` from this interval and `b` from the other.
    pub fn plus(self, other: Self) -> Self {
        Self { lower: self.lower + other.lower, upper: self.upper + other.upper }
    }

    /// Every value `a − b` with `a` from this interval and `b` from the other.
    pub fn minus(self, other: Self) -> Self {
        Self { lower: self.lower - other.upper, upper: self.upper - other.lower }
    }

    /// Every value multiplied by a constant.
    pub fn scaled(self, factor: f64) -> Self {
        Self::between(self.lower * factor, self.upper * factor)
    }

    /// The image under a function that is monotone on the interval, rising or falling.
    pub fn map_monotone(self, f: impl Fn(f64) -> f64) -> Self {
        Self::between(f(self.lower), f(self.upper))
    }

    /// Every quotient `a / b` with `b` from an interval of positive numbers; none where `b` can be
    /// zero or negative, since the quotients are unbounded then.
    pub fn divided_by(self, divisor: Self) -> Option<Self> {
        if divisor.lower <= 0.0 {
            return None;
        }
        // A quotient is monotone in each argument, so its extremes lie at corners.
        let [a, b] = self.ends();
        let [c, d] = divisor.ends();
        Self::hull([a / c, a / d, b / c, b / d])
    }

    /// How far two intervals are apart; 0 where they meet.
    pub fn gap(self, other: Self) -> f64 {
        (self.lower - other.upper).max(other.lower - self.upper).max(0.0)
    }

    /// Whether both ends are finite numbers.
    pub fn is_finite(self) -> bool {
        self.lower.is_finite() && self.upper.is_finite()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotient_takes_its_extremes_at_corners() {
        let change = Interval::between(-2.6, -2.4);
        let spread = Interval::between(0.9, 1.2);
        let quotient = change.divided_by(spread).unwrap();
        assert_eq!(quotient, Interval::between(-2.6 / 0.9, -2.4 / 1.2));
        assert_eq!(change.divided_by(Interval::between(0.0, 1.0)), None);
    }

    #[test]
    fn hull_of_nothing_is_nothing() {
        assert_eq!(Interval::hull([]), None);
        assert_eq!(Interval::hull([3.0, 1.0, 2.0]), Some(Interval::between(1.0, 3.0)));
    }

    #[test]
    fn an_end_that_is_no_number_is_not_dropped() {
        for of in [
            Interval::between(f64::NAN, 1.0),
            Interval::between(1.0, f64::NAN),
            Interval::between(0.5, 1.0).map_monotone(|x| (x - 0.7).ln()),
            Interval::hull([1.0, f64::NAN, 2.0]).unwrap(),
        ] {
            assert!(of.lower.is_nan() && of.upper.is_nan(), "{of:?}");
        }
    }
}
