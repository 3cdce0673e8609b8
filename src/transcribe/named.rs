//! What a text calls the numbers in it: the name that stands nearest in front, or right behind.

use super::flow::Flow;
use super::sentences::{is_closed_off, sentence};
use super::table::Headers;
use crate::numeric::numeral::fold_char;
use std::ops::Range;

/// Something that a text names, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named<T> {
    pub(super) what: T,
    /// The characters of its name in the flow.
    pub(super) range: Range<usize>,
}

/// The names of one kind in a text, in order, and which of them stand behind their number.
#[derive(Clone, Debug)]
pub(super) struct Names<T> {
    all: Vec<Named<T>>,
    behind: Vec<bool>,
    /// Which of them stand in lists, of which no single one is that of a number beside it.
    listed: Vec<bool>,
    /// Which rows of tables are headers of names of this kind.
    headers: Headers,
}

impl<T: Clone> Names<T> {
    pub(super) fn new(flow: &Flow, all: Vec<Named<T>>, lists: &[Range<usize>]) -> Self {
        let behind = vec![false; all.len()];
        let mut listed = vec![false; all.len()];
        lists.iter().cloned().flatten().for_each(|place| listed[place] = true);
        let headers = Headers::of(flow, &all);
        Self { all, behind, listed, headers }
    }

    /// What the header of its table names the column of a place.
    pub(super) fn of_column(&self, flow: &Flow, at: usize) -> Option<T> {
        self.headers.of_column(flow, &self.all, at)
    }

    pub(super) fn all(&self) -> &[Named<T>] {
        &self.all
    }

    /// The names in the header of the table in which a place stands, if it has one of as many columns.
    pub(super) fn of_header(&self, flow: &Flow, at: usize) -> Option<&[Named<T>]> {
        self.headers.of_table(flow, &self.all, at)
    }

    /// What is named right behind a number: "6.3 ± 1.4 points at baseline", "(n = 12) 3.1 (12か月後)".
    pub(super) fn right_behind(&mut self, flow: &Flow, end: usize, others: &Stretches) -> Option<T> {
        /// So many characters of a unit, a preposition and other names may stand between.
        const BETWEEN: usize = 36;
        /// And so many in all.
        const FAR: usize = 100;
        let end = behind_marks(flow, behind_bracket(flow, behind_p_and_n(flow, end)));
        let next = self.from(end);
        let name = self.all.get(next)?;
        if name.range.start - end > FAR || !sentence(flow, end.saturating_sub(1)).contains(&name.range.start) {
            return None;
        }
        let between = end..name.range.start;
        let mut masked = others.near(&between).to_vec();
        // "3.4 ± 0.6 at week 12 (p < 0.001) in the active group".
        let ends = masked.iter().map(|other| other.end).filter(|other| between.contains(other));
        let brackets: Vec<Range<usize>> = ends.map(|end| end..behind_p_and_n(flow, end)).collect();
        masked.extend(brackets.into_iter().filter(|bracket| bracket.end <= between.end));
        let between = without_value_in_brackets(&with_short_unit(&unnamed(flow, between, &masked)));
        if between.chars().count() > BETWEEN {
            return None;
        }
        // "(12週時の変化量 …" is of the number that follows.
        let is_whole = !between.contains('(') || flow.chars.get(name.range.end).is_some_and(|c| fold_char(*c) == ')');
        if !is_whole || self.listed[next] || !is_beside(&between, flow.chars[name.range.start]) {
            return None;
        }
        self.behind[next] = true;
        Some(name.what.clone())
    }

    /// What is named last between two places, and neither stands behind a number of its own nor in brackets.
    pub(super) fn last_in(&self, flow: &Flow, within: Range<usize>, is_meant: impl Fn(&T) -> bool) -> Option<T> {
        self.last_named(flow, within, is_meant).map(|named| named.what.clone())
    }

    /// The same with its place.
    pub(super) fn last_named(
        &self,
        flow: &Flow,
        within: Range<usize>,
        is_meant: impl Fn(&T) -> bool,
    ) -> Option<&Named<T>> {
        let is_free = |place: &usize| {
            let named = &self.all[*place];
            let is_whole = named.range.end <= within.end;
            is_whole
                && !self.behind[*place]
                && is_meant(&named.what)
                && !is_closed_off(flow, named.range.end, within.end)
        };
        let place = (self.from(within.start)..self.from(within.end)).rev().find(is_free)?;
        self.all.get(place).filter(|_| !self.listed[place])
    }

