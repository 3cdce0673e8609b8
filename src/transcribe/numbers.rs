//! Numbers of a draft that belong to no outcome.

use super::draft::Drafted;
use super::scan::{Form, Found};
use crate::check::provenance::TO_DO;
use crate::numeric::numeral::{Expression, Numeral, count_and_percent, fold, fold_char};
use crate::reported::{Localized, NumberForm, Passage, ReportedNumber};
use std::ops::Range;

impl Drafted<'_> {
    /// The numbers of a result that belongs to no outcome.
    pub(super) fn each_number(&mut self, number: &Found) {
        let Form::Result(Expression::Range { center, lower, upper, .. }) = &number.form else { return };
        for one in [center, lower, upper] {
            let form = NumberForm::Single(one.clone());
            self.number(form, None, self.passage(number.range.clone()));
        }
    }

    /// Numbers and probabilities that belong to nothing else; a count and the share behind it are one.
    pub(super) fn numbers(&mut self, others: &[&Found]) {
        let mut shared = false;
        for (place, number) in others.iter().enumerate() {
            if std::mem::take(&mut shared) {
                continue;
            }
            match &number.form {
                Form::Probability(_) => {
                    let is_p = |of: &&&Found| matches!(of.form, Form::Probability(_));
                    let before = others[..place].iter().rfind(is_p).map_or(0, |before| before.range.end);
                    let next = others.get(place + 1).map_or(self.flow.chars.len(), |next| next.range.start);
                    self.statement(number, before..next);
                }
                Form::Number(expression) => {
                    let share = others.get(place + 1).and_then(|next| self.with_share(number, next));
                    shared = share.is_some();
                    let (text, percent, range) = share.unwrap_or((number.text.clone(), None, number.range.clone()));
                    let form = match (expression, text.parse()) {
                        (Expression::Fraction { part, whole }, _) if percent.is_none() => {
                            NumberForm::Fraction { text, part: part.clone(), whole: whole.clone() }
                        }
                        (_, Ok(Expression::Number(numeral))) => NumberForm::Single(numeral),
                        (_, Ok(Expression::Fraction { part, whole })) => NumberForm::Fraction { text, part, whole },
                        _ => continue,
                    };
                    self.number(form, percent, self.passage(range));
                }
                Form::PersonTime { time, unit } => {
                    self.number(NumberForm::Single(time.clone()), None, self.passage(number.range.clone()));
                    if let Some(number) = self.release.numbers.last_mut() {
                        number.unit = Some(unit.clone());
                    }
                }
                Form::Result(_) => {}
            }
        }
    }

    /// A count and a share, one in brackets right behind the other: `11例（68.8%）`, `62.5%（10/16例）`.
    fn with_share(&self, number: &Found, next: &Found) -> Option<(String, Option<Numeral>, Range<usize>)> {
        // "62.5%（10/16例、95%信頼区間 …" goes on.
        let closed =
            self.flow.chars.get(next.range.end).is_some_and(|c| matches!(fold_char(*c), ')' | ',' | '、' | ';'));
        let between = fold(&self.flow.text(number.range.end..next.range.start));
        let noun =
            ["patients", "participants", "subjects"].into_iter().find_map(|noun| between.trim().strip_prefix(noun));
        if noun.unwrap_or(&between).trim() != "(" || !closed {
            return None;
        }
        let (text, percent) = count_and_percent(&format!("{}({})", number.text, next.text))?;
        Some((text, Some(percent), number.range.start..next.range.end))
    }

    fn number(&mut self, form: NumberForm, percent: Option<Numeral>, passage: Passage) {
        let text = match &percent {
            Some(percent) => format!("{} ({})", form.text(), percent.text()),
            None => form.text().to_owned(),
        };
        self.release.numbers.push(ReportedNumber {
            id: format!("number-{}", self.release.numbers.len() + 1),
            label: Localized::same(format!("{TO_DO}: {}", passage.quote)),
            text,
            form,
            percent,
            unit: None,
            of: None,
            split: None,
            passage,
        });
    }
}
