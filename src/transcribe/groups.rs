//! What a text calls its groups: "the placebo group", 実薬群.

use super::flow::Flow;
use super::named::Named;
use super::occasions::Time;
use crate::numeric::numeral::fold_all;

/// Every name of a group in a text, in order; a name holds the word group, or 群.
pub(super) fn groups(flow: &Flow, times: &[Named<Time>]) -> Vec<Named<String>> {
    let folded = fold_all(&flow.chars);
    let names: Vec<Named<String>> = (0..folded.len())
        .filter_map(|at| {
            let (start, end) = if folded[at] == '群' {
                (japanese(&folded, at, times)?, at + 1)
            } else {
                english(&folded, &flow.starts_line, at)?
            };
            Some(Named { what: folded[start..end].iter().collect(), range: start..end })
        })
        .collect();
    // A heading runs into the name that begins the next line: "EDSS" and プラセボ群.
    let behind_break = |named: &Named<String>| {
        let start = named.range.clone().skip(1).find(|at| flow.starts_line[*at])?;
        Some(Named { what: folded[start..named.range.end].iter().collect(), range: start..named.range.end })
    };
    let broken: Vec<Option<Named<String>>> = names.iter().map(behind_break).collect();
    let whole = |named: &Named<String>, short: &Named<String>| {
        let others = names.iter().chain(broken.iter().flatten());
        let is_known = others.filter(|other| other.range.end != named.range.end).any(|other| other.what == short.what);
        if is_known { short.clone() } else { named.clone() }
    };
    let pairs = names.iter().zip(&broken);
    pairs.map(|(named, short)| short.as_ref().map_or_else(|| named.clone(), |short| whole(named, short))).collect()
}

/// Whether a group is one that others are compared with.
pub(super) fn is_control(name: &str) -> bool {
    let name = name.to_lowercase();
    ["placebo", "control", "sham", "usual care", "standard care", "プラセボ", "偽薬", "対照", "標準治療", "通常"]
        .iter()
        .any(|word| name.contains(word))
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
            || matches!(c, '-' | '/' | '.' | 'ー' | 'μ' | '々')
            || ('\u{30A1}'..='\u{30FA}').contains(&c)
            || ('\u{4E00}'..='\u{9FFF}').contains(&c)
    };
    let length = chars[..at].iter().rev().take(LONGEST).take_while(|c| is_part(**c)).count();
    // 12週時実薬群 begins behind its time.
    let time = times.iter().rfind(|time| time.range.start < at).map_or(0, |time| time.range.end.min(at));
    let start = time.max(at - length);
    let name: String = chars[start..at].iter().collect();
    let is_none = name.is_empty() || NO_NAMES.contains(&name.as_str()) || name.ends_with("症候");
    (!is_none).then_some(start)
}

/// The words in front of "group" or "arm", and where that word ends.
fn english(chars: &[char], starts_line: &[bool], at: usize) -> Option<(usize, usize)> {
    const WORDS: usize = 3;
    /// No name of a group begins with, or in front of, these.
    const STOPS: [&str; 46] = [
        "the", "a", "an", "in", "of", "for", "with", "and", "or", "vs", "vs.", "versus", "each", "both", "this",
        "that", "to", "from", "between", "per", "by", "no", "other", "same", "every", "any", "all", "either", "one",
        "two", "three", "at", "than", "was", "were", "on", "our", "their", "month", "months", "week", "weeks", "year",
        "years", "baseline", "points",
    ];
    const NO_NAMES: [&str; 12] = [
        "study", "research", "working", "steering", "age", "patient", "patients", "trial", "writing", "subgroup",
        "parallel", "dose",
    ];
    let word = ["group", "arm"].into_iter().find(|word| {
        let end = at + word.len();
        let here = chars.get(at..end).is_some_and(|here| here.iter().copied().eq(word.chars()));
        here && !chars.get(end).is_some_and(char::is_ascii_alphanumeric)
    })?;
    let mut start = at;
    for count in 0..WORDS {
        // One blank between words.
        let Some(end) = start.checked_sub(1).filter(|blank| chars[*blank] == ' ') else { break };
        let is_part = |c: &&char| c.is_ascii_alphanumeric() || matches!(c, '-' | '\'' | '.');
        let length = chars[..end].iter().rev().take_while(is_part).count();
        let begin = end - length;
        let own: String = chars[begin..end].iter().collect::<String>().to_lowercase();
        // A number has its unit behind it: "50 mg group".
        let is_number = !own.contains(|c: char| c.is_ascii_alphabetic());
        let has_unit = ["mg", "g", "ml", "iu", "dose"].iter().any(|unit| {
            let behind: String = chars[end + 1..].iter().take_while(|c| c.is_ascii_alphanumeric()).collect();
            behind.to_lowercase() == *unit
        });
        // What stands on the line before is another thing.
        if length == 0 || STOPS.contains(&own.as_str()) || is_number && !has_unit || starts_line[end + 1] {
            break;
        }
        if count == 0 && NO_NAMES.contains(&own.as_str()) {
            return None;
        }
        start = begin;
    }
    (start < at).then_some((start, at + word.len()))
}
