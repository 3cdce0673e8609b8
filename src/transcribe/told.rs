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
            method: effect.method,
            statistic: effect.statistic,
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
    use crate::numeric::numeral::Numeral;
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
            ("HR 0.60 (95% CI 0.42–0.86; linear trend P=.40).", None, &["P=.40 trend"]),
            ("ハザード比0.60（95％信頼区間0.42–0.86、傾向性p=0.40）。", None, &["p=0.40 trend"]),
            ("Pooled OR = 1.52, 95% CI: 1.20–1.93, Egger's p = 0.62.", None, &["p = 0.62 asymmetry"]),
            ("RR 0.60 (95% CI 0.42–0.86; FDR-adjusted P = 0.09).", None, &["P = 0.09 several effects"]),
            ("HR 0.93 (95% CI 0.80–1.08; p<0.001[non-inferiority]).", None, &["p<0.001 non-inferiority"]),
            ("Mean change −1.2 (95% CI −2.0 to −0.4; P=0.46 vs placebo).", None, &[]),
            ("変化量は−1.2（95％信頼区間−2.0～−0.4、プラセボ群との比較p=0.40）であった。", None, &[]),
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

    #[test]
    fn a_p_of_a_list_is_none_of_the_last_effect() {
        for text in [
            "HRs were 0.74 (95% CI 0.60–0.91) and 0.93 (95% CI 0.80–1.08) (p=0.004 and p=0.34, respectively).",
            "HRは0.74（95%CI 0.60–0.91）、0.93（95%CI 0.80–1.08）であった（それぞれp=0.005、p=0.34）。",
        ] {
            let release = draft("t", "t.txt", text).unwrap();
            assert_eq!((release.estimates.len(), release.estimates.iter().filter(|of| of.p.is_some()).count()), (2, 0));
        }
    }

    #[test]
    fn rates_of_the_heart_are_no_ratios() {
        let measures = |text: &str| {
            let estimates = draft("t", "t.txt", text).unwrap().estimates;
            estimates.iter().map(|of| format!("{} {}", of.measure.name(), of.printed())).collect::<Vec<_>>()
        };
        for text in [
            "Mean HR was 72 (95% CI 68–76) bpm, p=0.03.",
            "HR 88 (64–141) bpm",
            "Vital signs: HR 110 (98–128), RR 24 (20–30).",
            "OR time 95 (95% CI 88 to 102) min, p=0.03.",
        ] {
            assert!(measures(text).iter().all(|of| !of.contains("ratio")), "{text}: {:?}", measures(text));
        }
        assert_eq!(measures("OR 12 (95% CI 3 to 48)"), ["odds-ratio 12 (3 to 48)"]);
        // From no effect on, and of which the ends stand in their order.
        assert_eq!(measures("The difference was -1.2 (95% CI -0.3 to -2.1)."), ["mean-difference -1.2 (-2.1 to -0.3)"]);
    }

    #[test]
    fn coefficients_have_the_statistic_of_their_test_and_intervals_their_method() {
        let of = |text: &str| draft("t", "t.txt", text).unwrap().estimates.remove(0);
        for (text, statistic) in [
            ("It rose, b = 0.42, SE = 0.10, t(98) = 4.20, p < .001.", "4.20"),
            ("It rose, b = 0.42 (SE = 0.10), z = 4.2, p < .001.", "4.2"),
            ("| Predictor | B | SE | β | t | p |\n| Age | 0.40 | 0.20 | .12 | 2.00 | 0.047 |", "2.00"),
            (
                "             Estimate  Std. Error  t value  Pr(>|t|)\nage          0.4200    0.1000      4.20     0.000071",
                "4.20",
            ),
        ] {
            let of = of(text);
            assert_eq!(of.statistic.as_ref().map(Numeral::text), Some(statistic), "{text}");
            assert!(of.measure.name() == "regression-coefficient" && of.p.is_some(), "{text}");
        }
        for (text, method) in [
            ("The mean difference in costs was €1204 (bootstrapped 95% CI −312 to 3405).", Some("bootstrap")),
            ("HR 0.08 (95% CI 0.004–0.42; profile likelihood).", Some("profile")),
            ("HR 0.60 (95% CI 0.42–0.86).", None),
        ] {
            assert_eq!(of(text).method.map(|of| of.name()), method, "{text}");
        }
    }

    #[test]
    fn effects_are_drafted_with_their_interval_and_p() {
        let two = "(difference, −5.1 points; 95% CI, −8.0 to −2.2; relative risk, 0.71; 95% CI, 0.55 to 0.92).";
        let of_two = draft("t", "t.txt", &format!("Deaths were fewer {two}")).unwrap().estimates;
        let printed: Vec<String> = of_two.iter().map(|of| format!("{} {}", of.measure.name(), of.printed())).collect();
        assert_eq!(printed, ["mean-difference −5.1 (−8.0 to −2.2)", "risk-ratio 0.71 (0.55 to 0.92)"]);
        for (text, measure, printed, p) in [
            (
                "Relapses: HR 0.21 (95 % CI 0.06–0.76, p = 0.017).",
                "hazard-ratio",
                "0.21 (0.06 to 0.76)",
                Some("p = 0.017"),
            ),
            (
                "(difference, 0.42; 95% confidence interval [CI], 0.03 to 0.81; P=0.03)",
                "mean-difference",
                "0.42 (0.03 to 0.81)",
                Some("P=0.03"),
            ),
            (
                "オッズ比は2.4（95％信頼区間：1.1〜5.2、p=0.03）であった。",
                "odds-ratio",
                "2.4 (1.1 to 5.2)",
                Some("p=0.03"),
            ),
            ("a hazard ratio of 0.62 (95% CI 0.41 to 0.94)", "hazard-ratio", "0.62 (0.41 to 0.94)", None),
            ("The difference was −1.2 points (P = 0.004).", "mean-difference", "−1.2", Some("P = 0.004")),
        ] {
            let release = draft("t", "t.txt", text).unwrap();
            let found: Vec<_> = release
                .estimates
                .iter()
                .map(|of| (of.measure.name(), of.printed(), of.p.as_ref().map(|p| p.text.clone())))
                .collect();
            assert_eq!(found, [(measure, printed.to_owned(), p.map(str::to_owned))], "{text}");
            assert!(release.statements.is_empty() && release.numbers.is_empty(), "{text}: {release:?}");
        }
        let level = |text: &str| draft("t", "t.txt", text).unwrap().estimates[0].interval.as_ref().unwrap().level;
        assert_eq!(level("the difference was 14.0 (90% CI, 2.0 to 26.0; p = 0.055)"), 0.9);
        assert_eq!(level("ハザード比 0.62（99％信頼区間 0.41〜0.94）"), 0.99);
        let measure = |text: &str| draft("t", "t.txt", text).unwrap().estimates[0].measure.name();
        assert_eq!(measure("a difference in medians of −1.5 (95% CI −3.0 to 0.0)"), "median-difference");
        for (text, expected) in [
            ("Response rates: the difference was 14.6% (95% CI 2.0% to 27.0%)", "risk-difference"),
            ("達成率の群間差は14.6%（95%CI 2.0〜27.0）", "risk-difference"),
            ("More were responders: difference 31.2 percentage points, 95% CI 12.3 to 50.1", "risk-difference"),
            ("HbA1c: difference of 0.6 percentage points (95% CI 0.4 to 0.8)", "mean-difference"),
            ("The share fell by 12 percentage points (95% CI 5 to 19)", "mean-reduction"),
            ("The difference was 14.6% (95% CI 2.0% to 27.0%)", "mean-difference"),
            ("HbA1c fell. Treatment difference: -1.3% (95% CI -1.5 to -1.1)", "mean-difference"),
            ("HbA1cの群間差は−0.62%（95%CI −0.85〜−0.39%）", "mean-difference"),
            ("rate of decline of FVC: difference 3.7% (95% CI, 1.3 to 6.1)", "mean-difference"),
            ("左室駆出率の差は4.1%（95%CI 2.0〜6.2）", "mean-difference"),
            ("(mean change -0.3, 95% CI -0.6 to 0.0; p = 0.04)", "mean-change"),
            ("Mean change from baseline was -0.3 points (95% CI -0.6 to 0.0)", "mean-change"),
            ("The mean change was −1.8 (SE 0.2) days", "mean-change"),
            ("difference in mean change from baseline was -0.3 (95% CI -0.6 to 0.0)", "mean-difference"),
            ("The index rose by 8.5 points [95%CI: 5.2, 11.8]", "mean-change"),
            ("132.1mmHgへ、16.4mmHg低下（95%信頼区間14.2～18.6）した", "mean-reduction"),
            ("HbA1c fell by 1.4% (95% CI 1.1 to 1.7)", "mean-reduction"),
            ("Attacks fell by 86 % (95% CI 79 to 91)", "percent-reduction"),
            ("発作は86%減少した（95%CI 79〜91、p<0.001）", "percent-reduction"),
            ("a 54% reduction (95% CI 40 to 64)", "percent-reduction"),
            ("In the old efficacy was 94.7% (95% CI, 66.7 to 99.9)", "percent-reduction"),
            ("(Cohen’s d = 1.05; 95% CI 0.56-1.53; p<0.001)", "standardized-mean-difference"),
            ("Hedges g 0.45 (95% CI 0.10 to 0.80)", "standardized-mean-difference"),
            ("Pearson r = 0.62 (95% CI 0.41 to 0.77; p<0.001)", "correlation"),
            ("as its dose (r=0.62, p<0.001)", "correlation"),
            ("The ratio of means was 0.75 (95% CI 0.61 to 0.92)", "ratio-of-means"),
            ("相対リスク0.71（95%CI 0.55〜0.92）", "risk-ratio"),
            ("差は2.4点（95%信頼区間：0.5, 4.3）", "mean-difference"),
            ("(aOR 1.76, 95% CI 1.19-2.60)", "odds-ratio"),
            ("aHR 0.72 (95% CI 0.55 to 0.94)", "hazard-ratio"),
            ("LSMD, −2.3; 95% CI, −3.4 to −1.2", "mean-difference"),
            ("ETD −2.3 (95% CI −3.4 to −1.2)", "mean-difference"),
            ("GMR 1.42 (95% CI 1.20 to 1.68)", "ratio-of-geometric-means"),
            ("relative risk 0.44 (95 percent confidence interval, 0.21 to 0.93)", "risk-ratio"),
            ("体重変化率の群間差は−9.1％（95%CI −10.4〜−7.8）", "mean-difference"),
            ("Pain fell 2.9 points (95% CI 2.2 to 3.6)", "mean-reduction"),
            ("Pain rose 2.9 points (95% CI 2.2 to 3.6)", "mean-change"),
            ("between-group difference of 2.4 points (95 % CI: 0.5; 4.3)", "mean-difference"),
        ] {
            assert_eq!(measure(text), expected, "{text}");
        }
        let open = draft("t", "t.txt", "The difference was 14.6% (95% CI 2.0% to 27.0%)").unwrap();
        assert!(open.estimates[0].label.en.contains("risk difference"), "{:?}", open.estimates[0].label);
        let se = draft("t", "t.txt", "The mean change was −1.8 (SE 0.2) days").unwrap();
        assert_eq!(se.estimates[0].se.as_ref().map(Numeral::text), Some("0.2"));
        for text in [
            "5 or 6 patients (p = 0.02)",
            "for 3.4 weeks (95% CI 1 to 2)",
            "The difference is in 3 patients.",
            "標準偏差は2.4点（95%信頼区間：0.5, 4.3）",
            "FVC fell by 8.5% (95% CI 5.2 to 11.8)",
            "Pain fell by 2.1 points more than with placebo (95% CI 1.0 to 3.2)",
            "an absolute risk reduction of 3.4% (95% CI 1.0 to 5.8)",
            "A 50% reduction was achieved by 26.6% and 43.3% (p < 0.001)",
            "血圧は149.1mmHgから136.4mmHgへと低下した（p<0.001）。",
            "奏効率は28.3％から55.1％へと有意に上昇した（p=0.002）。",
            "発作は4.1回から1.3回にまで減少（p<0.01）。",
        ] {
            assert!(draft("t", "t.txt", text).unwrap().estimates.is_empty(), "{text}");
        }
    }
}
