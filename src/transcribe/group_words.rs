//! Names of groups that hold the word: "the placebo group", "drug A arm", 実薬群.

use super::doses::{is_how_often, is_unit_of_dose};
use super::flow::Flow;
use super::groups::{WORDS, is_stop};
use super::named::Named;
use super::occasions::Time;
use std::collections::{BTreeMap, BTreeSet};

/// Every name that holds the word group, or 群.
pub(super) fn of_word(flow: &Flow, folded: &[char], times: &[Named<Time>]) -> Vec<Named<String>> {
    let names: Vec<Named<String>> = (0..folded.len())
        .filter_map(|at| {
            let (start, end) =
                if folded[at] == '群' { (japanese(folded, at, times)?, at + 1) } else { english(folded, flow, at)? };
            // "Low-" at the end of a line goes on in the next.
            let what = folded[start..end].iter().collect::<String>().replace("- ", "-");
            Some(Named { what, range: start..end })
        })
        .collect();
    // A heading runs into the name that begins the next line: "EDSS" and プラセボ群.
    let behind_break = |named: &Named<String>| {
        // Of "placebo" and "group" on the next line no name is left.
        let is_word = |at: usize| {
            ["group", "arm", "群"].iter().any(|word| folded[at..named.range.end].iter().copied().eq(word.chars()))
        };
        let start = named.range.clone().skip(1).rfind(|at| flow.starts_line[*at]).filter(|start| !is_word(*start))?;
        Some(Named { what: folded[start..named.range.end].iter().collect(), range: start..named.range.end })
    };
    let broken: Vec<Option<Named<String>>> = names.iter().map(behind_break).collect();
    // Where each name ends.
    let mut ends: BTreeMap<&String, BTreeSet<usize>> = BTreeMap::new();
    for of in names.iter().chain(broken.iter().flatten()) {
        ends.entry(&of.what).or_default().insert(of.range.end);
    }
    let whole = |named: &Named<String>, short: &Named<String>| {
        let is_known = ends.get(&short.what).is_some_and(|ends| ends.iter().any(|end| *end != named.range.end));
        // No row of a table goes on in the next one, and no number in a name.
        let start = short.range.start;
        let is_anew = flow.in_row[start]
            || flow.starts_paragraph[start]
            || start.checked_sub(1).is_some_and(|last| folded[last].is_ascii_digit());
        if is_known || is_anew { short.clone() } else { named.clone() }
    };
    let pairs = names.iter().zip(&broken);
    pairs.map(|(named, short)| short.as_ref().map_or_else(|| named.clone(), |short| whole(named, short))).collect()
}

/// Where a name in front of 群 begins.
fn japanese(chars: &[char], at: usize, times: &[Named<Time>]) -> Option<usize> {
    const LONGEST: usize = 18;
    /// 群 behind these is no group that has a result of its own, or no group at all.
    const NO_NAMES: [&str; 16] =
        ["両", "各", "全", "同", "本", "他", "症候", "試験", "患者", "いずれの", "2", "3", "4", "二", "三", "遺伝子"];
    if matches!(chars.get(at + 1), Some('間' | '別' | '内' | '分' | '集' | '衆')) {
        return None;
    }
    let is_part = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '-' | '+' | '/' | '.' | 'ー' | 'µ' | '々' | '×')
            // α, Ⅱ, ② and ㎎.
            || ['\u{370}'..='\u{3FF}', '\u{2160}'..='\u{217F}', '\u{2460}'..='\u{2473}', '\u{3380}'..='\u{33DF}']
                .iter()
                .any(|kind| kind.contains(&c))
            || ('\u{30A1}'..='\u{30FA}').contains(&c)
            || ('\u{4E00}'..='\u{9FFF}').contains(&c)
    };
    // 併用した群
    const DONE: [&str; 7] = ["した", "しない", "しなかった", "された", "を受けた", "なし", "あり"];
    let is_done = |word: &&str| {
        let length = word.chars().count();
        at > length && chars[at - length..at].iter().copied().eq(word.chars()) && is_part(chars[at - length - 1])
    };
    // 0.5%群 is one of a dose.
    let is_dose = at.checked_sub(1).is_some_and(|before| chars[before] == '%');
    let done = DONE.into_iter().find(is_done).map_or(usize::from(is_dose), |word| word.chars().count());
    // 実薬群－プラセボ群 is a difference of two.
    let is_behind_group = |at: usize| at > 0 && matches!(chars[at], '-' | '/') && chars[at - 1] == '群';
    let parts = |end: usize| {
        let whole = (end.saturating_sub(LONGEST)..end).rev();
        whole.take_while(|at| (is_part(chars[*at]) || is_within_dose(chars, *at)) && !is_behind_group(*at)).count()
    };
    let mut length = done + parts(at - done);
    // メトホルミンを併用した群 is another than ピオグリタゾンを併用した群.
    if done > 1 && length < at && chars[at - length - 1] == 'を' {
        length += 1 + parts(at - length - 1);
    }
    // 12週時実薬群 begins behind its time.
    let in_front = times.partition_point(|time| time.range.start < at);
    let time = in_front.checked_sub(1).map_or(0, |last| times[last].range.end.min(at));
    let start = time.max(at - length);
    let name: String = chars[start..at].iter().collect();
    let is_none = name.is_empty() || NO_NAMES.contains(&name.as_str()) || name.ends_with("症候");
    (!is_none && !is_cut_from_dose(chars, start)).then_some(start)
}

