//! What a text calls its groups: "the placebo group", 実薬群, "drug A (n = 36)", "5.0 ± 1.1 with placebo".

use super::cells::only;
use super::doses::{dosed, is_how_often, is_unit_of_dose};
use super::flow::Flow;
use super::group_words::of_word;
use super::named::{Named, without_per};
use super::nouns;
use super::occasions::Time;
use super::scan::Found;
use super::sentences::sentence;
use super::shared_names::{numbered, sharing};
use super::table::{cells_of, sized_headings};
use crate::numeric::numeral::fold_all;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, Range};

/// Every name of a group in a text, in order: what holds the word group, or 群, and what people were assigned to, or had
/// results with.
pub(super) fn groups(flow: &Flow, times: &[Named<Time>], found: &[Found]) -> Vec<Named<String>> {
    let folded = fold_all(&flow.chars);
    let mut all = of_word(flow, &folded, times);
    let mut taken = Taken::of(folded.len(), &all);
    let doses = dosed(&folded, |at| sentence(flow, at));
    for named in doses.into_iter().chain(sharing(&folded)).chain(numbered(&folded)) {
        if taken.take(&named.range) {
            all.push(named);
        }
    }
    let mut treatments = assigned(flow, &folded);
    treatments.extend(with_results(flow, &folded, found));
    treatments.extend(sized_headings(flow).into_iter().filter(|heading| taken.is_free(heading)));
    // "Exercise (n = 63)" is the exercise group.
    let mut of_noun: BTreeMap<String, String> = BTreeMap::new();
    for named in &all {
        let words = named.what.to_lowercase();
        if let Some(name) = without_group(&words) {
            of_noun.entry(name.to_owned()).or_insert_with(|| named.what.clone());
        }
    }
    treatments.extend(headings_known(flow, &folded, &treatments, &of_noun));
    treatments.extend(sized_kinds(&folded, &treatments));
    treatments.extend(nouns::received(&folded, |at| sentence(flow, at)));
    treatments.extend(codes_of_groups(&folded, &all, &treatments));
    for (name, of_name) in places(&folded, &treatments) {
        let what = of_noun.get(&name.to_lowercase()).cloned().unwrap_or(name);
        for range in of_name {
            if taken.take(&range) {
                all.push(Named { what: what.clone(), range });
            }
        }
    }
    for named in nouns::of_known(&folded, &of_noun, |at| sentence(flow, at)) {
        if taken.take(&named.range) {
            all.push(named);
        }
    }
    all.sort_by_key(|named| named.range.start);
    one_name_each(&mut all);
    all
}

/// Which characters of a text stand in names.
struct Taken(Vec<bool>);

impl Taken {
    fn of<T>(length: usize, names: &[Named<T>]) -> Self {
        let mut taken = Self(vec![false; length]);
        names.iter().for_each(|named| taken.0[named.range.clone()].fill(true));
        taken
    }

    fn is_free(&self, range: &Range<usize>) -> bool {
        !self.0[range.clone()].contains(&true)
    }

    /// Takes a stretch for a name, if it is free.
    fn take(&mut self, range: &Range<usize>) -> bool {
        let is_free = self.is_free(range);
        if is_free {
            self.0[range.clone()].fill(true);
        }
        is_free
    }
}

/// A name in small letters without its last word, "group" or "arm".
fn without_group(words: &str) -> Option<&str> {
    [" group", " arm"].iter().find_map(|end| words.strip_suffix(end))
}

/// "Drug A arm" is the "drug A group", and "drug A" the only one with a dose: each has the name that comes first.
fn one_name_each(all: &mut [Named<String>]) {
    let key = |named: &Named<String>| {
        let words = named.what.to_lowercase();
        without_group(&words).unwrap_or(&words).to_owned()
    };
    let keys: Vec<String> = all.iter().map(key).collect();
    let known: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
    let whole = |key| with_its_name(with_its_dose(key, &known), &known);
    let with_dose: BTreeMap<&str, &str> = known.iter().map(|key| (*key, whole(key))).collect();
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    for (named, key) in all.iter_mut().zip(&keys) {
        let Some(key) = with_dose.get(key.as_str()) else { continue };
        named.what = first.entry(key).or_insert_with(|| named.what.clone()).clone();
    }
}

