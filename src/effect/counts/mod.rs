//! Counts: 2×2 tables of two groups, tables of pairs, and events over person-time.
//!
//! | module | what is there |
//! |---|---|
//! | [`two_by_two`] | risk and odds ratio, risk difference, number needed to treat, Fisher's test |
//! | [`score`] | Miettinen and Nurminen's score intervals |
//! | [`person_time`] | rates and their ratio |
//! | [`pairs`] | McNemar's tests, and differences and odds ratios of pairs |

pub mod pairs;
pub mod person_time;
pub mod score;
pub mod two_by_two;

use crate::effect::proportion::{Proportion, ProportionCi};
use crate::estimate::possible_level;
use crate::numeric::dist::normal_critical;
use crate::numeric::interval::Interval;

/// An estimate with intervals by several methods. An end that is infinite has no value. A level that is no share
/// between 0 and 1 leaves no interval, and a note.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Intervals {
    /// The estimate; none where it is not defined.
    pub estimate: Option<f64>,
    /// Each method under its name.
    pub by: Vec<(&'static str, Interval)>,
    /// What is absent and why.
    pub notes: Vec<String>,
}

impl Intervals {
    /// The estimate alone, where the level is no share between 0 and 1.
    fn refused_at(level: f64, estimate: Option<f64>) -> Option<Self> {
        let reason = possible_level(level).err()?;
        Some(Self { estimate, by: Vec::new(), notes: vec![format!("no interval: {reason}")] })
    }

    /// That of a method, where it is defined.
    pub fn by_method(&self, method: &str) -> Option<Interval> {
        self.by.iter().find(|(name, _)| *name == method).map(|(_, interval)| *interval)
    }
}

/// Intervals of the ratio of two counts of which, given their sum, the first is binomial with that ratio as its odds:
/// exact (Clopper–Pearson), mid-p, and that of the log ratio by the delta method (`wald`), where both counts are above
/// 0. None where nothing was counted.
fn of_split(first: u64, second: u64, level: f64) -> Vec<(&'static str, Interval)> {
    let Some(share) = first.checked_add(second).and_then(|all| Proportion::new(first, all).ok()) else {
        return Vec::new();
    };
    let odds = |p: f64| if p >= 1.0 { f64::INFINITY } else { p / (1.0 - p) };
    let by_share = [("exact", ProportionCi::ClopperPearson), ("mid-p", ProportionCi::MidP)];
    let mut found = by_share.map(|(name, method)| (name, share.interval(method, level).map_monotone(odds))).to_vec();
    if first > 0 && second > 0 {
        let (first, second) = (first as f64, second as f64);
        let half = normal_critical(level) * (1.0 / first + 1.0 / second).sqrt();
        found.push(("wald", Interval::around((first / second).ln(), half).exp()));
    }
    found
}
