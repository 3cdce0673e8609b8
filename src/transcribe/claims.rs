//! What the words beside a probability claim.

use super::flow::Flow;
use super::sentences::sentence;
use crate::numeric::numeral::fold;
use crate::reported::Claim;
use std::ops::Range;

/// The claim that words between the numbers before and behind a probability make: those in front, or else those behind.
pub(super) fn claim(flow: &Flow, p: &Range<usize>, around: Range<usize>) -> Claim {
    /// So far behind its number a claim may end.
    const BEHIND: usize = 24;
    let own = sentence(flow, p.start);
    if is_of_level(&fold(&flow.text(own.clone())).to_lowercase()) {
        return Claim::Other;
    }
    let front = flow.text(around.start.max(own.start).min(p.start)..p.start);
    let behind = flow.text(p.end..around.end.min(own.end).min(p.end + BEHIND).max(p.end));
    // The next number, with its words, has a claim of its own: "(p = 0.18), but significantly at week 12".
    let behind = behind.split([',', '、', ';', '；']).next().unwrap_or_default();
    let behind = behind.split(" and ").next().unwrap_or_default();
    let front = clause(&front);
    // "Nor fatigue (P = 0.34) changed significantly": what denies it stands in front.
    let of_both = || said(behind).and_then(|_| said(&format!("{front} {behind}")));
    said(front).or_else(of_both).unwrap_or(Claim::Other)
}

/// A claim of significance that a sentence makes in words alone, with the place of the word; none where it names a p,
/// or what is significant in another sense: 有意義.
pub(super) fn claim_in_words(flow: &Flow, own: Range<usize>) -> Option<(Range<usize>, Claim)> {
    let text: String = flow.text(own.clone());
    let folded = fold(&text).to_lowercase();
    // Folding may change how many bytes there are, and seldom how many characters.
    let place = |name: &str| folded.rfind(name).map(|at| (folded[..at].chars().count(), name.chars().count()));
    let (at, length) = place("有意").or_else(|| place("significan"))?;
    if folded.contains("有意義") || is_of_no_statistics(&folded) {
        return None;
    }
    let start = (own.start + at).min(own.end);
    // What another clause denies is something else: 有意に減少し、7名中5名が再発しませんでした.
    let behind = text.char_indices().skip(at + length).find(|(_, c)| matches!(c, '、' | ',' | '，' | ';' | '；'));
    let clause = behind.map_or(text.as_str(), |(end, _)| &text[..end]);
    said(clause).map(|claim| (start..(start + length).min(own.end), claim))
}

/// Whether a sentence says from which p on something is called significant: "P values below 0.05 were considered
/// significant", p値は0.05未満を有意とした.
fn is_of_level(sentence: &str) -> bool {
    const CALLED: [&str; 6] = ["considered", "regarded as", "defined as", "taken as", "taken to indicate", "deemed"];
    const IN_JAPANESE: [&str; 4] = ["有意とし", "有意と判定", "有意とみなし", "有意であるとし"];
    const LEVELS: [&str; 8] = ["p value", "p-value", "p<", "p <", "p≤", "p ≤", "level", "alpha"];
    let front = sentence.find("significan").map(|at| &sentence[..at]);
    let front = front.and_then(|front| CALLED.iter().find_map(|word| Some(front.split_once(word)?.0)));
    front.is_some_and(|front| LEVELS.iter().any(|word| front.contains(word)))
        || IN_JAPANESE.iter().any(|word| sentence.contains(word))
}

/// "A significant unmet need", "clinically significant", "of great significance".
fn is_of_no_statistics(sentence: &str) -> bool {
    const OTHERS: [&str; 9] = [
        "clinically significan",
        "clinical significan",
        "of significance",
        "great significan",
        "significant unmet",
        "significant burden",
        "significant milestone",
        "significant advance",
        "significant step",
    ];
    OTHERS.iter().any(|other| sentence.contains(other))
}

/// What a probability is of, where it is not of the test of an effect against none.
pub(super) struct OtherTest {
    pub(super) name: &'static str,
    /// Whether an effect is tested against a margin.
    pub(super) is_of_margin: bool,
    /// Where the words end that say so, or else the probability.
    pub(super) end: usize,
}

