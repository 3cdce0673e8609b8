//! Minima of functions of one variable.

/// Where a function of one variable is least between `a` and `b`: the best of 64 intervals, and the
/// golden section of that one and its neighbours, to about half the digits of a double. Where the
/// function is not finite, it counts as too high.
///
/// Source: Kiefer (1953), Proc Am Math Soc 4:502.
///
/// ```
/// use reffect::numeric::golden::minimum_between;
/// assert!((minimum_between(|x: f64| (x - 1.3).powi(2), -2.0, 3.0) - 1.3).abs() < 1e-7);
/// assert_eq!(minimum_between(|x: f64| x, 0.0, 3.0), 0.0);
/// assert!((minimum_between(|x: f64| if x < 9.2 { -x } else { f64::NAN }, 0.0, 10.0) - 9.2).abs() < 1e-8);
/// ```
pub fn minimum_between(f: impl Fn(f64) -> f64, a: f64, b: f64) -> f64 {
    const STEPS: usize = 64;
    let value = |x: f64| Some(f(x)).filter(|value| value.is_finite()).unwrap_or(f64::INFINITY);
    let at = |step: usize| a + (b - a) * step as f64 / STEPS as f64;
    let best = (0..=STEPS).min_by(|i, j| value(at(*i)).total_cmp(&value(at(*j)))).unwrap_or(0);
    let (mut low, mut high) = (at(best.saturating_sub(1)), at((best + 1).min(STEPS)));
    let share = 0.5 * (3.0 - 5f64.sqrt());
    let (mut left, mut right) = (low + share * (high - low), high - share * (high - low));
    let (mut at_left, mut at_right) = (value(left), value(right));
    while high - low > 1e-10 * (low.abs() + high.abs() + 1e-3 * (b - a)) {
        // Where neither is finite, the best of the intervals tells the side.
        let is_left = if at_left == at_right { at(best) < 0.5 * (low + high) } else { at_left < at_right };
        if is_left {
            (high, right, at_right) = (right, left, at_left);
            left = low + share * (high - low);
            at_left = value(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = high - share * (high - low);
            at_right = value(right);
        }
    }
    // An end of the whole range may be better than all between, and the best interval than what is not finite beside
    // it.
    let middle = 0.5 * (low + high);
    [middle, at(best), a, b].into_iter().min_by(|x, y| value(*x).total_cmp(&value(*y))).unwrap_or(middle)
}
