//! People of several groups who had the same thing: "63/94 (67.0%) in the drug group and 37/92 (40.2%) in the placebo
//! group".

use super::assemble::Assembler;
use super::flow::Flow;
use super::named::unnamed;
use super::names::is_called_share;
use super::numbers::{Ends, OfNumber};
use super::occasions::Time;
use super::scan::{Form, Found};
use super::sentences::{lists_in_order, sentence};
use super::shares::{ShareWithInterval, closed_behind};
use super::tallies::{Tally, count_of};
use crate::numeric::numeral::{Expression, Numeral, count_and_percent, fold, fold_char};
use crate::reported::{CellForm, SpreadMeaning, Statistic, USUAL_LEVEL};
use std::ops::Range;

/// What people are called.
pub(super) const PEOPLE: [&str; 8] =
    ["patients", "patient", "participants", "subjects", "people", "women", "men", "children"];

/// How a text says how many had something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// `29 patients`
    Count,
    /// `63/94`, `63/94 (67.0%)`, `74 (78.7%)`
    Part,
    /// `67.0% of patients`
    Share,
    /// `67.0% (95% CI, 56.6 to 76.4)`
    Estimated,
}

impl Told {
    /// Whether brackets behind it may say more, so that its group can stand right in front.
    fn has_brackets(self) -> bool {
        matches!(self, Self::Part | Self::Estimated)
    }
}

/// Words between people and the group that they are in.
const OF_GROUP: [&str; 12] =
    ["in", "for", "the", "of", "on", "with", "those", "who", "receiving", "given", "taking", "treated"];

/// So many people, before it is known of which group.
struct Item {
    told: Told,
    text: String,
    form: CellForm,
    percent: Option<Numeral>,
    range: Range<usize>,
    /// The interval of a share of which the counts are told as well: a cell has no place for both.
    interval: Option<OfNumber>,
    /// How many of the numbers that were found it takes.
    numbers: usize,
}

impl Assembler<'_, '_> {
    /// The people of two groups and more who had the same thing, from the number at a position, and how many of the
    /// numbers they take. Those who were assigned to groups are their sizes.
    pub(super) fn people_at(&mut self, position: usize) -> Option<(Vec<Tally>, usize)> {
        let first = self.item_at(position, None)?;
        let own = sentence(self.flow, first.range.start);
        let told = first.told;
        if says_assigned(&self.unnamed(own.clone()), told) {
            return None;
        }
        let mut taken = first.numbers;
        let mut items = vec![first];
        while let Some(next) = self.item_at(position + taken, Some(told)) {
            let last = items.last()?;
            let is_alike = next.told == told && own.contains(&next.range.start);
            let between = self.unnamed(last.range.end..next.range.start);
            if !is_alike || !joins_people(&between, told) {
                break;
            }
            taken += next.numbers;
            items.push(next);
        }
        let groups = self.groups_of(&items, &own)?;
        let time = self.time_before(own.start..items[0].range.start, None).map(|(time, _)| time);
        let at = time.filter(|time| time.is_told()).unwrap_or(Time::Open);
        let tallies = items.into_iter().zip(groups).map(|(item, group)| Tally {
            text: item.text,
            form: item.form,
            percent: item.percent,
            statistic: match told {
                Told::Share | Told::Estimated => Statistic::Percent,
                Told::Count | Told::Part => Statistic::Count,
            },
            time: None,
            group: Some(group),
            at,
            range: item.range,
            interval: item.interval,
        });
        Some((tallies.collect(), taken))
    }

