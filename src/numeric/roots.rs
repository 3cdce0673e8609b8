//! Zeros of a function on a bracket.

/// No zero was found.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RootError {
    /// The function has the same sign at both ends, or is no number there.
    #[error("the function does not change its sign between {a} and {b}")]
    NoBracket {
        /// One end of the bracket.
        a: f64,
        /// The other end.
        b: f64,
    },
    /// A decreasing function is above 0 as far as it was looked at.
    #[error("no bound was found up to {highest:e}")]
    NoBound {
        /// How far that was.
        highest: f64,
    },
    /// The search took too many steps.
    #[error("no zero was found in {steps} steps")]
    TooManySteps {
        /// How many were taken.
        steps: usize,
    },
}

const MAX_STEPS: usize = 200;

/// A zero of `f` between `a` and `b`, to within `tolerance` and the spacing of doubles.
///
/// Inverse quadratic interpolation and secants where they help, halving where they do not.
///
/// Source: Brent (1973), Algorithms for Minimization without Derivatives, chapter 4.
///
/// # Errors
/// If `f(a)` and `f(b)` have the same sign or either is NaN.
///
/// ```
/// use reffect::numeric::roots::brent;
/// let root = brent(|x| x * x - 2.0, 0.0, 2.0, 1e-15)?;
/// assert!((root - 2f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), reffect::numeric::roots::RootError>(())
/// ```
pub fn brent(f: impl Fn(f64) -> f64, a: f64, b: f64, tolerance: f64) -> Result<f64, RootError> {
    let (mut a, mut b) = (a, b);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa == 0.0 {
        return Ok(a);
    }
    if fb == 0.0 {
        return Ok(b);
    }
    if fa.is_nan() || fb.is_nan() || (fa > 0.0) == (fb > 0.0) {
        return Err(RootError::NoBracket { a, b });
    }
    // `b` is the best guess, `c` lies on the other side of the zero, `a` is the guess before `b`.
    let (mut c, mut fc) = (a, fa);
    let mut step = b - a;
    let mut previous_step = step;
    for _ in 0..MAX_STEPS {
        if (fb > 0.0) == (fc > 0.0) {
            (c, fc) = (a, fa);
            step = b - a;
            previous_step = step;
        }
        if fc.abs() < fb.abs() {
            (a, b, c) = (b, c, b);
            (fa, fb, fc) = (fb, fc, fb);
        }
        let enough = 2.0 * f64::EPSILON * b.abs() + 0.5 * tolerance;
        let half = 0.5 * (c - b);
        if half.abs() <= enough || fb == 0.0 {
            return Ok(b);
        }
        match interpolated((a, fa), (b, fb), (c, fc), half) {
            Some(shorter)
                if previous_step.abs() >= enough
                    && 2.0 * shorter.abs() < previous_step.abs()
                    && fa.abs() > fb.abs() =>
            {
                previous_step = step;
                step = shorter;
            }
            _ => {
                step = half;
                previous_step = half;
            }
        }
        (a, fa) = (b, fb);
        b += if step.abs() > enough { step } else { enough.copysign(half) };
        fb = f(b);
    }
    Err(RootError::TooManySteps { steps: MAX_STEPS })
}

/// What a search knows at one place.
pub(crate) struct Probe {
    /// Whether the zero lies above.
    pub(crate) is_below_zero: bool,
    /// Where Newton's method, on whatever scale is straightest, would go next.
    pub(crate) newton: f64,
}

