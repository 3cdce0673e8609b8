//! What is expected beside the data, and what slips of typing in the data are caught.

use crate::common::folder::Folder;
use reffect::check::{Status, provenance::numbers_in_quotes};
use reffect::expect::{CheckOptions, FileChecks, check_file, run_folder};
use reffect::read::{data_files, read_release};
use std::collections::BTreeSet;
use std::path::Path;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data");

fn check(path: &Path) -> FileChecks {
    let files = data_files([path]).unwrap();
    check_file(&files[0], &CheckOptions::default())
}

fn failures(found: &FileChecks) -> Vec<String> {
    let failed = found.checks.iter().filter(|check| check.status == Status::Fail);
    failed.map(|check| format!("{} {} {}", check.code, check.subject, check.message)).collect()
}

#[test]
fn everything_that_is_expected_of_the_releases_holds() {
    // Commands are left to the program; everything else is judged without it.
    let mut failed = Vec::new();
    let tally = run_folder(DATA, &CheckOptions::default(), |found| failed.extend(failures(&found))).unwrap();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(tally.passed > 100, "{tally:?}");
}

#[cfg(feature = "cli")]
#[test]
fn everything_that_is_expected_of_published_tables_holds() {
    let options = CheckOptions { commands: Some(&reffect::cli::answer), ..CheckOptions::default() };
    let mut failed = Vec::new();
    let tally =
        run_folder(Path::new(DATA).join("published"), &options, |found| failed.extend(failures(&found))).unwrap();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(tally.passed >= 30, "{tally:?}");
}

/// Every single-digit change of every number that the five releases report: caught by a check or an
/// expectation, or one of the few that nothing in the file can tell, each with its reason.
#[test]
fn a_changed_digit_is_caught_or_known_to_be_undetectable() {
    let copies = Folder::new("digits");
    let mut undetected = BTreeSet::new();
    let mut changed = 0;
    for file in data_files([DATA]).unwrap() {
        let path = file.release_path().unwrap().to_owned();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = path.with_extension("expect.toml");
        std::fs::copy(&expected, copies.path(expected.file_name().unwrap().to_str().unwrap())).unwrap();
        for (start, line) in lines_with_numbers(&text) {
            let value = line.split_once('=').unwrap().1.split('#').next().unwrap();
            let offset = start + line.find('=').unwrap() + 1;
            for (at, digit) in value.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
                for other in ('0'..='9').filter(|other| *other != digit) {
                    let mut wrong = text.clone();
                    wrong.replace_range(offset + at..offset + at + 1, &other.to_string());
                    copies.write(&name, &wrong);
                    changed += 1;
                    // Most slips are seen by their quote, without any calculation.
                    let seen = read_release("copy", &name, &wrong).map_or(true, |release| {
                        numbers_in_quotes(&release).iter().any(|check| check.status == Status::Fail)
                    });
                    if !seen && failures(&check(&copies.path(&name))).is_empty() {
                        undetected.insert(format!("{name}: {} → {other}", line.trim()));
                    }
                }
            }
        }
        std::fs::remove_file(copies.path(&name)).unwrap();
    }
    assert!(changed > 500, "only {changed} digits were changed");
    // Each of these has its reason; what is not listed is caught.
    assert!(UNDETECTABLE.iter().all(|(_, reason)| !reason.is_empty()));
    let known: BTreeSet<String> = UNDETECTABLE.iter().map(|(change, _)| (*change).to_owned()).collect();
    assert_eq!(undetected, known);
}

/// The lines of a release file that hold printed numbers, with their places.
fn lines_with_numbers(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let key = line.split('=').next().unwrap().trim();
        if matches!(key, "n" | "value" | "before" | "after" | "p" | "rounded_to") && line.contains('=') {
            found.push((at, line));
        }
        at += line.len();
    }
    found
}

/// What nothing in the file contradicts, and why.
const UNDETECTABLE: [(&str, &str); 4] = [
    ("als-registry-jacals-2022.toml: rounded_to = 100 # a round number in a running registry → 3", ROUNDED),
    ("als-registry-jacals-2022.toml: rounded_to = 100 # a round number in a running registry → 5", ROUNDED),
    ("als-registry-jacals-2022.toml: rounded_to = 100 → 1", ROUNDED),
    ("als-registry-jacals-2022.toml: rounded_to = 100 → 5", ROUNDED),
];

const ROUNDED: &str = "`rounded_to` is a reading of the transcriber and no printed number; what it may be is only that the \
                       number is a multiple of it";