/// The other test that words right behind a probability name, or those right in front of it: "P<0.001 for
/// noninferiority", 非劣性p<0.001.
pub(super) fn other_test(flow: &Flow, p: &Range<usize>) -> Option<OtherTest> {
    const TESTS: [(&str, &str, bool); 24] = [
        ("noninferiority", "non-inferiority", true),
        ("non-inferiority", "non-inferiority", true),
        ("non inferiority", "non-inferiority", true),
        ("非劣性", "non-inferiority", true),
        ("equivalence", "equivalence", true),
        ("同等性", "equivalence", true),
        ("interaction", "interaction", false),
        ("交互作用", "interaction", false),
        ("heterogeneity", "heterogeneity", false),
        ("異質性", "heterogeneity", false),
        ("trend", "trend", false),
        ("傾向性", "trend", false),
        ("傾向", "trend", false),
        ("egger", "asymmetry", false),
        ("egger's", "asymmetry", false),
        ("begg", "asymmetry", false),
        ("begg's", "asymmetry", false),
        ("adjusted", "several effects", false),
        ("corrected", "several effects", false),
        ("bonferroni", "several effects", false),
        ("fdr", "several effects", false),
        ("holm", "several effects", false),
        ("補正", "several effects", false),
        ("多重性調整", "several effects", false),
    ];
    const FAR: usize = 32;
    let behind = fold(&flow.text(p.end..flow.chars.len().min(p.end + FAR))).to_lowercase();
    let begins = ["for the ", "for ", "(", "["].iter().find_map(|word| behind.trim_start().strip_prefix(word));
    let front = fold(&flow.text(p.start.saturating_sub(FAR)..p.start)).to_lowercase();
    let is_joint = |c: char| matches!(c, ' ' | ',' | ':' | '(' | '、' | 'の');
    let front = front.trim_end_matches(is_joint);
    let front =
        ["test", "検定", "に対する", "に関する"].iter().find_map(|end| front.strip_suffix(end)).unwrap_or(front);
    let front = front.trim_end_matches(is_joint);
    TESTS.iter().find_map(|(word, name, is_of_margin)| {
        let rest = begins.and_then(|begins| begins.strip_prefix(word));
        let skipped = |rest: &str| behind.chars().count() - rest.chars().count();
        let end = rest.map(|rest| p.end + skipped(rest)).or_else(|| front.ends_with(word).then_some(p.end))?;
        Some(OtherTest { name, is_of_margin: *is_of_margin, end })
    })
}

/// The last clause of a text, before the bracket in which its p stands.
fn clause(front: &str) -> &str {
    let is_open = |c: char| matches!(c, '(' | '（' | '[' | '［');
    let before = front.rfind(is_open).filter(|at| !front[*at..].contains([')', '）', ']', '］']));
    last_clause(before.map_or(front, |at| &front[..at]))
}

/// What stands behind the last mark or word that divides clauses. Behind a comma a verb goes on with what is in front:
/// "none of the scores, including pain, fell".
fn last_clause(text: &str) -> &str {
    const DIVIDERS: [&str; 12] =
        [",", ";", "、", "；", ". ", "し、", "が、", " but ", " whereas ", " while ", " although ", " however "];
    let mut end = text.trim_end().len();
    loop {
        let of = |word: &&str| Some((text[..end].rfind(*word)?, word.len()));
        let Some((at, length)) = DIVIDERS.iter().filter_map(of).max_by_key(|(at, length)| at + length) else {
            return text;
        };
        let rest = &text[at + length..];
        let goes_on = words(rest).first().is_some_and(|word| is_verb(word) || ["including", "such"].contains(word));
        if !text[at..].starts_with(',') || !goes_on {
            return rest;
        }
        end = at;
    }
}