/// A zero by Newton's method in a bracket: a step that leaves the bracket is replaced by halving it, or by `outward`
/// where the end on that side is infinite. `is_close` says whether a step from one place to the next is the last.
///
/// The last place is returned also where 400 steps do not settle it, as at the noise of a function's last digits.
pub(crate) fn newton_in_bracket(
    start: f64,
    bracket: [f64; 2],
    outward: impl Fn(f64) -> f64,
    is_close: impl Fn(f64, f64, [f64; 2]) -> bool,
    probe: impl Fn(f64) -> Probe,
) -> f64 {
    let [mut lower, mut upper] = bracket;
    let mut x = start;
    for _ in 0..2 * MAX_STEPS {
        let Probe { is_below_zero, newton } = probe(x);
        if is_below_zero {
            lower = x;
        } else {
            upper = x;
        }
        let next = if newton > lower && newton < upper {
            newton
        } else if lower.is_finite() && upper.is_finite() {
            0.5 * (lower + upper)
        } else {
            outward(x)
        };
        let is_last = is_close(x, next, [lower, upper]);
        x = next;
        if is_last {
            break;
        }
    }
    x
}

/// The step from `b` that interpolation proposes, if it stays well inside the bracket.
fn interpolated(a: (f64, f64), b: (f64, f64), c: (f64, f64), half: f64) -> Option<f64> {
    let s = b.1 / a.1;
    let (p, q) = if a.0 == c.0 {
        (2.0 * half * s, 1.0 - s)
    } else {
        let (q, r) = (a.1 / c.1, b.1 / c.1);
        (s * (2.0 * half * q * (q - r) - (b.0 - a.0) * (r - 1.0)), (q - 1.0) * (r - 1.0) * (s - 1.0))
    };
    let step = if p > 0.0 { p / -q } else { -p / q };
    let inside = step.is_finite() && step * half >= 0.0 && step.abs() < 1.5 * half.abs();
    inside.then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_zeros_of_steep_and_flat_functions() {
        for (f, a, b, zero, tolerance) in [
            ((|x| x.powi(3) - 5.0) as fn(f64) -> f64, 0.0, 10.0, 5f64.cbrt(), 1e-13),
            // Its values are below 1e-18 within 0.01 of the zero.
            (|x| (x - 1.0).powi(9), 0.0, 3.5, 1.0, 1e-2),
            (|x| (1e6 * (x - 0.3)).tanh(), -7.0, 1.0, 0.3, 1e-13),
            (|x| x.exp() - 1e-10, -100.0, 5.0, 1e-10f64.ln(), 1e-5),
        ] {
            let root = brent(f, a, b, 1e-14).unwrap();
            assert!((root - zero).abs() < tolerance && f(root).abs() < 1e-9, "{root} for {zero}");
        }
        let root = brent(|x| x.cos() - x, 0.0, 1.0, 0.0).unwrap();
        assert!((root - 0.739_085_133_215_160_6).abs() < 1e-15);
    }

    #[test]
    fn newtons_steps_stay_in_their_bracket() {
        // Newton's method alone leaves the interval from 0 to ∞ at once; ln x = −3.
        let log = |x: f64| Probe { is_below_zero: x.ln() < -3.0, newton: x - (x.ln() + 3.0) * x };
        let close = |x: f64, next: f64, _: [f64; 2]| (next - x).abs() <= 1e-16 * x;
        let zero = newton_in_bracket(5.0, [0.0, f64::INFINITY], |x| 2.0 * x, close, log);
        assert!((zero - f64::exp(-3.0)).abs() < 1e-16, "{zero}");
        // A slope that says nothing leaves halves, and an infinite end steps outward.
        let flat = |x: f64| Probe { is_below_zero: x < 1000.0, newton: f64::NAN };
        let close = |x: f64, next: f64, _: [f64; 2]| (next - x).abs() <= 1e-12;
        let zero = newton_in_bracket(1.0, [0.0, f64::INFINITY], |x| 2.0 * x + 1.0, close, flat);
        assert!((zero - 1000.0).abs() < 1e-10, "{zero}");
    }

    #[test]
    fn refuses_where_no_sign_changes() {
        assert_eq!(brent(|x| x * x + 1.0, -1.0, 1.0, 0.0), Err(RootError::NoBracket { a: -1.0, b: 1.0 }));
        assert!(brent(|_| f64::NAN, -1.0, 1.0, 0.0).is_err());
        assert_eq!(brent(|x| x, 0.0, 1.0, 0.0), Ok(0.0));
    }
}
