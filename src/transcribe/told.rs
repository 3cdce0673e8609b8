//! What a text tells itself: effects with their intervals, and what its probabilities are about.

use super::claims::{claim, claim_in_words, other_test};
use super::compared::OfGroups;
use super::draft::Drafted;
use super::occasions::Time;
use super::scan::{Form, Found};
use super::sentences::sentence;
use crate::check::Status;
use crate::check::provenance::{TO_DO, numbers_in_quotes};
use crate::numeric::numeral::Expression;
use crate::reported::{Cell, CellForm, Claim, Localized, ReportedEstimate, ReportedInterval, Statement};
use std::collections::BTreeMap;
use std::ops::Range;

impl Drafted<'_> {
    /// What the words around a probability claim.
    pub(super) fn statement(&mut self, number: &Found, around: Range<usize>) {
        let Form::Probability(p) = &number.form else { return };
        let passage = self.passage(number.range.clone());
        let compared = self.compared.iter().find(|(start, _)| *start == number.range.start);
        let compared = compared.and_then(|(_, names)| Some([self.known_arm(&names[0])?, self.known_arm(&names[1])?]));
        let (arm, versus) = compared.map(|[arm, versus]| (arm, versus)).unzip();
        let other = other_test(self.flow, &number.range);
        let of_margin = other.as_ref().is_some_and(|other| other.is_of_margin);
        let test = other.map(|other| format!(" (it is that of a test of {})", other.name)).unwrap_or_default();
        self.release.statements.push(Statement {
            claim: if of_margin { Claim::Other } else { claim(self.flow, &number.range, around) },
            label: Localized::same(format!("{TO_DO}: what the probability is about{test}")),
            outcomes: Vec::new(),
            arm,
            versus,
            between: Vec::new(),
            occasion: None,
            p: Some(p.clone()),
            passage,
        });
    }

    /// Claims of significance that a sentence with numbers makes without a probability: "fell significantly", 有意に減少.
    pub(super) fn claims_in_words(&mut self, found: &[Found]) {
        let mut sentences: BTreeMap<usize, (Range<usize>, bool)> = BTreeMap::new();
        for number in found {
            let own = sentence(self.flow, number.range.start);
            let known = sentences.entry(own.start).or_insert((own, false));
            known.1 |= matches!(number.form, Form::Probability(_));
        }
        let without_p = sentences.into_values().filter(|(_, has_p)| !has_p);
        for (range, claim) in without_p.filter_map(|(own, _)| claim_in_words(self.flow, own)) {
            let passage = self.passage(range);
            self.release.statements.push(Statement {
                claim,
                label: Localized::same(format!("{TO_DO}: of which outcome this is said")),
                outcomes: Vec::new(),
                arm: None,
                versus: None,
                between: Vec::new(),
                occasion: None,
                p: None,
                passage,
            });
        }
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

    /// Takes back the minus of the falls of an outcome where no word of a quote tells one, and says that they have
    /// none.
    pub(super) fn tell_signs(&mut self) {
        let has_fallen = |place: &usize| self.fallen.iter().any(|(of, _)| of == place);
        if self.fallen.is_empty() {
            return;
        }
        let checks = numbers_in_quotes(&self.release).into_iter().filter(|check| check.status == Status::Fail);
        let untold: Vec<(String, String)> = checks.filter_map(|check| Some((check.subject, check.found?))).collect();
        for place in (0..self.release.outcomes.len()).filter(has_fallen).collect::<Vec<_>>() {
            let printed: Vec<&str> =
                self.fallen.iter().filter(|(of, _)| *of == place).map(|(_, text)| text.as_str()).collect();
            let outcome = &mut self.release.outcomes[place];
            let changes = || outcome.results.iter().flat_map(|result| &result.changes).map(|(_, cell)| cell);
            let is_untold = |cell: &Cell| {
                untold.iter().any(|(text, quote)| *text == cell.text && *quote == cell.passage.quote)
                    || printed.contains(&cell.text.as_str())
            };
            if !changes().any(is_untold) {
                continue;
            }
            outcome.results.iter_mut().flat_map(|result| &mut result.changes).for_each(|(_, cell)| {
                without_minus(cell, &printed);
            });
            let label = format!("{} (a fall is printed without its sign, which is to be written)", outcome.label.en);
            outcome.label = Localized::same(label);
        }
    }

    /// The arm of a group that has results.
    fn known_arm(&self, group: &String) -> Option<String> {
        self.groups.contains(group).then(|| self.arm(Some(group)))
    }
}

