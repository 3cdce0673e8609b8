//! Releases with several arms, and with changes that they report as such.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::Value;

const RELEASE: &str = r#"label = "Two arms"
title = "A drug against placebo"
publisher = "A hospital"
date = 2020-01-15
language = "en"
kind = "trial"
source = { file = "release.txt" }

[[occasion]]
id = "before"
label = "before"

[[occasion]]
id = "after"
label = "after"

[[arm]]
id = "drug"
label = "drug"
n = 7
quote = "seven patients"

[[arm]]
id = "placebo"
label = "placebo"
n = 8
quote = "eight patients"

[[outcome]]
id = "edss"
label = "EDSS"
better = "lower"
scale = "edss"
  [[outcome.result]]
  arm = "drug"
  before = "5.1 ± 1.7"
  after = "4.1 ± 1.6"
  spread = "sd"
  quote = "5.1 ± 1.7 to 4.1 ± 1.6"
  [[outcome.result]]
  arm = "placebo"
  before = "5.0 ± 1.5"
  after = "5.2 ± 1.4"
  spread = "sd"
  quote = "5.0 ± 1.5 to 5.2 ± 1.4"

[[outcome]]
id = "score"
label = "score"
better = "higher"
scale = "alsfrs-r"
  [[outcome.result]]
  arm = "drug"
  statistic = "change"
  after = "-5.01 ± 0.64"
  spread = "se"
  quote = "-5.01 ± 0.64"
"#;

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("two.toml", RELEASE);
    folder
}

