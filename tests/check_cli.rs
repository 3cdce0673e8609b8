//! `reffect check` over folders, its updates, and `reffect transcribe`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(feature = "cli")]

mod common;

use common::cli::{Folder, stderr, stdout};
use serde_json::Value;

const EXPECTED: &str = "\
# What the paper says.
[[expect]]
result = \"effect\"
outcome = \"relapse-rate\"
measure = \"MC\"
r = 0.5
is = \"−2.4\"   # Table 2
ci = [\"−3.41\", \"−1.60\"]
p = \"p < 0.05\"
source = \"Table 2\"

[[expect]]
run = \"effect --proportion 5/7\"
at = \"proportion.intervals.wilson\"
is = [\"0.359\", \"0.918\"]
source = \"by hand\"
";

#[test]
fn updates_are_shown_and_written_only_where_told_to() {
    let folder = Folder::with_data("updates");
    folder.write("data/nmo-tocilizumab-2014.expect.toml", EXPECTED);
    let output = folder.run(["check", "data", "--select", "expectation"]);
    assert_eq!(output.status.code(), Some(1));
    let told = stdout(&output);
    for part in [
        "MC of relapse-rate at r = 0.5: found −2.5",
        "missed by 0.05",
        "source of the expectation: Table 2",
        "nmo-tocilizumab-2014.expect.toml:2",
    ] {
        assert!(told.replace("\n    ", " ").contains(part), "{part}: {told}");
    }
    let shown = folder.run(["check", "data", "--update"]);
    assert_eq!(shown.status.code(), Some(1));
    let told = stdout(&shown);
    assert!(told.contains("\"−2.4\" → \"−2.5\"") && told.contains("2 values differ; --accept writes them"), "{told}");
    assert_eq!(std::fs::read_to_string(folder.path("data/nmo-tocilizumab-2014.expect.toml")).unwrap(), EXPECTED);
    let accepted = folder.run(["check", "data", "--accept"]);
    assert!(stdout(&accepted).contains("2 values written"));
    let written = std::fs::read_to_string(folder.path("data/nmo-tocilizumab-2014.expect.toml")).unwrap();
    assert_eq!(written, EXPECTED.replace("\"−2.4\"", "\"−2.5\"").replace("−1.60", "−1.59"));
    let again = folder.run(["check", "data", "--update"]);
    assert_eq!(again.status.code(), Some(0), "{}", stdout(&again));
    assert!(stdout(&again).contains("nothing to update"));
}

#[test]
fn one_unreadable_file_is_told_and_the_others_are_checked() {
    let folder = Folder::with_data("unreadable");
    folder.write("data/broken.toml", "label = \n");
    let output = folder.run(["check", "data", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let checks = document["checks"].as_array().unwrap();
    let file = checks.iter().find(|check| check["check"] == "file").unwrap();
    assert_eq!((&file["status"], &file["release"], &file["line"]), (&"fail".into(), &"broken".into(), &1.into()));
    assert!(document["passed"].as_u64().unwrap() > 100 && document["failed"] == 1);
    assert!(stderr(&output).contains("broken.toml:1"), "{}", stderr(&output));
    let junit = stdout(&folder.run(["check", "data", "--format", "junit"]));
    assert!(junit.contains("<testsuite name=\"broken\"") && junit.ends_with("</testsuites>\n"), "{junit}");
    let github = stdout(&folder.run(["check", "data", "--format", "github"]));
    assert!(github.contains("::error file=data/broken.toml,line=1,title=file in broken::"), "{github}");
    let csv = stdout(&folder.run(["check", "data", "--format", "csv"]));
    assert_eq!(csv.lines().filter(|line| line.starts_with("release,subject")).count(), 1);
}

#[test]
fn commands_of_expectations_only_read() {
    let folder = Folder::new("commands");
    let expect = |run: &str, at: &str| {
        folder.write("x.expect.toml", format!("[[expect]]\nrun = {run}\nat = \"{at}\"\nis = \"1\"\nsource = \"s\"\n"));
        stdout(&folder.run(["check", "x.expect.toml"])).replace("\n    ", " ")
    };
    for (run, at, told) in [
        ("\"effect --proportion 5/7 -o y.json\"", "proportion.k", "writes a file, and an expectation only reads"),
        ("\"report data\"", "x", "have a result to compare"),
        ("\"effect --proportion 5/7\"", "proportion.kk", "did you mean `k`?"),
        ("\"efect --proportion 5/7\"", "proportion.k", "unrecognized subcommand"),
        ("\"meta none.csv\"", "tau2", "none.csv"),
        ("[\"effect\", \"--proportion\", \"5/7\"]", "proportion.k", "1 stands for 0.5 to 1.5, missed by 3.50"),
    ] {
        let found = expect(run, at);
        assert!(found.contains(told), "{run}: {found}");
    }
    assert!(!folder.path("y.json").exists());
}

#[test]
fn wrong_expectations_are_told_with_line_and_column() {
    let folder = Folder::new("wrong-expectations");
    for (text, told) in [
        ("[[expect]]\nresult = \"efect\"\nis = \"1\"\nsource = \"s\"\n", "did you mean `effect`?"),
        ("[[expect]]\nrun = \"show\"\nat = \"x\"\nsource = \"s\"\n", "has no `is`"),
        ("[[expect]]\nrun = \"show\"\nat = \"x\"\nis = \"1\"\n", "has no `source`"),
        ("[[expect]]\nrun = \"show\"\nat = \"x\"\nis = [\"1\", \"2\", \"3\"]\nsource = \"s\"\n", "an interval has two"),
        (
            "[[expect]]\nrun = \"show\"\nat = \"x\"\nis = \"1\"\nwithin = \"-1\"\nsource = \"s\"\n",
            "`within` is negative",
        ),
        ("[[ignore]]\ncheck = \"grim\"\n", "has no `reason`"),
        ("[[expectation]]\nis = \"1\"\n", "known here: expect, ignore"),
    ] {
        folder.write("x.expect.toml", text);
        let output = folder.run(["check", "x.expect.toml"]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(
            stderr(&output).contains(told) && stderr(&output).contains("x.expect.toml:"),
            "{text}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn drafts_are_written_and_compared() {
    let folder = Folder::new("drafts");
    folder.write(
        "release.txt",
        "視神経脊髄炎患者 7 名の年間再発率は ２．９ ±\n1.1 回から 0.4 ± 0.8 回に減少 (p < 0.005)\n",
    );
    let output = folder.run(["transcribe", "release.txt", "-o", "draft.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    std::fs::create_dir(folder.path("texts")).unwrap();
    std::fs::copy(folder.path("release.txt"), folder.path("texts/release.txt")).unwrap();
    let checked = folder.run(["check", "draft.toml", "--sources", "texts"]);
    assert_eq!(checked.status.code(), Some(0), "{}{}", stdout(&checked), stderr(&checked));
    let same = folder.run(["transcribe", "release.txt", "--compare", "draft.toml"]);
    assert!(stdout(&same).contains("0 numbers of the text are not in the file, 0 of the file not in the text"));
    let wrong = std::fs::read_to_string(folder.path("draft.toml")).unwrap().replace("0.4 ± 0.8", "0.5 ± 0.8");
    folder.write("wrong.toml", wrong);
    let differs = folder.run(["transcribe", "release.txt", "--compare", "wrong.toml"]);
    assert_eq!(differs.status.code(), Some(1));
    assert!(
        stdout(&differs).contains("0.5 ± 0.8 回 of wrong was not found in the text near line 1"),
        "{}",
        stdout(&differs)
    );
    folder.write("empty.txt", " \n");
    assert!(stderr(&folder.run(["transcribe", "empty.txt"])).contains("holds no text"));
}
