//! What is expected of a release, and what is accepted in it.

use super::super::fields::{Fields, Located};
use crate::numeric::numeral::{Comparison, Numeral};
use crate::numeric::rounding::Rounding;
use crate::reported::{Asked, CellAsked, Expectation, Expected, ExpectedPart, FilePlace, Ignored};
use std::borrow::Cow;

/// The kinds of results, by the word behind `result`.
const RESULTS: [(&str, &str); 7] = [
    ("cell", "cell"),
    ("number", "number"),
    ("proportion", "proportion"),
    ("effect", "effect"),
    ("check", "check"),
    ("sets", "sets"),
    ("pairing", "pairing"),
];

/// The parts of a result that may be expected.
const PARTS: [&str; 7] = ["is", "ci", "se", "p", "statistic", "df", "rounding_range"];

const IS_HINT: &str = "write what is expected as it is printed: is = \"−2.5\", is = \"p < 0.05\", is = [\"0.1\", \"0.5\"], \
                       is = \"pass\" or is = \"refused: no SD\"";

const SOURCE_HINT: &str =
    "write where the value comes from: a paper with its page or table, or a program with version and call";

pub(in super::super) fn expectations(top: &Fields<'_, '_>) -> Vec<Expectation> {
    top.tables("expect", "the expectation").into_iter().filter_map(expectation).collect()
}

pub(in super::super) fn ignored(top: &Fields<'_, '_>) -> Vec<Ignored> {
    let entries = top.tables("ignore", "the accepted inconsistency").into_iter();
    let read = |fields: Fields<'_, '_>| {
        let check = fields.required_text("check", "write the code of the check: check = \"grim\"");
        let subject = fields.text("subject").map(|text| text.value.into_owned());
        let reason = fields.required_text("reason", "write why it is accepted, so that others can follow");
        let place = place(&fields);
        fields.finish();
        Some(Ignored { check: check?.value.into_owned(), subject, reason: reason?.value.into_owned(), place })
    };
    entries.filter_map(read).collect()
}

fn place(fields: &Fields<'_, '_>) -> FilePlace {
    FilePlace { file: fields.file().to_owned(), line: Some(fields.line()) }
}

fn expectation(fields: Fields<'_, '_>) -> Option<Expectation> {
    let result = asked(&fields);
    let values: Vec<ExpectedPart> = PARTS.iter().filter_map(|key| part(&fields, key)).collect();
    if !PARTS.iter().any(|key| fields.has(key)) {
        fields.missing("is", IS_HINT);
    }
    let is_percent = |of: &ExpectedPart| matches!(&of.value, Expected::Number(number) if number.is_percent());
    let are_percent = values.iter().all(is_percent);
    let within = fields.parsed::<Numeral>("within").and_then(|located| match located.value.decimal() {
        _ if located.value.exact().is_err() || located.value.is_percent() && !are_percent => {
            let message = format!("`within = \"{}\"` says no distance", located.value);
            let hint = "write how far the value may be away in its own unit: within = \"0.001\"";
            fields.report(located.span, message, hint);
            None
        }
        within if within.signum() < 0 => {
            fields.report(
                located.span,
                "`within` is negative",
                "write how far the value may be away: within = \"0.001\"",
            );
            None
        }
        within => Some(within),
    });
    let rounding = fields.text("rounding").and_then(|text| match text.value.parse::<Rounding>() {
        Ok(rounding) => Some(rounding),
        Err(problem) => {
            fields.report(text.span, problem, "");
            None
        }
    });
    let source = fields.required_text("source", SOURCE_HINT);
    let place = place(&fields);
    // Of what is asked for without a kind that there is, nobody knows which fields it has.
    let is_of_no_kind = |kind: &Located<Cow<'_, str>>| !RESULTS.iter().any(|(name, _)| *name == kind.value);
    if fields.has("run") || !fields.text("result").as_ref().is_some_and(is_of_no_kind) {
        fields.finish();
    }
    Some(Expectation { result: result?, values, within, rounding, source: source?.value.into_owned(), place })
}

fn asked(fields: &Fields<'_, '_>) -> Option<Asked> {
    if fields.has("run") {
        return run(fields);
    }
    const HINT: &str = "write result = \"effect\", \"cell\", \"number\", \"proportion\", \"check\", \"sets\" or \"pairing\", \
                        or run = \"meta table.csv\" with at = \"tau2\"";
    fields.required_text("result", HINT)?;
    let kind = fields.named("result", &RESULTS)?.value;
    let owned = |key: &str, hint: &str| fields.required_text(key, hint).map(|text| text.value.into_owned());
    let asked = match kind {
        "number" => Asked::Number { number: owned("number", "write the name of the number")? },
        "proportion" => Asked::Proportion { number: owned("number", "write the name of the number")? },
        "check" => Asked::Verdict {
            check: owned("check", "write the code of the check: check = \"grim\"")?,
            subject: fields.text("subject").map(|text| text.value.into_owned()),
        },
        "cell" => Asked::Cell(cell(fields)?),
        "sets" => Asked::Sets(cell(fields)?),
        "pairing" => Asked::Pairing {
            cell: cell(fields)?,
            quantity: owned(
                "quantity",
                "write quantity = \"r\", \"t\", \"p\", \"dz\", \"sd_change\", \"wilcoxon_p\", \
                                         \"sign_p\", \"tables\", \"significant\" or \"r_needed\"",
            )?,
        },
        _ => effect(fields)?,
    };
    Some(asked)
}

