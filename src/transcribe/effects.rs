//! Effects that a text reports itself: "hazard ratio 0.21 (95 % CI 0.06–0.76, p = 0.017)".

use super::assemble::Assembler;
use super::behind_effects::{OfEffect, Told, compares, method_of, p_behind};
use super::flow::Flow;
use super::names::{BETWEEN, NamedMeasure, is_called_difference, named_measure};
use super::scan::{Form, Found, is_kanji};
use super::sentences::sentence;
use super::table::row;
use crate::numeric::numeral::{Comparison, Expression, Numeral, SpreadName, fold};
use crate::reported::{EffectScale, IntervalMethod, PrintedEstimate, ReportedMeasure};
use std::ops::Range;

/// An effect in a text.
pub(super) struct Effect {
    pub(super) measure: ReportedMeasure,
    /// Whether it is the change of one arm.
    pub(super) of_one_arm: bool,
    /// Whether it may as well be a difference of risks.
    pub(super) is_open: bool,
    pub(super) printed: PrintedEstimate,
    pub(super) se: Option<Numeral>,
    /// How its interval was made, where that is told beside it.
    pub(super) method: Option<IntervalMethod>,
    /// The t or z of its test.
    pub(super) statistic: Option<Numeral>,
    /// The level of its interval.
    pub(super) level: f64,
    pub(super) p: Option<Comparison>,
    /// The places of numbers among its own that are something else: a p of another test, degrees of freedom.
    pub(super) apart: Vec<usize>,
    /// Its characters in the flow, from the name of its measure.
    pub(super) range: Range<usize>,
    /// Where its value begins, and ends.
    pub(super) value_start: usize,
    pub(super) value_end: usize,
    /// How many of the numbers that were found belong to it.
    pub(super) numbers: usize,
}

impl Effect {
    /// Whether it has an interval or a standard error, as those have that are listed behind it.
    fn error_is_told(&self) -> bool {
        self.printed.ends.is_some() || self.se.is_some()
    }
}

impl Assembler<'_, '_> {
    /// Whether nothing but what joins two of a list stands between an effect and a number, so that the number may be the
    /// same of another group: "was −0.6 (95% CI …) with 50 mg and −1.1 (…) with 100 mg", and no "median survival was
    /// 18.1 months (…)".
    pub(super) fn is_listed_behind(&self, before: &Effect, number: &Found) -> bool {
        /// So many words name a group.
        const NAME: usize = 3;
        const DIVIDE: [&str; 9] = ["and", "or", "but", "vs", "versus", "compared", "while", "whereas", "against"];
        const IN_FRONT: [&str; 6] = ["with", "in", "for", "on", "among", "at"];
        const OTHERS: [&str; 24] = [
            "as",
            "to",
            "by",
            "the",
            "a",
            "an",
            "it",
            "was",
            "were",
            "of",
            "respectively",
            "group",
            "groups",
            "arm",
            "dose",
            "mg",
            "points",
            "point",
            "p",
            "群",
            "用量",
            "比",
            "及",
            "並",
        ];
        if before.range.end > number.range.start {
            return false;
        }
        let words = self.said_between(before.range.end..number.range.start);
        let words = words.split(|c: char| !c.is_alphanumeric() || ('\u{3041}'..='\u{309F}').contains(&c));
        // "With drug A and": what stands between a preposition and what divides two of a list names a group.
        let (mut named, mut is_name) = (0, false);
        let joins = words.filter(|word| !word.is_empty()).all(|word| match word {
            word if DIVIDE.contains(&word) => {
                (named, is_name) = (0, false);
                true
            }
            word if IN_FRONT.contains(&word) => {
                is_name = true;
                named == 0
            }
            "of" | "was" | "were" => named == 0,
            word if OTHERS.contains(&word) || word.chars().all(|c| c.is_ascii_digit()) => true,
            _ => {
                named += 1;
                is_name && named <= NAME
            }
        });
        let joins = joins && named == 0;
        joins && (before.measure.scale() != EffectScale::Log || !self.has_unit(number))
    }

