//! On which line of its file a check stands.

use crate::check::Check;

/// The line of what a check is about, counted from 1: that of the number in the entry that it belongs to. A
/// check that is about the file as a whole stands on its first line.
pub fn line_of(check: &Check, file: &str) -> usize {
    let number = check.subject.rsplit_once(": ").map_or(check.subject.as_str(), |(_, text)| text);
    // What else has to stand in the entry: the phrase of a number, or the outcome of a cell.
    let phrase = check.found.as_deref().filter(|_| check.code == "quote-number");
    let outcome = check.subject.split_whitespace().next().filter(|_| number != check.subject);
    let mut found = None;
    for entry in entries(file) {
        let holds = |text: &str| entry.text.contains(text);
        let is_meant = phrase.is_none_or(holds) && outcome.is_none_or(|id| holds(&format!("\"{id}\"")));
        let line = entry.text.lines().position(|line| is_value(line, number));
        if let (true, Some(line)) = (is_meant, line) {
            return entry.line + line;
        }
        // The entry that defines what the check names.
        let id = outcome.unwrap_or(number);
        let defined = entry.text.lines().position(|line| is_key(line, "id") && is_value(line, id));
        found = found.or(defined.map(|line| entry.line + line));
    }
    found.unwrap_or(1)
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

/// Whether a line gives this value to a key that is no text around a number.
fn is_value(line: &str, value: &str) -> bool {
    let Some((key, rest)) = line.split_once('=') else { return false };
    let rest = rest.trim().trim_start_matches('"');
    let is_text = matches!(key.trim(), "quote" | "section" | "line" | "label");
    let after = rest.strip_prefix(value).map(|rest| rest.chars().next());
    !is_text && after.is_some_and(|next| next.is_none_or(|c| matches!(c, '"' | ' ' | '#')))
}

#[cfg(test)]
mod tests {
    use super::line_of;
    use crate::check::of_release;
    use crate::numeric::rounding::Rounding;
    use crate::read::read_release;

    #[test]
    fn every_number_stands_on_its_line() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/nmo-tocilizumab-2014.toml");
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let checks = of_release(&read_release("nmo", path, &text).unwrap(), Rounding::default());
        let mut looked_at = 0;
        for check in checks.iter().filter(|check| matches!(check.code, "quote-number" | "grim" | "existence")) {
            let line = lines[line_of(check, &text) - 1];
            let number = check.subject.rsplit(": ").next().unwrap();
            assert!(line.contains(number) && !line.contains("quote"), "{check:?}: {line}");
            looked_at += 1;
        }
        assert!(looked_at > 30);
        // Five of the seven stand twice: without a relapse, and treated at one hospital.
        let is_five = |check: &&crate::check::Check| check.code == "quote-number" && check.subject == "5";
        let fives: Vec<usize> = checks.iter().filter(is_five).map(|check| line_of(check, &text)).collect();
        assert!(fives.len() == 2 && fives[0] != fives[1], "{fives:?}");
    }
}
