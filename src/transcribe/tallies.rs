//! Counts that are results: events over person-time, and people.

use super::assemble::Assembler;
use super::draft::Drafted;
use super::named::unnamed;
use super::numbers::OfNumber;
use super::occasions::Time;
use super::passage::QUOTE;
use super::people::PEOPLE;
use super::scan::{Form, Found};
use super::sentences::sentence;
use crate::check::provenance::TO_DO;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Expression, Numeral};
use crate::numeric::rounding::Rounding;
use crate::reported::{Cell, CellForm, Exposure, Localized, NumberForm, Outcome, OutcomeResult, Scale, Statistic};
use std::ops::Range;

/// A count that is a result of a group, or another value that is a number alone.
pub(super) struct Tally {
    pub(super) text: String,
    pub(super) form: CellForm,
    pub(super) percent: Option<Numeral>,
    pub(super) statistic: Statistic,
    /// Over which person-time events were counted, and its unit.
    pub(super) time: Option<(Numeral, Localized)>,
    pub(super) group: Option<String>,
    /// When.
    pub(super) at: Time,
    /// The characters of all of it.
    pub(super) range: Range<usize>,
    /// The interval of a share of which it is the counts.
    pub(super) interval: Option<OfNumber>,
}

impl<'a> Assembler<'_, 'a> {
    /// The events over a person-time that begin with the number at a position: "45 relapses over 120.5 patient-years",
    /// 15件/125.0人年, 120.5人年の追跡で45件.
    pub(super) fn events_at(&mut self, position: usize) -> Option<Tally> {
        const NEAR: usize = 40;
        let (first, second) = (self.found.get(position)?, self.found.get(position + 1)?);
        let between = first.range.end..second.range.start;
        if between.len() > NEAR {
            return None;
        }
        let words = unnamed(self.flow, between, &[]);
        let (number, time, unit) = match (&first.form, &second.form) {
            (Form::Number(_), Form::PersonTime { time, unit }) if is_over(&words) => (first, time, unit),
            (Form::PersonTime { time, unit }, Form::Number(_)) if is_followed(&words, second) => (second, time, unit),
            _ => return None,
        };
        let count = count_of(number).filter(|_| !number.text.trim_end().ends_with(['名', '人', '例']))?;
        // The unit of a person-time stands behind it, and is no word between it and its group.
        let end = second.range.end.max(first.range.end);
        let behind = if number.range.start < second.range.start { end + self.unit_behind(end) } else { end };
        let group = self.groups.right_behind(self.flow, behind, &self.names).or_else(|| {
            let own = sentence(self.flow, first.range.start).start;
            let before = self.found[..position].last().map_or(own, |before| before.range.end.max(own));
            self.groups.last_in(self.flow, before..first.range.start, |_| true)
        });
        let range = first.range.start..behind;
        Some(Tally {
            text: number.text.clone(),
            form: CellForm::Single(count),
            percent: None,
            statistic: Statistic::Events,
            time: Some((time.clone(), unit.clone())),
            group,
            at: Time::Open,
            range,
            interval: None,
        })
    }

    /// How many characters of a unit of person-time stand behind a number.
    fn unit_behind(&self, at: usize) -> usize {
        let rest = self.flow.text(at..self.flow.chars.len().min(at + 24));
        let is_part = |c: &char| c.is_alphabetic() || matches!(c, ' ' | '-' | '・');
        let words: String = rest.chars().take_while(is_part).collect();
        let end = words.find("years").map(|at| at + "years".len());
        end.or_else(|| words.find("months").map(|at| at + "months".len())).unwrap_or(0)
    }
}

/// Whether words between a count and a person-time say that the events were counted over it.
fn is_over(words: &str) -> bool {
    let words = words.trim().trim_end_matches("a total of").trim_end();
    let is_of_people = PEOPLE.iter().any(|word| words.split(' ').any(|own| own == *word));
    let joined = ["over", "in", "during", "/", "("].iter().any(|word| words.ends_with(word));
    joined && !is_of_people && !words.contains([';', ',', '、', '。']) && !words.split(' ').any(|word| word == "per")
}

/// Whether words behind a person-time, and the counter of the number behind them, make that its events.
fn is_followed(words: &str, number: &Found) -> bool {
    const LONGEST: usize = 14;
    let is_counted = number.text.trim_end().ends_with(['件', '回']);
    let joined = ["で", "中に", "中", "に", "間に"].iter().any(|word| words.trim_end().ends_with(word));
    is_counted && joined && words.chars().count() <= LONGEST && !words.contains(['。', '、'])
}

