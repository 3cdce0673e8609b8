//! Two cells of different people: what all data sets give for a difference between groups.
//!
//! Student's and Welch's t, their p and Hedges' g depend on totals and sums of squares alone, so that
//! their ranges are exact at any n, without listing a data set.

use super::sets::Class;
use super::{DataSets, Unreconstructable};
use crate::effect::small_sample::hedges_j;
use crate::numeric::dist::t_two_sided_p;
use crate::numeric::interval::Interval;
use crate::numeric::two_samples::{pooled_variance, welch_df};

/// So many pairs of total and sum of squares are looked at for each group.
const MOST_CLASSES: usize = 5_000;

/// So many of them in both groups, which takes a second or two.
const MOST_PAIRS: usize = 1_000_000;

/// What all data sets give for group 1 − group 2. Where nobody differs within either group, t and g are infinite and p
/// is 0; where moreover both means are the same they are not defined, and the ranges are those of the other data sets.
/// A range is absent where no data set has the statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Independent {
    /// The difference of the means.
    pub difference: Interval,
    /// Student's t, with equal variances.
    pub student_t: Option<Interval>,
    /// Its two-sided p.
    pub student_p: Option<Interval>,
    /// Welch's t, with unequal variances (Welch 1947, Biometrika 34:28).
    pub welch_t: Option<Interval>,
    /// Its degrees of freedom (Satterthwaite 1946, Biometrics Bull 2:110).
    pub welch_df: Option<Interval>,
    /// Its two-sided p.
    pub welch_p: Option<Interval>,
    /// Hedges' g: J(n₁ + n₂ − 2) times the difference in pooled SDs (Hedges 1981).
    pub g: Option<Interval>,
    /// Whether nobody differs from anybody in some pair of data sets, so that no test is defined there.
    pub is_sometimes_undefined: bool,
}

/// How many people a group has, in each of its data sets.
fn size_of(groups: &[Group]) -> f64 {
    groups.first().map_or(f64::NAN, |group| group.n)
}

/// The moments of one group.
struct Group {
    n: f64,
    mean: f64,
    /// The sample variance.
    variance: f64,
}

impl Independent {
    /// The ranges over all data sets of both groups; none where a group has no data set.
    ///
    /// # Errors
    /// If a group has fewer than 2 people, or the digits leave too many totals and sums of squares.
    ///
    /// ```
    /// use reffect::reconstruct::{DataSets, Grid, Summary, independent::Independent};
    /// use reffect::reported::Scale;
    ///
    /// let nrs = Grid::of_scale(&Scale::Nrs)?;
    /// let behind = |cell: &str, n| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(DataSets::new(&Summary::sample(&cell.parse()?, n), &nrs, &[])?)
    /// };
    /// let groups = Independent::new(&behind("6.1 ± 2.0", 20)?, &behind("4.0 ± 2.1", 22)?)?.ok_or("there is data")?;
    /// assert!(groups.welch_p.is_some_and(|p| p.upper < 0.01));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(first: &DataSets, second: &DataSets) -> Result<Option<Self>, Unreconstructable> {
        let groups = |sets: &DataSets| -> Result<Vec<Group>, Unreconstructable> {
            if sets.n() < 2 {
                return Err(Unreconstructable::Summary("a test between groups needs 2 people in each".to_owned()));
            }
            let classes = sets.classes(MOST_CLASSES).ok_or_else(|| {
                let message = "the printed digits leave too many totals and sums of squares".to_owned();
                Unreconstructable::TooLarge(message)
            })?;
            Ok(classes.iter().map(|class| Group::new(class, sets)).collect())
        };
        let (first, second) = (groups(first)?, groups(second)?);
        if first.len().saturating_mul(second.len()) > MOST_PAIRS {
            let message = "the printed digits leave too many totals and sums of squares".to_owned();
            return Err(Unreconstructable::TooLarge(message));
        }
        let [mut difference, mut student_t, mut g, mut size_of_t] = [None; 4];
        let [mut welch_t, mut welch_df, mut welch_p] = [None; 3];
        let mut is_sometimes_undefined = false;
        for (a, b) in first.iter().flat_map(|a| second.iter().map(move |b| (a, b))) {
            Interval::widen(&mut difference, Some(a.mean - b.mean));
            let t = student(a, b);
            is_sometimes_undefined |= t.is_none();
            Interval::widen(&mut student_t, t);
            Interval::widen(&mut size_of_t, t.map(f64::abs));
            Interval::widen(&mut g, hedges_g(a, b));
            let welch = welch(a, b);
            Interval::widen(&mut welch_t, welch.map(|(t, _)| t));
            Interval::widen(&mut welch_df, welch.and_then(|(_, df)| df));
            Interval::widen(&mut welch_p, welch.map(|(t, df)| df.map_or(0.0, |df| t_two_sided_p(t, df))));
        }
        // At fixed degrees of freedom p falls with |t|, which need not be 0 where t has both signs.
        let df = (size_of(&first) + size_of(&second)) - 2.0;
        let p_of = |t: f64| if t.is_infinite() { 0.0 } else { t_two_sided_p(t, df) };
        let student_p = size_of_t.map(|size| size.map_monotone(p_of));
        Ok(difference.map(|difference| Self {
            difference,
            student_t,
            student_p,
            welch_t,
            welch_df,
            welch_p,
            g,
            is_sometimes_undefined,
        }))
    }
}