/// Makes the text of a change again what it is in print, without the minus that was put in front.
fn without_minus(cell: &mut Cell, printed: &[&str]) {
    let plain = cell.text.strip_prefix('-').filter(|plain| printed.contains(plain)).map(str::to_owned);
    if let Some(plain) = plain
        && let CellForm::PlusMinus { center, .. } = &mut cell.form
        && let Ok(Expression::Spread { center: of_print, .. }) = plain.parse()
    {
        *center = of_print;
        cell.text = plain;
    }
}

#[cfg(test)]
mod tests {
    use crate::reported::Claim;
    use crate::transcribe::draft;

    #[test]
    fn claims_without_a_probability_are_drafted() {
        for (text, expected) in [
            ("The relapse rate fell significantly from 2.9 ± 1.1 to 0.4 ± 0.8.", Some(Claim::Significant)),
            ("年間再発率は2.9±1.1から0.4±0.8へ有意に減少した。", Some(Claim::Significant)),
            ("2.9±1.1回から0.4±0.8回に有意に減少し、7名中5名が再発しませんでした。", Some(Claim::Significant)),
            ("EDSSは5.1±1.7から4.1±1.6となったが有意差は認められなかった。", Some(Claim::NotSignificant)),
            ("Fatigue did not change significantly (6.1 ± 2.0 to 3.0 ± 1.4).", Some(Claim::NotSignificant)),
            // The probability says more, and there are other senses of the word.
            ("The relapse rate fell significantly from 2.9 ± 1.1 to 0.4 ± 0.8 (p < 0.005).", None),
            ("There is a significant unmet need of 4,000 patients.", None),
            ("約4,000人の患者にとって有意義な結果である。", None),
            ("The difference was significant.", None),
        ] {
            let release = draft("t", "t.txt", text);
            let claims: Vec<Claim> = release
                .map(|of| of.statements.iter().filter(|of| of.p.is_none()).map(|of| of.claim).collect())
                .unwrap_or_default();
            assert_eq!(claims.first().copied(), expected, "{text}");
        }
    }

    #[test]
    fn the_p_of_another_test_is_none_of_the_effect() {
        for (text, of_effect, others) in [
            ("HR 0.97 (95% CI 0.85–1.11; p<0.001 for non-inferiority).", None, &["p<0.001 non-inferiority"] as &[&str]),
            (
                "HR 0.97 (95% CI 0.85–1.11; p<0.001 for noninferiority; p=0.65 for superiority).",
                Some("p=0.65"),
                &["p<0.001 non-inferiority"],
            ),
            (
                "HR 0.97 (95% CI 0.85–1.11; p=0.65 for superiority; P<0.001 for noninferiority).",
                Some("p=0.65"),
                &["P<0.001 non-inferiority"],
            ),
            ("ハザード比0.97（95％信頼区間0.85～1.11、非劣性p<0.001）", None, &["p<0.001 non-inferiority"]),
            ("HR 0.97 (95% CI 0.85–1.11; P<0.001 for equivalence).", None, &["P<0.001 equivalence"]),
            ("HR 0.97 (95% CI 0.85–1.11; P=0.45 for interaction).", None, &["P=0.45 interaction"]),
            ("HR 0.97 (95% CI 0.85–1.11; p=0.65).", Some("p=0.65"), &[]),
        ] {
            let release = draft("t", "t.txt", text).unwrap();
            let p = release.estimates[0].p.as_ref().map(|p| p.text.as_str());
            assert_eq!((release.estimates.len(), p), (1, of_effect), "{text}");
            let statements: Vec<String> = release
                .statements
                .iter()
                .filter_map(|of| {
                    let test = of.label.en.split("a test of ").nth(1)?.trim_end_matches(')');
                    Some(format!("{} {test}", of.p.as_ref()?.text))
                })
                .collect();
            assert_eq!(statements, others, "{text}");
        }
    }
}
