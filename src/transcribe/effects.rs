//! Effects that a text reports itself: "hazard ratio 0.21 (95 % CI 0.06–0.76, p = 0.017)".

use super::assemble::Assembler;
use super::claims::other_test;
use super::flow::Flow;
use super::named::{with_short_unit, without_per};
use super::names::{BETWEEN, NamedMeasure, is_called_difference, named_measure};
use super::scan::{Form, Found, is_kanji};
use super::sentences::sentence;
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::{Comparison, Expression, Numeral, SpreadName, fold, fold_char};
use crate::reported::{EffectScale, PrintedEstimate, ReportedMeasure, USUAL_LEVEL};
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
    /// The level of its interval.
    pub(super) level: f64,
    pub(super) p: Option<Comparison>,
    /// The place of a p that stands in front of it and is of another test.
    pub(super) of_other_test: Option<usize>,
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

/// What texts call a confidence interval.
const INTERVALS: [&str; 5] = ["ci", "confidence interval", "信頼区間", "cri", "credible interval"];

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
    let named = named_measure(flow, number, &value);
    let is_listed = named.is_none();
    let NamedMeasure { measure, start, is_open, of_one_arm } = named.or_else(listed)?;
    let mut told = Told { ends, se, level: USUAL_LEVEL, numbers: 1, end: number.range.end };
    told.add_errors(flow, &found[position..]);
    // A quote that has no room for a name far in front begins with the value.
    let is_far = told.end + P > start + LONGEST;
    let start = if is_far { number.range.start } else { start };
    // Behind the changes of two arms it is that of their comparison.
    let is_second = before.is_some_and(|of| of_one_arm && of.of_one_arm && of.measure == measure && of.p.is_none());
    let behind = if is_second { &[] } else { found.get(position + told.numbers..).unwrap_or_default() };
    let p = p_behind(flow, behind, told.end, start + LONGEST);
    let mut of_other_test = None;
    if let Some(OfEffect { passed, end, .. }) = &p {
        of_other_test = (*passed > 0).then_some(position + told.numbers);
        told.numbers += passed + 1;
        told.end = *end;
        // "1.7 points (p=0.043; 95% CI: 0.1, 3.3)".
        let behind = &behind[*passed..];
        let next = behind.get(1).map_or(*end, |lower| lower.range.start.max(*end));
        if !fold(&flow.text(*end..next)).contains(')') {
            told.add_interval(flow, behind);
        }
    }
    let Told { ends, se, level, numbers, end } = told;
    let is_of_verb = !is_listed && said_as_verb(flow, start..number.range.start);
    let of_fall = before.filter(|of| is_listed && is_signed_fall(of, measure));
    let unsigned = value.text().to_owned();
    let said = if of_fall.is_some() { ReportedMeasure::MeanReduction } else { measure };
    let (signed, value, ends) = with_its_sign(said, value, ends, is_of_verb);
    let measure = if of_fall.is_some() { measure } else { signed };
    // The word that is the sign has to stand in the quote.
    let start = of_fall.filter(|_| value.text() != unsigned).map_or(start, |of| of.range.start);
    let fits = |number: &Numeral| number.exact().is_ok() && measure.scale().domain().contains(number.value());
    let all = ends.iter().flatten().chain([&value]).all(fits);
    // A power of ten behind the last number is that of all, and a quote has none behind the others.
    let printed = flow.text(number.range.start..end);
    let is_printed = |number: &Numeral| printed.contains(number.text());
    let all = all && ends.iter().flatten().all(is_printed) && alike_in_power(&value, &ends);
    // A number alone beside such a word may be anything.
    let is_listed_with_errors = is_listed && before.is_some_and(|before| before.se.is_some());
    // 群間差は24週（p=0.03）で有意: a time that is called none.
    let is_time = || value.count().is_some() && flow.chars.get(number.range.end) == Some(&'週');
    let is_told = ends.is_some()
        || se.is_some() && is_listed_with_errors
        || !is_listed && (se.is_some() || p.is_some() && !is_time());
    (all && is_told && end <= start + LONGEST).then(|| Effect {
        measure,
        of_one_arm,
        is_open,
        printed: PrintedEstimate { value, ends, level: None },
        se,
        level,
        p: p.map(|of| of.p),
        of_other_test,
        range: start..end,
        value_start: number.range.start,
        value_end: number.range.end,
        numbers,
    })
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

/// What is told of the error of an effect, how many numbers it takes with its value, and where they end.
struct Told {
    ends: Option<[Numeral; 2]>,
    se: Option<Numeral>,
    level: f64,
    numbers: usize,
    end: usize,
}

impl Told {
    /// Adds the standard error and the interval behind the first of these numbers.
    fn add_errors(&mut self, flow: &Flow, found: &[Found]) {
        if self.ends.is_none()
            && self.se.is_none()
            && let Some((own, last)) = error_behind(flow, found)
        {
            self.se = Some(own);
            self.numbers += 1;
            self.end = last;
        }
        self.add_interval(flow, &found[self.numbers - 1..]);
    }