fn effect(fields: &Fields<'_, '_>) -> Option<Asked> {
    let cell = cell(fields)?;
    let measure = fields.required_text("measure", "write the code of the measure: measure = \"MC\"")?;
    let r = double(fields, "r", |r| (-1.0..=1.0).contains(&r), "a correlation lies between −1 and 1");
    let level = double(fields, "level", |level| level > 0.0 && level < 1.0, "a level lies between 0 and 1");
    let versus = fields.text("versus").map(|text| text.value.into_owned());
    Some(Asked::Effect { cell, versus, measure: measure.value.into_owned(), r, level: level.unwrap_or(0.95) })
}

fn cell(fields: &Fields<'_, '_>) -> Option<CellAsked> {
    let outcome = fields.required_text("outcome", "write the name of the outcome")?;
    let [arm, occasion] = ["arm", "occasion"].map(|key| fields.text(key).map(|text| text.value.into_owned()));
    Some(CellAsked { outcome: outcome.value.into_owned(), arm, occasion })
}

fn double(fields: &Fields<'_, '_>, key: &str, holds: impl Fn(f64) -> bool, hint: &str) -> Option<f64> {
    let located = fields.parsed::<Numeral>(key)?;
    let value = located.value.value();
    if !holds(value) {
        fields.report(located.span, format!("`{key}` is {}", located.value), hint);
        return None;
    }
    Some(value)
}

/// A command in one text, as it is typed, or as a list of words.
fn run(fields: &Fields<'_, '_>) -> Option<Asked> {
    let texts = fields.texts("run");
    let words: Vec<String> = match &texts[..] {
        [one] => split_words(&one.value),
        words => words.iter().map(|word| word.value.clone().into_owned()).collect(),
    };
    if words.is_empty() {
        fields.report(fields.span(), "`run` is empty", "write a command of reffect: run = \"meta table.csv\"");
        return None;
    }
    let at = fields.required_text("at", "write the field of the JSON result: at = \"coefficients[0].estimate\"")?;
    Some(Asked::Run { words, at: at.value.into_owned() })
}

/// Splits at spaces that are not inside quotation marks.
fn split_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut quote, mut inside) = (None, false);
    for c in text.chars() {
        match (quote, c) {
            (Some(mark), c) if c == mark => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                if !inside {
                    words.push(String::new());
                    inside = true;
                }
            }
            (None, c) if c.is_whitespace() => inside = false,
            (_, c) => {
                if !inside {
                    words.push(String::new());
                    inside = true;
                }
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words
}

fn part(fields: &Fields<'_, '_>, key: &str) -> Option<ExpectedPart> {
    if !fields.has(key) {
        // Asked for all the same, so that a misspelt one is told what there is.
        fields.get(key);
        return None;
    }
    let texts = fields.texts(key);
    let spans = texts.iter().map(|text| text.span.clone()).collect();
    let value = match &texts[..] {
        [] => return None,
        [one] => single(fields, key, one)?,
        [lower, upper] => Expected::Interval(number(fields, lower)?, number(fields, upper)?),
        more => {
            let message = format!("`{key}` has {} values, and an interval has two", more.len());
            fields.report(more[2].span.clone(), message, IS_HINT);
            return None;
        }
    };
    Some(ExpectedPart { key: key.to_owned(), value, spans })
}

fn single(fields: &Fields<'_, '_>, key: &str, text: &Located<Cow<'_, str>>) -> Option<Expected> {
    let value = text.value.trim();
    if value.is_empty() {
        fields.report(text.span.clone(), format!("`{key}` is empty"), IS_HINT);
        return None;
    }
    if let Some(reason) = value.strip_prefix("refused") {
        return Some(Expected::Refused(reason.trim_start_matches([':', ' ']).to_owned()));
    }
    let is_compared = value.starts_with(['<', '>', '≤', '≥', '＜', '＞', '='])
        || (value.starts_with(['p', 'P', 'ｐ', 'Ｐ']) && value.contains(['<', '>', '≤', '≥', '=', '＜', '＞', '＝']));
    if is_compared {
        return match value.parse::<Comparison>() {
            Ok(comparison) => Some(Expected::Comparison(comparison)),
            Err(error) if key == "p" => {
                fields.explain(text.span.clone(), &error);
                None
            }
            Err(error) => {
                let hint = format!("write the number that is expected; only a p is compared: {key} = \"2.05\"");
                fields.report(text.span.clone(), format!("`{key}`: {error}"), hint);
                None
            }
        };
    }
    if value.chars().any(|c| c.is_alphabetic()) || value.contains('±') {
        return Some(value.parse::<Numeral>().map_or_else(|_| Expected::Text(value.to_owned()), Expected::Number));
    }
    number(fields, text).map(Expected::Number)
}

fn number(fields: &Fields<'_, '_>, text: &Located<Cow<'_, str>>) -> Option<Numeral> {
    match text.value.parse::<Numeral>() {
        Ok(numeral) => Some(numeral),
        Err(error) => {
            fields.explain(text.span.clone(), &error);
            None
        }
    }
}

/// The expectations and accepted inconsistencies of a file that holds nothing else.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Expectations {
    /// What is expected.
    pub expectations: Vec<Expectation>,
    /// What is accepted.
    pub ignored: Vec<Ignored>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_split_as_a_shell_splits_them() {
        assert_eq!(split_words("meta bcg.csv --mods \"ablat + year\""), ["meta", "bcg.csv", "--mods", "ablat + year"]);
        assert_eq!(split_words("  a ''  b"), ["a", "", "b"]);
    }
}
