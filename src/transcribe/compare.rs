//! What a text holds and a finished file does not, and the other way round.

use super::draft::draft;
use super::flow::Flow;
use crate::check::provenance::holds_number;
use crate::numeric::numeral::{Expression, Numeral, fold};
use crate::reported::{Origin, Release};

/// A quote may begin so many lines before its number.
const NEAR: u32 = 6;

/// Numbers with the lines on which they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Missing {
    /// Numbers that the text holds and the file does not: not transcribed yet, or of no interest.
    pub from_file: Vec<(u32, String, String)>,
    /// Numbers that the file holds and nobody finds in the text.
    pub from_text: Vec<(Option<u32>, String)>,
}

/// A number of a release: its line, its values as written the same way, its text.
struct Number {
    line: Option<u32>,
    value: String,
    text: String,
    quote: String,
}

/// Compares a finished release with the numbers of its source. Numbers that were read in the paper are
/// left out.
pub fn missing(release: &Release, text: &str) -> Missing {
    let found = draft(&release.id, &release.source.file, text);
    let (own, found) = (numbers(release), found.as_ref().map(numbers).unwrap_or_default());
    let near = |a: &Number, b: &Number| match (a.line, b.line) {
        (Some(a), Some(b)) => a.abs_diff(b) <= NEAR,
        _ => true,
    };
    // "5 of 7" in the text may stand in the file as 5/7, or as 5 alone: the 7 is then the size of the arm.
    // And "0.21 (0.06–0.76)" as three numbers.
    let is_part = |own: &Number, found: &Number| {
        let is_divisible = found.value.contains('/') || found.value.contains(" to ");
        is_divisible && found.value.split(['/', ' ', '(', ')']).any(|part| part == own.value)
    };
    let meets = |own: &Number, found: &Number| (own.value == found.value || is_part(own, found)) && near(own, found);
    // The size of an arm is the same wherever the text tells it: 5人 in one line, and n = 5 of another.
    let sizes: Vec<u64> = release.arms.iter().filter_map(|arm| arm.n.as_ref()?.count()).collect();
    let is_size = |found: &Number| {
        let is_of_people = found.text.trim_end().ends_with(['人', '名', '例']);
        let count = found.text.parse::<Numeral>().ok().filter(|_| is_of_people).and_then(|of| of.count());
        count.is_some_and(|count| sizes.contains(&count))
    };
    let is_lacking = |of: &Number| !own.iter().any(|own| meets(own, of)) && !is_size(of);
    // A draft tells the size of an arm once more as a number.
    let is_first = |place: usize| {
        let same = |of: &Number| {
            (of.line, &of.text, &of.quote) == (found[place].line, &found[place].text, &found[place].quote)
        };
        !found[..place].iter().any(same)
    };
    let from_file = found.iter().enumerate().filter(|(place, of)| is_lacking(of) && is_first(*place)).map(|(_, of)| of);
    // "24" of "week 24" and a dose are no numbers of a draft, and may be some of the file.
    let flow = Flow::of(text);
    let stands_there = |own: &Number| holds_number(&around(&flow, own.line), &own.text);
    let is_found = |own: &Number| found.iter().any(|found| meets(own, found)) || stands_there(own);
    let from_text = own.iter().filter(|own| !is_found(own));
    Missing {
        from_file: from_file.map(|of| (of.line.unwrap_or(0), of.text.clone(), of.quote.clone())).collect(),
        from_text: from_text.map(|of| (of.line, of.text.clone())).collect(),
    }
}

/// The text round a line, or all of it.
fn around(flow: &Flow, line: Option<u32>) -> String {
    let is_near = |at: &u32| line.is_none_or(|line| at.abs_diff(line) <= NEAR);
    flow.chars.iter().zip(&flow.lines).filter(|(_, at)| is_near(at)).map(|(c, _)| *c).collect()
}

fn numbers(release: &Release) -> Vec<Number> {
    let passages = release.passages().into_iter().filter(|(passage, _)| passage.origin == Origin::Release);
    let of_text = |line: Option<u32>, quote: &str, text: &str| Number {
        line,
        value: value(text),
        text: text.to_owned(),
        quote: quote.to_owned(),
    };
    passages
        .flat_map(|(passage, texts)| texts.into_iter().map(move |text| of_text(passage.line, &passage.quote, text)))
        .collect()
}

/// The digits of a text, whatever its width, counters and words.
fn value(text: &str) -> String {
    match text.parse::<Expression>() {
        Ok(Expression::Number(numeral)) => numeral.decimal().to_string(),
        Ok(Expression::Spread { center, spread, .. }) => format!("{} ± {}", center.decimal(), spread.decimal()),
        Ok(Expression::Range { center, lower, upper, .. }) => {
            format!("{} ({} to {})", center.decimal(), lower.decimal(), upper.decimal())
        }
        Ok(Expression::Fraction { part, whole }) => format!("{}/{}", part.decimal(), whole.decimal()),
        Err(_) => fold(text).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase(),
    }
}