/// A name with its dose, if others have it with one dose alone: "drug A" is "drug A 40 mg once daily".
fn with_its_dose<'k>(key: &'k str, keys: &BTreeSet<&'k str>) -> &'k str {
    let has_dose = |other: &&str| {
        let rest = other.strip_prefix(key).and_then(|rest| rest.strip_prefix(' '));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains(' '))
    };
    // What begins with it stands right behind it.
    let behind = keys.range::<&str, _>((Bound::Excluded(key), Bound::Unbounded)).copied();
    only(behind.take_while(|other| other.starts_with(key)).filter(has_dose)).unwrap_or(key)
}

/// A dose with its treatment, if it is the dose of one alone: "50 mg" is "drug A 50 mg".
fn with_its_name<'k>(key: &'k str, keys: &BTreeSet<&'k str>) -> &'k str {
    let is_dose = key.starts_with(|c: char| c.is_ascii_digit()) && key.contains(' ');
    let has_name = |other: &&str| {
        let name = other.strip_suffix(key).and_then(|name| name.strip_suffix(' '));
        name.is_some_and(|name| name.starts_with(char::is_alphabetic) && !name.contains(' '))
    };
    let whole = || only(keys.iter().copied().filter(has_name));
    if is_dose { whole().unwrap_or(key) } else { key }
}

/// Where the treatments of a text stand that are known by name: where they were found, and behind words that make them
/// those of a group.
fn places(folded: &[char], treatments: &[Range<usize>]) -> Vec<(String, Vec<Range<usize>>)> {
    const WORDS: [&str; 10] = ["with", "on", "to", "than", "for", "in", "receiving", "versus", "vs", "or"];
    let text = |range: &Range<usize>| folded[range.clone()].iter().collect::<String>();
    let mut known: Vec<(String, Vec<Range<usize>>)> = Vec::new();
    for range in treatments {
        let name = text(range);
        match known.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(&name)) {
            Some((_, places)) => places.push(range.clone()),
            None => known.push((name, vec![range.clone()])),
        }
    }
    // The names by their first letter.
    let mut of_letter: BTreeMap<char, Vec<(usize, Vec<char>)>> = BTreeMap::new();
    for (place, (name, _)) in known.iter().enumerate() {
        let name: Vec<char> = name.chars().map(|c| c.to_ascii_lowercase()).collect();
        if let Some(first) = name.first() {
            of_letter.entry(*first).or_default().push((place, name));
        }
    }
    let mut found: Vec<BTreeSet<usize>> =
        known.iter().map(|(_, places)| places.iter().map(|place| place.start).collect()).collect();
    for at in 1..folded.len() {
        for (place, name) in of_letter.get(&folded[at].to_ascii_lowercase()).into_iter().flatten() {
            let range = at..at + name.len();
            let is_same = |here: &[char]| here.iter().zip(name).all(|(c, own)| c.to_ascii_lowercase() == *own);
            // Behind the last one stands something.
            let is_here =
                range.end < folded.len() && is_same(&folded[range.clone()]) && !is_of_word(&folded[range.end]);
            if !is_here {
                continue;
            }
            let front: String = folded[at.saturating_sub(11)..at].iter().collect();
            let front = front.trim_end().to_lowercase();
            let is_behind = folded[at - 1] == ' ' && WORDS.iter().any(|word| front.rsplit(' ').next() == Some(*word));
            let is_whole = !is_of_word(&folded[at - 1]);
            if (is_behind || is_whole && is_sized(folded, range.end)) && found[*place].insert(at) {
                known[*place].1.push(range);
            }
        }
    }
    known
}

