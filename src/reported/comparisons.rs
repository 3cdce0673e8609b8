//! Which arms of a release are compared, and which can be.

use super::{Arm, ArmPair, Outcome, OutcomeResult, Release};

/// How two comparisons of the same two arms stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArmOrder {
    /// The first arm of one is the first of the other.
    Same,
    /// The first arm of one is the second of the other: their differences have opposite signs.
    Reversed,
}

impl ArmOrder {
    /// How two arms stand to two others; none where they are not the same two.
    ///
    /// ```
    /// use reffect::reported::ArmOrder;
    ///
    /// assert_eq!(ArmOrder::of(["drug", "placebo"], ["placebo", "drug"]), Some(ArmOrder::Reversed));
    /// assert_eq!(ArmOrder::of(["drug", "placebo"], ["drug", "dose-2"]), None);
    /// ```
    pub fn of(arms: [&str; 2], others: [&str; 2]) -> Option<Self> {
        match others {
            _ if arms == others => Some(Self::Same),
            [first, second] if arms == [second, first] => Some(Self::Reversed),
            _ => None,
        }
    }
}

impl Release {
    /// The comparisons of an outcome that the release speaks of, each arm with the one it is compared with: those of
    /// its statements, then those of its reported effects. A subgroup and its whole are no two groups.
    pub fn comparisons<'r>(&'r self, outcome: &'r Outcome) -> Vec<[&'r OutcomeResult; 2]> {
        let of_statements = self.statements.iter().filter(|of| of.outcomes.contains(&outcome.id));
        let of_estimates = self.estimates.iter().filter(|of| of.outcome.as_ref() == Some(&outcome.id));
        let said = of_statements
            .map(|of| (of.arm.as_deref(), of.versus.as_deref()))
            .chain(of_estimates.map(|of| (of.arm.as_deref(), of.versus.as_deref())));
        let mut found: Vec<[&OutcomeResult; 2]> = Vec::new();
        for (arm, versus) in said {
            let Some(versus) = versus.and_then(|versus| outcome.of_arm(versus)) else { continue };
            let is_meant = |row: &&OutcomeResult| match arm {
                Some(arm) => row.arm == arm,
                // One arm is named: every other one was compared with it.
                None => row.arm != versus.arm && self.is_level([&row.arm, &versus.arm]),
            };
            let is_apart = |row: &&OutcomeResult| {
                !self.is_within([&row.arm, &versus.arm]) && !self.is_within([&versus.arm, &row.arm])
            };
            for row in outcome.results.iter().filter(is_meant).filter(is_apart) {
                if found.iter().all(|known| known.map(|of| &of.arm) != [&row.arm, &versus.arm]) {
                    found.push([row, versus]);
                }
            }
        }
        found
    }

    /// The pairs of arms of an outcome that can be compared, in the order of the file. An arm is not compared with its
    /// own subgroups, whose people it has, nor with those of another arm, unless the release does that.
    pub fn pairs_of_arms<'r>(&'r self, outcome: &'r Outcome) -> impl DoubleEndedIterator<Item = ArmPair<'r>> {
        let said = self.comparisons(outcome);
        let is_said = move |arms: [&str; 2]| {
            said.iter().any(|rows| ArmOrder::of(rows.map(|row| row.arm.as_str()), arms).is_some())
        };
        outcome.pairs_of_arms().filter(move |pair| self.is_level(pair.arms()) || is_said(pair.arms()))
    }

    /// The arm among the results of an outcome whose people an arm is a part of.
    pub fn whole_in<'r>(&'r self, outcome: &Outcome, arm: &str) -> Option<&'r str> {
        self.wholes(arm).map(|whole| whole.id.as_str()).find(|whole| outcome.of_arm(whole).is_some())
    }

    /// The arms that an arm is a subgroup of, the nearest first.
    fn wholes<'r>(&'r self, arm: &str) -> impl Iterator<Item = &'r Arm> {
        let whole = |arm: &Arm| self.arm(arm.of.as_deref()?);
        std::iter::successors(self.arm(arm).and_then(whole), move |arm| whole(arm))
    }

    /// Whether both are whole arms, or both are subgroups.
    fn is_level(&self, arms: [&str; 2]) -> bool {
        let [first, second] = arms.map(|arm| self.wholes(arm).count());
        first == second
    }

    /// Whether the first is a subgroup of the second.
    pub(crate) fn is_within(&self, [part, whole]: [&str; 2]) -> bool {
        self.wholes(part).any(|arm| arm.id == whole)
    }
}