    /// Adds the interval behind the first of these numbers, where none is known.
    fn add_interval(&mut self, flow: &Flow, found: &[Found]) {
        if self.ends.is_none()
            && let Some((ends, own, last)) =
                interval_behind(flow, found).or_else(|| unnamed_interval_behind(flow, found))
        {
            self.ends = Some(ends);
            self.level = own;
            self.numbers += 2;
            self.end = last;
        }
    }
}

/// The p of an effect.
struct OfEffect {
    p: Comparison,
    /// How many of another test stand in front of it.
    passed: usize,
    /// Where it ends.
    end: usize,
}

/// The p among the numbers behind an effect that is of its test against none: "P<0.001 for noninferiority; P=0.43 for
/// superiority".
fn p_behind(flow: &Flow, behind: &[Found], end: usize, last: usize) -> Option<OfEffect> {
    let first = behind.first()?;
    let (p, of_first) = p_beside(flow, first, end, last)?;
    let Some(other) = other_test(flow, &first.range) else { return Some(OfEffect { p, passed: 0, end: of_first }) };
    let second = behind.get(1).filter(|second| other_test(flow, &second.range).is_none())?;
    let (p, end) = p_beside(flow, second, other.end, last)?;
    Some(OfEffect { p, passed: 1, end })
}

/// The probability that stands right behind a place, and where it ends; none beyond another place.
fn p_beside(flow: &Flow, next: &Found, end: usize, last: usize) -> Option<(Comparison, usize)> {
    let between = flow.text(end.min(next.range.start)..next.range.start);
    let is_near = next.range.start < end + BETWEEN / 2 && next.range.end <= last;
    match &next.form {
        Form::Probability(p) if is_near && !between.contains(['.', '。', ')', '）']) => {
            Some((p.clone(), next.range.end))
        }
        _ => None,
    }
}

/// The standard error behind the first of these, and where it ends: "−4.0, SE 1.69", "-1.2 (SE 0.4; 95% CI …".
fn error_behind(flow: &Flow, found: &[Found]) -> Option<(Numeral, usize)> {
    const NAMES: [&str; 5] = ["se", "s.e.", "sem", "standard error", "標準誤差"];
    let [value, error, ..] = found else { return None };
    let Form::Number(Expression::Number(number)) = &error.form else { return None };
    if error.range.start.saturating_sub(value.range.end) > BETWEEN {
        return None;
    }
    let between = fold(&flow.text(value.range.end.min(error.range.start)..error.range.start)).to_lowercase();
    let mut clauses = between.rsplit(['(', '[', ',', ';', '、']);
    let name = clauses.next()?.trim_end_matches(['=', ':', ' ']).trim_start();
    // Between the value and the bracket stands no more than its unit.
    let is_beside =
        clauses.all(|clause| without_per(clause).split_whitespace().count() <= 2 && !clause.contains(['.', '。', ')']));
    let is_error = NAMES.contains(&name) && is_beside && number.decimal().signum() >= 0 && !number.is_percent();
    is_error.then(|| (number.clone(), error.range.end))
}

/// The two numbers of an interval behind the first of these, its level, and where it ends.
pub(super) fn interval_behind(flow: &Flow, found: &[Found]) -> Option<([Numeral; 2], f64, usize)> {
    let (ends, named, end) = ends_behind(flow, found)?;
    Some((ends, level_named(&named)?, end))
}

/// The same behind an effect, where nothing names the interval: "(relative risk 0.87, 0.68 to 1.12)".
fn unnamed_interval_behind(flow: &Flow, found: &[Found]) -> Option<([Numeral; 2], f64, usize)> {
    let ([low, high], named, end) = ends_behind(flow, found)?;
    let [value, lower, upper, ..] = found else { return None };
    let is_one = is_in_one_bracket(flow, value.range.start, end) && lies_between(value, &low, &high);
    let divides = [",", ";"].contains(&named.trim()) && ["-", "to", "~"].contains(&joins(flow, lower, upper).trim());
    (is_one && divides).then_some(([low, high], USUAL_LEVEL, end))
}

/// The two ends of what may be an interval behind the first of these numbers, what stands in front of them in small
/// letters, and where they end.
fn ends_behind(flow: &Flow, found: &[Found]) -> Option<([Numeral; 2], String, usize)> {
    let [value, lower, upper, ..] = found else { return None };
    let ends = [lower, upper].map(|found| match &found.form {
        Form::Number(Expression::Number(number)) => Some(number.clone()),
        _ => None,
    });
    let [Some(low), Some(high)] = ends else { return None };
    let is_near = |from: &Found, to: &Found| to.range.start.saturating_sub(from.range.end) <= 2 * BETWEEN;
    let is_short = |words: &str| without_per(&with_short_unit(words)).chars().count() <= BETWEEN;
    // "0.42 points per month; 95% confidence interval".
    let named = Some(joins(flow, value, lower)).filter(|words| is_near(value, lower) && is_short(words))?;
    (are_joined(flow, lower, upper) && low.decimal() <= high.decimal()).then_some(([low, high], named, upper.range.end))
}

