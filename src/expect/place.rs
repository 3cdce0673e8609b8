//! On which line of its file a check stands.

use crate::check::Check;
use std::collections::HashMap;

/// A release file, looked through once for the places of many checks.
pub struct Places<'a> {
    entries: Vec<Entry<'a>>,
    /// Where a value begins with a word: the entry, and the line in it.
    values: HashMap<&'a str, Vec<(usize, usize)>>,
}

impl<'a> Places<'a> {
    pub fn of(file: &'a str) -> Self {
        let entries = entries(file);
        let mut values: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
        for (at, entry) in entries.iter().enumerate() {
            for (line, text) in entry.text.lines().enumerate() {
                if let Some(word) = text.split_once('=').map(|(_, value)| first_word(value)) {
                    values.entry(word).or_default().push((at, line));
                }
            }
        }
        Self { entries, values }
    }

    /// The line of what a check is about, counted from 1: that of the number in the entry that it belongs to. A check
    /// that is about the file as a whole stands on its first line.
    pub fn line_of(&self, check: &Check) -> usize {
        match check.code {
            "quote-source" => return self.line_where("quote", &check.subject).unwrap_or(1),
            "total" => {
                let split = check.subject.split(" of ").next().unwrap_or_default();
                if let Some(line) = self.line_where("split", split) {
                    return line;
                }
            }
            _ => {}
        }
        // A number alone may have brackets and colons of its own.
        let named = if check.code == "quote-number" { None } else { check.subject.split_once(": ") };
        let (head, number) = named.unwrap_or(("", check.subject.as_str()));
        // More people than the arm has: `edss after (placebo): n = 25`.
        let number = if check.code == "total" { number.trim_start_matches("n = ") } else { number };
        // What else has to stand in the entry: the phrase of a number, or the outcome of a cell.
        let phrase = check.found.as_deref().filter(|_| check.code == "quote-number");
        let first = check.subject.split_whitespace().next().map(|word| word.trim_end_matches(':'));
        let outcome = first.filter(|_| number != check.subject);
        // `edss after (placebo): 3.1 ± 1.5`; a claim between arms names both of them.
        let arms = head.split_once(" (").and_then(|(_, rest)| rest.split_once(')')).map(|(arms, _)| arms);
        let arms: Vec<&str> = arms.iter().flat_map(|arms| arms.split("against")).map(str::trim).collect();
        let is_meant = |at: usize| {
            let holds = |text: &str| self.entries[at].text.contains(text);
            let names = |id: &str| id.is_empty() || holds(&format!("\"{id}\""));
            phrase.is_none_or(holds) && outcome.is_none_or(names) && arms.iter().all(|arm| names(arm))
        };
        let is_in_arm = |(at, line): &&(usize, usize)| {
            // The results of an outcome stand below one another, each with its arm.
            let before: Vec<&str> = self.entries[*at].text.lines().take(line + 1).collect();
            let arm = before.iter().rev().find(|line| is_key(line, "arm"));
            check.code == "claim"
                || arm.is_none_or(|line| arms.is_empty() || arms.iter().any(|arm| is_value(line, arm)))
        };
        let of = |value: &str| self.values.get(first_word(value)).map_or(&[][..], Vec::as_slice);
        let is_here = |value: &str, (at, line): &(usize, usize)| {
            self.entries[*at].text.lines().nth(*line).is_some_and(|text| is_value(text, value))
        };
        let all = || of(number).iter().filter(|place| is_meant(place.0) && is_here(number, place));
        if let Some((at, line)) = all().find(is_in_arm).or_else(|| all().next()) {
            return self.entries[*at].line + line;
        }
        // A share, or what else stands behind the number of an entry.
        let holds_behind = |at: usize| {
            let is_behind = |line: &str| {
                let value = line.split_once('=').filter(|(key, _)| !is_text_key(key)).map(|(_, value)| value);
                value.is_some_and(|value| value.contains(number))
            };
            self.entries[at].text.lines().position(is_behind).map(|line| self.entries[at].line + line)
        };
        if phrase.is_some()
            && let Some(line) = (0..self.entries.len()).filter(|&at| is_meant(at)).find_map(holds_behind)
        {
            return line;
        }
        let key_in = |at: usize, key: &str, value: Option<&str>| {
            let found = |line: &str| is_key(line, key) && value.is_none_or(|value| is_value(line, value));
            self.entries[at].text.lines().position(found).map(|line| self.entries[at].line + line)
        };
        // A claim in words has no p to point at.
        let claim = || (0..self.entries.len()).filter(|&at| is_meant(at)).find_map(|at| key_in(at, "claim", None));
        // The entry that defines what the check names.
        let id = outcome.unwrap_or(number);
        let defined = || of(id).iter().find_map(|(at, _)| key_in(*at, "id", Some(id)));
        let claim = if check.code == "claim" { claim() } else { None };
        claim.or_else(defined).unwrap_or(1)
    }
}

impl Places<'_> {
    /// The line of the first entry that gives a text to a key.
    fn line_where(&self, key: &str, text: &str) -> Option<usize> {
        let written = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let is_asked =
            |line: &str| is_key(line, key) && (line.contains(&written) || line.contains(&format!("'{text}'")));
        self.entries.iter().find_map(|of| Some(of.line + of.text.lines().position(is_asked)?))
    }
}

/// A value up to the first blank, quotation mark or comment.
fn first_word(value: &str) -> &str {
    let value = value.trim().trim_start_matches('"');
    value.split(['"', ' ', '#']).next().unwrap_or_default()
}

