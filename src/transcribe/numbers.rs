//! Numbers of a draft that belong to no outcome.

use super::cells::range_before;
use super::draft::Drafted;
use super::passage::QUOTE;
use super::people::{share_of_whole, with_share};
use super::scan::{Form, Found};
use crate::check::provenance::TO_DO;
use crate::numeric::numeral::{Expression, Numeral, SpreadName};
use crate::reported::{Localized, NumberForm, ReportedNumber, SpreadMeaning, USUAL_LEVEL};
use std::collections::BTreeMap;
use std::ops::Range;

/// The interval of a number that is no effect and no mean: a release has a field for it in neither.
#[derive(Clone, Debug)]
pub(super) struct OfNumber {
    /// Where the number begins.
    pub(super) number: usize,
    pub(super) ends: Ends,
    /// None where the text does not call it an interval.
    pub(super) level: Option<f64>,
    /// Where it ends.
    pub(super) end: usize,
}

/// The ends of an interval.
#[derive(Clone, Debug)]
pub(super) enum Ends {
    Both([Numeral; 2]),
    /// As the text has them, of which the upper one is no number: `21.0–not reached`.
    Open(String),
}

impl OfNumber {
    /// Both ends: `55.3 to 68.9`.
    pub(super) fn in_words(&self) -> String {
        match &self.ends {
            Ends::Both(ends) => ends.each_ref().map(Numeral::text).join(" to "),
            Ends::Open(text) => text.clone(),
        }
    }

    /// What is said of it beside the number.
    fn note(&self) -> String {
        let ends = self.in_words();
        match self.level {
            // Of hundredths of a per cent no text prints more digits.
            Some(level) => {
                let percent = (level * 1e6).round() / 1e4;
                format!(" (its interval of {percent} % is {ends}: no field of a number holds it)")
            }
            None => format!(" (in brackets {ends}: the text does not say what they are)"),
        }
    }
}

impl Drafted<'_> {
    /// The number of a result that belongs to no outcome, and what stands in brackets behind it; why a spread has no
    /// place.
    pub(super) fn center(&mut self, number: &Found, why: &str) {
        let (center, lower, upper, name) = match &number.form {
            Form::Result(Expression::Range { center, lower, upper, name }) => (center, lower, upper, name),
            Form::Result(Expression::Spread { center, spread, .. }) => {
                let note = format!(" (± {}: {why})", spread.text());
                return self.number(NumberForm::Single(center.clone()), None, number.range.clone(), None, &note);
            }
            _ => return,
        };
        let ends = Ends::Both([lower.clone(), upper.clone()]);
        let is_interval = *name == Some(SpreadName::Ci)
            || name.is_none() && range_before(self.flow, number.range.start) == Some(SpreadMeaning::Ci95);
        let level = is_interval.then_some(USUAL_LEVEL);
        let interval = OfNumber { number: number.range.start, ends, level, end: number.range.end };
        let note = match name {
            Some(SpreadName::Quartiles) => format!(" (quartiles {}: {why})", interval.in_words()),
            Some(SpreadName::Range) => format!(" (range {}: {why})", interval.in_words()),
            _ => interval.note(),
        };
        self.number(NumberForm::Single(center.clone()), None, number.range.clone(), Some(&interval), &note);
    }

    /// Numbers and probabilities that belong to nothing else; a count and the share behind it are one.
    pub(super) fn numbers(&mut self, others: &[&Found], intervals: &[OfNumber]) {
        let of_number: BTreeMap<usize, &OfNumber> = intervals.iter().rev().map(|of| (of.number, of)).collect();
        // So many of the next ones are part of the one before.
        let mut taken = 0;
        for (place, number) in others.iter().enumerate() {
            if taken > 0 {
                taken -= 1;
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
                    let next = others.get(place + 1);
                    let of_whole = others.get(place..place + 3).and_then(|three| share_of_whole(self.flow, three));
                    taken = if of_whole.is_some() { 2 } else { 0 };
                    let of_whole = of_whole.map(|(text, percent, range)| (text, Some(percent), range));
                    let share = of_whole.or_else(|| next.and_then(|next| with_share(self.flow, number, next)));
                    taken = if share.is_some() { taken.max(1) } else { 0 };
                    let last = next.filter(|_| taken > 0).unwrap_or(number).range.start;
                    let interval = of_number.get(&last).copied();
                    let (text, percent, range) = share.unwrap_or((number.text.clone(), None, number.range.clone()));
                    let form = match (expression, text.parse()) {
                        (Expression::Fraction { part, whole }, _) if percent.is_none() => {
                            NumberForm::Fraction { text, part: part.clone(), whole: whole.clone() }
                        }
                        (_, Ok(Expression::Number(numeral))) => NumberForm::Single(numeral),
                        (_, Ok(Expression::Fraction { part, whole })) => NumberForm::Fraction { text, part, whole },
                        _ => continue,
                    };
                    let note = interval.map(OfNumber::note).unwrap_or_default();
                    self.number(form, percent, range, interval, &note);
                }
                Form::PersonTime { time, unit } => {
                    self.number(NumberForm::Single(time.clone()), None, number.range.clone(), None, "");
                    if let Some(number) = self.release.numbers.last_mut() {
                        number.unit = Some(unit.clone());
                    }
                }
                Form::Result(_) => {}
            }
        }
    }

    /// A number with the phrase around it, and around its interval if that is no longer than a phrase.
    pub(super) fn number(
        &mut self,
        form: NumberForm,
        percent: Option<Numeral>,
        range: Range<usize>,
        interval: Option<&OfNumber>,
        note: &str,
    ) {
        let whole = range.start..interval.map_or(range.end, |of| of.end.max(range.end));
        let passage = self.passage(if whole.len() <= QUOTE { whole } else { range });
        let text = match &percent {
            Some(percent) => format!("{} ({})", form.text(), percent.text()),
            None => form.text().to_owned(),
        };
        self.release.numbers.push(ReportedNumber {
            id: format!("number-{}", self.release.numbers.len() + 1),
            label: Localized::same(format!("{TO_DO}: {}{note}", passage.quote)),
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