    /// The place of the first name that begins there or behind.
    fn from(&self, at: usize) -> usize {
        self.all.partition_point(|named| named.range.start < at)
    }

    /// The names between two places.
    pub(super) fn within(&self, within: Range<usize>) -> impl Iterator<Item = &Named<T>> {
        named_within(&self.all, within)
    }

    /// What is named between two places, each once.
    pub(super) fn distinct(&self, within: Range<usize>) -> Vec<&T>
    where
        T: PartialEq,
    {
        distinct(&self.all, within)
    }
}

/// The stretches of a text that its names take, each with its own length.
#[derive(Clone, Debug, Default)]
pub(super) struct Stretches {
    /// In the order in which they begin.
    all: Vec<Range<usize>>,
    longest: usize,
}

impl Stretches {
    pub(super) fn new(mut all: Vec<Range<usize>>) -> Self {
        all.sort_unstable_by_key(|stretch| (stretch.start, stretch.end));
        let longest = all.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        Self { all, longest }
    }

    /// All that may reach into another stretch.
    pub(super) fn near(&self, within: &Range<usize>) -> &[Range<usize>] {
        let first = self.all.partition_point(|stretch| stretch.start + self.longest < within.start);
        let end = self.all.partition_point(|stretch| stretch.start <= within.end);
        &self.all[first.min(end)..end]
    }

    pub(super) fn all(&self) -> &[Range<usize>] {
        &self.all
    }
}

/// The names between two places; all stand in the order of the text.
pub(super) fn named_within<T>(names: &[Named<T>], within: Range<usize>) -> impl Iterator<Item = &Named<T>> {
    let first = names.partition_point(|named| named.range.start < within.start);
    let here = names[first..].iter().take_while(move |named| named.range.start < within.end.max(within.start + 1));
    here.filter(move |named| named.range.end <= within.end)
}

/// What is named between two places, each once.
pub(super) fn distinct<T: PartialEq>(names: &[Named<T>], within: Range<usize>) -> Vec<&T> {
    let mut all: Vec<&T> = Vec::new();
    for named in named_within(names, within) {
        if !all.contains(&&named.what) {
            all.push(&named.what);
        }
    }
    all
}

/// The place behind brackets that hold a p or an n, or say what a number is: "4.2 ± 1.1 (p = 0.01) at week 12", "6.2 ±
/// 1.4 (mean ± SD; n = 12) at baseline".
fn behind_p_and_n(flow: &Flow, end: usize) -> usize {
    /// Brackets that hold no more than that are shorter.
    const LONGEST: usize = 48;
    let rest: Vec<char> = flow.chars[end..].iter().take(LONGEST).map(|c| fold_char(*c).to_ascii_lowercase()).collect();
    let text: String = rest.iter().collect();
    let inside = text.trim_start().strip_prefix('(').map(str::trim_start);
    let begins = |name: char, inside: &str| {
        let behind = inside.strip_prefix(name).map(str::trim_start);
        behind.is_some_and(|behind| behind.starts_with(['=', '<', '>', '≤', '≥']))
    };
    let is_name = |part: &str| {
        let says = ["mean", "sd", "se", "sem", "平均", "標準"].iter().any(|name| part.contains(name));
        says && !part.contains(|c: char| c.is_ascii_digit())
    };
    let is_p_or_n = |part: &str| ['p', 'n'].iter().any(|name| begins(*name, part));
    let holds = inside.and_then(|inside| inside.split(')').next()).is_some_and(|inside| {
        let mut parts = inside.split([';', ',']).map(str::trim);
        let are_all = parts.all(|part| is_name(part) || is_p_or_n(part));
        // Behind an n may stand another value, with its own.
        are_all || is_p_or_n(inside) && !inside.contains('±')
    });
    rest.iter().position(|c| *c == ')').filter(|_| holds).map_or(end, |close| end + close + 1)
}