/// A part of a file from one header in double brackets to the next; results belong to their outcome.
struct Entry<'a> {
    line: usize,
    text: &'a str,
}

fn entries(file: &str) -> Vec<Entry<'_>> {
    let mut starts = vec![(0, 1)];
    let mut at = 0;
    for (line, text) in (1..).zip(file.split_inclusive('\n')) {
        let header = text.trim_start();
        if header.starts_with("[[") && !header.starts_with("[[outcome.result") {
            starts.push((at, line));
        }
        at += text.len();
    }
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([file.len()]);
    let entry = |((start, line), end): (&(usize, usize), usize)| Entry { line: *line, text: &file[*start..end] };
    starts.iter().zip(ends).map(entry).collect()
}

fn is_key(line: &str, key: &str) -> bool {
    line.split('=').next().is_some_and(|found| found.trim() == key)
}

/// Whether a key has a text around a number.
fn is_text_key(key: &str) -> bool {
    matches!(key.trim(), "quote" | "section" | "line" | "label")
}

/// Whether a line gives this value to a key that is no text around a number.
fn is_value(line: &str, value: &str) -> bool {
    let Some((key, rest)) = line.split_once('=') else { return false };
    let rest = rest.trim().trim_start_matches('"');
    let after = rest.strip_prefix(value).map(|rest| rest.chars().next());
    !is_text_key(key) && after.is_some_and(|next| next.is_none_or(|c| matches!(c, '"' | ' ' | '#')))
}

#[cfg(test)]
mod tests {
    use super::Places;
    use crate::check::of_release;
    use crate::numeric::rounding::Rounding;
    use crate::read::read_release;

    #[test]
    fn phrases_and_splits_stand_on_their_lines() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/nmo-tocilizumab-2014.toml");
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let release = read_release("nmo", path, &text).unwrap();
        let places = Places::of(&text);
        let mut checks = crate::check::provenance::quotes_in_source(&release, "nothing");
        checks.extend(crate::check::totals::totals(&release, Rounding::default()));
        assert!(checks.len() > 20 && checks.iter().any(|check| check.code == "total"), "{checks:?}");
        for check in &checks {
            let line = lines[places.line_of(check) - 1].trim();
            assert!(line.starts_with(if check.code == "total" { "split" } else { "quote" }), "{check:?}: {line}");
        }
    }

    #[test]
    fn totals_of_people_and_subgroups_stand_on_their_lines() {
        let text = r#"
label = "x"
title = "x"
publisher = "not stated"
date = "not stated"
language = "en"
kind = "trial"
source = { file = "r.txt" }

[[arm]]
id = "all"
label = "all"
n = 20
quote = "20 in it"

[[arm]]
id = "w"
label = "women"
of = "all"
n = 12
quote = "12 women"

[[arm]]
id = "m"
label = "men"
of = "all"
n = 8
quote = "8 men"

[[outcome]]
id = "pain"
label = "pain"
scale = "continuous"
better = "lower"
  [[outcome.result]]
  arm = "all"
  after = "55.0 ± 1.0"
  spread = "sd"
  quote = "55.0 ± 1.0"
  [[outcome.result]]
  arm = "w"
  after = "50.0 ± 1.0"
  n = 25
  spread = "sd"
  quote = "50.0 ± 1.0 of 25"
  [[outcome.result]]
  arm = "m"
  statistic = "change"
  after = "−3.0 ± 1.0"
  n = 9
  spread = "sd"
  quote = "−3.0 ± 1.0 of 9"

[[outcome]]
id = "cured"
label = "cured"
scale = "count"
better = "higher"
  [[outcome.result]]
  arm = "all"
  after = "12/45"
  statistic = "count"
  quote = "12/45"
"#;
        let release = read_release("x", "x.toml", text).unwrap();
        let places = Places::of(text);
        let lines: Vec<&str> = text.lines().collect();
        let checks = crate::check::totals::totals(&release, Rounding::default());
        let told: Vec<(&str, &str)> =
            checks.iter().map(|of| (of.subject.as_str(), lines[places.line_of(of) - 1].trim())).collect();
        assert_eq!(
            told,
            [
                ("pain after (w): n = 25", "n = 25"),
                ("pain after (m): n = 9", "n = 9"),
                ("cured after (all): of 45", "id = \"cured\"")
            ]
        );
    }

    #[test]
    fn every_number_stands_on_its_line() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/nmo-tocilizumab-2014.toml");
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let checks = of_release(&read_release("nmo", path, &text).unwrap(), Rounding::default());
        let places = Places::of(&text);
        let mut looked_at = 0;
        for check in checks.iter().filter(|check| matches!(check.code, "quote-number" | "grim" | "existence")) {
            let line = lines[places.line_of(check) - 1];
            let number = check.subject.rsplit(": ").next().unwrap();
            assert!(line.contains(number) && !line.contains("quote"), "{check:?}: {line}");
            looked_at += 1;
        }
        assert!(looked_at > 30);
        // Five of the seven stand twice: without a relapse, and treated at one hospital.
        let is_five = |check: &&crate::check::Check| check.code == "quote-number" && check.subject == "5";
        let fives: Vec<usize> = checks.iter().filter(is_five).map(|check| places.line_of(check)).collect();
        assert!(fives.len() == 2 && fives[0] != fives[1], "{fives:?}");
    }
}
