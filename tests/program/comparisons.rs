//! Which arms of a release are compared, and in which direction; subgroups; through the program.

use crate::common::cli::{Folder, checks, json_of, stderr, stdout};
use crate::common::release::{outcome, release};
use serde_json::Value;

/// Placebo stands first, and both doses were compared with it.
const TRIAL: &str = r#"
label = "Two doses against placebo"
title = "Two doses against placebo"
publisher = "A hospital"
date = 2020-01-15
language = "en"
kind = "trial"
source = { file = "release.txt" }

[[arm]]
id = "placebo"
label = "placebo"
n = 40
quote = "40, 38 and 39 patients"

[[arm]]
id = "low"
label = "low dose"
n = 38
quote = "40, 38 and 39 patients"

[[arm]]
id = "high"
label = "high dose"
n = 39
quote = "40, 38 and 39 patients"

[[outcome]]
id = "pain"
label = "Pain"
better = "lower"
scale = "continuous"
[[outcome.result]]
arm = "placebo"
before = "6.1 ± 1.4"
after = "5.0 ± 1.7"
spread = "sd"
quote = "from 6.1 ± 1.4 to 5.0 ± 1.7"
[[outcome.result]]
arm = "low"
before = "6.0 ± 1.5"
after = "3.6 ± 1.6"
spread = "sd"
quote = "from 6.0 ± 1.5 to 3.6 ± 1.6"
[[outcome.result]]
arm = "high"
before = "6.2 ± 1.6"
after = "3.0 ± 1.5"
spread = "sd"
quote = "from 6.2 ± 1.6 to 3.0 ± 1.5"

[[outcome]]
id = "responders"
label = "Responders"
scale = "count"
[[outcome.result]]
arm = "placebo"
after = "8"
statistic = "count"
quote = "8 and 20 responders"
[[outcome.result]]
arm = "high"
after = "20 (51.3%)"
quote = "8 and 20 (51.3%) responders"
"#;

fn statement(outcome: &str, arms: &str) -> String {
    format!(
        "\n[[statement]]\nclaim = \"difference\"\nlabel = \"compared\"\noutcome = \"{outcome}\"\n{arms}\nquote = \"compared\"\n"
    )
}

fn pooled(text: &str, words: &[&str]) -> Value {
    let folder = Folder::new("comparisons");
    folder.write("r.toml", text);
    json_of(&folder.run([&["meta", "r.toml", "--json"], words].concat()))
}

fn estimate(document: &Value) -> f64 {
    document["coefficients"][0]["estimate"].as_f64().unwrap_or_else(|| panic!("{document}"))
}

#[test]
fn what_is_pooled_is_the_comparison_of_the_release_whatever_the_order_of_its_arms() {
    let high = statement("pain", "arm = \"high\"\nversus = \"placebo\"");
    let low = statement("pain", "arm = \"low\"\nversus = \"placebo\"");
    for (comparisons, expected, told) in [
        (format!("{high}{low}"), -2.0, "high with placebo is compared; the release also compares low with placebo"),
        (format!("{low}{high}"), -1.4, "low with placebo is compared; the release also compares high with placebo"),
        (statement("pain", "arm = \"placebo\"\nversus = \"high\""), 2.0, "the arms are compared at the occasion after"),
        // Where one arm is named, each other one was compared with it.
        (statement("pain", "versus = \"placebo\""), -1.4, "the release also compares high with placebo"),
    ] {
        let document = pooled(&format!("{TRIAL}{comparisons}"), &["--measure", "MD", "--outcome", "pain"]);
        assert!((estimate(&document) - expected).abs() < 1e-12, "{comparisons}: {document}");
        assert!(document["notes"].to_string().contains(told), "{told}: {}", document["notes"]);
    }
    // metafor 3.8.1: escalc("RR", ai = 20, n1i = 39, ci = 8, n2i = 40) gives 0.941609.
    let counts = format!("{TRIAL}{}", statement("responders", "arm = \"high\"\nversus = \"placebo\""));
    let document = pooled(&counts, &["--measure", "RR", "--outcome", "responders"]);
    assert!((estimate(&document) - 0.941_608_539_858_444_8).abs() < 1e-9, "{document}");
}

