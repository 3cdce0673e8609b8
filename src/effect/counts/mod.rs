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

use crate::numeric::interval::Interval;

/// An estimate with intervals by several methods. An end that is infinite has no value.
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
    /// That of a method, where it is defined.
    pub fn by_method(&self, method: &str) -> Option<Interval> {
        self.by.iter().find(|(name, _)| *name == method).map(|(_, interval)| *interval)
    }
}
