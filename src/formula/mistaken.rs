//! Columns that a formula takes as factors because of a slip in them.

use super::frame::{Column, Frame};
use super::parse::Node;
use super::terms::Terms;
use crate::numeric::numeral::{fold, plain_number};
use std::collections::BTreeSet;

impl Terms {
    /// A note on each column of texts that looks like numbers: most of it is numbers, or numbers with decimal commas.
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

fn mistaken(name: &str, column: &Column) -> Option<String> {
    let Column::Texts { values, .. } = column else { return None };
    let levels: BTreeSet<&str> = values.iter().flatten().map(String::as_str).collect();
    let has_comma = |text: &str| text.matches(',').count() == 1 && plain_number(&text.replace(',', ".")).is_some();
    let is_plain = |text: &str| plain_number(&fold(text)).is_some();
    let plain = levels.iter().filter(|text| is_plain(text)).count();
    let with_comma = levels.iter().filter(|text| has_comma(text)).count();
    let odd = levels.iter().find(|text| !is_plain(text))?;
    if 2 * (plain + with_comma) <= levels.len() {
        return None;
    }
    let (why, instead) = if has_comma(odd) {
        ("has a decimal comma", "write it with a point")
    } else {
        ("is no number", "write NA where a value is missing")
    };
    let count = levels.len();
    Some(format!("{name} is taken as a factor of {count} levels, because `{odd}` {why}: {instead}, or factor({name})"))
}
