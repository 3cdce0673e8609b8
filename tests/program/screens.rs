//! The program as scripts and people use it.

use crate::common::cli::{Folder, json_of, stderr, stdout, words};
use serde_json::Value;
use std::process::Output;

fn json(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    json_of(output)
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
    std::fs::write(folder.path("release.txt"), "seven patients: 2.9 ± 1.1 to 0.4 ± 0.8").unwrap();
    std::fs::write(folder.path("means.csv"), "mean,sd,n,min,max\n2.9,1.1,7,0,20\n0.4,0.8,7,0,20\n").unwrap();
    let mut ran = 0;
    for command in [
        "",
        "show",
        "effect",
        "convert",
        "check",
        "reconstruct",
        "explain",
        "transcribe",
        "meta",
        "fit",
        "simulate",
        "plot",
        "report",
        "completions",
        "man",
    ] {
        let help = stdout(&folder.run(if command.is_empty() { vec!["--help"] } else { vec!["help", command] }));
        // A long example goes on behind a stroke at the end of its line.
        let help = help.replace("\\\n    ", "");
        for line in help.lines().filter_map(|line| line.strip_prefix("  reffect ")) {
            // What stands behind three spaces explains the example.
            let line = line.split("   ").next().unwrap();
            let parts: Vec<&str> = line.split(" | reffect ").collect();
            for (at, part) in parts.iter().enumerate() {
                let mut args = words(part);
                if at > 0 {
                    args.iter_mut().filter(|arg| *arg == "-").for_each(|arg| *arg = "piped.json".to_owned());
                }
                let output = folder.run(&args);
                // Some of its rows are wrong and some checks not decidable, as the examples are to show.
                let has = |word: &str| args.iter().any(|arg| arg == word);
                let of_examples = ["means.csv", "baseline.csv", "results.txt"];
                let is_wrong = of_examples.iter().any(|file| has(&format!("data/examples/{file}")));
                let expected = i32::from(is_wrong || has("--strict"));
                assert_eq!(output.status.code(), Some(expected), "{line}: {}", stderr(&output));
                if at + 1 < parts.len() {
                    folder.write("piped.json", stdout(&output));
                }
            }
            ran += 1;
        }
    }
    assert!(ran >= 30, "only {ran} examples were found");
}