fn is_of_unit(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '/' | 'µ' | 'μ' | '㎎' | '㎍' | '㎖' | '日')
}

/// Whether a blank stands within a dose, or beside it in the name of a group: 本剤10 mg群, リラグルチド 0.9 mg群, 5 mg 1日2回群.
fn is_within_dose(chars: &[char], at: usize) -> bool {
    if chars[at] != ' ' {
        return false;
    }
    let (front, behind) = (&chars[..at], &chars[at + 1..]);
    let unit = |chars: &[char]| chars.iter().take_while(|c| is_of_unit(**c)).collect::<String>();
    let last = front.iter().rev().take_while(|c| is_of_unit(**c)).count();
    let is_behind_unit = is_unit_of_dose(&unit(&front[at - last..]));
    let digits = behind.iter().take_while(|c| c.is_ascii_digit() || **c == '.').count();
    let rest = &behind[digits..];
    let has_unit = is_unit_of_dose(unit(rest.strip_prefix(&[' ']).unwrap_or(rest)).trim_end_matches('日'));
    match front.last() {
        Some(c) if c.is_ascii_digit() => digits == 0 && has_unit,
        Some(_) if is_behind_unit => behind.first().is_some_and(char::is_ascii_alphanumeric),
        // ＸＸ 0.9 mg
        Some(c) => {
            let is_of_name = c.is_ascii_alphabetic() || matches!(c, '\u{30A1}'..='\u{30FC}' | '剤' | '薬' | '品');
            digits > 0 && has_unit && is_of_name
        }
        None => false,
    }
}

/// Whether a name begins with the unit of a number in front of a blank: of "10 mg" it is no name.
fn is_cut_from_dose(chars: &[char], start: usize) -> bool {
    let front = &chars[..start];
    front.last() == Some(&' ') && front.iter().rev().nth(1).is_some_and(char::is_ascii_digit)
}

/// The words in front of "group" or "arm", and where that word ends.
fn english(chars: &[char], flow: &Flow, at: usize) -> Option<(usize, usize)> {
    const NO_NAMES: [&str; 12] = [
        "study", "research", "working", "steering", "age", "patient", "patients", "trial", "writing", "subgroup",
        "parallel", "dose",
    ];
    let word = ["group", "arm"].into_iter().find(|word| {
        let end = at + word.len();
        let here = chars.get(at..end).is_some_and(|here| here.iter().copied().eq(word.chars()));
        here && !chars.get(end).is_some_and(char::is_ascii_alphanumeric)
    })?;
    /// "5 mg once daily" has more of them.
    const MOST: usize = 6;
    let mut start = at;
    let mut is_of_dose = false;
    for count in 0..MOST {
        if count >= WORDS && !is_of_dose {
            break;
        }
        // One blank between words.
        let Some(end) = start.checked_sub(1).filter(|blank| chars[*blank] == ' ') else { break };
        let is_part = |c: &&char| c.is_alphanumeric() && !is_japanese(**c) || matches!(c, '-' | '\'' | '.' | '/');
        let length = chars[..end].iter().rev().take_while(is_part).count();
        let begin = end - length;
        let written: String = chars[begin..end].iter().collect();
        let own = written.to_lowercase();
        // A number has its unit behind it: "50 mg group".
        let is_number = !own.contains(char::is_alphabetic);
        let behind: String = chars[end + 1..].iter().take_while(|c| is_part(c)).collect();
        let has_unit = is_unit_of_dose(behind.trim_start_matches('-'));
        is_of_dose = is_unit_of_dose(&own) || is_how_often(&own);
        // What stands in another cell, or on the line before, is another thing.
        if length == 0 || is_stop(&written) || is_number && !has_unit || is_cut_off(flow, end + 1) {
            break;
        }
        if count == 0 && NO_NAMES.contains(&own.as_str()) {
            return None;
        }
        start = begin;
    }
    (start < at && !is_cut_from_dose(chars, start)).then_some((start, at + word.len()))
}

/// Whether a word begins a cell, or a line below one that is no running text: a heading, or the end of a paragraph.
fn is_cut_off(flow: &Flow, at: usize) -> bool {
    /// No heading has as many characters as a line of running text.
    const LONG: usize = 48;
    if flow.starts_cell[at] {
        return true;
    }
    if !flow.starts_line[at] {
        return false;
    }
    // The blank in front of a line is one of it.
    let above = flow.lines[..at].iter().rposition(|line| *line != flow.lines[at]);
    let length = above
        .map_or(0, |above| flow.lines[..=above].iter().rev().take_while(|line| **line == flow.lines[above]).count());
    flow.in_row[at] || above.is_some_and(|above| flow.in_row[above]) || flow.starts_paragraph[at] || length < LONG
}

fn is_japanese(c: char) -> bool {
    ('\u{3000}'..='\u{9FFF}').contains(&c)
}