/// The place behind a closing bracket, the marks of notes, and a p or an n that commas set off: "3.1 ± 1.9* in the drug
/// group", "3.1 ± 1.9, p = 0.03, in the drug group".
fn behind_marks(flow: &Flow, end: usize) -> usize {
    const LONGEST: usize = 24;
    let rest: Vec<char> = flow.chars[end..].iter().take(LONGEST).map(|c| fold_char(*c).to_ascii_lowercase()).collect();
    let marks =
        rest.iter().take_while(|c| matches!(c, ')' | ']' | '*' | '†' | '‡' | '§' | '#' | '¹' | '²' | '³')).count();
    let text: String = rest[marks..].iter().collect();
    // What stands behind a bracket without such a word is of the next number.
    const WORDS: [&str; 9] = ["in ", "for ", "with ", "on ", "under ", "of ", "among ", "at ", "during "];
    let is_joined = |behind: &str| WORDS.iter().any(|word| behind.trim_start().starts_with(word));
    for note in [" (ns)", "(ns)"] {
        if text.starts_with(note) {
            return end + marks + note.len();
        }
    }
    let told = text.strip_prefix(',').map(str::trim_start);
    let told = told.and_then(|told| told.strip_prefix(['p', 'n'])).map(str::trim_start);
    let value = told.and_then(|told| told.strip_prefix(['=', '<', '>'])).map(str::trim_start);
    let Some(value) = value else { return if is_joined(&text) { end + marks } else { end } };
    let behind = value.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let behind = behind.strip_prefix(',').unwrap_or(behind);
    if is_joined(behind) { end + marks + text.chars().count() - behind.chars().count() } else { end }
}

/// The place behind the rest of a bracket that says more of a number than its first part: "51.2 years (SD 9.8; range
/// 20–75) in the drug group".
fn behind_bracket(flow: &Flow, end: usize) -> usize {
    const LONGEST: usize = 48;
    const NAMES: [&str; 8] = ["range", "median", "iqr", "n =", "n=", "min", "範囲", "中央値"];
    let rest: String = flow.chars[end..].iter().take(LONGEST).map(|c| fold_char(*c).to_ascii_lowercase()).collect();
    let inside = rest.split_once(')').map(|(inside, _)| inside).filter(|inside| !inside.contains(['(', '±', '。']));
    let part = inside.and_then(|inside| inside.trim_start().strip_prefix([';', ',', '、'])).map(str::trim_start);
    let says_more = part.is_some_and(|part| NAMES.iter().any(|name| part.starts_with(name)));
    inside.filter(|_| says_more).map_or(end, |inside| end + inside.chars().count() + 1)
}

/// The folded characters of a stretch in small letters, but for those of the names in it.
pub(super) fn unnamed(flow: &Flow, within: Range<usize>, names: &[Range<usize>]) -> String {
    let near: Vec<&Range<usize>> =
        names.iter().filter(|name| name.start < within.end && within.start < name.end).collect();
    let is_named = |at: usize| near.iter().any(|name| name.contains(&at));
    within.filter(|at| !is_named(*at)).map(|at| fold_char(flow.chars[at]).to_ascii_lowercase()).collect()
}

/// Whether what stands between a number and a name makes the name that of the number. In Japanese a name stands in
/// front, or in brackets.
pub(super) fn is_beside(between: &str, first: char) -> bool {
    const JOINING: [&str; 9] = ["in", "for", "with", "under", "on", "at", "the", "by", "during"];
    if !first.is_ascii() {
        return between.trim() == "(";
    }
    let between = without_people(&without_per(between));
    let words: Vec<&str> = between.split([' ', '(']).filter(|word| !word.is_empty()).collect();
    let words = without_length(&words);
    let unit = words.iter().take_while(|word| !JOINING.contains(*word)).count();
    // "mL/min/1.73 m2".
    let is_unit = |word: &&str| {
        let begins = word.starts_with(|c: char| c.is_ascii_alphabetic() || "/%µμ".contains(c));
        begins && word.chars().all(|c| c.is_ascii_alphanumeric() || "/%²³µμ·^.".contains(c)) && !ENDS.contains(word)
    };
    unit <= 2 && words[..unit].iter().all(is_unit) && words[unit..].iter().all(|word| JOINING.contains(word))
}

