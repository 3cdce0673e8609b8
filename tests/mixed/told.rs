//! What calls say where rows are left out, a model is fitted level by level, and slopes change in several arms.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::Value;

fn run(files: &[(&str, &str)], args: &[&str]) -> std::process::Output {
    let folder = Folder::new("told");
    files.iter().for_each(|(name, text)| folder.write(name, text));
    folder.run([&["fit"], args].concat())
}

/// Ten patients at three visits in each of three trials.
fn trials() -> String {
    let mut text = "trial,patient,arm,visit,y\n".to_owned();
    for at in 0..90u32 {
        let (trial, patient, visit) = (at / 30, at / 3, at % 3);
        let arm = ["a", "b"][(patient % 2) as usize];
        let noise = f64::from((patient * 37 + visit * 11 + patient * visit * 5) % 23) / 4.0;
        let y = noise + f64::from(patient % 7) + f64::from(visit) * if arm == "b" { 1.5 } else { 0.4 };
        text += &format!("{trial},P{patient},{arm},{visit},{y}\n");
    }
    text
}

#[test]
fn rows_that_were_left_out_are_told_with_an_error() {
    let table = "y,t,id\n0,1,a\n0,2,a\n3,1,b\n0,2,b\n2,1,c\n0,2,c\n";
    let output = run(&[("t.csv", table)], &["log(y) ~ t + (1 | id)", "t.csv"]);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("4 of 6 rows were left out before: lines 2, 3, 5, 7 (a finite log(y) is missing)"), "{told}");
    let none = run(&[("t.csv", "y,t,id\n0,1,a\n0,2,a\n,1,b\n")], &["log(y) ~ t + (1 | id)", "t.csv"]);
    let told = stderr(&none);
    assert!(
        told.contains("every row lacks a value: of 3 rows 2 lack `a finite log(y)`") && told.contains("1 lack"),
        "{told}"
    );
}

