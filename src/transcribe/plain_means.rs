//! Means of several groups without a spread: "the mean score was 121.4 in the drug group and 136.2 in the placebo group".

use super::assemble::Assembler;
use super::changes::Way;
use super::named::{is_beside, unnamed, with_short_unit};
use super::names::called_so;
use super::occasions::Time;
use super::scan::{Form, Found};
use super::sentences::{said_before, sentence};
use super::table::row;
use super::tallies::Tally;
use crate::numeric::numeral::{Expression, Numeral, fold};
use crate::reported::{CellForm, Statistic};
use std::ops::Range;

impl Assembler<'_, '_> {
    /// The means of two groups and more, each a number alone with its group right behind it, from the one at a position
    /// on, and how many numbers they are; words in front have to call them means, medians or changes without saying that
    /// something fell.
    pub(super) fn plain_means_at(&self, position: usize) -> Option<(Vec<Tally>, usize)> {
        let first = self.found.get(position)?;
        let own = sentence(self.flow, first.range.start);
        if row(self.flow, first.range.start).is_some() {
            return None;
        }
        let front = fold(&said_before(self.flow, own.start, first.range.start)).to_lowercase();
        let (statistic, way) = called_so(&front)?;
        let is_called = matches!(statistic, Statistic::Mean | Statistic::Median | Statistic::Change);
        let mut values: Vec<(&Found, Numeral, Range<usize>, String)> = Vec::new();
        while let Some((number, value)) = self.found.get(position + values.len()).and_then(plain_mean) {
            let named = self.groups.within(number.range.end..own.end).next();
            let goes_on = values.last().is_none_or(|(.., group, _)| {
                group.end <= number.range.start && joins(&self.unnamed(group.end..number.range.start))
            });
            let Some(named) = named.filter(|_| goes_on && own.contains(&number.range.start)) else { break };
            let between = with_short_unit(&unnamed(self.flow, number.range.end..named.range.start, &[]));
            if self.is_in_name(number) || !is_beside(&between, self.flow.chars[named.range.start]) {
                break;
            }
            values.push((number, value, named.range.clone(), named.what.clone()));
        }
        let is_each_another = (1..values.len()).all(|at| values[..at].iter().all(|of| of.3 != values[at].3));
        let whole = first.range.start..values.last().map_or(first.range.end, |(.., group, _)| group.end);
        let at = self.one_time(&own, whole, statistic)?;
        let is_meant = is_called && way == Way::Open && values.len() > 1 && is_each_another;
        let tallies = values.into_iter().map(|(number, value, _, group)| Tally {
            text: number.text.clone(),
            form: CellForm::Single(value),
            percent: None,
            statistic,
            time: None,
            group: Some(group),
            at,
            range: number.range.clone(),
            interval: None,
        });
        let tallies: Vec<Tally> = tallies.collect();
        let count = tallies.len();
        is_meant.then_some((tallies, count))
    }

    /// The one time that a sentence names, where no other number stands between it and the values; nothing where it names
    /// several, of which nobody knows which is meant.
    fn one_time(&self, own: &Range<usize>, values: Range<usize>, statistic: Statistic) -> Option<Time> {
        let is_change = statistic == Statistic::Change;
        let named = || self.times.within(own.clone()).filter(|of| !is_change || of.what != Time::Before);
        let is_beside = |time: &Range<usize>| {
            let between = if time.end <= values.start { time.end..values.start } else { values.end..time.start };
            let mut numbers = self.found_from(between.start).iter().take_while(|of| of.range.start < between.end);
            numbers.all(|number| self.is_in_name(number))
        };
        let open = if is_change { Time::After } else { Time::Open };
        let time = named().find(|of| is_beside(&of.range)).map_or(open, |of| of.what);
        let is_one = named().all(|of| Some(of.what) == named().next().map(|of| of.what));
        is_one.then_some(time)
    }
}

/// The value of a number that may be a mean: with decimals, exact and not in per cent.
fn plain_mean(number: &Found) -> Option<(&Found, Numeral)> {
    let Form::Number(Expression::Number(value)) = &number.form else { return None };
    let is_mean = value.decimal().decimals() > 0 && !value.is_percent() && value.exact().is_ok();
    is_mean.then(|| (number, value.clone()))
}

/// Whether no more than words that join two groups stands between.
fn joins(between: &str) -> bool {
    const WORDS: [&str; 12] =
        ["and", "as", "compared", "with", "to", "versus", "vs", "against", "while", "whereas", "but", "was"];
    let mut words = between.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    !between.contains([';', '.', '。', '(']) && words.all(|word| WORDS.contains(&word))
}
