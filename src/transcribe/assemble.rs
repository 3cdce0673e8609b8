//! What the numbers of a text belong to: results, effects, counts and probabilities.

use super::behind_effects::{interval_behind, open_interval_behind};
use super::cells::{PlusMinus, only, range_before};
use super::compared::OfGroups;
use super::effects::effect_at;
use super::flow::Flow;
use super::groups::{groups, is_control};
use super::lists::{Lists, found_in, names_listed, whole_lists};
use super::named::{Named, Names, Stretches, distinct, unnamed, without_per};
use super::names::{called, is_called_difference, is_called_mean, is_called_median, is_called_rate};
use super::numbers::{Ends, OfNumber};
use super::occasions::{Time, occasions};
use super::plain_rows::PlainRows;
use super::scan::{Form, Found};
use super::sentences::{lists_in_order, said_before, sentence};
use super::series::Placed;
use super::table::{heading, row};
use super::tallies::{Tally, add_events};
use crate::numeric::numeral::{Expression, SpreadName, fold};
use crate::reported::SpreadMeaning;
use std::ops::Range;

/// What the numbers of a text belong to.
pub(super) struct Assembled<'a> {
    /// Results, each list those of one outcome.
    pub(super) series: Vec<Vec<Placed<'a>>>,
    pub(super) effects: Vec<OfGroups>,
    /// The groups that a probability compares, by where it begins: which, and with which.
    pub(super) compared: Vec<(usize, [String; 2])>,
    /// Counts that are results, each list those of one outcome.
    pub(super) tallies: Vec<Vec<Tally>>,
    /// The intervals behind numbers that stand in none of these.
    pub(super) intervals: Vec<OfNumber>,
    /// Results that are of no outcome.
    pub(super) loose: Vec<&'a Found>,
    /// Results of which the text does not say of whom they are.
    pub(super) of_unknown: Vec<&'a Found>,
    /// Numbers that stand in none of these.
    pub(super) others: Vec<&'a Found>,
    /// Every name of a group.
    pub(super) groups: Vec<Named<String>>,
}

/// Puts together what was found in a text.
pub(super) fn assemble<'a>(flow: &Flow, found: &'a [Found]) -> Assembled<'a> {
    let (mut assembler, plain) = assembler(flow, found);
    let mut all = Assembled {
        series: Vec::new(),
        effects: Vec::new(),
        compared: Vec::new(),
        tallies: Vec::new(),
        intervals: Vec::new(),
        loose: Vec::new(),
        of_unknown: Vec::new(),
        others: Vec::new(),
        groups: assembler.groups.all().to_vec(),
    };
    // Numbers before this one belong to those in front.
    let mut taken = 0;
    for position in 0..found.len() {
        if position < taken {
            continue;
        }
        let is_behind = position == taken;
        let numbers = assembler.effect(&plain, position, is_behind, &mut all);
        let numbers = numbers.or_else(|| assembler.counts(position, &mut all));
        let numbers = numbers.or_else(|| assembler.alone(&plain, position, &mut all));
        taken = numbers.map_or(taken, |numbers| position + numbers);
    }
    assembler.leave_unknown(&mut all);
    all
}

/// What puts the numbers of a text together, and the text without the digits in its names.
fn assembler<'f, 'a>(flow: &'f Flow, found: &'a [Found]) -> (Assembler<'f, 'a>, Flow) {
    let times = occasions(flow);
    let groups = groups(flow, &times, found);
    let mut names: Vec<Range<usize>> = times.iter().map(|named| named.range.clone()).collect();
    names.extend(groups.iter().map(|named| named.range.clone()));
    let lists = Lists::of(flow, found, &times, &groups);
    let (of_times, of_groups) = (names_listed(flow, found, &times), names_listed(flow, found, &groups));
    let control = only(distinct(&groups, 0..flow.chars.len()).into_iter().filter(|name| is_control(name)).cloned());
    names.extend(whole_lists(flow, &times, &of_times));
    let (times, groups) = (Names::new(flow, times, &of_times), Names::new(flow, groups, &of_groups));
    let names = Stretches::new(names);
    let plain = flow.without_digits(names.all());
    let (plus_minus, plain_rows) = (PlusMinus::of(flow, found), PlainRows::of(flow, found));
    (Assembler { flow, times, groups, lists, names, control, found, plus_minus, plain_rows }, plain)
}

