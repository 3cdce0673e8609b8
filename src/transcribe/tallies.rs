//! Events over person-time, and people of two groups who had the same thing: counts that are results.

use super::draft::Drafted;
use super::named::unnamed;
use super::occasions::Time;
use super::passage::QUOTE;
use super::scan::{Form, Found};
use super::sentences::sentence;
use super::series::Assembler;
use crate::check::provenance::TO_DO;
use crate::numeric::numeral::{Expression, Numeral};
use crate::reported::{Cell, CellForm, Exposure, Localized, Outcome, OutcomeResult, Scale, Statistic};
use std::ops::Range;

/// A count that is a result of a group.
pub(super) struct Tally<'a> {
    found: &'a Found,
    count: Numeral,
    /// Over which person-time events were counted, and its unit.
    time: Option<(Numeral, Localized)>,
    pub(super) group: Option<String>,
    /// The characters of all of it.
    range: Range<usize>,
}

impl<'a> Assembler<'_, 'a> {
    /// The events over a person-time that begin with the number at a position: "45 relapses over 120.5 patient-years",
    /// 15件/125.0人年, 120.5人年の追跡で45件.
    pub(super) fn events_at(&mut self, position: usize) -> Option<Tally<'a>> {
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
        Some(Tally { found: number, count, time: Some((time.clone(), unit.clone())), group, range })
    }

    /// How many characters of a unit of person-time stand behind a number.
    fn unit_behind(&self, at: usize) -> usize {
        let rest = self.flow.text(at..self.flow.chars.len().min(at + 24));
        let is_part = |c: &char| c.is_alphabetic() || matches!(c, ' ' | '-' | '・');
        let words: String = rest.chars().take_while(is_part).collect();
        let end = words.find("years").map(|at| at + "years".len());
        end.or_else(|| words.find("months").map(|at| at + "months".len())).unwrap_or(0)
    }

    /// The people of two groups who had the same thing, from the number at a position: "29 patients in the drug group and 14
    /// in the placebo group were responders". Those who were assigned to groups are their sizes.
    pub(super) fn people_at(&mut self, position: usize) -> Option<[Tally<'a>; 2]> {
        let (first, second) = (self.found.get(position)?, self.found.get(position + 1)?);
        let own = sentence(self.flow, first.range.start);
        if !own.contains(&second.range.start) || says_assigned(&unnamed(self.flow, own, &self.names)) {
            return None;
        }
        let [one, other] = [first, second].map(|number| Some((count_of(number)?, self.group_of_people(number)?)));
        let ((count, group), (of_other, other)) = (one?, other?);
        let between = unnamed(self.flow, first.range.end..second.range.start, &self.names);
        let is_listed = between.split(|c: char| !c.is_ascii_alphabetic()).all(|word| {
            word.is_empty()
                || PEOPLE.contains(&word)
                || ["in", "the", "of", "and", "vs", "versus", "compared", "with", "to"].contains(&word)
        });
        let tally = |found: &'a Found, count, group: &str| {
            let range = found.range.clone();
            Tally { found, count, time: None, group: Some(group.to_owned()), range }
        };
        (is_listed && group != other && between.is_ascii())
            .then(|| [tally(first, count, &group), tally(second, of_other, &other)])
    }

    /// The group in which so many people are: "29 patients in the drug group".
    fn group_of_people(&self, number: &Found) -> Option<String> {
        let end = number.range.end;
        let named = self.groups.within(end..self.flow.chars.len()).next()?;
        let words = unnamed(self.flow, end..named.range.start, &[]);
        let words: Vec<&str> = words.split_whitespace().collect();
        let rest = words.strip_prefix(&words[..words.first().map_or(0, |word| usize::from(PEOPLE.contains(word)))])?;
        matches!(rest, ["in", "the"] | ["in"] | ["of", "the"]).then(|| named.what.clone())
    }
}

/// What people are called.
const PEOPLE: [&str; 8] = ["patients", "patient", "participants", "subjects", "people", "women", "men", "children"];

/// Whether words say how people came into groups, or what was done with them there.
fn says_assigned(sentence: &str) -> bool {
    const WORDS: [&str; 16] = [
        "assigned",
        "allocated",
        "randomi",
        "enrol",
        "recruited",
        "received",
        "treated",
        "analys",
        "analyz",
        "included",
        "completed",
        "entered",
        "started",
        "consist",
        "there were",
        "we studied",
    ];
    WORDS.iter().any(|word| sentence.contains(word))
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

fn count_of(number: &Found) -> Option<Numeral> {
    let Form::Number(Expression::Number(count)) = &number.form else { return None };
    let is_whole = count.count().is_some() && count.decimal().decimals() == 0;
    is_whole.then(|| count.clone())
}

impl Drafted<'_> {
    /// An outcome of counts, each of an arm.
    pub(super) fn tallies(&mut self, tallies: &[Tally<'_>]) {
        let Some((first, last)) = tallies.first().zip(tallies.last()) else { return };
        let whole = first.range.start..last.range.end;
        let quote = self.passage(if whole.len() <= QUOTE { whole } else { first.range.clone() }).quote;
        let result = |tally: &Tally<'_>| {
            let cell = Cell {
                text: tally.found.text.clone(),
                statistic: if tally.time.is_some() { Statistic::Events } else { Statistic::Count },
                form: CellForm::Single(tally.count.clone()),
                n: None,
                time: tally.time.as_ref().map(|(time, _)| time.clone()),
                adjusted: None,
                percent: None,
                passage: self.passage(tally.range.clone()),
            };
            OutcomeResult::new(self.arm(tally.group.as_ref()), vec![(Time::Open.id(), cell)])
        };
        let results = tallies.iter().map(result).collect();
        self.release.outcomes.push(Outcome {
            id: format!("outcome-{}", self.release.outcomes.len() + 1),
            label: Localized::same(format!("{TO_DO}: what was counted ({quote})")),
            unit: None,
            better: None,
            scale: Scale::Count,
            slope_of: None,
            exposure: first.time.as_ref().map(|(_, unit)| Exposure { time: None, unit: unit.clone() }),
            results,
        });
    }
}

/// Adds events to those before them, where these are of another group in the same sentence and of the same unit.
pub(super) fn add_events<'a>(all: &mut Vec<Vec<Tally<'a>>>, tally: Tally<'a>, own: &Range<usize>) {
    let is_alike = |other: &Tally<'_>| {
        let unit = |of: &Tally<'_>| of.time.as_ref().map(|(_, unit)| unit.clone());
        let is_other = other.group.is_some() && tally.group.is_some() && other.group != tally.group;
        is_other && unit(other) == unit(&tally) && own.contains(&other.range.start)
    };
    match all.last_mut().filter(|before| before.iter().all(is_alike)) {
        Some(before) => before.push(tally),
        None => all.push(vec![tally]),
    }
}
