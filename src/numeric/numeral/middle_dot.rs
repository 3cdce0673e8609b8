//! The middle dot that Japanese newspapers print as a decimal point: `２・９％`, `2・9±1・1`. It also divides what is listed,
//! 4・8・12週後, and what is counted, 第1・2相: only what stands beside it tells.

use super::fold::is_minus_behind;
use std::ops::Range;

/// Kinds of things with a number, parts of documents and days: 1・2型, 3・4章, 1・2年生, 20・30代.
const NEVER_BEHIND: [&str; 31] = [
    "型", "相", "期", "群", "章", "節", "項", "号", "類", "条", "級", "世", "次", "学年", "年生", "年度", "丁目", "番",
    "階", "月", "位", "組", "班", "児", "代", "種", "系", "度", "部", "版", "目",
];

/// Units that stand behind one number.
const UNITS: [&str; 24] = [
    "%",
    "パーセント",
    "ポイント",
    "倍",
    "kg",
    "キロ",
    "グラム",
    "g/dl",
    "mg/dl",
    "cm",
    "センチ",
    "mmhg",
    "mm",
    "ミリ",
    "ml",
    "kcal",
    "℃",
    "万",
    "億",
    "人年",
    "g",
    "l",
    "pg",
    "ng",
];

/// Units of which two numbers are named at once where one is the next after the other: 3・4回.
const COUNTED: [&str; 4] = ["点", "回", "件", "割"];

/// Units of times, of which lists ascend: 3・6か月.
const TIMES: [&str; 12] = ["か月", "ヶ月", "カ月", "ヵ月", "ケ月", "年", "週", "日", "時間", "分", "秒", "歳"];

/// Words right in front of one number.
const ONE_IN_FRONT: [&str; 14] = [
    "平均",
    "平均は",
    "平均値",
    "平均値は",
    "平均で",
    "中央値",
    "中央値は",
    "比",
    "比は",
    "比が",
    "係数",
    "係数は",
    "マイナス",
    "プラス",
];

/// Signs and words between two numbers of one kind.
const JOINTS: [&str; 8] = ["から", "→", "⇒", "対", "vs", "~", "-", "("];

/// Digits on either side of a middle dot.
struct Candidate {
    dot: usize,
    whole: Range<usize>,
    fraction: Range<usize>,
}

pub(crate) fn is_middle_dot(c: char) -> bool {
    matches!(c, '・' | '･')
}

/// A text that is one number as a whole, with a middle dot between its digits as a point.
pub(super) fn with_point(folded: &str) -> Option<String> {
    let chars: Vec<char> = folded.chars().collect();
    let dot = chars.iter().position(|c| is_middle_dot(*c))?;
    let is_digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    let is_one = is_digit(dot.checked_sub(1)) && is_digit(Some(dot + 1)) && !chars[dot + 1..].contains(&chars[dot]);
    is_one.then(|| chars.iter().enumerate().map(|(at, c)| if at == dot { '.' } else { *c }).collect())
}

/// Which of some characters, each of them folded, are middle dots that can only be decimal points, in order.
pub(super) fn decimal_points(folded: &[char]) -> Vec<usize> {
    let all: Vec<Candidate> = (0..folded.len()).filter_map(|at| candidate(folded, at)).collect();
    let mut is_point: Vec<bool> = all.iter().map(|of| is_certain(folded, of)).collect();
    // "２・９から０・４に" are two numbers of one kind.
    for second in 1..all.len() {
        let joint = joint_of(folded, &all[second - 1], &all[second]);
        let is_known = is_point[second - 1] || is_point[second];
        let is_of_one_kind = matches!(joint, Some("から" | "→" | "⇒" | "対" | "vs"))
            && [&all[second - 1], &all[second]]
                .iter()
                .all(|of| of.fraction.len() == 1 && !begins_with(folded, of.fraction.end, &TIMES));
        if joint.is_some() && is_known || is_of_one_kind {
            is_point[second - 1] = true;
            is_point[second] = true;
        }
    }
    all.iter().zip(is_point).filter(|(_, is_point)| *is_point).map(|(of, _)| of.dot).collect()
}

/// The number that a middle dot would be the point of; none in a chain of dots, behind a letter, or in front of a word
/// that makes it another thing.
fn candidate(folded: &[char], dot: usize) -> Option<Candidate> {
    if !is_middle_dot(folded[dot]) {
        return None;
    }
    let digits = |of: &mut dyn Iterator<Item = &char>| of.take_while(|c| c.is_ascii_digit()).count();
    let whole = dot - digits(&mut folded[..dot].iter().rev())..dot;
    let fraction = dot + 1..dot + 1 + digits(&mut folded[dot + 1..].iter());
    let is_nought = folded[whole.clone()].iter().all(|c| *c == '0');
    let has_length = (1..=3).contains(&whole.len()) && (1..=if is_nought { 4 } else { 2 }).contains(&fraction.len());
    let joins = |c: Option<&char>| c.is_some_and(|c| is_middle_dot(*c) || matches!(c, '.' | ',' | '/' | ':'));
    let front = whole.start.checked_sub(1).map(|at| folded[at]);
    let is_of_name = front.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '第' | '図' | '表' | '月' | '_'));
    let is_behind_hyphen = front == Some('-') && !is_minus_behind(folded[..whole.start - 1].iter().rev().copied());
    let is_joined_number = is_behind_hyphen && whole.start > 1 && folded[whole.start - 2].is_ascii_alphabetic();
    let is_other = joins(front.as_ref())
        || joins(folded.get(fraction.end))
        || is_of_name
        || is_joined_number
        || begins_with(folded, fraction.end, &NEVER_BEHIND);
    (has_length && !is_other).then_some(Candidate { dot, whole, fraction })
}

