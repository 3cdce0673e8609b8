//! Plain values in the order of groups: "drug X 10 mg, 20 mg and placebo reduced it by 1.2, 1.5 and 0.3, respectively".

use super::assemble::Assembler;
use super::changes::{Way, changed_by, fall_in_front};
use super::names::called;
use super::occasions::Time;
use super::passage::MOST;
use super::people::PEOPLE;
use super::scan::{Form, Found};
use super::sentences::{lists_in_order, said_before, sentence};
use super::tallies::Tally;
use crate::numeric::numeral::{Expression, Numeral, fold, fold_char};
use crate::reported::{CellForm, Statistic};
use std::ops::Range;

/// What stands between two parts of a list.
const JOINTS: [&str; 8] = [",", "and", ", and", "or", ", or", "、", "および", "と"];

impl Assembler<'_, '_> {
    /// The values of several groups, each a number alone, from the one at a position on, and how many numbers they are:
    /// as many as the groups that their sentence lists in front, where it says that they stand in that order.
    pub(super) fn ordered_at(&self, position: usize) -> Option<(Vec<Tally>, usize)> {
        let first = self.found.get(position)?;
        let own = sentence(self.flow, first.range.start);
        let values = self.plain_values(position, &own);
        let last = values.last().filter(|_| values.len() > 1)?;
        let says = fold(&self.flow.text(own.clone())).to_lowercase();
        let groups = self.listed_groups(own.start..first.range.start)?;
        let is_each = groups.len() == values.len() && self.groups.within(last.range.end..own.end).next().is_none();
        if !lists_in_order(&says) || !is_each || self.times.distinct(own.clone()).len() > 1 {
            return None;
        }
        let (statistic, way) = self.statistic_of(first, last, &own)?;
        let time = self.times.distinct(own).first().map(|time| **time);
        let at = match time {
            Some(time) if statistic != Statistic::Change || time != Time::Before => time,
            _ if statistic == Statistic::Change => Time::After,
            _ => Time::Open,
        };
        let verb = if way == Way::Down { Some(fall_in_front(self.flow, first.range.start)?) } else { None };
        let tallies = values.iter().zip(groups).map(|(number, group)| {
            let is_plain = number.text.starts_with(|c: char| fold_char(c).is_ascii_digit());
            let is_fall = way == Way::Down && is_plain;
            let text = if is_fall { format!("-{}", number.text) } else { number.text.clone() };
            let range = verb.filter(|_| is_fall).unwrap_or(number.range.start)..number.range.end;
            let form = CellForm::Single(text.parse::<Numeral>().ok().filter(|of| of.exact().is_ok())?);
            let (percent, time, group, interval) = (None, None, Some(group), None);
            // A quote has to hold the word that says that it fell.
            (range.len() <= MOST).then_some(Tally { text, form, percent, statistic, time, group, at, range, interval })
        });
        Some((tallies.collect::<Option<Vec<_>>>()?, values.len()))
    }

    /// The numbers from a position on that a list joins, all in per cent or none.
    fn plain_values(&self, position: usize, own: &Range<usize>) -> Vec<&Found> {
        let plain = |number: &Found| match &number.form {
            Form::Number(Expression::Number(value)) => Some(value.is_percent()),
            _ => None,
        };
        let mut values: Vec<&Found> = Vec::new();
        for number in &self.found[position..] {
            let goes_on = values.last().is_none_or(|last| {
                let between = self.flow.text(last.range.end..number.range.start.max(last.range.end));
                let is_joined = own.contains(&number.range.start) && is_joint_behind_unit(&between);
                is_joined && plain(last) == plain(number)
            });
            if plain(number).is_none() || !goes_on || self.is_in_name(number) {
                break;
            }
            values.push(number);
        }
        values
    }

    /// The groups that are listed last in a stretch, with no more than joints between them; none where the stretch
    /// names one that is not in the list.
    fn listed_groups(&self, within: Range<usize>) -> Option<Vec<String>> {
        let named: Vec<_> = self.groups.within(within).collect();
        let is_listed = named.windows(2).all(|pair| {
            let between = self.flow.text(pair[0].range.end..pair[1].range.start.max(pair[0].range.end));
            JOINTS.contains(&fold(&between).trim())
        });
        let groups: Vec<String> = named.iter().map(|named| named.what.clone()).collect();
        let is_each_another = groups.iter().enumerate().all(|(at, group)| !groups[..at].contains(group));
        (is_listed && is_each_another).then_some(groups)
    }

    /// What the words in front of the first value, or behind the last, make of all of them.
    fn statistic_of(&self, first: &Found, last: &Found, own: &Range<usize>) -> Option<(Statistic, Way)> {
        let front = fold(&said_before(self.flow, own.start, first.range.start)).to_lowercase();
        if let Some(way) = changed_by(&front) {
            return Some((Statistic::Change, way));
        }
        let is_percent = matches!(&first.form, Form::Number(Expression::Number(value)) if value.is_percent());
        let behind = fold(&self.flow.text(last.range.end..own.end)).to_lowercase();
        let is_of_people = ["of ", "of the "].iter().any(|of| {
            let noun = behind.trim_start().strip_prefix(of);
            noun.is_some_and(|noun| PEOPLE.iter().any(|people| noun.starts_with(people)))
        });
        if is_percent && is_of_people {
            return Some((Statistic::Percent, Way::Open));
        }
        let called = called(&front).filter(|called| matches!(called, Statistic::Mean | Statistic::Median))?;
        (!is_percent).then_some((called, Way::Open))
    }
}

/// Whether no more than a unit and what joins two values stands in a text.
fn is_joint_behind_unit(between: &str) -> bool {
    const UNIT: usize = 12;
    let between = fold(between).to_lowercase();
    let words = between.trim();
    JOINTS.iter().any(|joint| {
        let unit = words.strip_suffix(joint).map(str::trim_end);
        let is_cut = |unit: &str| {
            joint.is_ascii() && !joint.starts_with(',') && unit.len() + joint.len() == words.len() && !unit.is_empty()
        };
        unit.is_some_and(|unit| {
            !is_cut(unit) && unit.chars().count() <= UNIT && !unit.contains([' ', ',', '、', '。', ';', '.', '('])
        })
    })
}
