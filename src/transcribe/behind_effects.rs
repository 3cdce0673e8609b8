//! What stands behind the value of an effect: its standard error, its interval, the statistic of its test and its p.

use super::claims::other_test;
use super::flow::Flow;
use super::named::{with_short_unit, without_per};
use super::names::BETWEEN;
use super::scan::{Form, Found};
use super::sentences::sentence;
use crate::numeric::decimal::Decimal;
use crate::numeric::numeral::{Comparison, Expression, Numeral, fold, fold_char};
use crate::reported::{IntervalMethod, USUAL_LEVEL};
use std::ops::Range;

/// What texts call a confidence interval.
const INTERVALS: [&str; 5] = ["ci", "confidence interval", "信頼区間", "cri", "credible interval"];

/// What is told of the error of an effect, how many numbers it takes with its value, and where they end.
pub(super) struct Told {
    pub(super) ends: Option<[Numeral; 2]>,
    pub(super) se: Option<Numeral>,
    pub(super) statistic: Option<Numeral>,
    pub(super) level: f64,
    /// The places of numbers among its own that are something else.
    pub(super) apart: Vec<usize>,
    pub(super) numbers: usize,
    pub(super) end: usize,
}

impl Told {
    /// What stands in the number itself, which ends at a place.
    pub(super) fn of(ends: Option<[Numeral; 2]>, se: Option<Numeral>, end: usize) -> Self {
        Self { ends, se, statistic: None, level: USUAL_LEVEL, apart: Vec::new(), numbers: 1, end }
    }