/// Whether words say that something is significant; the last of them decide.
fn said(text: &str) -> Option<Claim> {
    let text = fold(text).to_lowercase().replace('’', "'");
    let japanese = text.rfind("有意").map(|at| {
        // 有意水準 is a level, and 有意傾向 a tendency.
        let rest = &text[at + "有意".len()..];
        let is_negated = ["ない", "なく", "なかっ", "なし", "ません", "せず", "認めず", "られず", "ではな"]
            .iter()
            .any(|word| rest.contains(word));
        let claim = if is_negated { Claim::NotSignificant } else { Claim::Significant };
        (!rest.starts_with("水準")).then_some(if rest.starts_with("傾向") { Claim::Tendency } else { claim })
    });
    japanese.or_else(|| said_in_english(&text).map(Some)).flatten()
}

/// The same in English, of a text in small letters.
fn said_in_english(text: &str) -> Option<Claim> {
    const NAME: &str = "significan";
    let place = text.rfind(NAME)?;
    let (front, behind) = (last_clause(&text[..place]), &text[place + NAME.len()..]);
    if ["trend", "tend", "toward", "fail", "lost", "level"].iter().any(|word| front.contains(word)) {
        return None;
    }
    let is_denied = is_glued_to_denial(front) || is_denied_in_front(front, behind) || is_denied_behind(behind);
    Some(if is_denied { Claim::NotSignificant } else { Claim::Significant })
}

/// "Insignificant" and "non-significant", with their hyphens at the end of a line as well; "in" alone denies nothing.
fn is_glued_to_denial(front: &str) -> bool {
    let hyphened = front.trim_end().strip_suffix('-');
    ["in", "non"].iter().any(|syllable| {
        let rest = hyphened.unwrap_or(front).strip_suffix(syllable);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    })
}

/// Whether a word in front denies it: "no evidence of a significant difference", "none of the differences was
/// significant".
fn is_denied_in_front(front: &str, behind: &str) -> bool {
    /// Words behind it in which a verb may stand: "pain significantly decreased".
    const VERB: usize = 2;
    let all = words(front);
    let next: Vec<&str> = words(behind).into_iter().skip(1).take(VERB).collect();
    (0..all.len()).any(|at| is_negation(all[at]) && reaches_the_end(&all, at, &next))
}

/// Whether the negation at a place denies what stands at the end of its words.
fn reaches_the_end(words: &[&str], at: usize, next: &[&str]) -> bool {
    let (front, between) = (&words[..at], &words[at + 1..]);
    // "Not only", "no more than".
    if between
        .first()
        .is_some_and(|word| ["only", "merely", "just", "more", "less", "fewer", "longer", "until"].contains(word))
    {
        return false;
    }
    // "Patients without a relapse had", "those who did not receive it improved": of whom it is said.
    let is_of_people = words[at] == "without"
        || front.last() == Some(&"with")
        || front.iter().rev().take(2).any(|word| ["who", "which", "whose"].contains(word));
    if is_of_people && between.iter().any(|word| is_verb(word)) {
        return false;
    }
    let begins_anew = |(place, word): (usize, &&str)| {
        let (before, behind) = (&words[..at + 1 + place], &between[place + 1..]);
        let has_verbs = before.iter().any(|word| is_verb(word)) && behind.iter().chain(next).any(|word| is_verb(word));
        *word == "and" && (has_verbs || matches!(behind.first(), Some(&("a" | "an" | "there"))))
    };
    !between.iter().enumerate().any(begins_anew)
}

/// Whether words behind "significant" say that nothing such was found: "differences were not observed". "Significantly
/// more did not relapse" says so of something else.
fn is_denied_behind(behind: &str) -> bool {
    const FOUND: [&str; 18] = [
        "found",
        "observed",
        "seen",
        "shown",
        "detected",
        "reached",
        "achieved",
        "demonstrated",
        "noted",
        "evident",
        "apparent",
        "present",
        "identified",
        "established",
        "confirmed",
        "proven",
        "reported",
        "met",
    ];
    /// "Not be shown", "not reached".
    const NEAR: usize = 2;
    let Some(rest) = ["t ", "ce "].iter().find_map(|end| behind.strip_prefix(end)) else { return false };
    let all = words(rest.split([',', ';', '.', '(']).next().unwrap_or_default());
    let is_found = |at: usize| all[at + 1..].iter().take(NEAR).any(|word| FOUND.contains(word));
    (0..all.len()).any(|at| (is_negation(all[at]) && all[at] != "non") && is_found(at))
}