/// A text in small letters that begins behind a number, with a unit of several words as one: "mm Hg" and "mL/min/1.73 m2"
/// are short words.
pub(super) fn with_short_unit(text: &str) -> String {
    const LONG: [(&str, &str); 9] = [
        ("mm hg", "mmhg"),
        ("cm h2o", "cmh2o"),
        ("percentage points", "points"),
        ("percentage point", "points"),
        ("beats per minute", "bpm"),
        ("beats/min", "bpm"),
        ("log10 copies/ml", "log10"),
        ("log10", "log10"),
        ("% points", "points"),
    ];
    let blanks = text.len() - text.trim_start().len();
    let (front, rest) = text.split_at(blanks);
    if let Some((long, short)) = LONG.iter().find(|(long, _)| rest.starts_with(long)) {
        return format!("{front}{short}{}", &rest[long.len()..]);
    }
    // "/1.73 m2", "per 1.73 m2".
    for long in ["/1.73 m2", "/1.73 m²", "/1.73m2", "/1.73m²", " per 1.73 m2", " per 1.73 m²"] {
        if let Some((unit, behind)) = rest.split_once(long).filter(|(unit, _)| !unit.contains([',', ';', '('])) {
            let unit = if unit.split_whitespace().count() > 1 { "ml/min" } else { unit };
            return format!("{front}{unit}{behind}");
        }
    }
    // "× 10^9/L".
    let power = rest.strip_prefix(['×', 'x']).map(str::trim_start).and_then(|rest| rest.strip_prefix("10"));
    match power {
        Some(power) => {
            let unit = power.trim_start_matches(|c: char| !c.is_whitespace() && c != ')' && c != ',' && c != '、');
            format!("{front}u{unit}")
        }
        None => text.to_owned(),
    }
}

/// What stands between a number and a name without the same value in another unit: "mmol/L (148 mg/dL) in the".
fn without_value_in_brackets(between: &str) -> String {
    let Some((unit, rest)) = between.split_once('(') else { return between.to_owned() };
    let inside = rest.split_once(')').filter(|(inside, _)| {
        let begins = inside.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        begins && !inside.contains(['±', '(', ',', ';']) && inside.contains(|c: char| c.is_alphabetic())
    });
    inside.map_or_else(|| between.to_owned(), |(_, behind)| format!("{}{behind}", unit.trim_end()))
}

/// A text without the time or amount that a unit is of, and the most that a scale has: "points per month" and "points
/// out of 10" are points.
pub(super) fn without_per(text: &str) -> String {
    let mut words = text.split(' ');
    let mut left: Vec<&str> = Vec::new();
    while let Some(word) = words.next() {
        match word {
            // "Per 1.73 m2".
            "per" if !left.is_empty() => {
                if words.next().is_some_and(|of| of.starts_with(|c: char| c.is_ascii_digit())) {
                    words.next();
                }
            }
            "out" if !left.is_empty() => drop((words.next(), words.next())),
            word => left.push(word),
        }
    }
    left.join(" ")
}

/// A text in which people are not named in front of their group: "years for patients in the" are years in the.
pub(super) fn without_people(between: &str) -> String {
    const PEOPLE: [&str; 6] = ["patients", "participants", "subjects", "those", "women", "men"];
    const THERE: [&str; 8] =
        ["in", "receiving", "assigned to", "allocated to", "randomized to", "randomised to", "treated with", "given"];
    for people in PEOPLE.iter().filter(|people| between.contains(**people)) {
        let said = ["for", "of", "among", "in"]
            .iter()
            .flat_map(|word| [format!(" {word} {people} "), format!(" {word} the {people} ")]);
        for (front, behind) in said.filter_map(|said| between.split_once(&said)) {
            if let Some(rest) = THERE.iter().find_map(|there| behind.strip_prefix(there)) {
                return format!("{front} in{rest}");
            }
        }
    }
    between.to_owned()
}

/// Words without a length of time that is said among them: "points over 24 weeks in the".
fn without_length<'a>(words: &[&'a str]) -> Vec<&'a str> {
    const UNITS: [&str; 6] = ["day", "week", "month", "year", "hour", "minute"];
    let is_length = |three: &[&str]| {
        ["over", "for", "during"].contains(&three[0])
            && three[1].chars().all(|c| c.is_ascii_digit())
            && UNITS.iter().any(|unit| three[2].starts_with(unit))
    };
    match words.windows(3).position(is_length) {
        Some(at) => [&words[..at], &words[at + 3..]].concat(),
        None => words.to_vec(),
    }
}

/// Words behind which another number begins.
const ENDS: [&str; 9] = ["to", "and", "or", "versus", "vs", "compared", "from", "than", "while"];
