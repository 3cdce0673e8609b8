//! Imports point one way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What each module may import beside what is open to all. `cli` may import everything.
fn allowed() -> BTreeMap<&'static str, Vec<&'static str>> {
    let upper = |more: &[&'static str]| {
        let all = ["check", "reconstruct", "effect", "recover", "meta", "mixed", "estimate", "reported", "numeric"];
        all.iter().chain(more).copied().collect::<Vec<_>>()
    };
    BTreeMap::from([
        ("diagnostic", vec![]),
        ("markup", vec![]),
        ("numeric", vec![]),
        ("formula", vec!["numeric"]),
        ("meta", vec!["formula", "estimate", "numeric"]),
        ("mixed", vec!["formula", "estimate", "numeric"]),
        ("reported", vec!["numeric"]),
        ("read", vec!["formula", "reported", "numeric"]),
        ("estimate", vec!["numeric"]),
        ("recover", vec!["estimate", "reported", "numeric"]),
        ("effect", vec!["recover", "estimate", "reported", "numeric"]),
        ("reconstruct", vec!["effect", "recover", "reported", "numeric"]),
        ("check", vec!["reconstruct", "effect", "recover", "estimate", "reported", "numeric"]),
        ("transcribe", vec!["check", "reported", "numeric"]),
        ("expect", upper(&["read"])),
        ("chart", vec!["estimate", "reported", "numeric"]),
        ("report", upper(&["chart", "formula"])),
    ])
}

/// What is wrong with an input, and text inside XML and TOML: all may name them.
const OPEN_TO_ALL: [&str; 2] = ["diagnostic", "markup"];

/// Crates that only one module may name.
const DOORS: [(&str, &str); 17] = [
    ("statrs", "numeric/dist"),
    ("nalgebra", "numeric/decomposition.rs"),
    ("plotters", "chart"),
    ("tiny_skia", "chart"),
    ("skrifa", "chart"),
    ("pdf_writer", "chart/pdf"),
    ("png", "chart/paint.rs"),
    ("clap", "cli"),
    ("annotate_snippets", "cli/failure.rs"),
    ("toml::", "read"),
    ("flate2", "read"),
    ("sha2", "check/provenance.rs"),
    ("unicode_width", "report/document.rs"),
    ("rand_pcg", "numeric/random.rs"),
    ("ctrlc", "cli/interrupt.rs"),
    ("signal_hook", "cli/interrupt.rs"),
    ("maud", "report/html/"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Each source file with its path below `src`, its code without comments and without the module of its tests.
fn code() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        (name, lines.collect::<Vec<_>>().join("\n"))
    };
    files.iter().map(read).collect()
}

fn module(name: &str) -> &str {
    name.split(['/', '.']).next().unwrap()
}

#[test]
fn modules_import_only_what_they_may() {
    let allowed = allowed();
    let mut breaches = Vec::new();
    let mut imports = 0;
    for (name, code) in code() {
        let own = module(&name);
        let Some(may) = allowed.get(own) else {
            assert!(
                matches!(own, "lib" | "main" | "cli" | "cookbook"),
                "{name} belongs to no module that this test knows"
            );
            continue;
        };
        for (_, rest) in code.match_indices("crate::").map(|(at, found)| (at, &code[at + found.len()..])) {
            let imported: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            imports += 1;
            // A macro stands at the root of the crate, wherever it is written.
            let is_macro = rest[imported.len()..].starts_with('!');
            let is_open = OPEN_TO_ALL.contains(&imported.as_str()) && own != "diagnostic";
            if !is_macro && imported != own && !is_open && !may.contains(&imported.as_str()) {
                breaches.push(format!("{name} imports {imported}"));
            }
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
    assert!(imports > 50, "only {imports} imports were seen");
}

#[test]
fn some_crates_are_used_behind_one_door() {
    for (name, code) in code() {
        for (krate, door) in DOORS {
            let path = format!("{}::", krate.trim_end_matches("::"));
            let begins = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            let uses = code.match_indices(&path).any(|(at, _)| begins(at));
            assert!(!uses || name.starts_with(door), "{name} uses {krate}, which belongs to {door}");
        }
        // A printed number is read in one place; plain arguments of the program are no printed numbers.
        let parses = code.contains("parse::<f64>()");
        assert!(
            !parses || name.starts_with("cli/args") || name.starts_with("numeric/numeral"),
            "{name} reads a number past numeric::numeral"
        );
    }
}

#[test]
fn files_can_be_held_in_the_head() {
    for (name, code) in code() {
        assert!(code.lines().count() <= 600, "{name} is long: is it one subject?");
    }
}

/// Whether a line begins a function.
fn begins_function(line: &str) -> bool {
    let words = line.trim_start();
    let words = words.strip_prefix("pub").map_or(words, |rest| rest.trim_start_matches(|c| c != ' ').trim_start());
    words.strip_prefix("const ").unwrap_or(words).starts_with("fn ")
}

#[test]
fn functions_can_be_held_in_the_head() {
    let mut functions = 0;
    for (name, code) in code() {
        let lines: Vec<&str> = code.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| begins_function(line)) {
            let indent = &line[..line.len() - line.trim_start().len()];
            let length = lines[at..].iter().position(|line| *line == format!("{indent}}}")).unwrap_or(0);
            assert!(length <= 70, "{name}: {} has {length} lines: is it one thing?", line.trim());
            functions += 1;
        }
    }
    assert!(functions > 3000, "only {functions} functions were seen");
}
