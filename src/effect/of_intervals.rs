//! What confidence intervals alone say, where no n makes SDs of them.

use super::between::BetweenContrast;
use super::change::ChangeContrast;
use crate::estimate::{CiMethod, Measure};
use crate::numeric::interval::Interval;
use crate::numeric::rounding::{Rounded, Rounding};
use crate::reported::{Cell, CellForm, SpreadMeaning, USUAL_LEVEL};

/// What stands beside a difference that has its interval by those of the arms.
const BY_INTERVALS: &str = "the interval is made of those of the two arms (Zou & Donner 2008): no n is needed for it";

/// Why nothing else is there.
const WITHOUT_SD: &str =
    "no test and no standardised difference: they need an SD, and an interval gives one only with n";

/// A mean and the ends of its interval.
fn with_interval(cell: &Cell, rounding: Rounding) -> Option<[Rounded; 3]> {
    let CellForm::Pair { center, lower, upper, meaning: SpreadMeaning::Ci95 } = &cell.form else { return None };
    Some([center, lower, upper].map(|number| number.rounded(rounding)))
}

impl ChangeContrast {
    /// Gives a mean change without n the interval that is printed with it, where that is of the level asked for.
    pub(super) fn with_printed_interval(mut self, cell: &Cell, rounding: Rounding) -> Self {
        let Some([_, lower, upper]) = with_interval(cell, rounding).filter(|_| self.level == USUAL_LEVEL) else {
            return self;
        };
        let change = self.estimates.iter_mut().find(|of| of.measure == Measure::Mc && of.ci.is_none());
        if let Some(change) = change {
            change.ci = Some(Interval { lower: lower.value, upper: upper.value });
            change.ci_method = CiMethod::Printed;
            change.notes = vec!["the interval is the printed one".to_owned()];
        }
        self
    }
}

impl BetweenContrast {
    /// Gives a difference without n the interval that follows from those of both arms, where they are of the level
    /// asked for: with the means mᵢ in the intervals lᵢ to uᵢ it goes from MD − √((m₁ − l₁)² + (u₂ − m₂)²) to
    /// MD + √((u₁ − m₁)² + (m₂ − l₂)²).
    ///
    /// Source: Zou & Donner (2008), Stat Med 27:1693, eq. 1 (the method of variance estimates recovery).
    pub(super) fn with_interval_by_those_of_arms(mut self, cells: [&Cell; 2], rounding: Rounding) -> Self {
        let [Some(first), Some(second)] = cells.map(|cell| with_interval(cell, rounding)) else { return self };
        let difference = self.estimates.iter_mut().find(|of| of.measure == Measure::Md && of.ci.is_none());
        let Some((difference, estimate)) =
            difference.filter(|_| self.level == USUAL_LEVEL).and_then(|of| of.estimate.map(|estimate| (of, estimate)))
        else {
            return self;
        };
        let [[mean, lower, upper], [other_mean, other_lower, other_upper]] =
            [first, second].map(|of| of.map(|number| number.value));
        difference.ci = Some(Interval {
            lower: estimate - (mean - lower).hypot(other_upper - other_mean),
            upper: estimate + (upper - mean).hypot(other_mean - other_lower),
        });
        difference.ci_method = CiMethod::Mover;
        difference.notes = vec![BY_INTERVALS.to_owned()];
        self.notes = vec![WITHOUT_SD.to_owned(), BY_INTERVALS.to_owned()];
        self
    }
}