/// One slip of each kind in a copy of the data, and what has to be told of it.
#[test]
fn each_kind_of_slip_is_told_with_its_place() {
    let release = std::fs::read_to_string(Path::new(DATA).join("nmo-tocilizumab-2014.toml")).unwrap();
    let expected = std::fs::read_to_string(Path::new(DATA).join("nmo-tocilizumab-2014.expect.toml")).unwrap();
    let copies = Folder::new("slips");
    copies.write("nmo-tocilizumab-2014.expect.toml", &expected);
    for (slip, from, to, told) in [
        ("a mistyped digit", "before = \"2.9 ± 1.1\"", "before = \"2.8 ± 1.1\"", "quote-number 2.8 ± 1.1"),
        (
            "a swapped SD",
            "before = \"2.9 ± 1.1\"\n  after = \"0.4 ± 0.8\"",
            "before = \"2.9 ± 0.8\"\n  after = \"0.4 ± 1.1\"",
            "quote-number 2.9 ± 0.8",
        ),
        ("a wrong n", "n = 7", "n = 6", "quote-number 6"),
        ("a changed quote", "quote = \"5.1 ± 1.7 から", "quote = \"5.1 ± 1.8 から", "quote-number 5.1 ± 1.7"),
        ("a lost part", "value = 6\nof", "value = 5\nof", "total sex of tocilizumab"),
    ] {
        assert!(release.contains(from), "{slip}");
        copies.write("nmo-tocilizumab-2014.toml", release.replacen(from, to, 1));
        let failed = failures(&check(&copies.path("nmo-tocilizumab-2014.toml")));
        assert!(failed.iter().any(|message| message.starts_with(told)), "{slip}: {failed:#?}");
    }
    // A lost minus sign and a fourth digit, in what is expected.
    copies.write("nmo-tocilizumab-2014.toml", &release);
    for (slip, from, to, told) in [
        ("a lost minus sign", "is = \"−2.5\"", "is = \"2.5\"", "expectation MC of relapse-rate at r = 0 found −2.5"),
        (
            "a fourth digit",
            "ci = [\"−3.411\", \"−1.589\"]",
            "ci = [\"−3.412\", \"−1.589\"]",
            "expectation MC of relapse-rate at r = 0.5 ci found",
        ),
    ] {
        assert!(expected.contains(from), "{slip}");
        copies.write("nmo-tocilizumab-2014.expect.toml", expected.replacen(from, to, 1));
        let found = check(&copies.path("nmo-tocilizumab-2014.toml"));
        let failed = failures(&found);
        assert!(failed.len() == 1 && failed[0].starts_with(told), "{slip}: {failed:#?}");
        let place = found.checks.iter().find(|check| check.status == Status::Fail).unwrap().place.as_ref().unwrap();
        assert!(place.file.ends_with("nmo-tocilizumab-2014.expect.toml") && place.line > Some(1), "{place}");
    }
}

#[cfg(feature = "sources")]
#[test]
fn an_edited_source_and_a_moved_quote_are_told() {
    let (copies, sources) = (Folder::new("moved"), Folder::new("sources"));
    let release = r#"
label = "A drug"
title = "Relapses fall"
publisher = "A hospital"
date = 2014-03-15
language = "en"
kind = "trial"
source = { file = "release.txt", sha256 = "HASH" }

[[arm]]
id = "treated"
label = "treated"
n = 7
quote = "seven patients"
line = 2
"#;
    let text = "A drug\nIn seven patients\n";
    let hash = reffect::check::provenance::sha256(text.as_bytes());
    copies.write("drug.toml", release.replace("HASH", &hash));
    let sourced = || {
        let options = CheckOptions { sources: Some(&sources.path("")), ..CheckOptions::default() };
        check_file(&data_files([copies.path("drug.toml")]).unwrap()[0], &options)
    };
    sources.write("release.txt", text);
    assert_eq!(failures(&sourced()), Vec::<String>::new());
    sources.write("release.txt", "A drug\n\nIn seven pa\ntients\n");
    let failed = failures(&sourced());
    assert!(failed.iter().any(|message| message.contains("the source has changed")), "{failed:?}");
    assert!(failed.iter().any(|message| message.contains("stands on line 3, and not on line 2")), "{failed:?}");
    std::fs::remove_file(sources.path("release.txt")).unwrap();
    let missing = sourced();
    assert!(missing.errors.len() == 1 && failures(&missing)[0].starts_with("file "), "{missing:?}");
}

#[test]
fn what_is_accepted_stays_visible_and_ends_with_its_cause() {
    let copies = Folder::new("accepted");
    let release = |mean: &str| {
        format!(
            "label = \"A\"\ntitle = \"T\"\npublisher = \"P\"\ndate = 2014-03-15\nlanguage = \"en\"\nkind = \"trial\"\n\
             source = {{ file = \"r.txt\" }}\n[[arm]]\nid = \"a\"\nlabel = \"A\"\nn = 7\nquote = \"7 patients\"\n\
             [[outcome]]\nid = \"o\"\nlabel = \"O\"\nscale = \"count\"\n[[outcome.result]]\nbefore = \"{mean} ± 1.1\"\n\
             spread = \"sd\"\nquote = \"{mean} ± 1.1\"\n\
             [[ignore]]\ncheck = \"grim\"\nsubject = \"o before: {mean} ± 1.1\"\nreason = \"one patient has no value\"\n\
             [[ignore]]\ncheck = \"grimmer\"\nreason = \"as before\"\n[[ignore]]\ncheck = \"existence\"\nreason = \"as before\"\n"
        )
    };
    let path = copies.path("a.toml");
    std::fs::write(&path, release("2.8")).unwrap();
    let found = check(&path);
    assert_eq!(failures(&found), Vec::<String>::new());
    let accepted: Vec<_> = found.checks.iter().filter(|check| check.status == Status::Accepted).collect();
    assert!(accepted.len() >= 2 && accepted[0].message.ends_with("accepted: one patient has no value"), "{accepted:?}");
    std::fs::write(&path, release("2.9")).unwrap();
    let failed = failures(&check(&path));
    assert!(failed.len() == 3 && failed[0].contains("take the [[ignore]] out"), "{failed:?}");
}
