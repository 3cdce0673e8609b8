//! Effects that a text reports itself: "hazard ratio 0.21 (95 % CI 0.06–0.76, p = 0.017)".

use super::flow::Flow;
use super::scan::{Form, Found};
use crate::numeric::numeral::{Comparison, Expression, Numeral, fold, fold_char};
use crate::reported::{PrintedEstimate, ReportedMeasure, USUAL_LEVEL};
use std::ops::Range;

/// An effect in a text.
pub(super) struct Effect {
    pub(super) measure: ReportedMeasure,
    pub(super) printed: PrintedEstimate,
    /// The level of its interval.
    pub(super) level: f64,
    pub(super) p: Option<Comparison>,
    /// Its characters in the flow, from the name of its measure.
    pub(super) range: Range<usize>,
    /// How many of the numbers that were found belong to it.
    pub(super) numbers: usize,
}

/// What texts call measures: names in any case, abbreviations in capitals alone.
const NAMES: [(&str, ReportedMeasure); 31] = [
    ("hazard ratio", ReportedMeasure::HazardRatio),
    ("ハザード比", ReportedMeasure::HazardRatio),
    ("HR", ReportedMeasure::HazardRatio),
    ("odds ratio", ReportedMeasure::OddsRatio),
    ("オッズ比", ReportedMeasure::OddsRatio),
    ("OR", ReportedMeasure::OddsRatio),
    ("rate ratio", ReportedMeasure::RateRatio),
    ("率比", ReportedMeasure::RateRatio),
    ("IRR", ReportedMeasure::RateRatio),
    ("risk ratio", ReportedMeasure::RiskRatio),
    ("relative risk", ReportedMeasure::RiskRatio),
    ("リスク比", ReportedMeasure::RiskRatio),
    ("相対危険", ReportedMeasure::RiskRatio),
    ("RR", ReportedMeasure::RiskRatio),
    ("risk difference", ReportedMeasure::RiskDifference),
    ("リスク差", ReportedMeasure::RiskDifference),
    ("geometric mean ratio", ReportedMeasure::RatioOfGeometricMeans),
    ("ratio of geometric means", ReportedMeasure::RatioOfGeometricMeans),
    ("standardized mean difference", ReportedMeasure::StandardizedMeanDifference),
    ("standardised mean difference", ReportedMeasure::StandardizedMeanDifference),
    ("SMD", ReportedMeasure::StandardizedMeanDifference),
    ("median difference", ReportedMeasure::MedianDifference),
    ("difference in medians", ReportedMeasure::MedianDifference),
    ("difference of medians", ReportedMeasure::MedianDifference),
    ("中央値の差", ReportedMeasure::MedianDifference),
    ("difference in response rates", ReportedMeasure::RiskDifference),
    ("difference in proportions", ReportedMeasure::RiskDifference),
    ("difference", ReportedMeasure::MeanDifference),
    ("群間差", ReportedMeasure::MeanDifference),
    ("correlation", ReportedMeasure::Correlation),
    ("相関係数", ReportedMeasure::Correlation),
];

/// What texts call a confidence interval.
const INTERVALS: [&str; 5] = ["ci", "confidence interval", "信頼区間", "cri", "credible interval"];

/// So many characters may stand between a name and its number, or between a number and its interval.
const BETWEEN: usize = 40;

/// A quote has no room for more characters.
const LONGEST: usize = 90;

/// The effect whose value is the number at a position; none where its words name no measure.
pub(super) fn effect_at(flow: &Flow, found: &[Found], position: usize) -> Option<Effect> {
    let number = found.get(position)?;
    let (measure, start) = measure_before(flow, number.range.start)?;
    let (value, mut interval) = match &number.form {
        Form::Number(Expression::Number(value)) => (value.clone(), None),
        Form::Result(Expression::Range { center, lower, upper, .. }) => {
            (center.clone(), Some([lower.clone(), upper.clone()]))
        }
        _ => return None,
    };
    let (mut numbers, mut level) = (1, USUAL_LEVEL);
    let mut end = number.range.end;
    if interval.is_none()
        && let Some((ends, own, last)) = interval_behind(flow, &found[position..])
    {
        interval = Some(ends);
        level = own;
        numbers += 2;
        end = last;
    }
    let p = found.get(position + numbers).filter(|next| next.range.start < end + BETWEEN / 2).and_then(|next| {
        let between = flow.text(end.min(next.range.start)..next.range.start);
        let is_beside = !between.contains(['.', '。', ')', '）']) && next.range.end <= start + LONGEST;
        match &next.form {
            Form::Probability(p) if is_beside => Some((p.clone(), next.range.end)),
            _ => None,
        }
    });
    if let Some((_, last)) = &p {
        numbers += 1;
        end = *last;
    }
    let fits = |number: &Numeral| number.exact().is_ok() && measure.scale().domain().contains(number.value());
    let all = interval.iter().flatten().chain([&value]).all(fits);
    // A number alone beside such a word may be anything.
    let is_told = interval.is_some() || p.is_some();
    (all && is_told && end <= start + LONGEST).then(|| Effect {
        measure: measured(measure, &value),
        printed: PrintedEstimate { value, ends: interval },
        level,
        p: p.map(|(p, _)| p),
        range: start..end,
        numbers,
    })
}