/// The words of a text.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).collect()
}

fn is_negation(word: &str) -> bool {
    ["no", "not", "non", "none", "never", "without", "nor", "neither"].contains(&word) || word.ends_with("n't")
}

/// Whether a word may be the verb of a clause.
fn is_verb(word: &str) -> bool {
    const VERBS: [&str; 14] =
        ["was", "were", "is", "are", "did", "had", "has", "have", "fell", "rose", "grew", "could", "can", "became"];
    VERBS.contains(&word) || word.len() > 4 && word.ends_with("ed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_of_both_languages() {
        for (text, expected) in [
            ("有意に減少した", Some(Claim::Significant)),
            ("６か月後には有意差は認められませんでした", Some(Claim::NotSignificant)),
            ("有意な差を認めた", Some(Claim::Significant)),
            ("有意差を認めなかった", Some(Claim::NotSignificant)),
            ("改善の有意傾向", Some(Claim::Tendency)),
            ("有意水準は", None),
            ("pain fell significantly", Some(Claim::Significant)),
            ("a statistically significant reduction", Some(Claim::Significant)),
            ("there was no statistically significant difference", Some(Claim::NotSignificant)),
            ("it did not change significantly", Some(Claim::NotSignificant)),
            ("it didn't fall significantly", Some(Claim::NotSignificant)),
            ("a nonsignificant fall", Some(Claim::NotSignificant)),
            ("an insignificant fall", Some(Claim::NotSignificant)),
            ("an in- significant fall", Some(Claim::NotSignificant)),
            ("a non-significant fall", Some(Claim::NotSignificant)),
            ("fatigue in group X was significantly lower", Some(Claim::Significant)),
            ("the fall in fatigue was significant", Some(Claim::Significant)),
            ("this resulted in a significant fall of fatigue", Some(Claim::Significant)),
            ("there was no evidence of a statistically significant effect", Some(Claim::NotSignificant)),
            ("significant effects on either eye were not found", Some(Claim::NotSignificant)),
            ("a significant effect could not be shown", Some(Claim::NotSignificant)),
            ("significance wasn’t reached", Some(Claim::NotSignificant)),
            ("no effect on fatigue and sleep was significant", Some(Claim::NotSignificant)),
            ("none of the effects, including fatigue, was significant", Some(Claim::NotSignificant)),
            ("not one of the scores showed a significant effect", Some(Claim::NotSignificant)),
            ("not only fatigue fell significantly", Some(Claim::Significant)),
            ("it was not until week 8 that fatigue fell significantly", Some(Claim::Significant)),
            ("no deaths occurred and fatigue fell significantly", Some(Claim::Significant)),
            ("there were no deaths and a significant fall", Some(Claim::Significant)),
            ("significantly more patients were not found tired", Some(Claim::Significant)),
            ("patients without a relapse had significantly less fatigue", Some(Claim::Significant)),
            ("those who did not smoke improved significantly", Some(Claim::Significant)),
            ("not in one, but significant in the other", Some(Claim::Significant)),
            ("pain fell", None),
            ("a trend toward a significant fall", None),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn what_denies_a_claim_behind_its_p_may_stand_in_front() {
        let claims = |text: &str| -> Vec<Claim> {
            let release = crate::transcribe::draft("t", "t.txt", text).unwrap();
            release.statements.iter().map(|of| of.claim).collect()
        };
        for (text, expected) in [
            ("Neither sleep (P = 0.21) nor fatigue (P = 0.34) changed significantly.", Claim::NotSignificant),
            ("Sleep (P = 0.02) and fatigue (P = 0.01) changed significantly.", Claim::Significant),
            ("Sleep did not change (P = 0.21) and fatigue fell significantly.", Claim::Other),
        ] {
            assert_eq!(claims(text).last(), Some(&expected), "{text}");
        }
    }
}
