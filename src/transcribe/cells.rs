//! What a result is of which the text prints a spread: a mean or a median, and what stands behind its ±.

use super::behind_effects::level_named;
use super::flow::Flow;
use super::names::is_called_rate;
use super::scan::{Form, Found};
use super::sentences::sentence;
use super::table::{heading, row, top};
use crate::numeric::numeral::{Expression, fold};
use crate::reported::{CellForm, SpreadMeaning, Statistic, USUAL_LEVEL};
use std::ops::Range;

/// The statistic and form of a result that a text calls so; none of what is none. What its spread is, is what stands in
/// it or right behind it, or what its sentence or the text apart from any cell says of `±`: `mean ± SEM`.
pub(super) fn result(
    flow: &Flow,
    plus_minus: &PlusMinus,
    found: &Found,
    called: Option<Statistic>,
) -> Option<(Statistic, CellForm)> {
    let Form::Result(expression) = &found.form else { return None };
    match expression.clone() {
        Expression::Spread { center, spread, .. } => {
            // What the text says of `±` is said of no number in brackets.
            let of_sign = || plus_minus.at(flow, &found.range).filter(|_| found.text.contains('±'));
            let own = spread_beside(flow, found);
            let is_in_brackets = !found.text.contains('±');
            let in_front = || in_brackets_before(flow, found.range.start, HALF_WIDTHS).filter(|_| is_in_brackets);
            let of_table = || said_of_table(flow, found.range.start).filter(|_| is_in_brackets);
            let meaning = own.or_else(of_sign).or_else(in_front).or_else(of_table);
            let meaning = meaning.unwrap_or(SpreadMeaning::Unexplained);
            let statistic = called.filter(|called| matches!(called, Statistic::Change | Statistic::Median));
            Some((statistic.unwrap_or(Statistic::Mean), CellForm::PlusMinus { center, spread, meaning }))
        }
        Expression::Range { center, lower, upper, name } => {
            let beside = format!("{} {}", found.text, said_behind(flow, found.range.end));
            let own = name.map(SpreadMeaning::from).filter(|meaning| meaning.fits_pair());
            let meaning =
                own.or_else(|| named_spread(&beside, RANGES)).or_else(|| range_before(flow, found.range.start));
            let meaning = meaning.unwrap_or(SpreadMeaning::Unexplained);
            // Means have confidence intervals, medians quartiles and ranges.
            let usual = if meaning == SpreadMeaning::Ci95 { Statistic::Mean } else { Statistic::Median };
            let called = called.filter(|called| *called != Statistic::Rate || meaning == SpreadMeaning::Ci95);
            Some((called.unwrap_or(usual), CellForm::Pair { center, lower, upper, meaning }))
        }
        Expression::Number(center) => {
            let said = flow.text(sentence(flow, found.range.start)).to_lowercase();
            let is_slope = PER_TIME.iter().any(|word| said.contains(word));
            let usual = match is_slope {
                true if is_called_rate(&said) => Statistic::Rate,
                true => Statistic::Slope,
                false => Statistic::Mean,
            };
            Some((called.unwrap_or(usual), CellForm::Single(center)))
        }
        Expression::Fraction { .. } => None,
    }
}

/// Words of a change in a unit of time.
const PER_TIME: [&str; 8] =
    ["per month", "per year", "per week", "/month", "/year", "月あたり", "年あたり", "ヶ月当たり"];

/// What the spread of a result is by its own words: what stands in it, or right behind it.
pub(super) fn spread_beside(flow: &Flow, found: &Found) -> Option<SpreadMeaning> {
    let Form::Result(Expression::Spread { name, .. }) = &found.form else { return None };
    let own = name.map(SpreadMeaning::from).filter(|meaning| meaning.fits_plus_minus());
    let beside = || format!("{} {}", found.text, said_behind(flow, found.range.end));
    own.or_else(|| named_spread(&beside(), HALF_WIDTHS))
}