#[test]
fn the_control_is_the_arm_that_others_are_compared_with() {
    let both = format!(
        "{TRIAL}{}{}",
        statement("pain", "arm = \"high\"\nversus = \"placebo\""),
        statement("pain", "arm = \"low\"\nversus = \"placebo\"")
    );
    let document = pooled(&both, &["--measure", "MC", "--r", "0.5", "--outcome", "pain"]);
    let names: Vec<&str> =
        document["studies"].as_array().unwrap().iter().map(|study| study["slab"].as_str().unwrap()).collect();
    assert_eq!(names, ["r: low", "r: high"], "{document}");
    let notes = document["notes"].to_string();
    assert!(notes.contains("not pooled: r: placebo: it is the control arm of a comparison"), "{notes}");
    // Where only one dose was compared, the people of the other are not known to be others.
    let one = format!("{TRIAL}{}", statement("pain", "arm = \"high\"\nversus = \"placebo\""));
    let notes = pooled(&one, &["--measure", "MC", "--r", "0.5", "--outcome", "pain"])["notes"].to_string();
    assert!(notes.contains("not pooled: r: low: the release compares other arms of this outcome"), "{notes}");
}

#[test]
fn a_subgroup_is_not_compared_with_its_whole() {
    let subgroup = |of: &str| TRIAL.replace("n = 38\n", &format!("n = 38\nof = \"{of}\"\n"));
    let folder = Folder::new("subgroups");
    folder.write("r.toml", subgroup("placebo"));
    let document = json_of(&folder.run(["effect", "r.toml", "--json"]));
    let pairs = |document: &Value| -> Vec<String> {
        let between = document["contrasts"].as_array().unwrap().iter().filter(|of| of["arms"].is_array());
        between.filter(|of| of["outcome"] == "pain").map(|of| of["arms"].to_string()).collect()
    };
    assert_eq!(pairs(&document), ["[\"placebo\",\"high\"]", "[\"placebo\",\"high\"]"], "{document}");
    // What a release compares itself is compared, unless one holds the other.
    folder.write("r.toml", format!("{}{}", subgroup("placebo"), statement("pain", "arm = \"high\"\nversus = \"low\"")));
    let document = json_of(&folder.run(["effect", "r.toml", "--json"]));
    assert!(pairs(&document).contains(&"[\"low\",\"high\"]".to_owned()), "{document}");
    let notes =
        pooled(&subgroup("placebo"), &["--measure", "MC", "--r", "0.5", "--outcome", "pain"])["notes"].to_string();
    assert!(notes.contains("not pooled: r: low: its people are among those of `placebo`"), "{notes}");
    // The people of a part are no second group beside their whole, whoever compares them.
    let own = format!("{}{}", subgroup("placebo"), statement("pain", "arm = \"low\"\nversus = \"placebo\""));
    folder.write("own.toml", own);
    let refused = folder.run(["meta", "own.toml", "--measure", "MD", "--outcome", "pain"]);
    assert!(stderr(&refused).contains("has a `versus` for this outcome"), "{}", stderr(&refused));
    let show = json_of(&folder.run(["show", "r.toml", "--json"]));
    assert_eq!(show["releases"][0]["arms"][1]["of"], "placebo", "{show}");
    // The whole stands above its parts.
    folder.write("r.toml", subgroup("high"));
    let output = folder.run(["effect", "r.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no arm above it has this name"), "{}", stderr(&output));
}