    /// Whether a number has a unit or a per cent sign: a ratio has none.
    fn has_unit(&self, number: &Found) -> bool {
        const UNIT: usize = 8;
        let value = match &number.form {
            Form::Number(Expression::Number(value)) => value,
            Form::Result(Expression::Range { center, .. } | Expression::Spread { center, .. }) => center,
            _ => return false,
        };
        let start = number.range.start + value.text().chars().count();
        let behind = fold(&self.flow.text(start..self.flow.chars.len().min(start + UNIT))).to_lowercase();
        let behind = behind.trim_start();
        let word: String = behind.chars().take_while(char::is_ascii_alphabetic).collect();
        let is_joint = ["in", "for", "with", "and", "to", "at", "on", "vs", "versus", "or"].contains(&word.as_str());
        let is_japanese =
            behind.starts_with(|c| is_kanji(c) || ('\u{30A1}'..='\u{30FC}').contains(&c)) || behind.starts_with("か月");
        value.is_percent() || !word.is_empty() && !is_joint || is_japanese
    }
}

/// A quote has no room for more characters.
const LONGEST: usize = 90;

/// So many characters has a p with what joins it.
const P: usize = 16;

/// The effect whose value is the number at a position; none where its words name no measure. What is listed behind
/// another, for another group, is of its measure: "the difference was −0.6 (…) with 50 mg and −1.1 (…) with 100 mg".
/// The text may say that a standard error stands behind its `±`, and whether nothing but what joins two of a list
/// stands behind the one before.
pub(super) fn effect_at(
    flow: &Flow,
    found: &[Found],
    position: usize,
    is_se: bool,
    before: Option<&Effect>,
    goes_on: bool,
) -> Option<Effect> {
    let number = found.get(position)?;
    let (value, ends, se) = value_of(flow, number, is_se)?;
    let before = before.filter(|before| sentence(flow, before.range.start).contains(&number.range.start));
    let listed = || {
        let is_near = |before: &&Effect| before.error_is_told() && before.range.end + BETWEEN >= number.range.start;
        let before = before.filter(|before| goes_on && is_near(before))?;
        let Effect { measure, is_open, of_one_arm, .. } = *before;
        Some(NamedMeasure { measure, start: number.range.start, is_open, of_one_arm })
    };
    let named = measure_in_row(flow, number, &value);
    let is_listed = named.is_none();
    let NamedMeasure { measure, start, is_open, of_one_arm } = named.or_else(listed)?;
    let mut told = Told::of(ends, se, number.range.end);
    told.add_errors(flow, &found[position..]);
    told.add_statistic(flow, found, position);
    // A quote that has no room for a name far in front begins with the value.
    let is_far = told.end + P > start + LONGEST;
    let start = if is_far { number.range.start } else { start };
    // Behind the changes of two arms it is that of their comparison.
    let is_second = before.is_some_and(|of| of_one_arm && of.of_one_arm && of.measure == measure && of.p.is_none());
    let behind = if is_second { &[] } else { found.get(position + told.numbers..).unwrap_or_default() };
    // A change of one arm stands beside the p of a comparison of both: "−1.2 (95% CI −2.0 to −0.4); P=0.46 vs placebo".
    let p = p_behind(flow, behind, told.end, start + LONGEST).filter(|of| !(of_one_arm && compares(flow, of)));
    if let Some(OfEffect { passed, end, .. }) = &p {
        told.apart.extend((*passed > 0).then_some(position + told.numbers));
        told.numbers += passed + 1;
        told.end = *end;
        // "1.7 points (p=0.043; 95% CI: 0.1, 3.3)".
        let behind = &behind[*passed..];
        let next = behind.get(1).map_or(*end, |lower| lower.range.start.max(*end));
        if !fold(&flow.text(*end..next)).contains(')') {
            told.add_interval(flow, behind);
        }
    }
    let Told { ends, se, statistic, level, apart, numbers, end } = told;
    let is_of_verb = !is_listed && said_as_verb(flow, start..number.range.start);
    let of_fall = before.filter(|of| is_listed && is_signed_fall(of, measure));
    let unsigned = value.text().to_owned();
    let said = if of_fall.is_some() { ReportedMeasure::MeanReduction } else { measure };
    let (signed, value, ends) = with_its_sign(said, value, ends, is_of_verb);
    let measure = if of_fall.is_some() { measure } else { signed };
    // The word that is the sign has to stand in the quote.
    let start = of_fall.filter(|_| value.text() != unsigned).map_or(start, |of| of.range.start);
    let all = is_possible(flow, measure, (&value, &ends), number.range.start..end);
    let all = all && !is_vital_sign(flow, start..end, &value, &ends);
    // A number alone beside such a word may be anything.
    let is_listed_with_errors = is_listed && before.is_some_and(|before| before.se.is_some());
    // 群間差は24週（p=0.03）で有意: a time that is called none.
    let is_time = || value.count().is_some() && flow.chars.get(number.range.end) == Some(&'週');
    let is_told = ends.is_some()
        || se.is_some() && is_listed_with_errors
        || !is_listed && (se.is_some() || p.is_some() && !is_time());
    let method = ends.as_ref().and_then(|_| method_of(flow, &(start..end)));
    (all && is_told && end <= start + LONGEST).then(|| Effect {
        measure,
        of_one_arm,
        is_open,
        printed: PrintedEstimate { value, ends, level: None },
        se,
        statistic,
        method,
        level,
        p: p.map(|of| of.p),
        apart,
        range: start..end,
        value_start: number.range.start,
        value_end: number.range.end,
        numbers,
    })
}

