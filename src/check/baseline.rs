//! Whether the groups of a trial differ at baseline as chance makes them: more, or less.

use super::several_groups::SeveralRow;
use super::several_means::f_tests;
use super::table_groups::{GroupValues, GroupsRow, t_tests};
use crate::numeric::dist::{normal_cdf, normal_quantile, normal_sf};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;

/// The p of one variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VariableP {
    /// The line of its row.
    pub line: u64,
    /// Every p that the printed numbers can have.
    pub range: Interval,
}

impl VariableP {
    /// The middle of the range.
    pub fn middle(&self) -> f64 {
        0.5 * (self.range.lower + self.range.upper)
    }
}

/// The p of an analysis of variance of a row of three groups of means or more; none of counts, and where a group of the
/// table has a size and no values.
pub fn of_several(line: u64, row: &SeveralRow, rounding: Rounding) -> Option<VariableP> {
    let groups = row.moments(rounding).filter(|_| row.beside.without.is_empty())?.ok()?;
    let [usual, _] = f_tests(&groups).ok()?;
    Some(VariableP { line, range: usual.p })
}

/// The p of Student's t-test of a row of means, which is that of an analysis of variance of two groups; none of counts, and
/// where a third group has a size and no values.
pub fn of_variable(line: u64, row: &GroupsRow, rounding: Rounding) -> Option<VariableP> {
    let GroupValues::Means(of) = &row.values else { return None };
    if !row.beside.without.is_empty() {
        return None;
    }
    let [student, _] = t_tests(of, row.n, rounding)?;
    Some(VariableP { line, range: student.p })
}

/// A probability, and what it can be for all numbers that print as reported.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Combined {
    /// By the middle of each range.
    pub p: f64,
    /// By the ends of each.
    pub range: Interval,
}

/// The p of several variables in one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Baseline {
    /// Each variable.
    pub variables: Vec<VariableP>,
    /// Stouffer's Z by the middles: far below 0 where the groups differ too much, far above where they are too alike.
    pub z: f64,
    /// The probability of groups that differ as much or more.
    pub as_different: Combined,
    /// The probability of groups that are as alike or more.
    pub as_alike: Combined,
}

/// Combines the p of independent variables by Stouffer's method: Z = Σ Φ⁻¹(p)/√k; none without variables.
///
/// Where randomisation made the groups and the variables are independent, each p is uniform, and Z is standard normal.
/// A range of p gives a range of Z; the p of equal printed means reaches 1, so that the upper end may be infinite, and
/// its middle is used for the value.
///
/// Source: Carlisle (2017), Anaesthesia 72:944; Stouffer et al. (1949), The American Soldier, vol. 1.
///
/// ```
/// use reffect::check::baseline::{VariableP, combine};
/// use reffect::numeric::interval::Interval;
///
/// let variable = |line, p| VariableP { line, range: Interval::point(p) };
/// let found = combine(vec![variable(2, 0.95), variable(3, 0.97), variable(4, 0.92)]).ok_or("three are there")?;
/// // R 4.2: pnorm(sum(qnorm(c(.95, .97, .92))) / sqrt(3), lower.tail = FALSE)
/// assert!((found.as_alike.p - 0.002_208_389).abs() < 1e-9);
/// # Ok::<(), &str>(())
/// ```
pub fn combine(variables: Vec<VariableP>) -> Option<Baseline> {
    if variables.is_empty() {
        return None;
    }
    let root = (variables.len() as f64).sqrt();
    let quantile = |p: f64| match p {
        p if p <= 0.0 => f64::NEG_INFINITY,
        p if p >= 1.0 => f64::INFINITY,
        p => normal_quantile(p),
    };
    let z = |of: &dyn Fn(&VariableP) -> f64| variables.iter().map(|one| quantile(of(one))).sum::<f64>() / root;
    // Where a p that prints as 0 stands beside one that reaches 1, the sum of both can be anything.
    let or = |z: f64, other: f64| if z.is_nan() { other } else { z };
    let ends = [or(z(&|one| one.range.lower), f64::NEG_INFINITY), or(z(&|one| one.range.upper), f64::INFINITY)];
    // No p is 0 or 1: doubles end there.
    let middle = z(&VariableP::middle);
    let middle = or(middle, z(&|one| one.middle().clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON)));
    let below = |z: f64| {
        if z.is_finite() {
            normal_cdf(z)
        } else if z > 0.0 {
            1.0
        } else {
            0.0
        }
    };
    let above = |z: f64| {
        if z.is_finite() {
            normal_sf(z)
        } else if z > 0.0 {
            0.0
        } else {
            1.0
        }
    };
    let range = |of: &dyn Fn(f64) -> f64| Interval::between(of(ends[0]), of(ends[1]));
    Some(Baseline {
        z: middle,
        as_different: Combined { p: below(middle), range: range(&below) },
        as_alike: Combined { p: above(middle), range: range(&above) },
        variables,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_p_of_0_beside_one_of_1_leaves_everything_open() {
        let variable = |line, lower, upper| VariableP { line, range: Interval::between(lower, upper) };
        let found = combine(vec![variable(2, 0.0, 0.0), variable(3, 0.9, 1.0)]).unwrap();
        assert_eq!([found.as_alike.range, found.as_different.range], [Interval::between(0.0, 1.0); 2]);
        assert_eq!((found.as_different.p, found.as_alike.p), (0.0, 1.0));
        let found = combine(vec![variable(2, 0.0, 0.0), variable(3, 1.0, 1.0)]).unwrap();
        assert!(found.z.is_finite() && found.as_alike.p.is_finite(), "{found:?}");
    }

    #[test]
    fn equal_means_leave_an_open_end_and_a_middle() {
        let variable = |line, lower, upper| VariableP { line, range: Interval::between(lower, upper) };
        let found = combine(vec![variable(2, 0.9, 1.0), variable(3, 0.5, 0.5)]).unwrap();
        assert!(found.z.is_finite() && found.as_alike.range.lower == 0.0 && found.as_alike.range.upper < 0.2);
        assert!(found.as_different.range.upper == 1.0);
        assert!((found.as_alike.p + found.as_different.p - 1.0).abs() < 1e-12);
        assert_eq!(combine(Vec::new()), None);
    }
}
