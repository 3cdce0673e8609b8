//! Effects in running text, as medicine prints them: "hazard ratio, 0.74; 95% CI, 0.65 to 0.85; P<0.001".

use super::Status;
use super::effect_itself::of_itself;
use super::precision::has_other_arms;
use super::prose::mentions_one_side;
use super::prose_places::Places;
use super::reported_test::Tails;
use super::table::RowVerdict;
use crate::effect::reported::DegreesOfFreedom;
use crate::numeric::format::level_text;
use crate::numeric::numeral::{Comparison, Relation};
use crate::numeric::rounding::Rounding;
use crate::reported::{IntervalMethod, Release, ReportedEstimate, USUAL_LEVEL};
use std::borrow::Cow;

/// An effect that a text reports.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintedEffect {
    /// The line on which its value stands, counted from 1.
    pub line: u64,
    /// The effect in a few words, its numbers as they are printed.
    pub text: String,
    /// The effect.
    pub reported: ReportedEstimate,
    /// Whether other arms than two are compared in the text.
    pub is_one_of_several: bool,
    /// Whether the text speaks of one-sided tests anywhere.
    pub is_one_sided_elsewhere: bool,
}

/// The effects among those that were read from a text that can be judged by themselves: with an interval, or with a
/// standard error and a p or the statistic of their test.
///
/// ```
/// use reffect::check::prose_effects::effects_of;
/// use reffect::transcribe::draft;
///
/// // DAPA-HF (McMurray et al. 2019, N Engl J Med 381:1995), with a digit of the interval changed.
/// let text = "Fewer had an event (hazard ratio, 0.74; 95% CI, 0.65 to 0.95; P<0.001).";
/// let draft = draft("trial", "trial.txt", text).ok_or("there is text")?;
/// let [effect] = &effects_of(&draft, text)[..] else { return Err("one effect".into()) };
/// assert_eq!((effect.line, effect.text.as_str()), (1, "hazard ratio 0.74 (0.65 to 0.95), P<0.001"));
/// assert_eq!(effect.judge(Default::default()).interval, Some(false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn effects_of(draft: &Release, text: &str) -> Vec<PrintedEffect> {
    let is_one_sided_elsewhere = mentions_one_side(text);
    let places = Places::of(text);
    // How its intervals are made, a text says once, among its methods.
    let small = text.to_lowercase();
    let is_resampled = ["bootstrap", "ブートストラップ"].iter().any(|word| small.contains(word));
    let are_profiles = || ["profile likelihood", "profile-likelihood"].iter().any(|word| small.contains(word));
    let resampled = match is_resampled {
        true => Some(IntervalMethod::Bootstrap),
        false => are_profiles().then_some(IntervalMethod::Profile),
    };
    let judged = draft
        .estimates
        .iter()
        .filter(|of| of.interval.is_some() || of.se.is_some() && (of.p.is_some() || of.statistic.is_some()));
    judged
        .map(|reported| PrintedEffect {
            line: places.line(&reported.passage, reported.value.text()) as u64,
            text: in_words(reported),
            reported: ReportedEstimate { method: reported.method.or(resampled), ..reported.clone() },
            is_one_of_several: has_other_arms(draft, reported),
            is_one_sided_elsewhere,
        })
        .collect()
}

fn in_words(reported: &ReportedEstimate) -> String {
    let interval = reported.interval.as_ref().map(|of| match of.level == USUAL_LEVEL {
        true => format!(" ({} to {})", of.lower, of.upper),
        false => format!(" ({} CI {} to {})", level_text(of.level), of.lower, of.upper),
    });
    let se = reported.se.as_ref().map(|se| format!(", SE {se}"));
    let statistic = reported.statistic.as_ref().map(|statistic| format!(", statistic {statistic}"));
    // Below "P value" a table prints "<0.001" and "0.03".
    let p = reported.p.as_ref().map(|p| match p.text.starts_with(char::is_alphabetic) {
        true => format!(", {}", p.text),
        false if p.text.starts_with(|c: char| c.is_ascii_digit() || c == '.') => format!(", p={}", p.text),
        false => format!(", p{}", p.text),
    });
    let more: String = [interval, se, statistic, p].into_iter().flatten().collect();
    format!("{} {}{more}", reported.measure.in_words(), reported.value)
}

/// An effect whose p is not below 0: programs print `p<0.000` for `p=0.000`.
fn above_zero(reported: &ReportedEstimate) -> Cow<'_, ReportedEstimate> {
    let is_below = |p: &&Comparison| p.relation == Relation::Less && p.bound.value() == 0.0;
    let Some(p) = reported.p.as_ref().filter(is_below) else { return Cow::Borrowed(reported) };
    let p = Comparison { relation: Relation::Equal, ..p.clone() };
    Cow::Owned(ReportedEstimate { p: Some(p), ..reported.clone() })
}

impl PrintedEffect {
    /// The verdicts on it: `interval` and `p-value`, by the rules of effects in tables of which nothing else is known. A
    /// one-sided p is one where the text speaks of one-sided tests.
    pub fn judge(&self, rounding: Rounding) -> RowVerdict {
        let df = DegreesOfFreedom::of(self.reported.measure, &[]);
        let reported = above_zero(&self.reported);
        let of = |tails| of_itself(&reported, df, self.is_one_of_several, tails, rounding);
        let mut verdict = RowVerdict::default();
        for (code, (status, told)) in of(None) {
            let is_one_sided = || {
                let passes = |(other, (status, _)): &(&str, _)| *other == code && *status == Status::Pass;
                self.is_one_sided_elsewhere && of(Some(Tails::One)).iter().any(passes)
            };
            let (status, told) = match code == "p-value" && status != Status::Pass && is_one_sided() {
                true => (Status::Pass, "one-sided, as the text says elsewhere; two-sided it would not fit".to_owned()),
                false => (status, told),
            };
            verdict.add_of_effect(code, (status, told), &self.reported);
        }
        verdict
    }
}
