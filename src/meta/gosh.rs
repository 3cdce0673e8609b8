//! GOSH: the model fitted to every subset of the studies.

use super::deletion::{without_interval, without_moderators};
use super::fit::Model;
use super::problem::{MetaError, Problem};
use crate::numeric::random::Random;

/// Some of the studies, one bit for each: a sample may hold a million subsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members(Box<[u64]>);

impl Members {
    fn of(studies: &[usize], k: usize) -> Self {
        let mut words = vec![0; k.div_ceil(BITS)].into_boxed_slice();
        studies.iter().for_each(|study| words[study / BITS] |= 1 << (study % BITS));
        Self(words)
    }

    /// The studies in ascending order, counted from 0.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len() * BITS).filter(|&study| self.contains(study))
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether a study is among them.
    pub fn contains(&self, study: usize) -> bool {
        self.0.get(study / BITS).is_some_and(|word| word >> (study % BITS) & 1 == 1)
    }
}

const BITS: usize = u64::BITS as usize;

/// The fit of one subset.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Subset {
    /// Which studies are in it.
    pub studies: Members,
    /// The pooled effect.
    pub estimate: f64,
    /// τ².
    pub tau2: f64,
    /// I² in percent.
    pub i2: Option<f64>,
    /// H².
    pub h2: Option<f64>,
    /// Q.
    pub qe: f64,
}

/// All subsets, or a sample of them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Gosh {
    /// The subsets that could be fitted.
    pub subsets: Vec<Subset>,
    /// Whether these are all that there are, but for those without a fit.
    pub exact: bool,
    /// How many subsets could not be fitted.
    pub failed: usize,
}

/// Fits the model to all 2^k − 1 subsets where these are no more than `most`, and otherwise to `most` random
/// ones, in each of which every study is with probability ½.
///
/// Source: Olkin, Dahabreh & Trikalinos (2012), Res Synth Methods 3:214.
///
/// # Errors
/// If there are moderators.
///
/// ```
/// use reffect::meta::{Model, Problem, gosh::gosh};
/// # use reffect::formula::Column;
/// # let frame = reffect::read::read_frame("data/published/bcg.csv")?;
/// # let numbers = |name: &str| match frame.column(name) {
/// #     Some(Column::Numbers(values)) => values.to_vec(),
/// #     _ => Vec::new(),
/// # };
/// # let (yi, vi) = (numbers("yi"), numbers("vi"));
/// // Log risk ratios of 13 trials of BCG: Colditz et al. (1994), JAMA 271:698.
/// let trials = Problem::new(yi, vi)?;
/// let six = trials.subset(&[0, 1, 2, 3, 4, 5]);
/// let all = gosh(&Model::default(), &six, 1000, 1)?;
/// let mean = all.subsets.iter().map(|subset| subset.estimate).sum::<f64>() / all.subsets.len() as f64;
/// // metafor 3.8-1: gosh(rma(yi, vi)) of the first six trials
/// assert!(all.exact && all.subsets.len() == 63 && (mean + 1.003_062_8).abs() < 1e-5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gosh(model: &Model, problem: &Problem, most: usize, seed: u64) -> Result<Gosh, MetaError> {
    without_moderators(problem, "GOSH")?;
    let model = without_interval(model);
    let k = problem.k();
    let exact = k < 60 && 2f64.powi(k as i32) - 1.0 <= most as f64;
    let mut random = Random::seeded(seed);
    let (mut subsets, mut failed) = (Vec::new(), 0);
    for number in 1..=if exact { (1usize << k) - 1 } else { most } {
        let studies: Vec<usize> = if exact {
            (0..k).filter(|study| number >> study & 1 == 1).collect()
        } else {
            (0..k).filter(|_| random.below(2) == 1).collect()
        };
        if studies.is_empty() {
            continue;
        }
        let Ok(fit) = model.fit(&problem.subset(&studies)) else {
            failed += 1;
            continue;
        };
        let (estimate, studies) = (fit.coefficients[0].estimate, Members::of(&studies, k));
        subsets.push(Subset { studies, estimate, tau2: fit.tau2, i2: fit.i2, h2: fit.h2, qe: fit.qe });
    }
    Ok(Gosh { subsets, exact, failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_those_that_were_put_in() {
        let studies = [0, 5, 63, 64, 129];
        let members = Members::of(&studies, 130);
        assert_eq!(members.iter().collect::<Vec<_>>(), studies);
        assert!(members.count() == 5 && members.contains(64) && !members.contains(65) && !members.contains(1000));
    }

    /// A sample of a million subsets of a hundred studies fits into a hundred megabytes.
    #[test]
    fn subsets_take_little_room() {
        assert!(size_of::<Subset>() <= 80);
    }
}