#[test]
fn arms_are_compared_and_changes_need_no_r() {
    let output = folder("arms-json").run(["effect", "two.toml", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = json_of(&output);
    let contrasts = document["contrasts"].as_array().unwrap();
    let between: Vec<&Value> = contrasts.iter().filter(|c| c["design"] == "two-group").collect();
    assert_eq!(between.len(), 2, "one at each occasion");
    let after = between.iter().find(|c| c["occasion"] == "after").unwrap();
    assert_eq!((&after["n1"], &after["n2"]), (&Value::from(7), &Value::from(8)));
    assert!((after["estimates"][0]["estimate"].as_f64().unwrap() + 1.1).abs() < 1e-12);
    // Morris (2008), Organ Res Methods 11:364, eq. 8: −1.2·(1 − 3/51)/√((6·1.7² + 7·1.5²)/13) = −0.7079.
    let differ = &after["difference_of_changes"];
    assert_eq!(differ["since"], "before");
    assert!((differ["estimate"].as_f64().unwrap() + 1.2).abs() < 1e-12);
    assert!((differ["dppc2"]["estimate"].as_f64().unwrap() + 0.7079).abs() < 1e-3, "{differ}");
    let before = between.iter().find(|c| c["occasion"] == "before").unwrap();
    assert!(before.get("difference_of_changes").is_none(), "{before}");
    let change = contrasts.iter().find(|c| c["change"].is_object()).unwrap();
    let of = |code: &str| change["estimates"].as_array().unwrap().iter().find(|e| e["measure"] == code).unwrap();
    assert!((of("MC")["se"].as_f64().unwrap() - 0.64).abs() < 1e-12 && of("dz")["ci"][0].is_f64());
    assert!((change["test"][0]["statistic"].as_f64().unwrap() + 5.01 / 0.64).abs() < 1e-9);
    assert!(document["refusals"].as_array().unwrap().is_empty(), "{}", document["refusals"]);
}

#[test]
fn the_same_in_every_other_form_is_pinned() {
    let folder = folder("arms-text");
    let text = stdout(&folder.run(["effect", "two.toml"]));
    let inline = stdout(&folder.run(["effect", "--change", "-1.0 ± 1.5", "-n", "7"]));
    insta::assert_snapshot!(format!("{text}────────\n\n{inline}"));
    let table = stdout(&folder.run(["effect", "two.toml", "--format", "csv"]));
    assert!(table.contains("two,edss,drug − placebo,effect,MD,") && table.contains("two,score,drug,test,paired-t,"));
    assert_eq!(folder.run(["report", "two.toml", "-o", "out"]).status.code(), Some(0));
}

/// Welch's test of 4.1 ± 1.6 (7) against 5.2 ± 1.4 (8), and t = −5.01/0.64 of the reported change.
#[test]
fn the_report_has_arms_and_reported_changes_in_its_summary() {
    let folder = folder("arms-report");
    let summary = stdout(&folder.run(["report", "two.toml", "-o", "out"]));
    let line = |start: &str| {
        summary.lines().find(|line| line.trim().starts_with(start)).unwrap_or_else(|| panic!("{summary}"))
    };
    let after = line("EDSS · after");
    assert!(after.contains("−1.10") && after.contains("0.18"), "{after}");
    let score = line("score");
    assert!(score.contains("−5.01") && score.contains("change as reported"), "{score}");
}

#[test]
fn a_control_group_gives_d_ppc2() {
    let folder = folder("arms-control");
    let args = ["effect", "--before", "30.6 ± 15.0", "--after", "38.5 ± 11.6", "-n", "20", "--control-before"];
    let args = [&args[..], &["23.1 ± 13.8", "--control-after", "19.7 ± 14.8", "--control-n", "20"]].concat();
    let with_r = folder.run([&args[..], &["--r", "0.47", "--json"]].concat());
    assert_eq!(with_r.status.code(), Some(0), "{}", stderr(&with_r));
    let document = json_of(&with_r);
    let estimate = &document["contrasts"][0]["estimates"][0];
    // Morris (2008), table 5: 0.77; the variance by eq. 25 in 30-digit arithmetic with the exact J.
    assert!((estimate["estimate"].as_f64().unwrap() - 0.768_447_646_803_81).abs() < 1e-12, "{estimate}");
    let j2 =
        (estimate["estimate"].as_f64().unwrap() / (11.3 / ((15.0f64.powi(2) + 13.8f64.powi(2)) / 2.0).sqrt())).powi(2);
    let (means, d2) = (2.0 * 0.53 * 40.0 / 400.0, estimate["estimate"].as_f64().unwrap().powi(2));
    let variance = j2 * 38.0 / 36.0 * means * (1.0 + d2 / means) - d2;
    assert!((estimate["se"].as_f64().unwrap().powi(2) / variance - 1.0).abs() < 1e-10, "{estimate}");
    let without = stdout(&folder.run(&args));
    let wrong = folder.run(["effect", "--control-before", "1 ± 1", "--control-after", "2 ± 1"]);
    assert_eq!(wrong.status.code(), Some(2));
    insta::assert_snapshot!(without);
}

/// Statements with the outcome, arms and p that they are given.
fn statement(outcome: &str, arm: &str, versus: Option<&str>, p: &str) -> String {
    let versus = versus.map(|versus| format!("versus = \"{versus}\"\n")).unwrap_or_default();
    format!(
        "\n[[statement]]\nclaim = \"significant\"\nlabel = \"a claim\"\noutcome = \"{outcome}\"\narm = \"{arm}\"\n\
         {versus}p = \"{p}\"\nquote = \"({p})\"\n"
    )
}

fn checks_of(folder: &Folder, code: &str) -> (Option<i32>, Vec<Value>) {
    let output = folder.run(["check", "two.toml", "--select", code, "--json"]);
    let document = json_of(&output);
    (output.status.code(), document["checks"].as_array().unwrap().clone())
}

/// Two arms with the same p in words: each has its own verdict, on the line where it is claimed.
#[test]
fn each_arm_answers_for_its_own_claim() {
    let folder = Folder::new("arms-claims");
    let claims = statement("edss", "drug", None, "p < 0.05") + &statement("edss", "placebo", None, "p < 0.00000001");
    folder.write("two.toml", format!("{RELEASE}{claims}"));
    let (status, checks) = checks_of(&folder, "claim");
    assert_eq!(status, Some(1));
    let subjects: Vec<&str> = checks.iter().map(|check| check["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["edss (drug): p < 0.05", "edss (placebo): p < 0.00000001"]);
    assert_eq!((&checks[0]["status"], &checks[1]["status"]), (&"refused".into(), &"fail".into()));
    let line = checks[1]["line"].as_u64().unwrap() as usize;
    let text = std::fs::read_to_string(folder.path("two.toml")).unwrap();
    assert_eq!(text.lines().nth(line - 1), Some("p = \"p < 0.00000001\""));
    // Nor does the claim of one arm stand beside the numbers of the other.
    let shown = stdout(&folder.run(["effect", "two.toml"]));
    assert_eq!(shown.matches("the reported p < 0.05").count(), 1, "{shown}");
}

/// R: `2 * pt(-abs(t), df)` of Welch's t for 4.1 ± 1.6 (n = 7) and 5.2 ± 1.4 (n = 8) is 0.1844561.
#[test]
fn claims_between_arms_are_certain_or_not_decidable() {
    let folder = Folder::new("arms-versus");
    let claims =
        statement("edss", "drug", Some("placebo"), "p = 0.03") + &statement("edss", "drug", Some("placebo"), "p < 0.9");
    folder.write("two.toml", format!("{RELEASE}{claims}"));
    let (status, checks) = checks_of(&folder, "claim");
    assert_eq!(status, Some(0));
    let told: Vec<(&str, &str)> =
        checks.iter().map(|check| (check["status"].as_str().unwrap(), check["message"].as_str().unwrap())).collect();
    assert_eq!(told[0].0, "refused");
    assert!(told[0].1.starts_with("impossible by Welch's t-test of the values `after` (p 0.1"), "{told:?}");
    assert_eq!(told[1].0, "pass");
    // The p of two arms is that of no paired test.
    let shown = stdout(&folder.run(["effect", "two.toml"]));
    assert!(!shown.contains("if it is that of a paired t-test"), "{shown}");
    assert!(
        shown.contains("p = 0.03 is reported between the arms; Welch's t-test of these values has p = 0.18"),
        "{shown}"
    );
}

/// R 4.2: `fisher.test(matrix(c(5, 2, 1, 7), 2))$p.value` is 0.04055944.
#[test]
fn counts_of_two_arms_make_a_table() {
    let folder = Folder::new("arms-counts");
    let outcome = "\n[[outcome]]\nid = \"responders\"\nlabel = \"responders\"\nbetter = \"higher\"\nscale = \"percent\"\n  \
                   [[outcome.result]]\n  arm = \"drug\"\n  after = \"5/7\"\n  quote = \"5/7\"\n  [[outcome.result]]\n  \
                   arm = \"placebo\"\n  statistic = \"percent\"\n  after = \"12.5%\"\n  quote = \"12.5%\"\n";
    let claim = statement("responders", "drug", Some("placebo"), "p < 0.05");
    folder.write("two.toml", format!("{RELEASE}{outcome}{claim}"));
    let output = folder.run(["effect", "two.toml", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = json_of(&output);
    let table = &document["tables"][0];
    assert_eq!(table["cells"], serde_json::json!([5, 2, 1, 7]));
    assert_eq!(table["arms"], serde_json::json!(["drug", "placebo"]));
    assert!((table["fisher_p"].as_f64().unwrap() - 0.04055944055944056).abs() < 1e-9);
    assert!((table["RR"]["estimate"].as_f64().unwrap() - 40.0 / 7.0).abs() < 1e-12);
    let (_, checks) = checks_of(&folder, "claim");
    assert_eq!(checks[0]["status"], "pass", "{checks:?}");
    for format in ["table", "csv", "markdown"] {
        let shown = stdout(&folder.run(["effect", "two.toml", "--format", format]));
        assert!(shown.contains("5.71"), "{format}: {shown}");
    }
}
