//! Differences from metafor that `tests/ref/meta/DIFFERENCES.md` lists and no other test holds. A row that agrees again
//! fails here too.

use crate::common::cli::{Folder, json_of, stderr};
use serde_json::{Value, json};

fn document(folder: &Folder, args: &[&str]) -> Value {
    let output = folder.run([&["meta"], args, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    json_of(&output)
}

fn has_note(document: &Value, text: &str) -> bool {
    document["notes"].to_string().contains(text)
}

const BCG: &str = "data/published/bcg.csv";

/// metafor computes a standard error and an R² for a τ² that was given.
#[test]
fn a_given_tau2_has_no_standard_error_and_no_r2() {
    let folder = Folder::with_data("ledger-tau2");
    let given = document(&folder, &[BCG, "--tau2", "0.2", "--mods", "ablat"]);
    assert!(given["se_tau2"].is_null() && given["R2"].is_null());
    let estimated = document(&folder, &[BCG, "--mods", "ablat"]);
    assert!(estimated["se_tau2"].is_number() && estimated["R2"].is_number());
}

/// metafor warns and gives 0 to 0 without a note in its result; its search ends at `tau2.max = 100`.
#[test]
fn intervals_of_tau2_are_empty_or_as_wide_as_they_are() {
    let folder = Folder::new("ledger-intervals");
    folder.write("alike.csv", "yi,vi\n0.10,0.04\n0.12,0.05\n0.09,0.03\n0.11,0.06\n0.10,0.04\n");
    let alike = document(&folder, &["alike.csv"]);
    assert_eq!(alike["tau2_ci"], json!([0.0, 0.0]));
    assert!(has_note(&alike, "interval of tau2 is empty"));
    folder.write("two.csv", "yi,vi\n0.2,0.04\n1.6,0.05\n");
    let two = document(&folder, &["two.csv"]);
    assert!(two["tau2_ci"][1].as_f64().unwrap() > 100.0, "{}", two["tau2_ci"]);
}

/// A refit after trim and fill has the test of the fit before: its standard error is that of the studies with the
/// filled-in ones, fitted with this test.
#[test]
fn trim_and_fill_keeps_the_test() {
    let folder = Folder::with_data("ledger-trimfill");
    let table = "data/published/hackshaw1998.csv";
    let filled = document(&folder, &[table, "--trimfill", "--test", "knha"]);
    let text = std::fs::read_to_string(folder.path(table)).unwrap();
    let rows = text.lines().skip(1).map(|line| line.rsplit(',').take(2).collect::<Vec<_>>());
    let mut all: Vec<String> = rows.map(|row| format!("{},{}", row[1], row[0])).collect();
    let added = filled["trimfill"]["filled"].as_array().unwrap();
    assert!(!added.is_empty());
    all.extend(added.iter().map(|of| format!("{},{}", of["yi"], of["vi"])));
    folder.write("all.csv", format!("yi,vi\n{}\n", all.join("\n")));
    let again = document(&folder, &["all.csv", "--test", "knha"]);
    let [before, after] = [&filled["trimfill"], &again].map(|of| of["coefficients"][0]["se"].as_f64().unwrap());
    assert!((before / after - 1.0).abs() < 1e-9, "{before} {after}");
    let plain = document(&folder, &["all.csv"]);
    assert!((plain["coefficients"][0]["se"].as_f64().unwrap() / after - 1.0).abs() > 1e-4);
}

/// R sorts levels by its locale: `a` before `B`. Here capitals come first, on every machine.
#[test]
fn levels_are_sorted_by_their_characters() {
    let folder = Folder::new("ledger-levels");
    folder.write("t.csv", "yi,vi,g\n0.1,0.04,a\n0.3,0.05,B\n0.2,0.03,a\n0.5,0.02,B\n0.4,0.02,a\n");
    let found = document(&folder, &["t.csv", "--mods", "g"]);
    assert_eq!(found["coefficients"][1]["name"], "ga");
}

/// As in metafor, the levels of AR and HAR are taken as evenly spaced; here a note says where they are not.
#[test]
fn times_that_are_not_even_are_noted() {
    let folder = Folder::new("ledger-times");
    let row = |study: u32, time: u32, yi: f64| format!("{study},{time},{yi},0.05\n");
    let even: Vec<String> = (0..12).map(|i| row(i / 3, i % 3, 0.1 * f64::from(i * i % 7))).collect();
    let uneven: Vec<String> =
        (0..12).map(|i| row(i / 3, [0, 1, 6][i as usize % 3], 0.1 * f64::from(i * i % 7))).collect();
    for (name, rows, is_noted) in [("even.csv", even, false), ("uneven.csv", uneven, true)] {
        folder.write(name, format!("study,time,yi,vi\n{}", rows.concat()));
        let found = document(&folder, &[name, "--random", "time | study", "--struct", "AR"]);
        assert_eq!(has_note(&found, "evenly spaced, and these are not"), is_noted, "{name}");
    }
}

/// metafor's τ² of a selection model on the border is some 1e-6.
#[test]
fn a_selection_model_on_the_border_has_no_tau2() {
    let folder = Folder::new("ledger-selection");
    let effects = [0.31, 0.42, 0.27, 0.36, 0.05, 0.22, 0.40, 0.12, 0.33, 0.29];
    let rows: Vec<String> = effects.iter().map(|y| format!("{y},0.03")).collect();
    folder.write("t.csv", format!("yi,vi\n{}\n", rows.join("\n")));
    let found = document(&folder, &["t.csv", "--selmodel", "negexp"]);
    assert_eq!(found["selmodel"]["tau2"], 0.0);
    assert!(found["selmodel"]["se_tau2"].is_null());
}

/// The table of Preston et al. (2004) with the power weight: metafor's tests print 1.394 for the standard error.
#[test]
fn the_power_weight_has_another_standard_error() {
    let folder = Folder::new("ledger-power");
    folder.write(
        "trials.csv",
        "ai,n1i,ci,n2i\n4,19,5,19\n0,18,0,18\n34,341,50,334\n7,71,16,69\n6,45,5,44\n1,94,8,96\n0,22,0,22\n11,88,12,82\n\
         2,82,7,84\n0,33,0,30\n0,15,1,20\n33,221,43,218\n",
    );
    let how = ["--drop00", "--method", "EE", "--selmodel", "power", "--selmodel-alternative", "less"];
    let found = document(&folder, &[&["trials.csv", "--measure", "OR"], &how[..]].concat());
    let se = found["selmodel"]["delta_se"][0].as_f64().unwrap();
    assert!((se - 1.354).abs() < 1e-3, "{se}");
}

/// metafor refuses true effects beside weights of the user's; they are about the mean by these weights.
#[test]
fn true_effects_beside_other_weights_are_about_their_mean() {
    let folder = Folder::with_data("ledger-blup");
    let of = document(&folder, &[BCG, "--measure", "RR", "--unweighted", "--blup", "--influence"]);
    let number = |value: &Value| value.as_f64().unwrap();
    let (tau2, mean) = (number(&of["tau2"]), number(&of["coefficients"][0]["estimate"]));
    // `escalc` of the first trial: yi −0.8893, vi 0.3256.
    let (y, v) = ((4.0f64 / 123.0 / (11.0 / 139.0)).ln(), 1.0 / 4.0 - 1.0 / 123.0 + 1.0 / 11.0 - 1.0 / 139.0);
    let expected = (tau2 * y + v * mean) / (tau2 + v);
    assert!((number(&of["blup"][0]["estimate"]) - expected).abs() < 1e-9);
}

/// What no model of tau2 has a part in is not refused for the sake of one.
#[test]
fn begg_beside_scale_is_refused_for_its_own_reason() {
    let folder = Folder::with_data("scale-begg");
    let output = folder.run(["meta", BCG, "--measure", "RR", "--scale", "ablat", "--begg"]);
    let told = stderr(&output);
    assert!(told.contains("no model of tau2 changes it") && told.contains("a call without --scale"), "{told}");
}

/// With one tau2 the note has the F test of the model: `rma(yi, vi, mods = ~ g, test = "knha")` of metafor 3.8-1 gives
/// QM 5.838077 on 2 and 2 df with p 0.1462399, and `test = "t"` QM 4.962366 with p 0.1677187.
#[test]
fn the_f_test_between_subgroups_is_named_beside_chi_squared() {
    let folder = Folder::new("ledger-between");
    folder.write("q.csv", "yi,vi,g\n0.10,.02,A\n0.25,.03,A\n0.70,.02,B\n0.45,.03,B\n0.62,.025,C\n");
    for (test, told) in [
        ("knha", "that of the model, by knha, gives F = 5.838, 2 and 2 df, p = 0.146"),
        ("t", "is by χ², and not by t; that of the model, by t, gives F = 4.962, 2 and 2 df, p = 0.168"),
    ] {
        let of = document(&folder, &["q.csv", "--subgroup", "g", "--common-tau2", "--test", test]);
        assert!(has_note(&of, told), "{}", of["notes"]);
    }
}
