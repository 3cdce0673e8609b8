//! A part of a release: some of its outcomes, in some of its arms.

use super::{Localized, NumberForm, Release, ReportedEstimate, ReportedNumber};
use std::collections::BTreeSet;

/// The outcomes and arms that are asked for, by their names in the release file; an empty list asks for all.
///
/// A reported effect or a part of a whole may stand among the outcomes, as in `reffect meta`.
///
/// ```
/// use reffect::read::Dataset;
/// use reffect::reported::Chosen;
/// let dataset = Dataset::load("data/nmo-tocilizumab-2014.toml")?;
/// let chosen = Chosen { outcomes: vec!["edss".to_owned()], arms: Vec::new() };
/// let part = chosen.part_of(&dataset.releases()[0]).ok_or("nothing is left")?;
/// assert_eq!(part.outcomes.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Outcomes, reported effects and parts of a whole.
    pub outcomes: Vec<String>,
    /// Arms.
    pub arms: Vec<String>,
}

impl Chosen {
    /// The names that a release has for what can stand among the outcomes.
    pub fn outcomes_of(release: &Release) -> impl Iterator<Item = (&str, &Localized)> {
        let outcomes = release.outcomes.iter().map(|of| (of.id.as_str(), &of.label));
        let estimates = release.estimates.iter().map(|of| (of.id.as_str(), &of.label));
        let numbers = release.numbers.iter().filter(|number| number.is_part());
        outcomes.chain(estimates).chain(numbers.map(|of| (of.id.as_str(), &of.label)))
    }

    /// The release with nothing but what is asked for; none where nothing of it is. A comparison of arms is left where
    /// both are asked for.
    pub fn part_of(&self, release: &Release) -> Option<Release> {
        let mut part = release.clone();
        part.estimates.retain(|estimate| self.has_estimate(release, estimate));
        part.outcomes.retain(|outcome| {
            let of_estimate = |estimate: &ReportedEstimate| {
                self.outcomes.contains(&estimate.id) && estimate.outcome.as_ref() == Some(&outcome.id)
            };
            self.has_outcome(&outcome.id) || part.estimates.iter().any(of_estimate)
        });
        for outcome in &mut part.outcomes {
            outcome.results.retain(|row| self.has_arm(&row.arm));
        }
        if !self.arms.is_empty() {
            part.outcomes.retain(|outcome| !outcome.results.is_empty());
        }
        let is_asked = |number: &ReportedNumber| self.has_outcome(&number.id) && self.has_number(release, number);
        let asked = release.numbers.iter().filter(|number| is_asked(number));
        let wholes: BTreeSet<&str> = asked.flat_map(|number| wholes_of(release, number)).collect();
        let is_whole = |number: &ReportedNumber| wholes.contains(number.id.as_str());
        let is_single = |number: &ReportedNumber| matches!(number.form, NumberForm::Single(_));
        part.numbers.retain(|number| is_asked(number) || is_single(number) || is_whole(number));
        for number in part.numbers.iter_mut().filter(|number| !is_asked(number)) {
            // Wholes are needed by their parts; nothing is drawn of a number that is itself none.
            number.of = None;
            if let NumberForm::Fraction { part, .. } = &number.form {
                number.form = NumberForm::Single(part.clone());
            }
        }
        let is_left =
            !part.outcomes.is_empty() || !part.estimates.is_empty() || part.numbers.iter().any(ReportedNumber::is_part);
        is_left.then_some(part)
    }

    fn has_outcome(&self, id: &str) -> bool {
        self.outcomes.is_empty() || self.outcomes.iter().any(|own| own == id)
    }

    fn has_arm(&self, id: &str) -> bool {
        self.arms.is_empty() || self.arms.iter().any(|own| own == id)
    }

    fn has_estimate(&self, release: &Release, estimate: &ReportedEstimate) -> bool {
        let is_named = self.has_outcome(&estimate.id) || estimate.outcome.iter().any(|of| self.has_outcome(of));
        is_named && release.arms_of(estimate).into_iter().all(|arm| self.has_arm(arm))
    }

    /// Whether a number is a part of an arm that is asked for, or of a part of one.
    fn has_number(&self, release: &Release, number: &ReportedNumber) -> bool {
        let arm = wholes_of(release, number).find(|of| release.arm(of).is_some());
        arm.map_or(self.arms.is_empty(), |arm| self.has_arm(arm))
    }
}

/// The names of what a number is a part of: its whole, the whole of that, and so on.
fn wholes_of<'r>(release: &'r Release, number: &'r ReportedNumber) -> impl Iterator<Item = &'r str> {
    let whole = |of: &&'r str| release.number(of).and_then(|number| number.of.as_deref());
    // No chain of wholes is longer than there are numbers.
    std::iter::successors(number.of.as_deref(), whole).take(release.numbers.len() + 1)
}
