//! What `reffect reconstruct` says where there is little to say: no data, readings that cannot be, tests that are not
//! defined, and the same of its CSV.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::{Value, json};
use std::process::Output;

fn run(args: &[&str]) -> Output {
    Folder::new("reconstructions").run([&["reconstruct"], args].concat())
}

fn told(args: &[&str]) -> (Option<i32>, String) {
    let output = run(args);
    (output.status.code(), stdout(&output))
}

fn document(args: &[&str]) -> Value {
    json_of(&run(&[args, &["--json"]].concat()))
}

fn notes(value: &Value) -> String {
    value["notes"].to_string()
}

/// Without --where there are 10^29 data sets: the numbers are no contradiction.
#[test]
fn constraints_are_blamed_where_data_without_them_are_too_many() {
    let cell = ["58.3 ± 12.1", "-n", "60", "--min", "0", "--max", "100"];
    let (code, text) = told(&[&cell[..], &["--where", "> 70 = 60"]].concat());
    assert_eq!(code, Some(1));
    assert!(text.contains("Without --where there are some, too many to be counted"), "{text}");
    assert!(!text.contains("one digit away"), "{text}");
    let few = told(&["3.0 ± 1.5", "-n", "7", "--scale", "nrs", "--where", "> 7 = 7"]).1;
    assert!(few.contains("Without --where there are 6"), "{few}");
}

#[test]
fn no_data_set_is_a_contradiction_in_csv_as_well() {
    let cell = ["3.81 ± 3.09", "-n", "156", "--min", "1", "--max", "7", "--format", "csv"];
    for more in [&["--count"][..], &["--sample", "2"], &[]] {
        let (code, text) = told(&[&cell[..], more].concat());
        assert_eq!(code, Some(1), "{more:?}");
        assert_eq!(text.lines().count(), if more == ["--count"] { 2 } else { 1 }, "{text}");
    }
}

#[test]
fn a_reading_that_cannot_be_leaves_the_others() {
    let found = document(&["2 ± 0", "-n", "1", "--scale", "nrs", "--sd", "unknown"]);
    let readings = found["readings"].as_array().unwrap();
    let of = |key: &str| readings.iter().map(|one| one[key].clone()).collect::<Vec<_>>();
    assert_eq!(of("sd"), ["sample", "population", "se", "ci95"]);
    let counts: Vec<&Value> = readings.iter().map(|one| &one["before"]["count"]).collect();
    assert_eq!(counts, [&Value::Null, &json!("1"), &Value::Null, &Value::Null]);
    assert!(notes(&readings[0]).contains("needs at least 2"), "{}", notes(&readings[0]));
    assert_eq!(found["before"]["count"], Value::Null);
    let (code, text) = told(&["2 ± 0", "-n", "1", "--scale", "nrs", "--sd", "unknown"]);
    assert!(code == Some(0) && text.contains("± as the standard error: n is 1"), "{text}");
    // Groups of one person have no test, and data sets all the same.
    let groups = ["2 ± 0", "3 ± 1", "--n1", "1", "--n2", "5", "--scale", "nrs", "--sd", "unknown"];
    let found = document(&groups);
    assert_eq!(found["readings"][1]["group1"]["count"], "1");
    assert!(notes(&found["readings"][1]).contains("2 people in each"), "{}", notes(&found["readings"][1]));
    // None is left.
    let none = run(&["2 ± 0", "-n", "1", "--scale", "nrs"]);
    assert!(none.status.code() == Some(2) && stderr(&none).contains("needs at least 2"));
}

#[test]
fn what_csv_has_no_place_for_is_said() {
    let refused = run(&["6.1 ± 2.0", "-n", "7", "--scale", "nrs", "--statistic", "median", "--format", "csv"]);
    assert!(refused.status.code() == Some(2) && stderr(&refused).contains("--statistic has no place in CSV"));
    let assumed = run(&["6.1 ± 2.0", "-n", "7", "--scale", "percent", "--count", "--format", "csv"]);
    assert!(stderr(&assumed).contains("taken as a whole number") && stdout(&assumed) == "count\n19\n");
    let uncompared = ["2 ± 0", "2 ± 0", "--n1", "1", "--n2", "5", "--scale", "nrs", "--sd", "population"];
    let uncompared = run(&[&uncompared[..], &["--format", "csv"]].concat());
    assert!(stderr(&uncompared).contains("2 people in each"), "{}", stderr(&uncompared));
    let quiet = ["6.1 ± 2.0", "-n", "7", "--scale", "percent", "--count", "--format", "csv", "--quiet"];
    assert_eq!(stderr(&run(&quiet)), "");
}

/// Whether anything is drawn is known when the data sets have been counted.
#[test]
fn a_seed_is_taken_where_something_is_drawn_with_it() {
    let cell = ["58.3 ± 12.1", "-n", "60", "--min", "0", "--max", "100"];
    let (code, drawn) = told(&[&cell[..], &["--seed", "2"]].concat());
    assert!(code == Some(0) && drawn.contains("drawn uniformly"), "{drawn}");
    let few = ["3.0 ± 1.5", "-n", "7", "--scale", "nrs"];
    for call in [&cell[..], &few].map(|cell| [cell, &["--seed", "2", "--count"]].concat()) {
        assert!(stderr(&run(&call)).contains("--seed has no effect"), "{call:?}");
    }
    assert!(stderr(&run(&[&few[..], &["--seed", "2"]].concat())).contains("--seed has no effect"));
}

