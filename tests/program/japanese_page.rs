//! The Japanese report has Japanese sentences: what is left in Latin letters is a name, a code, a quote or a source.

use crate::common::cli::{Folder, stderr, stdout};
use std::collections::BTreeSet;

/// Files whose numbers do not fit, so that checks of many codes speak.
const FAILING: [(&str, &str); 3] = [
    ("failing", include_str!("japanese/failing.toml")),
    ("occasions", include_str!("japanese/occasions.toml")),
    ("changes", include_str!("japanese/changes.toml")),
];

/// Names of tests, measures and methods, symbols, and what a release file calls its fields.
const ALLOWED: &[&str] = &[
    "adjusted",
    "arm",
    "beta",
    "Bonett",
    "Clopper",
    "Cohen",
    "DeMoivre",
    "Donner",
    "EDSS",
    "NRS",
    "ALSFRS",
    "Fisher",
    "Kraemer",
    "Kupfer",
    "McNemar",
    "NNT",
    "NNTB",
    "NNTH",
    "Pearson",
    "Student",
    "Welch",
    "Wilson",
    "Yates",
    "Zou",
    "of",
    "versus",
    "number",
    "mid",
    "exact",
    "katz",
    "woolf",
    "newcombe",
    "miettinen",
    "nurminen",
    "garwood",
    "nct",
    "student",
    "welch",
    "paired",
    "dav",
    "dpre",
    "gpre",
    "gav",
    "dz",
    "gz",
    "drm",
    "lakens",
    "ratio",
    "ppc2",
    "delta",
    "overlap",
    "ln",
    "df",
    "ROMC",
    "SMCR",
    "SMCRH",
    "SMCRP",
    "SMCC",
    "SMD",
    "SMDH",
    "SMD1",
    "SMD1H",
    "ROM",
    "VRC",
    "CVRC",
    "VR",
    "CVR",
    "MC",
    "MD",
    "RR",
    "OR",
    "RD",
    "HR",
    "SD",
    "CLES",
    "U1",
    "U2",
    "U3",
    "plus",
    "minus",
    "existence",
    "doi",
    "PMID",
    "toml",
    "reffect",
    "convert",
    "to",
    "mean",
    "sd",
    "interval",
    "Shi",
    "Luo",
    "Wan",
    "lt",
    "gt",
    "amp",
    "percent",
    "reduction",
    "increase",
    "Welch",
    "garwood",
    "bonett",
    "wald",
    "byar",
    "to",
    "SMCRPH",
    "grm",
];

/// What a file calls its own things: labels, quotes, names and what is printed, as a Japanese page shows them.
fn texts(file: &str) -> BTreeSet<String> {
    // What these fields say is the program's to say in Japanese.
    const WORDS: [&str; 10] =
        ["claim", "statistic", "spread", "scale", "better", "kind", "language", "measure", "check", "result"];
    let of_line = |line: &str| {
        let (field, value) = line.split_once('=')?;
        let is_own = !WORDS.contains(&field.trim());
        // Of a label in both languages the Japanese one.
        let value = value.split_once("ja = ").map_or(value, |(_, japanese)| japanese);
        // Every second piece between quotation marks is a text.
        is_own.then(|| value.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
    };
    let all = file.lines().filter_map(of_line).flatten();
    all.filter(|text| text != "not stated" && text.chars().any(|c| c.is_ascii_alphabetic())).collect()
}

/// A line without a text, where that is no part of a word.
fn without(line: &str, text: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(text) {
        let (front, behind) = (&rest[..at], &rest[at + text.len()..]);
        let is_part = is_word(front.chars().next_back().or(out.chars().next_back())) || is_word(behind.chars().next());
        out.push_str(front);
        out.push_str(if is_part { text } else { " " });
        rest = behind;
    }
    out + rest
}

/// The Latin words of a page that no text of the files has and that are not allowed, with their lines.
fn english(page: &str, files: &[String]) -> Vec<String> {
    let mut texts: Vec<String> = files.iter().flat_map(|file| texts(file)).collect();
    // The longest first, since one may hold another.
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    let mut found = Vec::new();
    for line in page.lines() {
        let mut fields: Vec<&str> = line.split(" | ").collect();
        // The code of a check is a name, and its expectations have sources.
        let is_check = ["適合", "不適合", "判定不能", "確認済み"].iter().any(|of| fields[0] == format!("| {of}"));
        if is_check {
            // What is expected is about a name of the release, or about a code.
            let is_expected = fields.remove(1) == "expectation";
            fields.drain(1..if is_expected { 2 } else { 1 });
        }
        let line = fields.join(" | ").replace("\\", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        let mut line = line.split("根拠：").next().unwrap_or_default().to_owned();
        if line.starts_with("- 論文：") || line.starts_with("<details>") || line.starts_with("</details>") {
            continue;
        }
        // What stands between backticks is to be written so.
        line = line.split('`').step_by(2).collect();
        texts.iter().for_each(|text| line = without(&line, text));
        let words = line.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| {
            word.len() > 1 && word.starts_with(|c: char| c.is_ascii_alphabetic()) && !ALLOWED.contains(word)
        });
        let words: Vec<&str> = words.collect();
        if !words.is_empty() {
            found.push(format!("{words:?}: {line}"));
        }
    }
    found
}

/// The page of what is given, and what it was read from.
fn page(folder: &Folder, paths: &[&str]) -> String {
    let output = folder.run([&["report"], paths, &["--format", "markdown", "--lang", "ja"]].concat());
    assert!(output.status.code() != Some(2), "{}", stderr(&output));
    stdout(&output)
}

fn files_of(folder: &Folder, names: &[&str]) -> Vec<String> {
    let mut files = Vec::new();
    for name in names {
        for entry in std::fs::read_dir(folder.path(name)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                files.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    files
}

#[test]
fn the_page_of_the_releases_and_trials_has_no_english_word() {
    let folder = Folder::with_data("japanese-page");
    let found = english(&page(&folder, &["data", "data/trials"]), &files_of(&folder, &["data", "data/trials"]));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_page_of_failing_checks_has_no_english_word() {
    let folder = Folder::new("japanese-failing");
    for (name, text) in FAILING {
        folder.write(&format!("{name}.toml"), text);
    }
    let names = FAILING.map(|(name, _)| format!("{name}.toml"));
    let page = page(&folder, &names.each_ref().map(String::as_str));
    let found = english(&page, &FAILING.map(|(_, text)| text.to_owned()));
    assert!(found.is_empty(), "{found:#?}");
    // Checks of many codes speak, and what was accepted is counted.
    let is_told = |line: &&str| ["| 不適合 |", "| 判定不能 |", "| 確認済み |"].iter().any(|of| line.starts_with(of));
    let codes: BTreeSet<&str> = page.lines().filter(is_told).filter_map(|line| line.split(" | ").nth(1)).collect();
    for code in ["total", "percentage", "grim", "sd-limits", "existence", "interval", "p-value", "estimate", "claim"] {
        assert!(codes.contains(code), "{code}: {codes:?}");
    }
    assert!(page.contains("；確認済み：looked at |") && page.contains("、確認済み 1\n"), "{page}");
}