#[test]
fn contrasts_and_differences_have_their_ranges_over_trials() {
    let text = trials();
    let call = ["y ~ factor(visit) * arm + (1 | patient)", "t.csv", "--json"];
    let json = |args: &[&str]| -> Value {
        let output = run(&[("t.csv", text.as_str())], &[&call, args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        json_of(&output)
    };
    let last = ["--contrast", "last = armb + factor(visit)2:armb", "--emmeans", "arm:visit"];
    let ranges = json(&[&last[..], &["--each", "trial"]].concat());
    let row = |name: &str| {
        let rows = ranges["fixef"].as_array().unwrap();
        rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name}: {rows:?}")).clone()
    };
    assert_eq!(row("last")["estimate"], row("b - a | 2")["estimate"]);
    // The mean over the trials, each fitted alone.
    let alone = |trial: &str| {
        let found = json(&[&last[..], &["--subset", &format!("trial == {trial}")]].concat());
        found["contrasts"][0]["estimate"].as_f64().unwrap()
    };
    let mean = (alone("0") + alone("1") + alone("2")) / 3.0;
    assert!((row("last")["mean"].as_f64().unwrap() - mean).abs() < 1e-9);
    let adjusted = json(&["--each", "trial", "--emmeans", "visit", "--pairs", "first", "--adjust", "dunnett"]);
    assert!(adjusted["notes"].to_string().contains("adjusted (dunnett)"));
    let output = run(&[("t.csv", text.as_str())], &["y ~ arm + (1 | patient)", "t.csv", "--each", "patient"]);
    let told = stderr(&output);
    assert!(told.contains("in each level of patient:") && told.contains("the rows of each level alone"), "{told}");
}

#[test]
fn both_of_random_effects_and_residuals_are_told() {
    let text = trials();
    let files = [("t.csv", text.as_str())];
    let call =
        ["y ~ visit * arm + (1 | patient)", "t.csv", "--residual", "ar1", "--time", "visit", "--subject", "patient"];
    let output = run(&files, &[&call[..], &["--ranef", "--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let json = json_of(&output);
    assert_eq!(json["varcorr"][0]["group"], "patient");
    assert_eq!(json["residual"]["structure"], "ar1");
    assert_eq!(json["ranef"]["patient"].as_array().unwrap().len(), 30);
    let (sd, sigma) = (json["varcorr"][0]["sd"][0].as_f64().unwrap(), json["sigma"].as_f64().unwrap());
    assert!((json["theta"][0].as_f64().unwrap() - sd / sigma).abs() < 1e-12);
    let shown = stdout(&run(&files, &call));
    assert!(shown.starts_with("Linear mixed model, AR(1) residuals"), "{shown}");
    assert!(shown.contains("groups: patient 30.") && shown.contains("residuals (ar1)"), "{shown}");
    let refused = run(
        &files,
        &["y ~ visit + (1 | patient)", "t.csv", "--residual", "us", "--time", "visit", "--subject", "patient"],
    );
    assert!(stderr(&refused).contains("apart from unstructured residuals"), "{}", stderr(&refused));
    let none =
        run(&files, &["y ~ visit", "t.csv", "--residual", "us", "--time", "visit", "--subject", "patient", "--ranef"]);
    assert!(stderr(&none).contains("the formula has no random effects"), "{}", stderr(&none));
}

/// What makes a fit another one is told in every format: the rows that were chosen, how factors are coded, what intervals
/// are, which model each table has, and what was left out of it.
#[test]
fn every_format_tells_which_model_it_was() {
    let folder = Folder::with_data("which-model");
    let sleep = "data/published/sleepstudy.csv";
    let json = |call: &[&str]| json_of(&folder.run(call.iter().chain(&["--json"])));
    let subset = ["fit", "Reaction ~ Days + (1 | Subject)", sleep, "--subset", "Days > 2"];
    assert_eq!(json(&subset)["subset"], "Days > 2");
    assert!(stdout(&folder.run(subset)).contains("of the rows with Days > 2"));
    let rows: String = (0..24).map(|at| format!("{},{},g{}\n", at * 7 % 11, ["a", "b"][at % 2], at % 6)).collect();
    folder.write("c.csv", format!("y,arm,g\n{rows}"));
    let coded = json(&["fit", "y ~ arm + (1 | g)", "c.csv", "--contrasts", "sum", "--contrast", "d=arm1"]);
    assert_eq!((coded["coding"].as_str(), coded["contrasts"][0]["name"].as_str()), (Some("sum"), Some("d")));
    let profile = ["fit", "Reaction ~ Days + (1 | Subject)", sleep, "--ci", "profile", "--contrast", "d=Days"];
    assert!(json(&profile)["notes"].to_string().contains("intervals of contrasts, means, slopes"), "{profile:?}");

    let rows: String = (0..36).map(|at| format!("{},{},g{},s{}\n", at * 5 % 7, at % 4, at % 6, at / 18)).collect();
    folder.write("each.csv", format!("y,x,g,set\n{rows}NA,1,g1,s1\n"));
    let call = ["fit", "y ~ x + (1 | g)", "each.csv", "--each", "set", "--family", "nbinom1"];
    let each = json(&call);
    assert_eq!((each["family"].as_str(), each["link"].as_str()), (Some("nbinom1"), Some("log")));
    assert!(each["notes"].to_string().contains("1 row of all tables is left out"), "{each}");
    assert!(stdout(&folder.run(call)).contains("Each fit: Generalised linear mixed model, negative"));
    let none = ["fit", "y ~ x + (1 | g)", "each.csv", "--each", "set", "--slopes", "x"];
    assert!(stderr(&folder.run(none)).contains("--slopes gives none here"));

    let simulated = json(&["fit", "y ~ x + (1 | g)", "each.csv", "--simulate", "1", "--seed", "1"]);
    assert!(simulated["notes"].to_string().contains("left out: y is missing"), "{}", simulated["notes"]);
}

/// Rows without numbers stand in CSV and JSON with their reason.
#[test]
fn rows_without_residuals_and_predictions_say_why() {
    let text = trials().replacen(",0,", ",,", 1);
    let new = "arm,visit,patient,notes\na,1,P1,x\n,2,P1,y\n";
    let files = [("t.csv", text.as_str()), ("new.csv", new)];
    let call = ["y ~ visit + arm + (1 | patient)", "t.csv"];
    let csv = |args: &[&str]| stdout(&run(&files, &[&call, args, &["--format", "csv", "--quiet"]].concat()));
    let residuals = csv(&["--residuals"]);
    let lines: Vec<&str> = residuals.lines().collect();
    assert!(lines[0].ends_with(",notes") && lines[1].ends_with(",left out: visit is missing"), "{}", lines[1]);
    assert!(lines[2].ends_with(','), "{}", lines[2]);
    let predicted = csv(&["--predict", "new.csv"]);
    let last: Vec<&str> = predicted.lines().skip(1).map(|line| line.rsplit(',').next().unwrap()).collect();
    assert!(last[0].is_empty() && last[1].contains("arm"), "{predicted}");
    let document = json_of(&run(&files, &[&call[..], &["--residuals", "--predict", "new.csv", "--json"]].concat()));
    assert_eq!(document["residuals"][0]["notes"][0], "left out: visit is missing");
    assert_eq!(document["residuals"][1]["notes"], serde_json::json!([]));
    assert!(document["predict"][1]["notes"][0].as_str().unwrap().contains("arm"), "{}", document["predict"]);
}

#[test]
fn options_that_change_nothing_are_told() {
    let text = trials();
    let notes = |args: &[&str]| {
        let output = run(&[("t.csv", text.as_str())], &[args, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        json_of(&output)["notes"].to_string()
    };
    let counts = ["round(y) ~ visit + (1 | patient)", "t.csv", "--family", "poisson"];
    assert!(notes(&[&counts[..], &["--ml"]].concat()).contains("--ml changes nothing"));
    assert!(!notes(&counts).contains("changes nothing"));
    let told = "--contrasts changes nothing: the fixed part has no factor";
    assert!(notes(&["y ~ visit + (1 | patient)", "t.csv", "--contrasts", "sum"]).contains(told));
    assert!(!notes(&["y ~ arm + (1 | patient)", "t.csv", "--contrasts", "sum"]).contains("changes nothing"));
}

#[test]
fn curves_of_each_level_are_told() {
    let text = trials();
    let notes = |formula: &str| {
        json_of(&run(&[("t.csv", text.as_str())], &[formula, "t.csv", "--each", "trial", "--json"]))["notes"]
            .to_string()
    };
    assert!(
        notes("y ~ poly(visit, 2) + (1 | patient)").contains("poly(visit, 2) is made of the rows of each level alone")
    );
    assert!(!notes("y ~ visit + (1 | patient)").contains("of each level alone"));
}

#[test]
fn a_change_beyond_all_times_is_refused() {
    let text = trials();
    for (at, told) in [("2", "no row lies after 2 in `visit`, which goes from 0 to 2"), ("-1", "no row lies before -1")]
    {
        let call = ["y ~ visit + (1 | patient)", "t.csv", "--time", "visit", "--change-at", at];
        let output = run(&[("t.csv", text.as_str())], &call);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
    }
    let output = run(&[("t.csv", text.as_str())], &["t.csv", "y ~ visit + (1 | patient)"]);
    assert!(stderr(&output).contains("the formula comes first"), "{}", stderr(&output));
}

/// A logarithm of 0 is no value that is missing in the table.
#[test]
fn a_term_that_is_not_finite_is_told_as_such() {
    let text = trials();
    let output = run(&[("t.csv", text.as_str())], &["y ~ log(visit) + (1 | patient)", "t.csv", "--json"]);
    assert!(json_of(&output)["notes"].to_string().contains("left out: a finite log(visit) is missing"));
    let gap = text.replacen(",1,", ",,", 1);
    let output = run(&[("t.csv", gap.as_str())], &["y ~ log(visit + 1) + (1 | patient)", "t.csv", "--json"]);
    assert!(json_of(&output)["notes"].to_string().contains("left out: log(visit + 1) is missing"));
}

/// lme4 1.1-31: fixef and VarCorr of the fits with REML = TRUE and FALSE; confint(…) has 3.33 to 7.61 of x.
#[test]
fn a_profile_that_leaves_out_the_estimate_names_both_maxima() {
    let files = [("t.csv", "id,y,x\np0,3.7,0.2\np0,4.2,0.2\np1,7.3,0.9\np1,8.1,0.8\n")];
    let notes = |args: &[&str]| {
        let output = run(&files, &[&["y ~ x + (1 | id)", "t.csv", "--ci", "profile", "--json"], args].concat());
        json_of(&output)["notes"].to_string()
    };
    let told = notes(&[]);
    for name in ["x (−6.184 by REML, 5.608 by ML)", "the SD of (Intercept) by id (5.891 by REML, 0.000 by ML)"] {
        assert!(told.contains("leaves out the one by REML: (Intercept) (") && told.contains(name), "{told}");
    }
    assert!(!told.contains("sigma") && !notes(&["--ml"]).contains("leaves out"), "{told}");
}
