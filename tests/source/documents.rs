//! What the documents name is there.

use std::path::Path;
use std::process::Command;

/// The documents of the repository.
const DOCUMENTS: [&str; 10] = [
    "benches/README.md",
    "README.md",
    "CHANGELOG.md",
    "data/README.md",
    "data/published/README.md",
    "data/trials/README.md",
    "tests/ref/effect/README.md",
    "tests/ref/glmm/DIFFERENCES.md",
    "tests/ref/meta/DIFFERENCES.md",
    "tests/ref/mixed/DIFFERENCES.md",
];

/// The targets of links, and what stands in backticks and begins with a folder of the repository.
fn named(text: &str) -> Vec<String> {
    let folders = ["benches/", "data/", "plots/", "src/", "tests/", ".ci/"];
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
    let code = text.split('`').skip(1).step_by(2).filter(|code| folders.iter().any(|folder| code.starts_with(folder)));
    // Of a call the path is the first word; patterns and examples of names are no paths.
    let paths = local.chain(code).filter_map(|named| named.split(['#', ' ']).next());
    // The page is what the first command of README makes.
    let is_kept = |path: &&str| !path.contains(['*', '{']) && !path.contains("NAME") && *path != "plots/index.html";
    paths.filter(is_kept).map(str::to_owned).collect()
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut absent = Vec::new();
    let mut found = 0;
    for document in DOCUMENTS {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        let folder = root.join(document).parent().unwrap().to_owned();
        for path in named(&text) {
            let is_there = folder.join(&path).exists() || root.join(&path).exists();
            found += 1;
            if !is_there {
                absent.push(format!("{document}: {path}"));
            }
        }
    }
    assert!(absent.is_empty(), "{absent:#?}");
    assert!(found > 20, "only {found} paths were found");
}

#[test]
fn every_document_is_looked_at() {
    let root = env!("CARGO_MANIFEST_DIR");
    // Outside of a checkout nobody knows which files belong here.
    if !Path::new(root).join(".git").exists() {
        return;
    }
    let listed = Command::new("git").args(["ls-files", "*.md"]).current_dir(root).output().unwrap();
    assert!(listed.status.success(), "{listed:?}");
    let text = String::from_utf8(listed.stdout).unwrap();
    assert!(text.lines().count() >= DOCUMENTS.len(), "{text}");
    let unknown: Vec<&str> = text.lines().filter(|name| !DOCUMENTS.contains(name)).collect();
    assert!(unknown.is_empty(), "documents that no test looks at: {unknown:?}");
}

#[test]
fn the_hook_for_pre_commit_checks_what_expectations_stand_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let hook = std::fs::read_to_string(root.join(".pre-commit-hooks.yaml")).unwrap();
    for line in ["- id: reffect", "entry: reffect check", "language: rust", r"files: \.(toml|csv|tsv)(\.gz)?$"] {
        assert!(hook.lines().any(|own| own.trim() == line), "{line} is not in {hook}");
    }
}
