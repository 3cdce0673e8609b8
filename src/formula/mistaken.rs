//! Columns that a formula takes as factors because of a slip in them.

use super::frame::{Column, Frame};
use super::parse::Node;
use super::terms::Terms;
use crate::numeric::numeral::{fold, plain_number};
use std::collections::BTreeSet;

impl Terms {
    /// A note on each column of texts that looks like numbers: most of it is numbers, numbers with decimal commas, or
    /// dates.
    ///
    /// ```
    /// use reffect::formula::{Formula, Frame};
    /// let mut frame = Frame::default();
    /// frame.texts("year", ["2001", "n/a", "2003", "2004"].map(|text| Some(text.to_owned())));
    /// let notes = Formula::parse("~ year")?.terms.mistaken_factors(&frame);
    /// assert!(notes[0].contains("year is taken as a factor of 4 levels, because `n/a` is no number"));
    /// # Ok::<(), reffect::formula::FormulaError>(())
    /// ```
    pub fn mistaken_factors(&self, frame: &Frame) -> Vec<String> {
        let names = self.variables.iter().filter_map(|(_, expr)| match &expr.node {
            Node::Name(name) => Some(name),
            _ => None,
        });
        names.filter_map(|name| mistaken(name, frame.column(name)?)).collect()
    }
}

/// Whether a text is a number with a decimal comma.
pub(crate) fn has_decimal_comma(text: &str) -> bool {
    text.matches(',').count() == 1 && plain_number(&text.replace(',', ".")).is_some()
}

/// What to do about numbers with decimal commas.
pub(crate) const DECIMAL_COMMA: &str = "read the table with --decimal ',', or write them with a point";

/// What to do about dates.
pub(crate) const NO_DATES: &str = "make a column of numbers of it, such as days since the start";

/// Whether a text is a date by the calendar, such as 2024-03-01, 2024/3/1 or 1.3.2024.
pub(crate) fn is_date(text: &str) -> bool {
    let text = text.split(['T', ' ']).next().unwrap_or_default();
    let separator = text.chars().find(|c| !c.is_ascii_digit());
    let Some(separator) = separator.filter(|c| matches!(c, '-' | '/' | '.')) else { return false };
    let parts: Vec<&str> = text.split(separator).collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    parts.iter().all(is_number) && matches!(lengths.as_slice(), [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4])
}

fn mistaken(name: &str, column: &Column) -> Option<String> {
    let Column::Texts { values, .. } = column else { return None };
    let levels: BTreeSet<&str> = values.iter().flatten().map(String::as_str).collect();
    let is_plain = |text: &str| plain_number(&fold(text)).is_some();
    let plain = levels.iter().filter(|text| is_plain(text)).count();
    let with_comma = levels.iter().filter(|text| has_decimal_comma(text)).count();
    let count = levels.len();
    if let Some(date) = levels.iter().find(|text| is_date(text))
        && 2 * levels.iter().filter(|text| is_date(text)).count() > count
    {
        return Some(format!(
            "{name} is taken as a factor of {count} levels, because `{date}` is a date: for a slope over time {NO_DATES}"
        ));
    }
    let odd = levels.iter().find(|text| !is_plain(text))?;
    if 2 * (plain + with_comma) <= levels.len() {
        return None;
    }
    let (why, instead) = if has_decimal_comma(odd) {
        ("has a decimal comma", DECIMAL_COMMA)
    } else {
        ("is no number", "write NA where a value is missing")
    };
    Some(format!("{name} is taken as a factor of {count} levels, because `{odd}` {why}: {instead}, or factor({name})"))
}