    /// Adds the standard error and the interval behind the first of these numbers.
    pub(super) fn add_errors(&mut self, flow: &Flow, found: &[Found]) {
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

    /// Adds the t or z behind the standard error of the number at a position.
    pub(super) fn add_statistic(&mut self, flow: &Flow, found: &[Found], position: usize) {
        let first = position + self.numbers;
        let behind = found.get(first..).filter(|_| self.se.is_some()).unwrap_or_default();
        if let Some((statistic, has_df, end)) = statistic_behind(flow, behind, self.end) {
            self.apart.extend(has_df.then_some(first));
            self.numbers += 1 + usize::from(has_df);
            self.statistic = Some(statistic);
            self.end = end;
        }
    }

    /// Adds the interval behind the first of these numbers, where none is known.
    pub(super) fn add_interval(&mut self, flow: &Flow, found: &[Found]) {
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

/// How an interval was made, where the words beside an effect tell it: "bootstrapped 95% CI", "profile likelihood".
pub(super) fn method_of(flow: &Flow, of: &Range<usize>) -> Option<IntervalMethod> {
    const NEAR: usize = 40;
    const METHODS: [(&str, IntervalMethod); 12] = [
        ("bootstrap", IntervalMethod::Bootstrap),
        ("ブートストラップ", IntervalMethod::Bootstrap),
        ("resampl", IntervalMethod::Bootstrap),
        ("profile", IntervalMethod::Profile),
        ("プロファイル", IntervalMethod::Profile),
        ("credible", IntervalMethod::Bayesian),
        ("信用区間", IntervalMethod::Bayesian),
        ("cri", IntervalMethod::Bayesian),
        ("exact", IntervalMethod::Exact),
        ("clopper", IntervalMethod::Exact),
        ("newcombe", IntervalMethod::Newcombe),
        ("fieller", IntervalMethod::Fieller),
    ];
    let own = sentence(flow, of.start);
    let around = of.start.saturating_sub(NEAR).max(own.start)..(of.end + NEAR).min(own.end);
    let words = fold(&flow.text(around)).to_lowercase();
    let stands = |name: &str| match name {
        "cri" => words.contains("% cri"),
        name => words.contains(name),
    };
    METHODS.iter().find(|(name, _)| stands(name)).map(|(_, method)| *method)
}

/// The t or z among the numbers behind a place, the place of its degrees of freedom and where it ends: "t(98) = 4.20",
/// "z = 4.2".
fn statistic_behind(flow: &Flow, behind: &[Found], end: usize) -> Option<(Numeral, bool, usize)> {
    let named = |number: &Found| {
        let front = fold(&flow.text(end.min(number.range.start)..number.range.start)).to_lowercase();
        let front = front
            .trim()
            .trim_start_matches([',', ';', ' '])
            .strip_suffix('=')
            .map(|front| front.trim_end().to_owned())?;
        let (name, of) = front.split_once('(').map_or((front.as_str(), ""), |(name, of)| (name, of));
        let df = of.trim_end_matches(')').trim();
        let is_df = df.chars().all(|c| c.is_ascii_digit() || c == '.') && (df.is_empty() || of.ends_with(')'));
        (["t", "z", "wald t", "wald z"].contains(&name.trim()) && is_df).then_some(())
    };
    behind.iter().take(2).enumerate().find_map(|(place, number)| match &number.form {
        Form::Number(Expression::Number(value)) if named(number).is_some() => {
            Some((value.clone(), place == 1, number.range.end))
        }
        _ => None,
    })
}

/// The p of an effect.
pub(super) struct OfEffect {
    pub(super) p: Comparison,
    /// How many of another test stand in front of it.
    pub(super) passed: usize,
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

/// Whether words right behind a p, or right in front of it, say that it compares groups.
pub(super) fn compares(flow: &Flow, of: &OfEffect) -> bool {
    const FAR: usize = 16;
    const BEHIND: [&str; 6] = ["vs", "versus", "compared", "relative to", "between", "against"];
    const IN_FRONT: [&str; 4] = ["比較", "対比", "群間", "between-group"];
    let behind = fold(&flow.text(of.end..flow.chars.len().min(of.end + FAR))).to_lowercase();
    let behind = behind.trim_start_matches([' ', ',', ';', '(', '[']);
    let behind = behind.strip_prefix("for ").unwrap_or(behind);
    let front = fold(&flow.text(of.start.saturating_sub(FAR)..of.start)).to_lowercase();
    let front = front.trim_end_matches([' ', ',', ':', '、', 'の']);
    BEHIND.iter().any(|word| behind.starts_with(word)) || IN_FRONT.iter().any(|word| front.ends_with(word))
}

/// The p among the numbers behind an effect that is of its test against none: "P<0.001 for noninferiority; P=0.43 for
/// superiority".
pub(super) fn p_behind(flow: &Flow, behind: &[Found], end: usize, last: usize) -> Option<OfEffect> {
    let first = behind.first()?;
    let (p, of_first) = p_beside(flow, first, end, last)?;
    let start = first.range.start;
    let Some(other) = other_test(flow, &first.range) else {
        let of = OfEffect { p, passed: 0, start, end: of_first };
        return (!is_listed(flow, behind)).then_some(of);
    };
    let second = behind.get(1).filter(|second| other_test(flow, &second.range).is_none())?;
    let (p, end) = p_beside(flow, second, other.end, last)?;
    Some(OfEffect { p, passed: 1, start: second.range.start, end })
}

/// Whether the first of these is a p behind which that of another effect is listed: "(p=0.004 and p=0.34,
/// respectively)".
fn is_listed(flow: &Flow, behind: &[Found]) -> bool {
    let [first, second, ..] = behind else { return false };
    let is_p = matches!(second.form, Form::Probability(_)) && other_test(flow, &second.range).is_none();
    is_p && ["and", ",", "、", "/", "&", ", and", "と", "および", "及び"].contains(&joins(flow, first, second).trim())
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
    // From no effect on: "95% CI −0.3 to −2.1".
    let ends = if low.decimal() <= high.decimal() { [low, high] } else { [high, low] };
    are_joined(flow, lower, upper).then_some((ends, named, upper.range.end))
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