    /// The number at a position with the share, the fraction or the interval that stands beside it. Behind "67.0% of
    /// patients" another share is one of patients as well, and behind "67.0% (95% CI, 56.6 to 76.4)" brackets need no
    /// name.
    fn item_at(&self, position: usize, last: Option<Told>) -> Option<Item> {
        let number = self.found.get(position)?;
        let is_behind_interval = last.is_some_and(Told::has_brackets);
        if let Some(of) = self.share_with_interval(position, is_behind_interval) {
            return Some(self.estimated(of, position));
        }
        let Form::Number(expression) = &number.form else { return None };
        let next = self.found.get(position + 1);
        let three: Vec<&Found> = self.found[position..].iter().take(3).collect();
        if let Some((text, percent, range)) = share_of_whole(self.flow, &three) {
            let Ok(Expression::Fraction { part, whole }) = text.parse() else { return None };
            let text = format!("{text} ({})", percent.text());
            let form = CellForm::Fraction { part, whole };
            let percent = Some(percent);
            return Some(Item { told: Told::Part, text, form, percent, range, interval: None, numbers: 3 });
        }
        if let Some((text, percent, range)) = next.and_then(|next| with_share(self.flow, number, next)) {
            let form = match text.parse().ok()? {
                Expression::Fraction { part, whole } => CellForm::Fraction { part, whole },
                Expression::Number(count) => CellForm::Single(count),
                _ => return None,
            };
            let text = percent.as_ref().map_or(text.clone(), |percent| format!("{text} ({})", percent.text()));
            // "62.3% (129 of 207 patients; 95% CI, 55.3 to 68.9)"
            let found = self.interval_right_behind(position + 1);
            let interval = found.map(|(ends, end)| {
                let (ends, level) = (Ends::Both(ends), Some(USUAL_LEVEL));
                OfNumber { number: range.start, ends, level, end }
            });
            let end = interval.as_ref().map_or(range.end, |of| of.end);
            // The bracket behind is part of it.
            let range = range.start..closed_behind(self.flow, end).unwrap_or(end + 1);
            let numbers = if interval.is_some() { 4 } else { 2 };
            return Some(Item { told: Told::Part, text, form, percent, range, interval, numbers });
        }
        let item = |told, form| Item {
            told,
            text: number.text.clone(),
            form,
            percent: None,
            range: number.range.clone(),
            interval: None,
            numbers: 1,
        };
        match expression {
            Expression::Fraction { part, whole } => {
                Some(item(Told::Part, CellForm::Fraction { part: part.clone(), whole: whole.clone() }))
            }
            Expression::Number(share) if share.is_percent() => {
                let end = number.range.end;
                let behind = fold(&self.flow.text(end..self.flow.chars.len().min(end + 20))).to_lowercase();
                let words = behind.trim_start().strip_prefix("of ").map(|words| words.trim_start_matches("the "));
                let is_noun = |words: &str| PEOPLE.iter().chain(&["those "]).any(|noun| words.starts_with(noun));
                let is_of_people = words.is_some_and(is_noun) || self.is_share_of_group(number);
                (is_of_people || last == Some(Told::Share)).then(|| item(Told::Share, CellForm::Single(share.clone())))
            }
            _ => count_of(number).map(|count| item(Told::Count, CellForm::Single(count))),
        }
    }

    /// A share with its interval, or the counts of which it is that share, where they stand behind the interval.
    fn estimated(&self, of: ShareWithInterval, position: usize) -> Item {
        let ShareWithInterval { share, ends, interval, numbers } = of;
        let (start, end) = (interval.number, interval.end);
        let counts = self.found.get(position + numbers).filter(|next| {
            let between = fold(&self.flow.text(end.min(next.range.start)..next.range.start));
            matches!(between.trim(), ";" | "," | "、")
        });
        let fraction = counts.and_then(|next| match &next.form {
            Form::Number(Expression::Fraction { part, whole }) => {
                let form = CellForm::Fraction { part: part.clone(), whole: whole.clone() };
                Some((form, next.text.clone(), closed_behind(self.flow, next.range.end)?))
            }
            _ => None,
        });
        match fraction {
            Some((form, fraction, closed)) => Item {
                told: Told::Part,
                text: format!("{fraction} ({})", share.text()),
                form,
                percent: Some(share),
                range: start..closed,
                interval: Some(interval),
                numbers: numbers + 1,
            },
            None => {
                let [lower, upper] = ends;
                Item {
                    told: Told::Estimated,
                    text: format!("{} ({} to {})", share.text(), lower.text(), upper.text()),
                    form: CellForm::Pair { center: share, lower, upper, meaning: SpreadMeaning::Ci95 },
                    percent: None,
                    range: start..closed_behind(self.flow, end).unwrap_or(end),
                    interval: None,
                    numbers,
                }
            }
        }
    }

