//! Brackets that say several things of a number: "51.2 years (SD 9.8; range 20–75)".

use super::scan::{Form, Found, Scanner};
use crate::numeric::numeral::{Expression, SpreadName};

impl Scanner<'_> {
    /// The mean with its SD or SE, or the median with its quartiles or its range, that stands first in the bracket behind
    /// the number between two places. What else the bracket holds are numbers of their own.
    pub(super) fn first_in_bracket(&self, start: usize, end: usize) -> Option<Found> {
        /// So many characters of a unit stand between.
        const UNIT: usize = 12;
        /// And so many say one thing.
        const LONGEST: usize = 40;
        let is_unit = |c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.' | ';' | '、' | '。' | ')' | '±');
        let unit = self.folded[end..].iter().take(UNIT).take_while(|c| is_unit(**c) && **c != '(').count();
        let open = Some(end + unit).filter(|open| self.folded.get(*open) == Some(&'('))?;
        let most = self.folded.len().min(open + LONGEST);
        let stop = (open..most).find(|at| matches!(self.folded[*at], ';' | ',' | '、' | ')'))?;
        if self.folded[stop] == ')' {
            return None;
        }
        let close = if self.flow.chars[open] == '(' { ')' } else { '）' };
        let text = format!("{}{close}", self.flow.text(start..stop).trim_end());
        let expression = text.parse::<Expression>().ok()?;
        // "0 (0-0.9; p = 0.0011)".
        let p = self.skip_blanks(stop + 1);
        let sign = self.folded.get(self.skip_blanks(p + 1));
        let is_before_p = self.holds(p, "p") && sign.is_some_and(|c| matches!(c, '=' | '<' | '>' | '≤'));
        let is_told = |name: Option<SpreadName>| match name {
            Some(SpreadName::Quartiles | SpreadName::Range) => true,
            None => is_before_p,
            Some(_) => false,
        };
        let is_meant = match &expression {
            Expression::Spread { center, spread, name: Some(SpreadName::Sd | SpreadName::Se) } => {
                center.exact().is_ok() && spread.exact().is_ok()
            }
            Expression::Range { center, lower, upper, name } if is_told(*name) => {
                let are_exact = [center, lower, upper].iter().all(|of| of.exact().is_ok());
                are_exact && lower.decimal() <= center.decimal() && center.decimal() <= upper.decimal()
            }
            _ => false,
        };
        is_meant.then_some(Found { form: Form::Result(expression), text, range: start..stop })
    }
}