/// The measure that the words in front of a number name last, and where its name begins.
fn measure_before(flow: &Flow, at: usize) -> Option<(ReportedMeasure, usize)> {
    let begin = at.saturating_sub(BETWEEN);
    let words: Vec<char> = flow.chars[begin..at].iter().map(|c| fold_char(*c)).collect();
    let named = NAMES.iter().filter_map(|(name, measure)| {
        let name: Vec<char> = name.chars().collect();
        let is_same = |(c, named): (&char, &char)| c == named || c.to_ascii_lowercase() == *named;
        let place = words.windows(name.len()).rposition(|window| window.iter().zip(&name).all(is_same))?;
        let is_word = |at: Option<&char>| at.is_some_and(char::is_ascii_alphabetic);
        let cut = is_word(name.first())
            && (is_word(place.checked_sub(1).and_then(|at| words.get(at))) || is_word(words.get(place + name.len())));
        let behind = &words[place + name.len()..];
        let ends = behind.iter().any(|c| c.is_ascii_digit() || matches!(c, '.' | '。' | ';'));
        (!cut && !ends).then_some((place, name.len(), *measure))
    });
    // The name that stands nearest; of names within names the longest.
    let all: Vec<_> = named.collect();
    let is_within = |(place, length, _): &(usize, usize, ReportedMeasure)| {
        let holds = |(other, long, _): &(usize, usize, ReportedMeasure)| {
            other <= place && place + length <= other + long && long > length
        };
        all.iter().any(holds)
    };
    let (place, _, measure) =
        *all.iter().filter(|of| !is_within(of)).max_by_key(|(place, length, _)| place + length)?;
    Some((measure, begin + place))
}

/// The two numbers of an interval behind the first of these, and where it ends.
fn interval_behind(flow: &Flow, found: &[Found]) -> Option<([Numeral; 2], f64, usize)> {
    let [value, lower, upper, ..] = found else { return None };
    let ends = [lower, upper].map(|found| match &found.form {
        Form::Number(Expression::Number(number)) => Some(number.clone()),
        _ => None,
    });
    let [Some(low), Some(high)] = ends else { return None };
    let between = |from: &Found, to: &Found| {
        (to.range.start.saturating_sub(from.range.end) <= BETWEEN)
            .then(|| fold(&flow.text(from.range.end.min(to.range.start)..to.range.start)).to_lowercase())
    };
    let named = between(value, lower)?;
    let is_named = INTERVALS.iter().any(|name| named.contains(name)) && !named.contains(". ");
    let joined = between(lower, upper)?;
    let is_joined = ["-", "to", "~", ",", "から", "and", ""].contains(&joined.trim());
    // "(90% CI", without a number of its own among those that were found.
    let before_sign = named.split('%').next().unwrap_or_default();
    let digits: String = before_sign.chars().rev().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let percent = digits.chars().rev().collect::<String>().parse::<Numeral>().ok().filter(|_| named.contains('%'));
    let level = percent.map_or(USUAL_LEVEL, |percent| percent.value() / 100.0);
    let is_level = (0.5..1.0).contains(&level);
    (is_named && is_level && is_joined && low.decimal() <= high.decimal()).then_some((
        [low, high],
        level,
        upper.range.end,
    ))
}

/// A difference in per cent is one of risks.
fn measured(named: ReportedMeasure, value: &Numeral) -> ReportedMeasure {
    match named {
        ReportedMeasure::MeanDifference if value.is_percent() => ReportedMeasure::RiskDifference,
        named => named,
    }
}
