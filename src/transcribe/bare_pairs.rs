//! Values without a spread that words join to a pair: 0.47 → 0.25, "fell from 0.47 to 0.25 points per month".

use super::changes::FALLS;
use super::flow::Flow;
use super::pairs::{PAIR, begins_with_from};
use super::scan::{Form, Found};
use super::sentences::{said_before, sentence};
use crate::numeric::numeral::{Expression, Numeral};

/// Words of a change beside those of a fall: from what to what is said of a range as well, of ages or doses.
const CHANGED: [&str; 6] = ["rose", "increas", "improv", "worsen", "slow", "改善"];

/// Words of a range, or of what is no value of people.
const NO_VALUES: [&str; 12] =
    ["rang", "interval", "95%", "95 %", "aged", "dose", "ratio", "信頼区間", "範囲", "オッズ", "ハザード", "比"];

/// The same numbers, in which those of such pairs are results.
pub(super) fn with_bare_pairs(flow: &Flow, mut found: Vec<Found>) -> Vec<Found> {
    for at in 1..found.len() {
        if is_pair(flow, &found[at - 1], &found[at]) {
            for number in &mut found[at - 1..=at] {
                if let Form::Number(expression) = &number.form {
                    number.form = Form::Result(expression.clone());
                }
            }
        }
    }
    found
}

/// The number of a found one that could be a mean: with decimals, and none of a percentage.
fn mean(found: &Found) -> Option<&Numeral> {
    let Form::Number(Expression::Number(number)) = &found.form else { return None };
    (number.decimal().decimals() > 0 && !number.is_percent() && number.exact().is_ok()).then_some(number)
}

fn is_pair(flow: &Flow, first: &Found, second: &Found) -> bool {
    let own = sentence(flow, first.range.start);
    let Some((one, other)) = mean(first).zip(mean(second)) else { return false };
    if one.decimal().decimals() != other.decimal().decimals()
        || first.range.end > second.range.start
        || !own.contains(&second.range.start)
        || flow.in_row[first.range.start]
    {
        return false;
    }
    let between = flow.text(first.range.end..second.range.start);
    if between.chars().count() > PAIR || between.contains(['±', '(', '（', ',', '、', ';', '；']) {
        return false;
    }
    let said = said_before(flow, own.start, first.range.start).to_lowercase();
    let behind = flow.text(second.range.end..own.end.max(second.range.end)).to_lowercase();
    if NO_VALUES.iter().any(|word| said.contains(word)) || behind.trim_start().starts_with(['±', '(', '（', '–', '→'])
    {
        return false;
    }
    // The middle of a chain is of no pair.
    if said.trim_end().ends_with(['→', '⇒']) {
        return false;
    }
    let changes = || FALLS.iter().chain(&CHANGED).any(|word| said.contains(word) || behind.contains(word));
    let is_from = said.trim_end().ends_with("from") || said.trim_end().ends_with("mean of") || said.ends_with("mean ");
    between.contains(['→', '⇒'])
        || begins_with_from(&between) && changes()
        || is_from && between.trim_end().ends_with(" to") && changes()
}

#[cfg(test)]
mod tests {
    use super::super::draft::draft;

    /// Each result of a draft with its statistic, and how many numbers are none.
    fn drafted(text: &str) -> (Vec<String>, usize) {
        let release = draft("d", "d.txt", text).unwrap();
        let rows = release.outcomes.iter().flat_map(|outcome| &outcome.results);
        let shown = rows.map(|row| {
            let cells = row.cells.iter().map(|(at, cell)| format!("{at} {}", cell.text));
            format!("{} {}", row.cells[0].1.statistic.name(), cells.collect::<Vec<_>>().join(" "))
        });
        (shown.collect(), release.numbers.len())
    }

    #[test]
    fn what_became_what_is_a_pair_without_a_spread() {
        for (text, expected, numbers) in [
            ("ALSFRS-R decline: 0.47 → 0.25", &["mean before 0.47 after 0.25"][..], 0),
            ("The decline slowed from 0.47 to 0.25 points per month.", &["slope before 0.47 after 0.25"], 0),
            ("平均0.47ポイントから平均0.25ポイントに低下した。", &["mean before 0.47 after 0.25"], 0),
            ("Median EDSS: 5.0 → 4.5", &["median before 5.0 after 4.5"], 0),
            ("EDSS 5.1→4.1、NRS 3.0→0.9", &["mean before 5.1 after 4.1", "mean before 3.0 after 0.9"], 0),
            ("Mean EDSS fell from 5.1 to 4.1 at 12 months.", &["mean before 5.1 month-12 4.1"], 0),
            // A range, a chain of three, a ratio, and counts.
            ("Patients aged from 4.5 to 7.5 years improved.", &[], 2),
            ("EDSS 5.1 → 4.1 → 3.9", &[], 3),
            ("The odds ratio fell from 2.1 to 1.4.", &[], 2),
            ("Sites rose from 33 to 39.", &[], 2),
        ] {
            let (found, others) = drafted(text);
            assert_eq!(
                (found.iter().map(String::as_str).collect::<Vec<_>>(), others),
                (expected.to_vec(), numbers),
                "{text}"
            );
        }
    }
}