/// Of three joint tables one has nobody change, so that it has no t: 2 of 3 are significant.
#[test]
fn a_claim_is_not_certain_where_the_test_is_not_defined_somewhere() {
    let cells = ["2.0 ± 0.0", "2 ± 0.0", "-n", "4", "--min", "0", "--max", "5", "--step", "0.5"];
    let paired = document(&cells);
    let told = notes(&paired);
    let paired = &paired["paired"];
    assert_eq!((&paired["tables"], &paired["significant"]), (&"3".into(), &"2".into()));
    assert_eq!(paired["claim"], "possible");
    assert!(told.contains("t-test is not defined"), "{told}");
    assert!(told.contains("the lower end is −∞ and the upper end is ∞"), "{told}");
    let cells = ["2.0 ± 0.0", "3 ± 0.0", "-n", "4", "--min", "0", "--max", "5", "--step", "1"];
    let certain = document(&cells);
    assert_eq!(certain["paired"]["claim"], "certain");
    assert!(notes(&certain).contains("the lower end is ∞ and the upper end is ∞"), "{}", notes(&certain));
}

/// A table of counts gives no frequencies under a constraint; draws do: the means sum to n, and at least one person has
/// 0.
#[test]
fn constrained_frequencies_are_drawn() {
    let found = document(&["6.1 ± 2.0", "-n", "50", "--scale", "nrs", "--count", "--where", "0 >= 1"]);
    let cell = &found["before"];
    let means: Vec<f64> =
        cell["frequencies"].as_array().unwrap().iter().map(|of| of["mean"].as_f64().unwrap()).collect();
    assert!((means.iter().sum::<f64>() - 50.0).abs() < 1e-9 && means[0] >= 1.0, "{means:?}");
    assert!(notes(cell).contains("400 draws"), "{}", notes(cell));
}

/// (0.1 + 0.1 + 0.1)/3 is not 0.1, and yet nobody differs from the mean.
#[test]
fn constant_data_have_no_skewness() {
    let cell = ["0.1 ± 0.0", "-n", "3", "--min", "0", "--max", "1", "--step", "0.1", "--statistic", "skewness,sd"];
    let statistics = &document(&cell)["before"]["statistics"];
    assert_eq!((&statistics[0]["range"], &statistics[1]["range"]), (&Value::Null, &json!([0.0, 0.0])));
}

#[test]
fn csv_takes_no_option_that_it_passes_over() {
    let cell = ["0.9 ± 1.2", "-n", "7", "--scale", "nrs", "--format", "csv"];
    let refused = |call: &[&str]| {
        let output = run(call);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{call:?}");
        stderr(&output)
    };
    for option in ["--limit", "--sample", "--nth"] {
        let told = refused(&[&cell[..], &["--sd", "unknown", option, "1"]].concat());
        assert!(told.contains(&format!("{option} has no place in CSV")), "{told}");
    }
    assert!(refused(&[&cell[..], &["--sd", "unknown", "--layout", "counts"]].concat()).contains("--layout"));
    assert!(refused(&[&cell[..], &["--count", "--layout", "counts"]].concat()).contains("--layout"));
    let two = ["0.9 ± 1.2", "0.4 ± 0.8", "-n", "7", "--scale", "nrs", "--format", "csv"];
    assert!(refused(&[&two[..], &["--sample", "3"]].concat()).contains("--sample has no place in CSV"));
    let sizes = ["0.4 ± 0.8", "--n1", "7", "--n2", "8", "--min", "0", "--max", "8", "--format", "csv"];
    assert!(refused(&sizes).contains("--n1 and --n2 are for two cells"));
}

/// What is too many to be counted is estimated in CSV as it is in text and in JSON, and says so.
#[test]
fn an_estimated_count_stands_in_csv() {
    let cell = ["58.3 ± 12.1", "-n", "60", "--min", "0", "--max", "100", "--count"];
    let found = run(&[&cell[..], &["--format", "csv"]].concat());
    assert!(found.status.success() && stderr(&found).contains("estimated by draws"), "{}", stderr(&found));
    let text = stdout(&found);
    assert!(text.starts_with("count,count_log10,count_relative_se\n,"), "{text}");
    let log10: f64 = text.lines().nth(1).unwrap().split(',').nth(1).unwrap().parse().unwrap();
    // About 10^29, as without --where above.
    assert!((28.0..30.0).contains(&log10), "{log10}");
    // A range that is empty has its reason.
    let never =
        run(&["2.0 ± 0.0", "2.0 ± 0.0", "-n", "4", "--min", "0", "--max", "5", "--step", "1", "--format", "csv"]);
    assert!(stderr(&never).contains("there is no correlation"), "{}", stderr(&never));
}

/// Where no test is defined at all, none is said to be of the other data sets; and rows that are not there have a reason.
#[test]
fn what_has_no_test_says_why() {
    let folder = Folder::new("no-test");
    let both = ["3 ± 0", "3 ± 0", "--min", "3", "--max", "3"];
    for (cells, told) in [
        (&["--n1", "2", "--n2", "3"][..], "nobody differs from anybody, in any data set"),
        (&["-n", "2"], "nobody changes, in any pairing"),
    ] {
        let call = [&["reconstruct"], &both[..], cells].concat();
        let text = stdout(&folder.run(&call));
        assert!(text.contains(told) && !text.contains("as may be"), "{text}");
        let json = stdout(&folder.run([&call[..], &["--json"]].concat()));
        assert!(json.contains(told) && !json.contains("as may be"), "{json}");
    }
    let many = ["reconstruct", "6.1 ± 2.0", "4.0 ± 2.1", "-n", "20", "--scale", "nrs"];
    let text = stdout(&folder.run(many));
    assert!(text.contains("no test of ranks: there are too many joint tables"), "{text}");
}
