//! Two cells of the same people: what every pairing of every data set gives.
//!
//! Before and after, the printed digits leave some data sets each; nothing says which value after
//! belongs to which value before. All that depends on the pairing goes through one number, the sum
//! of products C = Σ x·y, which is largest when both are in the same order and smallest when they
//! are in opposite order (rearrangement inequality; Hardy, Littlewood & Pólya 1952, theorem 368). So
//! the ranges of r, of the SD of change, of d_z, t and p need no permutations.

mod bounds;
mod joint;
mod lines;
mod statistics;
mod thresholds;

pub use joint::{Attained, JointTables};
pub use lines::{MeanTable, mean_table};
pub use statistics::PairedStatistics;
pub use thresholds::{Thresholds, thresholds};

use super::{DataSets, Unreconstructable};
use crate::numeric::dist::t_of_two_sided_p;
use crate::numeric::interval::Interval;

/// What all data sets and all pairings give for two cells of the same n people.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Paired {
    /// How many people.
    pub n: u64,
    /// The correlation between before and after; none where one of them cannot vary.
    pub r: Option<Interval>,
    /// The SD of change.
    pub sd_change: Interval,
    /// The mean change in SDs of change. An end is infinite where everybody may have changed by the
    /// same amount.
    pub dz: Option<Interval>,
    /// The t of the paired t-test.
    pub t: Option<Interval>,
    /// Its two-sided p; like t, over the pairings in which somebody changes.
    pub p: Option<Interval>,
    /// The smallest correlation at which p is below `alpha`, over the data sets; none where every
    /// correlation does, or none does.
    pub r_needed: RNeeded,
    /// The level of `r_needed`.
    pub alpha: f64,
    /// Whether the ranges are attained; otherwise they are certified from outside, and
    /// [`Paired::attained`] from inside.
    pub exact: bool,
    /// Whether nobody changes in some pairing, so that the t-test is not defined there; where the ranges are not exact,
    /// whether that cannot be ruled out.
    pub is_sometimes_undefined: bool,
    /// Ranges that are attained, where the others are not known to be.
    pub attained: Option<Box<Paired>>,
    /// The pairing with the smallest p of the t-test among those that were looked at.
    pub most_significant: Option<Pairing>,
    /// The pairing with the largest p.
    pub least_significant: Option<Pairing>,
}

/// Which correlations make p smaller than a level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RNeeded {
    /// Every correlation, in every data set.
    Any,
    /// None, in any data set.
    None,
    /// At least the smallest of these, and surely the largest.
    Between {
        /// The smallest correlation that will do, over the data sets in which one does.
        r: Interval,
        /// Whether there are data sets in which none does.
        sometimes_none: bool,
    },
    /// Before or after does not vary, so that there is no correlation.
    Undefined,
}

/// Who had which value before and after: codes of the grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairing(pub Vec<(i64, i64)>);

impl Paired {
    /// The ranges over all data sets and pairings; none where a cell has no data set.
    ///
    /// # Errors
    /// If the cells have different n or grids, n is below 2, `alpha` does not lie between 0 and 1, or there are too
    /// many data sets even for bounds.
    ///
    /// ```
    /// use reffect::reconstruct::{DataSets, Grid, Summary, paired::Paired};
    /// use reffect::reported::Scale;
    ///
    /// let relapses = Grid::of_scale(&Scale::Count)?;
    /// let behind = |cell: &str| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(DataSets::new(&Summary::sample(&cell.parse()?, 7), &relapses, &[])?)
    /// };
    /// let paired = Paired::new(&behind("2.9 ± 1.1")?, &behind("0.4 ± 0.8")?, 0.05)?.ok_or("there is data")?;
    /// // Whoever relapsed how often before and after: the t-test is significant.
    /// assert!(paired.p.is_some_and(|p| p.upper < 0.0122));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(before: &DataSets, after: &DataSets, alpha: f64) -> Result<Option<Self>, Unreconstructable> {
        if before.n() != after.n() || before.grid().denominator() != after.grid().denominator() {
            let message = "before and after must be the same people, rated in the same steps".to_owned();
            return Err(Unreconstructable::Summary(message));
        }
        if !(alpha > 0.0 && alpha < 1.0) {
            let message = format!("alpha = {alpha}: a level between 0 and 1 was expected, such as 0.05");
            return Err(Unreconstructable::Summary(message));
        }
        if before.n() < 2 {
            return Err(Unreconstructable::Summary("a paired test needs at least 2 people".to_owned()));
        }
        if !before.exist()? || !after.exist()? {
            return Ok(None);
        }
        let critical = t_of_two_sided_p(alpha, before.n() as f64 - 1.0);
        bounds::ranges(before, after, alpha, critical).map(Some)
    }

    /// Whether the paired t-test is below the level of [`Paired::alpha`] in every pairing of every
    /// data set (certain), in some (possible) or in none (impossible). Where nobody changes it is not.
    pub fn claim(&self) -> Claimed {
        match claimed(self.p, self.alpha, self.exact) {
            Claimed::Certain if self.is_sometimes_undefined => self.at_most(),
            claimed => claimed,
        }
    }

    /// What is left of a verdict on all pairings where the test is not defined in some.
    pub fn at_most(&self) -> Claimed {
        if self.exact { Claimed::Possible } else { Claimed::Open }
    }
}

/// What the data sets make of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claimed {
    /// It holds in every pairing of every data set.
    Certain,
    /// It holds in some and not in others.
    Possible,
    /// It holds in none.
    Impossible,
    /// The bounds leave it open whether it holds in all, in some or in none.
    Open,
}

impl Claimed {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Possible => "possible",
            Self::Impossible => "impossible",
            Self::Open => "open",
        }
    }
}

/// What a range of p-values makes of the claim that p is below a level. Where the range is a
/// bracket that need not be attained, only its definite sides count.
pub fn claimed(p: Option<Interval>, alpha: f64, exact: bool) -> Claimed {
    match p {
        // Nothing varies in any pairing, and nothing changes.
        None if exact => Claimed::Impossible,
        None => Claimed::Open,
        Some(p) if p.upper < alpha => Claimed::Certain,
        Some(p) if p.lower >= alpha => Claimed::Impossible,
        Some(_) if exact => Claimed::Possible,
        Some(_) => Claimed::Open,
    }
}
