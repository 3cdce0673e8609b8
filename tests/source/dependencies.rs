//! What the program is made of: licences that ours allows, one version of each crate, crates.io alone.
//!
//! The same as a `deny.toml`, with nothing to install: `cargo tree` says what the lock file holds.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Licences that a program under MIT or Apache-2.0 may hold without a word.
const ALLOWED: [&str; 10] = [
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unlicense",
    "Unicode-3.0",
    "OFL-1.1",
];

/// Crates of which there are two versions, and why.
const TWICE: [(&str, &str); 2] =
    [("miniz_oxide", "png asks for 0.8 and flate2 for 0.9"), ("syn", "macros of others, at build time alone")];

/// Whether one of the alternatives of an expression is made of allowed licences alone.
fn is_allowed(expression: &str) -> bool {
    let alternatives = expression.replace(['(', ')'], "").replace('/', " OR ");
    alternatives.split(" OR ").any(|all| all.split(" AND ").all(|name| ALLOWED.contains(&name.trim())))
}

#[test]
fn crates_are_allowed_single_and_from_the_registry() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // What the program is built of: not what only its tests need.
    let output = Command::new(cargo)
        .args(["tree", "--offline", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}|{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let (package, licence) = line.split_once('|').unwrap();
        let licence = licence.trim_end_matches("(*)").trim();
        let words: Vec<&str> = package.split(' ').collect();
        assert!(is_allowed(licence), "{package}: {licence:?}");
        // Another source than the registry stands in brackets behind the version.
        let source = words[2..].iter().find(|word| !["(proc-macro)", "(*)"].contains(word));
        assert!(source.is_none() || words[0] == "reffect", "{package} is not from the registry");
        versions.entry(words[0].to_owned()).or_default().insert(words[1].to_owned());
    }
    assert!(versions.len() > 50, "only {} crates were found", versions.len());
    let twice: Vec<&str> =
        versions.iter().filter(|(_, versions)| versions.len() > 1).map(|(name, _)| name.as_str()).collect();
    let expected: Vec<&str> = TWICE.iter().map(|(name, _)| *name).collect();
    assert_eq!(twice, expected, "crates of which there is more than one version");
}