    /// The group of each item: all are named behind theirs, or all in front; or the sentence says "respectively", and
    /// as many groups are named in it, or else in the one before.
    fn groups_of(&self, items: &[Item], own: &Range<usize>) -> Option<Vec<String>> {
        let behind = |item: &Item| self.group_of_people(item);
        let in_front = |item: &Item| self.group_in_front(item, own.start);
        let named = |by: &dyn Fn(&Item) -> Option<String>| items.iter().map(by).collect::<Option<Vec<String>>>();
        let are_counts = items.iter().any(|item| item.told == Told::Count);
        let listed = || self.groups_listed(items.len(), own).filter(|_| !are_counts);
        // "In the drug group 45 of 155 responded, against 20 of 155 in the placebo group."
        let around = || {
            items.split_first().and_then(|(first, rest)| {
                let first = in_front(first)?;
                let rest = rest.iter().map(&behind).collect::<Option<Vec<String>>>()?;
                Some([vec![first], rest].concat())
            })
        };
        let found = named(&behind).or_else(|| named(&in_front)).or_else(around).or_else(listed)?;
        let is_each_another = found.iter().enumerate().all(|(at, group)| !found[..at].contains(group));
        (found.len() > 1 && is_each_another).then_some(found)
    }

    /// As many groups as a sentence lists values "respectively": those that it names, or that the sentence before
    /// names.
    fn groups_listed(&self, count: usize, own: &Range<usize>) -> Option<Vec<String>> {
        let says = fold(&self.flow.text(own.clone())).to_lowercase();
        if !lists_in_order(&says) {
            return None;
        }
        let here = self.groups.distinct(own.clone());
        let before = || self.groups.distinct(sentence(self.flow, own.start.saturating_sub(2)));
        let all = if here.is_empty() && own.start > 2 { before() } else { here };
        (all.len() == count).then(|| all.into_iter().cloned().collect())
    }

    /// The group in which so many people are: "29 patients in the drug group", "67.0% (63/94) of patients on drug A".
    fn group_of_people(&self, item: &Item) -> Option<String> {
        let end = item.range.end;
        let named = self.groups.within(end..self.flow.chars.len()).next()?;
        if !sentence(self.flow, item.range.start).contains(&named.range.start) {
            return None;
        }
        let words = unnamed(self.flow, end..named.range.start, &[]);
        let words: Vec<&str> = words.split_whitespace().map(|word| word.trim_matches([',', ')'])).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let is_beside = match item.told {
            Told::Count => {
                let is_noun = words.first().is_some_and(|word| PEOPLE.contains(word));
                matches!(words[usize::from(is_noun)..], ["in", "the"] | ["in"] | ["of", "the"])
            }
            _ => {
                let joins = |word: &&str| OF_GROUP.contains(word) || *word == "receive";
                words.iter().all(|word| PEOPLE.contains(word) || joins(word)) && words.iter().any(joins)
            }
        };
        is_beside.then(|| named.what.clone())
    }

    /// The group right in front of a part of it: 実薬群で63/94例（67.0%）, "drug A: 63/94".
    fn group_in_front(&self, item: &Item, from: usize) -> Option<String> {
        const JOINTS: [&str; 11] = ["", ":", "で", "では", "は", "が", "の", "で、", "では、", ",", "("];
        let named = self.groups.last_named(self.flow, from..item.range.start, |_| true)?;
        let between = unnamed(self.flow, named.range.end..item.range.start, &[]);
        let may_be = item.told.has_brackets() || named.what.ends_with('群');
        (may_be && JOINTS.contains(&between.trim())).then(|| named.what.clone())
    }

    /// Whether a 群 stands right in front of a number in per cent, and words in front say that it is a share of people:
    /// 48週時の無再発率は、実薬群88.9%、プラセボ群66.0%.
    fn is_share_of_group(&self, number: &Found) -> bool {
        let Range { start, .. } = number.range;
        let own = sentence(self.flow, start);
        let named = self.groups.last_named(self.flow, own.start..start, |name| name.ends_with('群'));
        let is_beside = named.is_some_and(|named| {
            let between = unnamed(self.flow, named.range.end..start, &[]);
            ["", "で", "では", "は", "が"].contains(&between.trim())
        });
        is_beside && !self.is_of_change(number) && is_called_share(&self.unnamed(own.start..start))
    }
}