/// What puts the numbers of a text together.
pub(super) struct Assembler<'f, 'a> {
    pub(super) flow: &'f Flow,
    pub(super) times: Names<Time>,
    pub(super) groups: Names<String>,
    /// Which values of lists are of which.
    pub(super) lists: Lists,
    /// The places of both.
    pub(super) names: Stretches,
    /// The one control that the whole text names.
    pub(super) control: Option<String>,
    pub(super) found: &'a [Found],
    /// What the text says of `±`.
    plus_minus: PlusMinus,
    /// The effects in rows without columns.
    pub(super) plain_rows: PlainRows,
}

impl<'a> Assembler<'_, 'a> {
    /// Adds the effect whose value is the number at a position, in the text without the digits of its names, and says
    /// how many numbers belong to it. A probability right behind others may compare their groups.
    fn effect(&mut self, plain: &Flow, position: usize, is_behind: bool, all: &mut Assembled<'a>) -> Option<usize> {
        let number = &self.found[position];
        let of_row = || self.effect_of_plain_row(position);
        if let Some(of_column) = self.effect_of_column(position).or_else(of_row) {
            let numbers = of_column.effect.numbers;
            all.others.extend(of_column.effect.apart.iter().filter_map(|place| self.found.get(*place)));
            all.effects.push(of_column);
            return Some(numbers);
        }
        // "No difference at week 24 (p = 0.18)": the number of a time is no effect.
        if self.is_in_name(number) {
            return None;
        }
        // In a table each column has a name of its own.
        let is_in_row = row(self.flow, number.range.start).is_some();
        let before = all.effects.last().filter(|_| !is_in_row).map(|of| &of.effect);
        let goes_on = before.is_some_and(|before| self.is_listed_behind(before, number));
        if let Some(effect) = effect_at(plain, self.found, position, self.is_with_se(number), before, goes_on) {
            let numbers = effect.numbers;
            all.others.extend(effect.apart.iter().filter_map(|place| self.found.get(*place)));
            let mut of_groups = self.of_groups(effect, all.effects.last());
            if let Some(before) = all.effects.last_mut() {
                self.each_of_its_group(before, &mut of_groups);
                self.time_of_both(before, &of_groups);
            }
            all.effects.push(of_groups);
            return Some(numbers);
        }
        if (is_behind || is_in_row)
            && let Some(compared) = self.compared_by(number, &all.effects)
        {
            all.compared.push((number.range.start, compared));
        }
        None
    }

    /// Whether the text says that a standard error stands behind the `±` of a number.
    fn is_with_se(&self, number: &Found) -> bool {
        number.text.contains('±') && self.plus_minus.at(self.flow, &number.range) == Some(SpreadMeaning::Se)
    }

    /// Adds the counts that begin with the number at a position, or the plain values of several groups, and says how
    /// many numbers these are.
    fn counts(&mut self, position: usize, all: &mut Assembled<'a>) -> Option<usize> {
        if let Some(tally) = self.events_at(position) {
            add_events(&mut all.tallies, tally, &sentence(self.flow, self.found[position].range.start));
            return Some(2);
        }
        if let Some((tallies, shares, numbers)) = self.counts_of_row(position) {
            all.tallies.push(tallies);
            all.others.extend(shares);
            return Some(numbers);
        }
        let of_people = self.people_at(position).or_else(|| self.ordered_at(position));
        let (tallies, numbers) = of_people.or_else(|| self.plain_means_at(position))?;
        all.tallies.push(tallies);
        Some(numbers)
    }

    /// Adds the number at a position, with the interval behind it if there is one; then it says how many numbers these
    /// are.
    fn alone(&mut self, plain: &Flow, position: usize, all: &mut Assembled<'a>) -> Option<usize> {
        let found = self.found;
        let number = &found[position];
        match &number.form {
            Form::Result(_) if is_next_interval(self.flow, number, all) => all.loose.push(number),
            Form::Result(_) if is_coefficient(self.flow, number) => all.of_unknown.push(number),
            Form::Result(_) if self.is_of_unknown(number) => all.of_unknown.push(number),
            Form::Result(_) if self.is_cell(position) => self.place(number, &mut all.series),
            Form::Result(_) => all.loose.push(number),
            // "12か月後" names a time, and "50 mg group" a group: neither is a number of its own.
            Form::Number(_) if self.is_in_name(number) => {}
            Form::Number(_) => {
                all.others.push(number);
                let behind = &found[position..];
                let both =
                    || interval_behind(plain, behind).map(|(ends, level, end)| (Ends::Both(ends), level, end, 3));
                let open =
                    || open_interval_behind(plain, behind).map(|(text, level, end)| (Ends::Open(text), level, end, 2));
                let interval = both().or_else(open).filter(|_| is_right_behind(plain, behind));
                if let Some((ends, level, end, numbers)) = interval {
                    let (number, level) = (number.range.start, Some(level));
                    all.intervals.push(OfNumber { number, ends, level, end });
                    return Some(numbers);
                }
            }
            _ => all.others.push(number),
        }
        None
    }

    /// The text of a stretch but for the names in it.
    pub(super) fn unnamed(&self, within: Range<usize>) -> String {
        unnamed(self.flow, within.clone(), self.names.near(&within))
    }

    /// Whether a result is that of an outcome: what has a confidence interval may be anything, unless it is called a
    /// mean or changes.
    pub(super) fn is_cell(&self, position: usize) -> bool {
        let number = &self.found[position];
        let start = sentence(self.flow, number.range.start).start;
        if is_called_difference(self.flow, number)
            || self.is_in_column_of(number, &["difference", "diff.", "群間差", "平均差", "の差"])
        {
            return false;
        }
        let center = match &number.form {
            Form::Result(Expression::Range { center, name: Some(SpreadName::Ci), .. }) => center,
            // "Survival was 71.0% (61.2–78.8)" is a share with its interval, unless it is called a mean or a median.
            // "Compared with +1.1 points (-0.9 to 3.1)" has any range.
            Form::Result(Expression::Range { center, name: None, .. }) => {
                match range_before(self.flow, number.range.start) {
                    Some(SpreadMeaning::Ci95) => center,
                    Some(_) => return true,
                    None => {
                        let is_called = called(&said_before(self.flow, start, number.range.start)).is_some();
                        let goes_on = || self.is_behind_range(number, start) || self.is_behind_rate(number, start);
                        return is_called || !center.is_percent() && goes_on();
                    }
                }
            }
            _ => return true,
        };
        let said = self.flow.text(start..number.range.start);
        if says_compared(&said) {
            return false;
        }
        let called =
            is_called_mean(&said).filter(|is_mean| *is_mean || !is_called_median(&said) || center.is_percent());
        let (before, next) = (self.result_before(number.range.start), self.result_behind(number.range.end));
        let is_paired = next.is_some_and(|next| self.is_pair(number, next))
            || before.is_some_and(|before| self.is_pair(before, number));
        let is_other = is_paired || is_called_median(&said) || is_called_rate(&said);
        called.unwrap_or(is_other && !center.is_percent()) || is_called_rate(&said) && !center.is_percent()
    }

    /// Whether the heading of its column begins with, or ends in, one of some words.
    pub(super) fn is_in_column_of(&self, number: &Found, words: &[&str]) -> bool {
        let heading = heading(self.flow, number.range.start).unwrap_or_default();
        let name = heading.split(['(', '[', ',', ';']).next().unwrap_or_default().trim();
        words.iter().any(|word| name.starts_with(word) || name.ends_with(word))
    }

    /// Whether the result before one in the same sentence has its quartiles or its range: "34.2 (IQR 21.0–55.1) at
    /// baseline and 25.3 (16.0–40.2) at month 6".
    fn is_behind_range(&self, number: &Found, start: usize) -> bool {
        let before = self.result_before(number.range.start).filter(|before| before.range.start >= start);
        before.is_some_and(|before| {
            let Form::Result(Expression::Range { name, .. }) = &before.form else { return false };
            matches!(name, Some(SpreadName::Quartiles | SpreadName::Range))
        })
    }

    /// Whether the result before one in the same sentence is a rate with its confidence interval: "0.17 (95% CI, 0.10 to
    /// 0.26) with the drug and 0.35 (0.25 to 0.49) with placebo".
    fn is_behind_rate(&self, number: &Found, start: usize) -> bool {
        let before = self.result_before(number.range.start).filter(|before| before.range.start >= start);
        before.is_some_and(|before| {
            matches!(before.form, Form::Result(Expression::Range { name: Some(SpreadName::Ci), .. }))
                && is_called_rate(&self.flow.text(start..before.range.start))
        })
    }

    /// Whether a result is one of several that are of different people, and the text does not say which is of whom: a
    /// list with "respectively" that names nobody, a row of a table without names of its columns.
    fn is_of_unknown(&self, found: &Found) -> bool {
        let start = found.range.start;
        if self.lists.group(start).is_some() || self.lists.time(found).is_some() {
            return false;
        }
        if let Some(contrast) = self.lists.contrast(start) {
            return contrast.is_of_two_unknown();
        }
        let names_groups = || self.groups.all().iter().any(|named| named.what != self.groups.all()[0].what);
        if self.lists.holds(start) {
            let own = sentence(self.flow, start);
            // Behind the last result that is none of the list.
            let before = found_in(self.found, own.start..start).filter(|of| of.is_result());
            let front =
                before.filter(|of| !self.lists.holds(of.range.start)).last().map_or(own.start, |of| of.range.end);
            let is_named = self.groups.within(front..start).next().is_some();
            return !is_named && lists_in_order(&self.flow.text(own).to_lowercase()) && names_groups();
        }
        let Some(row) = row(self.flow, start) else { return false };
        let others = found_in(self.found, row).any(|other| other.is_result() && other.range != found.range);
        let is_named =
            self.times.of_column(self.flow, start).is_some() || self.groups.of_column(self.flow, start).is_some();
        others && !is_named && !self.is_in_column_of(found, &["change", "変化量", "変化"])
    }

    pub(super) fn is_in_name(&self, number: &Found) -> bool {
        self.names.near(&number.range).iter().any(|name| name.contains(&number.range.start))
    }
}