#[test]
fn help_is_pinned() {
    let help: Vec<String> = [
        vec!["--help"],
        vec!["help", "effect"],
        vec!["help", "check"],
        vec!["help", "reconstruct"],
        vec!["help", "report"],
    ]
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
            "nmo-tocilizumab-2014.ensemble.en.svg",
            "nmo-tocilizumab-2014.ensemble.ja.svg",
            "overview.en.svg",
            "overview.ja.svg",
        ]
    );
    let page = std::fs::read_to_string(folder.path("plots/index.html")).unwrap();
    for loads in
        ["src=\"http", "href=\"http", "<script src", "fetch(", "XMLHttpRequest", "url(http", "@import", "import("]
    {
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
fn a_borrowed_correlation_is_named() {
    let noted = |more: &[&str]| json(&edss(more))["contrasts"][0]["notes"].to_string();
    assert!(noted(&["--r", "0.7", "--json"]).contains("r = 0.7 was not reported; --r-source names"));
    let of = noted(&["--r", "0.7", "--r-source", "Smith 2019, table 2", "--json"]);
    assert!(of.contains("r = 0.7 is borrowed from Smith 2019, table 2"), "{of}");
    let unused = edss(&["--r-source", "Smith 2019"]);
    assert_eq!(unused.status.code(), Some(2), "{}", stdout(&unused));
    let folder = Folder::with_data("borrowed");
    let text =
        stdout(&folder.run(["effect", "data/nmo-tocilizumab-2014.toml", "--r", "0.7", "--r-source", "Smith 2019"]));
    assert!(text.contains("r = 0.7 is borrowed from Smith 2019"), "{text}");
    assert!(!noted(&["--t", "-3", "--json"]).contains("borrowed"));
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
    // r = 0.6: SD of change 1.4785, SE 0.5588, t −1.7895, p 0.1237, CI −2.3674 to 0.3674.
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
        vec!["effect", "--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "-n", "7", "--level", "195"],
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
    // 18 measures: once for each of five contrasts, and five scenarios for the four with SDs.
    assert_eq!((of_kind("effect"), of_kind("scenario")), (18 * 5, 18 * 5 * 4));
    // The contrast without SDs says why it has no needed correlation.
    assert_eq!((of_kind("test"), of_kind("r-needed"), of_kind("refusal")), (5 * 4, 5, 11));
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
    let document = json_of(&output);
    let all = document["checks"].as_array().unwrap();
    let failed: Vec<(&str, &str)> = all
        .iter()
        .filter(|check| check["status"] == "fail" && check["check"] != "expectation")
        .map(|check| (check["check"].as_str().unwrap(), check["subject"].as_str().unwrap()))
        .collect();
    // The quote tells, and so do the numbers: no total of seven whole numbers has the mean 2.8.
    let cell = "relapse-rate before: 2.8 ± 1.1";
    assert_eq!(failed, [("quote-number", "2.8 ± 1.1"), ("grim", cell), ("grimmer", cell), ("existence", cell)]);
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

#[test]
fn rows_of_a_table_have_their_verdicts_whatever_they_hold() {
    let folder = Folder::with_data("table");
    let table = "x,sd,n,items,percent,min,max,step,t,df,p\n\
                 2.9,1.1,7,,,0,20,1,,,\n\
                 5.19,,28,,,,,,,,\n\
                 71.4%,,7,,true,,,,,,\n\
                 120,,10,,true,,,,,,\n\
                 0.35,0.49,20,,,0,1,1,,,\n\
                 many,1,7,,,,,,,,\n\
                 1.5,-1,7,,,,,,,,\n\
                 3.0,1.0,0,,,,,,,,\n\
                 1.5,1\n\
                 ,,7,,,,,,,,\n\
                 3.0,1.5,7,,,0,10,1,2.20,28,0.036\n\
                 3.0,1.5,7,,,0,10,1,2.20,28,0.063\n";
    std::fs::write(folder.path("table.csv"), table).unwrap();
    let output = folder.run(["check", "table.csv", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let document = json_of(&output);
    let rows = document["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 12);
    let verdicts: Vec<[&Value; 5]> =
        rows.iter().map(|row| ["grim", "grimmer", "debit", "exists", "p_value"].map(|key| &row[key])).collect();
    let (yes, no, none) = (Value::Bool(true), Value::Bool(false), Value::Null);
    assert_eq!(verdicts[0], [&yes, &yes, &none, &yes, &none]);
    assert_eq!(verdicts[1], [&no, &none, &none, &none, &none]);
    assert_eq!(verdicts[2], [&yes, &none, &none, &none, &none]);
    // 120 % of ten people are more than all, which an increase can be; a count prints so.
    assert_eq!(verdicts[3], [&yes, &none, &none, &none, &none]);
    assert!(rows[3]["notes"][0].as_str().unwrap().contains("more than all 10"), "{}", rows[3]);
    assert_eq!(verdicts[4], [&yes, &yes, &yes, &yes, &none]);
    for (row, reason) in [(5, "`many`"), (6, "not below 0"), (7, "1 or more"), (8, "2 fields"), (9, "missing")] {
        assert_eq!(verdicts[row], [&none; 5]);
        assert!(rows[row]["notes"][0].as_str().unwrap().contains(reason), "{}", rows[row]);
    }
    assert_eq!((verdicts[10][4], verdicts[11][4]), (&yes, &no));
    assert!(rows[11]["notes"][0].as_str().unwrap().contains("the decision changes"));
    // Population SDs are another question.
    let population = folder.run(["check", "table.csv", "--json", "--sd", "population", "--select", "grimmer"]);
    let document = json_of(&population);
    assert_eq!((&document["rows"][4]["grimmer"], &document["rows"][4]["grim"]), (&no, &none));
}

#[test]
fn verdicts_are_written_for_ci() {
    let folder = Folder::with_data("junit");
    std::fs::write(folder.path("table.csv"), "mean,n\n5.18,28\n5.19,28\n").unwrap();
    let junit = stdout(&folder.run(["check", "table.csv", "--format", "junit"]));
    let document = roxmltree::Document::parse(&junit).unwrap();
    let tags = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((tags("testcase"), tags("failure")), (2, 1));
    let counts = "<testsuite name=\"table.csv\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">";
    assert!(junit.contains(counts), "{junit}");
    assert!(junit.contains("<failure message=\"fails grim; grim: no total of 28 people"), "{junit}");
    let github = stdout(&folder.run(["check", "table.csv", "--format", "github"]));
    assert!(
        github.starts_with(
            "::error file=table.csv,line=3,title=grim in table.csv::5.19, n = 28: fails grim; grim: no total"
        ),
        "{github}"
    );
    let releases = folder.run(["check", "data", "--format", "junit"]);
    assert_eq!(releases.status.code(), Some(0));
    let text = stdout(&releases);
    let document = roxmltree::Document::parse(&text).unwrap();
    assert!(document.descendants().filter(|node| node.has_tag_name("testcase")).count() > 80);
    assert_eq!(document.descendants().filter(|node| node.has_tag_name("failure")).count(), 0);
    let refused = folder.run(["show", "data", "--format", "junit"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn checks_are_chosen_by_code_and_codes_are_known() {
    let folder = Folder::with_data("select");
    let codes = |args: &[&str]| -> Vec<String> {
        let document = json_of(&folder.run(args));
        let mut codes: Vec<String> = document["checks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|check| check["check"].as_str().unwrap().to_owned())
            .collect();
        codes.sort();
        codes.dedup();
        codes
    };
    assert_eq!(codes(&["check", "data", "--json", "--select", "grim,claim"]), ["claim", "grim"]);
    let all = codes(&["check", "data", "--json"]);
    for code in &all {
        assert_eq!(folder.run(["explain", code]).status.code(), Some(0), "{code}");
    }
    assert_eq!(codes(&["check", "data", "--json", "--ignore", "quote-number"]).len(), all.len() - 1);
    let unknown = folder.run(["check", "data", "--select", "grimm"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("did you mean `grim`?"));
}

#[test]
fn claims_are_certain_possible_or_impossible() {
    let folder = Folder::with_data("claims");
    let path = folder.path("data/nmo-tocilizumab-2014.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    // Without a fall in relapses no pairing is significant at 5 %.
    let same = text
        .replace("2.9 ± 1.1 回から 0.4 ± 0.8", "2.9 ± 1.1 回から 2.6 ± 1.1")
        .replace("after = \"0.4 ± 0.8\"", "after = \"2.6 ± 1.1\"")
        .replace("from 2.9 ± 1.1 to 0.4 ± 0.8", "from 2.9 ± 1.1 to 2.6 ± 1.1");
    let claims = |text: &str| -> Vec<(String, String, String)> {
        std::fs::write(&path, text).unwrap();
        let output = folder.run(["check", path.to_str().unwrap(), "--select", "claim", "--json"]);
        let document = json_of(&output);
        let field = |check: &Value, name: &str| check[name].as_str().unwrap().to_owned();
        let list = document["checks"].as_array().unwrap();
        list.iter().map(|check| (field(check, "subject"), field(check, "status"), field(check, "message"))).collect()
    };
    let found = claims(&text);
    let of = |found: &[(String, String, String)], subject: &str| {
        found.iter().find(|(known, ..)| known == subject).cloned().unwrap()
    };
    assert_eq!(of(&found, "relapse-rate: p < 0.05").1, "pass");
    assert!(of(&found, "relapse-rate: p < 0.05").2.starts_with("certain by the paired t-test"));
    let (_, status, message) = of(&found, "relapse-rate: p < 0.005");
    assert_eq!(status, "refused");
    assert!(message.contains("impossible by the exact signed-rank test"), "{message}");
    assert!(of(&found, "edss: p < 0.05").2.contains("at least 0.742 to 0.824"));
    let changed = claims(&same);
    assert_eq!(of(&changed, "relapse-rate: p < 0.005").1, "fail", "{changed:?}");
}

#[test]
fn reconstruction_answers_as_scripts_expect() {
    let json = |args: &[&str]| -> (Option<i32>, Value) {
        let output = run(args);
        (output.status.code(), json_of(&output))
    };
    let (code, one) = json(&["reconstruct", "0.4 ± 0.8", "-n", "7", "--min", "0", "--max", "8", "--json"]);
    assert_eq!((code, &one["before"]["count"]), (Some(0), &"1".into()));
    assert_eq!(one["before"]["samples"], serde_json::json!([[0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0]]));
    assert!(one.get("paired").is_none());
    let pair = ["reconstruct", "6.1 ± 2.0", "3.0 ± 1.4", "-n", "7", "--scale", "nrs", "--json"];
    let (_, pair) = json(&pair);
    assert_eq!((&pair["before"]["count"], &pair["after"]["count"]), (&"19".into(), &"5".into()));
    assert_eq!(pair["before"]["samples"].as_array().unwrap().len(), 19);
    let paired = &pair["paired"];
    assert_eq!((&paired["tables"], &paired["significant"]), (&"6554".into(), &"6551".into()));
    assert_eq!((paired["exact"].clone(), paired["p"].as_array().unwrap().len()), (Value::Bool(true), 2));
    assert!(paired["t"][1].as_f64().unwrap() < 0.0, "differences are after − before");
    // Nothing is behind it: count 0, exit status 1, and the reason.
    let (code, none) = json(&["reconstruct", "3.81 ± 3.09", "-n", "156", "--min", "1", "--max", "7", "--json"]);
    assert_eq!((code, &none["before"]["count"]), (Some(1), &"0".into()));
    // A negative cell, fractions and constraints.
    let constrained = [
        "reconstruct",
        "-1.1 ± 1.5",
        "-n",
        "7",
        "--min",
        "-3",
        "--max",
        "3",
        "--where",
        "-3 >= 1",
        "--count",
        "--json",
    ];
    assert_eq!(json(&constrained).0, Some(0));
    let items = [
        "reconstruct",
        "3.67 ± 0.00",
        "-n",
        "2",
        "--items",
        "3",
        "--min",
        "1",
        "--max",
        "7",
        "--where",
        "11/3 = 2",
        "--json",
    ];
    assert_eq!(json(&items).1["before"]["count"], "1");
    let (_, unknown) =
        json(&["reconstruct", "0.9 ± 1.2", "-n", "7", "--scale", "nrs", "--sd", "unknown", "--count", "--json"]);
    assert!(unknown["before"]["count"].is_null());
    let counts: Vec<&Value> =
        unknown["readings"].as_array().unwrap().iter().map(|one| &one["before"]["count"]).collect();
    assert_eq!(counts, ["1", "0", "0", "0"]);
    // The same seed draws the same data.
    let sample = |seed: &str| {
        json(&["reconstruct", "6.1 ± 2.0", "-n", "50", "--scale", "nrs", "--sample", "3", "--seed", seed, "--json"]).1
    };
    assert_eq!(sample("7"), sample("7"));
    assert_ne!(sample("7")["before"]["samples"], sample("8")["before"]["samples"]);
    // Two groups.
    let groups =
        ["reconstruct", "6.1 ± 2.0", "4.0 ± 2.1", "--n1", "20", "--n2", "22", "--scale", "nrs", "--count", "--json"];
    assert!(json(&groups).1["independent"]["welch_p"][1].as_f64().unwrap() < 0.01);
}

#[test]
fn lists_of_data_sets_are_streamed_whole() {
    let folder = Folder::with_data("sets");
    let run = |args: &[&str]| folder.run(args);
    let cell = ["reconstruct", "6.1 ± 2.0", "-n", "25", "--scale", "nrs"];
    let output = run(&[&cell[..], &["-o", "sets.csv"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = std::fs::read_to_string(folder.path("sets.csv")).unwrap();
    assert_eq!(text.lines().count(), 1 + 41_754);
    assert!(text.lines().all(|line| line.split(',').count() == 25));
    let counts = stdout(&run(&[&cell[..], &["--layout", "counts", "--format", "csv", "--limit", "10"]].concat()));
    assert_eq!(counts.lines().count(), 11);
    for line in counts.lines().skip(1) {
        assert_eq!(line.split(',').map(|count| count.parse::<u32>().unwrap()).sum::<u32>(), 25);
    }
    // The data set of a rank is that of the list.
    let third = stdout(&run(&[&cell[..], &["--nth", "3", "--format", "csv"]].concat()));
    assert_eq!(third.lines().nth(1), text.lines().nth(3));
    let beyond = run(&[&cell[..], &["--nth", "41755"]].concat());
    assert_eq!(beyond.status.code(), Some(2));
    // What would not fit into one document is refused with what to do.
    let huge = run(&["reconstruct", "3.0 ± 1.2", "-n", "200", "--min", "1", "--max", "5", "--json"]);
    assert_eq!(huge.status.code(), Some(2));
    assert!(stderr(&huge).contains("-o FILE.csv"), "{}", stderr(&huge));
}

#[test]
fn what_cannot_be_reconstructed_says_why() {
    for (args, reason) in [
        (&["reconstruct", "0.4 ± 0.8", "-n", "7"][..], "values that one person can have are not known"),
        (&["reconstruct", "0.4 ± 0.8", "-n", "7", "--scale", "nrs", "--step", "2"], "steps of its own"),
        (&["reconstruct", "0.4 ± 0.8", "-n", "1", "--scale", "nrs"], "at least 2"),
        (&["reconstruct", "0.4 ± 0.8", "--scale", "nrs"], "--n"),
        (&["reconstruct", "0.4 ± 0.8", "-n", "7", "--scale", "edss", "--where", "0.5 = 1"], "no value 0.5"),
        (&["reconstruct", "0.4 ± 0.8", "-n", "7", "--scale", "nrs", "--where", "0 == 5"], "0 == 5"),
        (&["reconstruct", "0.4 ± 0.8", "-n", "7", "--min", "3", "--max", "1"], "above the largest"),
        (&["reconstruct", "5/7", "-n", "7", "--scale", "nrs"], "is a count and no mean"),
        (&["reconstruct", "1 ± 1", "2 ± 1", "-n", "7", "--scale", "nrs", "--where", "0 = 5"], "which cell"),
        (&["reconstruct", "0.4 ± 0.8", "-n", "9999999", "--scale", "nrs"], "at most 1000000"),
        (
            &["reconstruct", "5.1 (SE 0.6)", "-n", "7", "--scale", "edss"],
            "gives a standard error and no standard deviation",
        ),
        (&["effect", "--group1", "-0.6 (IQR 0.1)", "--n1", "7", "--group2", "2 ± 1", "--n2", "8"], "gives quartiles"),
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(reason), "{args:?}: {}", stderr(&output));
    }
}