/// What stands right behind a result and says what its spread is: a word, or a bracket behind its unit. Where that holds
/// a number it says so of that one: "6.3 ± 1.4 (SE 0.3)".
fn said_behind(flow: &Flow, end: usize) -> String {
    const BESIDE: usize = 24;
    const UNIT: usize = 8;
    let behind = fold(&flow.text(end..flow.chars.len().min(end + BESIDE))).replace('[', "(").replace(']', ")");
    let divides = |c: char| matches!(c, '.' | ',' | ';' | '。' | '、');
    let (unit, bracket) = behind.split_once('(').unwrap_or((&behind, ""));
    let said = if unit.trim().chars().count() <= UNIT && !unit.contains(divides) && !bracket.is_empty() {
        bracket.split(')').next().unwrap_or_default()
    } else {
        behind.trim_start().split(|c: char| divides(c) || matches!(c, ' ' | '(')).next().unwrap_or_default()
    };
    if said.contains(|c: char| c.is_ascii_digit()) { String::new() } else { said.to_owned() }
}

/// What the text says of `±` where no number stands behind it.
pub(super) struct PlusMinus {
    /// In the sentences of cells, with the place of each.
    beside: Vec<(usize, SpreadMeaning)>,
    /// Apart from any cell, where it is always the same.
    apart: Option<SpreadMeaning>,
}

impl PlusMinus {
    pub(super) fn of(flow: &Flow, found: &[Found]) -> Self {
        const NAME: usize = 20;
        let chars = &flow.chars;
        let said = (0..chars.len()).filter(|&at| chars[at] == '±').filter_map(|at| {
            let name = flow.text(at + 1..chars.len().min(at + NAME));
            let name = name.split(['±', '.', ',', ';', ')', '）', '。', '、']).next().unwrap_or_default();
            let is_number = fold(name).trim_start().starts_with(|c: char| c.is_ascii_digit());
            if is_number { None } else { Some((at, named_spread(name, HALF_WIDTHS)?)) }
        });
        let has_cell = |(at, _): &(usize, SpreadMeaning)| {
            let own = sentence(flow, *at);
            let of_sentence = &found[found.partition_point(|cell| cell.range.start < own.start)..];
            of_sentence.iter().take_while(|cell| own.contains(&cell.range.start)).any(|cell| cell.text.contains('±'))
        };
        let (beside, apart): (Vec<_>, Vec<_>) = said.partition(has_cell);
        let apart = only(apart.into_iter().map(|(_, meaning)| meaning));
        Self { beside, apart }
    }

    /// What it says of the `±` of a cell: in its own sentence, last in front of it, or else apart from any cell.
    pub(super) fn at(&self, flow: &Flow, cell: &Range<usize>) -> Option<SpreadMeaning> {
        let own = sentence(flow, cell.start);
        let first = self.beside.partition_point(|(at, _)| *at < own.start);
        let of_sentence = self.beside[first..].iter().take_while(|(at, _)| own.contains(at));
        let said: Vec<(usize, SpreadMeaning)> = of_sentence.copied().collect();
        match said.iter().rfind(|(at, _)| *at < cell.start) {
            // Behind a semicolon, where others are something else, it is that of those in front alone.
            Some((at, meaning)) => {
                let is_mixed = said.iter().any(|(_, other)| other != meaning);
                let is_of_others = is_mixed && flow.chars[*at..cell.start].iter().any(|c| matches!(c, ';' | '；'));
                if is_of_others { None } else { Some(*meaning) }
            }
            None if said.is_empty() => self.apart,
            None => only(said.into_iter().map(|(_, meaning)| meaning)),
        }
    }
}