pub(super) fn count_of(number: &Found) -> Option<Numeral> {
    let Form::Number(Expression::Number(count)) = &number.form else { return None };
    let is_whole = count.count().is_some() && count.decimal().decimals() == 0;
    is_whole.then(|| count.clone())
}

impl Drafted<'_> {
    /// Whether a share, or a count with its share, can be one of all in its arm, where the text says how many they are.
    fn is_of_whole_arm(&self, tally: &Tally) -> bool {
        let CellForm::Single(value) = &tally.form else { return true };
        let id = self.arm(tally.group.as_ref());
        let arm = self.release.arms.iter().find(|arm| arm.id == id);
        let Some(n) = arm.and_then(|arm| arm.n.as_ref()).and_then(Numeral::count) else { return true };
        let share = if value.is_percent() { Some(value) } else { tally.percent.as_ref() };
        let Some(share) = share else { return true };
        let printed = share.rounding_interval(Rounding::default()).to_interval();
        let prints = |count: f64| printed.nearly_meets(Interval::point(100.0 * count / n as f64));
        match value.is_percent() {
            true => [printed.lower, printed.upper].iter().any(|end| {
                let count = end * n as f64 / 100.0;
                prints(count.floor()) || prints(count.ceil())
            }),
            false => value.count().is_some_and(|count| prints(count as f64)),
        }
    }

    /// An outcome of counts, each of an arm.
    pub(super) fn tallies(&mut self, tallies: &[Tally]) {
        let Some((first, last)) = tallies.first().zip(tallies.last()) else { return };
        // Of a subgroup, or of those who were analysed, the sizes of the arms are not the wholes.
        if !tallies.iter().all(|tally| self.is_of_whole_arm(tally)) {
            for tally in tallies {
                let form = match &tally.form {
                    CellForm::Single(value) => NumberForm::Single(value.clone()),
                    _ => continue,
                };
                let why = " (no part of its arm prints so: of whom is for you to say)";
                self.number(form, tally.percent.clone(), tally.range.clone(), None, why);
            }
            return;
        }
        let whole = first.range.start..last.range.end;
        let quote = self.passage(if whole.len() <= QUOTE { whole } else { first.range.clone() }).quote;
        let result = |tally: &Tally| {
            let cell = Cell {
                text: tally.text.clone(),
                statistic: tally.statistic,
                form: tally.form.clone(),
                n: None,
                time: tally.time.as_ref().map(|(time, _)| time.clone()),
                adjusted: None,
                percent: tally.percent.clone(),
                passage: self.passage(tally.range.clone()),
            };
            OutcomeResult::new(self.arm(tally.group.as_ref()), vec![(tally.at.id(), cell)])
        };
        let results = tallies.iter().map(result).collect();
        let intervals: Vec<String> =
            tallies.iter().filter_map(|tally| tally.interval.as_ref()).map(OfNumber::in_words).collect();
        let intervals = match intervals.as_slice() {
            [] => String::new(),
            all => format!(" (intervals of 95 %: {}: no field holds them beside counts)", all.join(", ")),
        };
        let (scale, done) = match first.statistic {
            Statistic::Percent => (Scale::Percent, "counted"),
            Statistic::Count | Statistic::Events => (Scale::Count, "counted"),
            _ => (Scale::Continuous, "measured"),
        };
        self.release.outcomes.push(Outcome {
            id: format!("outcome-{}", self.release.outcomes.len() + 1),
            label: Localized::same(format!("{TO_DO}: what was {done} ({quote}){intervals}")),
            unit: None,
            better: None,
            scale,
            slope_of: None,
            exposure: first.time.as_ref().map(|(_, unit)| Exposure { time: None, unit: unit.clone() }),
            results,
        });
    }
}

/// Adds events to those before them, where these are of another group in the same sentence and of the same unit.
pub(super) fn add_events(all: &mut Vec<Vec<Tally>>, tally: Tally, own: &Range<usize>) {
    let is_alike = |other: &Tally| {
        let unit = |of: &Tally| of.time.as_ref().map(|(_, unit)| unit.clone());
        let is_other = other.group.is_some() && tally.group.is_some() && other.group != tally.group;
        is_other && unit(other) == unit(&tally) && own.contains(&other.range.start)
    };
    match all.last_mut().filter(|before| before.iter().all(is_alike)) {
        Some(before) => before.push(tally),
        None => all.push(vec![tally]),
    }
}