/// What stands between two numbers, in small letters.
fn joins(flow: &Flow, lower: &Found, upper: &Found) -> String {
    fold(&flow.text(lower.range.end.min(upper.range.start)..upper.range.start)).to_lowercase()
}

/// Whether nothing but what joins the two ends of an interval stands between two numbers.
pub(super) fn are_joined(flow: &Flow, lower: &Found, upper: &Found) -> bool {
    ["-", "to", "~", ",", ";", "から", "and", ""].contains(&joins(flow, lower, upper).trim())
}

/// Whether a number lies between two others, apart from both.
fn lies_between(number: &Found, low: &Numeral, high: &Numeral) -> bool {
    let Form::Number(Expression::Number(value)) = &number.form else { return false };
    low.decimal() < value.decimal() && value.decimal() < high.decimal()
}

/// Whether a bracket is open from in front of a stretch to its end, as in "(relative risk 0.87, 0.68 to 1.12)".
fn is_in_one_bracket(flow: &Flow, start: usize, end: usize) -> bool {
    let chars = |range: Range<usize>| flow.chars[range].iter().map(|c| fold_char(*c));
    let opens = chars(start.saturating_sub(BETWEEN)..start).rev().find(|c| matches!(c, '(' | '[' | ')' | ']'));
    opens.is_some_and(|c| matches!(c, '(' | '[')) && !chars(start..end).any(|c| matches!(c, '(' | '[' | ')' | ']'))
}

/// An interval behind the first of these numbers of which the upper end is none yet: "(95% CI, 21.0–not reached)",
/// （95％信頼区間10.1～未到達）. The text of both ends, the level and where it ends.
pub(super) fn open_interval_behind(flow: &Flow, found: &[Found]) -> Option<(String, f64, usize)> {
    const UPPER: [&str; 14] = [
        "not reached",
        "not yet reached",
        "not estimable",
        "not evaluable",
        "not available",
        "nr",
        "ne",
        "na",
        "未到達",
        "未達",
        "推定不能",
        "評価不能",
        "算出不能",
        "∞",
    ];
    /// So many characters may name the upper end.
    const FAR: usize = 24;
    let [value, lower, ..] = found else { return None };
    let Form::Number(Expression::Number(_)) = &lower.form else { return None };
    let between = value.range.end..lower.range.start;
    if between.is_empty() || between.len() > BETWEEN {
        return None;
    }
    let level = level_named(&fold(&flow.text(between)).to_lowercase())?;
    let start = lower.range.end;
    let behind = fold(&flow.text(start..flow.chars.len().min(start + FAR))).to_lowercase();
    let rest = behind.trim_start();
    let rest = ["to ", "-", "~", ",", "から"].iter().find_map(|word| rest.strip_prefix(word))?.trim_start();
    let name = UPPER.iter().find(|name| rest.starts_with(**name))?;
    let goes_on = rest[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let end = start + behind.chars().count() - rest.chars().count() + name.chars().count();
    (!goes_on).then(|| (flow.text(lower.range.start..end), level, end))
}

/// Whether words in small letters name an interval: "(95% CI" and 95%信頼区間 do, and "participants (" does not.
fn names_interval(named: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    INTERVALS.iter().any(|name| {
        named.match_indices(name).any(|(at, _)| {
            let behind = &named[at + name.len()..];
            let behind = behind.strip_prefix('s').unwrap_or(behind);
            !name.is_ascii() || !is_letter(named[..at].chars().next_back()) && !is_letter(behind.chars().next())
        })
    })
}

/// The level of an interval that words in small letters name, as between a number and its lower end; none where they
/// name no interval.
pub(super) fn level_named(named: &str) -> Option<f64> {
    let is_named = names_interval(named) && !named.contains(". ");
    // "(90% CI", without a number of its own among those that were found.
    let named =
        ["per cent", "per-cent", "percent"].iter().fold(named.to_owned(), |named, word| named.replace(word, "%"));
    let before_sign = named.split('%').next().unwrap_or_default().trim_end_matches([' ', '-']);
    let digits: String = before_sign.chars().rev().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let percent = digits.chars().rev().collect::<String>().parse::<Numeral>().ok().filter(|_| named.contains('%'));
    // 98.51 hundredths are 0.9851, and no 0.9851000000000001.
    let hundredths = |percent: Numeral| {
        let percent = percent.decimal();
        Decimal::new(percent.mantissa(), percent.exponent() - 2).to_f64()
    };
    let level = percent.map_or(USUAL_LEVEL, hundredths);
    (is_named && (0.5..1.0).contains(&level)).then_some(level)
}