/// The measure that words beside a number name; in a table those of its own row, as its header names the column.
fn measure_in_row(flow: &Flow, number: &Found, value: &Numeral) -> Option<NamedMeasure> {
    let own = row(flow, number.range.start);
    named_measure(flow, number, value).filter(|named| own.as_ref().is_none_or(|own| own.contains(&named.start)))
}

/// Whether numbers can be such an effect and its interval, all of which a stretch prints as they are.
fn is_possible(
    flow: &Flow,
    measure: ReportedMeasure,
    (value, ends): (&Numeral, &Option<[Numeral; 2]>),
    printed: Range<usize>,
) -> bool {
    let fits = |number: &Numeral| number.exact().is_ok() && measure.scale().domain().contains(number.value());
    // A power of ten behind the last number is that of all, and a quote has none behind the others.
    let printed = flow.text(printed);
    let is_printed = |number: &Numeral| printed.contains(number.text());
    ends.iter().flatten().chain([value]).all(fits)
        && ends.iter().flatten().all(is_printed)
        && alike_in_power(value, ends)
}

/// Whether "HR 72 (95% CI 68 to 76)" is a heart rate, RR a respiratory rate and OR the time of an operation: units stand
/// behind them, or whole numbers beyond what ratios with so narrow an interval are.
fn is_vital_sign(flow: &Flow, of: Range<usize>, value: &Numeral, ends: &Option<[Numeral; 2]>) -> bool {
    const UNITS: [&str; 8] = ["bpm", "beats", "/min", "per min", "breaths", "min", "mmhg", "回/分"];
    const UNIT: usize = 10;
    /// No ratio is reported so whole from here on, with an interval of which the ends have less than this ratio.
    const WHOLE: f64 = 10.0;
    const NARROW: f64 = 3.0;
    let is_short = ["HR", "RR", "OR"].iter().any(|name| fold(&flow.text(of.start..of.start + 2)) == *name);
    let behind = |at: usize| fold(&flow.text(at..flow.chars.len().min(at + UNIT))).to_lowercase();
    let has_unit = || UNITS.iter().any(|unit| behind(of.end).trim_start_matches([' ', ')', ']']).starts_with(unit));
    let is_narrow = ends.as_ref().is_some_and(|[low, high]| high.value() < NARROW * low.value());
    is_short && (has_unit() || value.is_whole() && value.value() >= WHOLE && is_narrow)
}

