//! The program as scripts and people use it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(feature = "cli")]

mod common;

use common::cli::{Folder, stderr, stdout};
use serde_json::Value;
use std::process::Output;

fn json(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn run(args: &[&str]) -> Output {
    Folder::new(&format!("run-{:?}", std::thread::current().id())).run(args)
}

const EDSS: [&str; 7] = ["effect", "--before", "5.1 ± 1.7", "--after", "4.1 ± 1.6", "-n", "7"];

fn edss(more: &[&str]) -> Output {
    run(&[&EDSS, more].concat())
}

/// The examples of every help text run as they are printed.
#[test]
fn examples_of_the_help_work() {
    let folder = Folder::with_data("examples");
    std::fs::create_dir(folder.path("texts")).unwrap();
    let mut ran = 0;
    for command in ["", "show", "effect", "check", "meta", "plot", "report"] {
        let help = stdout(&folder.run(if command.is_empty() { vec!["--help"] } else { vec!["help", command] }));
        for line in help.lines().filter_map(|line| line.strip_prefix("  reffect ")) {
            // What stands behind three spaces explains the example.
            let line = line.split("   ").next().unwrap();
            let args: Vec<String> = line
                .split('"')
                .enumerate()
                .flat_map(|(i, part)| {
                    let words: Vec<String> =
                        if i % 2 == 1 { vec![part.to_owned()] } else { part.split(' ').map(str::to_owned).collect() };
                    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>()
                })
                .collect();
            let output = folder.run(&args);
            // The texts of the sources are not part of this repository, and p = 0.03 may contradict.
            let expected = if args.contains(&"--sources".to_owned()) { 2 } else { 0 };
            assert_eq!(output.status.code(), Some(expected), "{line}: {}", stderr(&output));
            ran += 1;
        }
    }
    assert!(ran >= 25, "only {ran} examples were found");
}

#[test]
fn help_is_pinned() {
    let help: Vec<String> = [vec!["--help"], vec!["help", "effect"], vec!["help", "report"]]
        .iter()
        .map(|args| stdout(&run(args)))
        .collect();
    insta::assert_snapshot!(help.join("\n────────\n\n"));
}

#[test]
fn the_main_job_prints_its_summary_and_writes_whole_files() {
    let folder = Folder::with_data("main-job");
    let output = folder.run(["report", "data", "-o", "plots"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output));
    let mut files: Vec<String> = std::fs::read_dir(folder.path("plots"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(
        files,
        [
            "als-muse-2023.before-after.en.svg",
            "als-muse-2023.before-after.ja.svg",
            "index.html",
            "nmo-tocilizumab-2014.before-after.en.svg",
            "nmo-tocilizumab-2014.before-after.ja.svg",
            "overview.en.svg",
            "overview.ja.svg",
        ]
    );
    let page = std::fs::read_to_string(folder.path("plots/index.html")).unwrap();
    for loads in ["src=\"http", "href=\"http", "<script", "url(http", "@import"] {
        assert!(!page.contains(loads), "the page is not self-contained: {loads}");
    }
}

#[test]
fn effects_of_every_release_are_pinned() {
    let folder = Folder::with_data("effects");
    insta::assert_snapshot!(stdout(&folder.run(["effect", "data"])));
}

#[test]
fn one_contrast_without_r_is_pinned() {
    insta::assert_snapshot!(stdout(&edss(&[])));
}

#[test]
fn one_contrast_with_r_is_pinned() {
    insta::assert_snapshot!(stdout(&edss(&["--r", "0.5,0.8", "--format", "markdown"])));
}

#[test]
fn contrasts_have_the_promised_fields() {
    let document = json(&edss(&["--r", "0.3,0.8", "--json"]));
    let contrast = &document["contrasts"][0];
    assert_eq!(contrast["design"], "before-after");
    assert_eq!(contrast["n"], 7);
    assert_eq!(contrast["before"], serde_json::json!({ "mean": 5.1, "sd": 1.7 }));
    let estimates = contrast["estimates"].as_array().unwrap();
    // One entry for each measure and each r, also where the point does not depend on r.
    let of = |measure: &str, r: f64| {
        let mut found = estimates.iter().filter(|e| e["measure"] == measure && e["r"] == r);
        let one = found.next().unwrap_or_else(|| panic!("{measure} at {r}"));
        assert!(found.next().is_none(), "{measure} at {r} stands twice");
        one
    };
    for measure in
        ["MC", "SMCC", "SMCR", "SMCRH", "ROMC", "VRC", "dz", "gz", "dpre", "gpre", "dav", "gav", "drm", "grm"]
    {
        for r in [0.3, 0.8] {
            let estimate = of(measure, r);
            for field in ["estimate", "se"] {
                assert!(estimate[field].is_f64(), "{measure} {field}");
            }
            for field in ["ci", "rounding"] {
                let [lower, upper] = [0, 1].map(|end| estimate[field][end].as_f64().unwrap());
                let point = estimate["estimate"].as_f64().unwrap();
                assert!(lower <= point && point <= upper, "{measure} {field}");
            }
        }
    }
    assert_eq!(of("MC", 0.3)["ci_method"], "t");
    assert_eq!(of("MC", 0.3)["df"], 6.0);
    assert_eq!(of("dz", 0.3)["ci_method"], "nct");
    assert_eq!(of("dav", 0.3)["ci_method"], "bonett");
    assert_eq!(of("dpre", 0.3)["estimate"], of("dpre", 0.8)["estimate"]);
    let tests = contrast["test"].as_array().unwrap();
    assert_eq!((tests.len(), &tests[0]["name"]), (2, &Value::from("paired-t")));
    for bound in ["sd_change", "t", "dz", "p"] {
        assert_eq!(contrast["r_bounds"][bound].as_array().unwrap().len(), 2);
    }
    assert_eq!(contrast["r_needed"]["p"], 0.05);
    assert!((contrast["r_needed"]["r"].as_f64().unwrap() - 0.786_925_331_8).abs() < 1e-9);
}

#[test]
fn what_is_not_known_is_null_and_says_why() {
    let document = json(&run(&["effect", "--before", "0.47", "--after", "0.25", "-n", "5", "--json"]));
    let contrast = &document["contrasts"][0];
    let estimates = contrast["estimates"].as_array().unwrap();
    for estimate in estimates {
        assert!(estimate["ci"].is_null() && estimate["se"].is_null());
        assert!(!estimate["notes"].as_array().unwrap().is_empty(), "{estimate}");
    }
    assert!(contrast["r_bounds"].is_null());
    let change = estimates.iter().find(|e| e["measure"] == "MC").unwrap();
    assert!((change["estimate"].as_f64().unwrap() + 0.22).abs() < 1e-12);
}

#[test]
fn an_unknown_r_gives_scenarios_and_no_default() {
    let document = json(&edss(&["--json"]));
    let contrast = &document["contrasts"][0];
    assert!(contrast["estimates"].as_array().unwrap().iter().all(|e| e["r"].is_null() && e["ci"].is_null()));
    let rs: Vec<f64> = contrast["scenarios"].as_array().unwrap().iter().map(|s| s["r"].as_f64().unwrap()).collect();
    assert_eq!(rs, [0.0, 0.3, 0.5, 0.7, 0.9]);
}

#[test]
fn r_is_recovered_from_whatever_is_reported() {
    // r = 0.6: SD of change 1.477, SE 0.558, t −1.791, p 0.1234, CI −2.366 to 0.366.
    for (flag, value) in [
        ("--sd-change", "1.4785"),
        ("--se", "0.55882"),
        ("--t", "-1.78949"),
        ("--p", "0.12378"),
        ("--ci", "-2.3674,0.3674"),
    ] {
        let document = json(&edss(&[flag, value, "--json"]));
        let recovered = &document["contrasts"][0]["r_recovered"];
        let r = recovered["r"].as_f64().unwrap();
        assert!((r - 0.6).abs() < 0.001, "{flag} {value}: {r}");
        let entries = document["contrasts"][0]["estimates"].as_array().unwrap();
        assert_eq!(entries.iter().filter(|e| e["measure"] == "MC").count(), 1);
    }
}

#[test]
fn a_contradiction_is_a_result_and_exits_with_1() {
    let output = edss(&["--sd-change", "4.0", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(stderr(&output).contains("they contradict each other"), "{}", stderr(&output));
}

#[test]
fn wrong_calls_say_what_to_do() {
    let mut transcript = String::new();
    for args in [
        vec!["effect"],
        vec!["effect", "--before", "2.9 ± 1.1"],
        vec!["effect", "--before", "high", "--after", "low"],
        vec!["effect", "--before", "5/7", "--after", "4.1 ± 1.6"],
        vec!["effect", "--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "-n", "0"],
        vec!["effect", "--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "-n", "7", "--r", "1.5"],
        vec!["effect", "--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "-n", "7", "--r", "0.5", "--t", "3"],
        vec!["effect", "--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "-n", "7", "--p", "p < 0.005"],
        vec!["effect", "--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "-n", "7", "--ci", "3,1"],
        vec!["effect", "--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "-n", "7", "--level", "95"],
        vec!["effect", "--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "--spread", "se"],
        vec!["effect", "--proportion", "8/7"],
        vec!["effect", "--proportion", "5"],
        vec!["effect", "data", "--rounding", "bankers"],
    ] {
        let output = run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stdout(&output));
        transcript.push_str(&format!("$ reffect {}\n{}\n", args.join(" "), stderr(&output)));
    }
    insta::assert_snapshot!(transcript);
}

#[test]
fn numbers_may_begin_with_any_minus_sign() {
    for before in ["-0.5 ± 1.0", "−0.5 ± 1.0", "－０．５±１．０"] {
        let document = json(&run(&["effect", "--before", before, "--after", "0.3 ± 1.1", "-n", "9", "--json"]));
        assert_eq!(document["contrasts"][0]["before"]["mean"], -0.5, "{before}");
    }
}

#[test]
fn every_format_holds_the_same_contrasts() {
    let folder = Folder::with_data("formats");
    let document = json(&folder.run(["effect", "data", "--json"]));
    assert_eq!(document["contrasts"].as_array().unwrap().len(), 5);
    assert_eq!(document["refusals"].as_array().unwrap().len(), 11);
    let table = stdout(&folder.run(["effect", "data", "--format", "csv"]));
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let records: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let of_kind = |kind: &str| records.iter().filter(|record| &record[3] == kind).count();
    // 15 measures: once for each of five contrasts, and five scenarios for the four with SDs.
    assert_eq!((of_kind("effect"), of_kind("scenario")), (15 * 5, 15 * 5 * 4));
    assert_eq!((of_kind("test"), of_kind("r-needed"), of_kind("refusal")), (5 * 4, 4, 11));
    // 12 parts of wholes by five methods, and the fractions that 85.7 % can be.
    assert_eq!((of_kind("proportion"), of_kind("fraction")), (12 * 5, 14));
    assert!(records.iter().all(|row| !row.iter().any(|field| field.contains("NaN") || field.contains("inf"))));
    let written = folder.run(["effect", "data", "--json", "-o", "effects.json"]);
    assert!(written.status.success() && written.stdout.is_empty());
    let file: Value = serde_json::from_str(&std::fs::read_to_string(folder.path("effects.json")).unwrap()).unwrap();
    assert_eq!(file, document);
}

#[test]
fn checks_fail_with_1_and_name_the_number() {
    let folder = Folder::with_data("checks");
    let path = folder.path("data/nmo-tocilizumab-2014.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("before = \"2.9 ± 1.1\"", "before = \"2.8 ± 1.1\"", 1)).unwrap();
    let output = folder.run(["check", "data", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["failed"], 1);
    let failed = document["checks"].as_array().unwrap().iter().find(|check| check["status"] == "fail").unwrap();
    assert_eq!((&failed["check"], &failed["subject"]), (&"quote-number".into(), &"2.8 ± 1.1".into()));
}

#[test]
fn a_release_may_come_from_standard_input_and_go_out_as_a_file() {
    let folder = Folder::with_data("stdin");
    let shown = folder.run(["show", "data/als-muse-2023.toml", "--toml"]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_reffect"));
    command.args(["show", "-", "--toml"]).stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &shown.stdout).unwrap();
    let again = child.wait_with_output().unwrap();
    assert_eq!(again.stdout, shown.stdout);
}

#[test]
fn charts_are_written_as_svg_and_png() {
    let folder = Folder::with_data("charts");
    for (name, magic) in [("nmo.svg", &b"<svg "[..]), ("nmo.png", &b"\x89PNG"[..])] {
        let output = folder.run(["plot", "before-after", "data/nmo-tocilizumab-2014.toml", "-o", name, "--lang", "ja"]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(std::fs::read(folder.path(name)).unwrap().starts_with(magic));
    }
    let output = folder.run(["plot", "before-after", "data/sma-videos-2020.toml", "-o", "none.svg"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there is no before/after result to draw in sma-videos-2020"));
    assert!(!folder.path("none.svg").exists());
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_written_to_and_links_stay_links() {
    let folder = Folder::with_data("links");
    folder.write("real.json", "old");
    std::os::unix::fs::symlink(folder.path("real.json"), folder.path("link.json")).unwrap();
    assert!(folder.run(["effect", "data", "--json", "-o", "link.json"]).status.success());
    assert!(std::fs::symlink_metadata(folder.path("link.json")).unwrap().is_symlink());
    assert!(std::fs::read_to_string(folder.path("real.json")).unwrap().starts_with('{'));
    // A pipe with a reader gets the document, and is a pipe afterwards.
    let made = std::process::Command::new("mkfifo").arg(folder.path("pipe")).status();
    if made.is_ok_and(|status| status.success()) {
        let path = folder.path("pipe");
        let reader = std::thread::spawn(move || std::fs::read_to_string(path).unwrap());
        assert!(folder.run(["effect", "data", "--json", "-o", "pipe"]).status.success());
        assert!(reader.join().unwrap().starts_with('{'));
        assert!(!std::fs::metadata(folder.path("pipe")).unwrap().is_file());
    }
}

#[test]
fn degenerate_data_are_told_apart() {
    let contrast = |before: &str, after: &str| {
        json(&run(&["effect", "--before", before, "--after", after, "-n", "7", "--json"]))["contrasts"][0].clone()
    };
    let unchanged = contrast("2 ± 1", "2 ± 1");
    assert_eq!(unchanged["r_needed"]["holds_for"], "none");
    assert_eq!(unchanged["r_bounds"]["p"], serde_json::json!([1.0, 1.0]));
    let constant = contrast("2 ± 0", "3 ± 1");
    assert!(constant["r_needed"]["r"].is_null() && constant["scenarios"].as_array().unwrap().is_empty());
    let notes = constant["notes"].to_string();
    assert!(notes.contains("an SD is 0"), "{notes}");
    let both = contrast("0 ± 0", "0 ± 0");
    assert!(both["r_bounds"].is_null(), "{both}");
    for (flag, value) in [("--ci", "1,3"), ("--ci", "5,6")] {
        let output = edss(&[flag, value]);
        assert_eq!(output.status.code(), Some(1), "{value}: {}", stdout(&output));
    }
    assert_eq!(edss(&["--ci", "-0.4,2.4"]).status.code(), Some(0));
}
