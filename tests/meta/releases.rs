//! Effects of releases that are pooled: at which occasion, in which direction, and with which correlation.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::Value;

/// A release with two occasions after the first and these results of one outcome.
fn release(outcome: &str, arms: &[&str], results: &[&str]) -> String {
    let mut text =
        "label = \"T\"\ntitle = \"x\"\npublisher = \"x\"\ndate = \"not stated\"\nlanguage = \"en\"\nkind = \"trial\"\n\
                    source = { file = \"s.txt\" }\n"
            .to_owned();
    for (id, label) in [("before", "before"), ("m6", "6 months"), ("m12", "12 months")] {
        text.push_str(&format!("[[occasion]]\nid = \"{id}\"\nlabel = \"{label}\"\n"));
    }
    for arm in arms {
        text.push_str(&format!("[[arm]]\nid = \"{arm}\"\nlabel = \"{arm}\"\nn = 50\nquote = \"50\"\n"));
    }
    text.push_str(&format!("[[outcome]]\nid = \"pain\"\nlabel = \"pain\"\n{outcome}\n"));
    for result in results {
        text.push_str(&format!("[[outcome.result]]\n{result}\nquote = \"x\"\n"));
    }
    if let [arm, versus] = arms {
        text.push_str(&format!(
            "[[statement]]\nclaim = \"difference\"\nlabel = \"d\"\noutcome = \"pain\"\narm = \"{arm}\"\nversus = \"{versus}\"\n\
             quote = \"d\"\n"
        ));
    }
    text
}