/// A count with its share, and behind them of how many it is one: "21 (12%) of 174 participants".
pub(super) fn share_of_whole(flow: &Flow, found: &[&Found]) -> Option<(String, Numeral, Range<usize>)> {
    let [count, share, whole, ..] = found else { return None };
    let (text, percent, range) = with_share(flow, count, share)?;
    let between = fold(&flow.text(range.end..whole.range.start.max(range.end))).to_lowercase();
    let is_of = between.strip_prefix([')', ']']).is_some_and(|word| matches!(word.trim(), "of" | "of the"));
    let (part, all) = (text.parse::<Numeral>().ok()?, count_of(whole)?);
    let is_part = part.count()? <= all.count()? && all.count()? > 0;
    (is_of && is_part).then_some((format!("{} of {}", part.text(), all.text()), percent?, range.start..whole.range.end))
}

/// A count and a share, one in brackets right behind the other: `11例（68.8%）`, `62.5%（10/16例）`.
pub(super) fn with_share(flow: &Flow, number: &Found, next: &Found) -> Option<(String, Option<Numeral>, Range<usize>)> {
    // "62.5%（10/16例、95%信頼区間 …" goes on, and so does "62.3% (129 of 207 patients; 95% CI".
    let rest = fold(&flow.text(next.range.end..flow.chars.len().min(next.range.end + 16)));
    let noun = PEOPLE.iter().find_map(|noun| rest.trim_start().strip_prefix(noun));
    let closed = noun.unwrap_or(&rest).starts_with([')', ']', ',', '、', ';']);
    // "1344 patients [9.8%]".
    let between = fold(&flow.text(number.range.end..next.range.start)).replace('[', "(");
    let noun = ["patients", "participants", "subjects"].into_iter().find_map(|noun| between.trim().strip_prefix(noun));
    // "(8/60; 15.3%)" has both within.
    let is_within = || {
        let opens = number.range.start.checked_sub(1).is_some_and(|at| matches!(fold_char(flow.chars[at]), '(' | '['));
        opens && matches!(number.form, Form::Number(Expression::Fraction { .. })) && matches!(between.trim(), ";" | ",")
    };
    if noun.unwrap_or(&between).trim() != "(" && !is_within() || !closed {
        return None;
    }
    let (text, percent) = count_and_percent(&format!("{}({})", number.text, next.text))?;
    Some((text, Some(percent), number.range.start..next.range.end))
}

/// Whether no more than words that join stands between the people of two groups, whose names are left out.
fn joins_people(between: &str, told: Told) -> bool {
    const WORDS: [&str; 14] = [
        "than",
        "responded",
        "improved",
        "relapsed",
        "achieved",
        "this",
        "against",
        "and",
        "vs",
        "versus",
        "compared",
        "to",
        "while",
        "whereas",
    ];
    if between.is_ascii() {
        // What stands in front of "versus" is said of both: "had an attack versus".
        const SAID: usize = 6;
        let words: Vec<&str> = between.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty()).collect();
        let is_known = |word: &&str| [&PEOPLE[..], &OF_GROUP, &WORDS].iter().any(|words| words.contains(word));
        let compared = words.iter().rposition(|word| ["vs", "versus", "compared"].contains(word)).unwrap_or(0);
        let said = words[..compared].iter().filter(|word| !is_known(word)).count();
        return !between.contains([';', '.']) && said <= SAID && words[compared..].iter().all(is_known);
    }
    /// No joint of Japanese is longer.
    const LONGEST: usize = 10;
    let is_joint = |c: char| {
        matches!(c, '\u{3041}'..='\u{309F}' | '、' | ',' | '・' | '(' | ')' | ' ' | '例' | '名' | '人' | '対')
    };
    let is_told = told.has_brackets() || told == Told::Share;
    is_told && between.chars().count() <= LONGEST && between.chars().all(is_joint)
}

/// Whether words say how people came into groups, or of plain counts what was done with them there.
fn says_assigned(sentence: &str, told: Told) -> bool {
    const ASSIGNED: [&str; 13] = [
        "assigned",
        "allocated",
        "randomi",
        "enrol",
        "recruited",
        "included",
        "entered",
        "consist",
        "割付",
        "割り付",
        "登録",
        "組み入れ",
        "無作為",
    ];
    const TREATED: [&str; 7] = ["received", "treated", "analys", "analyz", "completed", "started", "studied"];
    let says = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    says(&ASSIGNED) || told == Told::Count && (says(&TREATED) || sentence.contains("there were"))
}