/// Whether words right in front of a number with its interval say that it is one over placebo: "the placebo-corrected
/// changes were", "the mean reduction versus placebo was".
fn says_compared(said: &str) -> bool {
    const BEFORE: [&str; 4] = ["placebo-corrected", "placebo-adjusted", "placebo-subtracted", "between-group"];
    const OVER: [&str; 5] =
        ["versus placebo", "vs placebo", "compared with placebo", "relative to placebo", "from placebo"];
    let said = said.to_lowercase();
    let said = said.trim_end();
    let verb = ["was", "were", "is", "of"].iter().find_map(|verb| said.strip_suffix(verb)).map(str::trim_end);
    BEFORE.iter().any(|word| said.contains(word))
        || verb.is_some_and(|said| OVER.iter().any(|word| said.ends_with(word)))
}

/// Whether a number is the coefficient of a regression, and no mean: "(b = −9.97, SE = 2.85".
fn is_coefficient(flow: &Flow, number: &Found) -> bool {
    const FAR: usize = 14;
    let front = fold(&flow.text(number.range.start.saturating_sub(FAR)..number.range.start));
    let Some(name) = front.trim_end().strip_suffix('=').map(str::trim_end) else { return false };
    // "Group B = 5.1 ± 1.2" is none.
    ["b", "β", "beta", "coefficient", "coef"]
        .iter()
        .any(|word| name.strip_suffix(word).is_some_and(|before| !before.ends_with(char::is_alphanumeric)))
}