/// The one thing that all of them are.
pub(super) fn only<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// What a text beside a number calls its spread, where it names one alone.
fn named_spread(text: &str, known: &[(&[&str], SpreadMeaning)]) -> Option<SpreadMeaning> {
    let text = fold(text).to_lowercase();
    // Letters of the Latin alphabet make words; Japanese stands without blanks.
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphabetic()).collect();
    let says =
        |name: &&str| if name.is_ascii() && !name.contains(' ') { words.contains(name) } else { text.contains(*name) };
    let mut found = known.iter().filter(|(names, _)| names.iter().any(&says)).map(|(_, meaning)| *meaning);
    found.next().filter(|_| found.next().is_none())
}

/// What a sentence says of the numbers in brackets behind a mean or a median: "Mean (SD) age", 中央値（四分位範囲）, in a
/// bracket that holds no more, the last one in front of a number.
fn in_brackets_before(flow: &Flow, at: usize, known: &[(&[&str], SpreadMeaning)]) -> Option<SpreadMeaning> {
    in_brackets(&flow.text(sentence(flow, at).start..at), known)
}

/// What the heading of its column, or else the title of its table says of the numbers in brackets: "Mean (SD) scores at
/// baseline". What is n (%) in its own row has none.
fn said_of_table(flow: &Flow, at: usize) -> Option<SpreadMeaning> {
    let own = row(flow, at)?;
    if flow.text(own.start..at).contains("(%)") {
        return None;
    }
    let title = || {
        let above = top(flow, at)?.checked_sub(2)?;
        in_brackets(&flow.text(sentence(flow, above)), HALF_WIDTHS)
    };
    heading(flow, at).and_then(|heading| in_brackets(&heading, HALF_WIDTHS)).or_else(title)
}

/// What the last bracket of a text that holds no more than such a name says.
fn in_brackets(text: &str, known: &[(&[&str], SpreadMeaning)]) -> Option<SpreadMeaning> {
    let front = fold(text).to_lowercase().replace('[', "(").replace(']', ")");
    let inside = |bracket: &str| {
        let (inside, _) = bracket.split_once(')')?;
        let name = inside.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, '%' | '±' | ' ' | ','));
        let name = name.replace('.', "");
        let found = known.iter().find(|(names, _)| names.contains(&name.as_str()));
        let meaning = found.map(|(_, meaning)| *meaning)?;
        // "Mean (90% CI)" is an interval of which no cell says so.
        Some(Some(meaning).filter(|of| *of != SpreadMeaning::Ci95 || level_named(inside) == Some(USUAL_LEVEL)))
    };
    front.rsplit('(').find_map(inside).flatten()
}

/// The same of a pair in brackets.
pub(super) fn range_before(flow: &Flow, at: usize) -> Option<SpreadMeaning> {
    in_brackets_before(flow, at, RANGES_BEFORE)
}

/// The names of what stands behind `±`.
const HALF_WIDTHS: &[(&[&str], SpreadMeaning)] = &[
    (&["sd", "sds", "standard deviation", "標準偏差"], SpreadMeaning::Sd),
    (&["se", "sem", "standard error", "標準誤差"], SpreadMeaning::Se),
    (&["ci", "confidence interval", "信頼区間"], SpreadMeaning::Ci95),
];

/// The names of what stands in brackets behind a median.
const RANGES: &[(&[&str], SpreadMeaning)] = &[
    (&["iqr", "quartile", "quartiles", "interquartile", "四分位"], SpreadMeaning::Quartiles),
    (&["range", "min", "max", "範囲", "最小", "最大"], SpreadMeaning::Range),
];

/// The names that stand in brackets in front of a median, or of what has an interval.
const RANGES_BEFORE: &[(&[&str], SpreadMeaning)] = &[
    (&["iqr", "interquartile range", "quartiles", "q1-q3", "q1, q3", "四分位範囲", "四分位"], SpreadMeaning::Quartiles),
    (&["range", "min-max", "min, max", "範囲", "最小-最大", "最小値-最大値"], SpreadMeaning::Range),
    (&["ci", "confidence interval", "信頼区間"], SpreadMeaning::Ci95),
];