#[test]
fn a_count_may_have_its_share_beside_it() {
    let folder = Folder::new("count-and-share");
    folder.write("r.toml", TRIAL);
    let right = stdout(&folder.run(["check", "r.toml", "--select", "percentage", "--verbose"]));
    assert!(right.contains("20/39 prints as 51.3%"), "{right}");
    folder.write("r.toml", TRIAL.replace("51.3%", "53.1%"));
    let wrong = folder.run(["check", "r.toml", "--select", "percentage"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(stdout(&wrong).contains("20/39 is 51.28 %, which does not print as 53.1%"), "{}", stdout(&wrong));
}

#[test]
fn every_difference_that_a_release_reports_is_told_plain_ones_first() {
    let estimate = |value: &str, more: &str| {
        format!(
            "\n[[estimate]]\nid = \"d{}\"\nlabel = \"difference\"\nmeasure = \"mean-difference\"\nvalue = \"{value}\"\noutcome = \
             \"pain\"\narm = \"high\"\nversus = \"placebo\"\n{more}quote = \"{value}\"\n",
            value.len()
        )
    };
    let folder = Folder::new("reported-differences");
    let adjusted = estimate("−1.94", "adjusted = \"baseline\"\n");
    folder.write("r.toml", format!("{TRIAL}{adjusted}{}", estimate("−2.0", "")));
    let text = stdout(&folder.run(["effect", "r.toml"])).replace("\n   ", "");
    let plain = text.find("the release reports −2.0 (high − placebo) for this difference itself");
    let of_model = text.find("the release reports −1.94 (high − placebo), adjusted, for this difference itself");
    assert!(plain.is_some() && plain < of_model, "{text}");
}

/// The verdict on the whole of R's PlantGrowth, 30 plants in three groups of ten.
fn of_plants(name: &str, whole: &str, parts: [&str; 3], kind: &str) -> (String, String) {
    let arms = [("all", "30"), ("ctrl", "10"), ("trt1", "10"), ("trt2", "10")];
    let line = |text: &str| format!("m6 = \"{text}\"\n{kind}");
    let texts = [line(whole), line(parts[0]), line(parts[1]), line(parts[2])];
    let rows: Vec<(&str, &str)> = arms.iter().zip(&texts).map(|((arm, _), text)| (*arm, text.as_str())).collect();
    let mut text = release(&arms, &outcome("weight", &rows));
    for part in ["ctrl", "trt1", "trt2"] {
        text = text.replace(&format!("label = \"{part}\"\n"), &format!("label = \"{part}\"\nof = \"all\"\n"));
    }
    checks(name, &text, "total").remove(0)
}

/// R 4.2.2, PlantGrowth: with(PlantGrowth, tapply(weight, group, sd)) and the same of mean and median; sd(weight) is
/// 0.7012 and median(weight) 5.155.
#[test]
fn the_sd_and_the_median_of_a_whole_are_those_of_its_subgroups() {
    let parts = ["5.03 ± 0.58", "4.66 ± 0.79", "5.53 ± 0.44"];
    let of = |name: &str, whole: &str, kind: &str| of_plants(name, whole, parts, kind);
    for (at, (whole, status, told)) in [
        ("5.07 ± 0.70", "pass", "their SDs make 0.693 to 0.706 of the whole"),
        // The SD of the values of one group, and the mean of another whole.
        ("5.07 ± 0.58", "fail", "of the whole, and 0.58 is printed"),
        ("5.70 ± 0.70", "fail", "together, and 5.70 is printed; their SDs make"),
    ]
    .into_iter()
    .enumerate()
    {
        let (found, message) = of(&format!("plants-{at}"), whole, "spread = \"sd\"");
        assert!(found == status && message.contains(told), "{whole}: {found} {message}");
    }
    // √(Σ (x − m)²/n) is 0.689 of all, and 0.553, 0.753 and 0.420 of the groups.
    let by_n = ["5.03 ± 0.55", "4.66 ± 0.75", "5.53 ± 0.42"];
    let (found, message) = of_plants("plants-by-n", "5.07 ± 0.69", by_n, "spread = \"sd\"");
    assert_eq!(found, "pass", "{message}");
    // Standard errors: 0.184, 0.251 and 0.140, and 0.128 of all.
    let errors = ["5.03 ± 0.18", "4.66 ± 0.25", "5.53 ± 0.14"];
    for (whole, kind, status) in [
        ("5.07 ± 0.13", "spread = \"unexplained\"", "pass"),
        ("5.07 ± 0.13", "spread = \"se\"", "pass"),
        ("5.07 ± 0.31", "spread = \"se\"", "refused"),
    ] {
        let (found, message) = of_plants("plants-se", whole, errors, kind);
        assert_eq!(found, status, "{whole} {kind}: {message}");
    }
    let medians = ["5.16", "4.55", "5.44"];
    for (whole, status) in [("5.16", "pass"), ("5.61", "fail"), ("4.45", "fail")] {
        let (found, message) = of_plants("plants-median", whole, medians, "statistic = \"median\"");
        assert_eq!(found, status, "{whole}: {message}");
    }
}