/// Whether an effect is a fall with its sign, behind which one of the same measure goes on: "fell by 3.1 kg (95% CI −4.2 to
/// −2.0) with the drug and by 0.4 kg (95% CI −1.5 to 0.7)".
fn is_signed_fall(before: &Effect, measure: ReportedMeasure) -> bool {
    measure == ReportedMeasure::MeanChange && before.printed.value.value() < 0.0
}

/// Whether words name a measure by a verb: "decreased by", "dropped".
fn said_as_verb(flow: &Flow, words: Range<usize>) -> bool {
    let words = fold(&flow.text(words)).to_lowercase();
    words.is_empty() || words.contains(" by")
}

/// A fall whose interval, or whose value behind a verb, bears the sign of the change is a change with that sign: "fell by
/// 3.1 kg (95% CI −4.2 to −2.0)" is one of −3.1.
fn with_its_sign(
    measure: ReportedMeasure,
    value: Numeral,
    ends: Option<[Numeral; 2]>,
    is_of_verb: bool,
) -> (ReportedMeasure, Numeral, Option<[Numeral; 2]>) {
    if measure != ReportedMeasure::MeanReduction {
        return (measure, value, ends);
    }
    if value.decimal().signum() < 0 {
        let measure = if is_of_verb { ReportedMeasure::MeanChange } else { measure };
        return (measure, value, ends);
    }
    let is_outside =
        |value: f64| ends.as_ref().is_some_and(|[lower, upper]| !(lower.value()..=upper.value()).contains(&value));
    let middle = ends.as_ref().map(|[lower, upper]| f64::midpoint(lower.value(), upper.value()));
    // Around 0 both signs lie in the interval, and the middle tells.
    let is_nearer = middle.is_some_and(|middle| (middle + value.value()).abs() < (middle - value.value()).abs() / 4.0);
    let is_turned = !is_outside(-value.value()) && (is_outside(value.value()) || is_nearer);
    let signed = format!("-{}", value.text()).parse::<Numeral>().ok().filter(|_| is_turned && is_plain(&value));
    match signed {
        Some(signed) => (ReportedMeasure::MeanChange, signed, ends),
        None => (measure, value, ends),
    }
}

/// Whether a value and its interval all have a power of ten, or none has.
fn alike_in_power(value: &Numeral, ends: &Option<[Numeral; 2]>) -> bool {
    let has_power = |number: &Numeral| {
        let text = fold(number.text());
        text.contains('×') || text.contains(['万', '億', '千'])
    };
    ends.iter().flatten().all(|end| has_power(end) == has_power(value))
}

/// Whether a number is printed without a sign or words.
fn is_plain(value: &Numeral) -> bool {
    fold(value.text()).starts_with(|c: char| c.is_ascii_digit())
}

/// The value of an effect, with the interval or the standard error that is read with it.
fn value_of(flow: &Flow, number: &Found, is_se: bool) -> Option<(Numeral, Option<[Numeral; 2]>, Option<Numeral>)> {
    match &number.form {
        Form::Number(Expression::Number(value)) => Some((value.clone(), None, None)),
        Form::Result(Expression::Range { center, lower, upper, name: None | Some(SpreadName::Ci) }) => {
            Some((center.clone(), Some([lower.clone(), upper.clone()]), None))
        }
        // "Mean (±SE) … (difference, 2.49±0.76".
        Form::Result(Expression::Spread { center, spread, name }) => {
            let is_error =
                *name == Some(SpreadName::Se) || name.is_none() && is_se && is_called_difference(flow, number);
            is_error.then(|| (center.clone(), None, Some(spread.clone())))
        }
        _ => None,
    }
}