/// The cells of a row of a table that are called as groups are elsewhere, where two and more of them are, and the first
/// cells of several rows: "Exercise | Usual care" below "allocated to exercise (n = 60) or usual care (n = 60)".
fn headings_known(
    flow: &Flow,
    folded: &[char],
    treatments: &[Range<usize>],
    of_noun: &BTreeMap<String, String>,
) -> Vec<Range<usize>> {
    let name = |range: &Range<usize>| folded[range.clone()].iter().collect::<String>().to_lowercase();
    let known: BTreeSet<String> = treatments.iter().map(name).chain(of_noun.keys().cloned()).collect();
    let mut found = Vec::new();
    // The first cells of the rows of a table that are such names: each row is one group then.
    let mut firsts: Vec<Range<usize>> = Vec::new();
    let mut last = 0;
    for row in flow.rows.iter().map(|row| row.range.clone()) {
        if row.start != last {
            keep_several(&mut found, &mut firsts, folded);
        }
        last = row.end;
        let cells = cells_of(flow, &row);
        let here: Vec<Range<usize>> = cells.iter().filter(|cell| known.contains(&name(cell))).cloned().collect();
        match here.as_slice() {
            [one] if cells.first() == Some(one) => firsts.push(one.clone()),
            [_, _, ..] => found.extend(here),
            _ => {}
        }
    }
    keep_several(&mut found, &mut firsts, folded);
    found
}

/// The codes of groups in front of "group", where they stand without it: "with HT-204" is of the HT-204 group, as "with
/// placebo" is of the placebo group. Other words may be any: "on treatment".
fn codes_of_groups(folded: &[char], names: &[Named<String>], treatments: &[Range<usize>]) -> Vec<Range<usize>> {
    let known: BTreeSet<&[char]> = treatments.iter().map(|of| &folded[of.clone()]).collect();
    let is_known = |range: &Range<usize>| known.contains(&folded[range.clone()]);
    let codes = names.iter().filter_map(|named| {
        let code = without_group(&named.what.to_lowercase())?.chars().count();
        let range = named.range.start..named.range.start + code;
        let is_control = ["placebo", "sham"].contains(&folded[range.clone()].iter().collect::<String>().as_str());
        let is_code = is_control || folded[range.clone()].iter().any(char::is_ascii_digit);
        let is_one = folded[range.clone()].iter().all(is_of_word);
        Some(range).filter(|range| is_code && is_one && !is_known(range))
    });
    let mut all: Vec<Range<usize>> = codes.collect();
    all.sort_by(|a, b| folded[a.clone()].cmp(&folded[b.clone()]));
    all.dedup_by(|a, b| folded[a.clone()] == folded[b.clone()]);
    all
}

/// The kinds of people of whom a text tells how many there were of each, where both have results elsewhere: 患者15名と健常者
/// 20名.
fn sized_kinds(folded: &[char], treatments: &[Range<usize>]) -> Vec<Range<usize>> {
    /// So many characters stand between the counts of two kinds.
    const FAR: usize = 24;
    let kinds = || KINDS.iter().map(|kind| kind.chars().collect::<Vec<char>>());
    let known: Vec<Vec<char>> =
        kinds().filter(|kind| treatments.iter().any(|of| folded[of.clone()] == kind[..])).collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    // The last one with its count, and where that ends.
    let mut last: Option<(Range<usize>, usize)> = None;
    for at in 0..folded.len() {
        let Some(kind) = known.iter().find(|kind| folded[at..].starts_with(kind)) else { continue };
        let range = at..at + kind.len();
        let digits = folded[range.end..].iter().take_while(|c| c.is_ascii_digit()).count();
        let counted = folded.get(range.end + digits).is_some_and(|c| matches!(c, '名' | '人' | '例'));
        if digits == 0 || !counted {
            continue;
        }
        if let Some((first, end)) = &last {
            let between: String = folded[*end..at.max(*end)].iter().collect();
            let is_other = folded[first.clone()] != folded[range.clone()];
            let is_joined = ["と", "、", "および", "及び", "ならびに"].iter().any(|word| between.starts_with(word));
            if is_other && is_joined && between.chars().count() <= FAR && !between.contains('。') {
                found.extend([first.clone(), range.clone()]);
            }
        }
        last = Some((range.clone(), range.end + digits + 1));
    }
    found
}

