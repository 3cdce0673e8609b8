//! Pieces of sentences that no template has: numbers, lists of them, what stands in brackets, and names of cells.

use std::collections::HashSet;

/// A translation of what stands within.
type Inner<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Adds what follows, with no space between two Japanese words and one between a Japanese and a Latin word.
pub(super) fn join(out: &mut String, next: &str) {
    let mut next = next;
    let ends = |text: &str, of: fn(char) -> bool| text.chars().next_back().is_some_and(of);
    let begins = |text: &str, of: fn(char) -> bool| text.chars().next().is_some_and(of);
    if let Some(front) = out.strip_suffix(' ').filter(|front| ends(front, is_japanese) && begins(next, is_japanese)) {
        out.truncate(front.len());
    }
    if ends(out, is_japanese) {
        next = next.strip_prefix(' ').filter(|rest| begins(rest, is_japanese)).unwrap_or(next);
    }
    let is_latin = |c: char| c.is_ascii_alphabetic();
    if (ends(out, is_latin) && begins(next, is_letter)) || (ends(out, is_letter) && begins(next, is_latin)) {
        out.push(' ');
    }
    out.push_str(next);
}

fn is_japanese(c: char) -> bool {
    c >= '\u{3000}'
}

/// Kana and kanji, and no Japanese punctuation.
fn is_letter(c: char) -> bool {
    ('\u{3041}'..='\u{30ff}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn holds_digit_and_only(text: &str, others: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || others.contains(c))
}

fn is_number(text: &str) -> bool {
    holds_digit_and_only(text, ".,−–-+<>≥≤ %％") || matches!(text, "∞" | "−∞")
}

/// What may stand before a number, and its Japanese.
const NAMED: [(&str, &str); 12] = [
    ("mean ", "平均 "),
    ("SD ", "SD "),
    ("n ", "n = "),
    ("CI ", "信頼区間 "),
    ("change ", "変化量 "),
    ("Fisher's exact test ", "Fisher の正確検定 "),
    ("the likelihood-ratio test ", "尤度比検定 "),
    ("Wald's test ", "Wald 検定 "),
    ("Student's t-test ", "Student の t 検定 "),
    ("Welch's t-test ", "Welch の t 検定 "),
    ("Pearson's χ² test ", "Pearson の χ² 検定 "),
    ("Yates' χ² test ", "Yates の χ² 検定 "),
];

/// Percentages, ranges of numbers, and what a slip of one digit changes: `95 %`, `−0.23 to −0.21`, `mean 5.39`.
pub(super) fn numbers(text: &str) -> Option<String> {
    if let Some((fraction, percent)) = text.split_once(" prints as ").or_else(|| text.split_once(" print as ")) {
        let is_fraction = is_number(&fraction.replace('/', "")) && is_number(percent);
        return is_fraction.then(|| format!("{fraction} は {} と表示される", percent.replace(" %", "%")));
    }
    if let Some(groups) = sizes(text) {
        return Some(groups);
    }
    if let Some((japanese, rest)) = NAMED.iter().find_map(|(of, japanese)| Some((japanese, text.strip_prefix(of)?))) {
        let is_printed = holds_digit_and_only(rest.trim_end_matches(" …"), ".,−–-+<>≥≤ %％±");
        let number = numbers(rest).or_else(|| is_printed.then(|| rest.to_owned()));
        return number.map(|number| format!("{japanese}{number}"));
    }
    if let Some(points) = points(text) {
        return Some(points);
    }
    if let Some(limit) = text.strip_prefix("to ").filter(|limit| is_number(limit)) {
        return Some(format!("{limit}以下"));
    }
    let japanese = match text.split_once(" to ") {
        Some((lower, upper)) if is_number(lower) && is_number(upper) => format!("{lower}〜{upper}"),
        None if is_number(text) && text.contains(" %") => text.to_owned(),
        _ => return None,
    };
    Some(japanese.replace(" %", "%"))
}

/// A difference of percentages: `−12.3 percentage points`.
fn points(text: &str) -> Option<String> {
    let number = text.strip_suffix(" percentage points").filter(|number| is_number(number))?;
    Some(format!("{number}パーセントポイント"))
}

/// The values of groups with their sizes: `79 % of 14 and 56 % of 36`.
fn sizes(text: &str) -> Option<String> {
    let group = |of: &str| {
        let (value, size) = of.split_once(" of ").filter(|(value, size)| is_number(value) && is_number(size))?;
        Some(format!("{}（{size}人）", value.replace(" %", "%")))
    };
    let groups: Vec<String> = text.split(" and ").map(group).collect::<Option<_>>()?;
    (groups.len() > 1).then(|| groups.join("、"))
}

/// What a value is reported as: a statistic, and what stands beside it.
pub(super) fn reported_as(text: &str) -> Option<String> {
    const STATISTICS: [(&str, &str); 8] = [
        ("mean", "平均"),
        ("median", "中央値"),
        ("rate", "率"),
        ("slope", "傾き"),
        ("change", "変化"),
        ("percent", "百分率"),
        ("count", "人数"),
        ("events", "件数"),
    ];
    const BESIDE: [(&str, &str); 8] = [
        ("alone", "のみ"),
        ("± SD", " ± SD"),
        ("± population SD", " ± 母集団 SD"),
        ("± SE", " ± 標準誤差"),
        ("±, not explained", "と ±（意味の説明なし）"),
        ("with 95 % CI", "と95%信頼区間"),
        ("with quartiles", "と四分位点"),
        ("with range", "と範囲"),
    ];
    let (statistic, beside) = text.split_once(' ')?;
    let of = |all: &[(&str, &'static str)], word: &str| all.iter().find(|(english, _)| *english == word).map(|of| of.1);
    Some(format!("{}{}", of(&STATISTICS, statistic)?, of(&BESIDE, beside)?))
}

/// Which measures there are not, and why: `no CVR, dz: …`.
pub(super) fn none_of(text: &str, inner: Inner<'_>) -> Option<String> {
    let (codes, reason) = text.strip_prefix("no ")?.split_once(": ")?;
    let is_code = |code: &str| !code.is_empty() && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let codes: Vec<&str> = codes.split(", ").collect();
    let reason = inner(reason).filter(|_| codes.iter().all(|code| is_code(code)))?;
    Some(format!("{} なし：{reason}", codes.join("、")))
}

/// A value or a name with something behind it in brackets: `0.42 (0.03 to 0.81)`, `12/28 (40%) (drug)`,
/// `37 (newcombe)`.
pub(super) fn bracketed(text: &str, inner: Inner<'_>) -> Option<String> {
    let mut open = 0;
    let start = text.char_indices().rev().find_map(|(at, c)| {
        open += i32::from(c == ')') - i32::from(c == '(');
        (open == 0).then_some(at)
    })?;
    let (head, what) = (text[..start].strip_suffix(' ')?, text[start..].strip_prefix('(')?.strip_suffix(')')?);
    if let Some((arm, versus)) = what.split_once(" against ") {
        return Some(format!("{head}（{arm} 対 {versus}）"));
    }
    // A share or a spread stands as it was printed.
    if is_number(what) {
        return None;
    }
    let known = inner(what);
    // A call such as `binom.test(5, 7)` has no space before its bracket, and words before it have a template.
    if let Some(head) = points(head) {
        return Some(format!("{head}（{}）", known.unwrap_or_else(|| what.to_owned())));
    }
    if holds_digit_and_only(head, ".,−–-+<>≥≤ %％/±×()→") {
        let head = head.replace(", ", "、");
        return Some(format!("{head}（{}）", known.unwrap_or_else(|| what.to_owned())));
    }
    if what.chars().all(|c| is_japanese(c) || !c.is_ascii_alphabetic()) && what.chars().any(is_japanese) {
        return Some(format!("{head}（{what}）"));
    }
    known.filter(|_| is_name(head)).map(|known| format!("{head}（{known}）"))
}

/// A list with commas, each item of which is known, Japanese, or a number.
pub(super) fn list(text: &str, kept: &HashSet<&str>, inner: Inner<'_>) -> Option<String> {
    let items: Vec<&str> = text.split(", ").collect();
    let is_of_numbers = |item: &str| {
        let number = item.strip_prefix("p ").or_else(|| item.strip_prefix("n ")).unwrap_or(item);
        holds_digit_and_only(number, ".,−–-+<>=≥≤ %％/…×±")
    };
    // A Japanese name, and no piece of a sentence or of what stands in brackets.
    let is_english = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
    let is_japanese_name = |item: &str| {
        let is_whole = item.matches('（').count() == item.matches('）').count();
        is_whole && item.chars().any(is_japanese) && !item.split(' ').any(is_english)
    };
    let known = |item: &str| {
        let stays = kept.contains(item) || is_of_numbers(item) || is_japanese_name(item);
        inner(item).or_else(|| stays.then(|| item.to_owned()))
    };
    let mut out = Vec::new();
    let mut at = 0;
    while at < items.len() {
        // What is one thing may have a comma of its own. The whole list is none of its items.
        let ends = [at + 2, at + 1].into_iter().filter(|end| *end <= items.len() && end - at < items.len());
        let (end, japanese) = ends.filter_map(|end| Some((end, known(&items[at..end].join(", "))?))).next()?;
        out.push(japanese);
        at = end;
    }
    (out.len() > 1).then(|| out.join("、"))
}

/// The name of a value with its occasion, and with its arm where it has several: `pain after`, `pain after (treated)`.
pub(super) fn before_or_after(text: &str) -> Option<String> {
    let of = |word: &str| matches!(word, "before" | "after");
    text.split(' ').nth(1).filter(|occasion| of(occasion)).and_then(|_| cell(text))
}

/// The name of a value at any occasion: `pain month-6 (treated)`.
pub(super) fn cell(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let occasion = |word: &'_ str| match word {
        "before" => "前".to_owned(),
        "after" => "後".to_owned(),
        other => other.to_owned(),
    };
    let arm_of =
        |word: &'_ str| word.strip_prefix('(')?.strip_suffix(')').filter(|arm| is_name(arm)).map(str::to_owned);
    match words[..] {
        [outcome, arm] if is_name(outcome) && arm.starts_with('(') => Some(format!("{outcome}（{}）", arm_of(arm)?)),
        [outcome, at] if is_name(outcome) && matches!(at, "before" | "after") => {
            Some(format!("{outcome}（{}）", occasion(at)))
        }
        [outcome, at, arm] if is_name(outcome) && is_name(at) => {
            Some(format!("{outcome}（{}、{}）", occasion(at), arm_of(arm)?))
        }
        _ => None,
    }
}

/// Whether a text is an `id` of a release.
pub(super) fn is_name(text: &str) -> bool {
    let text = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text);
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c))
}