/// Whether what stands beside a number says that it is one.
fn is_certain(folded: &[char], of: &Candidate) -> bool {
    let value = |range: &Range<usize>| folded[range.clone()].iter().fold(0u32, |all, c| 10 * all + (*c as u32 - 0x30));
    let (whole, fraction) = (value(&of.whole), value(&of.fraction));
    if whole == 0 && of.fraction.len() > 1 || is_signed(folded, of) || has_spread(folded, of) {
        return true;
    }
    // 5・10％ and 60・75％ are two.
    let is_round = of.fraction.len() > 1 && (fraction % 10 == 0 || whole % 5 == 0 && fraction % 5 == 0);
    if is_round {
        return false;
    }
    let end = of.fraction.end;
    let is_average = ends_with(folded, of.whole.start, &ONE_IN_FRONT);
    if is_average || begins_with(folded, end, &UNITS) {
        return true;
    }
    let behind_unit = |units: &[&str]| {
        let unit = units.iter().find(|unit| begins_with(folded, end, &[**unit]))?;
        Some(end + unit.chars().count())
    };
    if let Some(behind) = behind_unit(&COUNTED) {
        return fraction != whole + 1 && !begins_with(folded, behind, &["目"]);
    }
    let is_of_list = |behind: usize| begins_with(folded, behind, &["目", "生", "児", "度", "代"]);
    behind_unit(&TIMES).is_some_and(|behind| whole >= fraction && !is_of_list(behind))
}

/// Whether a sign or a comparison stands in front.
fn is_signed(folded: &[char], of: &Candidate) -> bool {
    let front = &folded[..of.whole.start];
    match front.iter().rev().find(|c| **c != ' ') {
        Some('<' | '>' | '=' | '≤' | '≥' | '≦' | '≧' | '▲' | '△' | '±') => true,
        Some('-' | '+') if front.last() != Some(&' ') => is_minus_behind(front.iter().rev().skip(1).copied()),
        _ => false,
    }
}

/// Whether ± stands behind, with no more than a unit between.
fn has_spread(folded: &[char], of: &Candidate) -> bool {
    const UNIT: usize = 5;
    let behind = &folded[of.fraction.end..folded.len().min(of.fraction.end + UNIT)];
    behind.iter().find(|c| **c == '±' || c.is_ascii_digit() || is_divider(**c)).is_some_and(|c| *c == '±')
}

fn is_divider(c: char) -> bool {
    matches!(c, '、' | '。' | ',' | '(' | ')' | '・')
}

/// What joins two numbers, with no more than a unit of the first between.
fn joint_of(folded: &[char], first: &Candidate, second: &Candidate) -> Option<&'static str> {
    const FAR: usize = 10;
    let between = folded.get(first.fraction.end..second.whole.start).filter(|between| between.len() <= FAR)?;
    let between: String = between.iter().filter(|c| **c != ' ').collect();
    let joint = JOINTS.into_iter().find(|joint| between.ends_with(joint))?;
    (!between.contains(['、', '。', ',', ')'])).then_some(joint)
}

fn begins_with(folded: &[char], at: usize, words: &[&str]) -> bool {
    words.iter().any(|word| {
        let here = folded[at.min(folded.len())..].iter().map(char::to_ascii_lowercase);
        here.take(word.chars().count()).eq(word.chars())
    })
}

fn ends_with(folded: &[char], at: usize, words: &[&str]) -> bool {
    words.iter().any(|word| {
        let start = at.checked_sub(word.chars().count());
        start.is_some_and(|start| folded[start..at].iter().copied().eq(word.chars()))
    })
}

#[cfg(test)]
mod tests {
    use crate::numeric::numeral::{Expression, Numeral, fold};

    #[test]
    fn a_middle_dot_is_a_point_where_a_number_can_be_one_alone() {
        for (text, folded) in [
            ("２・９％", "2.9%"),
            ("2・9±1・1", "2.9±1.1"),
            ("2・9回±1・1回", "2.9回±1.1回"),
            ("体重は4・7kg減り、1・2倍", "体重は4.7kg減り、1.2倍"),
            ("2・9回から0・4回に", "2.9回から0.4回に"),
            ("3・4から2・1に", "3.4から2.1に"),
            ("平均3・4回、62・4歳、14・2か月", "平均3.4回、62.4歳、14.2か月"),
            ("P＜0・001、r=−0・45", "P<0.001、r=-0.45"),
            ("0・62（95％信頼区間0・44〜0・89）", "0.62(95%信頼区間0.44~0.89)"),
            ("2・3万人", "2.3万人"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
        // Lists, kinds, phases, days, and what may be either.
        for text in [
            "第1・2相試験",
            "1・2型糖尿病",
            "3・11",
            "4・8・12週後",
            "3・6か月後",
            "5・10%",
            "60・75%",
            "3・4回",
            "2・3割",
            "1・2回目",
            "1・2年生",
            "20・30代",
            "3・4歳児",
            "IL-1・2",
            "Ⅰ・Ⅱ期、3・4期",
            "4月3・4日",
            "1・2群",
            "人・年",
        ] {
            assert_eq!(fold(text), text, "{text}");
        }
    }

    #[test]
    fn one_number_alone_may_have_it() {
        assert_eq!("２・９".parse::<Numeral>().map(|read| read.value()), Ok(2.9));
        assert!("4・8・12".parse::<Numeral>().is_err());
        let Ok(Expression::Spread { center, spread, .. }) = "2・9±1・1回".parse() else { panic!("is a mean") };
        assert_eq!((center.text(), center.value(), spread.value()), ("2・9", 2.9, 1.1));
    }
}