/// Whether a size stands behind a name: "drug A, n = 63".
pub(super) fn is_sized(folded: &[char], at: usize) -> bool {
    let behind: String = folded[at..].iter().take(12).filter(|c| **c != ' ').take(4).collect();
    behind.to_lowercase().trim_start_matches(['(', ',', '[']).starts_with("n=")
}

pub(super) fn is_of_word(c: &char) -> bool {
    c.is_ascii_alphanumeric() || *c == '-'
}

/// What people were assigned to: "randomised to drug A (n = 36) or placebo (n = 36)".
fn assigned(flow: &Flow, folded: &[char]) -> Vec<Range<usize>> {
    const ASSIGNED: [&str; 4] = ["randomi", "assigned", "allocated", "received"];
    let is_size = |at: usize| {
        let inside: String = folded[at + 1..].iter().filter(|c| **c != ' ').take(2).collect();
        folded[at] == '(' && inside.eq_ignore_ascii_case("n=")
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut of_sentence: Vec<Range<usize>> = Vec::new();
    let mut own = 0..0;
    for at in (0..folded.len()).filter(|at| is_size(*at)) {
        if !own.contains(&at) {
            keep_several(&mut found, &mut of_sentence, folded);
            own = sentence(flow, at);
        }
        let words: String = folded[own.start..at].iter().collect::<String>().to_lowercase();
        if ASSIGNED.iter().any(|word| words.contains(word)) {
            of_sentence.extend(words_before(folded, at));
        }
    }
    keep_several(&mut found, &mut of_sentence, folded);
    found
}

/// What results were reported with: "−21.4 ± 1.3 with esketamine and −17.0 ± 1.4 with placebo".
fn with_results(flow: &Flow, folded: &[char], found: &[Found]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    let (mut of_sentence, mut beside_control): (Vec<Range<usize>>, Vec<Range<usize>>) = Default::default();
    let mut own = 0..0;
    for result in found.iter().filter(|found| found.is_result()) {
        if !own.contains(&result.range.start) {
            keep_several(&mut all, &mut of_sentence, folded);
            keep_beside_control(&mut all, &mut beside_control, folded);
            own = sentence(flow, result.range.start);
        }
        of_sentence.extend(words_behind(folded, result.range.end, &[" with "]));
        of_sentence.extend(words_with(folded, result.range.start));
        of_sentence.extend(kind_of_people(folded, result.range.start));
        beside_control.extend(words_behind(folded, result.range.end, &[" for ", " on ", " in "]));
    }
    keep_several(&mut all, &mut of_sentence, folded);
    keep_beside_control(&mut all, &mut beside_control, folded);
    all
}

/// One name in a sentence may be that of anything: two are groups.
fn keep_several(all: &mut Vec<Range<usize>>, of_sentence: &mut Vec<Range<usize>>, folded: &[char]) {
    let is_other = |range: &Range<usize>| {
        let first = of_sentence.first().map(|first| &folded[first.clone()]);
        first.is_some_and(|first| *first != folded[range.clone()])
    };
    if of_sentence.iter().any(is_other) {
        all.extend(of_sentence.iter().cloned());
    }
    of_sentence.clear();
}

/// "For drug A" and "in fatigue" may be anything, but beside "for placebo".
fn keep_beside_control(all: &mut Vec<Range<usize>>, of_sentence: &mut Vec<Range<usize>>, folded: &[char]) {
    let text = |range: &Range<usize>| folded[range.clone()].iter().collect::<String>();
    // Beside a group that is called one.
    let is_certain = |range: &&Range<usize>| ["placebo", "sham", "controls"].contains(&text(range).as_str());
    let certain: Vec<Range<usize>> = of_sentence.iter().filter(is_certain).cloned().collect();
    let before = all.len();
    if of_sentence.iter().any(|range| is_control(&text(range))) {
        keep_several(all, of_sentence, folded);
    }
    if all.len() == before {
        all.extend(certain);
    }
    of_sentence.clear();
}

/// So many words make a name.
pub(super) const WORDS: usize = 3;

/// The name that ends in front of a bracket, with its dose and how often it is given: "drug A 40 mg once daily".
fn words_before(folded: &[char], bracket: usize) -> Option<Range<usize>> {
    let mut end = bracket;
    while end > 0 && folded[end - 1] == ' ' {
        end -= 1;
    }
    let last = before_dose(folded, end);
    let mut start = last;
    for _ in 0..WORDS {
        let blank = start.checked_sub(1).filter(|blank| folded[*blank] == ' ');
        let Some(behind) = (if start == last { Some(last) } else { blank }) else { break };
        let word = word_before(folded, behind);
        if word.is_empty() || is_stop(&word) || word.starts_with("receiv") {
            break;
        }
        start = behind - word.chars().count();
    }
    is_name(folded, start..if start == last { last } else { end })
}

/// The word that ends at a place.
fn word_before(folded: &[char], end: usize) -> String {
    let length = folded[..end].iter().rev().take_while(|c| is_of_word(c)).count();
    folded[end - length..end].iter().collect()
}

/// Where a name ends that has its dose and how often it is given behind it; the same place where it has none.
fn before_dose(folded: &[char], end: usize) -> usize {
    const PERIODS: [&str; 6] = ["every", "week", "weeks", "month", "months", "day"];
    let before = |at: usize, word: &str| {
        let start = at - word.chars().count();
        start.checked_sub(1).filter(|blank| folded[*blank] == ' ')
    };
    let mut at = end;
    loop {
        let word = word_before(folded, at).to_lowercase();
        let is_count = || {
            let is_digits = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
            is_digits && before(at, &word).is_some_and(|blank| word_before(folded, blank) == "every")
        };
        if !is_how_often(&word) && !PERIODS.contains(&word.as_str()) && !is_count() {
            break;
        }
        let Some(blank) = before(at, &word) else { break };
        at = blank;
    }
    let unit = word_before(folded, at).to_lowercase();
    let Some(blank) = before(at, &unit).filter(|_| is_unit_of_dose(&unit)) else { return end };
    let is_dose = |c: &&char| c.is_ascii_digit() || matches!(c, '.' | ',' | '/');
    let dose = folded[..blank].iter().rev().take_while(is_dose).count();
    let name = (blank - dose).checked_sub(1).filter(|at| dose > 0 && folded[*at] == ' ');
    name.unwrap_or(end)
}

/// The name behind one of some words, "with", right behind a number and its unit.
fn words_behind(folded: &[char], number: usize, words: &[&str]) -> Option<Range<usize>> {
    const FAR: usize = 30;
    let rest = &folded[number..folded.len().min(number + FAR)];
    let place = |word: &str| rest.windows(word.len()).position(|here| here.iter().copied().eq(word.chars()));
    let (with, word) = words.iter().find_map(|word| Some((place(word)?, *word)))?;
    let unit: String = rest[..with].iter().collect();
    let is_unit = without_per(&unit).split_whitespace().count() <= 2 && !unit.contains([',', '.', ';', '(', ')', '±']);
    let start = number + with + word.len();
    let mut end = start;
    for count in 0..=WORDS {
        let begin = if end == start { end } else { end + 1 };
        let length = length_of_word(folded, begin);
        let word: String = folded[begin.min(folded.len())..].iter().take(length).collect();
        // "Drug A 0.5 mg" has one word more.
        if length == 0 || count == WORDS && !is_unit_of_dose(&word) || is_stop(&word) || ENDS.contains(&word.as_str()) {
            break;
        }
        end = begin + length;
        if folded.get(end) != Some(&' ') {
            break;
        }
    }
    is_name(folded, start..end).filter(|_| is_unit)
}

/// How many characters of a word stand at a place; the decimals of a dose are some: "drug A 0.5 mg".
fn length_of_word(folded: &[char], at: usize) -> usize {
    let rest = folded.get(at..).unwrap_or_default();
    let is_digit = |place: usize| rest.get(place).is_some_and(char::is_ascii_digit);
    let is_part = |(place, c): &(usize, &char)| {
        is_of_word(c) || matches!(c, '.' | ',') && *place > 0 && is_digit(place - 1) && is_digit(place + 1)
    };
    rest.iter().enumerate().take_while(is_part).count()
}

/// Kinds of people that are no 群.
const KINDS: [&str; 6] = ["健常対照者", "健常者", "健常人", "健康成人", "対照者", "患者"];

/// What people are called right in front of a result, where they are no 群: 健常者5.4±2.0、患者3.2±2.1.
fn kind_of_people(folded: &[char], result: usize) -> Option<Range<usize>> {
    const JOINTS: [&str; 5] = ["では", "で", "は", "が", ""];
    let ends = |end: usize, word: &str| {
        let start = end.checked_sub(word.chars().count())?;
        folded[start..end].iter().copied().eq(word.chars()).then_some(start)
    };
    JOINTS.iter().find_map(|joint| {
        let end = ends(result, joint)?;
        KINDS.iter().find_map(|kind| Some(ends(end, kind)?..end))
    })
}

/// The name behind "with", with a result in brackets right behind it: "lower with drug A (3.2 ± 2.1) than".
fn words_with(folded: &[char], result: usize) -> Option<Range<usize>> {
    let bracket = result.checked_sub(1).filter(|at| matches!(folded[*at], '(' | '['))?;
    let name = words_before(folded, bracket)?;
    let front: String = folded[name.start.saturating_sub(6)..name.start].iter().collect();
    (front == " with ").then_some(name)
}

/// Whether a word is no part of a name; the A of "drug A" is one.
pub(super) fn is_stop(word: &str) -> bool {
    word != "A" && STOPS.contains(&word.to_lowercase().as_str())
}

/// Words behind a name.
const ENDS: [&str; 6] = ["compared", "but", "whereas", "while", "after", "over"];

/// Whether words may name a group: letters, and neither what has the word group, nor kinds of people.
fn is_name(folded: &[char], range: Range<usize>) -> Option<Range<usize>> {
    let words = folded[range.clone()].iter().collect::<String>().to_lowercase();
    let begins = words.starts_with(|c: char| c.is_ascii_alphabetic());
    // "Were randomised (n = 120)" names nobody.
    const DONE: [&str; 10] =
        ["randomi", "assigned", "allocated", "enrol", "screened", "included", "completed", "analys", "analyz", "total"];
    let is_done = words.split(' ').any(|word| DONE.iter().any(|done| word.starts_with(done)));
    let is_other = words.split(' ').any(|word| {
        ["group", "groups", "arm", "arms", "patients", "participants", "subjects", "women", "men", "adults", "children"]
            .contains(&word)
    });
    (begins && words.chars().count() > 1 && !is_other && !is_done).then_some(range)
}

/// Whether a group is one that others are compared with.
pub(super) fn is_control(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        "placebo",
        "control",
        "sham",
        "usual care",
        "standard care",
        "プラセボ",
        "偽薬",
        "偽刺激",
        "偽手術",
        "対照",
        "標準治療",
        "通常",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// No name of a group begins with, or in front of, these.
const STOPS: [&str; 50] = [
    "the", "a", "an", "in", "of", "for", "with", "and", "or", "vs", "vs.", "versus", "each", "both", "this", "that",
    "to", "from", "between", "per", "by", "no", "other", "same", "every", "any", "all", "either", "one", "two",
    "three", "at", "than", "was", "were", "on", "our", "their", "month", "months", "week", "weeks", "year", "years",
    "baseline", "points", "into", "within", "among", "across",
];