/// Whether a number with a pair in brackets is listed behind one with its interval: "8.8 months (95% CI 7.7–10.2) with
/// drug A and 10.7 months (9.6–12.4) with placebo".
fn is_next_interval(flow: &Flow, number: &Found, all: &Assembled<'_>) -> bool {
    /// No list has more between two of its values.
    const FAR: usize = 120;
    let is_pair = matches!(number.form, Form::Result(Expression::Range { name: None, .. }));
    let start = number.range.start;
    let has_interval =
        |of: &&&Found| matches!(of.form, Form::Result(Expression::Range { name: Some(SpreadName::Ci), .. }));
    let of_loose = all.loose.last().filter(has_interval).map(|of| of.range.clone());
    let of_number = all.intervals.last().map(|of| of.number..of.end);
    let mut before = [of_loose, of_number].into_iter().flatten();
    is_pair && before.any(|of| of.end + FAR >= start && sentence(flow, of.start).contains(&start))
}

/// Whether no more than a unit stands between the first of these numbers and the bracket or comma in front of the
/// second.
pub(super) fn is_right_behind(flow: &Flow, found: &[Found]) -> bool {
    const WORDS: usize = 2;
    let [number, lower, ..] = found else { return false };
    let between = unnamed(flow, number.range.end..lower.range.start.max(number.range.end), &[]);
    let unit = between.split(['(', '[', ',', '、', ';']).next().unwrap_or_default();
    without_per(unit).split_whitespace().count() <= WORDS && !between.contains("), ")
}