fn pooled(folder: &Folder, args: &[&str]) -> Value {
    let output = folder.run([&["meta", "a.toml", "b.toml", "--outcome", "pain", "--json"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}{}", stderr(&output), stdout(&output));
    json_of(&output)
}

const SCALE: &str = "scale = \"continuous\"";

/// Φ((4.1 − 5.1)/√(1.7² + 1.7²)) = 0.33873 of people have more before than after, or the other way round.
#[test]
fn a_probability_stays_one_in_the_other_direction() {
    let folder = Folder::new("releases-probability");
    let falls = release(SCALE, &["a"], &["arm = \"a\"\nbefore = \"5.1 ± 1.7\"\nm6 = \"4.1 ± 1.7\"\nspread = \"sd\""]);
    let rises = release(SCALE, &["a"], &["arm = \"a\"\nbefore = \"4.1 ± 1.7\"\nm6 = \"5.1 ± 1.7\"\nspread = \"sd\""]);
    folder.write("a.toml", falls);
    folder.write("b.toml", rises);
    let of = pooled(&folder, &["--measure", "CLESCN", "--r", "0.5"]);
    let [down, up] = [0, 1].map(|at| of["studies"][at]["yi"].as_f64().unwrap());
    assert!((down - 0.338_73).abs() < 0.02 && (down + up - 1.0).abs() < 1e-12, "{down} {up}");
}

/// What counts is the occasion at which the arms are compared, and not one at which one of them alone was seen.
#[test]
fn spreads_and_times_are_those_of_the_comparison() {
    let folder = Folder::new("releases-occasions");
    let own = |m12: &str| {
        let drug = "arm = \"drug\"\nm6 = \"5.0 ± 2.0\"\nspread = \"sd\"";
        let placebo = "arm = \"placebo\"\nm6 = \"6.0 ± 2.0\"\nspread = \"sd\"";
        let all: Vec<&str> = [drug, m12, placebo].into_iter().filter(|part| !part.is_empty()).collect();
        release(SCALE, &["drug", "placebo"], &all)
    };
    folder.write("b.toml", own(""));
    folder.write("a.toml", own("arm = \"drug\"\nm12 = \"4.9 ± 0.3\"\nspread = \"unexplained\""));
    let of = pooled(&folder, &["--measure", "MD"]);
    assert_eq!(of["k"], 2, "{of}");
    folder.write("a.toml", own("arm = \"drug\"\nm12 = \"4.9 ± 2.1\"\nspread = \"sd\""));
    let notes = pooled(&folder, &["--measure", "MD"])["notes"].to_string();
    assert!(!notes.contains("after different times"), "{notes}");
    // An unexplained spread of the comparison itself is still not guessed at, whichever arm has it.
    let drug = "arm = \"drug\"\nm6 = \"5.0 ± 2.0\"\nspread = \"sd\"";
    let placebo = "arm = \"placebo\"\nm6 = \"6.0 ± 0.3\"\nspread = \"unexplained\"";
    folder.write("a.toml", release(SCALE, &["drug", "placebo"], &[drug, placebo]));
    let of = pooled(&folder, &["--measure", "MD"]);
    assert!(of["k"] == 1 && of["notes"].to_string().contains("its ± is not explained"), "{of}");
}

/// A correlation is assumed of those trials alone of which none follows from what they report.
#[test]
fn an_assumed_correlation_is_told_of_the_trials_that_need_it() {
    let folder = Folder::new("releases-correlation");
    let values = "arm = \"a\"\nbefore = \"5.10 ± 1.70\"\nm6 = \"4.10 ± 1.60\"\nspread = \"sd\"";
    let change = "arm = \"a\"\nm6 = \"−1.00 ± 1.50\"\nstatistic = \"change\"\nspread = \"sd\"";
    folder.write("a.toml", release(SCALE, &["a"], &[values, change]));
    folder.write("b.toml", release(SCALE, &["a"], &[values, change]));
    let measure = ["--measure", "SMCR", "--r", "0.5"];
    let notes = pooled(&folder, &measure)["notes"].to_string();
    assert!(notes.contains("follows from") && !notes.contains("is assumed"), "{notes}");
    folder.write("b.toml", release(SCALE, &["a"], &[values]));
    let notes = pooled(&folder, &measure)["notes"].to_string();
    assert!(notes.contains("r = 0.5 is assumed for b,"), "{notes}");
    folder.write("a.toml", release(SCALE, &["a"], &[values]));
    let notes = pooled(&folder, &measure)["notes"].to_string();
    assert!(notes.contains("r = 0.5 is assumed for every trial"), "{notes}");
}

/// 10 events in 50 patient-years against 20 in 40: 0.2 − 0.5, with the variance 10/50² + 20/40².
#[test]
fn differences_of_rates_are_made_of_events() {
    let folder = Folder::new("releases-rates");
    let scale = "scale = \"count\"\nexposure = { unit = \"patient-years\" }";
    let events = |arm: &str, time: &str, count: &str| {
        format!("arm = \"{arm}\"\nstatistic = \"events\"\ntime = \"{time}\"\nm6 = \"{count}\"")
    };
    let text = release(scale, &["drug", "placebo"], &[&events("drug", "50", "10"), &events("placebo", "40", "20")]);
    folder.write("a.toml", &text);
    folder.write("b.toml", &text);
    let of = pooled(&folder, &["--measure", "IRD"]);
    let study = &of["studies"][0];
    assert!((study["yi"].as_f64().unwrap() + 0.3).abs() < 1e-12, "{study}");
    assert!((study["vi"].as_f64().unwrap() - (10.0 / 2500.0 + 20.0 / 1600.0)).abs() < 1e-12, "{study}");
}

/// A change in per cent is none in points, with which it would have been pooled.
#[test]
fn changes_in_per_cent_and_in_points_are_not_pooled() {
    let folder = Folder::new("releases-percent");
    let values =
        |before: &str, after: &str| format!("arm = \"a\"\nbefore = \"{before}\"\nm6 = \"{after}\"\nspread = \"sd\"");
    let change = |text: &str| format!("arm = \"a\"\nm6 = \"{text}\"\nstatistic = \"change\"\nspread = \"sd\"");
    let outcome = "scale = \"continuous\"\nunit = \"points\"";
    let in_points = release(outcome, &["a"], &[&values("20.0 ± 5.0", "18.0 ± 5.0"), &change("−2.0 ± 4.0")]);
    let beside = release(outcome, &["a"], &[&values("18.8 ± 4.4", "16.6 ± 6.1"), &change("−9.9% ± 30.6%")]);
    folder.write("a.toml", beside);
    folder.write("b.toml", &in_points);
    // The change in per cent stands beside values in points, and those are used: 16.6 − 18.8.
    let of = pooled(&folder, &["--measure", "MC", "--r", "0.5"]);
    let yi = of["studies"][0]["yi"].as_f64().unwrap();
    assert!((yi + 2.2).abs() < 1e-9 && of["notes"].to_string().contains("the values are used"), "{of}");
    let of = pooled(&folder, &["--measure", "MC"]);
    assert!(of["k"] == 1 && of["notes"].to_string().contains("is in another unit than its values"), "{of}");
    // Alone it has its own unit.
    folder.write("a.toml", release(outcome, &["a"], &[&change("−9.9% ± 30.6%")]));
    let of = pooled(&folder, &["--measure", "MC"]);
    assert!(of["k"] == 1 && of["notes"].to_string().contains("% where the unit is points"), "{of}");
    let shown = stdout(&folder.run(["effect", "a.toml"]));
    assert!(shown.contains("mean change in %, n = 50"), "{shown}");
}

/// Numbers of a release that contradict each other are pooled with a warning, and an effect outside of its own interval
/// is not.
#[test]
fn what_checks_fail_is_told_where_it_is_pooled() {
    let folder = Folder::new("releases-failing");
    let row = |sd: &str| {
        let values = "arm = \"a\"\nbefore = \"6.0 ± 1.5\"\nm6 = \"3.0 ± 1.6\"\nspread = \"sd\"";
        let change = format!("arm = \"a\"\nm6 = \"−3.0 ± {sd}\"\nstatistic = \"change\"\nspread = \"sd\"");
        release(SCALE, &["a"], &[values, &change])
    };
    folder.write("a.toml", row("4.2"));
    folder.write("b.toml", row("1.9"));
    let of = pooled(&folder, &["--measure", "MC"]);
    let caveats: Vec<&str> = of["notes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let failing: Vec<&&str> = caveats.iter().filter(|note| note.contains("check change fails")).collect();
    assert!(failing.len() == 1 && failing[0].starts_with("caveat: a: "), "{caveats:#?}");

    let estimate = "[[estimate]]\nid = \"hr\"\nlabel = \"death\"\nmeasure = \"hazard-ratio\"\nvalue = \"0.21\"\n\
                    ci = \"0.30–0.76\"\nquote = \"0.21 (0.30–0.76)\"\n";
    folder.write("hr.toml", release(SCALE, &[], &[]) + estimate);
    let refused = folder.run(["meta", "hr.toml", "--outcome", "hr", "--measure", "HR"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("the effect lies outside of its interval"), "{}", stderr(&refused));
}
