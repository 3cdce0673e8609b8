//! Counts of two groups, and the effects that they give.

use super::problem::MetaError;
use crate::diagnostic::named;

/// What is pooled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CountMeasure {
    /// Log odds ratio.
    Or,
    /// Log risk ratio.
    Rr,
    /// Risk difference.
    Rd,
    /// Log rate ratio.
    Irr,
    /// Rate difference.
    Ird,
}

impl CountMeasure {
    /// Whether it takes person-time instead of numbers of patients.
    pub fn is_rate(self) -> bool {
        matches!(self, Self::Irr | Self::Ird)
    }
}

named!(CountMeasure, "measure of counts that are pooled", [Or "OR", Rr "RR", Rd "RD", Irr "IRR", Ird "IRD"]);

/// Counts of one study: events and size (patients or person-time) of both groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counts {
    /// Events in group 1.
    pub events1: f64,
    /// Patients or person-time of group 1.
    pub size1: f64,
    /// Events in group 2.
    pub events2: f64,
    /// Patients or person-time of group 2.
    pub size2: f64,
}

impl Counts {
    /// Whether nothing is below 0, nobody is missing, and no more events than patients are counted; events over
    /// person-time have no such bound.
    pub fn is_possible(&self, is_rate: bool) -> bool {
        let is_number = |value: f64| value.is_finite() && value >= 0.0;
        let within = |events: f64, size: f64| is_number(events) && is_number(size) && (is_rate || events <= size);
        within(self.events1, self.size1) && within(self.events2, self.size2) && self.size1 > 0.0 && self.size2 > 0.0
    }

    /// "4 of 22 and 0 of 30".
    pub fn told(self) -> String {
        format!("{} of {} and {} of {}", self.events1, self.size1, self.events2, self.size2)
    }

    pub(super) fn total(self) -> f64 {
        self.size1 + self.size2
    }

    pub(super) fn events(self) -> f64 {
        self.events1 + self.events2
    }

    /// The cells of the 2×2 table.
    pub(super) fn cells(self) -> [f64; 4] {
        [self.events1, self.size1 - self.events1, self.events2, self.size2 - self.events2]
    }

    /// With `add` events in each cell where a cell is empty; for rates, in both counts of events. Usual is ½.
    pub fn corrected(self, measure: CountMeasure, add: f64) -> Self {
        let is_empty =
            if measure.is_rate() { self.events1 == 0.0 || self.events2 == 0.0 } else { self.cells().contains(&0.0) };
        if !is_empty {
            return self;
        }
        let patients = if measure.is_rate() { 0.0 } else { 2.0 * add };
        Self {
            events1: self.events1 + add,
            size1: self.size1 + patients,
            events2: self.events2 + add,
            size2: self.size2 + patients,
        }
    }

    /// The effect of this study and its sampling variance, infinite or no number where an empty cell leaves none.
    ///
    /// Source: Fleiss & Berlin (2009) in Cooper, Hedges & Valentine, The Handbook of Research Synthesis, chapter 13.
    ///
    /// ```
    /// use reffect::meta::mantel_haenszel::{CountMeasure, Counts};
    /// let none_of_30 = Counts { events1: 4.0, size1: 22.0, events2: 0.0, size2: 30.0 };
    /// let (yi, vi) = none_of_30.corrected(CountMeasure::Or, 0.5).effect(CountMeasure::Or);
    /// // metafor 3.8-1: escalc(measure = "OR", ai = 4, n1i = 22, ci = 0, n2i = 30)
    /// assert!((yi - 2.697_180_528_865_307).abs() < 1e-12 && (vi - 2.309_063_161_522_178).abs() < 1e-12);
    /// ```
    pub fn effect(self, measure: CountMeasure) -> (f64, f64) {
        let [a, b, c, d] = self.cells();
        let (p1, p2) = (a / self.size1, c / self.size2);
        match measure {
            CountMeasure::Or => ((a * d / (b * c)).ln(), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d),
            CountMeasure::Rr => ((p1 / p2).ln(), 1.0 / a - 1.0 / self.size1 + 1.0 / c - 1.0 / self.size2),
            CountMeasure::Rd => (p1 - p2, p1 * (1.0 - p1) / self.size1 + p2 * (1.0 - p2) / self.size2),
            CountMeasure::Irr => ((p1 / p2).ln(), 1.0 / a + 1.0 / c),
            CountMeasure::Ird => (p1 - p2, a / (self.size1 * self.size1) + c / (self.size2 * self.size2)),
        }
    }
}

/// That counts are possible ones.
pub(super) fn check(counts: &[Counts], measure: CountMeasure) -> Result<(), MetaError> {
    if counts.is_empty() {
        return Err(MetaError::NoStudies);
    }
    match counts.iter().position(|c| !c.is_possible(measure.is_rate())) {
        Some(at) => {
            let message = format!("study {}: the counts are impossible: {}", at + 1, counts[at].told());
            Err(MetaError::Option(message))
        }
        None => Ok(()),
    }
}
