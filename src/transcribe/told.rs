//! What a text tells itself: effects with their intervals, and what its probabilities are about.

use super::claims::claim;
use super::compared::OfGroups;
use super::draft::Drafted;
use super::occasions::Time;
use super::scan::{Form, Found};
use crate::check::provenance::TO_DO;
use crate::reported::{Localized, ReportedEstimate, ReportedInterval, Statement};
use std::ops::Range;

impl Drafted<'_> {
    /// What the words around a probability claim.
    pub(super) fn statement(&mut self, number: &Found, around: Range<usize>) {
        let Form::Probability(p) = &number.form else { return };
        let passage = self.passage(number.range.clone());
        let compared = self.compared.iter().find(|(start, _)| *start == number.range.start);
        let compared = compared.and_then(|(_, names)| Some([self.known_arm(&names[0])?, self.known_arm(&names[1])?]));
        let (arm, versus) = compared.map(|[arm, versus]| (arm, versus)).unzip();
        self.release.statements.push(Statement {
            claim: claim(self.flow, &number.range, around),
            label: Localized::same(format!("{TO_DO}: what the probability is about")),
            outcomes: Vec::new(),
            arm,
            versus,
            occasion: None,
            p: Some(p.clone()),
            passage,
        });
    }

    pub(super) fn estimate(&mut self, of: OfGroups) {
        let OfGroups { effect, group, versus, time, .. } = of;
        let passage = self.passage(effect.range);
        let mut name = effect.measure.in_words();
        if effect.is_open {
            name.push_str(", or of shares a risk difference,");
        }
        let known = |group: Option<String>| self.known_arm(group.as_ref()?);
        let (arm, versus) = match (known(group), known(versus)) {
            (Some(arm), Some(versus)) => (Some(arm), Some(versus)),
            (Some(arm), None) if effect.of_one_arm => (Some(arm), None),
            _ => (None, None),
        };
        let plain = ReportedEstimate::new(effect.measure, effect.printed);
        self.release.estimates.push(ReportedEstimate {
            id: format!("estimate-{}", self.release.estimates.len() + 1),
            label: Localized::same(format!("{TO_DO}: {name} of what, and between whom")),
            interval: plain.interval.map(|of| ReportedInterval { level: effect.level, ..of }),
            se: effect.se,
            p: effect.p,
            arm,
            versus,
            occasion: time.map(Time::id),
            passage,
            ..plain
        });
    }

    /// The arm of a group that has results.
    fn known_arm(&self, group: &String) -> Option<String> {
        self.groups.contains(group).then(|| self.arm(Some(group)))
    }
}