/// A difference in units of a spread; none where both are 0.
fn in_units_of(difference: f64, spread: f64) -> Option<f64> {
    match spread > 0.0 {
        true => Some(difference / spread),
        false => (difference != 0.0).then(|| difference.signum() * f64::INFINITY),
    }
}

impl Group {
    fn new(class: &Class, sets: &DataSets) -> Self {
        let (n, denominator) = (sets.n() as i128, sets.grid().denominator() as f64);
        let dispersion = n * i128::from(class.squares) - i128::from(class.sum).pow(2);
        let n = n as f64;
        Self {
            n,
            mean: class.sum as f64 / (n * denominator),
            variance: dispersion as f64 / (n * (n - 1.0) * denominator * denominator),
        }
    }
}

fn pooled(a: &Group, b: &Group) -> f64 {
    pooled_variance([a.variance, b.variance], [a.n, b.n])
}

fn student(a: &Group, b: &Group) -> Option<f64> {
    in_units_of(a.mean - b.mean, (pooled(a, b) * (1.0 / a.n + 1.0 / b.n)).sqrt())
}

/// Welch's t and its degrees of freedom, of which there are none where nobody differs within a group.
fn welch(a: &Group, b: &Group) -> Option<(f64, Option<f64>)> {
    let (va, vb) = (a.variance / a.n, b.variance / b.n);
    let t = in_units_of(a.mean - b.mean, (va + vb).sqrt())?;
    Some((t, (va + vb > 0.0).then(|| welch_df([va, vb], [a.n, b.n]))))
}

fn hedges_g(a: &Group, b: &Group) -> Option<f64> {
    let j = hedges_j(a.n + b.n - 2.0)?;
    in_units_of(j * (a.mean - b.mean), pooled(a, b).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconstruct::{Grid, Summary};

    /// All five pairs of data sets on whole numbers have a t other than 0, of both signs; the smallest is 0.2276 with
    /// 11 degrees of freedom (enumerated by hand), and R's `2 * pt(-0.2276, 11)` is 0.8241.
    #[test]
    fn the_largest_p_is_that_of_a_data_set() {
        let grid = Grid::items(1, 0, 4).unwrap();
        let sets = |cell: &str, n| DataSets::new(&Summary::sample(&cell.parse().unwrap(), n), &grid, &[]).unwrap();
        let found = Independent::new(&sets("2.1 ± 0.6", 10), &sets("2 ± 1", 3)).unwrap().unwrap();
        let (t, p) = (found.student_t.unwrap(), found.student_p.unwrap());
        assert!(t.lower < -0.6 && t.upper > 1.1, "{t:?}");
        assert!((p.upper - 0.8241).abs() < 1e-3, "{p:?}");
    }

    /// Of three data sets of the first group one does not vary, and neither does the second group: t is −∞ there. Where
    /// both may be all 2, no t is defined.
    #[test]
    fn groups_without_variation_are_no_reason_to_say_nothing() {
        let grid = Grid::items(1, 0, 2).unwrap();
        let sets = |cell: &str, n| DataSets::new(&Summary::sample(&cell.parse().unwrap(), n), &grid, &[]).unwrap();
        let found = Independent::new(&sets("1 ± 0", 6), &sets("2 ± 0", 2)).unwrap().unwrap();
        let (t, p, g) = (found.student_t.unwrap(), found.welch_p.unwrap(), found.g.unwrap());
        assert_eq!((t.lower, g.lower, p.lower), (f64::NEG_INFINITY, f64::NEG_INFINITY, 0.0));
        // R 4.2: t.test(c(1,1,1,1,1,2), c(2,2), var.equal = TRUE).
        assert!((t.upper + 2.738_612_787_525_831).abs() < 1e-12 && !found.is_sometimes_undefined, "{t:?}");
        let same = Independent::new(&sets("2 ± 0", 6), &sets("2 ± 0", 2)).unwrap().unwrap();
        assert!(same.is_sometimes_undefined);
        // R 4.2: t.test(c(1,2,2,2,2,2), c(2,2), var.equal = TRUE).
        assert!(same.student_t.is_some_and(|t| (t.lower + 0.547_722_557_505_166).abs() < 1e-12), "{same:?}");
    }

    /// Odd values leave many sums of squares that nobody has: 70 and 126 data sets at most.
    #[test]
    fn few_data_sets_are_visited_where_the_sums_are_many() {
        let values: Vec<_> =
            ["0", "1/3", "2", "7/2", "5"].map(|text| crate::reconstruct::Fraction::read(text).unwrap()).into();
        let grid = Grid::of_fractions(&values).unwrap();
        let sets = |cell: &str, n| DataSets::new(&Summary::sample(&cell.parse().unwrap(), n), &grid, &[]).unwrap();
        let found = Independent::new(&sets("3 ± 2", 4), &sets("2 ± 2", 5)).unwrap().unwrap();
        // By enumeration with fractions.
        let ends = found.difference.ends();
        assert!((ends[0] - 0.125).abs() < 1e-12 && (ends[1] - 2.0).abs() < 1e-12, "{ends:?}");
    }
}
